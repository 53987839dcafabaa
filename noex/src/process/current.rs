//! The process whose body this thread is polling, if any.

use super::exit::ExitReason;
use super::handle::ProcessArc;
use super::head::Head;
use super::reply_slot::{CallContext, Undecided};
use crate::system::System;
use std::cell::{Cell, RefCell};
use std::ptr::{self, NonNull};

/// How deep inline calls may nest on one stack: stacks are finite.
pub(crate) const MAX_DEPTH: u32 = 16;

#[derive(Clone, Copy)]
struct Frame {
    process: Option<NonNull<Head>>,
    /// What the caller brings that runs the process, if one does.
    visitor: *mut (),
    depth: u32,
    dying: bool,
    /// No process, but something that runs beside one.
    beside: bool,
    /// Some of `UNDECIDED` are this process's.
    undecided: bool,
}

/// What is known to the tasks that run beside a process: its system, and the context of the call that they answer.
#[derive(Clone, Debug)]
pub(crate) struct Beside {
    pub(crate) system: System,
    pub(crate) context: CallContext,
}

impl Beside {
    /// What belongs to the system, and answers no call.
    pub(crate) fn of(system: &System) -> Self {
        Beside {
            system: system.clone(),
            context: CallContext::default(),
        }
    }
}

const OUTSIDE: Frame = Frame {
    process: None,
    visitor: ptr::null_mut(),
    depth: 0,
    dying: false,
    beside: false,
    undecided: false,
};

#[cfg(not(noex_loom))]
crate::sync::thread_local! {
    static FRAME: Cell<Frame> = const { Cell::new(OUTSIDE) };
    static BESIDE: RefCell<Option<Beside>> = const { RefCell::new(None) };
    static UNDECIDED: RefCell<Vec<(u64, Undecided)>> = const { RefCell::new(Vec::new()) };
    static REASON: RefCell<Option<ExitReason>> = const { RefCell::new(None) };
}
#[cfg(noex_loom)]
crate::sync::thread_local! {
    static FRAME: Cell<Frame> = Cell::new(OUTSIDE);
    static BESIDE: RefCell<Option<Beside>> = RefCell::new(None);
    static UNDECIDED: RefCell<Vec<(u64, Undecided)>> = RefCell::new(Vec::new());
    static REASON: RefCell<Option<ExitReason>> = RefCell::new(None);
}

fn frame() -> Frame {
    FRAME.try_with(Cell::get).unwrap_or(OUTSIDE)
}

fn set_frame(frame: Frame) {
    // A thread that is ending has no current process any more.
    let _ = FRAME.try_with(|f| f.set(frame));
}

/// Runs `f` as the process of `head`, on the stack of a visitor if one is given.
#[inline]
pub(crate) fn enter<R>(head: &Head, visitor: *mut (), f: impl FnOnce() -> R) -> R {
    let outer = frame();
    let _restore = Restore(outer);
    set_frame(Frame {
        process: Some(NonNull::from(head)),
        visitor,
        depth: outer.depth + 1,
        ..OUTSIDE
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
        depth: outer.depth,
        beside: true,
        ..OUTSIDE
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

/// Whether a panic here stops at the process, or at the task beside one.
pub(crate) fn is_contained() -> bool {
    let frame = frame();
    frame.process.is_some() || frame.beside
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

/// Looks at the system of the process here, or of the one that this runs beside.
pub(crate) fn with_system<R>(f: impl FnOnce(Option<&System>) -> R) -> R {
    // `f` may run anything, so what this runs beside is not borrowed meanwhile.
    let beside = beside(|b| b.system.clone());
    with(|head| f(head.map(|h| &h.system).or(beside.as_ref())))
}

/// What the visitor brings that runs the current process; null without one.
#[inline]
pub(super) fn visitor() -> *mut () {
    frame().visitor
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
    set_frame(Frame {
        undecided: true,
        ..frame
    });
}

/// Settles the undecided tokens of the process `server`, which is the current one.
#[inline]
pub(crate) fn settle(server: u64, died: Option<&ExitReason>) {
    if frame().undecided {
        settle_all(server, died);
    }
}

#[cold]
fn settle_all(server: u64, died: Option<&ExitReason>) {
    set_frame(Frame {
        undecided: false,
        ..frame()
    });
    let mine: Vec<_> = UNDECIDED.with(|u| {
        let mut all = u.borrow_mut();
        all.extract_if(.., |(s, _)| *s == server).collect()
    });
    mine.into_iter().for_each(|(_, token)| token.settle(died));
}
