//! The end of a supervisor.

use super::super::{Event, Policy, Status};
use super::world::{Outcome, PERMANENT, TEMPORARY, World};
use crate::process::Shutdown;
use crate::supervisor::Strategy::{OneForAll, OneForOne, RestForOne};

#[test]
fn sh_01_children_stop_in_reverse_each_awaited() {
    for strategy in [OneForOne, OneForAll, RestForOne] {
        let mut world = World::up(strategy, 3, &[PERMANENT; 3]);
        world.deaf.insert('b');
        world.event(Event::Shutdown);
        assert_eq!(world.did(), "stop c, stop b");
        world.end('b', true);
        assert_eq!(world.did(), "stop a, exit Shutdown");
    }
}

#[test]
fn sh_02_brutal_kill_does_not_ask() {
    let brutal = Policy {
        shutdown: Shutdown::BrutalKill,
        ..PERMANENT
    };
    let mut world = World::up(OneForOne, 3, &[PERMANENT, brutal]);
    world.event(Event::Shutdown);
    assert_eq!(world.did(), "kill b, stop a, exit Shutdown");
}

#[test]
fn sh_03_killed_when_its_time_is_over() {
    let mut world = World::up(OneForOne, 3, &[PERMANENT; 2]);
    world.deaf.insert('b');
    world.event(Event::Shutdown);
    assert_eq!(world.did(), "stop b");
    let late = world.present('b');
    world.event(Event::Expired(late));
    assert_eq!(world.did(), "kill b, stop a, exit Shutdown");
}

#[test]
fn sh_03_a_limit_that_passes_after_the_end_kills_nobody() {
    let mut world = World::up(OneForAll, 3, &[PERMANENT; 2]);
    let old = world.present('b');
    world.crash('a');
    world.did();
    world.event(Event::Expired(old));
    let new = world.present('b');
    world.event(Event::Expired(new));
    assert_eq!(world.did(), "");
}

#[test]
fn sh_07_deaths_during_the_shutdown_restart_nobody() {
    for strategy in [OneForOne, OneForAll, RestForOne] {
        let mut world = World::up(strategy, 3, &[PERMANENT; 3]);
        world.deaf.insert('c');
        world.event(Event::Shutdown);
        world.crash('a');
        assert_eq!(world.did(), "stop c");
        world.crash('c');
        assert_eq!(world.did(), "stop b, exit Shutdown");
    }
}

#[test]
fn sh_15_a_pending_start_is_aborted() {
    let mut world = World::new(OneForOne, 3, &[PERMANENT; 3]);
    world.next_starts('b', [Outcome::Hang]);
    world.event(Event::Begin);
    world.event(Event::Shutdown);
    assert_eq!(
        world.did(),
        "start a, start b, abort b, stop a, exit Shutdown"
    );
}

#[test]
fn sh_15_a_start_that_was_quicker_than_the_abort_is_stopped_in_order() {
    let mut world = World::new(OneForOne, 3, &[PERMANENT; 2]);
    world.next_starts('b', [Outcome::Hang]);
    world.event(Event::Begin);
    world.come_up_unseen('b');
    // The order is given before the report is seen.
    let core = &mut world.core;
    core.handle(Event::Shutdown, world.now);
    world.run();
    assert_eq!(
        world.did(),
        "start a, start b, abort b, stop b, stop a, exit Shutdown"
    );
}

#[test]
fn rs_18_shutdown_in_the_middle_of_a_restart() {
    for strategy in [OneForOne, OneForAll, RestForOne] {
        let mut world = World::up(strategy, 3, &[PERMANENT; 2]);
        world.next_starts('b', [Outcome::Hang]);
        world.crash('b');
        world.did();
        world.event(Event::Shutdown);
        assert_eq!(
            world.did(),
            "abort b, stop a, exit Shutdown",
            "{strategy:?}"
        );
    }
}

#[test]
fn r26_shutdown_while_a_group_is_being_stopped() {
    let mut world = World::up(OneForAll, 3, &[PERMANENT; 3]);
    world.deaf.insert('b');
    world.crash('a');
    world.event(Event::Shutdown);
    assert_eq!(world.did(), "stop c, stop b");
    world.end('b', true);
    assert_eq!(world.did(), "exit Shutdown");
}

#[test]
fn a_stuck_child_does_not_hold_up_the_end() {
    let mut world = World::up(OneForOne, 3, &[PERMANENT; 2]);
    world.deaf.insert('b');
    world.immortal.insert('b');
    world.event(Event::Shutdown);
    let stuck = world.present('b');
    world.event(Event::Expired(stuck));
    assert_eq!(world.did(), "stop b, kill b");
    world.event(Event::Stuck(stuck));
    assert_eq!(world.did(), "stop a, exit Shutdown");
}

#[test]
fn a_stuck_child_holds_up_its_own_restart_only() {
    let mut world = World::up(OneForAll, 3, &[PERMANENT; 2]);
    world.deaf.insert('b');
    world.immortal.insert('b');
    world.crash('a');
    let stuck = world.present('b');
    world.event(Event::Expired(stuck));
    world.event(Event::Stuck(stuck));
    assert_eq!(world.did(), "stop b, kill b");
    world.event(Event::Shutdown);
    assert_eq!(world.did(), "exit Shutdown");
}

#[test]
fn a_start_that_was_given_up_and_succeeds_all_the_same_is_stopped() {
    let mut world = World::new(OneForOne, 3, &[PERMANENT]);
    world.next_starts('a', [Outcome::Hang]);
    world.immortal.insert('a');
    world.event(Event::Begin);
    world.terminate('a', 1);
    let stuck = world.present('a');
    world.event(Event::Stuck(stuck));
    assert_eq!(world.did(), "start a, abort a, ready, reply 1 Stuck");
    world.come_up('a');
    assert_eq!(world.did(), "stop a");
    assert_eq!(world.status('a'), Status::Stopped);
}

#[test]
fn shutdown_before_the_first_start() {
    let mut world = World::new(OneForOne, 3, &[PERMANENT, TEMPORARY]);
    world.event(Event::Shutdown);
    world.event(Event::Begin);
    world.event(Event::Shutdown);
    assert_eq!(world.did(), "exit Shutdown");
}
