//! What a server is made of on the thread that starts it, and takes along to those that run it.

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

/// `T`, if it may be sent.
pub type Sent<T> = <T as Sendable>::Same;
