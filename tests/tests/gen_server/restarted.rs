//! Failures after init, and what a fresh start remembers.

use noex::prelude::*;
use noex::supervisor::{Spec, Supervisor};
use std::time::Duration;
use tokio::sync::mpsc;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Fails in its first step.
struct Brittle;

#[gen_server]
impl Brittle {
    #[init]
    fn new(births: mpsc::UnboundedSender<()>) -> Init<Self> {
        let _ = births.send(());
        Init::ready(Self).then(BrittleContinue::FirstStep {})
    }

    #[continuation]
    fn first_step(&mut self) {
        panic!("at the first step");
    }
}

#[tokio::test]
async fn gs_13_panicking_continuation_is_a_later_exit() -> Result<()> {
    let (births, mut born) = mpsc::unbounded_channel();
    let brittle = Brittle::start(births.clone()).await?;
    let reason = brittle.exited().await;
    let ExitReason::Panic { message, .. } = &reason else {
        panic!("{reason:?}");
    };
    assert_eq!(&**message, "at the first step");
    assert_eq!(born.recv().await, Some(()));

    // A supervisor starts it, and then has a failure to count each time.
    let spec = Spec::new("fragile").child(Brittle::child_spec(births));
    let spec = spec.intensity(2, Duration::from_secs(3600));
    let tree = Supervisor::start(spec).await?;
    assert_eq!(tree.exited().await, ExitReason::Shutdown);
    for _ in 0..3 {
        assert_eq!(born.try_recv(), Ok(()));
    }
    assert!(born.is_empty());
    Ok(())
}

struct Counter(u64);

#[gen_server]
impl Counter {
    #[init]
    fn new(start: u64, births: mpsc::UnboundedSender<CounterRef>, cx: &mut Ctx<Self>) -> Self {
        let _ = births.send(cx.myself());
        Self(start)
    }

    #[call]
    fn add(&mut self, n: u64) -> u64 {
        self.0 += n;
        self.0
    }

    #[cast]
    fn crash(&mut self) {
        panic!("as asked");
    }
}

#[tokio::test]
async fn gs_15_fresh_start_rebuilds_the_state() -> Result<()> {
    let (births, mut born) = mpsc::unbounded_channel();
    let spec = Spec::new("counters").child(Counter::child_spec(5, births));
    let tree = Supervisor::start(spec).await?;
    let mut pids = vec![];
    for _ in 0..3 {
        let counter = born.recv().await.ok_or("the supervisor starts it")?;
        pids.extend(counter.pid());
        assert_eq!(counter.add(3).await?, 8);
        assert_eq!(counter.add(3).await?, 11);
        counter.crash()?;
    }
    pids.dedup();
    assert_eq!(pids.len(), 3, "each is a process of its own");
    tree.stop().await?;
    Ok(())
}
