//! How a process lives and dies.
//!
//! | state | door | handler | state | names | terminal | left by |
//! |---|---|---|---|---|---|---|
//! | starting | open | init runs | not yet | held | - | init ends, panics, is killed or too late |
//! | serving | open | runs or waits | there | held | - | stop, error, panic, kill |
//! | closing | shut, queue drained and answered | dropped | there | held | - | at once |
//! | terminating | shut | - | there | held | - | `terminate` ends, panics or is killed |
//! | gone | shut | - | dropped | free | set, then supervisor, then links and monitors | never |

use super::cell::Cell;
use super::exit::{Down, Exit, ExitReason};
use super::head::{ABORT_INIT, GONE, KILL};
use super::mailbox::{Inbox, Item};
use super::pooled_future::PooledFuture;
use super::report::{last_state, report};
use super::serve::{Server, serve};
use super::signal::ChildSignal;
use super::{contain, current, dispose, waits};
use crate::error::StartError;
use crate::hooks::{Hook, hook};
use crate::status::Status;
use crate::sync::planted;
use std::any::Any;
use std::collections::VecDeque;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;

/// What a process does with what it receives. Its state is in here.
pub(crate) trait Behaviour: Sized + 'static {
    type Message: Send + 'static;
    /// The start is over when the behaviour says so, not when its state is there.
    const STARTS_LATE: bool = false;

    /// Runs before anything is received.
    fn started(&mut self) -> impl Future<Output = Flow>;

    /// Which of the handlers of its kind is for this message.
    fn handler_index(message: &Self::Message) -> usize {
        let _ = message;
        0
    }

    /// What system messages are about.
    fn state(&mut self) -> &mut dyn Any {
        self
    }

    /// What a crash report may show of the state.
    fn status(&self) -> Option<Status> {
        None
    }

    /// Handles a message if nothing has to be awaited for it.
    fn handle_now(&mut self, message: Self::Message) -> Now<Self::Message>;

    /// Handles a message that was given back. An `Err` stops the process.
    fn handle(&mut self, message: Self::Message) -> impl Future<Output = Result<(), ExitReason>> {
        let _ = message;
        async { Ok(()) }
    }

    /// A message has been handled well: whether there is nothing left to do about it. If there is, or it failed,
    /// [`settle`](Self::settle) follows.
    fn is_settled(&mut self) -> bool {
        true
    }

    fn settle(&mut self, outcome: Result<(), ExitReason>) -> impl Future<Output = Flow> {
        async { outcome.map_or_else(Flow::Stop, |()| Flow::Go) }
    }

    fn notice(&mut self, notice: Notice) -> impl Future<Output = Flow>;

    /// Asked to stop, in order with its messages.
    fn stop(&mut self, reason: ExitReason) -> impl Future<Output = Flow> {
        async { Flow::Stop(reason) }
    }

    /// Runs after the door is shut, unless the process was killed. An `Err` replaces the reason.
    fn terminate(&mut self, reason: &ExitReason) -> impl Future<Output = Result<(), ExitReason>>;

    /// Runs instead when the process was killed.
    fn killed(&mut self) -> impl Future<Output = ()> {
        async {}
    }

    /// Nothing is queued, or only what comes with a wake-up of its own.
    fn about_to_sleep(&mut self) {}

    /// Drops the state and all that belongs to it, each under a guard of its own. What the state's drop panicked with is told.
    fn dismantle(self) -> Result<(), ExitReason> {
        dispose(self)
    }
}

/// What became of a message that was to be handled without awaiting anything.
#[derive(Debug)]
pub enum Now<M> {
    /// It has been handled. An `Err` ends the process with that reason.
    Done(Result<(), ExitReason>),
    /// Its handler has to be awaited.
    Await(M),
}

/// What reaches a behaviour beside messages.
#[derive(Debug)]
pub(crate) enum Notice {
    Down(Down),
    Exit(Exit),
    Timer(u64),
    Child(ChildSignal),
}

/// Whether to go on.
#[derive(Debug)]
pub(crate) enum Flow {
    Go,
    Stop(ExitReason),
}

impl From<Flow> for Result<(), ExitReason> {
    fn from(flow: Flow) -> Self {
        match flow {
            Flow::Go => Ok(()),
            Flow::Stop(reason) => Err(reason),
        }
    }
}

