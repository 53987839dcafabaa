//! Panics of user code: stopped at the process, turned to text at once.

use super::ExitReason;
use super::current;
use crate::system::System;
use std::any::Any;
use std::cell::RefCell;
use std::panic;
use std::sync::{Arc, Once};
use std::task::Waker;

std::thread_local!(static LOCATION: RefCell<Option<Arc<str>>> = const { RefCell::new(None) });

/// Runs user code so that its panic stops here.
///
/// In a model a panic is loom's own verdict (a deadlock, a failed assertion) and must get through.
#[cfg(noex_loom)]
pub(crate) fn contain<R>(f: impl FnOnce() -> R) -> Result<R, ExitReason> {
    Ok(f())
}

/// Runs user code so that its panic stops here. The payload is dropped under a guard of its own,
/// because a payload may panic when dropped.
#[cfg(not(noex_loom))]
#[inline]
pub(crate) fn contain<R>(f: impl FnOnce() -> R) -> Result<R, ExitReason> {
    panic::catch_unwind(panic::AssertUnwindSafe(f)).map_err(reason)
}

/// Drops a value of the user's.
#[inline]
pub(crate) fn dispose<T>(value: T) -> Result<(), ExitReason> {
    contain(|| drop(value))
}

/// Wakes somebody else: what their waker does must hurt neither the one who wakes nor those who are still to be woken.
#[inline]
pub(crate) fn wake(waker: Waker) {
    let _ = contain(|| waker.wake());
}

#[cfg(not(noex_loom))]
#[cold]
fn reason(payload: Box<dyn Any + Send>) -> ExitReason {
    // `or_crash` unwinds with the reason itself.
    let payload = match payload.downcast::<ExitReason>() {
        Ok(reason) => return *reason,
        Err(payload) => payload,
    };
    let message: Arc<str> = text(&*payload).into();
    let dropped = panic::catch_unwind(panic::AssertUnwindSafe(|| drop(payload)));
    if let Err(second) = dropped {
        std::mem::forget(second);
    }
    let location = LOCATION.try_with(RefCell::take).ok().flatten();
    ExitReason::Panic { message, location }
}

fn text(payload: &dyn Any) -> &str {
    match (
        payload.downcast_ref::<&str>(),
        payload.downcast_ref::<String>(),
    ) {
        (Some(text), _) => text,
        (_, Some(text)) => text,
        _ => "a panic payload that is not text",
    }
}

/// Installs, once, a panic hook that notes where a process panicked, so that
/// [`ExitReason::Panic`] can tell, and then calls the hook that was there. A panic of code that belongs to no process it
/// logs; it may [end the program](crate::Program::stop_on_panic).
///
/// [`main`](macro@crate::main) and [`test`](macro@crate::test) call it.
pub fn install_panic_hook() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !current::is_contained() {
                tell(info);
            } else if let Some(at) = info.location() {
                let at: Arc<str> = at.to_string().into();
                let _ = LOCATION.try_with(|l| l.replace(Some(at)));
            }
            before(info);
        }));
    });
}

/// Says, once in a program that is built with `panic = "abort"`, what that means.
#[inline]
pub(super) fn warn_of_abort() {
    #[cfg(panic = "abort")]
    {
        static ONCE: Once = Once::new();
        ONCE.call_once(|| {
            tracing::error!(target: "noex::lifecycle", "{ABORTS}");
            // It is too late to say so when it matters, and there may be no subscriber yet.
            eprintln!("noex: {ABORTS}");
        });
    }
}

#[cfg(panic = "abort")]
const ABORTS: &str = "this program is built with `panic = \"abort\"`: a panic in a process ends the program, and no supervisor can restart it; \
    remove `panic = \"abort\"` from the profile in Cargo.toml";

/// Tells of a panic that no process of ours will report.
fn tell(info: &panic::PanicHookInfo<'_>) {
    let message = text(info.payload());
    let location = info.location().map(tracing::field::display);
    let thread = std::thread::current();
    tracing::error!(target: "noex::crash", message, location, thread = thread.name(), "panic outside of every process");
    System::current().progress().note_panic();
}
