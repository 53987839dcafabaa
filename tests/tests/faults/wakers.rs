//! Wakers are user code: one that panics keeps nobody else from being woken, and hurts nobody who wakes.

use super::mined::{AS_ASKED, install_quiet_hook};
use noex::prelude::*;
use noex::supervisor::{Spec, Supervisor, Task};
use std::future::{Future, IntoFuture};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::task::{Context, Wake, Waker};
use std::time::Duration;
use tokio::sync::{Semaphore, mpsc};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Panics when it is woken.
#[derive(Default)]
struct Bomb {
    woken: AtomicUsize,
}

impl Wake for Bomb {
    fn wake(self: Arc<Self>) {
        self.woken.fetch_add(1, SeqCst);
        panic!("{AS_ASKED}");
    }
}

impl Bomb {
    /// Polls a future that has to wait, with this as its waker.
    fn wait_in<F: Future>(self: &Arc<Self>, future: Pin<&mut F>) {
        let waker = Waker::from(self.clone());
        assert!(future.poll(&mut Context::from_waker(&waker)).is_pending());
    }

    fn woken(&self) -> usize {
        self.woken.load(SeqCst)
    }
}

/// Goes on when it has a permit.
struct Gated(Arc<Semaphore>);

impl Gated {
    async fn pass(&self) {
        if let Ok(permit) = self.0.acquire().await {
            permit.forget();
        }
    }
}

#[gen_server(mailbox = 1)]
impl Gated {
    #[init]
    async fn new(gate: Arc<Semaphore>) -> Self {
        let gated = Self(gate);
        gated.pass().await;
        gated
    }

    #[call]
    async fn knock(&mut self) -> u32 {
        self.pass().await;
        7
    }

    #[call]
    fn peek(&self) -> u32 {
        5
    }

    #[call(deferred)]
    fn park(&mut self, to: mpsc::UnboundedSender<Reply<u32>>, reply: Reply<u32>) {
        let _ = to.send(reply);
    }
}

/// Is told of the ends of others.
struct Watch(mpsc::UnboundedSender<ExitReason>);

#[gen_server]
impl Watch {
    #[call]
    fn over(&mut self, gated: GatedRef, cx: &mut Ctx<Self>) {
        cx.monitor(&gated);
    }

    #[info(down)]
    fn down(&mut self, down: Down) {
        let _ = self.0.send(down.reason);
    }
}

async fn open() -> Result<(GatedRef, Arc<Semaphore>)> {
    install_quiet_hook();
    let gate = Arc::new(Semaphore::new(1));
    Ok((Gated::start(gate.clone()).await?, gate))
}

#[noex::test]
async fn of_those_who_wait_for_an_end() -> Result<()> {
    let (gated, _gate) = open().await?;
    let bomb = Arc::new(Bomb::default());
    let (first, second) = (gated.exited(), gated.exited());
    let (mut first, mut last) = (pin!(first), pin!(gated.exited()));
    bomb.wait_in(first.as_mut());
    let waiting = tokio::spawn({
        let gated = gated.clone();
        async move { gated.exited().await }
    });
    tokio::task::yield_now().await;
    let (told, mut tells) = mpsc::unbounded_channel();
    let watch = Watch(told).start().await?;
    watch.over(gated.clone()).await?;
    bomb.wait_in(last.as_mut());
    gated.kill();
    assert_eq!(waiting.await?, ExitReason::Killed);
    assert_eq!(tells.recv().await, Some(ExitReason::Killed));
    assert_eq!(second.await, ExitReason::Killed);
    assert_eq!(bomb.woken(), 2);
    watch.stop().await?;
    Ok(())
}

#[noex::test]
async fn of_those_who_wait_for_a_start() -> Result<()> {
    install_quiet_hook();
    let gate = Arc::new(Semaphore::new(0));
    let bomb = Arc::new(Bomb::default());
    let mut starting = pin!(Gated::start(gate.clone()).name("gated").into_future());
    bomb.wait_in(starting.as_mut());
    gate.add_permits(1);
    let gated = Gated::named("gated");
    assert_eq!(gated.peek().await?, 5);
    assert_eq!(bomb.woken(), 1);
    starting.await?.stop().await?;
    Ok(())
}

