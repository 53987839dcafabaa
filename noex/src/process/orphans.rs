//! The ends of processes that nobody carries any more.

use super::handle::ProcessArc;
use std::cell::RefCell;

#[cfg(not(noex_loom))]
crate::sync::thread_local! {
    /// Those that this thread is still to end, while it ends one.
    static WAITING: RefCell<Option<Vec<ProcessArc>>> = const { RefCell::new(None) };
}
#[cfg(noex_loom)]
crate::sync::thread_local! {
    static WAITING: RefCell<Option<Vec<ProcessArc>>> = RefCell::new(None);
}

impl ProcessArc {
    /// Ends the process, which nobody will carry any more: at once, or when the one is over which this thread is ending. The end of one may
    /// lead to that of the next, for as many as are linked, and stacks are finite.
    pub(super) fn orphan(self) {
        let begins = WAITING.try_with(|waiting| match &mut *waiting.borrow_mut() {
            Some(waiting) => {
                waiting.push(self.clone());
                false
            }
            none => {
                *none = Some(Vec::new());
                true
            }
        });
        // A thread that is ending has no list any more.
        if !begins.unwrap_or(true) {
            return;
        }
        let mut next = Some(self);
        while let Some(process) = next {
            process.0.orphan();
            let waiting = WAITING.try_with(|waiting| {
                let mut waiting = waiting.borrow_mut();
                let next = waiting.as_mut().and_then(Vec::pop);
                if next.is_none() {
                    *waiting = None;
                }
                next
            });
            next = waiting.ok().flatten();
        }
    }
}
