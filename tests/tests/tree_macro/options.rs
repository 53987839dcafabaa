//! Options of trees and children.

use crate::servers::{Cell, replaced, soon};
use noex::prelude::*;
use noex::supervisor::Restart;
use std::time::Duration;

struct Limits {
    max_restarts: u32,
    window: Duration,
}

supervisor! {
    #[tree(intensity = limits.max_restarts in limits.window)]
    struct Limited(limits: Limits) {
        cell: Cell(1),
    }
}

#[tokio::test]
async fn the_intensity_is_that_of_the_parameters() {
    for max_restarts in [0, 1, 3] {
        let window = Duration::from_secs(3_600);
        let limits = Limits {
            max_restarts,
            window,
        };
        let tree = soon(Limited::start(limits)).await.expect("it starts");
        let cell = tree.cell();
        for _ in 0..max_restarts {
            let old = cell.pid();
            cell.crash().expect("it runs");
            replaced(old, || cell.pid()).await;
        }
        assert!(tree.is_alive());
        cell.crash().expect("it runs");
        soon(tree.exited()).await;
        assert!(!tree.is_alive() && !cell.is_alive());
    }
}

supervisor! {
    struct Named(prefix: String) {
        #[child(name = format!("{prefix}/kept"), shutdown = 1s)]
        kept: Cell(1),
        #[child(restart = transient, shutdown = brutal_kill)]
        transient: Cell(2),
        #[child(restart = temporary, shutdown = infinity)]
        temporary: Cell(3),
        #[child(restart = temporary)]
        #[tree(intensity = 0 in 1h)]
        fragile: {
            cell: Cell(4),
        },
    }
}

#[tokio::test]
async fn a_child_has_its_own_restart_type_and_name() {
    let tree = soon(Named::start("test".into())).await.expect("it starts");
    let (kept, transient, temporary) = (tree.kept(), tree.transient(), tree.temporary());
    assert_eq!(Cell::named("test/kept").get().await, Ok(1));
    let old = kept.pid();
    kept.leave().expect("it runs");
    replaced(old, || kept.pid()).await;
    let old = transient.pid();
    transient.crash().expect("it runs");
    replaced(old, || transient.pid()).await;
    let gone = soon(async {
        transient.leave().expect("it runs");
        temporary.crash().expect("it runs");
        tree.fragile().cell().crash().expect("it runs");
        while transient.is_alive() || temporary.is_alive() || tree.fragile().is_alive() {
            tokio::task::yield_now().await;
        }
    });
    gone.await;
    // What is not restarted now never is: each is decided upon before the next question is answered.
    let children = tree.children().await.expect("it runs");
    let alive: Vec<_> = children
        .iter()
        .filter(|child| child.pid.is_some())
        .collect();
    assert_eq!(alive.len(), 1, "{children:?}");
    assert_eq!(soon(Cell::named("test/kept").get()).await, Ok(1));
    soon(tree.stop()).await.expect("it stops");
}

supervisor! {
    #[tree(auto_shutdown = any_significant)]
    struct Job() {
        helper: Cell(1),
        #[child(significant, restart = transient)]
        work: Cell(2),
    }
}

#[tokio::test]
async fn a_tree_may_end_with_a_significant_child() {
    let job = soon(Job::start()).await.expect("it starts");
    let helper = job.helper();
    job.work().leave().expect("it runs");
    soon(job.exited()).await;
    assert!(!helper.is_alive());
}

#[test]
fn the_restart_type_is_part_of_the_data() {
    let restarts: Vec<_> = Named::tree()
        .children
        .iter()
        .map(|child| child.restart)
        .collect();
    let expected = [
        None,
        Some(Restart::Transient),
        Some(Restart::Temporary),
        Some(Restart::Temporary),
    ];
    assert_eq!(restarts, expected);
}
