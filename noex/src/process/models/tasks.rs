//! What the runtime of a model is to run.

use super::*;
use crate::sync::Mutex;

type Task = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The tasks of a runtime that has not run any, until it is shut down.
#[derive(Clone)]
pub(in crate::process) struct Tasks(Arc<Mutex<Option<Vec<Task>>>>);

impl Default for Tasks {
    fn default() -> Self {
        Tasks(Arc::new(Mutex::new(Some(Vec::new()))))
    }
}

impl Tasks {
    /// As tokio does, drops a task that comes too late on the spot.
    pub(in crate::process) fn add(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut task: Option<Task> = Some(Box::pin(task));
        if let Some(tasks) = &mut *self.0.lock() {
            tasks.extend(task.take());
        }
    }

    /// Shuts the runtime down: these are to be dropped.
    pub(super) fn shut_down(&self) -> Vec<Task> {
        self.0.lock().take().unwrap_or_default()
    }
}
