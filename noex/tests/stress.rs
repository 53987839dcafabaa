//! Many deaths at once on two workers. No call here has a deadline: one that is left hanging hangs the test, whose guard then says so.

use noex::prelude::*;
use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering::SeqCst};
use std::time::Duration;
use tokio::sync::{Barrier, Semaphore, mpsc};

const DEATHS: usize = 20_000;
const RACES: usize = 20_000;
/// Deaths going on at any time.
const AT_ONCE: usize = 32;

fn two_workers<T>(test: impl Future<Output = T>) -> T {
    let inner = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let planned = info.payload().downcast_ref() == Some(&"planned");
        if !planned {
            inner(info);
        }
    }));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let _bound = System::new().bind(runtime.handle());
    runtime.block_on(async {
        let limit = Duration::from_secs(240);
        let done = tokio::time::timeout(limit, test).await;
        done.expect("somebody was left hanging")
    })
}

/// How a process is ended.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Stop,
    Panic,
    Kill,
}

impl End {
    fn of(n: usize) -> End {
        [End::Stop, End::Panic, End::Kill][n % 3]
    }

    fn is_reason(self, reason: &ExitReason) -> bool {
        match self {
            End::Stop => *reason == ExitReason::Normal,
            End::Panic => reason.to_string().starts_with("panic: planned"),
            End::Kill => *reason == ExitReason::Killed,
        }
    }
}

/// Counted in its making and in its end.
struct Counted(Arc<AtomicUsize>);

impl Counted {
    fn new(states: &Arc<AtomicUsize>) -> Self {
        states.fetch_add(1, SeqCst);
        Counted(states.clone())
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.fetch_sub(1, SeqCst);
    }
}

// ---- the order of death --------------------------------------------------------------------------

/// Answers, counts and dies with a last word.
struct Dying {
    watcher: WatcherRef,
    number: usize,
    counts: u64,
    kept: Vec<Reply<u64>>,
    _counted: Counted,
}

#[gen_server(mailbox = 16, call_timeout = Duration::MAX)]
impl Dying {
    #[init]
    fn new(watcher: WatcherRef, number: usize, states: Arc<AtomicUsize>) -> Self {
        Dying {
            watcher,
            number,
            counts: 0,
            kept: Vec::new(),
            _counted: Counted::new(&states),
        }
    }

    #[cast]
    fn count(&mut self) {
        self.counts += 1;
    }

    #[call]
    async fn get(&mut self) -> u64 {
        tokio::task::yield_now().await;
        self.counts
    }

    #[call(deferred)]
    fn keep(&mut self, reply: Reply<u64>) {
        self.kept.push(reply);
    }

    #[cast]
    async fn end(&mut self, end: End, cx: &mut Ctx<Self>) {
        self.watcher.last_word(self.number).unwrap();
        match end {
            End::Stop => cx.stop(ExitReason::Normal),
            End::Panic => std::panic::panic_any("planned"),
            End::Kill => std::future::pending().await,
        }
    }
}

/// What the watcher expects of a process it watches.
struct Watched {
    process: DyingRef,
    name: String,
    states: Arc<AtomicUsize>,
    heard: usize,
    end: End,
}

struct Watcher {
    watched: HashMap<usize, Watched>,
    monitors: HashMap<noex::MonitorRef, usize>,
    verdicts: mpsc::UnboundedSender<Result<(), String>>,
}

#[gen_server(mailbox = unbounded)]
impl Watcher {
    #[init]
    fn new(verdicts: mpsc::UnboundedSender<Result<(), String>>) -> Self {
        Watcher {
            watched: HashMap::new(),
            monitors: HashMap::new(),
            verdicts,
        }
    }

    #[call]
    fn watch(
        &mut self,
        process: DyingRef,
        number: usize,
        name: String,
        states: Arc<AtomicUsize>,
        end: End,
        cx: &mut Ctx<Self>,
    ) {
        self.monitors.insert(cx.monitor(&process), number);
        let watched = Watched {
            process,
            name,
            states,
            heard: 0,
            end,
        };
        self.watched.insert(number, watched);
    }

    #[cast]
    fn last_word(&mut self, number: usize) {
        let watched = self.watched.get_mut(&number).expect("watched");
        watched.heard += 1;
        // A server that hangs after its last word is killed by whoever heard it.
        if watched.end == End::Kill {
            watched.process.kill();
        }
    }

    #[info(down)]
    fn gone(&mut self, down: Down) {
        let number = self.monitors.remove(&down.monitor).expect("one DOWN");
        let watched = self.watched.remove(&number).expect("watched");
        let registry = System::current();
        let checks = [
            ("the last word comes first", watched.heard == 1),
            ("the reason is right", watched.end.is_reason(&down.reason)),
            ("it is not alive", !watched.process.is_alive()),
            ("its state is dropped", watched.states.load(SeqCst) == 0),
            (
                "its name is free",
                registry.registry().whereis(&watched.name).is_none(),
            ),
            (
                "its end is known",
                watched.process.exit_reason() == Some(down.reason.clone()),
            ),
        ];
        let wrong = checks.iter().find(|(_, holds)| !holds);
        let verdict = wrong.map_or(Ok(()), |(what, _)| {
            Err(format!("{:?}: not so: {what}", watched.end))
        });
        self.verdicts.send(verdict).unwrap();
    }
}

