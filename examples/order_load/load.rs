//! Clients that post orders and read them again.

use crate::client::Client;
use serde_json::Value;
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use tokio::time::sleep;
use uuid::Uuid;

const ORDER: &str = r#"{"customer":"Ada Lovelace","email":"ada@example.org","items":[
    {"sku":"tea","quantity":2,"price_cents":450},{"sku":"cup","quantity":1,"price_cents":1200}]}"#;

/// Clients at work.
#[derive(Debug)]
pub(crate) struct Load {
    clients: JoinSet<Outcome>,
    stop: Arc<AtomicBool>,
    began: Instant,
}

/// What came of it.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Orders answered 201.
    pub(crate) acknowledged: Vec<Uuid>,
    /// Orders that were read again, whole.
    pub(crate) read: u64,
    /// What else happened, and how often: `POST 503 with Retry-After`, `POST connection refused`.
    pub(crate) failures: BTreeMap<String, u64>,
    /// Requests sent again on a fresh connection.
    pub(crate) resent: u64,
    /// Of the orders answered 201.
    pub(crate) micros: Vec<u32>,
    /// Of the requests answered otherwise, or not at all.
    pub(crate) slowest_failure: Duration,
    pub(crate) time: Duration,
}

/// What each client does.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Habit {
    /// After each order.
    pub(crate) pause: Duration,
    /// Every so many orders one is read again ..
    pub(crate) read_every: usize,
    /// .. so many times.
    pub(crate) reads: usize,
}

/// As many orders as go through.
pub(crate) const BUSY: Habit = Habit {
    pause: Duration::ZERO,
    read_every: 10,
    reads: 1,
};

impl Load {
    /// Sets so many clients to work.
    pub(crate) fn start(service: SocketAddr, clients: usize, habit: Habit) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let work = (0..clients).map(|_| work(Client::new(service), habit, stop.clone()));
        Load {
            clients: work.collect(),
            stop,
            began: Instant::now(),
        }
    }

    /// Lets every client finish its request.
    pub(crate) async fn stop(self) -> Outcome {
        self.stop.store(true, Relaxed);
        let mut all = Outcome::default();
        for one in self.clients.join_all().await {
            all.acknowledged.extend(one.acknowledged);
            all.read += one.read;
            all.resent += one.resent;
            all.micros.extend(one.micros);
            all.slowest_failure = all.slowest_failure.max(one.slowest_failure);
            for (what, count) in one.failures {
                *all.failures.entry(what).or_default() += count;
            }
        }
        all.micros.sort_unstable();
        all.time = self.began.elapsed();
        all
    }
}

impl Outcome {
    fn failed(&mut self, what: String, began: Instant) {
        self.slowest_failure = self.slowest_failure.max(began.elapsed());
        *self.failures.entry(what).or_default() += 1;
    }

    /// The time within which this part of the orders was answered, in milliseconds.
    pub(crate) fn quantile(&self, part: f64) -> f64 {
        let at = (self.micros.len() as f64 * part) as usize;
        let micros = self.micros.get(at).or(self.micros.last());
        micros.map_or(0.0, |micros| f64::from(*micros) / 1000.0)
    }

    pub(crate) fn failures(&self) -> String {
        if self.failures.is_empty() {
            return "no failures".into();
        }
        let each = self.failures.iter();
        let each: Vec<_> = each.map(|(what, n)| format!("{n} x {what}")).collect();
        each.join(", ")
    }
}

async fn work(mut client: Client, habit: Habit, stop: Arc<AtomicBool>) -> Outcome {
    let mut outcome = Outcome::default();
    while !stop.load(Relaxed) {
        let began = Instant::now();
        match client.post("/orders", ORDER.as_bytes()).await {
            Ok(answer) if answer.status == 201 => {
                outcome.micros.push(began.elapsed().as_micros() as u32);
                match id(&answer.body) {
                    Some(id) => outcome.acknowledged.push(id),
                    None => outcome.failed("POST 201 without an id".into(), began),
                }
            }
            Ok(answer) if answer.retry_after => {
                outcome.failed(format!("POST {} with Retry-After", answer.status), began);
                sleep(Duration::from_millis(10)).await;
            }
            Ok(answer) => outcome.failed(format!("POST {}", answer.status), began),
            Err(error) => {
                outcome.failed(format!("POST {}", error.kind()), began);
                sleep(Duration::from_millis(5)).await;
            }
        }
        if outcome.acknowledged.len().is_multiple_of(habit.read_every)
            && let Some(id) = outcome.acknowledged.last().copied()
        {
            for _ in 0..habit.reads {
                read(id, &mut client, &mut outcome).await;
            }
        }
        if !habit.pause.is_zero() {
            sleep(habit.pause).await;
        }
    }
    outcome.resent = client.resent;
    outcome
}

async fn read(id: Uuid, client: &mut Client, outcome: &mut Outcome) {
    let began = Instant::now();
    match client.get(&format!("/orders/{id}")).await {
        Ok(answer) if answer.status == 200 && self::id(&answer.body) == Some(id) => {
            outcome.read += 1;
        }
        Ok(answer) if answer.retry_after => {
            outcome.failed(format!("GET {} with Retry-After", answer.status), began);
        }
        Ok(answer) => outcome.failed(format!("GET {}", answer.status), began),
        Err(error) => outcome.failed(format!("GET {}", error.kind()), began),
    }
}

fn id(body: &[u8]) -> Option<Uuid> {
    let body: Value = serde_json::from_slice(body).ok()?;
    body["id"].as_str()?.parse().ok()
}
