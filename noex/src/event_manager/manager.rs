//! The process that hands events to handlers.

use super::handler::{AnyHandler, EventHandler, HandlerRef};
use crate::error::{CallError, CastError};
use crate::process::{Down, ExitReason, MonitorRef, contain, dispose, fresh_number};
use crate::server::{Ctx, GenServer, Process};
use noex_macros::gen_server;
use std::fmt;
use std::ops::ControlFlow;

/// A process that hands each event to all its handlers, in the order in which they were added: OTP's `gen_event`.
///
/// A handler that panics is removed, and that is logged; the manager and the other handlers go on. Handlers come and go at run time. A
/// manager that has been restarted has none: those who add theirs in their `init` belong behind it in a tree with the strategy
/// `rest_for_one`, and are their [owners](EventManagerRef::add_owned).
///
/// ```
/// use noex::{EventHandler, EventManager};
/// use std::ops::ControlFlow;
///
/// struct Reading(f64);
///
/// #[derive(Default)]
/// struct Hottest(f64);
///
/// impl EventHandler<Reading> for Hottest {
///     fn handle_event(&mut self, reading: &Reading) -> ControlFlow<()> {
///         self.0 = self.0.max(reading.0);
///         ControlFlow::Continue(())
///     }
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let readings = EventManager::<Reading>::start().await?;
/// let hottest = readings.add(Hottest::default()).await?;
/// readings.notify(Reading(20.5))?;
/// readings.sync_notify(Reading(19.0)).await?;
/// let hottest = readings.remove(hottest).await?.expect("it was there");
/// assert_eq!(hottest.0, 20.5);
/// readings.stop().await?;
/// # Ok(())
/// # }
/// ```
pub struct EventManager<E> {
    /// In the order in which they get each event.
    handlers: Vec<Entry<E>>,
}

struct Entry<E> {
    number: u64,
    handler: Boxed<E>,
    /// Watches its owner.
    owner: Option<MonitorRef>,
}

type Boxed<E> = Box<dyn AnyHandler<E>>;
type Watch<E> = Box<dyn FnOnce(&mut Ctx<EventManager<E>>) -> MonitorRef + Send>;
type Remake<E> = Box<dyn FnOnce(Boxed<E>) -> Boxed<E> + Send>;

#[gen_server]
impl<E: Send + 'static> EventManager<E> {
    /// A manager without handlers.
    #[init]
    pub fn empty() -> Self {
        EventManager {
            handlers: Vec::new(),
        }
    }

    #[cast(name = tell)]
    fn event(&mut self, event: E, cx: &mut Ctx<Self>) {
        self.hand_on(&event, cx);
    }

    /// Hands an event to all handlers, and answers when the last of them has handled it.
    #[call]
    pub fn sync_notify(&mut self, event: E, cx: &mut Ctx<Self>) {
        self.hand_on(&event, cx);
    }

    /// The types of the handlers, in the order in which they get each event.
    #[call]
    pub fn handlers(&self) -> Vec<&'static str> {
        let handlers = self.handlers.iter();
        handlers.map(|entry| entry.handler.type_name()).collect()
    }

    #[call]
    fn put(&mut self, handler: Boxed<E>, watch: Option<Watch<E>>, cx: &mut Ctx<Self>) -> u64 {
        let number = fresh_number();
        self.handlers.push(Entry {
            number,
            handler,
            owner: watch.map(|watch| watch(cx)),
        });
        number
    }

    #[call]
    fn take(&mut self, number: u64, cx: &mut Ctx<Self>) -> Option<Boxed<E>> {
        let entry = self.handlers.remove(self.find(number)?);
        unwatch(entry.owner, cx);
        Some(entry.handler)
    }

    #[call]
    fn remake(&mut self, number: u64, make: Remake<E>, cx: &mut Ctx<Self>) -> Option<u64> {
        let at = self.find(number)?;
        let Entry { handler, owner, .. } = self.handlers.remove(at);
        let old = handler.type_name();
        match contain(|| make(handler)) {
            Ok(handler) => {
                let number = fresh_number();
                let entry = Entry {
                    number,
                    handler,
                    owner,
                };
                self.handlers.insert(at, entry);
                Some(number)
            }
            Err(panic) => {
                unwatch(owner, cx);
                report(old, &panic, cx);
                None
            }
        }
    }

    #[info(down)]
    fn owner_gone(&mut self, down: Down, cx: &mut Ctx<Self>) {
        let owned = |entry: &mut Entry<E>| entry.owner == Some(down.monitor);
        for entry in self.handlers.extract_if(.., owned) {
            end(entry, &down.reason, cx);
        }
    }

    #[terminate]
    fn bye(&mut self, reason: &ExitReason, cx: &mut Ctx<Self>) {
        while let Some(entry) = self.handlers.pop() {
            end(entry, reason, cx);
        }
    }
}

