//! A future in recycled memory: one pointer in its owner, however large it is.
//!
//! A handler's future lives as long as its handler runs. In the frame of its process it would take room all the time,
//! most of which processes spend asleep.

use super::memory;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::ptr::NonNull;
use std::task::{Context, Poll};

/// As `Pin<Box<F>>`.
pub(super) struct PooledFuture<F> {
    place: NonNull<F>,
    owns: PhantomData<F>,
}

// SAFETY: it owns its future as a box does.
unsafe impl<F: Send> Send for PooledFuture<F> {}
// SAFETY: as above.
unsafe impl<F: Sync> Sync for PooledFuture<F> {}

// The future stays where it is.
impl<F> Unpin for PooledFuture<F> {}

impl<F: Future> PooledFuture<F> {
    /// Makes the future where it stays.
    #[inline(always)]
    pub(super) fn new(make: impl FnOnce() -> F) -> Self {
        let future = make();
        let place = memory::take::<F>();
        // SAFETY: memory for an `F`, in nobody else's hands.
        unsafe { place.write(future) };
        PooledFuture {
            place,
            owns: PhantomData,
        }
    }
}

impl<F: Future> Future for PooledFuture<F> {
    type Output = F::Output;

    #[inline]
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        // SAFETY: the place holds the future until this is dropped, and it is never moved from there.
        unsafe { Pin::new_unchecked(self.place.as_mut()) }.poll(cx)
    }
}

impl<F> Drop for PooledFuture<F> {
    #[inline]
    fn drop(&mut self) {
        let _memory = Memory(self.place);
        // SAFETY: it is there, and nobody looks at it again.
        unsafe { self.place.drop_in_place() };
    }
}

/// The place of a future, given back also when the future panics as it is dropped.
struct Memory<F>(NonNull<F>);

impl<F> Drop for Memory<F> {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: taken for an `F`, which has been dropped, or as far as it would; nobody looks at it again.
        unsafe { memory::give_back(self.0) };
    }
}
