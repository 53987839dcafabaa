//! How many failures a supervisor bears.

use super::events::Events;
use super::parts::{Begin, Log, Part, Tested, Worker, ids, ms, start, tree_of};
use noex::prelude::*;
use noex::supervisor::{Spec, Strategy, TreeHandle};
use noex::{ExitReason, Restart};
use std::time::Duration;
use tokio::time::advance;
use tracing::Level;

/// A supervisor that bears so many failures in five seconds.
fn bears(max_restarts: u32) -> Spec {
    Spec::new("tree").intensity(max_restarts, Duration::from_secs(5))
}

/// Kills the part, and tells whether its supervisor has restarted it.
async fn survives(tree: &TreeHandle, part: &Part) -> bool {
    let lives = part.lives();
    part.now().kill();
    part.now().exited().await;
    if tree.children().await.is_err() {
        assert_eq!(tree.exited().await, ExitReason::Shutdown);
        return false;
    }
    part.life(lives + 1).await;
    true
}

#[tokio::test(start_paused = true)]
async fn in_01_budget_is_exact() -> Tested {
    for max_restarts in 1..6 {
        let a = Log::default().part("a");
        let tree = tree_of(bears(max_restarts), [&a]).await?;
        for _ in 0..max_restarts {
            assert!(survives(&tree, &a).await);
        }
        assert!(!survives(&tree, &a).await);
        assert_eq!(a.begun(), max_restarts as usize + 1);
    }
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn in_02_zero_budget_ends_at_the_first_failure() -> Tested {
    let a = Log::default().part("a");
    let tree = tree_of(bears(0), [&a]).await?;
    assert!(!survives(&tree, &a).await);
    assert_eq!(a.begun(), 1);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn in_03_window_slides() -> Tested {
    let a = Log::default().part("a");
    let tree = tree_of(bears(2), [&a]).await?;
    for _ in 0..200 {
        assert!(survives(&tree, &a).await);
        advance(ms(2_600)).await;
    }
    advance(ms(5_000)).await;
    // The oldest expires alone.
    assert!(survives(&tree, &a).await);
    advance(ms(4_000)).await;
    assert!(survives(&tree, &a).await);
    advance(ms(1_001)).await;
    assert!(survives(&tree, &a).await);
    advance(ms(1)).await;
    assert!(!survives(&tree, &a).await);
    Ok(())
}

/// Whether one restart is borne, `apart` after another.
async fn bears_two(apart: Duration) -> Result<bool, StartError> {
    let a = Log::default().part("a");
    let tree = tree_of(bears(1), [&a]).await?;
    advance(ms(999)).await;
    assert!(survives(&tree, &a).await);
    advance(apart).await;
    let borne = survives(&tree, &a).await;
    let _ = tree.stop().await;
    Ok(borne)
}

#[tokio::test(start_paused = true)]
async fn in_04_window_is_inclusive() -> Tested {
    assert!(!bears_two(Duration::from_secs(5)).await?);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn in_05_window_runs_on_the_monotonic_clock() -> Tested {
    let a = Log::default().part("a");
    let tree = tree_of(Spec::new("tree").intensity(1, ms(10)), [&a]).await?;
    // No wall-clock time to speak of passes, and yet the window is over ..
    for _ in 0..10 {
        assert!(survives(&tree, &a).await);
        advance(ms(11)).await;
    }
    assert!(survives(&tree, &a).await);
    // .. and here it passes, and the window is not.
    std::thread::sleep(ms(20));
    assert!(!survives(&tree, &a).await);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn in_06_window_is_exact_to_the_instant() -> Tested {
    let window = Duration::from_secs(5);
    assert!(!bears_two(window - Duration::from_nanos(1)).await?);
    assert!(bears_two(window + Duration::from_nanos(1)).await?);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn in_07_group_restart_is_one_unit() -> Tested {
    let log = Log::default();
    let parts = log.parts(["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]);
    let tree = tree_of(bears(1).strategy(Strategy::OneForAll), &parts).await?;
    parts[4].now().kill();
    parts[9].life(2).await;
    assert!(parts.iter().all(|part| part.lives() == 2));
    assert!(!survives(&tree, &parts[4]).await);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn in_08_failed_attempt_is_one_unit() -> Tested {
    for (max_restarts, borne) in [(3, true), (2, false)] {
        let a = Log::default().part("a");
        a.next([Begin::Well, Begin::Fail, Begin::Panic]);
        let tree = tree_of(bears(max_restarts), [&a]).await?;
        a.now().kill();
        a.beginning(3).await;
        if borne {
            a.life(2).await;
            tree.stop().await?;
        } else {
            assert_eq!(tree.exited().await, ExitReason::Shutdown);
            assert_eq!(a.lives(), 1);
        }
    }
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn in_09_manual_changes_are_free() -> Tested {
    let log = Log::default();
    let [a, b, c] = log.parts(["a", "b", "c"]);
    let spec = bears(0)
        .child(a.spec())
        .child(b.spec().restart(Restart::Transient));
    let (tree, _) = start(spec).await?;
    c.always(Begin::Fail);
    a.next([Begin::Well, Begin::Fail, Begin::Well]);
    for _ in 0..3 {
        tree.terminate_child("a").await?;
        if tree.restart_child("a").await.is_err() {
            tree.restart_child("a").await?;
        }
        assert!(tree.start_child(c.spec()).await.is_err());
        b.now().end_with(&ExitReason::Normal).await;
        tree.restart_child("b").await?;
    }
    assert_eq!((a.begun(), b.begun(), c.begun()), (5, 4, 3));
    assert_eq!(ids(&tree).await, ["a", "b"]);
    assert!(!survives(&tree, &a).await);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn in_10_giving_up_is_a_shutdown() -> Tested {
    let log = Log::default();
    let [a, b, c, d] = log.parts(["a", "b", "c", "d"]);
    let tree = tree_of(bears(0), [&a, &b, &c, &d]).await?;
    b.now().crash()?;
    assert_eq!(tree.exited().await, ExitReason::Shutdown);
    let expected = [
        "b stops (panic: as asked)",
        "b gone",
        "d stops (shutdown)",
        "d gone",
        "c stops (shutdown)",
        "c gone",
        "a stops (shutdown)",
        "a gone",
    ];
    assert_eq!(log.take(), expected);
    Ok(())
}

supervisor! {
    #[tree(intensity = 1 in 5s)]
    struct Nest(first: Part, second: Part, third: Part) {
        #[child(restart = transient)]
        #[tree(intensity = 0 in 5s)]
        transient: {
            one: Worker(first.clone()),
        },
        #[tree(intensity = 1 in 5s)]
        permanent: {
            two: Worker(second.clone()),
            #[tree(intensity = 1 in 5s)]
            deep: {
                three: Worker(third.clone()),
            },
        },
    }
}

#[tokio::test(start_paused = true)]
async fn in_11_given_up_transient_supervisor_stays_down() -> Tested {
    let [one, two, three] = Log::default().parts(["one", "two", "three"]);
    let nest = Nest::start(one.clone(), two.clone(), three.clone()).await?;
    one.now().crash()?;
    assert_eq!(nest.transient().exited().await, ExitReason::Shutdown);
    let children = nest.children().await?;
    assert_eq!((children[0].pid, children[0].restarts), (None, 0));
    assert!(!one.is_alive() && two.lives() == 1);
    nest.restart_child("transient").await?;
    assert!(nest.transient().one().is_alive());
    nest.stop().await?;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn in_12_given_up_permanent_supervisor_gets_a_fresh_budget() -> Tested {
    let [one, two, three] = Log::default().parts(["one", "two", "three"]);
    let nest = Nest::start(one.clone(), two.clone(), three.clone()).await?;
    let (permanent, accessor) = (nest.permanent(), nest.permanent().two());
    let before = permanent.pid();
    assert!(survives(&permanent, &two).await);
    // One too many: the parent pays one for it, and all of the budget below is there again.
    two.now().kill();
    three.life(2).await;
    assert_ne!(permanent.pid(), before);
    assert_eq!(accessor.pid(), two.now().pid());
    assert!(survives(&permanent, &two).await);
    assert_eq!(two.lives(), 4);
    assert_eq!(nest.children().await?[1].restarts, 1);
    assert_eq!(one.lives(), 1);
    // The parent has paid all it had.
    two.now().kill();
    assert_eq!(nest.exited().await, ExitReason::Shutdown);
    assert_eq!(two.lives(), 4);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn in_13_exhaustion_reaches_the_root() -> Tested {
    let system = System::new();
    let [one, two, three] = Log::default().parts(["one", "two", "three"]);
    let nest = Nest::start(one.clone(), two.clone(), three.clone());
    let nest = nest.system(&system).await?;
    // Two failures end `deep`; two ends of that end `permanent`; and two of that the root.
    for failure in 1..8 {
        three.now().crash()?;
        three.life(failure + 1).await;
    }
    assert!(nest.is_alive());
    three.now().crash()?;
    assert_eq!(nest.exited().await, ExitReason::Shutdown);
    assert_eq!((one.lives(), two.lives(), three.lives()), (1, 2, 8));
    assert!(system.processes().is_empty());
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn in_15_giving_up_names_the_last_child() -> Tested {
    let events = Events::listen();
    let [a, b] = Log::default().parts(["first", "second"]);
    let tree = tree_of(bears(1), [&a, &b]).await?;
    assert!(survives(&tree, &a).await);
    assert!(!survives(&tree, &b).await);
    let words = [
        "maximum intensity",
        "supervisor=\"tree\"",
        "child=\"second\"",
    ];
    assert_eq!(
        events.count(Level::ERROR, &words),
        1,
        "{:?}",
        events.at(Level::ERROR)
    );
    Ok(())
}
