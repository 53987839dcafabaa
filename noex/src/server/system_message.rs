//! System messages: what every server answers, whatever it is, ahead of its messages and also while it is suspended.

use super::alarm::Alarm;
use super::{GenServer, Process};
use crate::clock::{self, Instant};
use crate::error::SystemMessageError;
use crate::process::{
    DebugFunction, ExitReason, Name, Pid, ProcessArc, Question, Statistics, SystemEvent, Urgent,
    contain, current,
};
use crate::status::Status;
use std::any::Any;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::sync::oneshot;

/// How long the answer of a process that is busy is waited for.
const LIMIT: Duration = Duration::from_secs(5);

impl<S: GenServer> Process<S> {
    /// Looks at the state, between two messages, ahead of those that wait and also while the server is suspended.
    ///
    /// A look that panics does the server no harm.
    ///
    /// ```
    /// use noex::prelude::*;
    ///
    /// struct Till { cents: u64 }
    ///
    /// #[gen_server]
    /// impl Till {
    ///     #[cast]
    ///     fn take(&mut self, cents: u64) { self.cents += cents }
    /// }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let till = Till { cents: 0 }.start().await?;
    /// assert_eq!(till.get_state(|till| till.cents).await?, 0);
    /// till.replace_state(|till| Till { cents: till.cents + 100 }).await?;
    /// assert_eq!(till.get_state(|till| till.cents).await?, 100);
    /// # Ok(())
    /// # }
    /// ```
    pub fn get_state<R: Send + 'static>(
        &self,
        look: impl FnOnce(&S) -> R + Send + 'static,
    ) -> SystemRequest<R> {
        SystemRequest::of(self, move |state: &mut S| contain(|| look(state)))
    }

    /// Puts another state in the place of this one, between two messages; made from the old one, so that one that
    /// panics while it makes it changes nothing.
    pub fn replace_state(&self, make: impl FnOnce(&S) -> S + Send + 'static) -> SystemRequest<()> {
        SystemRequest::of(self, move |state: &mut S| {
            let new = contain(|| make(state))?;
            let old = std::mem::replace(state, new);
            contain(|| drop(old))
        })
    }

    /// What the server is, does and has: its relations, its counters, its last events if they are [logged](Self::log), and of its state
    /// what its `#[status]` method shows. Where that panics, it says so instead.
    pub fn get_status(&self) -> SystemRequest<ProcessStatus> {
        SystemRequest::status(self.arc(), |state| {
            let state = state.downcast_ref::<S>()?;
            contain(|| state.status()).unwrap_or_else(|panic| Some(Status::unavailable(&panic)))
        })
    }

    /// What the present incarnation has done so far. Needs nothing of it, so it is there also of one that is busy. `None` when none runs.
    pub fn statistics(&self) -> Option<Statistics> {
        let process = self.arc().filter(ProcessArc::is_alive)?;
        Some(process.statistics())
    }

    /// Keeps the last so many events from now on, to be read with [`logged`](Self::logged) and shown in the report of a crash; ten tell
    /// most. With 0 they are forgotten and none is kept. False when it is not running.
    pub fn log(&self, last: usize) -> bool {
        let process = self.arc().filter(ProcessArc::is_alive);
        process.map(|p| p.log(last)).is_some()
    }

    /// The last events, oldest first. Needs nothing of the server, also not that it is still there.
    pub fn logged(&self) -> Vec<SystemEvent> {
        self.arc().map_or_else(Vec::new, |p| p.head().logged())
    }

    /// Has a function told of each event of the present incarnation from now on, on the server's own stack. One that panics is removed.
    /// `None` when it is not running.
    pub fn install(
        &self,
        function: impl Fn(&SystemEvent) + Send + Sync + 'static,
    ) -> Option<DebugFunction> {
        let process = self.arc().filter(ProcessArc::is_alive)?;
        Some(process.install(Arc::new(function)))
    }

    /// Takes a function off again. False when it is not there.
    pub fn remove(&self, function: DebugFunction) -> bool {
        self.arc().is_some_and(|p| p.remove(function))
    }
}

/// What a process says of itself: see [`Process::get_status`].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ProcessStatus {
    /// Its identity.
    pub pid: Pid,
    /// The type of the server; `Supervisor` or `Task` of what is none.
    pub server: &'static str,
    /// The name it is registered under.
    pub name: Option<Name>,
    /// As it has [labelled](crate::Ctx::set_label) itself.
    pub label: Option<Arc<str>>,
    /// Its supervisor.
    pub parent: Option<Pid>,
    /// The processes it is linked to.
    pub links: Vec<Pid>,
    /// Whether exit signals arrive as messages.
    pub traps_exit: bool,
    /// Whether it handles no messages at present.
    pub suspended: bool,
    /// What it counts.
    pub statistics: Statistics,
    /// Its last events, oldest first, if they are logged.
    pub events: Vec<SystemEvent>,
    /// What its `#[status]` method shows; `None` without one. Of a supervisor its children, or how many they are where they have no
    /// order.
    pub state: Option<Status>,
}

