//! Every order of events in small trees: all states that follow from the start are visited, with a few
//! faults to spend.

use super::super::Policy;
use super::sim::{Budget, CHILDREN, Shape, Sim};
use super::world::{PERMANENT, TEMPORARY, TRANSIENT};
use crate::supervisor::Strategy;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};

const POLICIES: [Policy; 3] = [PERMANENT, TRANSIENT, TEMPORARY];

const SHAPES: [Shape; 7] = [
    Shape::Listed(Strategy::OneForOne),
    Shape::Listed(Strategy::OneForAll),
    Shape::Listed(Strategy::RestForOne),
    // A chain, a fork, and one that stands alone.
    Shape::Dependents([0, 0b001, 0b010]),
    Shape::Dependents([0, 0b001, 0b001]),
    Shape::Dependents([0, 0, 0b001]),
    Shape::Dynamic,
];

/// Visits all states that follow; returns how many there are.
fn explore(start: Sim) -> usize {
    let mut seen = HashSet::new();
    let mut todo = vec![start];
    while let Some(sim) = todo.pop() {
        let mut hasher = DefaultHasher::new();
        sim.hash(&mut hasher);
        if !seen.insert(hasher.finish()) {
            continue;
        }
        let next = sim.next();
        if next.iter().all(|(spent, _)| *spent) {
            sim.check_at_rest();
        }
        todo.extend(next.into_iter().map(|(_, sim)| sim));
    }
    seen.len()
}

fn explore_all(name: &str, policies: &[[Policy; CHILDREN]], max_restarts: u8, budget: Budget) {
    for shape in SHAPES {
        // All children of a dynamic supervisor end at once: their limits one by one would be most of the states.
        let expiries = match shape {
            Shape::Dynamic => 0,
            _ => budget.expiries,
        };
        let budget = Budget { expiries, ..budget };
        let of = |policies: &[Policy; CHILDREN]| {
            explore(Sim::new(shape, *policies, max_restarts, budget))
        };
        // Children without an order can be exchanged: one mixture of each kind is all.
        let counts = |policies: &&[Policy; CHILDREN]| {
            shape != Shape::Dynamic || policies.is_sorted_by_key(|policy| policy.restart as u8)
        };
        let states: usize = policies.iter().filter(counts).map(of).sum();
        println!("{name}, {shape:?}: {states} states");
        assert!(states > 10_000, "hardly anything was visited");
    }
}

fn mixtures() -> Vec<[Policy; CHILDREN]> {
    let mut all = Vec::new();
    for a in POLICIES {
        for b in POLICIES {
            all.extend(POLICIES.map(|c| [a, b, c]));
        }
    }
    all
}

#[test]
fn every_mixture_of_restart_types() {
    let budget = Budget {
        ends: 2,
        failed_starts: 0,
        expiries: 0,
        terminations: 0,
        shutdowns: 1,
    };
    explore_all("mixtures", &mixtures(), 1, budget);
}

#[test]
fn deaths_and_failing_restarts() {
    let budget = Budget {
        ends: 2,
        failed_starts: 2,
        expiries: 0,
        terminations: 0,
        shutdowns: 1,
    };
    explore_all("failing restarts", &[[PERMANENT; CHILDREN]], 2, budget);
}

#[test]
fn deaths_terminations_and_limits() {
    let budget = Budget {
        ends: 1,
        failed_starts: 0,
        expiries: 1,
        terminations: 1,
        shutdowns: 1,
    };
    let trees = [[PERMANENT; CHILDREN], [TRANSIENT, PERMANENT, TEMPORARY]];
    explore_all("commands", &trees, 2, budget);
}
