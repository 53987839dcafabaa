//! A server that does as it is told and notes what happens to it.

use crate::scene::Scene;
use crate::words::{answer, outcome, reason};
use noex::prelude::*;
use noex::{ChildSpec, MonitorRef, RegistryEvent, RegistryEventKind, Start, Timer};
use std::collections::HashMap;
use std::future::{Future, pending};
use std::pin::Pin;
use std::time::Duration;
use tokio::time::sleep;

/// What an init does.
#[derive(Clone, Copy, Default)]
pub(crate) enum Begin {
    #[default]
    Well,
    After(u64),
    Fail,
    Raise,
    Ignore,
    Hang,
}

/// What `terminate` does.
#[derive(Clone, Copy, Default)]
pub(crate) enum End {
    #[default]
    Well,
    After(u64),
    Fail,
    Raise,
    Hang,
}

/// What a worker can be told. Steps of one order come before its next message.
pub(crate) enum Order {
    Note(String),
    Add(u64),
    Stop(ExitReason),
    Raise,
    Then(Vec<Order>),
    Sleep(u64),
    Hang,
    Trap(bool),
    Link(WorkerRef),
    Unlink(WorkerRef),
    Exit(WorkerRef, ExitReason),
    ExitItself(ExitReason),
    Tell(WorkerRef, Box<Order>),
    /// With the time to wait for the answer.
    Ask(WorkerRef, Box<Order>, u64),
    AskItself(Box<Order>),
    AnswerKept,
    Answer(Vec<Reply<()>>),
    Run(Pin<Box<dyn Future<Output = ()> + Send>>),
    StartLink(Part),
    Watch(WorkerRef),
    Unwatch,
    UnwatchAndFlush,
    SendAfter(u64, Box<Order>),
    Cancel(u64),
}

pub(crate) fn note(what: impl ToString) -> Order {
    Order::Note(what.to_string())
}

pub(crate) fn run(act: impl Future<Output = ()> + Send + 'static) -> Order {
    Order::Run(Box::pin(act))
}

pub(crate) fn boom() -> ExitReason {
    ExitReason::from_error("boom")
}

pub(crate) fn enough() -> ExitReason {
    ExitReason::ShutdownWith("enough".into())
}

pub(crate) fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// Has an order carried out, and waits. What came of it.
pub(crate) async fn ask(worker: &WorkerRef, order: Order) -> String {
    answer(worker.ask(order).await)
}

pub(crate) async fn ask_within(worker: &WorkerRef, order: Order, millis: u64) -> String {
    answer(worker.ask(order).timeout(ms(millis)).await)
}

/// Has an order carried out, and does not wait.
pub(crate) fn tell(worker: &WorkerRef, order: Order) -> &'static str {
    match worker.tell(order) {
        Ok(()) => "ok",
        Err(_) => "refused",
    }
}

/// What a worker is to be, over all its processes.
#[derive(Clone)]
pub(crate) struct Part {
    scene: Scene,
    id: &'static str,
    trap: bool,
    silent: bool,
    name: Option<&'static str>,
    end: End,
    /// The steps after its init, and what that sends to itself.
    first: fn() -> (Vec<Order>, Vec<Order>),
    on_down: Option<fn(&Scene)>,
}

impl Part {
    pub(crate) fn new(scene: &Scene, id: &'static str) -> Self {
        Part {
            scene: scene.clone(),
            id,
            trap: false,
            silent: false,
            name: None,
            end: End::Well,
            first: || (Vec::new(), Vec::new()),
            on_down: None,
        }
    }

    pub(crate) fn trap(mut self) -> Self {
        self.trap = true;
        self
    }

    pub(crate) fn untrapped(mut self) -> Self {
        self.trap = false;
        self
    }

    /// It notes only what it is told to note.
    pub(crate) fn silent(mut self) -> Self {
        self.silent = true;
        self
    }

    pub(crate) fn name(mut self, name: &'static str) -> Self {
        self.name = Some(name);
        self
    }

    pub(crate) fn ends(mut self, end: End) -> Self {
        self.end = end;
        self
    }

    pub(crate) fn first(mut self, first: fn() -> (Vec<Order>, Vec<Order>)) -> Self {
        self.first = first;
        self
    }

    pub(crate) fn on_down(mut self, look: fn(&Scene)) -> Self {
        self.on_down = Some(look);
        self
    }

    pub(crate) fn start(&self) -> Start<Worker> {
        let start = Worker::start(self.clone());
        match self.name {
            Some(name) => start.name(name),
            None => start,
        }
    }

    pub(crate) fn start_link(&self) -> Start<Worker> {
        self.start().link()
    }

    pub(crate) fn spec(&self) -> ChildSpec {
        let spec = Worker::child_spec(self.clone()).id(self.id);
        match self.name {
            Some(name) => spec.name(name),
            None => spec,
        }
    }

    pub(crate) fn note(&self, what: impl AsRef<str>) {
        self.scene.note(format!("{} {}", self.id, what.as_ref()));
    }

    fn say(&self, what: impl AsRef<str>) {
        if !self.silent {
            self.note(what);
        }
    }
}

pub(crate) struct Worker {
    part: Part,
    kept: Vec<Reply<()>>,
    timers: HashMap<u64, Timer>,
    watches: Vec<MonitorRef>,
    pub(crate) value: u64,
}