impl ProcessStatus {
    fn of(process: &ProcessArc, state: Option<Status>) -> Self {
        let head = process.head();
        ProcessStatus {
            pid: process.pid(),
            server: head.kind.type_name,
            name: process.name(),
            label: process.look(|e| e?.rare.as_ref()?.label.clone()),
            parent: process.parent(),
            links: process.links(),
            traps_exit: process.traps_exit(),
            suspended: process.is_suspended(),
            statistics: process.statistics(),
            events: head.logged(),
            state,
        }
    }
}

/// A question to a process that is asked when it is awaited, and answered between two messages.
///
/// Waits five seconds, or what is [set](Self::timeout) here, and then tells what keeps the process. Dropping it withdraws the question if it has not
/// been put. It needs a tokio runtime.
#[must_use = "asks nothing unless awaited"]
pub struct SystemRequest<R> {
    limit: Duration,
    stage: Stage<R>,
}

type Answer<R> = Result<R, SystemMessageError>;

enum Stage<R> {
    Unasked(Option<ProcessArc>, Box<Put<R>>),
    Asked {
        process: ProcessArc,
        answer: oneshot::Receiver<Answer<R>>,
        alarm: Alarm,
        deadline: Option<Instant>,
    },
    Over,
}

type Put<R> = dyn FnOnce(oneshot::Sender<Answer<R>>) -> Question + Send;

impl<R: Send + 'static> SystemRequest<R> {
    fn of<S: GenServer>(
        process: &Process<S>,
        ask: impl FnOnce(&mut S) -> Result<R, ExitReason> + Send + 'static,
    ) -> Self {
        SystemRequest::to(process.arc(), move |state| match state.downcast_mut() {
            Some(state) => ask(state),
            None => Err(ExitReason::NoProc),
        })
    }

    fn to(
        process: Option<ProcessArc>,
        ask: impl FnOnce(&mut dyn Any) -> Result<R, ExitReason> + Send + 'static,
    ) -> Self {
        let put = move |to: oneshot::Sender<Answer<R>>| {
            Question::new(move |state: &mut dyn Any| {
                if !to.is_closed() {
                    let answer = ask(state).map_err(SystemMessageError::Panicked);
                    let _ = to.send(answer);
                }
            })
        };
        SystemRequest {
            limit: LIMIT,
            stage: Stage::Unasked(process, Box::new(put)),
        }
    }

    /// Waits this long instead. [`Duration::MAX`] waits for ever.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    fn ask(&self, process: Option<ProcessArc>, put: Box<Put<R>>) -> Answer<Stage<R>> {
        let process = process.ok_or(SystemMessageError::NotRunning)?;
        if current::with(|head| head.is_some_and(|h| h.serial() == process.serial())) {
            return Err(SystemMessageError::Itself);
        }
        let (to, answer) = oneshot::channel();
        if !process.urgent(Urgent::Ask(put(to))) {
            return Err(SystemMessageError::NotRunning);
        }
        Ok(Stage::Asked {
            process,
            answer,
            alarm: Alarm::default(),
            deadline: clock::now().checked_add(self.limit),
        })
    }
}

impl SystemRequest<ProcessStatus> {
    /// Asks a process of any kind what it is, does and has; `show` makes the picture of its state.
    pub(crate) fn status(
        process: Option<ProcessArc>,
        show: fn(&dyn Any) -> Option<Status>,
    ) -> Self {
        SystemRequest::to(process, move |state| {
            let me = current::process().ok_or(ExitReason::NoProc)?;
            Ok(ProcessStatus::of(&me, show(state)))
        })
    }
}

impl<R: Send + 'static> Future for SystemRequest<R> {
    type Output = Answer<R>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Answer<R>> {
        let this = self.get_mut();
        if let Stage::Unasked(..) = this.stage
            && let Stage::Unasked(process, put) = std::mem::replace(&mut this.stage, Stage::Over)
        {
            this.stage = this.ask(process, put)?;
        }
        let Stage::Asked {
            process,
            answer,
            alarm,
            deadline,
        } = &mut this.stage
        else {
            panic!("a system request was polled after it was over");
        };
        let answer = match Pin::new(answer).poll(cx) {
            Poll::Ready(answer) => answer.unwrap_or(Err(SystemMessageError::NotRunning)),
            Poll::Pending => {
                ready!(alarm.poll(cx, *deadline));
                let head = process.head();
                Err(SystemMessageError::Busy {
                    handler: head.activity.doing().name(head.kind),
                    at_least: head.handling_for().unwrap_or_default().max(this.limit),
                })
            }
        };
        this.stage = Stage::Over;
        Poll::Ready(answer)
    }
}

impl<R> Unpin for SystemRequest<R> {}

impl<R> fmt::Debug for SystemRequest<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SystemRequest")
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}
