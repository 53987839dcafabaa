//! Children that come and go.

use super::super::Event;
use super::super::{Answer, Core, Policy, Status};
use super::world::{LIMIT, Outcome, PERMANENT, TEMPORARY, TRANSIENT, World, intensity};

fn dynamic(max_restarts: u32, max_children: usize, policies: &[Policy]) -> World {
    let mut world = World::of(Core::dynamic(intensity(max_restarts), max_children));
    world.event(Event::Begin);
    for policy in policies {
        world.add(*policy, 0);
    }
    world.did();
    world
}

#[test]
fn it_is_ready_without_children() {
    let mut world = World::of(Core::dynamic(intensity(3), 1));
    world.event(Event::Begin);
    assert_eq!(world.did(), "ready");
    world.add(PERMANENT, 1);
    assert_eq!(world.did(), "start a, reply 1 Done");
}

#[test]
fn dy_02_no_more_than_the_most() {
    let mut world = dynamic(3, 2, &[PERMANENT, TEMPORARY]);
    world.add(PERMANENT, 1);
    assert_eq!(world.did(), format!("reply 1 {:?}", Answer::MaxChildren));
    world.crash('b');
    world.add(PERMANENT, 2);
    assert_eq!(world.did(), "forget b, start c, reply 2 Done");
}

#[test]
fn dy_03_one_that_is_being_restarted_counts() {
    let mut world = dynamic(3, 1, &[PERMANENT]);
    world.next_starts('a', [Outcome::Hang]);
    world.crash('a');
    assert_eq!(world.status('a'), Status::Restarting);
    world.add(PERMANENT, 1);
    assert_eq!(world.did(), "start a, reply 1 MaxChildren");
}

#[test]
fn dy_04_who_is_down_for_good_is_forgotten() {
    let mut world = dynamic(9, 9, &[PERMANENT, TRANSIENT, TEMPORARY, TRANSIENT]);
    world.end('a', true);
    assert_eq!(world.did(), "start a");
    world.end('b', true);
    assert_eq!(world.did(), "forget b");
    world.end('c', false);
    assert_eq!(world.did(), "forget c");
    world.end('d', false);
    assert_eq!(world.did(), "start d");
    world.terminate('d', 1);
    assert_eq!(world.did(), "stop d, reply 1 Done, forget d");
}

#[test]
fn dy_06_terminating_one_that_is_restarted_ends_it() {
    let mut world = dynamic(9, 9, &[PERMANENT]);
    world.next_starts('a', [Outcome::Hang]);
    world.crash('a');
    world.terminate('a', 1);
    assert_eq!(world.did(), "start a, abort a, reply 1 Done, forget a");
}

#[test]
fn dy_10_who_wants_no_process_is_no_child() {
    let mut world = dynamic(9, 9, &[PERMANENT]);
    world.next_starts('b', [Outcome::Ignore]);
    world.add(PERMANENT, 1);
    assert_eq!(world.did(), "start b, reply 1 Ignored, forget b");
    world.next_starts('a', [Outcome::Ignore]);
    world.crash('a');
    assert_eq!(world.did(), "start a, forget a");
}

#[test]
fn in_14_all_spend_of_one_budget() {
    let mut world = dynamic(1, 9, &[PERMANENT, PERMANENT]);
    world.crash('a');
    assert_eq!(world.did(), "start a");
    world.crash('b');
    assert_eq!(world.did(), "stop a, exit GaveUp(Key(1))");
}

#[test]
fn sh_05_all_are_asked_at_once() {
    let mut world = dynamic(1, 9, &[PERMANENT, TRANSIENT, TEMPORARY]);
    world.deaf.extend(['a', 'b', 'c']);
    world.event(Event::Shutdown);
    assert_eq!(world.did(), "stop c, stop b, stop a");
    world.now = LIMIT;
    for name in ['b', 'a', 'c'] {
        let child = world.present(name);
        world.event(Event::Expired(child));
    }
    assert_eq!(world.did(), "kill b, kill a, kill c, exit Shutdown");
}

#[test]
fn the_end_is_not_held_up_by_one_that_is_stuck() {
    let mut world = dynamic(1, 9, &[PERMANENT, PERMANENT]);
    world.deaf.insert('a');
    world.immortal.insert('a');
    world.event(Event::Shutdown);
    let child = world.present('a');
    world.event(Event::Expired(child));
    assert_eq!(world.did(), "stop b, stop a, kill a");
    world.event(Event::Stuck(child));
    assert_eq!(world.did(), "exit Shutdown");
}
