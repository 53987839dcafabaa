//! A driver without processes: children that do as they are told, and a log of what the core did.

use super::super::{Action, Answer, Core, Event, Incarnation, Key, Policy, Status, Ticket};
use crate::process::{Restart, Shutdown};
use crate::supervisor::{AutoShutdown, Intensity, Strategy};
use std::collections::{HashMap, HashSet, VecDeque};
use std::time::Duration;

/// What a start comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    Up,
    Fail,
    Ignore,
    /// `init` does not return.
    Hang,
}

#[derive(Debug)]
struct Process {
    number: u64,
    in_init: bool,
}

pub(super) struct World {
    pub(super) core: Core,
    pub(super) now: Duration,
    names: HashMap<Key, char>,
    next_name: char,
    processes: HashMap<Key, Process>,
    /// What the next starts of a child come to; `Up` when there is no more.
    outcomes: HashMap<char, VecDeque<Outcome>>,
    /// Children that do nothing when asked to stop.
    pub(super) deaf: HashSet<char>,
    /// Children that cannot be killed.
    pub(super) immortal: HashSet<char>,
    inbox: VecDeque<Event>,
    log: Vec<String>,
}

pub(super) const PERMANENT: Policy = policy(Restart::Permanent);
pub(super) const TRANSIENT: Policy = policy(Restart::Transient);
pub(super) const TEMPORARY: Policy = policy(Restart::Temporary);

pub(super) const LIMIT: Duration = Duration::from_secs(5);

const fn policy(restart: Restart) -> Policy {
    Policy {
        restart,
        shutdown: Shutdown::After(LIMIT),
        significant: false,
        backoff: None,
    }
}

pub(super) fn intensity(max_restarts: u32) -> Intensity {
    Intensity {
        max_restarts,
        window: Duration::from_secs(5),
    }
}

impl World {
    /// Children `a`, `b`, `c` and so on, not started yet.
    pub(super) fn new(strategy: Strategy, max_restarts: u32, children: &[Policy]) -> Self {
        let (limit, never) = (intensity(max_restarts), AutoShutdown::Never);
        let core = Core::new(strategy, limit, never, children.iter().copied());
        Self::of(core)
    }

    pub(super) fn of(core: Core) -> Self {
        let mut world = World {
            now: Duration::ZERO,
            names: HashMap::new(),
            next_name: 'a',
            processes: HashMap::new(),
            outcomes: HashMap::new(),
            deaf: HashSet::new(),
            immortal: HashSet::new(),
            inbox: VecDeque::new(),
            log: Vec::new(),
            core,
        };
        for key in world.core.keys().collect::<Vec<_>>() {
            world.name_next(key);
        }
        world
    }

    /// The same, and all of them up.
    pub(super) fn up(strategy: Strategy, max_restarts: u32, children: &[Policy]) -> Self {
        let mut world = Self::new(strategy, max_restarts, children);
        world.event(Event::Begin);
        world.log.clear();
        world
    }

    fn name_next(&mut self, key: Key) {
        self.names.insert(key, self.next_name);
        self.next_name = char::from_u32(u32::from(self.next_name) + 1).expect("few children");
    }

    pub(super) fn key(&self, name: char) -> Key {
        let found = self.names.iter().find(|(_, it)| **it == name);
        *found.unwrap_or_else(|| panic!("no child {name}")).0
    }

    pub(super) fn has(&self, name: char) -> bool {
        self.names.values().any(|it| *it == name)
    }

    pub(super) fn status(&self, name: char) -> Status {
        self.core.status(self.key(name)).expect("it is a child")
    }

    pub(super) fn is_alive(&self, name: char) -> bool {
        self.has(name) && self.processes.contains_key(&self.key(name))
    }

    pub(super) fn alive(&self) -> usize {
        self.processes.len()
    }

    pub(super) fn next_starts(&mut self, name: char, outcomes: impl IntoIterator<Item = Outcome>) {
        self.outcomes.entry(name).or_default().extend(outcomes);
    }

    /// What the core did since the last time, as `start a, stop b`.
    pub(super) fn did(&mut self) -> String {
        std::mem::take(&mut self.log).join(", ")
    }

    pub(super) fn event(&mut self, event: Event) {
        self.inbox.push_back(event);
        self.run();
    }

    /// Ends a child by itself.
    pub(super) fn end(&mut self, name: char, clean: bool) {
        self.end_unseen(name, clean);
        self.run();
    }

    /// The same, but the supervisor learns of it only with the next event.
    pub(super) fn end_unseen(&mut self, name: char, clean: bool) {
        let child = self.present(name);
        self.processes.remove(&child.key);
        self.inbox.push_back(Event::Exited { child, clean });
    }

    pub(super) fn crash(&mut self, name: char) {
        self.end(name, false);
    }

    /// The present incarnation of a child that is alive.
    pub(super) fn present(&self, name: char) -> Incarnation {
        let key = self.key(name);
        let process = self.processes.get(&key).expect("it is alive");
        Incarnation {
            key,
            number: process.number,
        }
    }

