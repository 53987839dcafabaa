//! What handlers may return.

use super::GenServer;
use crate::error::StartError;
use crate::process::ExitReason;
use std::error::Error;

/// What `#[init]` makes: the server, and steps to take before its first message.
///
/// ```
/// use noex::prelude::*;
///
/// struct Index { entries: Vec<String> }
///
/// #[gen_server]
/// impl Index {
///     #[init]
///     fn new() -> Init<Self> {
///         Init::ready(Self { entries: vec![] }).then(IndexContinue::Load {})
///     }
///     #[continuation]
///     fn load(&mut self) { self.entries.push("first".into()) }
///     #[call]
///     fn size(&self) -> usize { self.entries.len() }
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let index = Index::start().await?;
/// assert_eq!(index.size().await?, 1);
/// # Ok(())
/// # }
/// ```
pub struct Init<S: GenServer>(pub(crate) Inner<S>);

pub(crate) enum Inner<S: GenServer> {
    Ready(S, Vec<S::Continue>),
    Ignore,
}

impl<S: GenServer> Init<S> {
    /// The server is ready for messages.
    pub fn ready(state: S) -> Self {
        Init(Inner::Ready(state, Vec::new()))
    }

    /// There is nothing to do: the start ends with [`StartError::Ignored`], which a supervisor does not count as a failure.
    pub fn ignore() -> Self {
        Init(Inner::Ignore)
    }

    /// Takes this step, after those asked for before, ahead of any message.
    #[must_use]
    pub fn then(mut self, step: S::Continue) -> Self {
        if let Inner::Ready(_, steps) = &mut self.0 {
            steps.push(step);
        }
        self
    }
}

impl<S: GenServer> std::fmt::Debug for Init<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.0 {
            Inner::Ready(..) => "Init::ready(..)",
            Inner::Ignore => "Init::ignore()",
        })
    }
}

/// What `#[init]` may return: `Self`, `Init<Self>`, or a `Result` of either.
#[diagnostic::on_unimplemented(
    message = "`#[init]` must produce the server, not `{Self}`",
    label = "returned here",
    note = "return `Self`, `Init<Self>`, or `Result` of either"
)]
pub trait IntoInit<S: GenServer> {
    /// Brings the value into one form.
    ///
    /// # Errors
    ///
    /// The error of a failed init.
    fn into_init(self) -> Result<Init<S>, StartError>;
}

#[diagnostic::do_not_recommend]
impl<S: GenServer> IntoInit<S> for S {
    fn into_init(self) -> Result<Init<S>, StartError> {
        Ok(Init::ready(self))
    }
}

#[diagnostic::do_not_recommend]
impl<S: GenServer> IntoInit<S> for Init<S> {
    fn into_init(self) -> Result<Init<S>, StartError> {
        Ok(self)
    }
}

impl<S: GenServer, E: Failure> IntoInit<S> for Result<S, E> {
    fn into_init(self) -> Result<Init<S>, StartError> {
        self.map(Init::ready).map_err(StartError::from_error)
    }
}

impl<S: GenServer, E: Failure> IntoInit<S> for Result<Init<S>, E> {
    fn into_init(self) -> Result<Init<S>, StartError> {
        self.map_err(StartError::from_error)
    }
}

/// What may be returned where nobody waits for it: `()`, or a `Result<(), E>` whose `Err` ends the server, or nothing at all.
#[diagnostic::on_unimplemented(
    message = "what nobody waits for cannot return `{Self}`",
    label = "returned here",
    note = "a `#[cast]`, `#[info]`, `#[continuation]` or `#[terminate]` handler, a task and a hook return `()` or `Result<(), E>`, where `Err` is a failure",
    note = "to answer the sender of a message, make its handler a `#[call]`"
)]
pub trait Outcome {
    /// Brings the value into one form.
    ///
    /// # Errors
    ///
    /// The reason with which the server ends.
    fn outcome(self) -> Result<(), ExitReason>;
}

#[diagnostic::do_not_recommend]
impl Outcome for () {
    fn outcome(self) -> Result<(), ExitReason> {
        Ok(())
    }
}

/// Of a task that goes on for ever: `async { loop { .. } }`.
#[diagnostic::do_not_recommend]
impl Outcome for Never {
    fn outcome(self) -> Result<(), ExitReason> {
        self
    }
}

/// `!`, which stable Rust names only as what a function returns.
type Never = <fn() -> ! as Returns>::Output;

/// What a function returns.
pub trait Returns {
    /// It.
    type Output;
}

impl<T> Returns for fn() -> T {
    type Output = T;
}

impl<E: Failure> Outcome for Result<(), E> {
    fn outcome(self) -> Result<(), ExitReason> {
        self.map_err(ExitReason::from_error)
    }
}

/// An error with which a server can end: one that is an [`Error`](std::error::Error), `Send` and `Sync`, or a text.
#[diagnostic::on_unimplemented(
    message = "nothing can end with `{Self}`: it is no error",
    label = "not `Error + Send + Sync`",
    note = "implement `std::error::Error` for it, or take a `String`; for `Box<dyn Error>` write `Box<dyn Error + Send + Sync>`"
)]
pub trait Failure: Into<Box<dyn Error + Send + Sync>> {}

#[diagnostic::do_not_recommend]
impl<E: Into<Box<dyn Error + Send + Sync>>> Failure for E {}

/// Lets a handler crash where `?` would answer.
pub trait OrCrash<T, E> {
    /// The value, or the end of the server, with the error itself as exit reason.
    ///
    /// ```
    /// use noex::prelude::*;
    ///
    /// struct Ledger { lines: Vec<String> }
    ///
    /// #[gen_server]
    /// impl Ledger {
    ///     #[call]
    ///     fn line(&self, at: usize) -> String {
    ///         self.lines.get(at).cloned().ok_or(std::fmt::Error).or_crash()
    ///     }
    /// }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let ledger = Ledger { lines: vec![] }.start().await?;
    /// let Err(CallError::Exited(reason)) = ledger.line(7).await else { panic!() };
    /// assert!(reason.downcast_ref::<std::fmt::Error>().is_some());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    ///
    /// On `Err`, with a payload that the server turns into [`ExitReason::Error`]. The panic hook is not called. Outside of a
    /// process this is an ordinary panic.
    fn or_crash(self) -> T
    where
        E: Failure;
}

impl<T, E> OrCrash<T, E> for Result<T, E> {
    fn or_crash(self) -> T
    where
        E: Failure,
    {
        self.unwrap_or_else(|error| {
            std::panic::resume_unwind(Box::new(ExitReason::from_error(error)))
        })
    }
}
