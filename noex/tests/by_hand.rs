//! A server without the macros: the library can be used by hand.

use noex::__private::{Body, PhantomData, Seat, life};
use noex::{
    CallError, Child, Ctx, ExitReason, GenServer, Init, Process, Reply, Split, Start, StopError,
    Target,
};
use std::time::Duration;

struct Counter(u64);

enum Message {
    Get(Reply<u64>),
    Add(u64),
    Fail(Reply<u64, String>),
    Slow(Reply<u64>),
    Crash,
}

#[derive(Clone, Debug)]
struct CounterRef(Process<Counter>);

impl From<Target> for CounterRef {
    fn from(target: Target) -> Self {
        CounterRef(target.into())
    }
}

impl Child for Counter {
    type Ref = CounterRef;
}

impl GenServer for Counter {
    type Message = Message;
    type Continue = ();
    const TYPE: &'static str = "Counter";

    async fn handle(&mut self, message: Message, cx: &mut Ctx<Self>) -> Result<(), ExitReason> {
        match message {
            Message::Get(reply) => {
                let Some(reply) = cx.__begin(reply) else {
                    return Ok(());
                };
                cx.__settle(reply, self.0);
            }
            Message::Add(n) => self.0 += n,
            Message::Fail(reply) => cx.__complete(reply, Err("no".into())),
            Message::Slow(reply) => {
                tokio::task::yield_now().await;
                cx.__settle(reply, self.0);
            }
            Message::Crash => panic!("boom"),
        }
        Ok(())
    }

    async fn handle_continue(&mut self, (): (), _: &mut Ctx<Self>) -> Result<(), ExitReason> {
        Ok(())
    }
}

fn body(seat: Seat<Counter>, start: u64) -> Body {
    Box::pin(life(PhantomData, seat, move |cx| async move {
        (Ok(Init::ready(Counter(start))), cx)
    }))
}

fn counter(start: u64) -> Start<Counter> {
    Start::new(move |seat| body(seat, start))
}

#[tokio::test]
async fn calls_casts_and_stop() {
    let c = counter(3).name("c").await.unwrap();
    assert_eq!(c.0.call(None, Message::Get).await, Ok(3));
    c.0.cast(Message::Add(4)).unwrap();
    for _ in 0..100 {
        assert_eq!(c.0.call(None, Message::Get).await, Ok(7));
    }
    assert_eq!(c.0.call(None, Message::Slow).await, Ok(7));
    let failed = c.0.call(None, Message::Fail).await;
    assert_eq!(failed, Err(CallError::Failed("no".into())));
    assert_eq!(failed.split(), Ok(Err("no".into())));
    let named = Process::<Counter>::named("c");
    assert_eq!(named.call(None, Message::Get).await, Ok(7));
    assert_eq!(c.0.stop().await, Ok(()));
    assert!(!c.0.is_alive());
    assert_eq!(
        named.call(None, Message::Get).await,
        Err(CallError::NotRunning)
    );
    assert_eq!(c.0.stop().await, Err(StopError::NotRunning));
}

#[tokio::test]
async fn a_panic_ends_it_with_its_reason() {
    let c = counter(3).await.unwrap();
    c.0.cast(Message::Crash).unwrap();
    let answer = c.0.call(None, Message::Get).await;
    assert!(
        matches!(answer, Err(CallError::Exited(ExitReason::Panic { .. }))),
        "{answer:?}"
    );
    assert!(matches!(c.0.exited().await, ExitReason::Panic { .. }));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_callers() {
    let c = counter(0).await.unwrap();
    let callers: Vec<_> = (0..64)
        .map(|_| {
            let c = c.clone();
            tokio::spawn(async move {
                for _ in 0..1000 {
                    c.0.cast(Message::Add(1)).unwrap();
                    c.0.call(Some(Duration::from_secs(5)), Message::Get)
                        .await
                        .unwrap();
                }
            })
        })
        .collect();
    for caller in callers {
        caller.await.unwrap();
    }
    assert_eq!(c.0.call(None, Message::Get).await, Ok(64_000));
}

#[tokio::test(start_paused = true)]
async fn a_call_times_out() {
    let c = counter(0).await.unwrap();
    assert!(c.0.suspend());
    let start = tokio::time::Instant::now();
    let answer = c.0.call(None, Message::Get).await;
    assert_eq!(
        answer,
        Err(CallError::Timeout {
            after: Duration::from_secs(5)
        })
    );
    assert!(
        start.elapsed() >= Duration::from_secs(5) && start.elapsed() < Duration::from_millis(5003),
        "{:?}",
        start.elapsed()
    );
    assert!(c.0.resume());
    assert_eq!(c.0.call(None, Message::Get).await, Ok(0));
    assert_eq!(c.0.skipped(), 1);
}