impl<E: Send + 'static> EventManager<E> {
    fn find(&self, number: u64) -> Option<usize> {
        let mut handlers = self.handlers.iter();
        handlers.position(|entry| entry.number == number)
    }

    fn hand_on(&mut self, event: &E, cx: &mut Ctx<Self>) {
        let mut at = 0;
        while let Some(entry) = self.handlers.get_mut(at) {
            let reason = match contain(|| entry.handler.handle_event(event)) {
                Ok(ControlFlow::Continue(())) => {
                    at += 1;
                    continue;
                }
                Ok(ControlFlow::Break(())) => ExitReason::Normal,
                Err(panic) => {
                    report(entry.handler.type_name(), &panic, cx);
                    panic
                }
            };
            end(self.handlers.remove(at), &reason, cx);
        }
    }
}

/// Lets a handler that has been taken out clean up.
fn end<E: Send + 'static>(mut entry: Entry<E>, reason: &ExitReason, cx: &mut Ctx<EventManager<E>>) {
    unwatch(entry.owner, cx);
    let handler = entry.handler.type_name();
    let ended = contain(|| entry.handler.terminate(reason));
    if let Err(panic) = ended.and(dispose(entry.handler)) {
        report(handler, &panic, cx);
    }
}

fn unwatch<E: Send + 'static>(owner: Option<MonitorRef>, cx: &mut Ctx<EventManager<E>>) {
    if let Some(monitor) = owner {
        cx.demonitor_flush(monitor);
    }
}

fn report<E: Send + 'static>(handler: &str, reason: &ExitReason, cx: &Ctx<EventManager<E>>) {
    let server = EventManager::<E>::TYPE;
    tracing::error!(target: "noex::crash", pid = %cx.pid(), server, handler, %reason, "an event handler crashed and was removed");
}

/// What needs to know the type of a handler.
impl<E: Send + 'static> EventManagerRef<E> {
    /// Hands an event to all handlers, and does not wait for that.
    ///
    /// # Errors
    ///
    /// [`CastError::Full`] or [`CastError::NotRunning`], with the event.
    pub fn notify(&self, event: E) -> Result<(), CastError<E>> {
        self.tell(event).map_err(|refused| match refused {
            CastError::Full(message) => CastError::Full(event_in(message)),
            CastError::NotRunning(message) => CastError::NotRunning(event_in(message)),
        })
    }

    /// Adds a handler behind the others.
    ///
    /// # Errors
    ///
    /// When the manager is not running.
    pub async fn add<H: EventHandler<E>>(&self, handler: H) -> Result<HandlerRef<H>, CallError> {
        let number = self.put(Box::new(handler), None).await?;
        Ok(HandlerRef::new(number))
    }

    /// Adds a handler that is removed when this process ends, whatever the reason: OTP's `add_sup_handler`.
    ///
    /// # Errors
    ///
    /// When the manager is not running.
    pub async fn add_owned<H: EventHandler<E>, P: GenServer>(
        &self,
        handler: H,
        owner: &Process<P>,
    ) -> Result<HandlerRef<H>, CallError> {
        let owner = owner.clone();
        let watch: Watch<E> = Box::new(move |cx| cx.monitor(&owner));
        let number = self.put(Box::new(handler), Some(watch)).await?;
        Ok(HandlerRef::new(number))
    }

    /// Removes a handler and gives it back as it is now, without its `terminate`. `None` when it is not there any more.
    ///
    /// # Errors
    ///
    /// When the manager is not running.
    pub async fn remove<H: EventHandler<E>>(
        &self,
        handler: HandlerRef<H>,
    ) -> Result<Option<H>, CallError> {
        let taken = self.take(handler.number).await?;
        Ok(taken.map(into_typed))
    }

    /// Puts another handler in the place of one, made from that as it is now, between two events: none is lost. It has the same owner.
    /// `None` when the old one is not there any more; one that panics while it makes the new one is removed.
    ///
    /// # Errors
    ///
    /// When the manager is not running.
    pub async fn swap<H: EventHandler<E>, N: EventHandler<E>>(
        &self,
        handler: HandlerRef<H>,
        make: impl FnOnce(H) -> N + Send + 'static,
    ) -> Result<Option<HandlerRef<N>>, CallError> {
        let make: Remake<E> = Box::new(|old| Box::new(make(into_typed(old))));
        let number = self.remake(handler.number, make).await?;
        Ok(number.map(HandlerRef::new))
    }
}

/// The handler behind a number that was given out with its type.
fn into_typed<E: 'static, H: EventHandler<E>>(handler: Boxed<E>) -> H {
    let handler = handler.into_any().downcast();
    *handler.expect("a number belongs to one handler of one type")
}

/// The event that came back.
fn event_in<E: Send + 'static>(message: EventManagerMessage<E>) -> E {
    match message {
        EventManagerMessage::Event { event } => event,
        _ => unreachable!("it was told an event"),
    }
}

impl<E> fmt::Debug for EventManager<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EventManager")
            .field("handlers", &self.handlers.len())
            .finish()
    }
}
