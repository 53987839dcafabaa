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

use atomic::{Ordering::*, fence};
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

    pub(crate) fn into_inner(self) -> T {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner)
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

/// Waits a moment for a short critical section elsewhere; `turn` counts the moments. The thread in there may have lost its processor:
/// then ours is given up.
pub(crate) fn relax(turn: &mut u32) {
    *turn += 1;
    #[cfg(noex_loom)]
    loom::thread::yield_now();
    #[cfg(not(noex_loom))]
    if *turn < 64 {
        std::hint::spin_loop();
    } else {
        std::thread::yield_now();
    }
}

/// A value that one thread at a time uses, by an agreement kept elsewhere: plain loads and stores. A broken agreement gives stale
/// values but no undefined behaviour; loom reports it.
macro_rules! plain {
    ($name:ident, $atomic:ident, $value:ty $(, $parameter:ident)?) => {
        #[cfg(not(noex_loom))]
        #[derive(Debug)]
        pub(crate) struct $name$(<$parameter>)?(std::sync::atomic::$atomic$(<$parameter>)?);

        #[cfg(not(noex_loom))]
        impl$(<$parameter>)? $name$(<$parameter>)? {
            pub(crate) const fn new(value: $value) -> Self {
                $name(std::sync::atomic::$atomic::new(value))
            }

            #[inline]
            pub(crate) fn get(&self) -> $value {
                self.0.load(std::sync::atomic::Ordering::Relaxed)
            }

            #[inline]
            pub(crate) fn set(&self, value: $value) {
                self.0.store(value, std::sync::atomic::Ordering::Relaxed);
            }
        }

        #[cfg(noex_loom)]
        #[derive(Debug)]
        pub(crate) struct $name$(<$parameter>)?(UnsafeCell<$value>);

        // SAFETY: loom checks each access and ends the model before two threads meet.
        #[cfg(noex_loom)]
        unsafe impl$(<$parameter>)? Send for $name$(<$parameter>)? {}
        // SAFETY: as above.
        #[cfg(noex_loom)]
        unsafe impl$(<$parameter>)? Sync for $name$(<$parameter>)? {}

        #[cfg(noex_loom)]
        impl$(<$parameter>)? $name$(<$parameter>)? {
            pub(crate) fn new(value: $value) -> Self {
                $name(UnsafeCell::new(value))
            }

            #[track_caller]
            pub(crate) fn get(&self) -> $value {
                // SAFETY: as above.
                self.0.with(|value| unsafe { *value })
            }

            #[track_caller]
            pub(crate) fn set(&self, value: $value) {
                // SAFETY: as above.
                self.0.with_mut(|place| unsafe { *place = value });
            }
        }
    };
}

plain!(PlainBool, AtomicBool, bool);
plain!(PlainU64, AtomicU64, u64);

/// The carrier's waker: written at its first poll, the same for its whole life.
///
/// **Invariant (first poll).** Whoever has a reason to wake the carrier writes it down and looks for the waker; the carrier leaves
/// its waker and looks for reasons. A fence stands between the two steps on either side, so at least one of the two finds what the
/// other left.
#[cfg(not(noex_loom))]
#[derive(Debug, Default)]
pub(crate) struct CarrierWaker(std::sync::OnceLock<Waker>);

#[cfg(not(noex_loom))]
impl CarrierWaker {
    pub(crate) fn set(&self, waker: &Waker) {
        if self.0.get().is_none() {
            self.0.get_or_init(|| waker.clone());
            fence(SeqCst);
        }
    }

    /// Runs `f` with the waker, or returns `None` before the carrier's first poll.
    pub(crate) fn with<R>(&self, f: impl FnOnce(&Waker) -> R) -> Option<R> {
        if let Some(waker) = self.0.get() {
            return Some(f(waker));
        }
        fence(SeqCst);
        self.0.get().map(f)
    }
}

/// loom has no `OnceLock`: a flag with the same orderings. Only one thread, the carrier's, sets it.
#[cfg(noex_loom)]
#[derive(Debug)]
pub(crate) struct CarrierWaker {
    set: atomic::AtomicBool,
    waker: UnsafeCell<Option<Waker>>,
}

// SAFETY: the waker is written before `set` (released) and read after it (acquired); loom checks that.
#[cfg(noex_loom)]
unsafe impl Sync for CarrierWaker {}

#[cfg(noex_loom)]
impl Default for CarrierWaker {
    fn default() -> Self {
        CarrierWaker {
            set: atomic::AtomicBool::new(false),
            waker: UnsafeCell::new(None),
        }
    }
}

#[cfg(noex_loom)]
impl CarrierWaker {
    pub(crate) fn set(&self, waker: &Waker) {
        if self.get().is_none() {
            // SAFETY: see `Sync`.
            self.waker
                .with_mut(|place| unsafe { *place = Some(waker.clone()) });
            self.set.store(true, Release);
            if !planted("first_poll") {
                fence(SeqCst);
            }
        }
    }

    pub(crate) fn with<R>(&self, f: impl FnOnce(&Waker) -> R) -> Option<R> {
        if let Some(waker) = self.get() {
            return Some(f(waker));
        }
        if !planted("first_poll") {
            fence(SeqCst);
        }
        self.get().map(f)
    }

    fn get(&self) -> Option<&Waker> {
        // SAFETY: see `Sync`; it is written once.
        self.set
            .load(Acquire)
            .then(|| self.waker.with(|waker| unsafe { (*waker).as_ref() }))
            .flatten()
    }
}

/// Whether this bug is planted, to see that a model finds it, or the suite of the [hooks](crate::hooks): the variable
/// `NOEX_PLANT` names one, in their builds only.
#[cfg(any(noex_loom, noex_hooks))]
pub(crate) fn planted(bug: &str) -> bool {
    static PLANT: std::sync::OnceLock<Option<String>> = std::sync::OnceLock::new();
    PLANT
        .get_or_init(|| std::env::var("NOEX_PLANT").ok())
        .as_deref()
        == Some(bug)
}

/// Not in other builds.
#[cfg(not(any(noex_loom, noex_hooks)))]
#[inline(always)]
pub(crate) const fn planted(_bug: &str) -> bool {
    false
}
