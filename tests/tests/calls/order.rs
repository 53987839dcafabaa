//! What a caller sees of its own earlier messages, and of its own mailbox.

use noex::prelude::*;
use std::time::{Duration, Instant};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// One cell for each sender, through every way a call can take.
macro_rules! board {
    ($name:ident, $inline:ident) => {
        struct $name([u32; 3]);

        #[gen_server(mailbox = unbounded, inline = $inline)]
        impl $name {
            #[cast]
            fn set(&mut self, at: usize, n: u32) {
                self.0[at] = n;
            }

            #[call]
            fn get(&self, at: usize) -> u32 {
                self.0[at]
            }
        }

        impl $name {
            async fn race() -> Result<()> {
                let board = $name([0; 3]).start().await?;
                let senders = [0, 1, 2].map(|at| {
                    let board = board.clone();
                    tokio::spawn(async move {
                        for n in 1..=20_000 {
                            board.set(at, n).expect("it runs");
                            assert_eq!(board.get(at).await, Ok(n));
                        }
                    })
                });
                for sender in senders {
                    sender.await?;
                }
                Ok(())
            }
        }
    };
}

board!(Earning, auto);
board!(Inlined, always);
board!(Queued, never);

#[noex::test(workers = 2)]
async fn ca_01_call_sees_the_earlier_cast() -> Result<()> {
    Earning::race().await?;
    Inlined::race().await?;
    let ordered = Queued::race().await;
    System::current().stop().await;
    ordered
}

#[tokio::test]
async fn ca_01_call_sees_the_earlier_cast_on_one_thread() -> Result<()> {
    Earning::race().await?;
    Inlined::race().await?;
    Queued::race().await
}

/// Calls the board while its own mailbox is as it is.
struct Caller(QueuedRef);

#[gen_server(mailbox = unbounded)]
impl Caller {
    #[cast]
    fn backlog(&mut self) {}

    #[call(timeout = 1min)]
    async fn thousand_calls(&mut self) -> Duration {
        let began = Instant::now();
        for _ in 0..1000 {
            self.0.get(0).await.or_crash();
        }
        began.elapsed()
    }
}

#[tokio::test]
async fn ca_24_callers_backlog_does_not_slow_its_calls() -> Result<()> {
    const BACKLOG: usize = 1_000_000;
    let board = Queued([0; 3]).start().await?;
    let idle = Caller(board.clone()).start().await?;
    let unburdened = idle.thousand_calls().await?;
    let busy = Caller(board).start().await?;
    let pending = busy.thousand_calls().send()?;
    for _ in 0..BACKLOG {
        busy.backlog()?;
    }
    assert_eq!(busy.queue_len(), BACKLOG + 1);
    let burdened = pending.await?;
    assert!(busy.queue_len() > BACKLOG / 2, "the backlog was there");
    // One look at each waiting message would take a thousand times as long.
    let limit = unburdened * 20 + Duration::from_millis(200);
    assert!(burdened < limit, "{burdened:?}, else {unburdened:?}");
    Ok(())
}
