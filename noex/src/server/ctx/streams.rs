//! Streams whose items a server handles.

use super::Ctx;
use crate::process::{Cell, Pushed};
use crate::server::{GenServer, Info};
use futures_core::Stream;
use std::future::poll_fn;
use std::pin::pin;

impl<S: GenServer> Ctx<S> {
    /// Lets the server handle each item of a stream, as an info message, in the order of the stream. When the mailbox is full the
    /// stream waits in line, like any other sender. It is dropped when it is over, when it panics, which is logged, or with the process.
    ///
    /// Nothing tells the server that a stream is over; chain an item that says so, if it matters.
    ///
    /// ```
    /// use noex::prelude::*;
    /// # use std::pin::Pin;
    /// # use std::task::{Context, Poll};
    /// # struct Lines;
    /// # impl futures_core::Stream for Lines {
    /// #     type Item = Line;
    /// #     fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Line>> { Poll::Ready(None) }
    /// # }
    ///
    /// struct Line(String);
    /// struct Reader { lines: usize }
    ///
    /// #[gen_server]
    /// impl Reader {
    ///     #[init]
    ///     fn new(input: Lines, cx: &mut Ctx<Self>) -> Self {
    ///         cx.attach(input);
    ///         Self { lines: 0 }
    ///     }
    ///     #[info]
    ///     fn line(&mut self, line: Line) { self.lines += usize::from(!line.0.is_empty()) }
    /// }
    /// ```
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub fn attach<T>(&mut self, stream: impl Stream<Item = T> + Send + 'static)
    where
        S: Info<T>,
        T: Send,
    {
        let cell = self.cell.clone();
        self.spawn(async move {
            let mut stream = pin!(stream);
            while let Some(item) = poll_fn(|cx| stream.as_mut().poll_next(cx)).await {
                if !deliver(&cell, S::info(item)).await {
                    return;
                }
            }
        });
    }
}

/// False when the door is shut.
async fn deliver<M: Send + 'static>(cell: &Cell<M>, message: M) -> bool {
    match cell.mailbox.push_or_wait(message) {
        Ok(Pushed::Now(asleep)) => {
            if asleep {
                cell.head.wake();
            }
            true
        }
        Ok(Pushed::Later(line)) => line.await.is_ok(),
        Err(_message) => false,
    }
}
