//! The handle to a server: what every process can do.

use super::behaviour::Host;
use super::call::Call;
use super::recipient::Recipient;
use super::reply::Reply;
use super::reserve::Reserve;
use super::{GenServer, Info, Stop};
use crate::error::{CastError, RegisterError};
use crate::hooks::{Hook, hook};
use crate::process::{
    Address, Cell, CellArc, ExitReason, Exited, Name, Overflow, Pid, ProcessArc, Refused, Urgent,
    current, dispose, is_fenced,
};
use crate::system::System;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

/// A handle to a process whose server is an `S`.
///
/// It points to one incarnation (what `start` returns), to a name or key, or to a place in a tree; all but the first follow restarts. Handles are weak:
/// dropping the last one does not stop a server. Generated refs such as `CounterRef` deref to this; a
/// handler of the same name wins there, and `Process::stop(&counter)` stays reachable.
pub struct Process<S: GenServer>(At<S>);

pub(super) enum At<S: GenServer> {
    One(CellArc<Host<S>>),
    Follow(Arc<Address>),
}

/// The cell a handle points to now.
pub(crate) enum Resolved<'a, M> {
    Held(&'a Arc<Cell<M>>),
    Found(Arc<Cell<M>>),
}

impl<M> Deref for Resolved<'_, M> {
    type Target = Arc<Cell<M>>;

    fn deref(&self) -> &Arc<Cell<M>> {
        match self {
            Resolved::Held(cell) => cell,
            Resolved::Found(cell) => cell,
        }
    }
}

impl<S: GenServer> Process<S> {
    pub(crate) fn at(address: Address) -> Self {
        let address = match address {
            Address::Process(process) => match process.into_typed() {
                Ok(cell) => return Process(At::One(CellArc::new(cell))),
                Err(process) => Address::Process(process),
            },
            address => address,
        };
        Process(At::Follow(Arc::new(address)))
    }

    /// A handle that follows a name: it is looked up at each use, in the system that is meant here.
    pub fn named(name: impl Into<Name>) -> Self {
        Self::named_in(&System::current(), name)
    }

    /// A handle that follows a name of this system.
    pub fn named_in(system: &System, name: impl Into<Name>) -> Self {
        Self::at(Address::Name(name.into(), system.clone()))
    }