/// The body of every process: init, then one message after the other, then the order of death.
///
/// The state lies in this frame, outside everything that unwinds; what runs lies elsewhere, so that a process that
/// sleeps is small.
pub(crate) fn live<B, I>(cell: Arc<Cell<B::Message>>, init: I) -> impl Future<Output = ()>
where
    B: Behaviour,
    I: Future<Output = Result<B, StartError>>,
{
    let init = PooledFuture::new(|| init);
    let mut reader = Reader {
        cell,
        inbox: Inbox::default(),
    };
    async move {
        let mut host = Kept(begin(&reader.cell, init).await);
        if host.0.is_none() {
            return;
        }
        // Borrowed anew each time: a reference kept over an await is part of the frame.
        let reason = {
            let server = Server::new(&reader.cell, host.get(), &mut reader.inbox);
            let mut serving = pin!(Some(serve(server)));
            let reason = until_killed(&reader.cell, serving.as_mut()).await;
            let reason = reason.unwrap_or_else(|reason| reason);
            reader.cell.head.note_ending();
            // A killed process refuses before its handler is dropped; else the handler is over already.
            if !planted("late_shut") {
                reader.cell.mailbox.shut();
            }
            if planted("early_answers") {
                let left = reader.cell.mailbox.drain(&mut Inbox::default());
                refuse(&reader.cell, left, &reason);
            }
            hook(Hook::DeathShut);
            over(&reader.cell, Some(&reason), || serving.set(None));
            hook(Hook::DeathHandlerDropped);
            reason
        };
        let closing = || close(&reader.cell, host.get(), &mut reader.inbox, reason);
        let reason = PooledFuture::new(closing).await;
        finish(&reader.cell, host, reason);
    }
}

/// What a process takes its messages with. If it is dropped half-way, they are.
struct Reader<M: Send + 'static> {
    cell: Arc<Cell<M>>,
    inbox: Inbox<M>,
}

impl<M: Send + 'static> Drop for Reader<M> {
    fn drop(&mut self) {
        self.cell.discard(self.inbox.take());
    }
}

/// A behaviour that is dismantled, also when its process is dropped half-way.
struct Kept<B: Behaviour>(Option<B>);

impl<B: Behaviour> Kept<B> {
    fn get(&mut self) -> &mut B {
        self.0.as_mut().expect("there until it is dismantled")
    }

    fn dismantle(&mut self) -> Result<(), ExitReason> {
        self.0.take().map_or(Ok(()), B::dismantle)
    }
}

impl<B: Behaviour> Drop for Kept<B> {
    fn drop(&mut self) {
        let _ = self.dismantle();
    }
}

/// Runs init. `None` when the process is over before it began.
async fn begin<B, I>(cell: &Cell<B::Message>, init: PooledFuture<I>) -> Option<B>
where
    B: Behaviour,
    I: Future<Output = Result<B, StartError>>,
{
    let mut init = Some(init);
    let born = until::<{ KILL | ABORT_INIT }, _, _>(cell, Pin::new(&mut init)).await;
    let reason = match &born {
        Ok(Ok(_)) => None,
        Ok(Err(error)) => Some(error.exit_reason()),
        Err(reason) => Some(reason.clone()),
    };
    over(cell, reason.as_ref(), || init = None);
    let state = match born {
        Ok(Ok(state)) => state,
        Ok(Err(error)) => {
            unborn(cell, error.exit_reason(), Some(error));
            return None;
        }
        Err(reason) => {
            unborn(cell, reason, None);
            return None;
        }
    };
    if !B::STARTS_LATE {
        cell.head.report_started();
    }
    Some(state)
}

/// Answers what was admitted, then runs `terminate`. The reason may change there.
async fn close<B: Behaviour>(
    cell: &Cell<B::Message>,
    state: &mut B,
    inbox: &mut Inbox<B::Message>,
    reason: ExitReason,
) -> ExitReason {
    let left = cell.mailbox.drain(inbox);
    if planted("drain") {
        std::mem::forget(left);
        return reason;
    }
    hook(Hook::DeathDrained);
    if planted("late_shut") {
        cell.mailbox.shut();
    }
    refuse(cell, left, &reason);
    // To be killed, and to end with the reason `Killed`, are two things.
    if cell.head.signals() & KILL != 0 {
        let reason = ExitReason::Killed;
        let mut ending = pin!(Some(state.killed()));
        let _ = until::<0, _, _>(cell, ending.as_mut()).await;
        over(cell, Some(&reason), || ending.set(None));
        return reason;
    }
    let mut ending = pin!(Some(state.terminate(&reason)));
    hook(Hook::DeathTerminating);
    let instead = match until_killed(cell, ending.as_mut()).await {
        Ok(outcome) => outcome.err(),
        Err(instead) => Some(instead),
    };
    let last = instead.unwrap_or_else(|| reason.clone());
    over(cell, Some(&last), || ending.set(None));
    last
}

