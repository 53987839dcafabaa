//! How processes begin, and who learns of it.

use super::scenario::{Flag, ROUNDS, Raises, look_for, poll_once, scenario, soon, within};
use noex::prelude::*;
use noex::supervisor::{Spec, Supervisor};
use noex::{Application, Restart};
use std::future::pending;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::task::{spawn_blocking, yield_now};

/// Begins after some pauses.
struct Slow;

#[gen_server(inline = always)]
impl Slow {
    #[init]
    async fn new(pauses: u64, begun: Flag) -> Self {
        for _ in 0..pauses {
            yield_now().await;
        }
        begun.raise();
        Self
    }

    #[call]
    fn ping(&self) {}

    #[cast]
    fn end(&mut self, cx: &mut Ctx<Self>) {
        cx.stop(ExitReason::Normal);
    }
}

/// The starter waits on a thread of its own, so that the new process runs at once on another.
#[test]
fn a_start_is_over_when_init_is() {
    scenario(async {
        let starter = spawn_blocking(|| {
            for round in 0..2 * ROUNDS {
                Handle::current().block_on(async {
                    let start = Slow::start(1 + round % 4, Flag::default()).into_future();
                    let slow = within("the start", start)
                        .await
                        .expect("nothing hinders it");
                    assert!(slow.is_alive());
                    within("its end", slow.stop()).await.expect("it ran");
                });
            }
        });
        starter.await.expect("each start is over");
    });
}

#[test]
fn a_server_that_is_found_too_early_begins_all_the_same() {
    scenario(async {
        for _ in 0..4 * ROUNDS {
            let up = Flag::default();
            let callers = [(); 3].map(|()| {
                let up = up.clone();
                tokio::spawn(async move {
                    let slow = Slow::named("slow");
                    // Withdrawn at once, so that the next one follows.
                    while !up.is_up() {
                        drop(poll_once(slow.ping()).await);
                        yield_now().await;
                    }
                })
            });
            let start = Slow::start(0, Flag::default()).name("slow").into_future();
            let slow = within("the start", start).await.expect("the name is free");
            within("an answer", slow.ping()).await.expect("it runs");
            up.raise();
            for caller in callers {
                caller.await.expect("nothing panics here");
            }
            within("its end", slow.stop()).await.expect("it ran");
        }
    });
}

#[test]
fn a_kill_reaches_who_has_just_begun() {
    scenario(async {
        for round in 0..ROUNDS {
            let begun = Flag::default();
            let start = Slow::start(0, begun.clone()).name("slow");
            let starts = tokio::spawn(async move { start.await });
            look_for("its init", || begun.is_up()).await;
            let slow = Slow::named("slow").current().expect("it is found");
            // Its init is over, or about to be.
            std::thread::sleep(Duration::from_micros(50 * (round % 4)));
            slow.kill();
            within("its end", slow.exited()).await;
            let _killed = within("the start", starts).await.expect("it returns");
        }
    });
}

/// Ends as soon as it has begun.
struct Mayfly;

#[gen_server]
impl Mayfly {
    #[init]
    fn new(cx: &mut Ctx<Self>) -> Self {
        cx.myself().exit(ExitReason::Shutdown);
        Self
    }
}

/// Begins never.
struct Unborn;

#[gen_server]
impl Unborn {
    #[init]
    async fn new(begins: Flag) -> Self {
        begins.raise();
        pending().await
    }
}

#[test]
fn a_supervisor_learns_of_a_short_life() {
    scenario(async {
        let tree = Supervisor::start(Spec::new("tree"))
            .await
            .expect("it starts");
        for _ in 0..ROUNDS {
            let mayfly = Mayfly::child_spec().restart(Restart::Temporary);
            let start = tree.start_child(mayfly);
            within("the start", start).await.expect("it starts");
            let forgotten = async {
                while !tree.children().await.expect("it runs").is_empty() {
                    yield_now().await;
                }
            };
            within("its end", forgotten).await;
        }
        tree.stop().await.expect("it ran");
    });
}

#[test]
fn an_init_that_waits_is_given_up() {
    scenario(async {
        let tree = Supervisor::start(Spec::new("tree"))
            .await
            .expect("it starts");
        for _ in 0..ROUNDS {
            let begins = Flag::default();
            let unborn = Unborn::child_spec(begins.clone()).id("unborn");
            let unborn = unborn.restart(Restart::Temporary);
            let starter = tree.clone();
            let starts = tokio::spawn(async move { starter.start_child(unborn).await });
            look_for("its init", || begins.is_up()).await;
            let given_up = within("its end", tree.terminate_child("unborn")).await;
            given_up.expect("it is a child");
            let started = within("the start", starts).await.expect("it returns");
            assert!(started.is_err());
        }
        tree.stop().await.expect("it ran");
    });
}

/// Starts others as long as it may.
struct Restless;

#[gen_server]
impl Restless {
    #[init]
    fn new(over: Flag, cx: &mut Ctx<Self>) -> Self {
        let over = Raises(over);
        cx.spawn(async move {
            let _over = over;
            while Mayhem::start().await.is_ok() {
                yield_now().await;
            }
        });
        Self
    }
}

struct Mayhem;

#[gen_server]
impl Mayhem {
    #[init]
    fn new() -> Self {
        Self
    }
}

#[test]
fn nothing_begins_in_an_application_that_is_over() {
    scenario(async {
        let system = System::current();
        let apps = system.applications();
        for round in 0..ROUNDS {
            let over = Flag::default();
            let app = format!("app {round}");
            let root = over.clone();
            let application = Application::new(app.clone(), move || Restless::start(root.clone()));
            let application = application.restart(Restart::Temporary);
            apps.load(application).expect("its name is free");
            apps.start(app.clone()).await.expect("it starts");
            let report = within("its end", apps.stop(app)).await;
            let report = report.expect("it ran");
            assert!(report.is_clean(), "{report:?}");
            soon("its task to end", || over.is_up()).await;
            assert_eq!(system.processes(), []);
        }
    });
}
