//! One server with every kind of handler.

use noex::prelude::*;
use std::{fmt, io, time::Duration};

/// Counts.
#[gen_server(mailbox = 64, restart = transient, shutdown = 1.5s, idle = 30s)]
#[derive(Debug)]
pub struct Counter {
    /// How many.
    n: u64,
    /// Who waits for the next change.
    waiting: Vec<Reply<u64>>,
    /// What happened.
    log: Vec<String>,
}

/// The count would be too big.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooBig(pub u64);

impl fmt::Display for TooBig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is too big", self.0)
    }
}

/// A message of a timer.
#[derive(Clone, Copy, Debug)]
pub struct Tick;

#[gen_server(call_timeout = 250ms, api = CounterApi)]
impl Counter {
    /// No handler.
    pub const LIMIT: u64 = 100;

    /// Begins to count at `start`.
    #[init]
    pub async fn new(start: u64, cx: &mut Ctx<Self>) -> Init<Self> {
        cx.set_label(std::future::ready("counter").await);
        Init::ready(Self {
            n: start,
            waiting: vec![],
            log: vec![],
        })
        .then(CounterContinue::Warm { by: 1 })
    }

    /// The present count.
    #[call]
    pub fn get(&self) -> u64 {
        self.n
    }

    /// Adds `by`.
    #[cast]
    pub fn add(
        &mut self,
        /** How much. */
        by: u64,
    ) {
        self.n += by;
        for reply in self.waiting.drain(..) {
            reply.send(self.n);
        }
    }

    /// Adds `by`, or says why not.
    ///
    /// # Errors
    ///
    /// When the sum would be too big.
    #[call(timeout = 2s)]
    pub async fn add_checked(&mut self, by: u64, cx: &mut Ctx<Self>) -> Result<u64, TooBig> {
        let sum = std::future::ready(self.n + by).await;
        if sum > Self::LIMIT || cx.is_cancelled() {
            return Err(TooBig(sum));
        }
        self.n = sum;
        Ok(sum)
    }

    /// Answers at the next change.
    #[call(deferred)]
    pub fn next_change(&mut self, reply: Reply<u64>) {
        self.waiting.push(reply);
    }

    /// Answers from beside the server.
    ///
    /// # Errors
    ///
    /// When the sum would be too big.
    #[call(spawn)]
    pub fn beside(&self, by: u64) -> impl Future<Output = Result<u64, TooBig>> + Send + 'static {
        let sum = self.n + by;
        async move { (sum <= Self::LIMIT).then_some(sum).ok_or(TooBig(sum)) }
    }

    /// Hands the result over as it is.
    ///
    /// # Errors
    ///
    /// When the count is odd.
    #[call(raw)]
    pub fn even(&self) -> Result<u64, TooBig> {
        self.n.is_multiple_of(2).then_some(self.n).ok_or(TooBig(0))
    }

    /// A `Result` of another name.
    ///
    /// # Errors
    ///
    /// When nothing was logged.
    #[call(always)]
    pub fn first(&self) -> io::Result<String> {
        self.log
            .first()
            .cloned()
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    #[info]
    fn tick(&mut self, _tick: Tick) {
        self.log.push("tick".into());
    }

    #[info]
    async fn wait(&mut self, long: Duration, _cx: &mut Ctx<Self>) -> io::Result<()> {
        let word = std::future::ready(format!("{long:?}")).await;
        self.log.push(word);
        Ok(())
    }

    #[info(down)]
    fn gone(&mut self, down: Down) {
        self.log.push(format!("{down:?}"));
    }

    #[info(exit)]
    fn left(&mut self, _cx: &Ctx<Self>, exit: Exit) {
        self.log.push(format!("{exit:?}"));
    }

    #[info(idle)]
    fn quiet(&mut self) {
        self.log.clear();
    }

    #[continuation]
    fn warm(&mut self, by: u64) {
        self.n += by;
    }

    /// Only where it can be.
    #[cfg(any())]
    #[call]
    pub fn never(&self) -> not_there::Type {
        not_there::value()
    }

    /// The system.
    #[cfg(unix)]
    #[call]
    pub fn os(&self) -> &'static str {
        "unix"
    }

    /// The system.
    #[cfg(not(unix))]
    #[call]
    pub fn os(&self) -> &'static str {
        "other"
    }

    /// As it was.
    #[deprecated(note = "use `get`")]
    #[call]
    pub fn value(&self) -> u64 {
        self.n
    }

    /// Ends the server.
    #[cast]
    pub fn finish(&mut self, cx: &mut Ctx<Self>) {
        cx.stop(ExitReason::Normal);
    }

    #[terminate]
    fn bye(&mut self, _why: &ExitReason) {
        self.log.clear();
    }

    #[status]
    fn show(&self) -> impl serde::Serialize {
        self.n
    }
}