/// The state goes, then everyone is told.
fn finish<B: Behaviour>(cell: &Cell<B::Message>, mut host: Kept<B>, mut reason: ExitReason) {
    if planted("state") {
        cell.head.depart(reason.clone());
    }
    hook(Hook::DeathTerminated);
    let picture = last_state(host.get(), &reason);
    let dropped = current::dying(&reason, || host.dismantle());
    if let Err(panic) = dropped
        && reason.is_clean()
    {
        reason = panic;
    }
    if planted("early_gone") {
        cell.head.raise(GONE);
    }
    hook(Hook::DeathStateDropped);
    report(&cell.head, &reason, picture);
    cell.head.depart(reason);
}

/// The last steps of a process whose state is gone and whose door is shut.
pub(super) fn bury<M: Send + 'static>(cell: &Cell<M>, mut inbox: Inbox<M>, reason: ExitReason) {
    let left = cell.mailbox.drain(&mut inbox);
    refuse(cell, left, &reason);
    report(&cell.head, &reason, None);
    cell.head.depart(reason);
}

/// The end of a process that never began.
pub(super) fn unborn<M: Send + 'static>(
    cell: &Cell<M>,
    reason: ExitReason,
    error: Option<StartError>,
) {
    cell.mailbox.shut();
    let left = cell.mailbox.drain(&mut Inbox::default());
    refuse(cell, left, &reason);
    if let Some(error) = error {
        cell.head.extras(|e| e.fail_start(error));
    }
    cell.head.depart(reason);
}

/// Drops what was admitted and will not be handled: who waits for an answer gets the reason.
fn refuse<M: Send + 'static>(cell: &Cell<M>, left: VecDeque<Item<M>>, reason: &ExitReason) {
    if !left.is_empty() {
        current::dying(reason, || cell.discard(left));
    }
}

/// Drops a future of the process's own, which is over or cut short, and settles the tokens it dropped.
pub(super) fn over<M: Send + 'static>(
    cell: &Cell<M>,
    reason: Option<&ExitReason>,
    drop_it: impl FnOnce(),
) {
    current::settle(cell.head.serial(), reason);
    match reason {
        Some(reason) => current::dying(reason, || drop(contain(drop_it))),
        None => drop(contain(drop_it)),
    }
}

/// Polls a future of the process's own until it is done, panics or the process is killed.
pub(super) fn until_killed<M: Send + 'static, F: Future>(
    cell: &Cell<M>,
    future: Pin<&mut Option<F>>,
) -> impl Future<Output = Result<F::Output, ExitReason>> {
    until::<KILL, _, _>(cell, future)
}

/// The same, but for the signals of `MASK`.
fn until<const MASK: u32, M: Send + 'static, F: Future>(
    cell: &Cell<M>,
    mut future: Pin<&mut Option<F>>,
) -> impl Future<Output = Result<F::Output, ExitReason>> {
    poll_fn(move |cx| {
        let signals = cell.head.signals();
        if signals & MASK != 0 && !planted("deaf") {
            return Poll::Ready(Err(ExitReason::Killed));
        }
        let Some(future) = future.as_mut().as_pin_mut() else {
            return Poll::Pending;
        };
        let looks = waits::poll_begins(&cell.head, signals);
        let polled = contain(|| future.poll(cx));
        waits::poll_ends(&cell.head, looks);
        match polled {
            Ok(Poll::Ready(done)) => Poll::Ready(Ok(done)),
            Err(panic) => Poll::Ready(Err(panic)),
            Ok(Poll::Pending) => {
                // The handler's poll is over and the server lives.
                current::settle(cell.head.serial(), None);
                Poll::Pending
            }
        }
    })
}
