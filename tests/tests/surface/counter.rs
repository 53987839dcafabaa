//! The counter of the documentation, with one handler of every kind.

use noex::prelude::*;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

/// It would grow too large.
#[derive(Debug, PartialEq)]
pub struct TooBig(u64);

impl std::fmt::Display for TooBig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} is too big", self.0)
    }
}

#[derive(Clone)]
pub struct Tick;

/// Counts visits.
#[gen_server(mailbox = 256, restart = transient, shutdown = 5s)]
pub struct Counter {
    n: u64,
    ticks: u64,
    gone: Vec<ExitReason>,
    waiting: Vec<Reply<u64>>,
}

#[gen_server(call_timeout = 2s)]
impl Counter {
    pub const LIMIT: u64 = 10;

    #[init]
    pub async fn new(start: u64) -> Init<Self> {
        let server = Self {
            n: 0,
            ticks: 0,
            gone: vec![],
            waiting: vec![],
        };
        Init::ready(server).then(CounterContinue::Warm { from: start })
    }

    /// The present count.
    #[call]
    pub fn get(&self) -> u64 {
        self.n
    }

    /// Adds, or says why not.
    #[call(timeout = 500ms)]
    pub async fn add(&mut self, by: u64, cx: &mut Ctx<Self>) -> Result<u64, TooBig> {
        if self.n + by > Self::LIMIT {
            return Err(TooBig(self.n + by));
        }
        self.n += by;
        assert_ne!(cx.request_id(), 0);
        self.waiting.drain(..).for_each(|w| w.send(self.n));
        Ok(self.n)
    }

    /// Answers at the next change.
    #[call(deferred)]
    pub fn wait(&mut self, reply: Reply<u64>) {
        self.waiting.push(reply);
    }

    /// Runs beside the server.
    #[call(spawn)]
    pub fn doubled(&self) -> impl Future<Output = Result<u64, TooBig>> + Send + 'static {
        let n = self.n;
        async move {
            tokio::task::yield_now().await;
            n.checked_mul(2).ok_or(TooBig(n))
        }
    }

    #[cast]
    pub fn reset(&mut self) {
        self.n = 0;
    }

    #[cast]
    fn import(&mut self, file: PathBuf) -> io::Result<()> {
        self.n = std::fs::read_to_string(file)?.len() as u64;
        Ok(())
    }

    #[info]
    fn tick(&mut self, _tick: Tick) {
        self.ticks += 1;
    }

    #[info(down)]
    fn peer_gone(&mut self, down: Down) {
        self.gone.push(down.reason);
    }

    #[call]
    fn gone(&self) -> Vec<ExitReason> {
        self.gone.clone()
    }

    #[call]
    fn ticks(&self) -> u64 {
        self.ticks
    }

    #[call]
    fn watch(&mut self, other: CounterRef, cx: &mut Ctx<Self>) {
        cx.monitor(&other);
    }

    #[call]
    fn tick_every(&mut self, period: Duration, cx: &mut Ctx<Self>) {
        cx.interval(period, Tick);
    }

    #[continuation]
    async fn warm(&mut self, from: u64) -> Result<(), io::Error> {
        self.n = from;
        Ok(())
    }

    #[terminate]
    async fn bye(&mut self, why: &ExitReason) {
        assert!(!matches!(why, ExitReason::Killed));
    }

    #[status]
    fn show(&self) -> impl serde::Serialize {
        self.n
    }
}

#[tokio::test]
async fn it_counts() -> Result<(), Box<dyn std::error::Error>> {
    let c = Counter::start(1).await?;
    assert_eq!(c.get().await?, 1);
    assert_eq!(c.add(3).timeout(Duration::from_secs(1)).await?, 4);
    let too_big = c.add(30).await;
    assert_eq!(too_big, Err(CallError::Failed(TooBig(34))));
    assert_eq!(c.add(30).await.split()?, Err(TooBig(34)));
    assert_eq!(c.doubled().await?, 8);
    let pending = c.wait().send()?;
    c.reset()?;
    c.add(2).await?;
    assert_eq!(pending.await?, 2);
    c.reserve().await?.reset()?;
    assert_eq!(c.get().await?, 0);
    Process::send(&c, Tick)?;
    c.recipient::<Tick>().send(Tick)?;
    assert_eq!(c.ticks().await?, 2);
    assert_eq!(c.current().map(|c| c.pid()), Some(c.pid()));
    Process::stop(&c).await?;
    assert_eq!(c.get().await, Err(CallError::NotRunning));
    Ok(())
}

#[tokio::test]
async fn a_named_one_is_followed() -> Result<(), Box<dyn std::error::Error>> {
    let system = System::new();
    let name = "visits";
    let first = Counter::start(1).name(name).system(&system).await?;
    let v = CounterRef::from(Process::named_in(&system, name));
    assert_eq!(v.get().await?, 1);
    first.stop().await?;
    assert_eq!(v.get().await, Err(CallError::NotRunning));
    Counter::start(2).name(name).system(&system).await?;
    assert_eq!(v.get().await?, 2);
    Counter::start_as("surface/counter", 3).await?;
    assert_eq!(Counter::named("surface/counter").get().await?, 3);
    Ok(())
}

#[tokio::test]
async fn an_error_of_a_cast_ends_it() -> Result<(), Box<dyn std::error::Error>> {
    let (c, watcher) = (Counter::start(1).await?, Counter::start(0).await?);
    watcher.watch(c.clone()).await?;
    c.import("/does/not/exist".into())?;
    let reason = c.exited().await;
    let error = reason
        .downcast_ref::<io::Error>()
        .expect("the error itself");
    assert_eq!(error.kind(), io::ErrorKind::NotFound);
    assert_eq!(watcher.gone().await?, [reason]);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn it_ticks() -> Result<(), Box<dyn std::error::Error>> {
    let c = Counter::start(1).await?;
    c.tick_every(Duration::from_secs(1)).await?;
    tokio::time::sleep(Duration::from_millis(3500)).await;
    assert_eq!(c.ticks().await?, 3);
    Ok(())
}
