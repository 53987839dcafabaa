//! What the test programs share.

use noex::ExitReason;
use std::sync::OnceLock;
use tracing::Dispatch;
use tracing::subscriber::NoSubscriber;

/// Lets each thread of a test program listen to events by a subscriber of its own.
///
/// While a program has one subscriber only, `tracing` asks the first thread that reaches an event whether anyone wants it, and
/// believes that for all threads. With a second one it asks all of them.
pub fn listen_per_thread() {
    static SECOND: OnceLock<Dispatch> = OnceLock::new();
    SECOND.get_or_init(|| Dispatch::new(NoSubscriber::default()));
}

/// The reason without the place in the source, which only the panic hook knows: whether it is installed depends on the tests that ran before.
pub fn without_place(reason: &ExitReason) -> String {
    match reason {
        ExitReason::Panic { message, .. } => format!("panic: {message}"),
        other => other.to_string(),
    }
}
