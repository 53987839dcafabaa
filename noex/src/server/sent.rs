//! What a server is made of on the thread that starts it, and takes along to those that run it.

use std::marker::PhantomData;

/// A type that may be sent to another thread, and owns all it needs there.
///
/// For generated code: a function that takes `Sent<T>` is one error where `T` is no such type, at `T` as the user wrote it;
/// whatever else the function does with it is then left alone.
pub trait Sendable {
    /// Itself.
    type Same;
}

impl<T: Send + 'static> Sendable for T {
    type Same = T;
}

/// `T`, given a type that may be an error; then so is this, and the compiler, which has said what is wrong, says nothing of it. For
/// generated code.
pub trait Given<T> {
    /// `T`.
    type It;
}

impl<X: ?Sized, T> Given<T> for X {
    type It = T;
}

/// Asks of a type whether a message may carry it, for generated code.
pub const fn in_message<T: Send + 'static>() {}

/// A type that several threads may look at, for generated code.
#[diagnostic::on_unimplemented(
    message = "an `async` handler that takes `&self` shares the server between threads, but `{Self}` is not `Sync`",
    label = "its `async` handlers must take `&mut self`",
    note = "write `&mut self`: such a handler has the server to itself, so that `{Self}` need not be `Sync`"
)]
pub trait Shareable {
    /// Itself.
    type Same;
}

// Asking for `T: Sync` itself, the compiler would say what it says of any such type.
#[diagnostic::do_not_recommend]
impl<T> Shareable for T
where
    for<'a> &'a T: Send,
{
    type Same = T;
}

/// `T`, if it may be shared.
pub type Shared<T> = <T as Shareable>::Same;

/// `T`, if it may be sent.
pub type Sent<T> = <T as Sendable>::Same;

/// Says of what type a server is, where that was asked already.
pub type Of<T> = PhantomData<fn(T)>;
