//! Attached streams: their items are info messages, in order, and they end with their server.

use futures_core::Stream;
use noex::prelude::*;
use std::error::Error;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::sync::oneshot;

struct Item(u64);

/// Counts up, and then waits for ever.
struct Numbers {
    next: u64,
    end: u64,
    /// Gone when this is dropped.
    _dropped: oneshot::Sender<()>,
}

impl Stream for Numbers {
    type Item = Item;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Item>> {
        if self.next == self.end {
            return Poll::Pending;
        }
        self.next += 1;
        Poll::Ready(Some(Item(self.next - 1)))
    }
}

struct Reader {
    seen: Vec<u64>,
    waiting: Option<(usize, Reply<Vec<u64>>)>,
}

#[gen_server(mailbox = 2)]
impl Reader {
    #[init]
    fn new(numbers: Numbers, cx: &mut Ctx<Self>) -> Self {
        cx.attach(numbers);
        Reader {
            seen: Vec::new(),
            waiting: None,
        }
    }

    #[info]
    async fn item(&mut self, item: Item) {
        // Slower than the stream, so that it fills the mailbox.
        tokio::task::yield_now().await;
        self.seen.push(item.0);
        self.answer();
    }

    #[call(deferred)]
    fn first(&mut self, many: usize, reply: Reply<Vec<u64>>) {
        self.waiting = Some((many, reply));
        self.answer();
    }
}

impl Reader {
    fn answer(&mut self) {
        if let Some((many, reply)) = self.waiting.take() {
            if self.seen.len() >= many {
                reply.send(self.seen.clone());
            } else {
                self.waiting = Some((many, reply));
            }
        }
    }
}

#[noex::test]
async fn a_full_mailbox_slows_a_stream_and_loses_nothing() -> Result<(), Box<dyn Error>> {
    let (_dropped, dropped) = oneshot::channel();
    let numbers = Numbers {
        next: 0,
        end: 500,
        _dropped,
    };
    let reader = Reader::start(numbers).await?;
    let seen = reader.first(500).await?;
    assert_eq!(seen, (0..500).collect::<Vec<_>>());
    assert_eq!(reader.undelivered(), 0);
    reader.stop().await?;
    // With its process, though it would wait for ever.
    assert!(dropped.await.is_err(), "nothing is sent");
    Ok(())
}
