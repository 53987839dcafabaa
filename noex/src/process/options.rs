//! How a process behaves where its author did not leave it to the defaults.

use std::time::Duration;

/// What kind of process this is: the same for all processes of one type.
#[derive(Debug)]
pub(crate) struct Kind {
    /// The type of the server, as it was written.
    pub(crate) type_name: &'static str,
    /// The names of the handlers of its messages.
    pub(crate) handlers: &'static [&'static str],
    pub(crate) options: Options,
}

/// Options of a server, as given to `#[gen_server(..)]`.
///
/// ```
/// use noex::Options;
///
/// assert_eq!(Options::DEFAULT.mailbox, 1024);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// How many messages may wait. At least 1; [`Options::UNBOUNDED`] for no limit.
    pub mailbox: usize,
    /// What becomes of a cast when the mailbox is full.
    pub overflow: Overflow,
    /// How long a call waits for its answer. [`Duration::MAX`] waits for ever.
    pub call_timeout: Duration,
    /// How long `init` may take before it is killed.
    pub init_timeout: Duration,
    /// When a supervisor starts it again.
    pub restart: Restart,
    /// How long a supervisor waits for it to stop.
    pub shutdown: Shutdown,
    /// After how long without a message `#[info(idle)]` is called.
    pub idle: Option<Duration>,
    /// Whether exit signals of linked processes arrive as messages.
    pub trap_exit: bool,
    /// Whether callers may run the server on their own stack.
    pub inline: Inline,
    /// What to do when it does not yield after it was killed.
    pub stuck: Stuck,
    /// The name to register it under when a supervisor starts it.
    pub name: Option<&'static str>,
    /// Whether handler times are measured.
    pub timing: bool,
}

impl Options {
    /// No limit on the mailbox.
    pub const UNBOUNDED: usize = usize::MAX;

    /// What holds where nothing else is said.
    pub const DEFAULT: Options = Options {
        mailbox: 1024,
        overflow: Overflow::Reject,
        call_timeout: Duration::from_secs(5),
        init_timeout: Duration::from_secs(5),
        restart: Restart::Permanent,
        shutdown: Shutdown::After(Duration::from_secs(5)),
        idle: None,
        trap_exit: false,
        inline: Inline::Auto,
        stuck: Stuck::Wait,
        name: None,
        timing: false,
    };
}

impl Default for Options {
    fn default() -> Self {
        Options::DEFAULT
    }
}

/// What becomes of a cast when the mailbox is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overflow {
    /// It is refused and given back.
    Reject,
    /// The oldest waiting cast is dropped for it, and counted.
    DropOldest,
}

/// When a supervisor starts a child again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Restart {
    /// Always, whatever its exit reason.
    #[default]
    Permanent,
    /// Unless its exit was [clean](crate::ExitReason::is_clean).
    Transient,
    /// Never; the supervisor forgets it when it ends.
    Temporary,
}

/// How a supervisor stops a child.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shutdown {
    /// It is killed at once, without `terminate`.
    BrutalKill,
    /// It is asked, and killed after this long.
    After(Duration),
    /// It is asked, and waited for without limit. The default of supervisors.
    Infinity,
}

/// The default of workers: five seconds.
impl Default for Shutdown {
    fn default() -> Self {
        Shutdown::After(Duration::from_secs(5))
    }
}

/// Whether callers may run a server on their own stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inline {
    /// When its handlers have proved short: 16 sampled ones, its own or of others of its type in the system, averaging under 25 µs.
    Auto,
    /// Whenever it sleeps.
    Always,
    /// Never: every call goes through the mailbox.
    Never,
}

/// What a supervisor does with a child that has not yielded a second after it was killed: its handler computes, or blocks its thread. It is
/// reported once, with the handler that it is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stuck {
    /// Go on waiting; its restart is blocked until it yields. Only then is it told to be [`Killed`](crate::ExitReason::Killed).
    Wait,
    /// Go on without it. It ends with the reason [`Leaked`](crate::ExitReason::Leaked), and its name is free. As long as it does not
    /// yield it keeps its thread and its state, is listed by [`System::leaked`](crate::System::leaked), and is fenced off: for
    /// what its handler does from then on no other process is running, its replies go nowhere and it starts nothing.
    /// A call to such a server watches for its end, which costs the caller a little when it waits.
    Abandon,
    /// End the program, by [`std::process::abort`].
    Abort,
}
