//! Going on without a process that does not yield.
//!
//! Nobody can end a poll that does not return, nor reach what it holds: the state, and the messages that it has taken in a batch. What
//! can be done is done from outside: the process is fenced off, all else is told that it is `Leaked`, and it stays listed until
//! its poll does return.
//!
//! **Invariant (one end).** The last steps of a process are taken by whoever turns `ENDING` on, alone: the process itself, or who abandons it.
//!
//! **Invariant (the fence comes first).** `FENCED` is on before a name is free. Inside of a fenced process no other can be reached and none
//! started. A send that had passed the fence before is as one that was made before.

use super::cell::Cell;
use super::exit::ExitReason;
use super::head::{ENDING, FENCED, Head};
use super::mailbox::Inbox;
use super::{current, handle::ProcessArc};
use crate::hooks::{Hook, hook};
use crate::sync::planted;
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

/// Whether any process of this program was ever fenced: while none was, nobody looks for the current one. Part of no protocol, hence not through
/// `sync`.
static ANY: AtomicBool = AtomicBool::new(false);

/// Whether the current process has been abandoned.
#[inline]
pub(crate) fn is_fenced() -> bool {
    // A model must not depend on those before it.
    let any = cfg!(noex_loom) || ANY.load(SeqCst);
    any && current::with(|head| head.is_some_and(Head::is_fenced))
}

impl Head {
    pub(crate) fn is_fenced(&self) -> bool {
        self.signals() & FENCED != 0
    }

    fn fence(&self) {
        self.raise(FENCED);
        ANY.store(true, SeqCst);
    }

    /// True for the one who takes the last steps.
    pub(super) fn claim_end(&self) -> bool {
        let early = planted("two_ends").then(|| self.signals());
        hook(Hook::DeathClaiming);
        let before = self.raise(ENDING);
        early.unwrap_or(before) & ENDING == 0
    }
}

impl<M: Send + 'static> Cell<M> {
    /// Goes on without the process. False when it is about to end by itself after all.
    pub(super) fn abandon(&self) -> bool {
        let head = &self.head;
        // Listed first: the process takes itself off the list when it finds its end claimed.
        if !planted("late_listing") {
            self.list();
        }
        if !head.claim_end() {
            head.system.forget_leaked(head.serial());
            return false;
        }
        hook(Hook::AbandonClaimed);
        let reason = ExitReason::Leaked;
        if !planted("late_fence") {
            head.fence();
        }
        self.mailbox.shut();
        if planted("late_listing") {
            self.list();
        }
        if !planted("undrained") {
            let left = self.mailbox.drain(&mut Inbox::default());
            // As the process itself would: its tokens answer with the reason.
            current::enter(head, ptr::null_mut(), || {
                current::dying(&reason, || self.discard(left));
            });
        }
        head.end_owned(&reason);
        head.last_steps(reason);
        true
    }

    fn list(&self) {
        if let Some(process) = self.head.arc() {
            self.head.system.keep_leaked(&process);
        }
    }
}

impl ProcessArc {
    /// Goes on without a process that was killed and does not yield. It is fenced off, and ends with the reason `Leaked` for all who
    /// ask. False when it is about to end by itself after all.
    pub(crate) fn abandon(&self) -> bool {
        self.kill();
        self.0.abandon()
    }
}
