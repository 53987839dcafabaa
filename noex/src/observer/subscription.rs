//! Being told of what happens: as a stream, or by a callback.

use super::Observer;
use super::event::ObserverEvent;
use super::listeners::WAITING;
use crate::process::contain;
use crate::system::System;
use crate::task;
use std::future::Future;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};
use tokio::task::JoinHandle;

/// What happens in a system from the moment of [`Observer::events`] on. At most 4,096 events wait; who is slower is told with
/// [`ObserverEvent::Missed`] how many were not kept.
#[derive(Debug)]
pub struct Events {
    events: Receiver<ObserverEvent>,
    system: System,
}

/// Calls a callback while it lives; see [`Observer::subscribe`] and [`Observer::start_polling`].
#[derive(Debug)]
#[must_use = "dropping it ends the subscription; `detach` lets it go on"]
pub struct Subscription(Option<JoinHandle<()>>);

impl Observer {
    /// What happens from now on.
    ///
    /// ```
    /// use noex::prelude::*;
    /// use noex::{Observer, ObserverEvent};
    ///
    /// struct Fragile;
    ///
    /// #[gen_server]
    /// impl Fragile {
    ///     #[cast]
    ///     fn crash(&mut self) { panic!("told to") }
    /// }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let mut events = Observer::current().events();
    /// let fragile = Fragile.start().name("fragile").await?;
    /// let _ = fragile.crash();
    /// assert!(matches!(events.next().await, ObserverEvent::ServerStarted { .. }));
    /// assert!(matches!(events.next().await, ObserverEvent::Crashed { .. }));
    /// # Ok(())
    /// # }
    /// ```
    pub fn events(&self) -> Events {
        Events {
            events: self.0.listeners().begin(),
            system: self.0.clone(),
        }
    }

    /// Calls `callback` for each thing that happens from now on, in a task of its own: no process waits for it. One that panics is
    /// logged and called no more.
    ///
    /// ```
    /// use noex::{Observer, ObserverEvent};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let subscription = Observer::current().subscribe(|event| match event {
    ///     ObserverEvent::ServerStarted { stats } => println!("started: {}", stats.id),
    ///     ObserverEvent::ServerStopped { id, reason, .. } => println!("stopped: {id} ({reason})"),
    ///     _ => {}
    /// });
    /// drop(subscription);
    /// # }
    /// ```
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub fn subscribe(&self, callback: impl Fn(ObserverEvent) + Send + 'static) -> Subscription {
        let mut events = self.events();
        Subscription::running(async move {
            loop {
                let event = events.next().await;
                if let Err(reason) = contain(|| callback(event)) {
                    tracing::error!(target: "noex::observer", %reason, "a subscriber panicked and is told no more");
                    return;
                }
            }
        })
    }
}

impl Events {
    /// The next thing that happens.
    ///
    /// Cancel safe: nothing is lost when it is dropped before it is ready.
    pub async fn next(&mut self) -> ObserverEvent {
        match self.events.recv().await {
            Ok(event) => event,
            Err(RecvError::Lagged(events)) => ObserverEvent::Missed { events },
            // The system, which we hold, has the other end.
            Err(RecvError::Closed) => std::future::pending().await,
        }
    }

    /// What has happened and was not taken yet; `None` when that is nothing.
    pub fn try_next(&mut self) -> Option<ObserverEvent> {
        match self.events.try_recv() {
            Ok(event) => Some(event),
            Err(TryRecvError::Lagged(events)) => Some(ObserverEvent::Missed { events }),
            Err(TryRecvError::Empty | TryRecvError::Closed) => None,
        }
    }

    /// The most events that wait.
    pub const CAPACITY: usize = WAITING;
}

impl Drop for Events {
    fn drop(&mut self) {
        self.system.listeners().end();
    }
}

impl Subscription {
    pub(super) fn running(telling: impl Future<Output = ()> + Send + 'static) -> Self {
        Subscription(Some(task::spawn_joinable(telling)))
    }

    /// Lets the subscription go on for as long as the runtime does.
    pub fn detach(mut self) {
        self.0 = None;
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        if let Some(task) = &self.0 {
            task.abort();
        }
    }
}
