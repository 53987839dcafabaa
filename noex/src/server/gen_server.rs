//! What makes a type a server.

use super::{Ctx, Process};
use crate::process::{Down, Exit, ExitReason, Kind, Now, Options, Restart, Shutdown, Target};
use std::future::Future;

/// The handle type of a server or tree: `Ref<Counter>` is `CounterRef`.
pub type Ref<T> = <T as Child>::Ref;

/// What a supervisor can start, and the handle to it.
///
/// Implemented by `#[gen_server]` and `supervisor!`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a gen_server",
    label = "`{Self}` has no `#[gen_server]` impl block",
    note = "put `#[gen_server]` on an inherent `impl` block of `{Self}` that holds its `#[init]`, `#[call]` and `#[cast]` methods",
    note = "if it is a ref, name its server: `Counter` for `CounterRef`"
)]
pub trait Child: Sized + 'static {
    /// The handle: bound to a process, a name or a place in a tree.
    type Ref: Clone + Send + Sync + From<Target> + 'static;

    /// What a supervisor does about it where nothing else is said; that of a supervisor if not given.
    #[doc(hidden)]
    const POLICY: ChildPolicy = ChildPolicy::SUPERVISOR;
}

/// What a supervisor does about a child where nothing else is said.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct ChildPolicy {
    pub(crate) restart: Restart,
    pub(crate) shutdown: Shutdown,
    pub(crate) name: Option<&'static str>,
    pub(crate) supervisor: bool,
}

impl ChildPolicy {
    /// Of a server with these options.
    pub const fn of(options: &Options) -> Self {
        ChildPolicy {
            restart: options.restart,
            shutdown: options.shutdown,
            name: options.name,
            supervisor: false,
        }
    }

    pub(crate) const SUPERVISOR: Self = ChildPolicy {
        restart: Restart::Permanent,
        shutdown: Shutdown::Infinity,
        name: None,
        supervisor: true,
    };
}

/// A server: a state that handles one message after the other.
///
/// Written by `#[gen_server]`; by hand where the macro does not fit. Only the associated types, `handle_continue`, and `handle` or
/// `handle_now`, or both, must be given.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a gen_server",
    label = "`{Self}` has no `#[gen_server]` impl block",
    note = "put `#[gen_server]` on an inherent `impl` block of `{Self}` that holds its `#[init]`, `#[call]` and `#[cast]` methods",
    note = "if it is a ref, name its server: `Counter` for `CounterRef`"
)]
pub trait GenServer: Child {
    /// Everything it can be sent.
    type Message: Send + 'static;
    /// Steps that it takes before its next message.
    type Continue: Send + 'static;

    /// The name of the type, for logs and observers.
    const TYPE: &'static str;
    /// How it behaves where nothing else is said.
    const OPTIONS: Options = Options::DEFAULT;
    /// The names of the handlers of its messages, for logs and observers.
    const HANDLERS: &'static [&'static str] = &["message"];

    /// Handles one message, if its handler awaits nothing: this is asked first, and costs no future.
    fn handle_now(&mut self, message: Self::Message, cx: &mut Ctx<Self>) -> Now<Self::Message> {
        let _ = cx;
        Now::Await(message)
    }

    /// Handles one message that [`handle_now`](Self::handle_now) gave back. An `Err` ends the server with that reason.
    fn handle(
        &mut self,
        message: Self::Message,
        cx: &mut Ctx<Self>,
    ) -> impl Future<Output = Result<(), ExitReason>> {
        let _ = (message, cx);
        async {
            let missing = "`GenServer::handle` is not given, and `handle_now` gave a message back";
            Err(ExitReason::from_error(missing))
        }
    }

    /// Takes one step that `init` or a handler asked for, before the next message.
    fn handle_continue(
        &mut self,
        step: Self::Continue,
        cx: &mut Ctx<Self>,
    ) -> impl Future<Output = Result<(), ExitReason>>;

    /// A monitored process is gone.
    fn handle_down(
        &mut self,
        down: Down,
        cx: &mut Ctx<Self>,
    ) -> impl Future<Output = Result<(), ExitReason>> {
        cx.unexpected(&down);
        async { Ok(()) }
    }

    /// An exit signal arrived, and exits are trapped.
    fn handle_exit(
        &mut self,
        exit: Exit,
        cx: &mut Ctx<Self>,
    ) -> impl Future<Output = Result<(), ExitReason>> {
        cx.unexpected(&exit);
        async { Ok(()) }
    }

    /// Nothing has arrived for the time given by the option `idle`.
    fn handle_idle(&mut self, cx: &mut Ctx<Self>) -> impl Future<Output = Result<(), ExitReason>> {
        let _ = cx;
        async { Ok(()) }
    }

    /// Runs when the server ends, unless it was killed. An `Err` replaces the reason.
    fn terminate(
        &mut self,
        reason: &ExitReason,
        cx: &mut Ctx<Self>,
    ) -> impl Future<Output = Result<(), ExitReason>> {
        let _ = (reason, cx);
        async { Ok(()) }
    }

    /// What an observer may see of the state.
    fn status(&self) -> Option<crate::Status> {
        None
    }

    /// Which of the [`HANDLERS`](Self::HANDLERS) handles this message.
    fn handler_index(message: &Self::Message) -> usize {
        let _ = message;
        0
    }

    /// Whether a message is a cast, so that `overflow = drop_oldest` may drop it.
    fn is_cast(message: &Self::Message) -> bool {
        let _ = message;
        false
    }
}

/// A server that handles `T` as an info message.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no `#[info]` handler for `{T}`",
    label = "it does not handle `{T}`",
    note = "add `#[info] fn f(&mut self, message: {T}) {{ .. }}` to its `#[gen_server]` impl"
)]
pub trait Info<T>: GenServer {
    /// Wraps the value in the server's message.
    fn info(message: T) -> Self::Message;
}

/// The kind of all processes of a server type.
pub(crate) fn kind<S: GenServer>() -> &'static Kind {
    const {
        &Kind {
            type_name: S::TYPE,
            handlers: S::HANDLERS,
            options: S::OPTIONS,
        }
    }
}

/// A handle as a target: see [`Process`].
impl<S: GenServer> From<Target> for Process<S> {
    fn from(target: Target) -> Self {
        Process::at(target.0)
    }
}
