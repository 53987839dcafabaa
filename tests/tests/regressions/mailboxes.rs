//! Defects of mailboxes.

use crate::parts::{Tested, ms};
use noex::prelude::*;
use noex::{KeyRegistry, RegistryEvent, Statistics};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;
use tokio::time::sleep;
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Counts.
struct Counter(u64);

#[gen_server(mailbox = unbounded)]
impl Counter {
    #[cast]
    async fn hold(&mut self, gate: oneshot::Receiver<()>) {
        let _ = gate.await;
    }

    #[cast]
    fn add(&mut self) {
        self.0 += 1;
    }

    #[call]
    fn get(&self) -> u64 {
        self.0
    }
}

/// How long sending and handling so many takes, when all of them have to wait.
async fn time_of_handling(messages: u64) -> Result<Duration, Box<dyn std::error::Error>> {
    let counter = Counter(0).start().await?;
    let begun = Instant::now();
    let (open, closed) = oneshot::channel();
    counter.hold(closed)?;
    for _ in 0..messages {
        counter.add()?;
    }
    drop(open);
    assert_eq!(counter.get().await?, messages);
    let took = begun.elapsed();
    counter.stop().await?;
    Ok(took)
}

/// The longer the queue, the longer each message took: 335,000 in a second with 10,000 queued, 4,000 with 200,000.
#[tokio::test]
async fn w07_a_long_queue_is_no_slower() -> Tested {
    // Twenty times the messages take about twenty times as long, not four hundred times. A busy machine may spoil one comparison.
    for _ in 0..3 {
        let few = time_of_handling(10_000).await?;
        if time_of_handling(200_000).await? < few * 60 {
            return Ok(());
        }
    }
    panic!("each message costs more the more there are");
}

struct Bounded;

#[gen_server(mailbox = 64)]
impl Bounded {
    #[cast]
    fn add(&mut self) {}
}

/// A message was accepted and then lost, because the mailbox was closed at that moment.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r09_whatever_was_accepted_is_accounted_for() -> Tested {
    for round in 0..300_u32 {
        let counter = Bounded.start().await?;
        let senders = [(); 3].map(|()| {
            let counter = counter.clone();
            tokio::spawn(async move {
                let mut accepted = 0_u64;
                loop {
                    match counter.add() {
                        Ok(()) => accepted += 1,
                        Err(CastError::NotRunning(_)) => return accepted,
                        Err(_) => tokio::task::yield_now().await,
                    }
                }
            })
        });
        while counter.handled() < 10 {
            tokio::task::yield_now().await;
        }
        match round % 2 {
            0 => counter.kill(),
            _ => counter.exit(ExitReason::Shutdown),
        }
        let mut accepted = 0;
        for sender in senders {
            accepted += sender.await?;
        }
        counter.exited().await;
        let told = counter.handled() + u64::from(counter.undelivered());
        assert_eq!(told, accepted, "round {round}");
    }
    Ok(())
}

/// Hears of keys.
struct Listener(Vec<(u32, u64)>);

#[gen_server(mailbox = 2)]
impl Listener {
    #[info]
    fn changed(&mut self, event: RegistryEvent<u32, ()>) {
        self.0.push((*event.entry.key(), event.missed));
    }

    #[call]
    fn heard(&mut self) -> Vec<(u32, u64)> {
        std::mem::take(&mut self.0)
    }
}

/// Takes keys.
struct Keeper(KeyRegistry<u32>);

#[gen_server]
impl Keeper {
    #[call]
    fn take(&mut self, keys: std::ops::Range<u32>) {
        for key in keys {
            self.0.register(key, ()).expect("it is free");
        }
    }
}

/// A subscriber that had lagged once heard nothing any more.
#[noex::test]
async fn r11_a_listener_that_lags_hears_on_and_how_much_it_missed() -> Tested {
    let keys = KeyRegistry::<u32>::unique();
    let listener = Listener(vec![]).start().await?;
    keys.listen(listener.recipient());
    let keeper = Keeper(keys).start().await?;
    assert!(listener.suspend());
    keeper.take(0..10).await?;
    assert!(listener.resume());
    assert_eq!(listener.heard().await?, [(0, 0), (1, 0)]);
    keeper.take(10..12).await?;
    assert_eq!(listener.heard().await?, [(10, 8), (11, 0)]);
    System::current().stop().await;
    Ok(())
}

