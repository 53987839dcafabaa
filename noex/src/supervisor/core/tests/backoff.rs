//! Waits before restarts.

use super::super::{Event, Policy, Status};
use super::world::{Outcome, PERMANENT, World};
use crate::supervisor::Backoff;
use crate::supervisor::Strategy::{OneForAll, OneForOne};
use std::time::Duration;

const WAITING: Policy = Policy {
    backoff: Some(Backoff::doubling(
        Duration::from_secs(1),
        Duration::from_secs(6),
    )),
    ..PERMANENT
};

#[test]
fn the_first_start_does_not_wait() {
    let mut world = World::new(OneForOne, 3, &[WAITING]);
    world.event(Event::Begin);
    assert_eq!(world.did(), "start a, ready");
}

#[test]
fn waits_double_up_to_the_longest() {
    let mut world = World::up(OneForOne, 9, &[WAITING, PERMANENT]);
    world.next_starts('a', [Outcome::Fail; 4]);
    world.crash('a');
    let waits =
        "start a after 1s, start a after 2s, start a after 4s, start a after 6s, start a after 6s";
    assert_eq!(world.did(), waits);
    world.crash('b');
    assert_eq!(world.did(), "start b");
}

#[test]
fn waits_begin_anew_after_a_long_life() {
    let mut world = World::up(OneForOne, 9, &[WAITING]);
    world.now = Duration::from_secs(5);
    world.crash('a');
    assert_eq!(world.did(), "start a after 1s");
    world.now = Duration::from_secs(10);
    world.crash('a');
    assert_eq!(world.did(), "start a after 2s");
    world.now = Duration::from_secs(16);
    world.crash('a');
    assert_eq!(world.did(), "start a after 1s");
}

#[test]
fn each_failure_counts_although_it_waits() {
    let mut world = World::up(OneForOne, 1, &[WAITING]);
    world.next_starts('a', [Outcome::Fail]);
    world.crash('a');
    assert_eq!(world.did(), "start a after 1s, exit GaveUp(Key(0))");
}

#[test]
fn in_a_group_who_failed_waits_and_those_behind_wait_for_it() {
    let mut world = World::up(OneForAll, 3, &[PERMANENT, WAITING, WAITING]);
    world.crash('b');
    assert_eq!(
        world.did(),
        "stop c, stop a, start a, start b after 1s, start c"
    );
}

#[test]
fn a_command_does_not_wait_and_one_ends_the_wait() {
    let mut world = World::up(OneForOne, 3, &[WAITING]);
    world.next_starts('a', [Outcome::Hang]);
    world.crash('a');
    assert_eq!(world.status('a'), Status::Restarting);
    world.terminate('a', 1);
    assert_eq!(world.did(), "start a after 1s, abort a, reply 1 Done");
    world.restart('a', 2);
    assert_eq!(world.did(), "start a, reply 2 Done");
}
