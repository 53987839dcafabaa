//! What a supervisor does: performs the decisions of its core, and tells the core what became of them.
//!
//! It never waits for a child: starts, stops and ends come back as signals through its ordered queue,
//! limits as timers. So it answers at any time.

use super::core::{Action, Answer, Cause, Core, Event, Incarnation, Key, Status};
use super::handle::{ChildError, ChildState, ChildStatus};
use super::request::{Owed, Request, Tickets};
use super::{AutoShutdown, ChildSpec, Spec, spec};
use crate::Reply;
use crate::clock::{self, Instant};
use crate::error::StartError;
use crate::process::wheel::{self, Due, Key as TimerKey, Wheel};
use crate::process::{
    Behaviour, Body, Cell, ChildEvent, ChildSignal, ExitReason, Flow, Notice, Parent, Pid,
    ProcessArc, Signal, Slot, Unclean, fresh_number, live,
};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// How long a killed child may take to be gone before it is reported as stuck.
const GRACE: Duration = Duration::from_secs(1);

/// A supervisor that is yet to begin.
pub(super) struct Plan {
    spec: Spec,
    slot: Slot,
}

pub(super) struct Driver {
    name: &'static str,
    core: Core,
    began: Instant,
    cell: Arc<Cell<Request>>,
    children: HashMap<Key, Child>,
    tickets: Tickets,
    timers: HashMap<u64, (Incarnation, Limit)>,
    /// Why it is to end, as it was asked.
    asked: Option<ExitReason>,
    slot: Slot,
    auto_shutdown: AutoShutdown,
    /// Why the child forgotten last had not started.
    forgotten: Option<(Key, StartError)>,
}

struct Child {
    spec: ChildSpec,
    slot: Slot,
    process: Option<ProcessArc>,
    incarnation: Option<Incarnation>,
    /// Why the last start failed.
    failed: Option<StartError>,
    timer: Option<(u64, Arc<Wheel>, TimerKey)>,
    restarts: u64,
    killed: bool,
}

/// What a timer of the supervisor limits.
#[derive(Clone, Copy)]
enum Limit {
    Init(Duration),
    Shutdown,
    Grace,
}

pub(super) fn body(cell: Arc<Cell<Request>>, plan: Plan) -> Body {
    let begin = {
        let cell = cell.clone();
        async move { Ok(Driver::new(cell, plan)) }
    };
    Box::pin(live(cell, begin))
}

impl Driver {
    pub(super) fn plan(spec: Spec, slot: Slot) -> Plan {
        Plan { spec, slot }
    }

    fn new(cell: Arc<Cell<Request>>, plan: Plan) -> Self {
        let Plan { spec, slot } = plan;
        let policies = spec.children.iter().map(ChildSpec::policy);
        let core = Core::new(spec.strategy, spec.intensity, spec.auto_shutdown, policies);
        let of = spec.children.len();
        let children = core
            .keys()
            .zip(spec.children)
            .enumerate()
            .map(|(index, (key, spec))| (key, Child::new(spec, slot.child(index, of))))
            .collect();
        Driver {
            name: spec.name,
            core,
            began: clock::now(),
            cell,
            children,
            tickets: Tickets::default(),
            timers: HashMap::new(),
            asked: None,
            slot,
            auto_shutdown: spec.auto_shutdown,
            forgotten: None,
        }
    }

    fn feed(&mut self, event: Event) -> Flow {
        self.core.handle(event, self.began.elapsed());
        self.perform_all()
    }

    fn perform_all(&mut self) -> Flow {
        while let Some(action) = self.core.next_action() {
            if let Flow::Stop(reason) = self.perform(action) {
                return Flow::Stop(reason);
            }
        }
        Flow::Go
    }

    fn perform(&mut self, action: Action) -> Flow {
        match action {
            Action::Start(child) => self.start(child),
            Action::Abort(child) => self.abort(child),
            Action::Stop { child, limit } => self.stop_child(child, limit),
            Action::Kill(child) => self.kill(child),
            Action::Forget(key) => {
                if let Some(mut child) = self.children.remove(&key) {
                    child.disarm(&mut self.timers);
                    child.slot.fill(None);
                    self.forgotten = child.failed.map(|error| (key, error));
                }
            }
            Action::Reply(ticket, answer) => self.reply(ticket, answer),
            Action::Ready => self.cell.head.report_started(),
            Action::Exit(cause) => return Flow::Stop(self.exit_reason(cause)),
        }
        Flow::Go
    }

