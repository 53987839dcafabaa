//! What `supervisor!` targets: one closure that makes whatever the supervisors of a tree ask for.

use super::pool::start_pool;
use super::{ChildSpec, Intensity, Route, Spec, Supervisor, TreeHandle, start};
use crate::error::StartError;
use crate::process::{Slot, Target};
use crate::server::{Child, Start};
use std::any::Any;
use std::borrow::Cow;
use std::error::Error;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

type BoxError = Box<dyn Error + Send + Sync>;
type Make = dyn Fn(&Plan, usize, Option<&Slot>) -> Result<Made, BoxError> + Send + Sync;

/// Makes the spec of a tree (number 0) and the starts of its children.
#[derive(Clone)]
pub struct Plan(Arc<Make>);

/// What a plan has made: a [`Spec`] or a [`Start`].
pub struct Made(Box<dyn Any + Send>);

impl Plan {
    /// A plan.
    pub fn new(
        make: impl Fn(&Plan, usize, Option<&Slot>) -> Result<Made, BoxError> + Send + Sync + 'static,
    ) -> Self {
        Plan(Arc::new(make))
    }

    /// The spec of the child that is made under this number.
    pub fn child<C: Child>(&self, arm: usize, id: impl Into<Cow<'static, str>>) -> ChildSpec {
        let plan = self.clone();
        ChildSpec::in_place::<C>(id, move |slot| {
            (plan.0)(&plan, arm, Some(slot)).map(Made::into::<Start<C>>)
        })
    }

    /// The start of a pool whose workers are made under this number.
    pub fn pool<C: Child, P: Child>(
        &self,
        arm: usize,
        name: &'static str,
        size: usize,
        route: Route,
        intensity: Intensity,
    ) -> Start<P> {
        let workers = (0..size).map(|number| self.child::<C>(arm, number.to_string()));
        start_pool(name, route, intensity, workers)
    }

    /// The start of the tree.
    pub fn start<C: Child>(self) -> Start<C> {
        match self.spec_or_error() {
            Ok(spec) => start(spec),
            Err(error) => Start::failing(StartError::from_error(error)),
        }
    }

    /// The tree as a child.
    pub fn child_spec<C: Child>(self, id: &'static str) -> ChildSpec {
        ChildSpec::new::<C>(id, move || self.clone().start())
    }

    /// The spec of the tree. When it cannot be made, one that fails to start for that reason.
    pub fn spec(self) -> Spec {
        self.spec_or_error().unwrap_or_else(|error| {
            let error = StartError::from_error(error);
            let start = move |_: &Slot| Err(BoxError::from(error.clone()));
            Spec::new("supervisor").child(ChildSpec::in_place::<Supervisor>("spec", start))
        })
    }

    fn spec_or_error(&self) -> Result<Spec, BoxError> {
        (self.0)(self, 0, None).map(Made::into::<Spec>)
    }
}

impl Made {
    /// A spec.
    ///
    /// # Errors
    ///
    /// Never; a `Result` so that the arms of a plan are of one type.
    pub fn spec(spec: Spec) -> Result<Made, BoxError> {
        Ok(Made(Box::new(spec)))
    }

    /// A start, of the child that `R` refers to.
    ///
    /// # Errors
    ///
    /// Never; as for `spec`.
    pub fn child<R, T: IsStart<R> + Send + 'static>(start: T) -> Result<Made, BoxError> {
        Ok(Made(Box::new(start)))
    }

    fn into<T: 'static>(self) -> T {
        *self
            .0
            .downcast()
            .expect("the plan and its users are generated together")
    }
}

/// What starts a child that `R` refers to.
#[diagnostic::on_unimplemented(
    message = "a tree cannot start this child: its `start` is not visible here",
    label = "its `start` is private",
    note = "the function marked `#[init]` decides who may start a server: make it `pub(crate)` or `pub`"
)]
pub trait IsStart<R> {}

#[diagnostic::do_not_recommend]
impl<C: Child> IsStart<C::Ref> for Start<C> {}

/// What the stand-in for the `start` of what has none yields.
#[derive(Debug)]
pub struct NoStart;

/// What can be said of any value, in place of a name that is still to come.
pub trait HalfTyped {
    /// Is in no tree that compiles.
    #[doc(hidden)]
    fn __half_typed(&self) -> ! {
        unreachable!("a tree with half-typed arguments does not compile")
    }
}

impl<T: ?Sized> HalfTyped for T {}

/// Stands for refs that are not known, so that the compiler does not guess.
#[derive(Debug)]
pub struct Unknown<const N: usize>;

#[diagnostic::do_not_recommend]
impl IsStart<Unknown<0>> for NoStart {}
#[diagnostic::do_not_recommend]
impl IsStart<Unknown<1>> for NoStart {}

/// `T`, spelled so that a `T` that is no child is reported once: where its ref is named.
pub trait Same<R> {
    /// `Self`.
    type This;
}

#[diagnostic::do_not_recommend]
impl<T, R> Same<R> for T {
    type This = T;
}

/// See [`Same`].
pub type Sound<T> = <T as Same<<T as Child>::Ref>>::This;

/// A parameter of a tree, shared by all its starts.
pub struct Parameter<T>(Arc<dyn Any + Send + Sync>, PhantomData<fn() -> T>);

/// What can be a parameter of a tree.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a parameter of a tree",
    label = "not `Send + Sync + 'static`",
    note = "a tree keeps its parameters, and its supervisors use them from any thread: put what is not `Sync` behind a `Mutex`, and use `Arc` for `Rc`"
)]
pub trait Keep {
    /// Keeps the value; its type is known to the [`Parameter`].
    fn keep(self) -> Arc<dyn Any + Send + Sync>;
}

#[diagnostic::do_not_recommend]
impl<T: Send + Sync + 'static> Keep for T {
    fn keep(self) -> Arc<dyn Any + Send + Sync> {
        Arc::new(self)
    }
}

impl<T: 'static> Parameter<T> {
    /// Keeps the value. That `T` must be shareable is asked for here and nowhere else.
    pub fn new(value: T) -> Self
    where
        T: Keep,
    {
        Parameter(value.keep(), PhantomData)
    }

    /// The value.
    pub fn get(&self) -> &T {
        self.0.downcast_ref().expect("it was made of this type")
    }
}

/// The type of a ref to a child, which is written out where a spec is made by hand.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no ref",
    label = "this is the type of the child's ref",
    note = "write `Ref<{Self}>` if it is a server or a tree"
)]
pub trait IsRef: From<Target> {}

#[diagnostic::do_not_recommend]
impl<R: From<Target>> IsRef for R {}

/// A ref to a child of the supervisor at `slot`, or of one `up` levels above it.
pub fn sibling<R: IsRef>(slot: Option<&Slot>, up: usize, index: usize, of: usize) -> R {
    let mut slot = slot.cloned().unwrap_or_else(Slot::root);
    for _ in 0..up {
        slot = slot.parent().unwrap_or_else(Slot::root);
    }
    R::from(Target::from(slot.child(index, of)))
}

/// A ref to a child of this supervisor.
pub fn below<R: IsRef>(tree: &TreeHandle, index: usize, of: usize) -> R {
    R::from(Target::from(tree.slot().child(index, of)))
}

/// A vector, made without the help of a prelude.
pub fn list<T, const N: usize>(items: [T; N]) -> Vec<T> {
    items.into()
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Plan")
    }
}

impl fmt::Debug for Made {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Made")
    }
}

impl<T> fmt::Debug for Parameter<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Parameter")
    }
}
