//! The one way to run something beside the caller.

use std::future::Future;
use tokio::runtime::Handle;

/// Runs a future on this runtime. Nobody waits for it: what it yields, it yields to others by itself.
pub(crate) fn spawn(runtime: &Handle, future: impl Future<Output = ()> + Send + 'static) {
    runtime.spawn(future);
}
