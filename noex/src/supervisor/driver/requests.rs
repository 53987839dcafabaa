//! What others ask of a supervisor.

use super::Driver;
use super::child::Child;
use crate::Reply;
use crate::error::StartError;
use crate::process::{ExitReason, Flow, ProcessArc, Slot};
use crate::supervisor::core::{Answer, Event, Key, Status, Ticket};
use crate::supervisor::handle::{ChildCount, ChildError, ChildState, ChildStatus};
use crate::supervisor::request::{self, Owed, Request, Started};
use crate::supervisor::{ChildSpec, spec};

impl Driver {
    pub(super) fn request(&mut self, request: Request) -> Flow {
        match request {
            Request::Children(reply) => {
                reply.send(self.statuses());
                Flow::Go
            }
            Request::Count(reply) => {
                reply.send(self.count());
                Flow::Go
            }
            Request::Start(spec, reply) => self.add(*spec, reply),
            Request::Terminate(child, reply) => match self.find_child(&child) {
                None => refuse(reply),
                Some(key) => {
                    let ticket = self.tickets.issue(Owed::Nothing(reply));
                    self.feed(Event::Terminate(key, ticket))
                }
            },
            Request::Resize(to, reply) => self.resize(to, reply),
            Request::Delete(id, reply) => match self.find(&id) {
                None => refuse(reply),
                Some(key) => {
                    let ticket = self.tickets.issue(Owed::Nothing(reply));
                    self.feed(Event::Delete(key, ticket))
                }
            },
            Request::Restart(id, reply) => match self.find(&id) {
                None => refuse(reply),
                Some(key) => {
                    let ticket = self.tickets.issue(Owed::Started(reply, key));
                    self.feed(Event::Restart(key, ticket))
                }
            },
        }
    }

    fn add(&mut self, mut spec: ChildSpec, reply: Reply<Started, ChildError>) -> Flow {
        if let Some(restart) = self.dynamic.and_then(|dynamic| dynamic.restart) {
            spec = spec.restart(restart);
        }
        if let Some(key) = self.find(spec.get_id()) {
            let stopped = self.core.status(key) == Some(Status::Stopped);
            let process = self.children.get(&key).and_then(|c| c.process.as_ref());
            reply.fail(match stopped {
                true => ChildError::AlreadyPresent,
                false => ChildError::AlreadyRunning(process.map(ProcessArc::pid)),
            });
            return Flow::Go;
        }
        let is_there = |id: &str| self.ids.contains_key(id);
        if let Err(error) = spec::check_child(self.name, self.auto_shutdown, &spec, is_there) {
            reply.fail(ChildError::Failed(StartError::from_error(error)));
            return Flow::Go;
        }
        let (policy, needed) = (spec.policy(), self.needed(&spec));
        let child = Child::new(spec, Slot::below(&self.slot));
        // The core is yet to give the key.
        let ticket = self.tickets.issue(Owed::Started(reply, Key(u32::MAX)));
        if let Some(key) = self.core.add(policy, needed, ticket) {
            self.take_in(key, child);
            self.tickets.name(ticket, key);
        }
        self.perform_all()
    }

    fn find(&self, id: &str) -> Option<Key> {
        self.ids.get(id).copied()
    }

    fn find_child(&self, child: &request::Child) -> Option<Key> {
        match child {
            request::Child::Id(id) => self.find(id),
            request::Child::Pid(pid) => self.pids.get(pid).copied(),
        }
    }

    pub(super) fn count(&self) -> ChildCount {
        let mut count = ChildCount::default();
        for (key, child) in &self.children {
            let status = self.core.status(*key);
            let running = matches!(status, Some(Status::Running | Status::Stopping));
            let alive = child.process.as_ref().is_some_and(ProcessArc::is_alive);
            count.specs += 1;
            count.active += usize::from(running && alive);
            match child.spec.is_supervisor() {
                true => count.supervisors += 1,
                false => count.workers += 1,
            }
        }
        count
    }

    pub(super) fn statuses(&self) -> Vec<ChildStatus> {
        let keys = self.core.keys();
        keys.filter_map(|key| {
            let child = self.children.get(&key)?;
            let state = match self.core.status(key)? {
                Status::Starting => ChildState::Starting,
                Status::Running => ChildState::Running,
                Status::Restarting => ChildState::Restarting,
                Status::Stopping => ChildState::Stopping,
                Status::Stopped => ChildState::Stopped,
            };
            let running = matches!(state, ChildState::Running | ChildState::Stopping);
            let process = child.process.as_ref().filter(|p| running && p.is_alive());
            let policy = child.spec.policy();
            Some(ChildStatus {
                id: child.spec.get_id().to_string(),
                pid: process.map(ProcessArc::pid),
                state,
                restart: policy.restart,
                shutdown: policy.shutdown,
                is_significant: policy.significant,
                restarts: child.restarts,
                is_supervisor: child.spec.is_supervisor(),
            })
        })
        .collect()
    }

    pub(super) fn reply(&mut self, ticket: Ticket, answer: Answer) {
        match self.tickets.redeem(ticket) {
            None => {}
            Some(Owed::Nothing(reply)) => reply.complete(match answer {
                Answer::Done => Ok(()),
                refused => Err(child_error(refused, None)),
            }),
            Some(Owed::Resized(key)) => {
                let failed = self.children.get(&key).and_then(|c| c.failed.clone());
                self.resized((answer != Answer::Done).then(|| child_error(answer, failed)));
            }
            Some(Owed::Started(reply, key)) => {
                let child = self.children.get(&key);
                let started = child.and_then(|child| {
                    Some(Started {
                        pid: child.process.as_ref()?.pid(),
                        slot: child.slot.clone(),
                    })
                });
                let failed = child.and_then(|c| c.failed.clone());
                reply.complete(match (answer, started) {
                    (Answer::Done, Some(started)) => Ok(started),
                    (refused, _) => Err(child_error(refused, failed)),
                });
            }
        }
    }
}

fn child_error(answer: Answer, failed: Option<StartError>) -> ChildError {
    match answer {
        Answer::Running => ChildError::Running,
        Answer::Restarting => ChildError::Restarting,
        Answer::Cancelled => ChildError::Cancelled,
        Answer::Stuck => ChildError::Stuck,
        Answer::MaxChildren => ChildError::MaxChildren,
        Answer::ShuttingDown => ChildError::ShuttingDown,
        Answer::NotFound => ChildError::NotFound,
        Answer::Ignored => ChildError::Failed(StartError::Ignored),
        Answer::Failed | Answer::Done => {
            ChildError::Failed(failed.unwrap_or(StartError::Exited(ExitReason::Shutdown)))
        }
    }
}

fn refuse<T: Send + 'static>(reply: Reply<T, ChildError>) -> Flow {
    reply.fail(ChildError::NotFound);
    Flow::Go
}