#[noex::test]
async fn of_those_who_wait_for_an_answer() -> Result<()> {
    let (gated, gate) = open().await?;
    let bomb = Arc::new(Bomb::default());
    let mut knock = pin!(gated.knock());
    bomb.wait_in(knock.as_mut());
    let (to, mut parked) = mpsc::unbounded_channel();
    tokio::task::yield_now().await;
    let mut park = pin!(gated.park(to));
    bomb.wait_in(park.as_mut());
    gate.add_permits(1);
    // Woken by the answer; by the parking; and by the answer that comes later.
    let reply = parked.recv().await.ok_or("it is handed over")?;
    assert_eq!(bomb.woken(), 2);
    bomb.wait_in(park.as_mut());
    reply.send(9);
    assert_eq!(bomb.woken(), 3);
    assert_eq!(park.await?, 9);
    assert_eq!(knock.await?, 7);
    assert_eq!(gated.peek().await?, 5);
    gated.stop().await?;
    Ok(())
}

/// The line before a full mailbox.
#[noex::test]
async fn of_those_who_stand_in_line() -> Result<()> {
    for killed in [false, true] {
        let (gated, gate) = open().await?;
        let bomb = Arc::new(Bomb::default());
        let knock = gated.knock().send()?;
        tokio::task::yield_now().await;
        let queued = gated.peek().send()?;
        let (mut first, mut third) = (pin!(gated.peek()), pin!(gated.reserve()));
        bomb.wait_in(first.as_mut());
        let second = tokio::spawn({
            let gated = gated.clone();
            async move { gated.peek().await }
        });
        tokio::task::yield_now().await;
        bomb.wait_in(third.as_mut());
        let fourth = tokio::spawn({
            let gated = gated.clone();
            async move { gated.peek().await }
        });
        tokio::task::yield_now().await;
        if killed {
            gated.kill();
            assert_eq!(second.await?, Err(CallError::NotRunning));
            assert_eq!(fourth.await?, Err(CallError::NotRunning));
            assert_eq!(bomb.woken(), 2);
            assert_eq!(gated.exited().await, ExitReason::Killed);
            continue;
        }
        gate.add_permits(1);
        assert_eq!((knock.await?, queued.await?), (7, 5));
        assert_eq!(second.await?, Ok(5));
        // The reserved place is given back, to the next in line.
        drop(third.await?);
        assert_eq!(fourth.await?, Ok(5));
        assert!(bomb.woken() >= 2);
        assert_eq!(first.await?, 5);
        gated.stop().await?;
    }
    Ok(())
}

/// Places that are given back go to the next in line, whose waker may panic.
#[noex::test]
async fn of_those_who_are_given_a_place() -> Result<()> {
    let (gated, _gate) = open().await?;
    let bomb = Arc::new(Bomb::default());
    let place = gated.reserve().await?;
    let mut next = pin!(gated.reserve());
    bomb.wait_in(next.as_mut());
    drop(place);
    assert_eq!(bomb.woken(), 1);
    drop(next.await?);
    assert_eq!(gated.peek().await?, 5);
    gated.stop().await?;
    Ok(())
}

/// Ready when its process is to stop, which others than the process may await.
#[noex::test]
async fn of_those_who_listen_for_a_stop() -> Result<()> {
    install_quiet_hook();
    let (hand_over, mut listeners) = mpsc::unbounded_channel();
    let child = noex::ChildSpec::new("task", move || {
        let hand_over = hand_over.clone();
        Task::start(async move {
            for _ in 0..2 {
                let _ = hand_over.send(noex::stopping());
            }
            noex::stopping().await;
        })
    });
    let tree = Supervisor::start(Spec::new("listened").child(child)).await?;
    let bomb = Arc::new(Bomb::default());
    let mut first = pin!(listeners.recv().await.ok_or("it runs")?);
    bomb.wait_in(first.as_mut());
    let second = tokio::spawn(listeners.recv().await.ok_or("it runs")?);
    tokio::task::yield_now().await;
    assert!(tree.stop().await?.is_clean());
    second.await?;
    assert_eq!(bomb.woken(), 1);
    Ok(())
}

/// Deadlines share one wheel.
#[noex::test(paused = true)]
async fn of_those_whose_deadline_passes() -> Result<()> {
    let (gated, gate) = open().await?;
    let bomb = Arc::new(Bomb::default());
    let limit = Duration::from_secs(1);
    let mut first = pin!(gated.knock().timeout(limit));
    bomb.wait_in(first.as_mut());
    tokio::task::yield_now().await;
    let second = gated.knock().timeout(limit).await;
    assert_eq!(second, Err(CallError::Timeout { after: limit }));
    assert_eq!(bomb.woken(), 1);
    assert_eq!(first.await, Err(CallError::Timeout { after: limit }));
    gate.add_permits(1);
    assert_eq!(gated.peek().await?, 5);
    let again = gated.knock().timeout(limit).await;
    assert_eq!(again, Err(CallError::Timeout { after: limit }));
    gate.add_permits(1);
    gated.stop().await?;
    Ok(())
}
