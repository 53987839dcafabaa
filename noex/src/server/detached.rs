//! Calls whose answer nobody waits for: one that brings none is logged.

use super::GenServer;
use crate::process::reply_slot::{Answer, Waiting};
use crate::process::{Pid, contain, current};
use crate::sync::Mutex;
use std::fmt::Debug;
use std::panic::Location;
use std::sync::Arc;
use std::task::{Wake, Waker};

/// The caller's half of a detached call. It stays, so that the call is not taken for abandoned.
pub(super) struct Detached<T, E> {
    waiting: Mutex<Option<Waiting<Result<T, E>>>>,
    origin: Origin,
}

/// Which call it is, and who made it.
pub(super) struct Origin {
    pid: Pid,
    server: &'static str,
    handler: &'static str,
    caller: Option<Pid>,
    at: &'static Location<'static>,
}

impl Origin {
    /// A call made here, which brings this message to a server.
    pub(super) fn of<S: GenServer>(
        message: &S::Message,
        pid: Pid,
        at: &'static Location<'static>,
    ) -> Self {
        Origin {
            pid,
            server: S::TYPE,
            handler: S::HANDLERS
                .get(S::handler_index(message))
                .unwrap_or(&"message"),
            caller: current::with(|head| head.map(|h| h.pid())),
            at,
        }
    }
}

impl<T: Send + 'static, E: Debug + Send + 'static> Detached<T, E> {
    /// Looks at the answer when it comes.
    pub(super) fn watch(waiting: Waiting<Result<T, E>>, origin: Origin) {
        let call = Arc::new(Detached {
            waiting: Mutex::new(Some(waiting)),
            origin,
        });
        call.wake();
    }

    /// The answer, once.
    fn take(self: &Arc<Self>) -> Option<Answer<Result<T, E>>> {
        let mut place = self.waiting.lock();
        let waker = Waker::from(self.clone());
        place.as_mut()?.poll(&waker, || None).ok()?;
        place.take().map(Waiting::take)
    }

    fn tell(&self, answer: Answer<Result<T, E>>) {
        let Origin {
            pid,
            server,
            handler,
            caller,
            at,
        } = &self.origin;
        let caller = caller.map(tracing::field::display);
        match answer {
            Answer::Value(Ok(_)) => {}
            Answer::Value(Err(error)) => {
                tracing::warn!(target: "noex::lifecycle", %pid, server, handler, caller, %at, ?error, "a detached call failed");
            }
            Answer::NoReply => {
                tracing::warn!(target: "noex::lifecycle", %pid, server, handler, caller, %at, "a detached call got no reply");
            }
            Answer::Died(reason) => {
                tracing::warn!(target: "noex::lifecycle", %pid, server, handler, caller, %at, %reason, "a detached call was lost: the process ended before it answered");
            }
        }
    }
}

impl<T: Send + 'static, E: Debug + Send + 'static> Wake for Detached<T, E> {
    fn wake(self: Arc<Self>) {
        if let Some(answer) = self.take() {
            // What an error says of itself is user code, and so is the drop of an answer.
            let _ = contain(|| self.tell(answer));
        }
    }
}
