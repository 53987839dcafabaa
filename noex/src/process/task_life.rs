//! The life of a process that is one future: no messages, no state but its own.

use super::cell::Cell;
use super::exit::ExitReason;
use super::life::{bury, until_killed};
use super::mailbox::{Inbox, Item, Next};
use super::signal::{Signal, Urgent};
use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

/// Polls the work, and beside it obeys what the process is told.
pub(crate) async fn live_task<F>(cell: Arc<Cell<Infallible>>, work: F)
where
    F: Future<Output = Result<(), ExitReason>>,
{
    cell.head.report_started();
    let mut inbox = Inbox::default();
    let reason = {
        let mut work = pin!(Some(work));
        let mut asked = None;
        let attend = poll_fn(|cx| attend(&cell, &mut inbox, work.as_mut(), &mut asked, cx));
        let mut attend = pin!(Some(attend));
        let reason = until_killed(&cell, attend.as_mut())
            .await
            .unwrap_or_else(|reason| reason);
        cell.mailbox.shut();
        attend.set(None);
        super::life::over(&cell, Some(&reason), || work.set(None));
        reason
    };
    bury(&cell, inbox, reason);
}

fn attend<F>(
    cell: &Cell<Infallible>,
    inbox: &mut Inbox<Infallible>,
    work: Pin<&mut Option<F>>,
    asked: &mut Option<ExitReason>,
    cx: &mut Context<'_>,
) -> Poll<ExitReason>
where
    F: Future<Output = Result<(), ExitReason>>,
{
    loop {
        let told = match cell.mailbox.next(inbox) {
            Next::Item(Item::Signal(signal)) => told_to_stop(cell, signal),
            Next::Item(Item::User(never)) => match never {},
            Next::Urgent(Urgent::Ask(question)) => {
                // Of its state there is nothing to see.
                question.put(&mut ());
                None
            }
            // It has no messages that could be held back.
            Next::Urgent(Urgent::Suspend | Urgent::Resume) => None,
            Next::Empty => break,
        };
        let Some(reason) = told else {
            continue;
        };
        let drains = cell
            .head
            .look(|e| e.is_some_and(|e| e.rare.as_ref().is_some_and(|r| r.drains)));
        cell.head.mark_stopping();
        if !drains {
            return Poll::Ready(reason);
        }
        asked.get_or_insert(reason);
    }
    let Some(work) = work.as_pin_mut() else {
        return Poll::Pending;
    };
    match work.poll(cx) {
        Poll::Pending => Poll::Pending,
        Poll::Ready(Ok(())) => Poll::Ready(asked.take().unwrap_or(ExitReason::Normal)),
        Poll::Ready(Err(reason)) => Poll::Ready(reason),
    }
}

/// The reason to stop for, if the signal says so.
fn told_to_stop(cell: &Cell<Infallible>, signal: Signal) -> Option<ExitReason> {
    match signal {
        Signal::Stop(reason) => Some(reason.into()),
        Signal::Exit(signal) => {
            let stands = match (signal.over_link, cell.head.arc()) {
                (Some(peer), Some(me)) => me.use_link(peer),
                _ => true,
            };
            let reason = signal.exit.reason;
            (stands && reason != ExitReason::Normal).then_some(reason)
        }
        Signal::Down(_) | Signal::Timer(_) | Signal::Child(_) => None,
    }
}
