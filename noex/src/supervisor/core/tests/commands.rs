//! Children managed at run time.

use super::super::{Event, Status, Ticket};
use super::world::{Outcome, PERMANENT, TEMPORARY, TRANSIENT, World};
use crate::supervisor::Strategy::{OneForAll, OneForOne, RestForOne};

#[test]
fn ch_03_terminate_keeps_the_spec() {
    for policy in [PERMANENT, TRANSIENT] {
        let mut world = World::up(OneForOne, 0, &[policy, PERMANENT]);
        world.terminate('a', 1);
        assert_eq!(world.did(), "stop a, reply 1 Done");
        assert_eq!(world.status('a'), Status::Stopped);
    }
}

#[test]
fn ch_04_terminate_forgets_a_temporary_child() {
    let mut world = World::up(OneForOne, 0, &[TEMPORARY]);
    let key = world.key('a');
    world.terminate('a', 1);
    assert_eq!(world.did(), "stop a, reply 1 Done, forget a");
    world.event(Event::Restart(key, Ticket(2)));
    assert_eq!(world.did(), "reply 2 NotFound");
}

#[test]
fn ch_05_terminate_of_a_stopped_child_is_done() {
    let mut world = World::up(OneForOne, 0, &[PERMANENT]);
    world.terminate('a', 1);
    world.terminate('a', 2);
    assert_eq!(world.did(), "stop a, reply 1 Done, reply 2 Done");
}

#[test]
fn ch_06_ch_07_restart_and_delete_by_state() {
    let mut world = World::up(OneForOne, 0, &[PERMANENT]);
    world.restart('a', 1);
    world.delete('a', 2);
    assert_eq!(world.did(), "reply 1 Running, reply 2 Running");
    world.deaf.insert('a');
    world.terminate('a', 3);
    world.restart('a', 4);
    world.terminate('a', 5);
    assert_eq!(world.did(), "stop a, reply 4 Running");
    world.end('a', true);
    assert_eq!(world.did(), "reply 3 Done, reply 5 Done");
    world.restart('a', 6);
    assert_eq!(world.did(), "start a, reply 6 Done");
    world.deaf.clear();
    world.terminate('a', 7);
    world.delete('a', 8);
    assert_eq!(world.did(), "stop a, reply 7 Done, forget a, reply 8 Done");
}

#[test]
fn ch_08_a_failed_addition_leaves_nothing() {
    for strategy in [OneForOne, OneForAll, RestForOne] {
        let mut world = World::up(strategy, 0, &[PERMANENT]);
        world.next_starts('b', [Outcome::Fail]);
        world.add(PERMANENT, 1);
        assert_eq!(world.did(), "start b, reply 1 Failed, forget b");
    }
}

#[test]
fn ch_09_a_failed_restart_by_hand_keeps_the_spec() {
    let mut world = World::up(OneForAll, 0, &[PERMANENT; 2]);
    world.terminate('a', 1);
    world.next_starts('a', [Outcome::Fail]);
    world.did();
    world.restart('a', 2);
    assert_eq!(world.did(), "start a, reply 2 Failed");
    assert_eq!(world.status('a'), Status::Stopped);
}

#[test]
fn ch_12_an_added_child_is_the_last() {
    let mut world = World::up(RestForOne, 3, &[PERMANENT, TEMPORARY, PERMANENT]);
    world.crash('b');
    world.add(PERMANENT, 1);
    assert_eq!(world.did(), "forget b, start d, reply 1 Done");
    world.crash('c');
    assert_eq!(world.did(), "stop d, start c, start d");
    world.event(Event::Shutdown);
    assert_eq!(world.did(), "stop d, stop c, stop a, exit Shutdown");
}

#[test]
fn ch_12_an_addition_waits_for_the_group_that_is_restarting() {
    let mut world = World::up(OneForAll, 3, &[PERMANENT; 2]);
    world.next_starts('b', [Outcome::Hang]);
    world.crash('a');
    world.did();
    world.add(TEMPORARY, 1);
    assert_eq!(world.did(), "");
    world.come_up('b');
    assert_eq!(world.did(), "start c, reply 1 Done");
}

#[test]
fn ch_12_an_addition_survives_a_group_restart() {
    let mut world = World::up(OneForAll, 3, &[PERMANENT]);
    world.next_starts('b', [Outcome::Hang]);
    world.add(TEMPORARY, 1);
    world.crash('a');
    assert_eq!(
        world.did(),
        "start b, abort b, start a, start b, reply 1 Done"
    );
}

