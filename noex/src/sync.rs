//! The one gate for locks, atomics, cells and thread-locals.
//!
//! With `--cfg noex_loom` they are loom's, so that the models run the very code that ships.

#[cfg(noex_loom)]
pub(crate) use loom::{cell::UnsafeCell, sync::atomic, thread_local};
#[cfg(not(noex_loom))]
pub(crate) use std::{sync::atomic, thread_local};

#[cfg(noex_loom)]
use loom::sync as imp;
#[cfg(not(noex_loom))]
use std::sync as imp;

use std::sync::PoisonError;
use std::task::Waker;

pub(crate) use imp::MutexGuard;

/// A mutex without poison: no user code ever runs while one of ours is held.
#[derive(Debug)]
pub(crate) struct Mutex<T>(imp::Mutex<T>);

impl<T> Mutex<T> {
    #[cfg(not(noex_loom))]
    pub(crate) const fn new(value: T) -> Self {
        Mutex(imp::Mutex::new(value))
    }

    #[cfg(noex_loom)]
    pub(crate) fn new(value: T) -> Self {
        Mutex(imp::Mutex::new(value))
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Default> Default for Mutex<T> {
    fn default() -> Self {
        Mutex::new(T::default())
    }
}

/// `std`'s cell in the shape of loom's.
#[cfg(not(noex_loom))]
#[derive(Debug)]
pub(crate) struct UnsafeCell<T>(std::cell::UnsafeCell<T>);

#[cfg(not(noex_loom))]
impl<T> UnsafeCell<T> {
    pub(crate) const fn new(value: T) -> Self {
        UnsafeCell(std::cell::UnsafeCell::new(value))
    }

    pub(crate) fn with_mut<R>(&self, f: impl FnOnce(*mut T) -> R) -> R {
        f(self.0.get())
    }
}

/// Lets another thread go on while a short critical section elsewhere is finished.
pub(crate) fn relax() {
    #[cfg(noex_loom)]
    loom::thread::yield_now();
    #[cfg(not(noex_loom))]
    std::hint::spin_loop();
}

/// The carrier's waker: written at its first poll, the same for its whole life.
#[cfg(not(noex_loom))]
#[derive(Debug, Default)]
pub(crate) struct CarrierWaker(std::sync::OnceLock<Waker>);

#[cfg(not(noex_loom))]
impl CarrierWaker {
    pub(crate) fn set(&self, waker: &Waker) {
        self.0.get_or_init(|| waker.clone());
    }

    /// Runs `f` with the waker, or returns `None` before the carrier's first poll.
    pub(crate) fn with<R>(&self, f: impl FnOnce(&Waker) -> R) -> Option<R> {
        self.0.get().map(f)
    }
}

/// loom has no `OnceLock`; a mutex makes each look a point where threads may switch.
#[cfg(noex_loom)]
#[derive(Debug, Default)]
pub(crate) struct CarrierWaker(Mutex<Option<Waker>>);

#[cfg(noex_loom)]
impl CarrierWaker {
    pub(crate) fn set(&self, waker: &Waker) {
        self.0.lock().get_or_insert_with(|| waker.clone());
    }

    pub(crate) fn with<R>(&self, f: impl FnOnce(&Waker) -> R) -> Option<R> {
        let waker = self.0.lock().clone();
        waker.as_ref().map(f)
    }
}
