//! A process is run by one party at a time, and nobody's wish to run it is lost.

use super::scenario::{Flag, ROUNDS, look_for, scenario, soon, within};
use noex::prelude::*;
use std::future::{Future, IntoFuture};
use std::iter::from_fn;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::mpsc::sync_channel;
use std::task::{Context, Poll, Waker};
use std::thread;
use std::time::Duration;
use tokio::runtime::Builder;
use tokio::task::{block_in_place, spawn_blocking};

/// Counts, and sees to it that nobody else does at the same time.
#[derive(Default)]
struct Counter {
    sum: u64,
    busy: AtomicBool,
}

impl Counter {
    fn count(&mut self, takes: Duration) {
        assert!(!self.busy.swap(true, SeqCst), "two run it at once");
        thread::sleep(takes);
        self.sum += 1;
        assert!(self.busy.swap(false, SeqCst), "two run it at once");
    }
}

#[gen_server(mailbox = unbounded, inline = always)]
impl Counter {
    #[init]
    fn new() -> Self {
        Self::default()
    }

    #[cast]
    fn add(&mut self, takes: Duration) {
        self.count(takes);
    }

    #[call]
    fn add_and_get(&mut self, takes: Duration) -> u64 {
        self.count(takes);
        self.sum
    }
}

/// Some cast, others call; each message takes so long.
async fn all_are_counted(takes: Duration) {
    let counter = Counter::start().await.expect("nothing hinders it");
    let client = |casts: bool| {
        let counter = counter.clone();
        tokio::spawn(async move {
            for _ in 0..2 * ROUNDS {
                if casts {
                    counter.add(takes).expect("it runs");
                    tokio::task::yield_now().await;
                } else {
                    let sum = within("an answer", counter.add_and_get(takes)).await;
                    sum.expect("it runs");
                }
            }
        })
    };
    let clients = [client(true), client(true), client(false), client(false)];
    for client in clients {
        client.await.expect("all are answered");
    }
    let sum = within("the last answer", counter.add_and_get(takes)).await;
    assert_eq!(sum, Ok(4 * 2 * ROUNDS + 1));
    counter.stop().await.expect("it ran");
}

#[test]
fn every_message_finds_its_server_awake() {
    scenario(all_are_counted(Duration::from_micros(30)));
}

#[test]
fn one_party_at_a_time_runs_a_server() {
    scenario(all_are_counted(Duration::from_micros(500)));
}

#[test]
fn a_call_is_handled_behind_the_casts_before_it() {
    scenario(async {
        let counter = Counter::start().await.expect("nothing hinders it");
        for n in 0..2 * ROUNDS {
            counter.add(Duration::ZERO).expect("it runs");
            let sum = within("an answer", counter.add_and_get(Duration::ZERO)).await;
            assert_eq!(sum, Ok(2 * n + 2));
        }
        counter.stop().await.expect("it ran");
    });
}

/// Is run by its caller for a while.
#[derive(Default)]
struct Visited {
    visits: Arc<AtomicU64>,
    notes: Arc<AtomicU64>,
}

#[gen_server(inline = always)]
impl Visited {
    #[call]
    fn visit(&mut self) {
        self.visits.fetch_add(1, SeqCst);
        block_in_place(|| thread::sleep(Duration::from_micros(300)));
    }

    #[cast]
    fn note(&mut self) {
        self.notes.fetch_add(1, SeqCst);
    }
}

/// The carrier comes by while a caller runs the server, and nobody comes after it.
#[test]
fn who_comes_by_is_not_forgotten() {
    scenario(async {
        let server = Visited::default();
        let (visits, notes) = (server.visits.clone(), server.notes.clone());
        let visited = server.start().await.expect("nothing hinders it");
        for n in 1..=2 * ROUNDS {
            let visitor = visited.clone();
            let visit = tokio::spawn(async move { visitor.visit().await });
            look_for("the visit", || visits.load(SeqCst) == n).await;
            visited.note().expect("it runs");
            within("its answer", visit)
                .await
                .expect("it is called")
                .expect("it runs");
            soon("the cast", || notes.load(SeqCst) == n).await;
        }
        visited.stop().await.expect("it ran");
    });
}

