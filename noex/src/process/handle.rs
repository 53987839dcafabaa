//! A process without the type of its messages: what others may do to it.

use super::Pid;
use super::cell::Cell;
use super::exit::{Exit, ExitReason};
use super::extras::Extras;
use super::head::{ABORT_INIT, Head, KILL, STARTED, SUSPENDED, TRAP_EXIT};
use super::mailbox::WakeIsMine;
use super::signal::{ExitSignal, Signal, Urgent};
use crate::hooks::{Hook, hook};
use crate::sync::planted;
use std::any::Any;
use std::fmt;
use std::sync::Arc;

/// What a cell offers whatever its messages are.
pub(crate) trait Erased: Any + Send + Sync {
    fn head(&self) -> &Head;
    fn push_signal(&self, signal: Signal) -> Option<WakeIsMine>;
    fn push_urgent(&self, item: Urgent) -> Option<WakeIsMine>;
    fn queued(&self) -> usize;
    fn queued_peak(&self) -> usize;
    /// Whether somebody polls the body just now.
    fn is_polled(&self) -> bool;
    fn abandon(&self) -> bool;
    /// Gives the process a carrier.
    fn carry(self: Arc<Self>);
    /// Ends the process, which nobody will carry any more.
    fn orphan(&self);
    /// How many messages it has to handle, the one in hand included.
    fn load(&self) -> usize;
    /// Gives a reserved place up.
    fn unreserve(&self) -> WakeIsMine;
}

/// A counted handle to a process of any kind.
#[derive(Clone)]
pub(crate) struct ProcessArc(pub(crate) Arc<dyn Erased>);

impl ProcessArc {
    pub(crate) fn head(&self) -> &Head {
        self.0.head()
    }

    pub(crate) fn serial(&self) -> u64 {
        self.head().serial()
    }

    pub(crate) fn pid(&self) -> Pid {
        self.head().pid()
    }

    pub(super) fn carry(self) {
        self.0.carry();
    }

    pub(crate) fn is(&self, other: &ProcessArc) -> bool {
        self.serial() == other.serial()
    }

    pub(crate) fn extras<R>(&self, f: impl FnOnce(&mut Extras) -> R) -> R {
        self.head().extras(f)
    }

    pub(crate) fn look<R>(&self, f: impl FnOnce(Option<&Extras>) -> R) -> R {
        self.head().look(f)
    }

    /// Whether its messages are `M`.
    pub(crate) fn takes<M: Send + 'static>(&self) -> bool {
        let any: &dyn Any = &*self.0;
        any.is::<Cell<M>>()
    }

    /// What people recognise it by: its type, and its name or else its pid.
    pub(crate) fn describe(&self) -> String {
        let server = self.head().kind.type_name;
        match self.name() {
            Some(name) => format!("{server} \"{name}\""),
            None => format!("{server} {}", self.pid()),
        }
    }

    pub(crate) fn is_supervisor(&self) -> bool {
        self.look(|e| e.and_then(Extras::tree).is_some())
    }

    /// The place of a supervisor.
    pub(crate) fn place(&self) -> Option<super::Slot> {
        self.look(|e| e?.tree()?.slot.upgrade())
    }

    /// The cell with its type, if its messages are `M`.
    pub(crate) fn into_typed<M: Send + 'static>(self) -> Result<Arc<Cell<M>>, Self> {
        if !self.takes::<M>() {
            return Err(self);
        }
        let any: Arc<dyn Any + Send + Sync> = self.0;
        Ok(any.downcast().expect("its type has been looked at"))
    }

    pub(crate) fn is_alive(&self) -> bool {
        !self.head().is_gone()
    }

    pub(crate) fn traps_exit(&self) -> bool {
        self.head().signals() & TRAP_EXIT != 0
    }

    /// The number of the poll that the process is in, if it is in one.
    pub(crate) fn present_poll(&self) -> Option<u32> {
        let polls = self.head().activity.polls();
        self.0.is_polled().then_some(polls)
    }

    pub(crate) fn is_suspended(&self) -> bool {
        self.head().signals() & SUSPENDED != 0
    }

    pub(crate) fn has_started(&self) -> bool {
        self.head().signals() & STARTED != 0
    }

    /// Puts a signal into the ordered queue; false when the door is shut.
    pub(crate) fn signal(&self, signal: Signal) -> bool {
        if planted("early_wake") {
            self.head().wake();
            hook(Hook::SignalPushed);
            return self.0.push_signal(signal).is_some();
        }
        match self.0.push_signal(signal) {
            Some(asleep) => {
                hook(Hook::SignalPushed);
                if asleep {
                    self.head().wake();
                }
                true
            }
            None => false,
        }
    }

    /// Puts a request into the urgent lane; false when the door is shut.
    pub(crate) fn urgent(&self, item: Urgent) -> bool {
        if planted("early_wake") {
            self.head().wake();
            hook(Hook::UrgentPushed);
            return self.0.push_urgent(item).is_some();
        }
        if self.0.push_urgent(item).is_none() {
            return false;
        }
        hook(Hook::UrgentPushed);
        // After the push: whoever sees the bit finds the item.
        self.head().raise_urgent();
        self.head().wake();
        true
    }

    /// Asks for the end without `terminate`. Level-triggered: it holds whenever the process is next looked at.
    ///
    /// The flag is written before the wake-up; the carrier either enters and sees it, or leaves its note with the holder,
    /// who then wakes it again. A handler that waits is dropped there; one that spins cannot be, and then nothing is reported.
    pub(crate) fn kill(&self) {
        if planted("late_kill") {
            self.head().wake();
            hook(Hook::KillRaised);
            self.head().raise(KILL);
            return;
        }
        self.head().raise(KILL);
        hook(Hook::KillRaised);
        self.head().wake();
    }

    /// Gives up an init that is not over. Level-triggered, and without effect once init has succeeded.
    pub(crate) fn abort_init(&self) {
        if planted("early_wake") {
            self.head().wake();
            hook(Hook::AbortRaised);
            self.head().raise(ABORT_INIT);
            return;
        }
        self.head().raise(ABORT_INIT);
        hook(Hook::AbortRaised);
        if !planted("silent_abort") {
            self.head().wake();
        }
    }

    /// Sends an exit signal, as a linked process that ends does.
    pub(crate) fn exit_signal(
        &self,
        from: Option<Pid>,
        reason: ExitReason,
        over_link: Option<Pid>,
    ) {
        let trapped = self.traps_exit();
        self.signal(Signal::Exit(Box::new(ExitSignal {
            exit: Exit { from, reason },
            over_link,
            trapped,
        })));
    }
}

impl fmt::Debug for ProcessArc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ProcessArc").field(&self.pid()).finish()
    }
}
