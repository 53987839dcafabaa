//! What the test programs share.

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