    fn me(&self) -> ProcessArc {
        ProcessArc(self.cell.clone())
    }

    // ---- children ------------------------------------------------------------------------------

    fn start(&mut self, incarnation: Incarnation) {
        let (me, system) = (self.me(), self.cell.head.system.clone());
        let supervisor = self.name;
        let Some(child) = self.children.get_mut(&incarnation.key) else {
            return;
        };
        if child.incarnation.replace(incarnation).is_some() {
            child.restarts += 1;
        }
        (child.killed, child.failed) = (false, None);
        let name = child.spec.registered_name().cloned();
        let parent = Parent {
            supervisor: me,
            slot: incarnation.key.0 as usize,
            incarnation: incarnation.number,
        };
        let mut adapt = |options: &mut crate::process::SpawnOptions| {
            options.parent = Some(parent.clone());
            options.system = Some(system.clone());
            if name.is_some() {
                options.name = name.clone();
            }
        };
        let started = child.spec.make(&self.slot).and_then(|launch| {
            let limit = launch.init_timeout;
            let process = launch.run(&mut adapt, &child.slot)?;
            Ok((process, limit))
        });
        match started {
            Ok((process, limit)) => {
                let in_init = !process.has_started();
                child.slot.fill(Some(process.clone()));
                child.process = Some(process);
                if in_init {
                    self.arm(incarnation, limit, Limit::Init(limit));
                }
            }
            Err(error) => {
                tracing::warn!(target: "noex::supervisor", supervisor, child = child.spec.get_id(), %error, "child did not start");
                // No process, so nobody else reports it. In order, as from a process.
                self.me().signal(Signal::Child(Box::new(ChildSignal {
                    slot: incarnation.key.0 as usize,
                    incarnation: incarnation.number,
                    event: ChildEvent::Failed(error),
                })));
            }
        }
    }

    fn abort(&mut self, incarnation: Incarnation) {
        let Some(child) = self.present(incarnation) else {
            return;
        };
        let is_supervisor = child.spec.is_supervisor();
        if let Some(process) = &child.process {
            if is_supervisor {
                process.signal(Signal::Shutdown(Box::new(ExitReason::Shutdown)));
                return;
            }
            process.abort_init();
        }
        self.arm(incarnation, GRACE, Limit::Grace);
    }

    fn stop_child(&mut self, incarnation: Incarnation, limit: Option<Duration>) {
        if let Some(child) = self.present(incarnation)
            && let Some(process) = &child.process
        {
            process.signal(Signal::Shutdown(Box::new(ExitReason::Shutdown)));
        }
        if let Some(limit) = limit {
            self.arm(incarnation, limit, Limit::Shutdown);
        }
    }

    fn kill(&mut self, incarnation: Incarnation) {
        if let Some(child) = self.present(incarnation) {
            child.killed = true;
            if let Some(process) = &child.process {
                process.kill();
            }
        }
        self.arm(incarnation, GRACE, Limit::Grace);
    }

    fn present(&mut self, incarnation: Incarnation) -> Option<&mut Child> {
        let child = self.children.get_mut(&incarnation.key)?;
        (child.incarnation == Some(incarnation)).then_some(child)
    }

    fn arm(&mut self, incarnation: Incarnation, after: Duration, limit: Limit) {
        let (Some(at), Some(wheel)) = (clock::now().checked_add(after), wheel::of_runtime()) else {
            return;
        };
        let me = self.me();
        let Some(child) = self.children.get_mut(&incarnation.key) else {
            return;
        };
        child.disarm(&mut self.timers);
        let id = fresh_number();
        let key = wheel.add(at, Due::Timer(me.downgrade(), id));
        child.timer = Some((id, wheel, key));
        self.timers.insert(id, (incarnation, limit));
    }

    // ---- what comes back -------------------------------------------------------------------------