/// Has room for one message.
struct Narrow;

#[gen_server(mailbox = 1)]
impl Narrow {
    #[init]
    async fn new() -> Self {
        sleep(ms(50)).await;
        Self
    }

    #[call]
    fn double(&self, n: u32) -> u32 {
        2 * n
    }
}

/// Sends to a small mailbox during a slow init ended in a deadlock.
#[noex::test(paused)]
async fn r16_a_small_mailbox_bears_callers_during_init() -> Tested {
    let starting = tokio::spawn(async { Narrow::start_as("narrow").await });
    tokio::task::yield_now().await;
    let calls =
        [1, 2, 3].map(|n| tokio::spawn(async move { Narrow::named("narrow").double(n).await }));
    let narrow = starting.await??;
    for (n, call) in (1..).zip(calls) {
        assert_eq!(call.await??, 2 * n);
    }
    narrow.stop().await?;
    Ok(())
}

macro_rules! counted {
    ($name:ident, $inline:ident) => {
        struct $name;

        #[gen_server(inline = $inline)]
        impl $name {
            #[call]
            fn ask(&self) {}
            #[call(timeout = 1ms)]
            async fn rest(&self) {
                sleep(ms(5)).await;
            }
            #[cast]
            fn tell(&mut self) {}
        }
    };
}

counted!(Inlined, always);
counted!(Queued, never);

/// Calls that ran on the short way were counted otherwise than those that were queued.
#[noex::test(paused)]
async fn r29_both_ways_of_a_call_count_alike() -> Tested {
    macro_rules! counts {
        ($server:ident) => {{
            let server = $server.start().await?;
            for _ in 0..10 {
                server.ask().await?;
                server.tell()?;
            }
            assert!(server.rest().await.is_err());
            let skipped = server.rest().timeout(ms(1)).await;
            assert!(skipped.is_err());
            sleep(ms(20)).await;
            server.ask().await?;
            let Statistics {
                handled,
                skipped,
                undelivered,
                ..
            } = server.statistics().expect("it runs");
            server.stop().await?;
            (handled, skipped, undelivered)
        }};
    }
    let queued = counts!(Queued);
    assert_eq!(counts!(Inlined), queued);
    assert_eq!(queued, (23, 1, 0));
    Ok(())
}

/// Tells itself to go on.
struct Runner;

#[gen_server]
impl Runner {
    #[cast]
    fn run(&mut self, left: u32, done: oneshot::Sender<u64>, cx: &mut Ctx<Self>) {
        if left == 0 {
            let _ = done.send(cx.request_id());
            return;
        }
        cx.myself().run(left - 1, done).expect("there is room");
    }
}

/// Counts the spans that are open.
#[derive(Clone, Default)]
struct Spans(Arc<AtomicUsize>);

impl Subscriber for Spans {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        let open = self.0.fetch_add(1, Relaxed);
        assert!(open < 10, "spans are nested without end");
        Id::from_u64(1)
    }
    fn try_close(&self, _: Id) -> bool {
        self.0.fetch_sub(1, Relaxed);
        true
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, _: &Event<'_>) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// Each message that a server sent itself was a child of the one before, without end.
#[noex::test]
async fn r31_a_server_that_casts_to_itself_makes_no_chain() -> Tested {
    noex_tests::listen_per_thread();
    let _guard = tracing::subscriber::set_default(Spans::default());
    let runner = Runner.start().await?;
    let (done, is_done) = oneshot::channel();
    runner.run(1_000_000, done)?;
    assert_eq!(is_done.await?, 0, "no request goes from cast to cast");
    assert_eq!(runner.handled(), 1_000_001);
    runner.stop().await?;
    Ok(())
}
