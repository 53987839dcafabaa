//! Significant children, and supervisors that end with them.

use super::parts::{Log, Part, Tested, Worker, ms, patient, reasons, start, state};
use noex::prelude::*;
use noex::supervisor::{AutoShutdown, ChildError, ChildState, Spec, SpecError, Strategy};
use noex::{ChildSpec, Restart};

fn any() -> Spec {
    patient().auto_shutdown(AutoShutdown::AnySignificant)
}

fn all() -> Spec {
    patient().auto_shutdown(AutoShutdown::AllSignificant)
}

fn transient(part: &Part) -> ChildSpec {
    part.spec().restart(Restart::Transient).significant(true)
}

fn temporary(part: &Part) -> ChildSpec {
    part.spec().restart(Restart::Temporary).significant(true)
}

#[tokio::test]
async fn si_01_any_significant_ends_the_tree() -> Tested {
    let log = Log::default();
    let [a, b, c] = log.parts(["a", "b", "c"]);
    let spec = any().child(a.spec()).child(transient(&b)).child(c.spec());
    let (tree, _) = start(spec).await?;
    log.take();
    b.now().end_with(&ExitReason::Normal).await;
    assert_eq!(tree.exited().await, ExitReason::Shutdown);
    let expected = [
        "b stops (normal)",
        "b gone",
        "c stops (shutdown)",
        "c gone",
        "a stops (shutdown)",
        "a gone",
    ];
    assert_eq!(log.take(), expected);
    Ok(())
}

#[tokio::test]
async fn si_02_failed_significant_transient_is_restarted() -> Tested {
    let [a, b] = Log::default().parts(["a", "b"]);
    let (tree, _) = start(any().child(transient(&a)).child(b.spec())).await?;
    a.now().crash()?;
    a.life(2).await;
    assert!(tree.is_alive() && b.lives() == 1);
    a.now().end_with(&ExitReason::Normal).await;
    tree.exited().await;
    Ok(())
}

#[tokio::test]
async fn si_03_any_exit_of_a_significant_temporary_ends_the_tree() -> Tested {
    for (reason, _) in reasons() {
        let [a, b] = Log::default().parts(["a", "b"]);
        let (tree, _) = start(any().child(temporary(&a)).child(b.spec())).await?;
        a.now().end_with(&reason).await;
        assert_eq!(tree.exited().await, ExitReason::Shutdown, "{reason}");
        assert!(!b.is_alive());
    }
    Ok(())
}

#[tokio::test]
async fn si_04_other_children_do_not_end_the_tree() -> Tested {
    for spec in [any(), all()] {
        let [a, b, c] = Log::default().parts(["a", "b", "c"]);
        let spec = spec
            .child(transient(&a))
            .child(b.spec().restart(Restart::Transient));
        let (tree, _) = start(spec.child(c.spec().restart(Restart::Temporary))).await?;
        b.now().end_with(&ExitReason::Normal).await;
        c.now().end_with(&ExitReason::Killed).await;
        assert_eq!(tree.children().await?.len(), 2);
        assert!(a.is_alive());
        tree.stop().await?;
    }
    Ok(())
}

#[tokio::test]
async fn si_05_all_significant_waits_for_the_last() -> Tested {
    let [a, b, c] = Log::default().parts(["a", "b", "c"]);
    let spec = all()
        .child(transient(&a))
        .child(temporary(&b))
        .child(c.spec());
    let (tree, _) = start(spec).await?;
    b.now().end_with(&ExitReason::Killed).await;
    assert_eq!(tree.children().await?.len(), 2);
    assert!(a.is_alive() && c.is_alive());
    a.now().end_with(&ExitReason::Normal).await;
    assert_eq!(tree.exited().await, ExitReason::Shutdown);
    assert!(!c.is_alive());
    Ok(())
}