    fn told(&mut self, signal: ChildSignal) -> Flow {
        let incarnation = Incarnation {
            key: Key(u32::try_from(signal.slot).unwrap_or(u32::MAX)),
            number: signal.incarnation,
        };
        let supervisor = self.name;
        let Some(child) = self.children.get_mut(&incarnation.key) else {
            return Flow::Go;
        };
        if child.incarnation != Some(incarnation) {
            return Flow::Go;
        }
        child.disarm(&mut self.timers);
        let id = child.spec.get_id();
        let event = match signal.event {
            ChildEvent::Started => {
                tracing::debug!(target: "noex::supervisor", supervisor, child = id, restarts = child.restarts, "child started");
                Event::Started(incarnation)
            }
            ChildEvent::Failed(StartError::Ignored) => {
                child.process = None;
                Event::Ignored(incarnation)
            }
            ChildEvent::Failed(error) => {
                if child.process.take().is_some() {
                    tracing::warn!(target: "noex::supervisor", supervisor, child = id, %error, "child did not start");
                }
                child.failed = Some(error);
                Event::Failed(incarnation)
            }
            ChildEvent::Exited(reason) => {
                let process = child.process.take();
                if child.killed
                    && let Some(process) = process
                {
                    tracing::warn!(target: "noex::supervisor", supervisor, child = id, "child was killed: it did not stop in time");
                    self.slot.note_unclean(Unclean {
                        path: format!("{supervisor}/{id}"),
                        pid: process.pid(),
                        stuck: false,
                    });
                }
                let clean = reason.is_clean();
                tracing::debug!(target: "noex::supervisor", supervisor, child = id, %reason, "child ended");
                Event::Exited {
                    child: incarnation,
                    clean,
                }
            }
        };
        self.feed(event)
    }

    fn timer(&mut self, id: u64) -> Flow {
        let Some((incarnation, limit)) = self.timers.remove(&id) else {
            return Flow::Go;
        };
        let supervisor = self.name;
        let Some(child) = self.present(incarnation) else {
            return Flow::Go;
        };
        child.timer = None;
        match limit {
            Limit::Init(after) => {
                if let Some(process) = &child.process {
                    process.extras(|e| e.fail_start(StartError::Timeout { after }));
                    process.abort_init();
                }
                Flow::Go
            }
            Limit::Shutdown => self.feed(Event::Expired(incarnation)),
            Limit::Grace => {
                let pid = child.process.as_ref().map(ProcessArc::pid);
                let id = child.spec.get_id().to_owned();
                tracing::error!(target: "noex::supervisor", supervisor, child = id, pid = pid.map(tracing::field::display), "child is stuck: it was killed and does not yield");
                if let Some(pid) = pid {
                    self.slot.note_unclean(Unclean {
                        path: format!("{supervisor}/{id}"),
                        pid,
                        stuck: true,
                    });
                }
                self.feed(Event::Stuck(incarnation))
            }
        }
    }

    fn exit_reason(&mut self, cause: Cause) -> ExitReason {
        let supervisor = self.name;
        match cause {
            Cause::Shutdown => self.asked.take().unwrap_or(ExitReason::Shutdown),
            Cause::AutoShutdown(_) => ExitReason::Shutdown,
            Cause::GaveUp(key) => {
                let child = self.children.get(&key).map(|c| c.spec.get_id());
                tracing::error!(target: "noex::supervisor", supervisor, child, "gave up: more restarts than the intensity allows (maximum intensity reached)");
                ExitReason::Shutdown
            }
            Cause::StartFailed(key) => {
                let child = self.children.get(&key);
                let error = StartError::from_error(ChildStartError {
                    supervisor,
                    child: child.map_or_else(String::new, |c| c.spec.get_id().to_owned()),
                    error: child
                        .and_then(|c| c.failed.clone())
                        .unwrap_or(StartError::Exited(ExitReason::Shutdown)),
                });
                self.cell.head.extras(|e| e.fail_start(error));
                ExitReason::Shutdown
            }
        }
    }

    // ---- requests ------------------------------------------------------------------------------

