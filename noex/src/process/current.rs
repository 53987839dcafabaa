//! The process whose body this thread is polling, if any.

use super::cell::Head;
use super::exit::ExitReason;
use super::handle::ProcessArc;
use super::reply_slot::{CallContext, Undecided};
use crate::system::System;
use std::cell::{Cell, RefCell};
use std::ptr::NonNull;

/// How deep inline calls may nest on one stack: stacks are finite.
pub(crate) const MAX_DEPTH: u32 = 16;

#[derive(Clone, Copy, Default)]
struct Frame {
    process: Option<NonNull<Head>>,
    depth: u32,
    dying: bool,
    /// No process, but something that runs beside one.
    beside: bool,
}

/// What is known to the tasks that run beside a process: its system, and the context of the call that they answer.
#[derive(Clone, Debug)]
pub(crate) struct Beside {
    pub(crate) system: System,
    pub(crate) context: CallContext,
}

#[cfg(not(noex_loom))]
crate::sync::thread_local! {
    static FRAME: Cell<Frame> = const { Cell::new(Frame { process: None, depth: 0, dying: false, beside: false }) };
    static BESIDE: RefCell<Option<Beside>> = const { RefCell::new(None) };
    static UNDECIDED: RefCell<Vec<(u64, Undecided)>> = const { RefCell::new(Vec::new()) };
    static REASON: RefCell<Option<ExitReason>> = const { RefCell::new(None) };
}
#[cfg(noex_loom)]
crate::sync::thread_local! {
    static FRAME: Cell<Frame> = Cell::new(Frame::default());
    static BESIDE: RefCell<Option<Beside>> = RefCell::new(None);
    static UNDECIDED: RefCell<Vec<(u64, Undecided)>> = RefCell::new(Vec::new());
    static REASON: RefCell<Option<ExitReason>> = RefCell::new(None);
}

fn frame() -> Frame {
    FRAME.try_with(Cell::get).unwrap_or_default()
}

fn set_frame(frame: Frame) {
    // A thread that is ending has no current process any more.
    let _ = FRAME.try_with(|f| f.set(frame));
}

/// Runs `f` as the process of `head`.
#[inline]
pub(crate) fn enter<R>(head: &Head, f: impl FnOnce() -> R) -> R {
    let outer = frame();
    let _restore = Restore(outer);
    set_frame(Frame {
        process: Some(NonNull::from(head)),
        depth: outer.depth + 1,
        dying: false,
        beside: false,
    });
    f()
}

/// Runs `f` as part of a task that runs beside a process.
pub(crate) fn enter_beside<R>(process: &Beside, f: impl FnOnce() -> R) -> R {
    let outer = frame();
    let _restore = Restore(outer);
    let before = BESIDE.with(|b| b.replace(Some(process.clone())));
    drop(before);
    set_frame(Frame {
        process: None,
        depth: outer.depth,
        dying: false,
        beside: true,
    });
    f()
}

/// Brings back the frame, also when user code panics. What a task ran beside may stay: without the flag nobody looks at it.
struct Restore(Frame);

impl Drop for Restore {
    fn drop(&mut self) {
        set_frame(self.0);
    }
}

fn beside<R>(f: impl FnOnce(&Beside) -> R) -> Option<R> {
    if !frame().beside {
        return None;
    }
    BESIDE
        .try_with(|b| b.borrow().as_ref().map(f))
        .ok()
        .flatten()
}

/// The context in which calls made here are made.
#[inline]
pub(crate) fn call_context() -> Option<CallContext> {
    with(|head| head.map(Head::fixed_context)).or_else(|| beside(|b| b.context))
}

/// The system of the process here.
pub(crate) fn system() -> Option<System> {
    with(|head| head.map(|h| h.system.clone())).or_else(|| beside(|b| b.system.clone()))
}

/// How many bodies this thread's stack is inside of.
#[inline]
pub(crate) fn depth() -> u32 {
    frame().depth
}

/// Looks at the current process.
#[inline]
pub(crate) fn with<R>(f: impl FnOnce(Option<&Head>) -> R) -> R {
    // SAFETY: set by `enter` to a reference that outlives it, and taken back before `enter` returns. `f` runs inside.
    f(frame().process.map(|head| unsafe { head.as_ref() }))
}

/// The current process as a handle.
pub(crate) fn process() -> Option<ProcessArc> {
    with(|head| head.and_then(Head::arc))
}

/// Drops things of the current process, which is ending for this reason: tokens among them answer with it.
pub(crate) fn dying<R>(reason: &ExitReason, f: impl FnOnce() -> R) -> R {
    let outer = frame();
    // A thread that is ending may have no place for the reason any more: then tokens answer without it.
    let outer_reason = REASON.try_with(|r| r.replace(Some(reason.clone()))).ok();
    set_frame(Frame {
        dying: true,
        ..outer
    });
    let result = f();
    set_frame(outer);
    if let Some(outer) = outer_reason {
        drop(REASON.try_with(|r| r.replace(outer)));
    }
    result
}

/// Why the current process ends, while its things are dropped.
pub(crate) fn dying_reason() -> Option<ExitReason> {
    if !frame().dying {
        return None;
    }
    REASON.try_with(|r| r.borrow().clone()).ok().flatten()
}

/// Decides what the drop of a reply token of the process `server` means.
///
/// Dropped anywhere else, or while the server lives: no reply. In the server's own teardown: it died. On the server's own
/// stack, in the middle of a handler, nobody can tell yet: the handler may be unwinding, or about to
/// stop the server. The loop settles it when the handler's poll is over.
pub(crate) fn judge(server: u64, token: Undecided) {
    let frame = frame();
    // SAFETY: as in `with`.
    let current = frame.process.map(|head| unsafe { head.as_ref() }.serial());
    if current != Some(server) {
        return token.settle(None);
    }
    if frame.dying {
        return token.settle(dying_reason().as_ref());
    }
    // Where there is no place for it, it is dropped, which answers "no reply".
    let _ = UNDECIDED.try_with(|u| u.borrow_mut().push((server, token)));
}

/// Settles the undecided tokens of the process `server`.
#[inline]
pub(crate) fn settle(server: u64, died: Option<&ExitReason>) {
    let _ = UNDECIDED.try_with(|u| {
        // One look in the common case that there are none.
        if u.borrow().is_empty() {
            return;
        }
        let mine: Vec<_> = u
            .borrow_mut()
            .extract_if(.., |(s, _)| *s == server)
            .collect();
        mine.into_iter().for_each(|(_, token)| token.settle(died));
    });
}
