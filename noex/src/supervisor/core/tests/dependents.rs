//! Who is restarted with whom, when children need each other.

use super::super::{Event, Policy, Status};
use super::world::{Outcome, PERMANENT, TEMPORARY, TRANSIENT, World};
use crate::supervisor::Strategy::Dependents;

/// `a`; `b` and `c` need `a`; `d` needs `b`; `e` needs nobody.
fn shop(policies: [Policy; 5]) -> World {
    let mut world = World::new(Dependents, 3, &policies);
    world.needs('b', "a");
    world.needs('c', "a");
    world.needs('d', "b");
    world.event(Event::Begin);
    assert_eq!(
        world.did(),
        "start a, start b, start c, start d, start e, ready"
    );
    world
}

#[test]
fn who_needs_the_failed_one_is_restarted_and_nobody_else() {
    let mut world = shop([PERMANENT; 5]);
    world.crash('b');
    assert_eq!(world.did(), "stop d, start b, start d");
    world.crash('e');
    assert_eq!(world.did(), "start e");
    world.crash('a');
    assert_eq!(
        world.did(),
        "stop d, stop c, stop b, start a, start b, start c, start d"
    );
}

#[test]
fn a_clean_end_does_not_spread() {
    let mut world = shop([TRANSIENT, PERMANENT, PERMANENT, PERMANENT, PERMANENT]);
    world.end('b', true);
    assert_eq!(world.did(), "start b");
    world.end('a', true);
    assert_eq!(world.did(), "");
    assert_eq!(world.status('a'), Status::Stopped);
}

#[test]
fn a_temporary_one_is_stopped_and_forgotten() {
    let mut world = shop([PERMANENT, TEMPORARY, PERMANENT, PERMANENT, PERMANENT]);
    world.crash('a');
    assert_eq!(
        world.did(),
        "stop d, stop c, stop b, forget b, start a, start c, start d"
    );
    // With it went what connected `d` to `a`.
    world.crash('a');
    assert_eq!(world.did(), "stop c, start a, start c");
}

#[test]
fn a_restart_that_fails_is_tried_again_with_those_behind_it() {
    let mut world = shop([PERMANENT; 5]);
    world.next_starts('b', [Outcome::Fail]);
    world.crash('a');
    assert_eq!(
        world.did(),
        "stop d, stop c, stop b, start a, start b, start b, start c, start d"
    );
}

#[test]
fn others_are_restarted_while_a_group_waits() {
    let mut world = shop([PERMANENT; 5]);
    world.next_starts('b', [Outcome::Hang]);
    world.crash('a');
    assert_eq!(world.did(), "stop d, stop c, stop b, start a, start b");
    world.crash('e');
    assert_eq!(world.did(), "start e");
    world.come_up('b');
    assert_eq!(world.did(), "start c, start d");
}

#[test]
fn a_failure_in_mid_restart_widens_the_group() {
    let mut world = shop([PERMANENT; 5]);
    world.next_starts('b', [Outcome::Hang]);
    world.crash('b');
    assert_eq!(world.did(), "stop d, start b");
    world.crash('a');
    assert_eq!(
        world.did(),
        "stop c, abort b, start a, start b, start c, start d"
    );
}

#[test]
fn several_who_die_at_once_fail_once() {
    let mut world = shop([PERMANENT; 5]);
    for _ in 0..3 {
        world.end_unseen('a', false);
        world.end_unseen('b', false);
        world.end_unseen('d', false);
        world.run();
        assert_eq!(
            world.did(),
            "stop d, stop c, start a, start b, start c, start d",
            "one failure"
        );
    }
}

#[test]
fn added_children_take_part() {
    let mut world = shop([PERMANENT; 5]);
    world.add_needing(PERMANENT, "e", 1);
    assert_eq!(world.did(), "start f, reply 1 Done");
    world.crash('e');
    assert_eq!(world.did(), "stop f, start e, start f");
    // One that comes in mid-restart waits for its turn.
    world.next_starts('a', [Outcome::Hang]);
    world.crash('a');
    world.add_needing(PERMANENT, "a", 2);
    assert_eq!(world.did(), "stop d, stop c, stop b, start a");
    world.come_up('a');
    assert_eq!(
        world.did(),
        "start b, start c, start d, start g, reply 2 Done"
    );
}

#[test]
fn who_is_terminated_in_mid_restart_stays_down() {
    let mut world = shop([PERMANENT; 5]);
    world.next_starts('a', [Outcome::Hang]);
    world.crash('a');
    world.terminate('c', 1);
    world.come_up('a');
    assert_eq!(
        world.did(),
        "stop d, stop c, stop b, start a, reply 1 Done, start b, start d"
    );
}

#[test]
fn all_end_in_reverse_even_in_mid_restart() {
    let mut world = shop([PERMANENT; 5]);
    world.next_starts('b', [Outcome::Hang]);
    world.crash('a');
    world.did();
    world.event(Event::Shutdown);
    assert_eq!(world.did(), "stop e, abort b, stop a, exit Shutdown");
}

#[test]
fn one_that_comes_up_before_it_has_to_fall_is_not_forgotten() {
    let mut world = shop([PERMANENT; 5]);
    world.next_starts('b', [Outcome::Hang]);
    world.end('b', true);
    world.deaf.insert('d');
    world.crash('a');
    assert_eq!(world.did(), "start b, stop d");
    world.come_up('b');
    let late = world.present('d');
    world.event(Event::Expired(late));
    assert_eq!(
        world.did(),
        "kill d, stop c, stop b, start a, start b, start c, start d"
    );
}
