//! Generated histories: the core does what the reference does, in the same order.

use super::super::{Core, Event, Policy};
use super::reference::Reference;
use super::world::{Outcome, PERMANENT, World, intensity};
use crate::process::Restart;
use crate::supervisor::Strategy;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::Strategy as Generate;
use std::time::Duration;

/// One thing that happens; children are meant by position, modulo their number.
#[derive(Clone, Debug)]
enum Step {
    Ends(usize, bool),
    Terminate(usize),
    Restart(usize),
    Delete(usize),
    Add(Policy),
    Passes(Duration),
    NextStarts(usize, Vec<Outcome>),
    Shutdown,
}

fn policy() -> impl Generate<Value = Policy> {
    let restart = prop_oneof![
        4 => Just(Restart::Permanent),
        2 => Just(Restart::Transient),
        1 => Just(Restart::Temporary),
    ];
    restart.prop_map(|restart| Policy {
        restart,
        ..PERMANENT
    })
}

fn step() -> impl Generate<Value = Step> {
    let outcome = prop_oneof![
        4 => Just(Outcome::Fail),
        1 => Just(Outcome::Up),
        1 => Just(Outcome::Ignore),
    ];
    prop_oneof![
        10 => (0..8usize, any::<bool>()).prop_map(|(at, clean)| Step::Ends(at, clean)),
        2 => (0..8usize).prop_map(Step::Terminate),
        2 => (0..8usize).prop_map(Step::Restart),
        1 => (0..8usize).prop_map(Step::Delete),
        1 => policy().prop_map(Step::Add),
        4 => (0..4u64).prop_map(|s| Step::Passes(Duration::from_millis(s * 2_500))),
        4 => (0..8usize, vec(outcome, 1..4)).prop_map(|(at, next)| Step::NextStarts(at, next)),
        1 => Just(Step::Shutdown),
    ]
}

fn strategy() -> impl Generate<Value = Strategy> {
    prop_oneof![
        Just(Strategy::OneForOne),
        Just(Strategy::OneForAll),
        Just(Strategy::RestForOne),
        Just(Strategy::Dependents),
    ]
}

/// The same supervisor twice. Of each pair, the later child needs the earlier one.
fn both(
    strategy: Strategy,
    max_restarts: u32,
    children: &[Policy],
    needs: &[(usize, usize)],
) -> (World, Reference) {
    let mut world = World::new(strategy, max_restarts, children);
    let mut reference = Reference::new(strategy, intensity(max_restarts), children);
    let pairs = needs.iter().filter(|(a, b)| a != b);
    for (a, b) in pairs.filter(|(a, b)| *a.max(b) < children.len()) {
        let (first, second) = (
            reference.children[*a.min(b)].name,
            reference.children[*a.max(b)].name,
        );
        reference.needs(second, first);
        world.needs(second, &first.to_string());
    }
    (world, reference)
}

/// Does the same to both.
fn apply(step: &Step, world: &mut World, reference: &mut Reference) {
    if let Step::Shutdown = step {
        world.event(Event::Shutdown);
        return reference.shutdown();
    }
    if let Step::Passes(time) = step {
        world.now += *time;
        reference.now += *time;
        return;
    }
    if let Step::Add(policy) = step {
        world.add(*policy, 0);
        return reference.add(*policy);
    }
    let count = reference.children.len();
    let (Step::Ends(at, _)
    | Step::Terminate(at)
    | Step::Restart(at)
    | Step::Delete(at)
    | Step::NextStarts(at, _)) = step
    else {
        return;
    };
    let Some(at) = at.checked_rem(count) else {
        return;
    };
    let name = reference.children[at].name;
    match step {
        Step::Ends(_, clean) if reference.children[at].up => {
            world.end(name, *clean);
            reference.ended(at, *clean);
        }
        Step::Terminate(_) => {
            world.terminate(name, 0);
            reference.terminate(at);
        }
        Step::Restart(_) => {
            world.restart(name, 0);
            reference.restart(at);
        }
        Step::Delete(_) => {
            world.delete(name, 0);
            reference.delete(at);
        }
        Step::NextStarts(_, outcomes) => {
            world.next_starts(name, outcomes.iter().copied());
            let planned = reference.outcomes.entry(name).or_default();
            planned.extend(outcomes.iter().copied());
        }
        _ => {}
    }
}

/// Neither ticket numbers nor keys mean anything to the reference.
fn comparable(log: &str) -> Vec<String> {
    let words = log.split(", ").filter(|it| !it.is_empty());
    words
        .map(|it| it.replace("reply 0", "reply"))
        .map(|it| it.split('(').next().unwrap_or_default().to_owned())
        .collect()
}

/// 2,000 histories; another number with `PROPTEST_CASES`.
fn config() -> ProptestConfig {
    let default = ProptestConfig::default();
    let asked_for = std::env::var_os("PROPTEST_CASES").is_some();
    ProptestConfig {
        cases: if asked_for { default.cases } else { 2_000 },
        failure_persistence: None,
        ..default
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_core_does_what_the_reference_does(
        strategy in strategy(),
        max_restarts in 0..6u32,
        children in vec(policy(), 0..6),
        needs in vec((0..6usize, 0..6usize), 0..6),
        first in vec((0..6usize, Just(Outcome::Fail)), 0..2),
        steps in vec(step(), 0..40),
    ) {
        let (mut world, mut reference) = both(strategy, max_restarts, &children, &needs);
        for (at, outcome) in first {
            // Rarely: most histories are to get beyond the first start.
            if at < children.len() && max_restarts == 5 {
                let name = reference.children[at].name;
                world.next_starts(name, [outcome]);
                reference.outcomes.entry(name).or_default().push_back(outcome);
            }
        }
        world.event(Event::Begin);
        reference.begin();
        for step in &steps {
            if reference.over {
                break;
            }
            apply(step, &mut world, &mut reference);
        }
        let done = comparable(&world.did());
        prop_assert_eq!(done, reference.log);
        let up = reference.children.iter().filter(|it| it.up).count();
        prop_assert_eq!(world.alive(), up);
    }

    #[test]
    fn a_dynamic_core_does_what_the_reference_does(
        max_restarts in 0..6u32,
        max_children in 0..6usize,
        children in vec(policy(), 0..6),
        steps in vec(step(), 0..40),
    ) {
        let limit = intensity(max_restarts);
        let mut world = World::of(Core::dynamic(limit, max_children));
        let mut reference = Reference::dynamic(limit, max_children);
        world.event(Event::Begin);
        reference.begin();
        let begin = children.iter().map(|policy| Step::Add(*policy));
        // Nobody can ask for the restart of what is forgotten, or delete it.
        let steps = steps.into_iter().filter(|it| !matches!(it, Step::Restart(_) | Step::Delete(_)));
        for step in begin.chain(steps) {
            if reference.over {
                break;
            }
            apply(&step, &mut world, &mut reference);
        }
        prop_assert_eq!(comparable(&world.did()), reference.log);
        let up = reference.children.iter().filter(|it| it.up).count();
        prop_assert_eq!(world.alive(), up);
    }
}
