//! The server's half of a call.

use crate::process::reply_slot::Token;
use crate::process::{ExitReason, current, is_fenced};
use std::convert::Infallible;
use std::fmt;

/// The answer that a caller waits for.
///
/// A handler marked `#[call(deferred)]` gets it as its last argument, may keep it or give it to another task, and answers with it once, later.
/// Dropping it answers with [`CallError::NoReply`](crate::CallError::NoReply); if its server ends first, the caller gets
/// [`CallError::Exited`](crate::CallError::Exited) at once, and the answer goes nowhere.
pub struct Reply<T, E = Infallible>(Option<Token<Result<T, E>>>);

impl<T, E> Reply<T, E> {
    pub(crate) fn new(token: Token<Result<T, E>>) -> Self {
        Reply(Some(token))
    }

    pub(crate) fn token(&self) -> Option<&Token<Result<T, E>>> {
        self.0.as_ref()
    }

    /// Answers.
    #[inline]
    pub fn send(self, value: T) {
        self.complete(Ok(value));
    }

    /// Answers with the handler's own error; the caller gets [`CallError::Failed`](crate::CallError::Failed).
    pub fn fail(self, error: E) {
        self.complete(Err(error));
    }

    /// Answers with a result.
    #[inline]
    pub fn complete(mut self, result: Result<T, E>) {
        if is_fenced() {
            return self.died(&ExitReason::Leaked);
        }
        if let Some(token) = self.0.take() {
            token.answer(result);
        }
    }

    /// Answers that the server ended.
    pub(crate) fn died(mut self, reason: &ExitReason) {
        if let Some(token) = self.0.take() {
            token.into_undecided().settle(Some(reason));
        }
    }

    /// Whether the caller has given up, so that the work need not go on.
    pub fn is_cancelled(&self) -> bool {
        self.0.as_ref().is_none_or(Token::is_abandoned)
    }
}

impl<T, E> Drop for Reply<T, E> {
    fn drop(&mut self) {
        if let Some(token) = self.0.take() {
            current::judge(token.server(), token.into_undecided());
        }
    }
}

impl<T, E> fmt::Debug for Reply<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply")
            .field("is_cancelled", &self.is_cancelled())
            .finish()
    }
}

/// The types in a `Reply<T, E>`, for generated code.
pub trait ReplySlot {
    /// What is answered.
    type Ok;
    /// The handler's own error.
    type Err;
}

impl<T, E> ReplySlot for Reply<T, E> {
    type Ok = T;
    type Err = E;
}

/// The types in a `Result` written under another name, for generated code.
#[diagnostic::on_unimplemented(
    message = "`{Self}` looks like a `Result` but is not `core::result::Result`",
    note = "mark the handler `#[call(raw)]` to send the value to the caller as it is"
)]
pub trait ResultLike {
    /// The value.
    type Ok;
    /// The error.
    type Err;
}

impl<T, E> ResultLike for Result<T, E> {
    type Ok = T;
    type Err = E;
}
