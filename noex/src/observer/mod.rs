//! Looking at a running system: what there is, what it does, what happens. Observing reads what is counted anyway and drives nothing.

mod event;
mod listeners;
mod memory;
mod polling;
mod sampling;
mod snapshot;
mod stats;
mod subscription;
mod table;
mod tree;

pub use event::ObserverEvent;
pub(crate) use listeners::Listeners;
pub use memory::{HeapStats, MemoryStats, set_heap_reporter};
pub(crate) use sampling::Samples;
pub use sampling::{Sample, Sampling};
pub use snapshot::Snapshot;
pub use stats::{ServerStats, ServerStatus, SupervisorStats};
pub use subscription::{Events, Subscription};
pub use tree::{NodeStats, TreeNode};

use crate::process::ProcessArc;
use crate::system::System;

/// Looks at the processes of a [`System`].
///
/// Nothing is asked of any process: what is told is counted anyway, so a look works while servers are busy or stuck, and costs them nothing.
///
/// ```
/// use noex::Observer;
/// use noex::prelude::*;
///
/// struct Till(u64);
///
/// #[gen_server]
/// impl Till {
///     #[call]
///     fn take(&mut self, cents: u64) -> u64 { self.0 += cents; self.0 }
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let till = Till(0).start().name("till").await?;
/// till.take(250).await?;
/// let snapshot = Observer::current().snapshot();
/// let stats = snapshot.servers.iter().find(|s| s.name.as_deref() == Some("till")).expect("it runs");
/// assert_eq!(stats.message_count, 1);
/// println!("{snapshot}");
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Observer(System);

impl Observer {
    /// Looks at the system that is meant here.
    pub fn current() -> Self {
        Observer(System::current())
    }

    /// Everything at once.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot::of(&self.living())
    }

    /// Every process that is no supervisor, the oldest first.
    pub fn servers(&self) -> Vec<ServerStats> {
        stats::servers(&self.living())
    }

    /// Every supervisor, the oldest first.
    pub fn supervisors(&self) -> Vec<SupervisorStats> {
        stats::supervisors(&self.living())
    }

    /// The processes, each below its supervisor in start order; those without one, the oldest first.
    pub fn tree(&self) -> Vec<TreeNode> {
        tree::of(&self.living())
    }

    /// How many processes there are, supervisors among them.
    pub fn process_count(&self) -> usize {
        self.0.processes().len()
    }

    /// What the program occupies.
    pub fn memory_stats(&self) -> MemoryStats {
        MemoryStats::now()
    }

    /// In the order of birth.
    fn living(&self) -> Vec<ProcessArc> {
        let mut living = self.0.living();
        living.sort_by_key(ProcessArc::serial);
        living
    }
}

impl System {
    /// Looks at the processes of this system.
    pub fn observer(&self) -> Observer {
        Observer(self.clone())
    }
}
