//! Who is restarted, in which order.

use super::super::{Event, Policy, Status};
use super::world::{Outcome, PERMANENT, TEMPORARY, TRANSIENT, World};
use crate::supervisor::Strategy::{self, OneForAll, OneForOne, RestForOne};

#[test]
fn rs_01_permanent_is_always_restarted() {
    for clean in [true, false] {
        let mut world = World::up(OneForOne, 3, &[PERMANENT]);
        world.end('a', clean);
        assert_eq!(world.did(), "start a");
    }
}

#[test]
fn rs_02_transient_stays_down_after_a_clean_exit() {
    let mut world = World::up(OneForOne, 0, &[TRANSIENT]);
    world.end('a', true);
    assert_eq!(world.did(), "");
    assert_eq!(world.status('a'), Status::Stopped);
}

#[test]
fn rs_03_transient_is_restarted_after_a_failure() {
    let mut world = World::up(OneForOne, 3, &[TRANSIENT]);
    world.crash('a');
    assert_eq!(world.did(), "start a");
}

#[test]
fn rs_04_temporary_is_forgotten() {
    for clean in [true, false] {
        let mut world = World::up(OneForOne, 0, &[TEMPORARY]);
        world.end('a', clean);
        assert_eq!(world.did(), "forget a");
    }
}

#[test]
fn rs_05_one_for_one_leaves_siblings_alone() {
    let mut world = World::up(OneForOne, 3, &[PERMANENT; 3]);
    world.crash('b');
    assert_eq!(world.did(), "start b");
}

#[test]
fn rs_06_one_for_all_stops_in_reverse_and_starts_in_order() {
    let mut world = World::up(OneForAll, 3, &[PERMANENT; 3]);
    world.crash('b');
    assert_eq!(world.did(), "stop c, stop a, start a, start b, start c");
}

#[test]
fn rs_07_rest_for_one_restarts_those_behind() {
    let mut world = World::up(RestForOne, 3, &[PERMANENT; 4]);
    world.crash('b');
    assert_eq!(world.did(), "stop d, stop c, start b, start c, start d");
}

#[test]
fn rs_08_a_clean_transient_exit_touches_nobody() {
    for strategy in [OneForAll, RestForOne] {
        let mut world = World::up(strategy, 0, &[PERMANENT, TRANSIENT, PERMANENT]);
        world.end('b', true);
        assert_eq!(world.did(), "");
    }
}

#[test]
fn rs_09_a_temporary_death_touches_nobody() {
    for strategy in [OneForAll, RestForOne] {
        let mut world = World::up(strategy, 0, &[PERMANENT, TEMPORARY, PERMANENT]);
        world.crash('b');
        assert_eq!(world.did(), "forget b");
    }
}

#[test]
fn rs_10_a_temporary_sibling_is_stopped_and_forgotten() {
    let mut world = World::up(OneForAll, 3, &[PERMANENT, TEMPORARY, PERMANENT]);
    world.crash('a');
    assert_eq!(world.did(), "stop c, stop b, forget b, start a, start c");
}

#[test]
fn rs_11_a_group_restart_starts_those_that_were_down() {
    for strategy in [OneForAll, RestForOne] {
        let mut world = World::up(strategy, 3, &[PERMANENT, TRANSIENT, PERMANENT]);
        world.end('b', true);
        world.terminate('c', 1);
        world.did();
        world.crash('a');
        assert_eq!(world.did(), "start a, start b, start c");
    }
}

#[test]
fn rs_12_one_for_all_starts_over_when_a_start_fails() {
    let mut world = World::up(OneForAll, 3, &[PERMANENT; 3]);
    world.next_starts('c', [Outcome::Fail]);
    world.crash('a');
    assert_eq!(
        world.did(),
        "stop c, stop b, start a, start b, start c, stop b, stop a, start a, start b, start c"
    );
}

#[test]
fn rs_13_rest_for_one_goes_on_where_a_start_failed() {
    let mut world = World::up(RestForOne, 3, &[PERMANENT; 4]);
    world.next_starts('c', [Outcome::Fail]);
    world.crash('a');
    assert_eq!(
        world.did(),
        "stop d, stop c, stop b, start a, start b, start c, start c, start d"
    );
}

#[test]
fn rs_19_a_restart_may_be_ignored() {
    let mut world = World::up(OneForOne, 3, &[PERMANENT]);
    world.next_starts('a', [Outcome::Ignore]);
    world.crash('a');
    assert_eq!(world.did(), "start a");
    assert_eq!(world.status('a'), Status::Stopped);

    let mut world = World::up(OneForAll, 3, &[PERMANENT; 2]);
    world.next_starts('a', [Outcome::Ignore]);
    world.crash('b');
    assert_eq!(world.did(), "stop a, start a, start b");
    assert_eq!(world.status('a'), Status::Stopped);
}

