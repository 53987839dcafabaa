//! What a message costs in memory once its parties are warm: nothing. And what a server costs that sleeps.
//!
//! Everything runs on one thread, whose allocations are counted.

use noex::prelude::*;
use std::alloc::{GlobalAlloc, Layout, System as Heap};
use std::cell::Cell;
use tokio::task::LocalSet;

std::thread_local! {
    static COUNT: Cell<usize> = const { Cell::new(0) };
    /// Bytes asked for and not given back.
    static HELD: Cell<isize> = const { Cell::new(0) };
}

struct Counting;

// A thread that is ending counts no more.
fn count() {
    let _ = COUNT.try_with(|count| count.set(count.get() + 1));
}

fn hold(bytes: isize) {
    let _ = HELD.try_with(|held| held.set(held.get() + bytes));
}

// SAFETY: hands everything on to the allocator of the system.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        hold(layout.size().cast_signed());
        // SAFETY: as the caller promised.
        unsafe { Heap.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        hold(-layout.size().cast_signed());
        // SAFETY: as the caller promised.
        unsafe { Heap.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        hold(size.cast_signed() - layout.size().cast_signed());
        // SAFETY: as the caller promised.
        unsafe { Heap.realloc(block, layout, size) }
    }
}

#[global_allocator]
static HEAP: Counting = Counting;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

const WARM: usize = 300;
const ROUNDS: usize = 1000;

/// Allocations of so many rounds, after some that are not counted. Runs in a task, as calls do.
async fn allocations(round: impl AsyncFn() -> Result<()> + 'static) -> Result<usize> {
    let tasks = LocalSet::new();
    let counted = tasks.spawn_local(async move {
        for _ in 0..WARM {
            round().await?;
        }
        let before = COUNT.get();
        for _ in 0..ROUNDS {
            round().await?;
        }
        Ok(COUNT.get() - before)
    });
    tasks.run_until(counted).await?
}

/// Runs on the stack of its callers.
struct Inline(u64);

#[gen_server(inline = always)]
impl Inline {
    #[init]
    fn new() -> Self {
        Self(0)
    }

    #[call]
    fn add(&mut self, n: u64) -> u64 {
        self.0 += n;
        self.0
    }

    #[cast]
    fn note(&mut self, n: u64) {
        self.0 += n;
    }
}

/// Runs in a task of its own.
struct Queued(u64);

#[gen_server(inline = never)]
impl Queued {
    #[init]
    fn new() -> Self {
        Self(0)
    }

    #[call]
    fn add(&mut self, n: u64) -> u64 {
        self.0 += n;
        self.0
    }

    #[cast]
    fn note(&mut self, n: u64) {
        self.0 += n;
    }
}

/// Asks others as part of its own answer, which thereby inherit its deadline.
struct Front {
    inline: InlineRef,
    queued: QueuedRef,
}

#[gen_server]
impl Front {
    #[call]
    async fn ask_inline(&mut self, n: u64) -> std::result::Result<u64, CallError> {
        self.inline.add(n).await
    }

    #[call]
    async fn ask_queued(&mut self, n: u64) -> std::result::Result<u64, CallError> {
        self.queued.add(n).await
    }
}

#[noex::test]
async fn a_warm_inline_call() -> Result<()> {
    let server = Inline::start().await?;
    let asked = server.clone();
    let count = allocations(async move || {
        asked.add(1).await?;
        Ok(())
    });
    assert_eq!(count.await?, 0);
    Ok(server.stop().await?)
}

#[noex::test]
async fn a_warm_queued_call() -> Result<()> {
    let server = Queued::start().await?;
    let asked = server.clone();
    let count = allocations(async move || {
        asked.add(1).await?;
        Ok(())
    });
    assert_eq!(count.await?, 0);
    Ok(server.stop().await?)
}

/// One by one, and more at once than the queue holds in itself.
#[noex::test]
async fn a_warm_cast() -> Result<()> {
    for burst in [1, 50] {
        let (inline, queued) = (Inline::start().await?, Queued::start().await?);
        let told = (inline.clone(), queued.clone());
        let count = allocations(async move || {
            for n in 0..burst {
                told.0.note(n)?;
                told.1.note(n)?;
            }
            tokio::task::yield_now().await;
            Ok(())
        });
        assert_eq!(count.await?, 0, "{burst} at once");
        assert_eq!(queued.handled(), (WARM + ROUNDS) as u64 * burst);
        inline.stop().await?;
        queued.stop().await?;
    }
    Ok(())
}

#[noex::test]
async fn a_warm_call_that_inherits_its_deadline() -> Result<()> {
    let (inline, queued) = (Inline::start().await?, Queued::start().await?);
    let front = Front { inline, queued }.start().await?;
    let asked = front.clone();
    let count = allocations(async move || {
        asked.ask_inline(1).await?;
        Ok(())
    });
    assert_eq!(count.await?, 0, "on one stack");
    let asked = front.clone();
    let count = allocations(async move || {
        asked.ask_queued(1).await?;
        Ok(())
    });
    assert_eq!(count.await?, 0, "through a queue");
    System::current().stop().await;
    Ok(())
}

#[noex::test]
async fn a_warm_call_by_name() -> Result<()> {
    Inline::start().name("inline").await?;
    Queued::start().name("queued").await?;
    let (inline, queued) = (Inline::named("inline"), Queued::named("queued"));
    let count = allocations(async move || {
        inline.add(1).await?;
        Ok(())
    });
    assert_eq!(count.await?, 0, "on one stack");
    let count = allocations(async move || {
        queued.add(1).await?;
        queued.note(1)?;
        Ok(())
    });
    assert_eq!(count.await?, 0, "through a queue");
    System::current().stop().await;
    Ok(())
}

supervisor! {
    struct Tree {
        inline: Inline(),
        queued: Queued(),
    }
}

/// A handle to a place in a tree, which follows restarts.
#[noex::test]
async fn a_warm_call_through_a_place() -> Result<()> {
    let tree = Tree::start().await?;
    let (inline, queued) = (tree.inline(), tree.queued());
    let count = allocations(async move || {
        inline.add(1).await?;
        Ok(())
    });
    assert_eq!(count.await?, 0, "on one stack");
    let count = allocations(async move || {
        queued.add(1).await?;
        queued.note(1)?;
        Ok(())
    });
    assert_eq!(count.await?, 0, "through a queue");
    tree.stop().await?;
    Ok(())
}

/// The count would see it.
#[noex::test]
async fn an_allocation() -> Result<()> {
    let count = allocations(async || {
        std::hint::black_box(Box::new(1));
        Ok(())
    });
    assert_eq!(count.await?, ROUNDS);
    Ok(())
}

/// All that belongs to a server that has answered a call and waits for the next: its cell, its frame and tokio's task. Its entry in the
/// list of processes is not counted.
#[noex::test]
async fn a_server_that_sleeps() -> Result<()> {
    let mut servers = Vec::with_capacity(1000);
    let mut each = Vec::with_capacity(1000);
    for _ in 0..1000 {
        let before = HELD.get();
        let server = Inline::start().await?;
        tokio::task::yield_now().await;
        server.add(1).await?;
        each.push(HELD.get() - before);
        servers.push(server);
    }
    // Now and then the list of processes grows.
    each.sort_unstable();
    assert_eq!(each[500], 280 + 192 + 128);
    System::current().stop().await;
    Ok(())
}
