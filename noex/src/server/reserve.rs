//! Waiting for room in a mailbox.

use super::{GenServer, Process};
use crate::error::CastError;
use crate::process::{Address, Cell, InLine, ProcessArc, Pushed, Reservation, Target};
use std::fmt;
use std::future::Future;
use std::ops::Deref;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

type Queued<M> = (Arc<Cell<M>>, InLine<M>);

/// Waits for room in the mailbox of a server and keeps it: see [`Process::reserve`].
#[must_use = "waits for nothing unless awaited"]
pub struct Reserve<S: GenServer> {
    process: Process<S>,
    line: Option<Queued<S::Message>>,
}

impl<S: GenServer> Reserve<S> {
    pub(super) fn new(process: Process<S>) -> Self {
        Reserve {
            process,
            line: None,
        }
    }
}

impl<S: GenServer> Future for Reserve<S> {
    type Output = Result<Permit<S>, CastError<()>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        if this.line.is_none() {
            let Some(cell) = this.process.resolve() else {
                return Poll::Ready(Err(CastError::NotRunning(())));
            };
            match cell.mailbox.reserve() {
                None => return Poll::Ready(Err(CastError::NotRunning(()))),
                Some(Pushed::Now(_)) => return Poll::Ready(Ok(Permit::new(&cell))),
                Some(Pushed::Later(line)) => {
                    let cell = Arc::clone(&cell);
                    this.line = Some((cell, line));
                }
            }
        }
        let Some((cell, line)) = &mut this.line else {
            unreachable!("just set");
        };
        let admitted = ready!(Pin::new(line).poll(cx));
        let cell = cell.clone();
        this.line = None;
        Poll::Ready(match admitted {
            Ok(()) => Ok(Permit::new(&cell)),
            Err(_) => Err(CastError::NotRunning(())),
        })
    }
}

impl<S: GenServer> Unpin for Reserve<S> {}

impl<S: GenServer> Drop for Reserve<S> {
    fn drop(&mut self) {
        if let Some((cell, line)) = self.line.take()
            && line.leave()
            && cell.mailbox.unreserve()
        {
            cell.head.wake();
        }
    }
}

/// Room for one message. It derefs to the server's ref, whose next cast uses it: `counter.reserve().await?.reset()?`. Dropping it gives the room up.
pub struct Permit<S: GenServer>(S::Ref);

impl<S: GenServer> Permit<S> {
    fn new(cell: &Arc<Cell<S::Message>>) -> Self {
        let reservation = Arc::new(Reservation::new(ProcessArc(cell.clone())));
        Permit(S::Ref::from(Target(Address::Reserved(reservation))))
    }
}

impl<S: GenServer> Deref for Permit<S> {
    type Target = S::Ref;

    fn deref(&self) -> &S::Ref {
        &self.0
    }
}

impl<S: GenServer> fmt::Debug for Permit<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Permit").finish_non_exhaustive()
    }
}

impl<S: GenServer> fmt::Debug for Reserve<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Reserve").field(&self.process).finish()
    }
}