#[test]
fn rs_20_two_deaths_at_once_are_one_group_restart() {
    let mut world = World::up(OneForAll, 1, &[PERMANENT; 3]);
    world.end_unseen('a', false);
    world.end_unseen('b', false);
    world.run();
    assert_eq!(world.did(), "stop c, start a, start b, start c");
    world.crash('a');
    assert!(world.did().ends_with("exit GaveUp(Key(0))"));
}

#[test]
fn rs_21_rest_for_one_never_charges_a_stale_death() {
    let mut world = World::up(RestForOne, 1, &[PERMANENT; 3]);
    let stale = world.present('c');
    world.end_unseen('a', false);
    world.end_unseen('c', false);
    world.run();
    assert_eq!(world.did(), "stop c, stop b, start a, start b, start c");
    world.event(Event::Exited {
        child: stale,
        clean: false,
    });
    world.event(Event::Failed(stale));
    world.event(Event::Started(stale));
    assert_eq!(world.did(), "");
    assert_eq!(world.status('c'), Status::Running);
}

#[test]
fn r26_a_later_death_in_a_group_restart_widens_it() {
    // The earlier child dies while the later ones are being stopped: one more failure, one restart.
    let mut world = World::up(RestForOne, 2, &[PERMANENT; 3]);
    world.deaf.insert('c');
    world.crash('b');
    assert_eq!(world.did(), "stop c");
    world.crash('a');
    assert_eq!(world.did(), "");
    let stopping = world.present('c');
    world.event(Event::Expired(stopping));
    assert_eq!(world.did(), "kill c, start a, start b, start c");
    world.deaf.clear();
    world.crash('a');
    assert!(world.did().ends_with("exit GaveUp(Key(0))"));
}

#[test]
fn r26_a_death_while_the_group_rises_starts_it_over() {
    let mut world = World::up(OneForAll, 2, &[PERMANENT; 3]);
    world.next_starts('c', [Outcome::Hang]);
    world.crash('b');
    assert_eq!(world.did(), "stop c, stop a, start a, start b, start c");
    world.crash('a');
    assert_eq!(world.did(), "abort c, stop b, start a, start b, start c");

    let mut world = World::up(RestForOne, 2, &[PERMANENT; 4]);
    world.next_starts('d', [Outcome::Hang]);
    world.crash('b');
    world.did();
    world.crash('c');
    assert_eq!(world.did(), "abort d, start c, start d");
}

#[test]
fn r01_a_restart_waits_for_the_end_of_the_old_incarnation() {
    for strategy in [OneForAll, RestForOne] {
        let mut world = World::up(strategy, 3, &[PERMANENT; 3]);
        world.deaf.extend(['b', 'c']);
        world.crash('a');
        assert_eq!(world.did(), "stop c");
        world.end('c', true);
        assert_eq!(world.did(), "stop b");
        world.end('b', true);
        assert_eq!(world.did(), "start a, start b, start c");
    }
}

#[test]
fn r27_a_key_used_again_does_not_hear_of_its_former_owner() {
    let mut world = World::up(OneForOne, 0, &[TEMPORARY]);
    let old = world.present('a');
    world.crash('a');
    world.add(PERMANENT, 1);
    assert_eq!(world.key('b'), old.key);
    world.event(Event::Exited {
        child: old,
        clean: false,
    });
    assert_eq!(world.did(), "forget a, start b, reply 1 Done");
}

#[test]
fn one_for_one_restarts_do_not_wait_for_each_other() {
    let mut world = World::up(OneForOne, 3, &[PERMANENT; 3]);
    world.next_starts('a', [Outcome::Hang]);
    world.crash('a');
    world.crash('b');
    assert_eq!(world.did(), "start a, start b");
    assert_eq!(world.status('a'), Status::Restarting);
}

#[test]
fn a_group_of_any_make_up_comes_back_whole() {
    let policies: [Policy; 3] = [PERMANENT, TRANSIENT, TEMPORARY];
    for strategy in [OneForAll, RestForOne] as [Strategy; 2] {
        for second in policies {
            let mut world = World::up(strategy, 1, &[PERMANENT, second, PERMANENT]);
            world.crash('a');
            assert!(world.is_alive('a') && world.is_alive('c'));
        }
    }
}
