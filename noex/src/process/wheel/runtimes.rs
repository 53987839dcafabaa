//! Which runtime has which wheel, and the task that turns it.

use super::Wheel;
use crate::process::inline;
use crate::task;
use std::collections::HashMap;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::{Arc, PoisonError, RwLock};
use std::task::{Context, Poll};
use tokio::runtime::{self, Handle};

type Wheels = RwLock<HashMap<runtime::Id, Arc<Wheel>>>;

fn wheels() -> &'static Wheels {
    static WHEELS: std::sync::OnceLock<Wheels> = std::sync::OnceLock::new();
    WHEELS.get_or_init(Wheels::default)
}

/// The wheel of the current runtime; `None` outside of any.
pub(crate) fn of_runtime() -> Option<Arc<Wheel>> {
    std::thread_local! {
        static SEEN: std::cell::RefCell<Option<(runtime::Id, Arc<Wheel>)>> =
            const { std::cell::RefCell::new(None) };
    }
    let known = inline::runtime_of_task();
    let handle = match known {
        Some(id) => {
            let seen = SEEN
                .try_with(|s| {
                    let seen = s.borrow();
                    seen.as_ref()
                        .filter(|(runtime, _)| *runtime == id)
                        .map(|(_, wheel)| wheel.clone())
                })
                .ok()
                .flatten();
            if seen.is_some() {
                return seen;
            }
            Handle::try_current().ok()?
        }
        None => Handle::try_current().ok()?,
    };
    let id = handle.id();
    let found = wheels()
        .read()
        .unwrap_or_else(PoisonError::into_inner)
        .get(&id)
        .cloned();
    let wheel = found.unwrap_or_else(|| start(id, &handle));
    let _ = SEEN.try_with(|s| *s.borrow_mut() = Some((id, wheel.clone())));
    Some(wheel)
}

/// The wheel of the current runtime, for what cannot do without.
pub(crate) fn needed() -> Arc<Wheel> {
    of_runtime().expect("timers need a tokio runtime")
}

fn start(id: runtime::Id, handle: &Handle) -> Arc<Wheel> {
    let new = Arc::new(Wheel::new());
    let mut all = wheels().write().unwrap_or_else(PoisonError::into_inner);
    let wheel = all.entry(id).or_insert_with(|| new.clone()).clone();
    // A runtime that is shutting down drops the task on the spot, and that takes the wheel out again.
    drop(all);
    if Arc::ptr_eq(&wheel, &new) {
        let ticker = Ticker {
            wheel: new,
            forget: Forget(id),
            sleep: None,
        };
        task::spawn(handle, ticker);
    }
    wheel
}

/// The task of a wheel.
struct Ticker {
    wheel: Arc<Wheel>,
    #[expect(dead_code, reason = "dropped with the task")]
    forget: Forget,
    sleep: Option<Pin<Box<tokio::time::Sleep>>>,
}

impl Future for Ticker {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let this = &mut *self;
        loop {
            let Some(at) = this.wheel.turn(cx.waker()) else {
                this.sleep = None;
                return Poll::Pending;
            };
            let sleep = match &mut this.sleep {
                Some(sleep) => {
                    sleep.as_mut().reset(at);
                    sleep
                }
                none => none.insert(Box::pin(tokio::time::sleep_until(at))),
            };
            if pin!(sleep.as_mut()).poll(cx).is_pending() {
                return Poll::Pending;
            }
        }
    }
}

/// Runtimes come and go, their wheels with them.
struct Forget(runtime::Id);

impl Drop for Forget {
    fn drop(&mut self) {
        let gone = wheels()
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&self.0);
        drop(gone);
    }
}
