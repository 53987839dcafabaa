//! How a server is started.

use super::alarm::Alarm;
use super::behaviour::Host;
use super::gen_server::kind;
use super::{Child, Ctx, GenServer, Init, Of};
use crate::clock;
use crate::error::{RegisterError, StartError};
use crate::process::{
    Address, Body, Cell, ClaimAtStart, Name, ProcessArc, Slot, SpawnOptions, Target, current, live,
    spawn,
};
use crate::sync::Mutex;
use crate::system::System;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

/// Starts the process, in its place if it is given one.
type Launch = Box<dyn FnOnce(SpawnOptions, Option<&Slot>) -> Result<ProcessArc, StartError> + Send>;

/// A start, a future: nothing happens before it is awaited, which yields the handle or a [`StartError`].
///
/// `init` may run on the starter's own stack. When the start fails the process is gone and its name is free. Dropping the future while init
/// runs kills the half-started process. What is set after the first poll comes too late and is ignored.
///
/// ```
/// use noex::prelude::*;
///
/// struct Cell(u64);
///
/// #[gen_server]
/// impl Cell {
///     #[call]
///     fn get(&self) -> u64 { self.0 }
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let cell = Cell(7).start().name("seven").await?;
/// assert_eq!(Cell::named("seven").get().await?, 7);
/// # Ok(())
/// # }
/// ```
#[must_use = "nothing is started unless awaited"]
pub struct Start<X: Child> {
    stage: Stage,
    init_timeout: Duration,
    alarm: Alarm,
    /// Linked to what it starts.
    starter: Option<ProcessArc>,
    starts: PhantomData<fn() -> X>,
}

enum Stage {
    Unborn(Plan),
    Init {
        process: ProcessArc,
        deadline: Option<clock::Instant>,
    },
    /// Killed for being late; its end is waited for.
    Late(ProcessArc),
    Over,
}

/// A process before there is one.
struct Plan {
    /// Never locked: a start that is given instead of what makes one is one mistake, and would be another if it were not `Sync`.
    launch: Mutex<Launch>,
    options: SpawnOptions,
    link: bool,
}

impl Plan {
    fn launch(
        self,
        adapt: impl FnOnce(&mut SpawnOptions),
        slot: Option<&Slot>,
    ) -> Result<ProcessArc, StartError> {
        let mut options = self.options;
        if self.link {
            options.link = current::process();
        }
        adapt(&mut options);
        (self.launch.into_inner())(options, slot)
    }
}

/// The place of a server that is being made, for generated code.
pub struct Seat<S: GenServer>(pub(crate) Arc<Cell<S::Message>>);

impl<S: GenServer> Start<S> {
    /// A start whose process lives the life that `body` makes; for generated code.
    pub fn new(body: impl FnOnce(Seat<S>) -> Body + Send + 'static) -> Self {
        Start::launching(S::OPTIONS.init_timeout, move |options, _slot| {
            spawn(kind::<S>(), options, |cell| body(Seat(cell)))
        })
    }
}

impl<X: Child> Start<X> {
    pub(crate) fn launching(
        init_timeout: Duration,
        launch: impl FnOnce(SpawnOptions, Option<&Slot>) -> Result<ProcessArc, StartError>
        + Send
        + 'static,
    ) -> Self {
        let plan = Plan {
            launch: Mutex::new(Box::new(launch)),
            options: SpawnOptions::default(),
            link: false,
        };
        Start {
            stage: Stage::Unborn(plan),
            init_timeout,
            alarm: Alarm::default(),
            starter: None,
            starts: PhantomData,
        }
    }

    /// Registers the process under this name, before its init runs.
    pub fn name(self, name: impl Into<Name>) -> Self {
        self.planned(|plan| plan.options.name = Some(name.into()))
    }

    /// Lets the process claim something before its init runs.
    pub(crate) fn claiming(
        self,
        claim: impl FnOnce(&ProcessArc) -> Result<(), RegisterError> + Send + 'static,
    ) -> Self {
        self.planned(|plan| plan.options.claims.push(ClaimAtStart::new(claim)))
    }

    /// Links the process to the one that starts it, before its init runs. Outside of a process there is nothing to link to.
    pub fn link(self) -> Self {
        self.planned(|plan| plan.link = true)
    }

    /// Lets init take this long instead of the server's `init_timeout`. [`Duration::MAX`] waits for ever.
    pub fn timeout(mut self, limit: Duration) -> Self {
        if let Stage::Unborn(_) = self.stage {
            self.init_timeout = limit;
        }
        self
    }

    /// Starts the process in this system instead of the one that is meant here.
    pub fn system(self, system: &System) -> Self {
        self.planned(|plan| plan.options.system = Some(system.clone()))
    }

    fn planned(mut self, change: impl FnOnce(&mut Plan)) -> Self {
        if let Stage::Unborn(plan) = &mut self.stage {
            change(plan);
        }
        self
    }

    pub(crate) fn failing(error: StartError) -> Self {
        Start::launching(Duration::MAX, move |_, _| Err(error))
    }

