//! Supervisors of a fixed number of children that are alike.

use super::driver::Kind;
use super::handle::TreeHandle;
use super::spec::start_as;
use super::{ChildSpec, Intensity, Spec};
use crate::process::{Address, Route, Slot, Target};
use crate::server::{Child, Start};
use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// What a [`Pool`] or [`Partitions`](super::Partitions) is made of.
#[must_use = "a spec does nothing until it is started"]
pub struct PoolSpec<C: Child> {
    name: &'static str,
    size: usize,
    route: Route,
    intensity: Intensity,
    worker: Arc<dyn Fn(usize) -> Start<C> + Send + Sync>,
}

impl<C: Child> PoolSpec<C> {
    /// So many workers. `worker` starts each of them, by its number from 0 on, anew at each restart.
    ///
    /// Three restarts in five seconds are borne, of all workers together. A pool without workers does not start.
    pub fn new(
        name: &'static str,
        size: usize,
        worker: impl Fn(usize) -> Start<C> + Send + Sync + 'static,
    ) -> Self {
        PoolSpec {
            name,
            size,
            route: Route::default(),
            intensity: Intensity::default(),
            worker: Arc::new(worker),
        }
    }

    /// Sets to which worker of a [`Pool`] a message goes; [`Partitions`](super::Partitions) go by the key.
    pub fn route(mut self, route: Route) -> Self {
        self.route = route;
        self
    }

    /// Sets how many failures of its workers are borne within which time.
    pub fn intensity(mut self, max_restarts: u32, window: Duration) -> Self {
        self.intensity = Intensity {
            max_restarts,
            window,
        };
        self
    }

    pub(super) fn launch<X: Child>(self) -> Start<X> {
        let workers = (0..self.size).map(|number| {
            let worker = self.worker.clone();
            ChildSpec::new(number.to_string(), move || worker(number))
        });
        start_pool(self.name, self.route, self.intensity, workers)
    }

    pub(super) fn child<X: Child>(self) -> ChildSpec {
        ChildSpec::new::<X>(self.name, move || self.clone().launch())
    }
}

impl<C: Child> Clone for PoolSpec<C> {
    fn clone(&self) -> Self {
        PoolSpec {
            worker: self.worker.clone(),
            ..*self
        }
    }
}

impl<C: Child> fmt::Debug for PoolSpec<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PoolSpec")
            .field("name", &self.name)
            .field("size", &self.size)
            .field("route", &self.route)
            .field("intensity", &self.intensity)
            .finish_non_exhaustive()
    }
}

/// A fixed number of workers that are used as if they were one, and the handle to them. What `#[pool]` declares in a `supervisor!`.
///
/// It derefs to a ref of the worker's type; whatever is sent through that goes to one of the workers, chosen by the pool's
/// [`Route`] anew each time. A worker that is down is passed over until it has been restarted. A job is never given to a second worker: who
/// calls one that dies gets [`CallError::Exited`](crate::CallError::Exited).
///
/// ```
/// use noex::prelude::*;
/// use noex::supervisor::Pool;
///
/// struct Resizer;
///
/// #[gen_server]
/// impl Resizer {
///     #[init]
///     fn new() -> Self { Self }
///     #[call]
///     fn resize(&mut self, image: Vec<u8>) -> usize { image.len() / 2 }
/// }
///
/// supervisor! {
///     struct App() {
///         #[pool(size = 4, route = least_busy)]
///         resizers: Resizer(),
///     }
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let app = App::start().await?;
/// assert_eq!(app.resizers().resize(vec![0; 10]).await?, 5);
/// assert_eq!(Pool::supervisor(&app.resizers()).count_children().await?.active, 4);
/// app.stop().await?;
/// # Ok(())
/// # }
/// ```
pub struct Pool<C> {
    supervisor: TreeHandle,
    /// A ref of the workers' type. Made when it is needed, so that the pool of what is no server is a type, and that it is none
    /// is said once.
    any: OnceLock<Box<dyn Any + Send + Sync>>,
    workers: PhantomData<fn() -> C>,
}

impl<C: 'static> Child for Pool<C> {
    type Ref = Pool<C>;
}

impl<C: Child> Pool<C> {
    /// Starts the pool.
    pub fn start(spec: PoolSpec<C>) -> Start<Pool<C>> {
        spec.launch()
    }

    /// The pool as a child of a supervisor.
    pub fn child_spec(spec: PoolSpec<C>) -> ChildSpec {
        spec.child::<Self>()
    }

    /// The supervisor of the workers: `Pool::supervisor(&pool)`, because a handler of the workers may have the same name.
    pub fn supervisor(pool: &Self) -> &TreeHandle {
        &pool.supervisor
    }

    /// A ref to each worker, which follows its restarts: `Pool::workers(&pool)`.
    pub fn workers(pool: &Self) -> Vec<C::Ref> {
        refs(&pool.supervisor.slot())
    }
}

/// Starts the supervisor of a pool.
pub(super) fn start_pool<X: Child>(
    name: &'static str,
    route: Route,
    intensity: Intensity,
    workers: impl Iterator<Item = ChildSpec>,
) -> Start<X> {
    let spec = Spec {
        intensity,
        children: workers.collect(),
        ..Spec::new(name)
    };
    start_as(spec, Kind::Pool(route))
}

/// A ref to each worker in use.
pub(super) fn refs<R: From<Target>>(slot: &Slot) -> Vec<R> {
    let places = slot.open().iter().cloned();
    places.map(|place| R::from(Target::from(place))).collect()
}

impl<C> From<Target> for Pool<C> {
    fn from(target: Target) -> Self {
        Pool {
            supervisor: TreeHandle::from(target),
            any: OnceLock::new(),
            workers: PhantomData,
        }
    }
}

impl<C: Child> Deref for Pool<C> {
    type Target = C::Ref;

    fn deref(&self) -> &C::Ref {
        let any = self.any.get_or_init(|| {
            let target = Target(Address::Any(self.supervisor.slot()));
            Box::new(C::Ref::from(target))
        });
        any.downcast_ref().expect("it is made here alone")
    }
}

impl<C> Clone for Pool<C> {
    fn clone(&self) -> Self {
        Pool::from(Target(self.supervisor.address()))
    }
}

impl<C> fmt::Debug for Pool<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Pool").field(&self.supervisor).finish()
    }
}
