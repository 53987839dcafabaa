//! Memory of reply slots, kept per thread. A slot may be taken on one thread and given back on another.

#[cfg(noex_loom)]
use loom::alloc::{alloc, dealloc};
use std::alloc::{Layout, handle_alloc_error};
#[cfg(not(noex_loom))]
use std::alloc::{alloc, dealloc};
use std::ptr::NonNull;

/// What fits is recycled; answers over about 150 bytes are allocated each time.
const KEPT: Layout = match Layout::from_size_align(256, 16) {
    Ok(layout) => layout,
    Err(_) => unreachable!(),
};

/// Slots kept per thread: as many calls may be open at once without an allocation.
#[cfg(not(noex_loom))]
const MOST: usize = 256;

const fn layout_of<T>() -> Layout {
    let layout = Layout::new::<T>();
    if layout.size() <= KEPT.size() && layout.align() <= KEPT.align() {
        KEPT
    } else {
        layout
    }
}

#[cfg(not(noex_loom))]
mod spares {
    use super::{KEPT, MOST};
    use std::cell::RefCell;
    use std::ptr::NonNull;

    struct Spares(Vec<NonNull<u8>>);

    impl Drop for Spares {
        fn drop(&mut self) {
            for spare in self.0.drain(..) {
                // SAFETY: each was allocated with `KEPT` and is in nobody's hands.
                unsafe { std::alloc::dealloc(spare.as_ptr(), KEPT) };
            }
        }
    }

    thread_local!(static SPARES: RefCell<Spares> = const { RefCell::new(Spares(Vec::new())) });

    pub(super) fn take() -> Option<NonNull<u8>> {
        SPARES.try_with(|s| s.borrow_mut().0.pop()).ok().flatten()
    }

    /// False when there is no room, or the thread is ending.
    pub(super) fn keep(spare: NonNull<u8>) -> bool {
        SPARES
            .try_with(|s| {
                let spares = &mut s.borrow_mut().0;
                let room = spares.len() < MOST;
                if room {
                    spares.push(spare);
                }
                room
            })
            .unwrap_or(false)
    }
}

/// Models get fresh memory each time, so that nothing but the slot's own word orders its owners.
#[cfg(noex_loom)]
mod spares {
    use std::ptr::NonNull;

    pub(super) fn take() -> Option<NonNull<u8>> {
        None
    }

    pub(super) fn keep(_: NonNull<u8>) -> bool {
        false
    }
}

/// Uninitialised memory for a `T`.
#[inline]
pub(super) fn take<T>() -> NonNull<T> {
    let layout = const { layout_of::<T>() };
    if layout == KEPT
        && let Some(spare) = spares::take()
    {
        return spare.cast();
    }
    // SAFETY: slots are never of size zero.
    let fresh = unsafe { alloc(layout) };
    NonNull::new(fresh.cast::<T>()).unwrap_or_else(|| handle_alloc_error(layout))
}

/// Takes back what `take::<T>` gave.
///
/// # Safety
/// The memory came from `take::<T>`, holds no value any more, and is in nobody else's hands.
#[inline]
pub(super) unsafe fn give_back<T>(memory: NonNull<T>) {
    let layout = const { layout_of::<T>() };
    if layout == KEPT && spares::keep(memory.cast()) {
        return;
    }
    // SAFETY: allocated by `take` with this layout.
    unsafe { dealloc(memory.cast().as_ptr(), layout) };
}
