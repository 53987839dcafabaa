//! A small tree with all that is under way in it, as one state.

use super::super::{Action, Cause, Core, Event, Incarnation, Key, Policy, Status, Ticket};
use super::world::intensity;
use crate::process::Restart;
use crate::supervisor::{AutoShutdown, Strategy};
use std::collections::VecDeque;
use std::time::Duration;

pub(super) const CHILDREN: usize = 3;

/// The supervisor that is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Shape {
    Listed(Strategy),
    /// Each child needs those whose bits are set.
    Dependents([u8; CHILDREN]),
    Dynamic,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Process {
    None,
    InInit,
    Up,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Order {
    None,
    Abort,
    Stop,
    Kill,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Child {
    process: Process,
    order: Order,
    number: u64,
}

/// Faults that may still happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Budget {
    pub(super) ends: u8,
    pub(super) failed_starts: u8,
    pub(super) expiries: u8,
    pub(super) terminations: u8,
    pub(super) shutdowns: u8,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Sim {
    core: Core,
    shape: Shape,
    policies: [Policy; CHILDREN],
    children: [Child; CHILDREN],
    inbox: VecDeque<Event>,
    budget: Budget,
    /// Failures that nothing else can excuse, and all that might count as one.
    certain_failures: u8,
    possible_failures: u8,
    max_restarts: u8,
    unanswered: u8,
    terminated: [bool; CHILDREN],
    ended_clean: [bool; CHILDREN],
    forgotten: [bool; CHILDREN],
    /// Whether a start has been successful; whether it ever failed; whether its last end was clean.
    settled: [bool; CHILDREN],
    failed: [bool; CHILDREN],
    clean: [bool; CHILDREN],
    exit: Option<Cause>,
}

impl Sim {
    pub(super) fn new(
        shape: Shape,
        policies: [Policy; CHILDREN],
        max_restarts: u8,
        budget: Budget,
    ) -> Self {
        let mut sim = Sim {
            core: core(shape, policies, max_restarts),
            shape,
            policies,
            children: [Child {
                process: Process::None,
                order: Order::None,
                number: 0,
            }; CHILDREN],
            inbox: VecDeque::new(),
            budget,
            certain_failures: 0,
            possible_failures: 0,
            max_restarts,
            unanswered: 0,
            terminated: [false; CHILDREN],
            ended_clean: [false; CHILDREN],
            forgotten: [false; CHILDREN],
            settled: [false; CHILDREN],
            failed: [false; CHILDREN],
            clean: [false; CHILDREN],
            exit: None,
        };
        sim.deliver(Event::Begin);
        if shape == Shape::Dynamic {
            for policy in policies {
                sim.unanswered += 1;
                sim.core.add(policy, [], Ticket(0));
                sim.perform_all();
            }
        }
        sim
    }

    /// All states one step further; a bool says whether a fault was spent for it.
    pub(super) fn next(&self) -> Vec<(bool, Sim)> {
        let mut all = Vec::new();
        let mut go = |spent: bool, change: &dyn Fn(&mut Sim)| {
            let mut next = self.clone();
            change(&mut next);
            all.push((spent, next));
        };
        if !self.inbox.is_empty() {
            go(false, &|sim| {
                let event = sim.inbox.pop_front().expect("it is not empty");
                sim.deliver(event);
            });
        }
        for at in 0..CHILDREN {
            let Child { process, order, .. } = self.children[at];
            if process == Process::InInit {
                go(false, &|sim| sim.report(at, Process::Up, Event::Started));
                if matches!(order, Order::Abort | Order::Kill) {
                    go(false, &|sim| sim.report(at, Process::None, Event::Failed));
                } else if self.budget.failed_starts > 0 {
                    go(true, &|sim| {
                        sim.budget.failed_starts -= 1;
                        sim.report(at, Process::None, Event::Failed);
                    });
                }
            }
            if process == Process::Up {
                if matches!(order, Order::Stop | Order::Kill) {
                    let clean = order == Order::Stop;
                    go(false, &|sim| sim.ends(at, clean));
                }
                for clean in [true, false] {
                    if self.budget.ends > 0 {
                        go(true, &|sim| {
                            sim.budget.ends -= 1;
                            sim.ends(at, clean);
                        });
                    }
                }
                if order == Order::Stop && self.budget.expiries > 0 {
                    go(true, &|sim| {
                        sim.budget.expiries -= 1;
                        let child = sim.present(at);
                        sim.inbox.push_back(Event::Expired(child));
                    });
                }
            }
            if self.budget.terminations > 0 && !self.forgotten[at] {
                go(true, &|sim| {
                    sim.budget.terminations -= 1;
                    sim.unanswered += 1;
                    sim.terminated[at] = true;
                    let command = Event::Terminate(key(at), Ticket(0));
                    sim.inbox.push_back(command);
                });
            }
        }
        if self.budget.shutdowns > 0 {
            go(true, &|sim| {
                sim.budget.shutdowns -= 1;
                sim.inbox.push_back(Event::Shutdown);
            });
        }
        all
    }

    fn present(&self, at: usize) -> Incarnation {
        let number = self.children[at].number;
        Incarnation {
            key: key(at),
            number,
        }
    }

    fn report(&mut self, at: usize, process: Process, event: impl FnOnce(Incarnation) -> Event) {
        self.children[at].process = process;
        self.inbox.push_back(event(self.present(at)));
    }

    fn ends(&mut self, at: usize, clean: bool) {
        self.report(at, Process::None, |child| Event::Exited { child, clean });
    }

    fn deliver(&mut self, event: Event) {
        self.count(event);
        self.core.handle(event, Duration::ZERO);
        self.perform_all();
        if self.shape == Shape::Dynamic && self.core.is_closing() {
            let told = |it: &Child| it.process == Process::None || it.order != Order::None;
            assert!(self.children.iter().all(told), "not all were told at once");
        }
    }

    fn perform_all(&mut self) {
        while let Some(action) = self.core.next_action() {
            let late = self.exit.is_some() && !matches!(action, Action::Reply(..));
            assert!(!late, "{action:?} after the exit");
            self.perform(action);
        }
    }

    /// Takes down what may, and what must, count as a failure, by what is known outside.
    fn count(&mut self, event: Event) {
        let (at, failed) = match event {
            Event::Started(child) => {
                self.settled[child.key.0 as usize] = true;
                return;
            }
            Event::Failed(child) => {
                let at = child.key.0 as usize;
                self.clean[at] = false;
                (at, true)
            }
            Event::Exited { child, clean } => {
                let at = child.key.0 as usize;
                self.clean[at] = clean;
                let failed = match self.policies[at].restart {
                    Restart::Permanent => true,
                    Restart::Transient => !clean,
                    Restart::Temporary => false,
                };
                self.ended_clean[at] = !failed;
                (at, failed)
            }
            _ => return,
        };
        if !failed || self.children[at].order != Order::None {
            return;
        }
        // Who added it learns that; it is no failure.
        if self.shape == Shape::Dynamic && !self.settled[at] {
            return;
        }
        self.failed[at] = true;
        self.possible_failures += 1;
        let restart_failed = matches!(event, Event::Failed(_));
        let certain = match self.shape {
            Shape::Dynamic | Shape::Listed(Strategy::OneForOne) => {
                self.core.ready || !restart_failed
            }
            Shape::Dependents(_) | Shape::Listed(_) => self.others_rest(at) && !restart_failed,
        };
        if certain && !self.core.is_closing() {
            self.certain_failures += 1;
        }
    }

    /// Whether nothing is being done to any other child.
    fn others_rest(&self, at: usize) -> bool {
        let is_calm = |it| {
            let status = self.core.status(key(it));
            let settled = matches!(status, None | Some(Status::Running | Status::Stopped));
            settled && self.children[it].order == Order::None
        };
        (0..CHILDREN).all(|it| it == at || is_calm(it))
    }

    fn perform(&mut self, action: Action) {
        match action {
            Action::Start(child) | Action::StartAfter(child, _) => self.started(child),
            Action::Abort(child) => self.order(child, Order::Abort),
            Action::Stop { child, .. } => self.order(child, Order::Stop),
            Action::Kill(child) => self.order(child, Order::Kill),
            Action::Forget(key) => {
                let at = key.0 as usize;
                let temporary = self.policies[at].restart == Restart::Temporary;
                assert!(temporary || self.shape == Shape::Dynamic);
                assert_eq!(self.children[at].process, Process::None);
                self.forgotten[at] = true;
            }
            Action::Reply(..) => self.unanswered -= 1,
            Action::Ready => {}
            Action::Exit(cause) => {
                let gone = |child: &Child| child.process == Process::None;
                assert!(self.children.iter().all(gone), "exit before the children");
                let gave_up = matches!(cause, Cause::GaveUp(_));
                assert!(!gave_up || self.possible_failures > self.max_restarts);
                self.exit = Some(cause);
            }
        }
    }

    fn started(&mut self, child: Incarnation) {
        let at = child.key.0 as usize;
        let before = self.children[at];
        assert_eq!(before.process, Process::None, "started while alive");
        assert!(child.number > before.number, "a number used again");
        assert!(!self.core.is_closing(), "started while all is stopped");
        let spared = self.clean[at] && matches!(self.shape, Shape::Dependents(_));
        assert!(
            spared || self.is_down_behind(at),
            "started {at} before one behind it was down"
        );
        self.children[at] = Child {
            process: Process::InInit,
            order: Order::None,
            number: child.number,
        };
        self.ended_clean[at] = false;
    }

    fn order(&mut self, child: Incarnation, order: Order) {
        let at = child.key.0 as usize;
        assert_eq!(
            child.number, self.children[at].number,
            "an order to the dead"
        );
        let first = self.children[at].order == Order::None;
        if first && !self.terminated[at] && !self.core.is_closing() {
            assert!(
                self.is_down_behind(at),
                "told to stop before one behind it was down"
            );
            let mut others = (0..CHILDREN).filter(|it| *it != at);
            let for_another = others.any(|it| self.failed[it] && self.is_behind(at, it));
            let all = self.shape == Shape::Listed(Strategy::OneForAll);
            assert!(all || for_another, "told to stop for no reason");
        }
        let listed = self.shape != Shape::Dynamic;
        if self.core.is_closing() && listed && !self.terminated[at] {
            let later = &self.children[at + 1..];
            let down = |it: &Child| it.process == Process::None;
            assert!(later.iter().all(down), "the end goes in reverse");
        }
        self.children[at].order = order;
    }

    /// Whether a child has to be restarted when another one is, before it.
    fn is_behind(&self, at: usize, first: usize) -> bool {
        match self.shape {
            Shape::Dynamic | Shape::Listed(Strategy::OneForOne) => false,
            Shape::Listed(_) => at > first,
            Shape::Dependents(needs) => {
                let needs = |child: usize, needed: usize| needs[child] >> needed & 1 == 1;
                needs(at, first)
                    || (first + 1..at).any(|it| {
                        let there = !self.forgotten[it];
                        there && needs(at, it) && self.is_behind(it, first)
                    })
            }
        }
    }

    fn is_down_behind(&self, at: usize) -> bool {
        let mut behind = (0..CHILDREN).filter(|it| self.is_behind(*it, at));
        behind.all(|it| self.children[it].process == Process::None)
    }

    /// What has to hold when nothing more is on its way.
    pub(super) fn check_at_rest(&self) {
        assert_eq!(self.unanswered, 0, "a command without an answer");
        if self.exit.is_some() {
            return;
        }
        assert!(
            self.certain_failures <= self.max_restarts,
            "it should have given up"
        );
        assert_eq!(self.budget.shutdowns, 1, "it should have ended");
        for at in 0..CHILDREN {
            let status = self.core.status(key(at));
            let up = self.children[at].process == Process::Up;
            assert_eq!(up, status == Some(Status::Running));
            assert_eq!(self.forgotten[at], status.is_none());
            let excused = self.terminated[at] || self.ended_clean[at] || self.forgotten[at];
            assert!(up || excused, "child {at} was left down");
            let gone = self.shape != Shape::Dynamic || up || self.forgotten[at];
            assert!(gone, "child {at} was not forgotten");
        }
    }
}

fn core(shape: Shape, policies: [Policy; CHILDREN], max_restarts: u8) -> Core {
    let limit = intensity(max_restarts.into());
    let never = AutoShutdown::Never;
    match shape {
        Shape::Listed(strategy) => Core::new(strategy, limit, never, policies),
        Shape::Dynamic => Core::dynamic(limit, CHILDREN),
        Shape::Dependents(needs) => {
            let mut core = Core::new(Strategy::Dependents, limit, never, policies);
            for (at, needs) in needs.into_iter().enumerate() {
                let needed = (0..at).filter(|it| needs >> it & 1 == 1);
                needed.for_each(|it| core.needs(key(at), key(it)));
            }
            core
        }
    }
}

fn key(at: usize) -> Key {
    Key(u32::try_from(at).expect("three children"))
}