#[test]
fn rs_15_rs_16_rs_17_commands_in_an_endless_restart() {
    for strategy in [OneForOne, OneForAll, RestForOne] {
        let mut world = World::up(strategy, u32::MAX, &[PERMANENT; 3]);
        world.next_starts('b', [Outcome::Fail; 50]);
        world.next_starts('b', [Outcome::Hang]);
        world.crash('b');
        world.did();
        assert_eq!(world.status('b'), Status::Restarting);
        world.restart('b', 1);
        world.delete('b', 2);
        assert_eq!(world.did(), "reply 1 Restarting, reply 2 Restarting");
        world.terminate('b', 3);
        let did = world.did();
        let rest = if strategy == OneForOne {
            ""
        } else {
            ", start c"
        };
        let other_order = format!("abort b{rest}, reply 3 Done");
        assert!(
            did == format!("abort b, reply 3 Done{rest}") || did == other_order,
            "{strategy:?}: {did}"
        );
        assert_eq!(world.status('b'), Status::Stopped);
        assert!(world.is_alive('a') && world.is_alive('c'));
    }
}

#[test]
fn rs_16_a_child_terminated_while_it_waits_for_its_turn() {
    let mut world = World::up(OneForAll, 3, &[PERMANENT; 3]);
    world.next_starts('a', [Outcome::Hang]);
    world.crash('a');
    world.did();
    world.restart('c', 1);
    world.terminate('c', 2);
    assert_eq!(world.did(), "reply 1 Restarting, reply 2 Done");
    world.come_up('a');
    assert_eq!(world.did(), "start b");
    // The next group restart takes it along again.
    world.crash('b');
    assert_eq!(world.did(), "stop a, start a, start b, start c");
}

#[test]
fn r26_a_child_terminated_while_the_group_stops() {
    let mut world = World::up(OneForAll, 3, &[PERMANENT; 3]);
    world.deaf.insert('c');
    world.crash('a');
    world.terminate('c', 1);
    world.end('c', true);
    assert_eq!(
        world.did(),
        "stop c, reply 1 Done, stop b, start a, start b"
    );
}

#[test]
fn a_start_by_hand_is_cancelled_by_terminate_and_by_shutdown() {
    let mut world = World::up(OneForOne, 0, &[PERMANENT]);
    world.next_starts('b', [Outcome::Hang]);
    world.next_starts('c', [Outcome::Hang]);
    world.add(PERMANENT, 1);
    world.terminate('b', 2);
    assert_eq!(
        world.did(),
        "start b, reply 1 Cancelled, abort b, reply 2 Done"
    );
    world.add(PERMANENT, 3);
    world.event(Event::Shutdown);
    assert_eq!(
        world.did(),
        "start c, reply 3 ShuttingDown, abort c, stop a, exit Shutdown"
    );
    world.terminate('a', 4);
    world.add(PERMANENT, 5);
    assert_eq!(world.did(), "reply 4 ShuttingDown, reply 5 ShuttingDown");
}

#[test]
fn terminate_waits_for_the_end_even_when_the_supervisor_closes() {
    let mut world = World::up(OneForOne, 0, &[PERMANENT; 2]);
    world.deaf.insert('a');
    world.terminate('a', 1);
    world.event(Event::Shutdown);
    assert_eq!(world.did(), "stop a, stop b");
    world.end('a', true);
    assert_eq!(world.did(), "reply 1 Done, exit Shutdown");
}

#[test]
fn a_stuck_child_is_admitted_to_whoever_terminates_it() {
    let mut world = World::up(OneForOne, 0, &[PERMANENT]);
    world.deaf.insert('a');
    world.immortal.insert('a');
    world.terminate('a', 1);
    let stuck = world.present('a');
    world.event(Event::Expired(stuck));
    world.event(Event::Stuck(stuck));
    assert_eq!(world.did(), "stop a, kill a, reply 1 Stuck");
    world.restart('a', 2);
    world.end('a', false);
    world.restart('a', 3);
    assert_eq!(world.did(), "reply 2 Restarting, start a, reply 3 Done");
}

#[test]
fn a_restart_by_hand_waits_for_its_turn_in_the_group() {
    let mut world = World::up(OneForAll, 3, &[PERMANENT; 3]);
    world.next_starts('a', [Outcome::Hang]);
    world.crash('a');
    world.terminate('c', 1);
    world.did();
    world.restart('c', 2);
    assert_eq!(world.did(), "");
    world.come_up('a');
    assert_eq!(world.did(), "start b, start c, reply 2 Done");
}

#[test]
fn a_first_start_after_the_supervisor_is_up_is_a_restart_like_any_other() {
    let mut world = World::new(OneForAll, 3, &[PERMANENT; 2]);
    world.next_starts('a', [Outcome::Hang]);
    world.event(Event::Begin);
    world.terminate('b', 1);
    world.come_up('a');
    assert_eq!(world.did(), "start a, reply 1 Done, ready");
    world.next_starts('b', [Outcome::Fail]);
    world.crash('a');
    assert_eq!(world.did(), "start a, start b, stop a, start a, start b");
}
