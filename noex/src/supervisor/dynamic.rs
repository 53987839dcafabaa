//! Supervisors whose children come and go.

use super::driver::{self, Kind};
use super::handle::{ChildError, TreeHandle};
use super::spec::start_as;
use super::{ChildSpec, Intensity, Spec, request};
use crate::error::CallError;
use crate::process::{Pid, Restart, Slot, Target};
use crate::server::{Child, Start};
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::ops::Deref;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

/// What a dynamic supervisor is made of.
#[derive(Clone, Debug)]
#[must_use = "a spec does nothing until it is started"]
pub struct DynamicSpec {
    /// For logs and observers.
    pub name: &'static str,
    /// How many failures are borne, of all its children together.
    pub intensity: Intensity,
    /// How many children it may have, those being restarted included. No limit if not said.
    pub max_children: usize,
    /// When children are restarted, whatever they say themselves.
    pub restart: Option<Restart>,
}

impl DynamicSpec {
    /// Three restarts in five seconds, any number of children.
    pub fn new(name: &'static str) -> Self {
        DynamicSpec {
            name,
            intensity: Intensity::default(),
            max_children: usize::MAX,
            restart: None,
        }
    }

    /// Sets how many failures of its children are borne within which time.
    pub fn intensity(mut self, max_restarts: u32, window: Duration) -> Self {
        self.intensity = Intensity {
            max_restarts,
            window,
        };
        self
    }

    /// Sets how many children it may have.
    pub fn max_children(mut self, max_children: usize) -> Self {
        self.max_children = max_children;
        self
    }

    /// Sets when its children are restarted, whatever they say themselves.
    pub fn restart(mut self, restart: Restart) -> Self {
        self.restart = Some(restart);
        self
    }

    fn start<X: Child>(self) -> Start<X> {
        let spec = Spec {
            intensity: self.intensity,
            ..Spec::new(self.name)
        };
        let dynamic = driver::Dynamic {
            max_children: self.max_children,
            restart: self.restart,
        };
        start_as(spec, Kind::Dynamic(dynamic))
    }
}

/// A supervisor whose children are started at run time, of any type. [`Dynamic`] has children of one type.
///
/// Its children are restarted one by one and have no order: when it stops, all are told at once, and each has its own limit. They are known by
/// their pids; ids are for logs and may repeat. A child that is down for good is forgotten.
///
/// ```
/// use noex::prelude::*;
/// use noex::supervisor::{DynamicSpec, DynamicSupervisor};
///
/// struct Session(u64);
///
/// #[gen_server(restart = transient)]
/// impl Session {
///     #[init]
///     fn new(user: u64) -> Self { Self(user) }
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let sessions = DynamicSupervisor::start(DynamicSpec::new("sessions").max_children(1_000)).await?;
/// let session = sessions.start_child(Session::child_spec(7)).await?;
/// assert_eq!(sessions.count_children().await?.active, 1);
/// sessions.terminate_child(session).await?;
/// sessions.stop().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct DynamicSupervisor;

impl Child for DynamicSupervisor {
    type Ref = DynamicHandle;
}

impl DynamicSupervisor {
    /// Starts a dynamic supervisor.
    pub fn start(spec: DynamicSpec) -> Start<DynamicSupervisor> {
        spec.start()
    }

    /// A dynamic supervisor as a child of another.
    pub fn child_spec(spec: DynamicSpec) -> ChildSpec {
        ChildSpec::new::<DynamicSupervisor>(spec.name, move || spec.clone().start())
    }
}

/// A running [`DynamicSupervisor`]. It follows restarts if it is a child.
///
/// Of what it derefs to, only what names children by their ids does not apply: those methods answer
/// [`ChildError::NotFound`].
#[derive(Clone, Debug)]
pub struct DynamicHandle(TreeHandle);

impl DynamicHandle {
    /// Starts a child. When it does not start it is not added, and that costs no restart.
    ///
    /// # Errors
    ///
    /// [`ChildError::MaxChildren`], [`ChildError::Failed`], or the call failed.
    pub async fn start_child(&self, spec: ChildSpec) -> Result<Pid, CallError<ChildError>> {
        self.0.start_child(spec).await
    }

    /// Stops a child, within its shutdown limit, and forgets it. One that is being restarted is known by its last pid.
    ///
    /// # Errors
    ///
    /// [`ChildError::NotFound`], or the call failed.
    pub async fn terminate_child(&self, pid: Pid) -> Result<(), CallError<ChildError>> {
        self.0.terminate(request::Child::Pid(pid)).await
    }
}

impl From<Target> for DynamicHandle {
    fn from(target: Target) -> Self {
        DynamicHandle(TreeHandle::from(target))
    }
}

impl Deref for DynamicHandle {
    type Target = TreeHandle;

    fn deref(&self) -> &TreeHandle {
        &self.0
    }
}

