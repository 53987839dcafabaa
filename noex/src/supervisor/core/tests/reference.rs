//! A supervisor as a manual describes it: one thing at a time, by plain recursion over a list.

use super::super::Policy;
use super::world::Outcome;
use crate::process::Restart;
use crate::supervisor::{Intensity, Strategy};
use std::collections::{HashMap, VecDeque};
use std::time::Duration;

#[derive(Clone, Debug)]
pub(super) struct Child {
    pub(super) name: char,
    policy: Policy,
    pub(super) up: bool,
}

pub(super) struct Reference {
    strategy: Strategy,
    limit: Intensity,
    pub(super) children: Vec<Child>,
    pub(super) outcomes: HashMap<char, VecDeque<Outcome>>,
    failures: Vec<Duration>,
    pub(super) now: Duration,
    pub(super) over: bool,
    pub(super) log: Vec<String>,
    next_name: char,
    /// Who needs whom.
    needs: Vec<(char, char)>,
    /// Of a dynamic supervisor.
    max_children: Option<usize>,
}

impl Reference {
    pub(super) fn new(strategy: Strategy, limit: Intensity, policies: &[Policy]) -> Self {
        let mut reference = Reference {
            strategy,
            limit,
            children: Vec::new(),
            outcomes: HashMap::new(),
            failures: Vec::new(),
            now: Duration::ZERO,
            over: false,
            log: Vec::new(),
            next_name: 'a',
            needs: Vec::new(),
            max_children: None,
        };
        for policy in policies {
            reference.push(*policy);
        }
        reference
    }

    pub(super) fn dynamic(limit: Intensity, max_children: usize) -> Self {
        Reference {
            max_children: Some(max_children),
            ..Reference::new(Strategy::OneForOne, limit, &[])
        }
    }

    pub(super) fn needs(&mut self, name: char, needed: char) {
        self.needs.push((name, needed));
    }

    fn push(&mut self, policy: Policy) -> usize {
        self.children.push(Child {
            name: self.next_name,
            policy,
            up: false,
        });
        self.next_name = char::from_u32(u32::from(self.next_name) + 1).expect("few children");
        self.children.len() - 1
    }

    pub(super) fn begin(&mut self) {
        let mut at = 0;
        while at < self.children.len() {
            match self.try_start(at) {
                Outcome::Fail => return self.end("StartFailed"),
                Outcome::Ignore if self.passes(at) => self.forget(at),
                _ => at += 1,
            }
        }
        self.log.push("ready".into());
    }

    /// The child ends by itself.
    pub(super) fn ended(&mut self, at: usize, clean: bool) {
        self.children[at].up = false;
        match self.children[at].policy.restart {
            Restart::Temporary => self.forget(at),
            Restart::Transient if clean && self.passes(at) => self.forget(at),
            Restart::Transient if clean => {}
            Restart::Transient | Restart::Permanent => self.failed(at, clean),
        }
    }

    fn failed(&mut self, at: usize, clean: bool) {
        self.failures.push(self.now);
        if self.has_too_many_failures() {
            return self.end("GaveUp");
        }
        if self.strategy == Strategy::OneForOne {
            match self.try_start(at) {
                Outcome::Fail => self.failed(at, false),
                Outcome::Ignore if self.passes(at) => self.forget(at),
                _ => {}
            }
            return;
        }
        if self.strategy == Strategy::Dependents {
            return self.mend(self.children[at].name, clean);
        }
        let first = if self.strategy == Strategy::OneForAll {
            0
        } else {
            at
        };
        for other in (first..self.children.len()).rev() {
            if self.stop(other) && self.passes(other) {
                self.forget(other);
            }
        }
        for other in first..self.children.len() {
            if self.try_start(other) == Outcome::Fail {
                return self.failed(other, false);
            }
        }
    }

    /// Restarts who needs this child, and whoever fails meanwhile with those who need that.
    fn mend(&mut self, name: char, clean: bool) {
        let mut pending = if clean {
            vec![name]
        } else {
            self.bring_down(name)
        };
        while !pending.is_empty() {
            let next = pending.remove(0);
            let at = self.at(next);
            match self.try_start(at) {
                Outcome::Ignore if self.passes(at) => self.forget(at),
                Outcome::Fail => {
                    self.failures.push(self.now);
                    if self.has_too_many_failures() {
                        return self.end("GaveUp");
                    }
                    pending.extend(self.bring_down(next));
                    pending.sort_unstable();
                    pending.dedup();
                }
                _ => {}
            }
        }
    }

