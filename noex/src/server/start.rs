//! How a server is started.

use super::alarm::Alarm;
use super::behaviour::Host;
use super::gen_server::kind;
use super::{Child, Ctx, GenServer, Init};
use crate::clock;
use crate::error::{RegisterError, StartError};
use crate::process::{
    Address, Body, Cell, ClaimAtStart, Name, ProcessArc, Slot, SpawnOptions, Target, current, live,
    spawn,
};
use crate::system::System;
use std::fmt;
use std::future::{Future, IntoFuture};
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

/// Starts the process, in its place if it is given one.
type Launch = Box<dyn FnOnce(SpawnOptions, Option<&Slot>) -> Result<ProcessArc, StartError> + Send>;

/// A start: nothing happens before it is awaited, which yields the handle or a [`StartError`].
///
/// `init` may run on the starter's own stack. When the start fails the process is gone and its name is free. Dropping the future while init
/// runs kills the half-started process.
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
    launch: Launch,
    options: SpawnOptions,
    link: bool,
    init_timeout: Duration,
    starts: PhantomData<fn() -> X>,
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
        Start {
            launch: Box::new(launch),
            options: SpawnOptions::default(),
            link: false,
            init_timeout,
            starts: PhantomData,
        }
    }

    /// Registers the process under this name, before its init runs.
    pub fn name(mut self, name: impl Into<Name>) -> Self {
        self.options.name = Some(name.into());
        self
    }

    /// Lets the process claim something before its init runs.
    pub(crate) fn claiming(
        mut self,
        claim: impl FnOnce(&ProcessArc) -> Result<(), RegisterError> + Send + 'static,
    ) -> Self {
        self.options.claims.push(ClaimAtStart(Box::new(claim)));
        self
    }

    /// Links the process to the one that starts it, before its init runs. Outside of a process there is nothing to link to.
    pub fn link(mut self) -> Self {
        self.link = true;
        self
    }

    /// Lets init take this long instead of the server's `init_timeout`. [`Duration::MAX`] waits for ever.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.init_timeout = limit;
        self
    }

    /// Starts the process in this system instead of the one that is meant here.
    pub fn system(mut self, system: &System) -> Self {
        self.options.system = Some(system.clone());
        self
    }

    pub(crate) fn failing(error: StartError) -> Self {
        Start::launching(Duration::MAX, move |_, _| Err(error))
    }

    /// The same start, which yields no more than where the process is.
    pub(crate) fn untyped(self) -> Start<Untyped> {
        Start {
            launch: self.launch,
            options: self.options,
            link: self.link,
            init_timeout: self.init_timeout,
            starts: PhantomData,
        }
    }

    pub(crate) fn init_timeout(&self) -> Duration {
        self.init_timeout
    }

    /// Starts the process, for a supervisor that waits otherwise in its place.
    pub(crate) fn launch(
        self,
        adapt: impl FnOnce(&mut SpawnOptions),
        slot: Option<&Slot>,
    ) -> Result<ProcessArc, StartError> {
        let mut options = self.options;
        if self.link {
            options.link = current::process();
        }
        adapt(&mut options);
        let process = (self.launch)(options, slot)?;
        Ok(process)
    }
}

impl<X: Child> IntoFuture for Start<X> {
    type Output = Result<X::Ref, StartError>;
    type IntoFuture = Starting<X>;

    fn into_future(self) -> Starting<X> {
        Starting {
            limit: self.init_timeout,
            stage: Stage::Unborn(self),
            alarm: Alarm::default(),
            starter: None,
        }
    }
}

/// Something that is started, of which nothing is known.
pub(crate) struct Untyped;

impl Child for Untyped {
    type Ref = Target;
}

/// The future of a [`Start`].
#[must_use = "nothing is started unless awaited"]
pub struct Starting<X: Child> {
    stage: Stage<X>,
    limit: Duration,
    alarm: Alarm,
    /// Linked to what it starts.
    starter: Option<ProcessArc>,
}

enum Stage<X: Child> {
    Unborn(Start<X>),
    Init {
        process: ProcessArc,
        deadline: Option<clock::Instant>,
    },
    /// Killed for being late; its end is waited for.
    Late(ProcessArc),
    Over,
}

impl<X: Child> Future for Starting<X> {
    type Output = Result<X::Ref, StartError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        loop {
            match &mut this.stage {
                Stage::Unborn(_) => {
                    let Stage::Unborn(start) = std::mem::replace(&mut this.stage, Stage::Over)
                    else {
                        unreachable!("just matched");
                    };
                    this.starter = start.link.then(current::process).flatten();
                    let process = start.launch(|_| {}, None)?;
                    let deadline = (!process.has_started())
                        .then(|| clock::now().checked_add(this.limit))
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
                    let after = this.limit;
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

impl<X: Child> Starting<X> {
    /// The process, while its init runs.
    pub(crate) fn process(&self) -> Option<&ProcessArc> {
        match &self.stage {
            Stage::Init { process, .. } | Stage::Late(process) => Some(process),
            Stage::Unborn(_) | Stage::Over => None,
        }
    }
}

impl<X: Child> Unpin for Starting<X> {}

impl<X: Child> Drop for Starting<X> {
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

/// The life of a server, for generated code: `init` gets the context and gives it back.
pub fn life<S, I, F>(seat: Seat<S>, init: I) -> impl Future<Output = ()>
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
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl<X: Child> fmt::Debug for Starting<X> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Starting")
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}

impl<S: GenServer> fmt::Debug for Seat<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Seat").field(&self.0).finish()
    }
}
