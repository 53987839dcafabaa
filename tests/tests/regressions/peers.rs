//! Defects of other libraries that were reproduced.

use crate::parts::{Begin, End, Log, Part, Tested, Worker, ms, patient, start, tree_of, within};
use noex::prelude::*;
use noex::supervisor::Strategy;
use std::sync::Arc;
use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::time::{Instant, sleep};

/// A restarted actor ran its start hook while its predecessor was still in its stop hook.
#[tokio::test(start_paused = true)]
async fn r01_a_successor_begins_after_the_end() -> Tested {
    for (strategy, id) in [(Strategy::OneForOne, "b"), (Strategy::OneForAll, "a")] {
        let log = Log::default();
        let [a, b] = log.parts(["a", "b"]);
        b.ends(End::After(ms(50)));
        let tree = tree_of(patient().strategy(strategy), [&a, &b]).await?;
        if id == "a" { &a } else { &b }.now().crash()?;
        b.life(2).await;
        let happened = log.take();
        let at = |what: &str| {
            happened
                .iter()
                .position(|it| it == what)
                .expect("it happened")
        };
        assert!(at("b gone") < at(&format!("{id} starts")), "{happened:?}");
        assert!(at("b gone") < at("b starts"), "{happened:?}");
        tree.stop().await?;
    }
    Ok(())
}

struct Holder {
    _lock: OwnedMutexGuard<()>,
}

#[gen_server]
impl Holder {
    #[init]
    fn new(lock: Arc<Mutex<()>>) -> Result<Self, tokio::sync::TryLockError> {
        let _lock = lock.try_lock_owned()?;
        Ok(Self { _lock })
    }

    #[cast]
    fn crash(&mut self) {
        panic!("as asked");
    }

    #[terminate]
    async fn bye(&mut self) {
        sleep(ms(20)).await;
    }
}

/// The wait for the end returned before the stop hook had begun.
#[tokio::test(start_paused = true)]
async fn r02_what_the_state_held_is_free_when_the_wait_is_over() -> Tested {
    let lock = Arc::new(Mutex::new(()));
    let holder = || Holder::child_spec(lock.clone()).name("holder");
    let (tree, system) = start(patient().child(holder())).await?;
    let named = HolderRef::from(Process::<Holder>::named_in(&system, "holder"));
    for _ in 0..100 {
        assert!(lock.try_lock().is_err());
        let old = named.current().expect("it runs");
        // The successor takes the lock in its init, so a restart is a proof as well.
        old.crash()?;
        old.exited().await;
        while named.pid().is_none() || named.pid() == old.pid() {
            tokio::task::yield_now().await;
        }
        tree.terminate_child("Holder").await?;
        assert!(lock.try_lock().is_ok());
        tree.restart_child("Holder").await?;
    }
    tree.stop().await?;
    assert!(lock.try_lock().is_ok());
    Ok(())
}

supervisor! {
    struct Deep(parts: [Part; 4]) {
        a: Worker(parts[0].clone()),
        middle: {
            b: Worker(parts[1].clone()),
            inner: {
                #[child(shutdown = 30ms)]
                c: Worker(parts[2].clone()),
            },
        },
        d: Worker(parts[3].clone()),
    }
}

/// The stop of a parent ended its children without their clean-up.
#[tokio::test(start_paused = true)]
async fn r03_all_descendants_clean_up_in_reverse_within_their_limits() -> Tested {
    let (log, system) = (Log::default(), System::new());
    let parts = log.parts(["a", "b", "c", "d"]);
    for part in &parts {
        part.ends(End::After(ms(100)));
    }
    let deep = Deep::start(parts.clone()).system(&system).await?;
    log.take();
    let begun = Instant::now();
    let stopped = deep.stop().await?;
    let expected =
        ["d", "c", "b", "a"].map(|id| [format!("{id} stops (shutdown)"), format!("{id} gone")]);
    assert_eq!(log.take(), expected.concat());
    assert_eq!(begun.elapsed().as_millis() / 10, 33);
    let unclean: Vec<_> = stopped.unclean().iter().map(|it| &*it.path).collect();
    assert_eq!(unclean, ["inner/c"]);
    Ok(())
}

/// One-for-all stopped and started its children in any order.
#[tokio::test(start_paused = true)]
async fn r07_group_restarts_keep_the_order() -> Tested {
    let log = Log::default();
    let names = ["a", "b", "c", "d", "e", "f"];
    let parts = log.parts(names);
    let tree = tree_of(patient().strategy(Strategy::OneForAll), &parts).await?;
    for (number, part) in parts.iter().enumerate() {
        part.always(Begin::After(ms(number as u64 % 3)));
        part.ends(End::After(ms(5 - number as u64)));
    }
    for round in 0..15 {
        let victim = round * 7 % 6;
        parts[victim].now().kill();
        parts[5].life(round + 2).await;
        let others = names.iter().rev().filter(|name| **name != names[victim]);
        let stops =
            others.flat_map(|name| [format!("{name} stops (shutdown)"), format!("{name} gone")]);
        let starts = names
            .iter()
            .flat_map(|name| [format!("{name} starts"), format!("{name} up")]);
        let expected: Vec<_> = [format!("{} gone", names[victim])]
            .into_iter()
            .chain(stops)
            .chain(starts)
            .collect();
        assert_eq!(log.take(), expected, "round {round}");
    }
    tree.stop().await?;
    Ok(())
}

/// A handler that never came back kept its actor from ever stopping, and its mailbox from being freed.
#[tokio::test(start_paused = true)]
async fn r19_a_handler_without_end_is_cut_short_at_the_limit() -> Tested {
    let log = Log::default();
    let a = log.part("a");
    let (tree, _) = start(patient().child(a.spec().shutdown(within(50)))).await?;
    let worker = a.now();
    worker.hang()?;
    let queued: Vec<_> = (0..10).map(|_| worker.ping().send()).collect();
    let begun = Instant::now();
    tree.terminate_child("a").await?;
    assert_eq!(begun.elapsed().as_millis() / 5, 10);
    for call in queued {
        assert_eq!(call?.await, Err(CallError::Exited(ExitReason::Killed)));
    }
    assert_eq!((worker.queue_len(), worker.is_alive()), (0, false));
    tree.stop().await?;
    Ok(())
}