#[tokio::test]
async fn si_06_stopped_significant_no_longer_counts() -> Tested {
    let [a, b, c] = Log::default().parts(["a", "b", "c"]);
    let spec = all()
        .child(transient(&a))
        .child(transient(&b))
        .child(c.spec());
    let (tree, _) = start(spec).await?;
    tree.terminate_child("a").await?;
    assert!(tree.children().await?.len() == 3 && b.is_alive());
    b.now().end_with(&ExitReason::Normal).await;
    assert_eq!(tree.exited().await, ExitReason::Shutdown);
    Ok(())
}

#[tokio::test]
async fn si_07_terminate_child_ends_no_tree() -> Tested {
    for spec in [any(), all()] {
        let [a, b] = Log::default().parts(["a", "b"]);
        let (tree, _) = start(spec.child(transient(&a)).child(b.spec())).await?;
        tree.terminate_child("a").await?;
        assert_eq!(state(&tree, "a").await, Some(ChildState::Stopped));
        assert!(b.is_alive());
        tree.stop().await?;
    }
    Ok(())
}

#[tokio::test]
async fn si_08_significant_bystander_ends_no_tree() -> Tested {
    for spec in [any(), all()] {
        let log = Log::default();
        let [a, b, c] = log.parts(["a", "b", "c"]);
        let spec = spec.strategy(Strategy::OneForAll).child(a.spec());
        let (tree, _) = start(spec.child(transient(&b)).child(temporary(&c))).await?;
        a.now().crash()?;
        b.life(2).await;
        assert_eq!(tree.children().await?.len(), 2);
        assert_eq!((a.lives(), b.lives(), c.lives()), (2, 2, 1));
        tree.stop().await?;
    }
    Ok(())
}

#[tokio::test]
async fn si_09_contradictory_significance_is_refused() -> Tested {
    let a = Log::default().part("a");
    let permanent = || a.spec().significant(true);
    let (supervisor, id) = ("tree", "a".to_owned());
    let for_nothing = SpecError::SignificantForNothing {
        supervisor,
        id: id.clone(),
    };
    let never_ends = SpecError::SignificantPermanent { supervisor, id };
    let wrong = [
        (patient(), transient(&a), &for_nothing),
        (any(), permanent(), &never_ends),
        (all(), permanent(), &never_ends),
    ];
    for (spec, child, expected) in wrong {
        let Err(StartError::Failed(error)) = start(spec.clone().child(child.clone())).await else {
            panic!("{expected}");
        };
        assert_eq!(error.downcast_ref(), Some(expected));
        let (tree, _) = start(spec).await?;
        let refused = tree.start_child(child).await;
        let Err(CallError::Failed(ChildError::Failed(StartError::Failed(error)))) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(error.downcast_ref(), Some(expected));
        assert!(tree.children().await?.is_empty());
        tree.stop().await?;
    }
    assert_eq!(a.begun(), 0);
    Ok(())
}

supervisor! {
    #[tree(auto_shutdown = any_significant)]
    struct Nest(first: Part, second: Part) {
        a: Worker(first.clone()),
        #[child(restart = transient, significant)]
        #[tree(auto_shutdown = all_significant)]
        inner: {
            #[child(restart = transient, significant)]
            b: Worker(second.clone()),
            c: task(noex::stopping()),
        },
    }
}

#[tokio::test(start_paused = true)]
async fn si_10_auto_shutdown_escalates() -> Tested {
    let system = System::new();
    let [a, b] = Log::default().parts(["a", "b"]);
    let nest = Nest::start(a.clone(), b.clone()).system(&system).await?;
    b.now().crash()?;
    b.life(2).await;
    tokio::time::sleep(ms(10)).await;
    assert!(nest.is_alive() && a.lives() == 1);
    b.now().end_with(&ExitReason::Normal).await;
    assert_eq!(nest.inner().exited().await, ExitReason::Shutdown);
    assert_eq!(nest.exited().await, ExitReason::Shutdown);
    assert_eq!(system.processes(), []);
    Ok(())
}
