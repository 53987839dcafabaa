//! Supervisors that end with their children.

use super::super::{Core, Event, Policy};
use super::world::{PERMANENT, TEMPORARY, TRANSIENT, World, intensity};
use crate::supervisor::AutoShutdown::{self, AllSignificant, AnySignificant};
use crate::supervisor::Strategy::{self, OneForAll, OneForOne};

const SIGNIFICANT_TRANSIENT: Policy = significant(TRANSIENT);
const SIGNIFICANT_TEMPORARY: Policy = significant(TEMPORARY);

const fn significant(policy: Policy) -> Policy {
    Policy {
        significant: true,
        ..policy
    }
}

fn up(strategy: Strategy, auto: AutoShutdown, children: &[Policy]) -> World {
    let core = Core::new(strategy, intensity(3), auto, children.iter().copied());
    let mut world = World::of(core);
    world.event(Event::Begin);
    world.did();
    world
}

#[test]
fn si_01_any_significant_ends_cleanly() {
    let mut world = up(
        OneForOne,
        AnySignificant,
        &[PERMANENT, SIGNIFICANT_TRANSIENT],
    );
    world.end('b', true);
    assert_eq!(world.did(), "stop a, exit AutoShutdown(Key(1))");
}

#[test]
fn si_02_a_significant_child_that_fails_is_restarted() {
    let mut world = up(
        OneForOne,
        AnySignificant,
        &[PERMANENT, SIGNIFICANT_TRANSIENT],
    );
    world.crash('b');
    assert_eq!(world.did(), "start b");
}

#[test]
fn si_03_a_significant_temporary_ends_for_any_reason() {
    for clean in [true, false] {
        let mut world = up(
            OneForOne,
            AnySignificant,
            &[PERMANENT, SIGNIFICANT_TEMPORARY],
        );
        world.end('b', clean);
        assert_eq!(world.did(), "forget b, stop a, exit AutoShutdown(Key(1))");
    }
}

#[test]
fn si_04_others_do_not_matter() {
    let mut world = up(
        OneForOne,
        AnySignificant,
        &[TRANSIENT, SIGNIFICANT_TRANSIENT],
    );
    world.end('a', true);
    assert_eq!(world.did(), "");
}

#[test]
fn si_05_all_significant_waits_for_the_last() {
    let mut world = up(
        OneForOne,
        AllSignificant,
        &[SIGNIFICANT_TRANSIENT, PERMANENT, SIGNIFICANT_TEMPORARY],
    );
    world.end('a', true);
    assert_eq!(world.did(), "");
    world.end('c', true);
    assert_eq!(world.did(), "forget c, stop b, exit AutoShutdown(Key(2))");
}

#[test]
fn si_06_si_07_a_terminated_child_does_not_count() {
    let mut world = up(OneForOne, AllSignificant, &[SIGNIFICANT_TRANSIENT; 2]);
    world.terminate('a', 1);
    assert_eq!(world.did(), "stop a, reply 1 Done");
    world.end('b', true);
    assert_eq!(world.did(), "exit AutoShutdown(Key(1))");

    // Nor while it is being stopped.
    let mut world = up(OneForOne, AllSignificant, &[SIGNIFICANT_TRANSIENT; 2]);
    world.deaf.insert('a');
    world.terminate('a', 1);
    world.end('b', true);
    world.end('a', true);
    assert_eq!(
        world.did(),
        "stop a, reply 1 Done, exit AutoShutdown(Key(1))"
    );

    let mut world = up(OneForOne, AnySignificant, &[SIGNIFICANT_TRANSIENT]);
    world.terminate('a', 1);
    assert_eq!(world.did(), "stop a, reply 1 Done");
}

#[test]
fn si_08_a_bystander_of_a_group_restart_does_not_count() {
    let children = [PERMANENT, SIGNIFICANT_TEMPORARY, SIGNIFICANT_TRANSIENT];
    let mut world = up(OneForAll, AnySignificant, &children);
    world.crash('a');
    assert_eq!(world.did(), "stop c, stop b, forget b, start a, start c");
}

#[test]
fn si_08_nor_does_one_that_ends_before_its_turn_to_be_stopped() {
    let children = [PERMANENT, SIGNIFICANT_TRANSIENT, PERMANENT];
    let mut world = up(OneForAll, AnySignificant, &children);
    world.deaf.insert('c');
    world.crash('a');
    world.end('b', true);
    world.end('c', true);
    assert_eq!(world.did(), "stop c, start a, start b, start c");
}
