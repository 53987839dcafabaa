//! What counts as a failure, and what one too many does.

use super::super::Status;
use super::world::{Outcome, PERMANENT, TRANSIENT, World};
use crate::supervisor::Strategy::{OneForAll, OneForOne, RestForOne};
use std::time::Duration;

#[test]
fn in_01_the_failure_after_the_last_restart_ends_the_supervisor() {
    let mut world = World::up(OneForOne, 3, &[PERMANENT]);
    for _ in 0..3 {
        world.crash('a');
        assert_eq!(world.did(), "start a");
    }
    world.crash('a');
    assert_eq!(world.did(), "exit GaveUp(Key(0))");
}

#[test]
fn in_02_intensity_zero_bears_nothing() {
    let mut world = World::up(OneForOne, 0, &[PERMANENT]);
    world.crash('a');
    assert_eq!(world.did(), "exit GaveUp(Key(0))");
}

#[test]
fn in_03_failures_wide_apart_never_end_it() {
    let mut world = World::up(OneForOne, 1, &[PERMANENT]);
    for round in 0..100 {
        world.now = Duration::from_millis(5_001) * round;
        world.crash('a');
        assert_eq!(world.did(), "start a");
    }
    world.now += Duration::from_secs(5);
    world.crash('a');
    assert_eq!(world.did(), "exit GaveUp(Key(0))");
}

#[test]
fn in_07_a_group_restart_is_one_failure() {
    for strategy in [OneForAll, RestForOne] {
        let mut world = World::up(strategy, 2, &[PERMANENT; 10]);
        world.crash('a');
        world.crash('a');
        assert_eq!(world.alive(), 10);
        world.crash('a');
        assert!(world.did().ends_with("exit GaveUp(Key(0))"));
    }
}

#[test]
fn in_08_rs_14_each_failed_attempt_is_one_failure() {
    for strategy in [OneForOne, OneForAll, RestForOne] {
        let mut world = World::up(strategy, 3, &[PERMANENT]);
        world.next_starts('a', [Outcome::Fail; 10]);
        world.crash('a');
        assert_eq!(
            world.did(),
            "start a, start a, start a, exit GaveUp(Key(0))",
            "{strategy:?}"
        );
    }
}

#[test]
fn in_09_what_is_done_by_hand_costs_nothing() {
    let mut world = World::up(OneForOne, 0, &[PERMANENT, TRANSIENT]);
    world.terminate('a', 1);
    world.restart('a', 2);
    world.terminate('a', 3);
    world.next_starts('a', [Outcome::Fail]);
    world.restart('a', 4);
    world.next_starts('c', [Outcome::Fail]);
    world.add(PERMANENT, 5);
    world.end('b', true);
    assert_eq!(
        world.did(),
        "stop a, reply 1 Done, start a, reply 2 Done, stop a, reply 3 Done, start a, \
         reply 4 Failed, start c, reply 5 Failed, forget c"
    );
    assert_eq!(world.status('a'), Status::Stopped);
}

#[test]
fn in_10_giving_up_stops_the_rest_in_reverse() {
    let mut world = World::up(OneForOne, 0, &[PERMANENT; 4]);
    world.crash('b');
    assert_eq!(world.did(), "stop d, stop c, stop a, exit GaveUp(Key(1))");
}

#[test]
fn in_10_giving_up_in_the_middle_of_a_group_restart() {
    let mut world = World::up(OneForAll, 1, &[PERMANENT; 3]);
    world.next_starts('b', [Outcome::Fail]);
    world.crash('c');
    assert_eq!(
        world.did(),
        "stop b, stop a, start a, start b, stop a, exit GaveUp(Key(1))"
    );
}