    /// A hanging `init` returns.
    pub(super) fn come_up(&mut self, name: char) {
        let child = self.present(name);
        self.set_up(child);
        self.event(Event::Started(child));
    }

    /// `init` returns, and the supervisor learns of it only with the next event.
    pub(super) fn come_up_unseen(&mut self, name: char) {
        let child = self.present(name);
        self.set_up(child);
        self.inbox.push_back(Event::Started(child));
    }

    fn set_up(&mut self, child: Incarnation) {
        let process = self.processes.get_mut(&child.key).expect("it is alive");
        process.in_init = false;
    }

    pub(super) fn terminate(&mut self, name: char, ticket: u64) {
        self.event(Event::Terminate(self.key(name), Ticket(ticket)));
    }

    pub(super) fn restart(&mut self, name: char, ticket: u64) {
        self.event(Event::Restart(self.key(name), Ticket(ticket)));
    }

    pub(super) fn delete(&mut self, name: char, ticket: u64) {
        self.event(Event::Delete(self.key(name), Ticket(ticket)));
    }

    pub(super) fn add(&mut self, policy: Policy, ticket: u64) {
        self.add_needing(policy, "", ticket);
    }

    /// Adds a child that needs others.
    pub(super) fn add_needing(&mut self, policy: Policy, needs: &str, ticket: u64) {
        let needs: Vec<Key> = needs.chars().map(|name| self.key(name)).collect();
        if let Some(key) = self.core.add(policy, needs, Ticket(ticket)) {
            self.name_next(key);
        }
        self.run();
    }

    /// Notes that a child needs others, before it begins.
    pub(super) fn needs(&mut self, name: char, needed: &str) {
        for needed in needed.chars() {
            self.core.needs(self.key(name), self.key(needed));
        }
    }

    /// Lets the core see what was unseen, until nothing more happens.
    pub(super) fn run(&mut self) {
        loop {
            while let Some(action) = self.core.next_action() {
                self.perform(action);
            }
            match self.inbox.pop_front() {
                Some(event) => self.core.handle(event, self.now),
                None => return,
            }
        }
    }

    fn perform(&mut self, action: Action) {
        match action {
            Action::Start(child) => {
                self.note("start", child.key);
                self.start(child);
            }
            Action::StartAfter(child, wait) => {
                let name = self.names[&child.key];
                self.log.push(format!("start {name} after {wait:?}"));
                self.start(child);
            }
            Action::Abort(child) => {
                self.note("abort", child.key);
                let in_init = self.processes.get(&child.key).is_some_and(|it| it.in_init);
                if in_init && !self.immortal.contains(&self.names[&child.key]) {
                    self.processes.remove(&child.key);
                    self.inbox.push_back(Event::Failed(child));
                }
            }
            Action::Stop { child, .. } => {
                self.note("stop", child.key);
                if !self.deaf.contains(&self.names[&child.key]) {
                    self.reap(child, true);
                }
            }
            Action::Kill(child) => {
                self.note("kill", child.key);
                if !self.immortal.contains(&self.names[&child.key]) {
                    self.reap(child, false);
                }
            }
            Action::Forget(key) => {
                assert!(!self.processes.contains_key(&key), "forgotten alive");
                self.note("forget", key);
                self.names.remove(&key);
            }
            Action::Reply(Ticket(ticket), answer) => self.log_reply(ticket, answer),
            Action::Ready => self.log.push("ready".into()),
            Action::Exit(cause) => self.log.push(format!("exit {cause:?}")),
        }
    }

    fn start(&mut self, child: Incarnation) {
        let name = self.names[&child.key];
        let outcome = self.outcomes.get_mut(&name).and_then(VecDeque::pop_front);
        let outcome = outcome.unwrap_or(Outcome::Up);
        if matches!(outcome, Outcome::Up | Outcome::Hang) {
            let process = Process {
                number: child.number,
                in_init: outcome == Outcome::Hang,
            };
            let before = self.processes.insert(child.key, process);
            assert!(before.is_none(), "{name} started while alive: {before:?}");
        }
        match outcome {
            Outcome::Up => self.inbox.push_back(Event::Started(child)),
            Outcome::Fail => self.inbox.push_back(Event::Failed(child)),
            Outcome::Ignore => self.inbox.push_back(Event::Ignored(child)),
            Outcome::Hang => {}
        }
    }

    /// Removes a process that has been told to end, unless it has ended before.
    fn reap(&mut self, child: Incarnation, clean: bool) {
        if self.processes.remove(&child.key).is_some() {
            self.inbox.push_back(Event::Exited { child, clean });
        }
    }

    fn note(&mut self, what: &str, key: Key) {
        self.log.push(format!("{what} {}", self.names[&key]));
    }

    fn log_reply(&mut self, ticket: u64, answer: Answer) {
        self.log.push(format!("reply {ticket} {answer:?}"));
    }
}