#[gen_server]
impl Worker {
    #[init]
    pub(crate) async fn new(part: Part, cx: &mut Ctx<Self>) -> Result<Init<Self>, &'static str> {
        cx.trap_exit(part.trap);
        let begin = part.scene.begin(part.id);
        part.say("starts");
        match begin {
            Begin::Well => {}
            Begin::After(millis) => sleep(ms(millis)).await,
            Begin::Fail => return Err("boom"),
            Begin::Raise => panic!("boom"),
            Begin::Ignore => return Ok(Init::ignore()),
            Begin::Hang => pending().await,
        }
        part.scene.up(part.id, cx.myself());
        let (steps, messages) = (part.first)();
        for order in messages {
            tell(&cx.myself(), order);
        }
        let init = Init::ready(Self {
            part,
            kept: Vec::new(),
            timers: HashMap::new(),
            watches: Vec::new(),
            value: 0,
        });
        let steps = steps.into_iter();
        Ok(steps.fold(init, |init, order| {
            init.then(WorkerContinue::Step { order })
        }))
    }

    #[call]
    pub(crate) async fn ask(&mut self, order: Order, cx: &mut Ctx<Self>) {
        self.perform(order, cx).await;
    }

    #[cast]
    pub(crate) async fn tell(&mut self, order: Order, cx: &mut Ctx<Self>) {
        self.perform(order, cx).await;
    }

    #[info]
    async fn told(&mut self, order: Order, cx: &mut Ctx<Self>) {
        self.perform(order, cx).await;
    }

    #[continuation]
    async fn step(&mut self, order: Order, cx: &mut Ctx<Self>) {
        self.perform(order, cx).await;
    }

    #[call(deferred)]
    pub(crate) fn keep(&mut self, reply: Reply<()>) {
        self.kept.push(reply);
    }

    #[call(deferred)]
    pub(crate) fn lose(&mut self, reply: Reply<()>) {
        drop(reply);
    }

    #[call(deferred)]
    pub(crate) fn stop_silently(
        &mut self,
        reason: ExitReason,
        reply: Reply<()>,
        cx: &mut Ctx<Self>,
    ) {
        self.kept.push(reply);
        cx.stop(reason);
    }

    #[call]
    pub(crate) fn kept(&mut self) -> Vec<Reply<()>> {
        std::mem::take(&mut self.kept)
    }

    #[info(down)]
    fn down(&mut self, down: Down) {
        self.part.say(format!("down {}", reason(&down.reason)));
        if let Some(look) = self.part.on_down {
            look(&self.part.scene);
        }
    }

    #[info(exit)]
    fn exit(&mut self, exit: Exit) {
        self.part.say(format!("exit {}", reason(&exit.reason)));
    }

    #[info]
    fn changed(&mut self, event: RegistryEvent<&'static str, u32>) {
        let (key, value) = (event.entry.key(), event.entry.value());
        self.part.say(match event.kind {
            RegistryEventKind::Register => format!("register {key} {value}"),
            _ => format!("unregister {key}"),
        });
    }

    #[terminate]
    async fn bye(&mut self, why: &ExitReason) -> Result<(), ExitReason> {
        self.part.say(format!("ends {}", reason(why)));
        match self.part.end {
            End::Well => {}
            End::After(millis) => sleep(ms(millis)).await,
            End::Fail => return Err(ExitReason::from_error("last")),
            End::Raise => panic!("last"),
            End::Hang => pending().await,
        }
        Ok(())
    }
}

impl Worker {
    /// The same worker with another value, and nothing kept.
    pub(crate) fn with_value(&self, value: u64) -> Self {
        Self {
            part: self.part.clone(),
            kept: Vec::new(),
            timers: self.timers.clone(),
            watches: self.watches.clone(),
            value,
        }
    }

    async fn perform(&mut self, order: Order, cx: &mut Ctx<Self>) {
        match order {
            Order::Note(what) => self.part.note(what),
            Order::Add(n) => self.value += n,
            Order::Stop(reason) => cx.stop(reason),
            Order::Raise => panic!("boom"),
            Order::Then(orders) => {
                for order in orders {
                    cx.continue_with(WorkerContinue::Step { order });
                }
            }
            Order::Sleep(millis) => sleep(ms(millis)).await,
            Order::Hang => pending().await,
            Order::Trap(on) => cx.trap_exit(on),
            Order::Link(other) => cx.link(&other),
            Order::Unlink(other) => cx.unlink(&other),
            Order::Exit(other, reason) => other.exit(reason),
            Order::ExitItself(reason) => cx.myself().exit(reason),
            Order::Tell(other, order) => drop(tell(&other, *order)),
            Order::Ask(other, order, millis) => {
                self.part.note(ask_within(&other, *order, millis).await);
            }
            Order::AskItself(order) => self.part.note(ask(&cx.myself(), *order).await),
            Order::AnswerKept => self.kept.drain(..).for_each(|reply| reply.send(())),
            Order::Answer(kept) => kept.into_iter().for_each(|reply| reply.send(())),
            Order::Run(act) => act.await,
            Order::StartLink(part) => {
                let started = outcome(&part.start_link().await);
                sleep(ms(50)).await;
                self.part.note(format!("start {started}"));
            }
            Order::Watch(other) => self.watches.push(cx.monitor(&other)),
            Order::Unwatch => {
                for watch in &self.watches {
                    cx.demonitor(*watch);
                }
            }
            Order::UnwatchAndFlush => {
                for watch in &self.watches {
                    cx.demonitor_flush(*watch);
                }
            }
            Order::SendAfter(millis, order) => {
                let timer = cx.send_after(ms(millis), *order);
                self.timers.insert(millis, timer);
            }
            Order::Cancel(millis) => {
                let left = cx.cancel(self.timers[&millis]);
                let cancelled = if left.is_some() {
                    "cancelled"
                } else {
                    "too late"
                };
                self.part.note(cancelled);
            }
        }
    }
}