/// A dynamic supervisor whose children are all `C`s, and the handle to it. What `#[dynamic]` declares in a `supervisor!`.
///
/// ```
/// use noex::prelude::*;
///
/// struct Session(String);
///
/// #[gen_server]
/// impl Session {
///     #[init]
///     fn new(user: String) -> Self { Self(user) }
///     #[call]
///     fn user(&self) -> String { self.0.clone() }
/// }
///
/// supervisor! {
///     struct App() {
///         #[dynamic(max = 10_000, restart = temporary)]
///         sessions: Session,
///     }
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app = App::start().await?;
/// let session = app.sessions().start_child(Session::start("ann".into())).await?;
/// assert_eq!(session.user().await?, "ann");
/// app.stop().await?;
/// # Ok(())
/// # }
/// ```
pub struct Dynamic<C> {
    handle: DynamicHandle,
    starts: PhantomData<fn() -> C>,
}

impl<C: 'static> Child for Dynamic<C> {
    type Ref = Dynamic<C>;
}

impl<C: 'static> Dynamic<C> {
    /// Starts the supervisor.
    pub fn start(spec: DynamicSpec) -> Start<Dynamic<C>> {
        spec.start()
    }

    /// The supervisor as a child of another.
    pub fn child_spec(spec: DynamicSpec) -> ChildSpec {
        ChildSpec::new::<Self>(spec.name, move || spec.clone().start())
    }
}

impl<C: Child> Dynamic<C> {
    /// Starts a child, and gives a ref to it that follows its restarts.
    ///
    /// A temporary child is given as what its `start` yields; one that is restarted as a closure that makes that, anew at each start:
    /// `start_child(move || Session::start(user.clone()))`. When it does not start it is not added, and that costs no
    /// restart. Dropping the future does not take the child back.
    ///
    /// # Errors
    ///
    /// [`ChildError::MaxChildren`], [`ChildError::Failed`], or the call failed.
    pub fn start_child(&self, start: impl StartChild<C>) -> StartingChild<C> {
        let (handle, spec) = (self.handle.clone(), start.into_child_spec());
        StartingChild {
            place: Box::pin(async move { Ok(handle.start_in_place(spec).await?.slot) }),
            starts: PhantomData,
        }
    }
}

impl<C> From<Target> for Dynamic<C> {
    fn from(target: Target) -> Self {
        Dynamic {
            handle: DynamicHandle::from(target),
            starts: PhantomData,
        }
    }
}

impl<C> Deref for Dynamic<C> {
    type Target = DynamicHandle;

    fn deref(&self) -> &DynamicHandle {
        &self.handle
    }
}

impl<C> Clone for Dynamic<C> {
    fn clone(&self) -> Self {
        Dynamic {
            handle: self.handle.clone(),
            starts: PhantomData,
        }
    }
}

impl<C> fmt::Debug for Dynamic<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Dynamic").field(&self.handle).finish()
    }
}

/// The future of [`Dynamic::start_child`].
#[must_use = "no child is started unless awaited"]
pub struct StartingChild<C: Child> {
    place: Pin<Box<dyn Future<Output = Result<Slot, CallError<ChildError>>> + Send>>,
    starts: PhantomData<fn() -> C>,
}

impl<C: Child> Future for StartingChild<C> {
    type Output = Result<C::Ref, CallError<ChildError>>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let place = self.place.as_mut().poll(cx);
        place.map_ok(|place| C::Ref::from(Target::from(place)))
    }
}

impl<C: Child> fmt::Debug for StartingChild<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StartingChild")
    }
}

/// What starts a child of a [`Dynamic`] supervisor: a start of a `C`, or a closure that makes one.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not start a `{C}`",
    label = "not a start of a `{C}`",
    note = "give `{C}::start(..)` for a temporary child, or `move || {C}::start(..)` for one that is restarted",
    note = "such a closure runs again at each restart: what it gives away it has to clone"
)]
pub trait StartChild<C: Child> {
    /// The spec of the child.
    #[doc(hidden)]
    fn into_child_spec(self) -> ChildSpec;
}

#[diagnostic::do_not_recommend]
impl<C: Child> StartChild<C> for Start<C> {
    fn into_child_spec(self) -> ChildSpec {
        ChildSpec::once(short_name::<C>(), self)
    }
}

#[diagnostic::do_not_recommend]
impl<C: Child, F: Fn() -> Start<C> + Send + Sync + 'static> StartChild<C> for F {
    fn into_child_spec(self) -> ChildSpec {
        ChildSpec::new(short_name::<C>(), self)
    }
}

/// `Session` of `app::web::Session`.
fn short_name<C>() -> &'static str {
    let path = std::any::type_name::<C>();
    let end = path.find('<').unwrap_or(path.len());
    let start = path[..end].rfind("::").map_or(0, |at| at + 2);
    &path[start..]
}