    /// A handle to the server that has this name now, in the system that is meant here. It allocates nothing; see
    /// [`Registry::lookup`](crate::Registry::lookup).
    ///
    /// ```
    /// use noex::prelude::*;
    ///
    /// struct Counter(u64);
    ///
    /// #[gen_server]
    /// impl Counter {
    ///     #[call]
    ///     fn get(&self) -> u64 { self.0 }
    /// }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// Counter(7).start_as("visits").await?;
    /// let visits = Process::<Counter>::lookup("visits").expect("it runs");
    /// assert_eq!(visits.get().await?, 7);
    /// # visits.stop().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn lookup(name: &str) -> Option<S::Ref> {
        System::with_current(|system| system.registry().lookup::<S>(name))
    }

    pub(super) fn place(&self) -> &At<S> {
        &self.0
    }

    #[inline(always)]
    pub(crate) fn resolve(&self) -> Option<Resolved<'_, S::Message>> {
        match &self.0 {
            At::One(_) if is_fenced() => None,
            At::One(cell) => Some(Resolved::Held(cell)),
            At::Follow(address) => address.resolve()?.into_typed().ok().map(Resolved::Found),
        }
    }

    pub(crate) fn arc(&self) -> Option<ProcessArc> {
        match &self.0 {
            At::One(_) if is_fenced() => None,
            At::One(cell) => Some(cell.untyped()),
            At::Follow(address) => address.resolve(),
        }
    }

    /// A handle pinned to the incarnation that runs now; `None` when none does.
    pub fn current(&self) -> Option<S::Ref> {
        let process = self.arc()?;
        process
            .is_alive()
            .then(|| S::Ref::from(crate::Target(Address::Process(process))))
    }

    /// The identity of the incarnation meant now.
    pub fn pid(&self) -> Option<Pid> {
        self.arc().map(|p| p.pid())
    }

    /// The name it is registered under; of several, the oldest.
    pub fn name(&self) -> Option<Name> {
        self.arc()?.name()
    }

    /// All names it is registered under, the oldest first.
    pub fn names(&self) -> Vec<Name> {
        self.arc().map_or_else(Vec::new, |p| p.names())
    }

    /// Registers it under one more name of its system. The name goes with the process, or with [`unregister`](Self::unregister).
    ///
    /// # Errors
    ///
    /// [`RegisterError::AlreadyRegistered`] when a process has the name, be it this one; [`RegisterError::NotRunning`] when this one is
    /// gone.
    pub fn register(&self, name: impl Into<Name>) -> Result<(), RegisterError> {
        let process = self.arc().ok_or(RegisterError::NotRunning)?;
        process.register(&name.into())
    }

    /// Frees a name of this process. False if it has no such name; one that belongs to another is not touched.
    pub fn unregister(&self, name: &str) -> bool {
        self.arc().is_some_and(|p| p.unregister(name))
    }

    /// Whether it runs. False at the latest when anyone is told of its end.
    pub fn is_alive(&self) -> bool {
        self.arc().is_some_and(|p| p.is_alive())
    }

    /// How many messages wait in the mailbox.
    pub fn queue_len(&self) -> usize {
        self.arc().map_or(0, |p| p.0.queued())
    }

    /// How many messages the present incarnation has handled.
    pub fn handled(&self) -> u64 {
        self.arc().map_or(0, |p| p.head().counters.handled())
    }

    /// How many calls the present incarnation did not begin because nobody wanted their answer any more.
    pub fn skipped(&self) -> u32 {
        self.arc()
            .map_or(0, |p| p.head().counters.skipped.load(Relaxed))
    }

    /// How many messages were accepted and never handled: dropped for room, or left when it ended.
    pub fn undelivered(&self) -> u32 {
        self.arc()
            .map_or(0, |p| p.head().counters.undelivered.load(Relaxed))
    }

    /// Asks the server, by a message made around a [`Reply`]. Generated refs have a method per `#[call]` handler instead.
    /// `timeout` defaults to the server's `call_timeout`.
    pub fn call<T, E>(
        &self,
        timeout: Option<Duration>,
        message: impl FnOnce(Reply<T, E>) -> S::Message,
    ) -> Call<'_, S, T, E> {
        Call::new(self, timeout.unwrap_or(S::OPTIONS.call_timeout), message)
    }

    /// Sends a message without waiting for anything. Generated refs have a method per `#[cast]` handler instead.
    ///
    /// # Errors
    ///
    /// [`CastError::Full`] or [`CastError::NotRunning`], with the message.
    pub fn cast(&self, message: S::Message) -> Result<(), CastError<S::Message>> {
        let Some(cell) = self.resolve() else {
            return Err(CastError::NotRunning(message));
        };
        let reserved = matches!(&self.0, At::Follow(at) if matches!(&**at, Address::Reserved(place) if place.claim()));
        let pushed = if reserved {
            cell.mailbox.fill(message).map_err(Refused::Closed)
        } else if S::OPTIONS.overflow == Overflow::DropOldest && S::is_cast(&message) {
            let (pushed, dropped) = cell.mailbox.push_over(message, S::is_cast);
            if let Some(dropped) = dropped {
                cell.head.counters.undelivered.fetch_add(1, Relaxed);
                let _ = dispose(dropped);
            }
            pushed
        } else {
            cell.mailbox.push(message)
        };
        hook(Hook::AdmissionPushed);
        match pushed {
            Ok(true) => cell.head.wake(),
            Ok(false) => {}
            Err(Refused::Closed(message)) => return Err(CastError::NotRunning(message)),
            Err(Refused::Full(message)) => return Err(CastError::Full(message)),
        }
        Ok(())
    }

    /// Sends an info message; the server has an `#[info]` handler for `T`.
    ///
    /// # Errors
    ///
    /// As [`cast`](Self::cast).
    pub fn send<T>(&self, message: T) -> Result<(), CastError<S::Message>>
    where
        S: Info<T>,
    {
        self.cast(S::info(message))
    }

    /// A handle for those who should know nothing of the server but that it takes `T`.
    pub fn recipient<T: 'static>(&self) -> Recipient<T>
    where
        S: Info<T>,
    {
        Recipient::new(self.clone())
    }

    /// Waits for room in the mailbox and keeps it for one message.
    ///
    /// Cancel safe: dropping the future gives up the place in the line.
    pub fn reserve(&self) -> Reserve<S> {
        Reserve::new(self.clone())
    }

    /// Asks the server to stop, behind everything sent before, and waits until it is gone. See [`Stop`] for reason and limit.
    pub fn stop(&self) -> Stop {
        Stop::new(self.arc())
    }

    /// Kills the server: its handler is dropped at its next await, `terminate` does not run. Returns at once; await
    /// [`exited`](Self::exited) to know when it is really gone. A handler that never yields cannot be killed.
    pub fn kill(&self) {
        if let Some(process) = self.arc() {
            process.kill();
        }
    }

    /// Sends an exit signal, as a linked process does that ends: [`ExitReason::Killed`] kills; to a process that traps exits any other reason is a
    /// message; else `Normal` is ignored, unless the process sends it to itself, and the rest end it.
    pub fn exit(&self, reason: ExitReason) {
        let Some(process) = self.arc() else { return };
        if reason == ExitReason::Killed {
            return process.kill();
        }
        let from = current::with(|head| head.map(|h| h.pid()));
        process.exit_signal(from, reason, None);
    }

    /// Ready when the process is gone: its name is free, its state is dropped. Yields the reason, also long after the fact;
    /// [`ExitReason::NoProc`] when there was none.
    pub async fn exited(&self) -> ExitReason {
        match self.arc() {
            Some(process) => Exited::from(process).await,
            None => ExitReason::NoProc,
        }
    }

    /// Why the process ended, if it did.
    pub fn exit_reason(&self) -> Option<ExitReason> {
        self.arc()?.exit_reason()
    }

    /// Stops the handling of messages, which go on to queue; [`stop`](Self::stop) and exit signals still work. False when it is not running.
    pub fn suspend(&self) -> bool {
        self.arc().is_some_and(|p| p.urgent(Urgent::Suspend))
    }

    /// Goes on after [`suspend`](Self::suspend). False when it is not running.
    pub fn resume(&self) -> bool {
        self.arc().is_some_and(|p| p.urgent(Urgent::Resume))
    }
}

impl From<ProcessArc> for Exited {
    fn from(process: ProcessArc) -> Self {
        process.exited()
    }
}

impl<S: GenServer> Clone for Process<S> {
    fn clone(&self) -> Self {
        Process(match &self.0 {
            At::One(cell) => At::One(cell.clone()),
            At::Follow(address) => At::Follow(address.clone()),
        })
    }
}

impl<S: GenServer> fmt::Debug for Process<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct(S::TYPE);
        match &self.0 {
            At::One(cell) => out.field("pid", &cell.head.pid()),
            At::Follow(address) => out.field("at", address),
        };
        out.finish()
    }
}