    /// The same start, which yields no more than where the process is.
    pub(crate) fn untyped(mut self) -> Start<Untyped> {
        Start {
            stage: std::mem::replace(&mut self.stage, Stage::Over),
            init_timeout: self.init_timeout,
            alarm: Alarm::default(),
            starter: self.starter.take(),
            starts: PhantomData,
        }
    }

    pub(crate) fn init_timeout(&self) -> Duration {
        self.init_timeout
    }

    /// Starts the process, for a supervisor that waits otherwise in its place.
    pub(crate) fn launch(
        mut self,
        adapt: impl FnOnce(&mut SpawnOptions),
        slot: Option<&Slot>,
    ) -> Result<ProcessArc, StartError> {
        let Some(plan) = self.take_plan() else {
            let why =
                "it had begun before the supervisor got it; give it a start that was not polled";
            return Err(StartError::from_error(why));
        };
        plan.launch(adapt, slot)
    }

    /// What is planned, of a start that has not begun.
    fn take_plan(&mut self) -> Option<Plan> {
        match std::mem::replace(&mut self.stage, Stage::Over) {
            Stage::Unborn(plan) => Some(plan),
            begun => {
                self.stage = begun;
                None
            }
        }
    }

    /// The process, while its init runs.
    pub(crate) fn process(&self) -> Option<&ProcessArc> {
        match &self.stage {
            Stage::Init { process, .. } | Stage::Late(process) => Some(process),
            Stage::Unborn(_) | Stage::Over => None,
        }
    }
}

/// Something that is started, of which nothing is known.
pub(crate) struct Untyped;

impl Child for Untyped {
    type Ref = Target;
}

impl<X: Child> Future for Start<X> {
    type Output = Result<X::Ref, StartError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        loop {
            match &mut this.stage {
                Stage::Unborn(_) => {
                    let plan = this.take_plan().expect("just matched");
                    this.starter = plan.link.then(current::process).flatten();
                    let process = plan.launch(|_| {}, None)?;
                    let deadline = (!process.has_started())
                        .then(|| clock::now().checked_add(this.init_timeout))
                        .flatten();
                    this.stage = Stage::Init { process, deadline };
                }
                Stage::Init { process, deadline } => {
                    if let Poll::Ready(started) = process.poll_started(cx) {
                        let target = Target(match process.place() {
                            Some(slot) => Address::Slot(slot),
                            None => Address::Process(process.clone()),
                        });
                        if started.is_err() {
                            unlink(this.starter.as_ref(), process);
                        }
                        this.stage = Stage::Over;
                        return Poll::Ready(started.map(|()| X::Ref::from(target)));
                    }
                    ready!(this.alarm.poll(cx, *deadline));
                    let late = process.clone();
                    let after = this.init_timeout;
                    late.extras(|e| e.fail_start(StartError::Timeout { after }));
                    late.kill();
                    this.stage = Stage::Late(late);
                }
                Stage::Late(process) => {
                    let outcome = ready!(process.poll_started(cx));
                    let target = Target(Address::Process(process.clone()));
                    if outcome.is_err() {
                        unlink(this.starter.as_ref(), process);
                    }
                    this.stage = Stage::Over;
                    return Poll::Ready(outcome.map(|()| X::Ref::from(target)));
                }
                Stage::Over => panic!("a start was polled after it was over"),
            }
        }
    }
}

impl<X: Child> Unpin for Start<X> {}

impl<X: Child> Drop for Start<X> {
    fn drop(&mut self) {
        match &self.stage {
            Stage::Init { process, .. } => {
                unlink(self.starter.as_ref(), process);
                process.kill();
            }
            Stage::Late(process) => unlink(self.starter.as_ref(), process),
            Stage::Unborn(_) | Stage::Over => {}
        }
    }
}

/// A start that failed is an error for the starter and nothing else: its exit signal, which may be queued, counts no more.
fn unlink(starter: Option<&ProcessArc>, process: &ProcessArc) {
    if let Some(starter) = starter {
        starter.unlink(process);
    }
}

/// The life of a server, for generated code: `init` gets the context and gives it back. Where the server cannot cross threads
/// that was said already: it is of no known type then, so nothing more is found wrong with it.
pub fn life<S, I, F>(_of: Of<S>, seat: Seat<S>, init: I) -> impl Future<Output = ()>
where
    S: GenServer,
    I: FnOnce(Ctx<S>) -> F,
    F: Future<Output = (Result<Init<S>, StartError>, Ctx<S>)>,
{
    let cx = Ctx::new(seat.0.clone());
    live(seat.0, async move {
        let (init, cx) = init(cx).await;
        Host::new(init?, cx)
    })
}

impl<X: Child> fmt::Debug for Start<X> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Start")
            .field("process", &self.process())
            .field("init_timeout", &self.init_timeout)
            .finish_non_exhaustive()
    }
}

impl<S: GenServer> fmt::Debug for Seat<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Seat").field(&self.0).finish()
    }
}
