//! Timers that are set for another process.

use super::process::At;
use super::{GenServer, Info, Process};
use crate::clock::{self, Instant};
use crate::process::wheel::{self, Armed, Delivery, Due};
use crate::process::{Address, Letter, ProcessArc, WeakProcess, contain};
use std::time::Duration;

/// A timer set by [`Process::send_after`]. Dropping it does not cancel.
#[derive(Debug)]
pub struct RemoteTimer(Place);

#[derive(Debug)]
enum Place {
    /// In its receiver.
    Posted(WeakProcess, u64),
    /// In the wheel: who receives it is not known before it is due.
    Waiting { armed: Armed, at: Instant },
    /// Nowhere: it was sent at once, or there was nobody to send it to.
    Over,
}

impl RemoteTimer {
    /// Cancels the timer. The time that was left, zero if its message was due and not handled yet; `None` if it has been handled, was
    /// cancelled, or its receiver is gone. One that follows a name is beyond recall once it is due.
    pub fn cancel(self) -> Option<Duration> {
        match self.0 {
            Place::Posted(process, number) => process.upgrade()?.cancel_posted(number),
            Place::Waiting { armed, at } => armed
                .cancel()
                .then(|| at.saturating_duration_since(clock::now())),
            Place::Over => None,
        }
    }
}

impl<S: GenServer> Process<S> {
    /// Sends an info message after `delay`, up to a millisecond later, even if the mailbox is full then. Who sets it does not matter: it
    /// fires also when that process is gone. See [`Ctx::send_after`](crate::Ctx::send_after) for a server's own timers.
    ///
    /// A handle to one incarnation leaves the timer with it: when that ends, the timer is gone. A handle that follows a name, a key or
    /// a place in a tree is looked up when the timer is due: whoever is there then receives the message, which is dropped
    /// when nobody is.
    ///
    /// ```
    /// use noex::prelude::*;
    /// use std::time::Duration;
    /// use tokio::sync::oneshot;
    ///
    /// struct Ring(oneshot::Sender<()>);
    /// struct Bell;
    ///
    /// #[gen_server]
    /// impl Bell {
    ///     #[info]
    ///     fn ring(&mut self, ring: Ring) { let _ = ring.0.send(()); }
    /// }
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let (rung, hears) = oneshot::channel();
    /// Bell::named("bell").send_after(Duration::from_millis(20), Ring(rung));
    /// let bell = Bell.start_as("bell").await?;
    /// hears.await?;
    /// # bell.stop().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub fn send_after<T>(&self, delay: Duration, message: T) -> RemoteTimer
    where
        S: Info<T>,
    {
        let letter = Letter::new(S::info(message));
        let wheel = (!delay.is_zero()).then(wheel::needed);
        let at = clock::later(clock::now(), delay);
        match (self.place(), wheel) {
            (At::One(cell), wheel) => {
                let process = cell.untyped();
                let number = process.post(letter, at, wheel);
                RemoteTimer(number.map_or(Place::Over, |n| Place::Posted(process.downgrade(), n)))
            }
            (At::Follow(address), Some(wheel)) => {
                let address = address.clone();
                let deliver = move || {
                    // A key of a user's may be compared and dropped.
                    let _ = contain(move || deliver::<S>(&address, letter));
                };
                let armed = Armed::new(wheel, at, Due::Send(Delivery(Box::new(deliver))));
                RemoteTimer(Place::Waiting { armed, at })
            }
            (At::Follow(address), None) => {
                deliver::<S>(address, letter);
                RemoteTimer(Place::Over)
            }
        }
    }
}

fn deliver<S: GenServer>(address: &Address, letter: Letter) {
    let receiver = address.resolve().filter(ProcessArc::takes::<S::Message>);
    let sent = receiver.and_then(|process| process.post(letter, clock::now(), None));
    if sent.is_none() {
        tracing::debug!(target: "noex::lifecycle", server = S::TYPE, at = ?address, "nobody is there for a timer's message");
    }
}