    fn request(&mut self, request: Request) -> Flow {
        match request {
            Request::Children(reply) => {
                reply.send(self.statuses());
                Flow::Go
            }
            Request::Start(spec, reply) => self.add(*spec, reply),
            Request::Terminate(id, reply) => match self.find(&id) {
                None => refuse(reply),
                Some(key) => {
                    let ticket = self.tickets.issue(Owed::Nothing(reply));
                    self.feed(Event::Terminate(key, ticket))
                }
            },
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
                    let ticket = self.tickets.issue(Owed::Pid(reply, key));
                    self.feed(Event::Restart(key, ticket))
                }
            },
        }
    }

    fn add(&mut self, spec: ChildSpec, reply: Reply<Pid, ChildError>) -> Flow {
        if let Some(key) = self.find(spec.get_id()) {
            let stopped = self.core.status(key) == Some(Status::Stopped);
            let process = self.children.get(&key).and_then(|c| c.process.as_ref());
            reply.fail(match stopped {
                true => ChildError::AlreadyPresent,
                false => ChildError::AlreadyRunning(process.map(ProcessArc::pid)),
            });
            return Flow::Go;
        }
        if let Err(error) = spec::check_child(self.name, self.auto_shutdown, &spec) {
            reply.fail(ChildError::Failed(StartError::from_error(error)));
            return Flow::Go;
        }
        let policy = spec.policy();
        let child = Child::new(spec, Slot::below(&self.slot));
        // The core is yet to give the key.
        let ticket = self.tickets.issue(Owed::Pid(reply, Key(u32::MAX)));
        if let Some(key) = self.core.add(policy, ticket) {
            self.children.insert(key, child);
            self.tickets.name(ticket, key);
        }
        self.perform_all()
    }

    fn find(&self, id: &str) -> Option<Key> {
        let mut keys = self.core.keys();
        keys.find(|key| {
            self.children
                .get(key)
                .is_some_and(|c| c.spec.get_id() == id)
        })
    }

    fn statuses(&self) -> Vec<ChildStatus> {
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
            Some(ChildStatus {
                id: child.spec.get_id().to_owned(),
                pid: process.map(ProcessArc::pid),
                state,
                restart: child.spec.restart_type(),
                restarts: child.restarts,
                is_supervisor: child.spec.is_supervisor(),
            })
        })
        .collect()
    }

    fn reply(&mut self, ticket: super::core::Ticket, answer: Answer) {
        match self.tickets.redeem(ticket) {
            None => {}
            Some(Owed::Nothing(reply)) => reply.complete(match answer {
                Answer::Done => Ok(()),
                refused => Err(child_error(refused, None)),
            }),
            Some(Owed::Pid(reply, key)) => {
                let child = self.children.get(&key);
                let pid = child.and_then(|c| Some(c.process.as_ref()?.pid()));
                let forgotten = self.forgotten.take().filter(|(k, _)| *k == key);
                let failed = match child {
                    Some(child) => child.failed.clone(),
                    None => forgotten.map(|(_, error)| error),
                };
                reply.complete(match (answer, pid) {
                    (Answer::Done, Some(pid)) => Ok(pid),
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

impl Behaviour for Driver {
    type Message = Request;
    const STARTS_LATE: bool = true;

    async fn started(&mut self) -> Flow {
        self.feed(Event::Begin)
    }

    async fn handle(&mut self, request: Request) -> Result<(), ExitReason> {
        match self.request(request) {
            Flow::Go => Ok(()),
            Flow::Stop(reason) => Err(reason),
        }
    }

    async fn notice(&mut self, notice: Notice) -> Flow {
        match notice {
            Notice::Child(signal) => self.told(signal),
            Notice::Timer(id) => self.timer(id),
            // Those that link to a supervisor or are watched by nobody here do not concern it.
            Notice::Exit(_) | Notice::Down(_) => Flow::Go,
        }
    }

    async fn stop(&mut self, reason: ExitReason) -> Flow {
        self.asked.get_or_insert(reason);
        self.feed(Event::Shutdown)
    }

    async fn terminate(&mut self, _reason: &ExitReason) -> Result<(), ExitReason> {
        Ok(())
    }
}

/// A supervisor that is killed, or whose runtime goes, takes its children along.
impl Drop for Driver {
    fn drop(&mut self) {
        for child in self.children.values_mut() {
            child.disarm(&mut self.timers);
            if let Some(process) = child.process.take() {
                process.signal(Signal::Shutdown(Box::new(ExitReason::Killed)));
            }
        }
    }
}

impl Child {
    fn new(spec: ChildSpec, slot: Slot) -> Self {
        Child {
            spec,
            slot,
            process: None,
            incarnation: None,
            failed: None,
            timer: None,
            restarts: 0,
            killed: false,
        }
    }

    fn disarm(&mut self, timers: &mut HashMap<u64, (Incarnation, Limit)>) {
        if let Some((id, wheel, key)) = self.timer.take() {
            wheel.cancel(key);
            timers.remove(&id);
        }
    }
}

/// A child that kept its supervisor from starting.
#[derive(Clone, Debug)]
struct ChildStartError {
    supervisor: &'static str,
    child: String,
    error: StartError,
}

impl std::fmt::Display for ChildStartError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "supervisor `{}`: child `{}` did not start: {}",
            self.supervisor, self.child, self.error
        )
    }
}

impl std::error::Error for ChildStartError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}