/// What became of the calls of one process.
#[derive(Default)]
struct Outcomes {
    asked: AtomicU64,
    answered: AtomicU64,
    exited: AtomicU64,
    refused: AtomicU64,
}

impl Outcomes {
    fn note(&self, outcome: Result<u64, CallError>, end: End) {
        let kind = match outcome {
            Ok(_) => &self.answered,
            Err(CallError::Exited(reason)) => {
                assert!(end.is_reason(&reason), "{end:?}: {reason:?}");
                &self.exited
            }
            Err(CallError::NotRunning) => &self.refused,
            Err(other) => panic!("{end:?}: {other:?}"),
        };
        kind.fetch_add(1, SeqCst);
    }
}

async fn one_death(number: usize, watcher: WatcherRef, outcomes: Arc<Outcomes>) {
    let end = End::of(number);
    let states = Arc::new(AtomicUsize::new(0));
    let name = format!("dying {number}");
    let started = Dying::start(watcher.clone(), number, states.clone()).name(name.clone());
    let process = started.await.unwrap();
    watcher
        .watch(process.clone(), number, name, states, end)
        .await
        .unwrap();
    let mut callers = Vec::new();
    for deferred in [false, true] {
        let (process, outcomes) = (process.clone(), outcomes.clone());
        callers.push(tokio::spawn(async move {
            for _ in 0..3 {
                outcomes.asked.fetch_add(1, SeqCst);
                let outcome = match deferred {
                    true => process.keep().await,
                    false => process.get().await,
                };
                outcomes.note(outcome, end);
            }
        }));
    }
    let caster = tokio::spawn({
        let process = process.clone();
        async move { (0..4).filter(|_| process.count().is_ok()).count() }
    });
    tokio::task::yield_now().await;
    // Room may be wanting for a moment, but not for ever.
    process.reserve().await.unwrap().end(end).unwrap();
    assert!(end.is_reason(&process.exited().await));
    for caller in callers {
        caller.await.unwrap();
    }
    caster.await.unwrap();
}

#[test]
fn deaths_in_order() {
    two_workers(async {
        let (verdicts, mut results) = mpsc::unbounded_channel();
        let watcher = Watcher::start(verdicts).await.unwrap();
        let outcomes = Arc::new(Outcomes::default());
        let turns = Arc::new(Semaphore::new(AT_ONCE));
        let mut deaths = tokio::task::JoinSet::new();
        for number in 0..DEATHS {
            let turn = turns.clone().acquire_owned().await.unwrap();
            let (watcher, outcomes) = (watcher.clone(), outcomes.clone());
            deaths.spawn(async move {
                one_death(number, watcher, outcomes).await;
                drop(turn);
            });
        }
        while let Some(death) = deaths.join_next().await {
            death.unwrap();
        }
        let mut wrong = Vec::new();
        for _ in 0..DEATHS {
            wrong.extend(results.recv().await.unwrap().err());
        }
        assert!(wrong.is_empty(), "{} wrong: {}", wrong.len(), wrong[0]);
        let count = |c: &AtomicU64| c.load(SeqCst);
        let of = &*outcomes;
        let (answered, exited) = (count(&of.answered), count(&of.exited));
        println!(
            "{answered} calls answered, {exited} exited, {} refused",
            count(&of.refused)
        );
        assert_eq!(answered + exited + count(&of.refused), count(&of.asked));
        assert!(answered > 0 && exited >= DEATHS as u64 / 2);
    });
}

// ---- a call that meets the end -------------------------------------------------------------------

struct Target(Counted);

#[gen_server(call_timeout = Duration::MAX)]
impl Target {
    #[init]
    fn new(states: Arc<AtomicUsize>) -> Self {
        Target(Counted::new(&states))
    }

    #[call]
    fn get(&self) -> u64 {
        self.0.0.load(SeqCst).min(1) as u64
    }

    #[cast]
    fn crash(&mut self) {
        std::panic::panic_any("planned");
    }
}

/// A call and an end set off at once: the call is answered or told, and nothing is left behind.
#[test]
fn calls_that_meet_the_end() {
    two_workers(async {
        let states = Arc::new(AtomicUsize::new(0));
        let mut told = [0; 3];
        for race in 0..RACES {
            let end = End::of(race);
            let target = Target::start(states.clone()).await.unwrap();
            let start = Arc::new(Barrier::new(2));
            let caller = tokio::spawn({
                let (target, start) = (target.clone(), start.clone());
                async move {
                    start.wait().await;
                    target.get().await
                }
            });
            start.wait().await;
            match end {
                End::Stop => assert_eq!(target.stop().await, Ok(())),
                End::Panic => target.crash().unwrap(),
                End::Kill => target.kill(),
            }
            match caller.await.unwrap() {
                Ok(1) => told[0] += 1,
                Err(CallError::Exited(reason)) if end.is_reason(&reason) => told[1] += 1,
                Err(CallError::NotRunning) => told[2] += 1,
                other => panic!("{end:?}: {other:?}"),
            }
            assert!(end.is_reason(&target.exited().await));
        }
        let [answered, exited, refused] = told;
        println!("{answered} calls answered, {exited} exited, {refused} refused");
        assert_eq!(answered + exited + refused, RACES);
        assert_eq!(states.load(SeqCst), 0);
        assert!(System::current().processes().is_empty());
    });
}
