//! Processes that do not yield when they are killed, and what runs beside a process. A second passes before one is abandoned.

use super::scenario::{Flag, ROUNDS, Raises, look_for, scenario, scenario_on, soon, within};
use noex::prelude::*;
use noex::supervisor::{Spec, Supervisor};
use std::future::pending;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::{Duration, Instant};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

/// How many there are.
#[derive(Clone, Default)]
struct Census(Arc<AtomicUsize>);

struct Living(Census);

impl Living {
    fn new(census: &Census) -> Self {
        census.0.fetch_add(1, SeqCst);
        Living(census.clone())
    }
}

impl Drop for Living {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, SeqCst);
    }
}

struct Slow;

#[gen_server(stuck = abandon, shutdown = brutal_kill)]
impl Slow {
    #[init]
    fn new() -> Self {
        Self
    }

    /// Keeps its thread.
    #[cast]
    fn nap(&mut self, begun: Flag, until: Instant) {
        begun.raise();
        std::thread::sleep(until.saturating_duration_since(Instant::now()));
    }

    /// Keeps its thread until it is told, and begins one task after the other meanwhile.
    #[cast]
    fn begin_tasks(&mut self, tasks: Census, enough: Flag, cx: &mut Ctx<Self>) {
        let late = Instant::now() + Duration::from_secs(8);
        while !enough.is_up() && Instant::now() < late {
            let living = Living::new(&tasks);
            cx.spawn(async move {
                let _living = living;
                pending().await
            });
            // Tokio keeps the youngest task for this thread, which does not look.
            tokio::spawn(async {});
            std::thread::sleep(Duration::from_micros(200));
        }
    }

    /// Begins a job that goes on until it is told that its process is gone.
    #[call]
    fn begin_job(&mut self, begun: Flag, cx: &mut Ctx<Self>) {
        cx.spawn_blocking(move |job| {
            begun.raise();
            while !job.is_cancelled() {
                std::thread::yield_now();
            }
        });
    }
}

struct Watcher(UnboundedSender<Down>);

#[gen_server]
impl Watcher {
    #[call]
    fn watch(&self, slow: SlowRef, cx: &mut Ctx<Self>) {
        cx.monitor(&slow);
    }

    #[info(down)]
    fn down(&mut self, down: Down) {
        let _ = self.0.send(down);
    }
}

/// Some yield just before they are abandoned, some just after.
#[test]
fn an_abandonment_meets_the_death() {
    const SOME: u64 = 24;
    scenario_on(SOME as usize + 4, async {
        let (tell, mut downs) = unbounded_channel();
        let watcher = Watcher(tell).start().await.expect("it starts");
        let meetings: Vec<_> = (0..SOME)
            .map(|n| {
                let watcher = watcher.clone();
                tokio::spawn(async move {
                    let name = format!("slow {n}");
                    let child = Slow::child_spec().id("slow").name(name.clone());
                    let tree = Supervisor::start(Spec::new("tree").child(child)).await;
                    let tree = tree.expect("it starts");
                    let slow = Slow::named(name).current().expect("it runs");
                    watcher.watch(slow.clone()).await.expect("it runs");
                    let begun = Flag::default();
                    let wakes = Duration::from_micros(998_000 + 700 * n);
                    slow.nap(begun.clone(), Instant::now() + wakes)
                        .expect("it runs");
                    soon("its nap", || begun.is_up()).await;
                    let ended = within("its end", tree.terminate_child("slow")).await;
                    ended.expect("it is a child");
                    let reason = within("its end", slow.exited()).await;
                    assert!(matches!(reason, ExitReason::Killed | ExitReason::Leaked));
                    tree.stop().await.expect("it ran");
                    slow
                })
            })
            .collect();
        let system = System::current();
        let mut all = Vec::new();
        for meeting in meetings {
            all.push(meeting.await.expect("each has one end"));
        }
        for _ in &all {
            let down = within("DOWN", downs.recv())
                .await
                .expect("the watcher lives");
            let ended = all.iter().find(|slow| slow.pid() == down.process);
            let reason = ended.and_then(|slow| slow.exit_reason());
            assert_eq!(Some(down.reason), reason);
        }
        soon("all yield", || system.leaked().is_empty()).await;
        assert_eq!(system.registry().names(), []);
        watcher.stop().await.expect("it ran");
        assert!(downs.try_recv().is_err(), "told twice");
    });
}

#[test]
fn nothing_that_an_abandoned_process_begins_goes_on() {
    scenario_on(12, async {
        let meetings: Vec<_> = (0..6)
            .map(|n| {
                tokio::spawn(async move {
                    let name = format!("slow {n}");
                    let child = Slow::child_spec().id("slow").name(name.clone());
                    let tree = Supervisor::start(Spec::new("tree").child(child)).await;
                    let tree = tree.expect("it starts");
                    let slow = Slow::named(name).current().expect("it runs");
                    let (tasks, enough) = (Census::default(), Flag::default());
                    let handler = Raises(enough.clone());
                    slow.begin_tasks(tasks.clone(), enough).expect("it runs");
                    soon("its tasks", || tasks.0.load(SeqCst) > 0).await;
                    let ended = within("its end", tree.terminate_child("slow")).await;
                    ended.expect("it is a child");
                    assert_eq!(slow.exit_reason(), Some(ExitReason::Leaked));
                    soon("its tasks to end", || tasks.0.load(SeqCst) == 0).await;
                    drop(handler);
                    tree.stop().await.expect("it ran");
                })
            })
            .collect();
        for meeting in meetings {
            meeting.await.expect("nothing goes on");
        }
        let system = System::current();
        soon("all yield", || system.leaked().is_empty()).await;
    });
}

#[test]
fn a_job_is_an_orphan_once() {
    scenario(async {
        let system = System::current();
        for _ in 0..ROUNDS {
            let slow = Slow::start().await.expect("nothing hinders it");
            let begun = Flag::default();
            slow.begin_job(begun.clone()).await.expect("it runs");
            look_for("the job", || begun.is_up()).await;
            let stop = tokio::spawn(async move { slow.stop().await });
            while !stop.is_finished() {
                let orphans = system.orphaned_jobs();
                assert!(orphans <= 1, "{orphans} of one job");
                tokio::task::yield_now().await;
            }
            within("its end", stop)
                .await
                .expect("it ends")
                .expect("it ran");
            soon("the job to end", || system.orphaned_jobs() == 0).await;
        }
    });
}
