//! What a supervisor does: performs the decisions of its core, and tells the core what became of them.
//!
//! It never waits for a child: starts, stops and ends come back as signals through its ordered queue,
//! limits as timers. So it answers at any time.

mod child;
mod reports;
mod requests;
mod resize;
mod status;

use super::core::{Action, Cause, Core, Event, Incarnation, Key};
use super::request::{Request, Tickets};
use super::spec::ChildStartError;
use super::{AutoShutdown, ChildSpec, Route, Spec, Strategy};
use crate::clock::{self, Instant};
use crate::error::StartError;
use crate::observer::ObserverEvent;
use crate::process::{
    Behaviour, Body, Cell, ExitReason, Flow, Notice, Now, Pid, ProcessArc, Restart, Slot, Unclean,
    dispose, live,
};
use child::{Child, Limit};
use reports::Oddities;
use resize::Resize;
pub(super) use status::show;
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

/// A supervisor that is yet to begin.
pub(super) struct Plan {
    pub(super) spec: Spec,
    pub(super) kind: Kind,
    pub(super) slot: Slot,
    /// Who started it and linked itself to it.
    pub(super) starter: Option<Pid>,
}

/// What a supervisor is besides what its spec says.
#[derive(Clone, Copy, Debug)]
pub(super) enum Kind {
    /// Its children are those of its spec, and those added under ids of their own.
    Listed,
    /// Its children come and go; its spec has none.
    Dynamic(Dynamic),
    /// Its children are alike, and messages are routed to them.
    Pool(Route),
}

