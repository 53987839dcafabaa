//! The first start.

use super::super::{Event, Status};
use super::world::{Outcome, PERMANENT, TEMPORARY, TRANSIENT, World};
use crate::supervisor::Strategy;

const ALL: [Strategy; 3] = [
    Strategy::OneForOne,
    Strategy::OneForAll,
    Strategy::RestForOne,
];

#[test]
fn su_01_children_start_one_after_another() {
    for strategy in ALL {
        let mut world = World::new(strategy, 3, &[PERMANENT; 3]);
        world.next_starts('b', [Outcome::Hang]);
        world.event(Event::Begin);
        assert_eq!(world.did(), "start a, start b");
        assert_eq!(world.status('c'), Status::Starting);
        world.come_up('b');
        assert_eq!(world.did(), "start c, ready");
    }
}

#[test]
fn su_02_a_failed_init_takes_down_the_rest_in_reverse() {
    for strategy in ALL {
        let mut world = World::new(strategy, 3, &[PERMANENT; 4]);
        world.next_starts('c', [Outcome::Fail]);
        world.event(Event::Begin);
        assert_eq!(
            world.did(),
            "start a, start b, start c, stop b, stop a, exit StartFailed(Key(2))"
        );
        assert_eq!(world.alive(), 0);
    }
}

#[test]
fn su_03_a_child_that_dies_before_it_reports_is_a_failed_start() {
    let mut world = World::new(Strategy::OneForOne, 3, &[PERMANENT]);
    world.next_starts('a', [Outcome::Hang]);
    world.event(Event::Begin);
    world.crash('a');
    assert_eq!(world.did(), "start a, exit StartFailed(Key(0))");
}

#[test]
fn su_04_ignore_keeps_the_spec_without_a_process() {
    for policy in [PERMANENT, TRANSIENT] {
        let mut world = World::new(Strategy::OneForAll, 3, &[policy, PERMANENT]);
        world.next_starts('a', [Outcome::Ignore]);
        world.event(Event::Begin);
        assert_eq!(world.did(), "start a, start b, ready");
        assert_eq!(world.status('a'), Status::Stopped);
    }
}

#[test]
fn su_05_ignore_forgets_a_temporary_child() {
    let mut world = World::new(Strategy::OneForOne, 3, &[TEMPORARY, PERMANENT]);
    world.next_starts('a', [Outcome::Ignore]);
    world.event(Event::Begin);
    assert_eq!(world.did(), "start a, forget a, start b, ready");
}

#[test]
fn rs_22_a_death_during_the_first_start_counts_once() {
    let mut world = World::new(Strategy::OneForOne, 1, &[PERMANENT; 2]);
    world.next_starts('b', [Outcome::Hang]);
    world.event(Event::Begin);
    world.crash('a');
    assert_eq!(world.did(), "start a, start b, start a");
    world.come_up('b');
    assert_eq!(world.did(), "ready");

    let mut world = World::new(Strategy::OneForAll, 1, &[PERMANENT; 3]);
    world.next_starts('b', [Outcome::Hang]);
    world.event(Event::Begin);
    world.crash('a');
    assert_eq!(
        world.did(),
        "start a, start b, abort b, start a, start b, start c, ready"
    );
    world.crash('c');
    assert!(world.did().ends_with("exit GaveUp(Key(2))"));
}
