//! What is done with the answer of what nobody awaited: each is one error, which says so.

use super::{Call, Child, GenServer, Start};
use std::cmp::Ordering;
use std::fmt;

/// A call or a start that has its answer. None has: it comes when they are awaited.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no answer until it is awaited",
    label = "not awaited",
    note = "write `.await` before this, as in `counter.get().await?`"
)]
pub trait Awaited {
    /// What it would be.
    fn answer<T>(&self) -> T;
}

impl<S: GenServer, T, E> Call<'_, S, T, E> {
    #[doc(hidden)]
    pub fn unwrap(self) -> T
    where
        Self: Awaited,
    {
        self.answer()
    }

    #[doc(hidden)]
    pub fn expect(self, _why: &str) -> T
    where
        Self: Awaited,
    {
        self.answer()
    }
}

impl<X: Child> Start<X> {
    #[doc(hidden)]
    pub fn unwrap(self) -> X::Ref
    where
        Self: Awaited,
    {
        self.answer()
    }

    #[doc(hidden)]
    pub fn expect(self, _why: &str) -> X::Ref
    where
        Self: Awaited,
    {
        self.answer()
    }
}

#[doc(hidden)]
impl<S: GenServer, T, E> fmt::Display for Call<'_, S, T, E>
where
    Self: Awaited,
{
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.answer()
    }
}

#[doc(hidden)]
impl<S: GenServer, T, E> PartialEq<T> for Call<'_, S, T, E>
where
    Self: Awaited,
{
    fn eq(&self, _: &T) -> bool {
        self.answer()
    }
}

#[doc(hidden)]
impl<S: GenServer, T, E> PartialOrd<T> for Call<'_, S, T, E>
where
    Self: Awaited,
{
    fn partial_cmp(&self, _: &T) -> Option<Ordering> {
        self.answer()
    }
}