/// Which drops the carrier of the server while callers run it.
#[test]
fn a_server_ends_with_its_runtime() {
    scenario(async {
        let takes = Duration::from_micros(50);
        for _ in 0..ROUNDS {
            let mut runtime = Builder::new_multi_thread();
            let runtime = runtime.worker_threads(3).enable_all().build();
            let runtime = runtime.expect("threads can be had");
            let start = Counter::start().system(&System::current()).into_future();
            let counter = runtime.spawn(start).await.expect("nothing panics here");
            let counter = counter.expect("nothing hinders it");
            for _ in 0..2 {
                let counter = counter.clone();
                runtime.spawn(async move { while counter.add_and_get(takes).await.is_ok() {} });
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
            runtime.shutdown_background();
            let reason = within("its end", counter.exited()).await;
            assert_eq!(reason, ExitReason::RuntimeGone);
        }
    });
}

/// They begin until their runtime refuses them, and every second one is woken.
#[test]
fn servers_without_carriers_end_with_their_runtime() {
    scenario(async {
        let system = System::current();
        for _ in 0..ROUNDS {
            let runtime = Builder::new_multi_thread().worker_threads(1).build();
            let runtime = runtime.expect("threads can be had");
            let (handle, system) = (runtime.handle().clone(), system.clone());
            let (begun, to_wake) = sync_channel(0);
            let starter = spawn_blocking(move || {
                let _here = handle.enter();
                let starts = from_fn(|| {
                    let start = pin!(Counter::start().system(&system).into_future());
                    match start.poll(&mut Context::from_waker(Waker::noop())) {
                        Poll::Ready(started) => started.ok(),
                        Poll::Pending => panic!("its init is ready at once"),
                    }
                });
                let starts = starts.enumerate().inspect(|(n, counter)| {
                    if n % 2 == 0 {
                        let _ = begun.send(counter.clone());
                    }
                });
                starts.map(|(_, counter)| counter).collect::<Vec<_>>()
            });
            let waker = spawn_blocking(move || {
                for counter in to_wake {
                    let _ = counter.add(Duration::ZERO);
                }
            });
            tokio::time::sleep(Duration::from_millis(3)).await;
            runtime.shutdown_background();
            let counters = within("the last start", starter).await;
            within("the last cast", waker)
                .await
                .expect("nothing panics");
            for counter in counters.expect("nothing panics") {
                let reason = within("its end", counter.exited()).await;
                assert_eq!(reason, ExitReason::RuntimeGone);
            }
        }
    });
}

/// Nobody but who tells it something wakes it.
#[test]
fn who_sleeps_hears_what_it_is_told() {
    scenario(async {
        for _ in 0..ROUNDS {
            let sleeper = Counter::start().await.expect("nothing hinders it");
            let state = within("its state", sleeper.get_state(|counter| counter.sum)).await;
            assert_eq!(state.ok(), Some(0));
            sleeper.exit(ExitReason::Shutdown);
            let reason = within("its end", sleeper.exited()).await;
            assert_eq!(reason, ExitReason::Shutdown);

            let sleeper = Counter::start().await.expect("nothing hinders it");
            sleeper.kill();
            let reason = within("its end", sleeper.exited()).await;
            assert_eq!(reason, ExitReason::Killed);
        }
    });
}

/// Ends when somebody has heard that it is to.
struct Patient(Flag);

#[gen_server]
impl Patient {
    #[call]
    fn listen(&self) -> noex::Stopping {
        noex::stopping()
    }

    #[terminate]
    async fn close(&mut self) {
        while !self.0.is_up() {
            tokio::task::yield_now().await;
        }
    }
}

#[test]
fn who_listens_hears_of_the_stop() {
    scenario(async {
        for _ in 0..ROUNDS {
            let heard = Flag::default();
            let patient = Patient(heard.clone()).start().await.expect("it starts");
            let stopping = patient.listen().await.expect("it runs");
            let listens = tokio::spawn(async move {
                stopping.await;
                heard.raise();
            });
            within("its end", patient.stop()).await.expect("it ran");
            within("the listener", listens).await.expect("it heard");
        }
    });
}
