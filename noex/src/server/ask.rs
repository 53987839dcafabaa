//! How a message that wants an answer gets into a mailbox, whatever the process behind it is.

use super::call_context::{Limit, queued_context};
use super::pending::{Pending, cycle_of};
use super::reply::Reply;
use crate::error::{CallError, Cycle};
use crate::hooks::{Hook, hook};
use crate::process::reply_slot::{CallContext, Waiting, slot};
use crate::process::{Cell, ProcessArc, Refused, current};
use crate::sync::planted;
use std::time::Duration;

/// Asks a process whose messages are `M` and which is no server.
pub(crate) fn ask<M, T, E>(
    process: &ProcessArc,
    message: impl FnOnce(Reply<T, E>) -> M,
) -> Result<Pending<T, E>, CallError<E>>
where
    M: Send + 'static,
{
    let cell = process.clone().into_typed::<M>();
    let cell = cell.map_err(|_| CallError::NotRunning)?;
    let (token, waiting) = slot(0, CallContext::default());
    let message = message(Reply::new(token));
    let (waiting, limit) = prepare(&cell, waiting, Duration::MAX)?;
    push(&cell, message)?;
    Ok(Pending::new(process.clone(), waiting, limit))
}

/// The caller's half, and how long it waits.
pub(super) type Prepared<T, E> = (Waiting<Result<T, E>>, Limit);

/// What the message needs to know before it goes into a queue: who asks, until when; and that this is not
/// a call of a process to itself.
pub(super) fn prepare<M, T, E>(
    cell: &Cell<M>,
    mut waiting: Waiting<Result<T, E>>,
    timeout: Duration,
) -> Result<Prepared<T, E>, CallError<E>>
where
    M: Send + 'static,
{
    let serial = cell.head.serial();
    if current::with(|head| head.is_some_and(|h| h.serial() == serial)) {
        return Err(CallError::Deadlock(calling_oneself()));
    }
    let (context, limit) = queued_context(timeout);
    waiting.set_context(context, serial);
    Ok((waiting, limit))
}

/// Puts a message into the mailbox if there is room now.
pub(super) fn push<M: Send + 'static, E>(cell: &Cell<M>, message: M) -> Result<(), CallError<E>> {
    match cell.mailbox.push(message) {
        Ok(asleep) => {
            hook(Hook::AdmissionPushed);
            if asleep {
                cell.head.wake();
            }
            if planted("second_look") && cell.head.is_gone() {
                return Err(CallError::NotRunning);
            }
            Ok(())
        }
        Err(Refused::Closed(_)) => Err(CallError::NotRunning),
        Err(Refused::Full(_)) => Err(CallError::Full {
            waited: Duration::ZERO,
        }),
    }
}

fn calling_oneself() -> Cycle {
    let me: Vec<ProcessArc> = current::process().into_iter().collect();
    cycle_of(me.iter().chain(me.iter()))
}
