//! The call being handled: how it begins, until when its caller waits, how it is answered.

use super::Ctx;
use crate::clock::{self, Instant};
use crate::process::Owned;
use crate::process::deadline::Deadline;
use crate::process::reply_slot::CallContext;
use crate::server::{GenServer, Given, Reply};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

impl<S: GenServer> Ctx<S> {
    /// Until when the caller waits for the answer of the call being handled; `None` for ever, for no call, or for one that is wanted in any case
    /// (detached, or `#[call(always)]`). Calls made from here end no later.
    pub fn deadline(&self) -> Option<Instant> {
        let at = self.cell.head.fixed_context().deadline.at()?;
        let now = clock::now();
        let left = at.saturating_sub(clock::nanos(now));
        Some(now + Duration::from_nanos(left))
    }

    /// Whether the deadline of the call being handled has passed. (For a deferred call, see also [`Reply::is_cancelled`].)
    pub fn is_cancelled(&self) -> bool {
        let deadline = self.cell.head.fixed_context().deadline;
        deadline.is_over(|| clock::nanos(clock::now()))
    }

    /// The number that follows the request being handled through nested calls; 0 when no call is being handled.
    pub fn request_id(&self) -> u64 {
        self.cell.head.context().request
    }

    pub(in crate::server) fn clear_context(&self) {
        self.cell.head.set_context(CallContext::default());
    }
}

/// For generated code.
impl<S: GenServer> Ctx<S> {
    /// Begins the handling of a call, unless nobody wants its answer any more.
    #[doc(hidden)]
    #[inline]
    pub fn __begin<T, E>(&mut self, reply: Reply<T, E>) -> Option<Reply<T, E>> {
        let token = reply.token()?;
        let context = token.context();
        if token.is_abandoned() || context.deadline.is_over(|| clock::nanos(clock::now())) {
            let skipped = &self.cell.head.counters.skipped;
            skipped.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            return None;
        }
        self.cell.head.set_context(context);
        Some(reply)
    }

    /// Begins one that runs always; it is not bound by the deadline of a caller that may have gone.
    #[doc(hidden)]
    pub fn __begin_always<T, E>(&mut self, reply: Reply<T, E>) -> Option<Reply<T, E>> {
        let mut context = reply.token()?.context();
        context.deadline = Deadline::NEVER;
        self.cell.head.set_context(context);
        Some(reply)
    }

    /// Says of a call that has begun that its token goes to user code.
    #[doc(hidden)]
    #[must_use]
    pub fn __defer<T, E>(&mut self, reply: Reply<T, E>) -> Reply<T, E> {
        if let Some(token) = reply.token() {
            token.park();
        }
        reply
    }

    #[doc(hidden)]
    #[inline]
    pub fn __settle<T: 'static>(&mut self, reply: Reply<T>, value: T)
    where
        <S::Message as Given<T>>::It: Send,
    {
        self.__complete(reply, Ok(value));
    }

    /// Answers; a handler that has stopped the server answers after `terminate`.
    #[doc(hidden)]
    #[inline]
    pub fn __complete<T: 'static, E: 'static>(&mut self, reply: Reply<T, E>, result: Result<T, E>)
    where
        <S::Message as Given<T>>::It: Send,
        <S::Message as Given<E>>::It: Send,
    {
        if self.stop.is_none() {
            reply.complete(result);
        } else {
            let words = &mut self.rare().last_words;
            words.push(Box::new(move || reply.complete(result)));
        }
    }

    /// Runs a handler's future beside the server and answers with what it yields.
    #[doc(hidden)]
    pub fn __answer_later<T, E, F>(
        &mut self,
        reply: Reply<T, E>,
        work: F,
        finish: fn(Reply<T, E>, F::Output),
    ) where
        T: 'static,
        E: 'static,
        <S::Message as Given<T>>::It: Send,
        <S::Message as Given<E>>::It: Send,
        F: Future + Send + 'static,
    {
        if let Some(token) = reply.token() {
            token.park();
        }
        let owned = self.owned();
        let mut answer = Unanswered {
            reply: Some(reply),
            owned: owned.clone(),
        };
        let context = self.cell.head.fixed_context();
        owned.spawn(context, async move {
            let value = work.await;
            if let Some(reply) = answer.reply.take() {
                finish(reply, value);
            }
        });
    }
}

/// A reply whose task may be aborted with its process: then the process's reason is the answer.
struct Unanswered<T, E> {
    reply: Option<Reply<T, E>>,
    owned: Arc<Owned>,
}

impl<T, E> Drop for Unanswered<T, E> {
    fn drop(&mut self) {
        if let (Some(reply), Some(reason)) = (self.reply.take(), self.owned.ending()) {
            reply.died(reason);
        }
    }
}