    /// Stops who needs this child, in reverse; those who are to be started again, in order.
    fn bring_down(&mut self, name: char) -> Vec<char> {
        let mut affected = vec![name];
        // Children only need those before them.
        for child in self.children.iter().map(|child| child.name) {
            let mut needs = self.needs.iter().filter(|(who, _)| *who == child);
            if child > name && needs.any(|(_, whom)| affected.contains(whom)) {
                affected.push(child);
            }
        }
        for other in affected.iter().rev() {
            let at = self.at(*other);
            if self.stop(at) && self.passes(at) {
                self.forget(at);
            }
        }
        affected.retain(|name| self.children.iter().any(|child| child.name == *name));
        affected
    }

    fn at(&self, name: char) -> usize {
        let at = self.children.iter().position(|child| child.name == name);
        at.expect("it is a child")
    }

    fn has_too_many_failures(&self) -> bool {
        let oldest = self.now.saturating_sub(self.limit.window);
        let recent = self.failures.iter().filter(|when| **when >= oldest);
        recent.count() > self.limit.max_restarts as usize
    }

    fn end(&mut self, why: &str) {
        for at in (0..self.children.len()).rev() {
            self.stop(at);
        }
        self.children.clear();
        self.over = true;
        self.log.push(format!("exit {why}"));
    }

    pub(super) fn shutdown(&mut self) {
        self.end("Shutdown");
    }

    pub(super) fn terminate(&mut self, at: usize) {
        self.stop(at);
        self.log.push("reply Done".into());
        if self.passes(at) {
            self.forget(at);
        }
    }

    pub(super) fn restart(&mut self, at: usize) {
        let answer = if self.children[at].up {
            "Running"
        } else {
            match self.try_start(at) {
                Outcome::Fail => "Failed",
                Outcome::Ignore => "Ignored",
                _ => "Done",
            }
        };
        self.log.push(format!("reply {answer}"));
    }

    pub(super) fn delete(&mut self, at: usize) {
        if self.children[at].up {
            return self.log.push("reply Running".into());
        }
        self.forget(at);
        self.log.push("reply Done".into());
    }

    pub(super) fn add(&mut self, policy: Policy) {
        if self
            .max_children
            .is_some_and(|max| self.children.len() >= max)
        {
            return self.log.push("reply MaxChildren".into());
        }
        let at = self.push(policy);
        match self.try_start(at) {
            Outcome::Fail => {
                self.log.push("reply Failed".into());
                self.forget(at);
            }
            Outcome::Ignore => {
                self.log.push("reply Ignored".into());
                if self.passes(at) {
                    self.forget(at);
                }
            }
            _ => self.log.push("reply Done".into()),
        }
    }

    /// Whether it is forgotten when it is down for good.
    fn passes(&self, at: usize) -> bool {
        let temporary = self.children[at].policy.restart == Restart::Temporary;
        temporary || self.max_children.is_some()
    }

    fn try_start(&mut self, at: usize) -> Outcome {
        let name = self.children[at].name;
        self.log.push(format!("start {name}"));
        let next = self.outcomes.get_mut(&name).and_then(VecDeque::pop_front);
        let outcome = next.unwrap_or(Outcome::Up);
        self.children[at].up = outcome == Outcome::Up;
        outcome
    }

    fn stop(&mut self, at: usize) -> bool {
        let was_up = std::mem::replace(&mut self.children[at].up, false);
        if was_up {
            self.log.push(format!("stop {}", self.children[at].name));
        }
        was_up
    }

    fn forget(&mut self, at: usize) {
        let gone = self.children.remove(at);
        let is_about_it = |(who, whom): &(char, char)| *who == gone.name || *whom == gone.name;
        self.needs.retain(|pair| !is_about_it(pair));
        self.log.push(format!("forget {}", gone.name));
    }
}
