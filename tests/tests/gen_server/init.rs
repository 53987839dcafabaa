//! Init: awaited, failing, panicking, late.

use noex::prelude::*;
use noex::supervisor::Spec;
use noex::{ChildSpec, Restart};
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;
use tokio::time::Instant;

/// How an init ends.
#[derive(Clone, Copy, Debug)]
pub(crate) enum How {
    Fails,
    Panics,
    Ignores,
    Sleeps(u64),
}

/// Counts what is run of a server.
#[derive(Clone, Default)]
struct Seen {
    terminated: Arc<AtomicU32>,
    cleaned_up: Arc<AtomicU32>,
}

/// Lives in the frame of an init.
struct Held(Seen);

impl Drop for Held {
    fn drop(&mut self) {
        self.0.cleaned_up.fetch_add(1, SeqCst);
    }
}

struct Unborn {
    seen: Seen,
}

#[gen_server]
impl Unborn {
    #[init]
    async fn new(how: How, yields: bool, seen: Seen) -> Result<Init<Self>, std::fmt::Error> {
        let _held = Held(seen.clone());
        if yields {
            tokio::task::yield_now().await;
        }
        match how {
            How::Fails => return Err(std::fmt::Error),
            How::Panics => panic!("no luck today"),
            How::Ignores => return Ok(Init::ignore()),
            How::Sleeps(millis) => tokio::time::sleep(Duration::from_millis(millis)).await,
        }
        Ok(Init::ready(Self { seen }))
    }

    #[call]
    fn ping(&self) {}

    #[terminate]
    fn bye(&mut self) {
        self.seen.terminated.fetch_add(1, SeqCst);
    }
}

fn assert_nothing_is_left(system: &System) {
    assert_eq!(system.registry().whereis("unborn"), None);
    assert_eq!(system.processes(), []);
}

#[tokio::test(start_paused = true)]
async fn gs_01_start_returns_after_init() -> Result<(), Box<dyn std::error::Error>> {
    let began = Instant::now();
    let seen = Seen::default();
    let server = Unborn::start(How::Sleeps(100), false, seen.clone()).await?;
    assert_eq!(seen.cleaned_up.load(SeqCst), 1, "init is over");
    let ready = began.elapsed();
    assert!(ready >= Duration::from_millis(100), "{ready:?}");
    server.ping().await?;
    assert_eq!(began.elapsed(), ready, "answered at once");
    Ok(())
}

#[noex::test(workers = 2)]
async fn gs_02_failed_init_leaves_the_name_free() {
    let system = System::new();
    for n in 0..20_000 {
        let start = Unborn::start(How::Fails, n % 2 == 1, Seen::default());
        let outcome = start.name("unborn").system(&system).await;
        let Err(StartError::Failed(error)) = outcome else {
            panic!("{n}: {outcome:?}");
        };
        assert!(error.is::<std::fmt::Error>());
        assert_nothing_is_left(&system);
    }
}

#[noex::test(workers = 2)]
async fn gs_03_panicking_init_is_a_start_error() {
    let system = System::new();
    for yields in [false, true] {
        let start = Unborn::start(How::Panics, yields, Seen::default());
        let outcome = start.name("unborn").system(&system).await;
        let Err(StartError::Panicked { message, .. }) = outcome else {
            panic!("{outcome:?}");
        };
        assert_eq!(&*message, "no luck today");
        assert_nothing_is_left(&system);
    }
}

#[tokio::test(start_paused = true)]
async fn gs_05_init_timeout_leaves_nothing_behind() {
    let system = System::new();
    let seen = Seen::default();
    let limit = Duration::from_millis(50);
    let began = Instant::now();
    let start = Unborn::start(How::Sleeps(500), false, seen.clone());
    let outcome = start.name("unborn").system(&system).timeout(limit).await;
    let took = began.elapsed();
    assert!(
        matches!(outcome, Err(StartError::Timeout { after }) if after == limit),
        "{outcome:?}"
    );
    assert!(took >= limit && took < limit * 2, "{took:?}");
    assert_eq!(seen.cleaned_up.load(SeqCst), 1, "what init held is dropped");
    assert_nothing_is_left(&system);
}

#[tokio::test(start_paused = true)]
async fn gs_14_failed_init_skips_terminate() {
    let seen = Seen::default();
    for how in [How::Fails, How::Panics, How::Ignores, How::Sleeps(500)] {
        for yields in [false, true] {
            let start = Unborn::start(how, yields, seen.clone());
            let outcome = start.timeout(Duration::from_millis(50)).await;
            assert!(outcome.is_err(), "{outcome:?}");
        }
    }
    assert_eq!(seen.terminated.load(SeqCst), 0);
    // The server does have a `terminate` that counts.
    let server = Unborn::start(How::Sleeps(1), false, seen.clone()).await;
    assert_eq!(server.expect("it starts").stop().await, Ok(()));
    assert_eq!(seen.terminated.load(SeqCst), 1);
}

/// A start that has been polled once and waits for init.
async fn begun(system: &System) -> noex::Start<Unborn> {
    let seen = Seen::default();
    let mut start = Unborn::start(How::Sleeps(100), false, seen).system(system);
    let first = poll_fn(|cx| Poll::Ready(Pin::new(&mut start).poll(cx))).await;
    assert!(first.is_pending());
    start
}

#[tokio::test(start_paused = true)]
async fn what_is_set_after_a_start_has_begun_is_ignored() -> Result<(), Box<dyn std::error::Error>>
{
    let system = System::new();
    let start = begun(&system).await;
    let server = start.name("unborn").timeout(Duration::ZERO).await?;
    assert_eq!(server.name(), None);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_start_that_has_begun_is_no_child() {
    let start = Mutex::new(Some(begun(&System::new()).await));
    let child = ChildSpec::new("unborn", move || {
        let mut start = start.lock().expect("nobody panicked");
        start.take().expect("started once")
    });
    let spec = Spec::new("supervisor").child(child.restart(Restart::Temporary));
    let outcome = Supervisor::start(spec).await.map(|_| ());
    let Err(StartError::Failed(error)) = outcome else {
        panic!("{outcome:?}");
    };
    assert!(error.to_string().contains("had begun"), "{error}");
}
