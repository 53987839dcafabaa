//! Telling what there is, again and again.

use super::event::ObserverEvent;
use super::subscription::Subscription;
use super::{Observer, stats};
use crate::process::contain;
use std::time::Duration;
use tokio::time::{MissedTickBehavior, interval};

const SHORTEST: Duration = Duration::from_millis(1);

impl Observer {
    /// Tells `handler` what there is, at once and then each `every`, until the guard is dropped, by [`ObserverEvent::StatsUpdate`]. Subscribers are told the same.
    ///
    /// Each poll looks at every process once. Several pollers do not disturb each other, nor what else is sampled. A
    /// handler that panics is logged and called no more; one that takes longer than `every` is called later, never twice at once.
    /// Intervals under a millisecond are one.
    ///
    /// ```
    /// use noex::{Observer, ObserverEvent};
    /// use std::time::Duration;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let polling = Observer::current().start_polling(Duration::from_secs(5), |event| {
    ///     if let ObserverEvent::StatsUpdate { servers, supervisors } = event {
    ///         let messages: u64 = servers.iter().map(|s| s.message_count).sum();
    ///         let restarts: u64 = supervisors.iter().map(|s| s.total_restarts).sum();
    ///         println!("{} processes, {messages} messages, {restarts} restarts", servers.len() + supervisors.len());
    ///     }
    /// });
    /// # tokio::task::yield_now().await;
    /// drop(polling);
    /// # }
    /// ```
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub fn start_polling(
        &self,
        every: Duration,
        handler: impl Fn(&ObserverEvent) + Send + 'static,
    ) -> Subscription {
        let observer = self.clone();
        Subscription::running(async move {
            let mut ticks = interval(every.max(SHORTEST));
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            loop {
                ticks.tick().await;
                let living = observer.living();
                let event = ObserverEvent::StatsUpdate {
                    servers: stats::servers(&living),
                    supervisors: stats::supervisors(&living),
                };
                drop(living);
                if let Err(reason) = contain(|| handler(&event)) {
                    tracing::error!(target: "noex::observer", %reason, "a poll's handler panicked and is called no more");
                    return;
                }
                observer.0.listeners().tell(|| Some(event));
            }
        })
    }
}