impl Kind {
    /// As observers are told.
    pub(super) fn strategy(self, listed: Strategy) -> &'static str {
        match self {
            Kind::Dynamic(_) => "dynamic",
            Kind::Listed | Kind::Pool(_) => listed.name(),
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Dynamic {
    pub(super) max_children: usize,
    /// When children are restarted, whatever they say themselves.
    pub(super) restart: Option<Restart>,
}

pub(super) struct Driver {
    name: &'static str,
    core: Core,
    began: Instant,
    cell: Arc<Cell<Request>>,
    children: HashMap<Key, Child>,
    /// Empty in a dynamic supervisor, whose children are known by their pids.
    ids: HashMap<Cow<'static, str>, Key>,
    pids: HashMap<Pid, Key>,
    dynamic: Option<Dynamic>,
    tickets: Tickets,
    timers: HashMap<u64, (Incarnation, Limit)>,
    /// Why it is to end, as it was asked.
    asked: Option<ExitReason>,
    oddities: Oddities,
    resize: Option<Resize>,
    slot: Slot,
    starter: Option<Pid>,
    auto_shutdown: AutoShutdown,
}

pub(super) fn body(cell: Arc<Cell<Request>>, plan: Plan) -> Body {
    let begin = {
        let cell = cell.clone();
        async move { Ok(Driver::new(cell, plan)) }
    };
    Box::pin(live(cell, begin))
}

impl Driver {
    fn new(cell: Arc<Cell<Request>>, plan: Plan) -> Self {
        let Plan {
            spec,
            kind,
            slot,
            starter,
        } = plan;
        let dynamic = match kind {
            Kind::Dynamic(dynamic) => Some(dynamic),
            Kind::Listed | Kind::Pool(_) => None,
        };
        let policies = spec.children.iter().map(ChildSpec::policy);
        let core = match dynamic {
            Some(dynamic) => Core::dynamic(spec.intensity, dynamic.max_children),
            None => Core::new(spec.strategy, spec.intensity, spec.auto_shutdown, policies),
        };
        let of = spec.children.len();
        let mut driver = Driver {
            name: spec.name,
            core,
            began: clock::now(),
            cell,
            children: HashMap::with_capacity(of),
            ids: HashMap::with_capacity(of),
            pids: HashMap::new(),
            dynamic,
            tickets: Tickets::default(),
            timers: HashMap::new(),
            asked: None,
            oddities: Oddities::default(),
            resize: None,
            slot,
            starter,
            auto_shutdown: spec.auto_shutdown,
        };
        if let Kind::Pool(route) = kind {
            driver.slot.route_to(of, route);
        }
        let keys: Vec<Key> = driver.core.keys().collect();
        for (index, (key, spec)) in keys.into_iter().zip(spec.children).enumerate() {
            let slot = driver.slot.child(index, of);
            for needed in driver.needed(&spec) {
                driver.core.needs(key, needed);
            }
            driver.take_in(key, Child::new(spec, slot));
        }
        driver
    }

    fn take_in(&mut self, key: Key, child: Child) {
        if self.dynamic.is_none() {
            self.ids.insert(child.spec.get_id().clone(), key);
        }
        self.children.insert(key, child);
    }

    /// The children that a child needs, as far as they are there.
    fn needed(&self, spec: &ChildSpec) -> Vec<Key> {
        let ids = spec.needed().iter();
        ids.filter_map(|id| self.ids.get(id).copied()).collect()
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
            Action::Start(child) => self.start_child(child),
            Action::StartAfter(child, wait) => self.start_child_after(child, wait),
            Action::Abort(child) => self.abort_child(child),
            Action::Stop { child, limit } => self.stop_child(child, limit),
            Action::Kill(child) => self.kill_child(child),
            Action::Forget(key) => self.forget_child(key),
            Action::Reply(ticket, answer) => self.reply(ticket, answer),
            Action::Ready => self.cell.head.report_started(),
            Action::Exit(cause) => {
                self.note_stuck();
                self.oddities.report(self.name);
                return Flow::Stop(self.exit_reason(cause));
            }
        }
        Flow::Go
    }

    fn me(&self) -> ProcessArc {
        ProcessArc(self.cell.clone())
    }

    fn exit_reason(&mut self, cause: Cause) -> ExitReason {
        let supervisor = self.name;
        match cause {
            Cause::Shutdown => self.asked.take().unwrap_or(ExitReason::Shutdown),
            Cause::AutoShutdown(_) => ExitReason::Shutdown,
            Cause::GaveUp(key) => {
                let child = self.children.get(&key).map(|c| &**c.spec.get_id());
                self.cell.head.system.listeners().tell(|| {
                    Some(ObserverEvent::MaxRestartsExceeded {
                        supervisor: self.cell.head.pid(),
                        name: supervisor,
                        child: child.map(str::to_owned),
                    })
                });
                tracing::error!(target: "noex::supervisor", supervisor, child, "gave up: more restarts than the intensity allows (maximum intensity reached)");
                ExitReason::Shutdown
            }
            Cause::StartFailed(key) => {
                let child = self.children.get(&key);
                let error = StartError::from_error(ChildStartError {
                    supervisor,
                    child: child.map_or_else(String::new, |c| c.spec.get_id().to_string()),
                    error: child
                        .and_then(|c| c.failed.clone())
                        .unwrap_or(StartError::Exited(ExitReason::Shutdown)),
                });
                self.cell.head.extras(|e| e.fail_start(error));
                ExitReason::Shutdown
            }
        }
    }

    /// Notes for observers that a child has a process, or has none.
    fn note_child(&self, key: Key, process: Option<(Pid, Cow<'static, str>)>) {
        self.cell.head.extras(|e| {
            let Some(tree) = e.tree_mut() else { return };
            match process {
                Some(process) => tree.children.insert(key.0, process),
                None => tree.children.remove(&key.0),
            };
        });
    }

    fn note_restart(&self, again: bool) {
        if again {
            self.cell
                .head
                .extras(|e| e.tree_mut().map(|tree| tree.restarts += 1));
        }
    }

    /// Notes a child that did not stop when asked, for those who ask how the supervisor was stopped.
    fn note_unclean(&self, children: impl IntoIterator<Item = Unclean>) {
        self.cell.head.extras(|e| {
            if let Some(tree) = e.tree_mut() {
                tree.unclean.extend(children);
            }
        });
    }
}

impl Behaviour for Driver {
    type Message = Request;
    const STARTS_LATE: bool = true;

    async fn started(&mut self) -> Flow {
        self.feed(Event::Begin)
    }

    fn handle_now(&mut self, request: Request) -> Now<Request> {
        Now::Done(self.request(request).into())
    }

    async fn notice(&mut self, notice: Notice) -> Flow {
        match notice {
            Notice::Child(signal) => self.told(signal),
            Notice::Timer(id) => self.timer(id),
            Notice::Exit(exit) if exit.from.is_some() && exit.from == self.starter => {
                self.stop(exit.reason).await
            }
            // Others that link to a supervisor, or are watched by nobody here, do not concern it.
            Notice::Exit(_) | Notice::Down(_) => Flow::Go,
        }
    }

    async fn stop(&mut self, reason: ExitReason) -> Flow {
        self.asked.get_or_insert(reason);
        self.feed(Event::Shutdown)
    }

    async fn terminate(&mut self, _reason: &ExitReason) -> Result<(), ExitReason> {
        self.take_along().await;
        Ok(())
    }

    async fn killed(&mut self) {
        self.take_along().await;
    }
}

/// Without a runtime nothing can be waited for.
impl Drop for Driver {
    fn drop(&mut self) {
        for (_, mut child) in self.children.drain() {
            child.disarm(&mut self.timers);
            if let Some(process) = child.process.take() {
                process.kill();
            }
            let _ = dispose(child);
        }
    }
}
