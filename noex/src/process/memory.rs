//! Memory of what comes and goes with each message, kept per thread: a warm call allocates nothing. What was taken on
//! one thread may be given back on another.

#[cfg(noex_loom)]
use loom::alloc::{alloc, dealloc};
use std::alloc::{Layout, handle_alloc_error};
#[cfg(not(noex_loom))]
use std::alloc::{alloc, dealloc};
use std::ptr::NonNull;

/// Sizes that are kept, and how many blocks of each. What is larger is allocated each time.
const SIZES: [usize; 3] = [256, 1024, 4096];
#[cfg(not(noex_loom))]
const MOST: [usize; 3] = [256, 64, 16];
const ALIGN: usize = 16;

/// The smallest kept size that holds a `T`.
const fn class_of<T>() -> Option<usize> {
    let layout = Layout::new::<T>();
    let mut class = 0;
    while class < SIZES.len() {
        if layout.size() <= SIZES[class] && layout.align() <= ALIGN {
            return Some(class);
        }
        class += 1;
    }
    None
}

const fn layout_of<T>() -> Layout {
    match class_of::<T>() {
        Some(class) => layout_of_class(class),
        // Never of size zero: that would have a class.
        None => Layout::new::<T>(),
    }
}

const fn layout_of_class(class: usize) -> Layout {
    match Layout::from_size_align(SIZES[class], ALIGN) {
        Ok(layout) => layout,
        Err(_) => unreachable!(),
    }
}

#[cfg(not(noex_loom))]
mod spares {
    use super::{MOST, SIZES, layout_of_class};
    use std::cell::Cell;
    use std::ptr::NonNull;

    /// A free block holds the next one.
    struct Free(Option<NonNull<Free>>);

    struct Spares {
        first: [Cell<Option<NonNull<Free>>>; SIZES.len()],
        count: [Cell<usize>; SIZES.len()],
    }

    thread_local!(static SPARES: Spares = const {
        Spares {
            first: [const { Cell::new(None) }; SIZES.len()],
            count: [const { Cell::new(0) }; SIZES.len()],
        }
    });

    impl Spares {
        #[inline]
        fn pop(&self, class: usize) -> Option<NonNull<u8>> {
            let block = self.first[class].get()?;
            // SAFETY: `push` wrote it, and a block on the list is in nobody else's hands.
            let next = unsafe { block.read() };
            self.first[class].set(next.0);
            self.count[class].set(self.count[class].get() - 1);
            Some(block.cast())
        }

        #[inline]
        fn push(&self, class: usize, block: NonNull<u8>) -> bool {
            let count = self.count[class].get();
            if count == MOST[class] {
                return false;
            }
            let block = block.cast::<Free>();
            // SAFETY: large and aligned enough for every class, and in nobody else's hands.
            unsafe { block.write(Free(self.first[class].get())) };
            self.first[class].set(Some(block));
            self.count[class].set(count + 1);
            true
        }
    }

    impl Drop for Spares {
        fn drop(&mut self) {
            for class in 0..SIZES.len() {
                while let Some(block) = self.pop(class) {
                    // SAFETY: allocated with the layout of its class, and in nobody else's hands.
                    unsafe { std::alloc::dealloc(block.as_ptr(), layout_of_class(class)) };
                }
            }
        }
    }

    #[inline]
    pub(super) fn take(class: usize) -> Option<NonNull<u8>> {
        SPARES.try_with(|spares| spares.pop(class)).ok().flatten()
    }

    /// False when there is no room, or the thread is ending.
    #[inline]
    pub(super) fn keep(class: usize, block: NonNull<u8>) -> bool {
        SPARES
            .try_with(|spares| spares.push(class, block))
            .unwrap_or(false)
    }
}

/// Models get fresh memory each time, so that nothing but the protocol itself orders its owners.
#[cfg(noex_loom)]
mod spares {
    use std::ptr::NonNull;

    pub(super) fn take(_: usize) -> Option<NonNull<u8>> {
        None
    }

    pub(super) fn keep(_: usize, _: NonNull<u8>) -> bool {
        false
    }
}

/// Uninitialised memory for a `T`.
#[inline]
pub(super) fn take<T>() -> NonNull<T> {
    if let Some(class) = const { class_of::<T>() }
        && let Some(spare) = spares::take(class)
    {
        return spare.cast();
    }
    fresh(const { layout_of::<T>() }).cast()
}

#[cold]
fn fresh(layout: Layout) -> NonNull<u8> {
    // SAFETY: see `layout_of`: never of size zero.
    let fresh = unsafe { alloc(layout) };
    NonNull::new(fresh).unwrap_or_else(|| handle_alloc_error(layout))
}

/// Takes back what `take::<T>` gave.
///
/// # Safety
/// The memory came from `take::<T>`, holds no value any more, and is in nobody else's hands.
#[inline]
pub(super) unsafe fn give_back<T>(memory: NonNull<T>) {
    if let Some(class) = const { class_of::<T>() }
        && spares::keep(class, memory.cast())
    {
        return;
    }
    // SAFETY: allocated by `take` with this layout.
    unsafe { dealloc(memory.cast().as_ptr(), const { layout_of::<T>() }) };
}
