//! A monitor or link fires once, and not at all when it has been taken back.

use super::scenario::{ROUNDS, look_for, scenario, within};
use noex::prelude::*;
use noex::{MonitorRef, Pid};
use std::collections::HashSet;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

struct Mortal;

#[gen_server]
impl Mortal {
    #[init]
    fn new() -> Self {
        Self
    }

    #[cast]
    fn end(&mut self, cx: &mut Ctx<Self>) {
        cx.stop(ExitReason::ShutdownWith("as told".into()));
    }
}

async fn mortal() -> MortalRef {
    Mortal::start().await.expect("nothing hinders it")
}

/// What a watcher was told, and whether it no longer should have been.
#[derive(Debug)]
enum Told {
    Down(MonitorRef),
    Exit(Option<Pid>),
    InVain(String),
}

struct Watcher {
    told: UnboundedSender<Told>,
    ended: HashSet<MonitorRef>,
    unlinked: HashSet<Pid>,
}

#[gen_server(trap_exit = true)]
impl Watcher {
    #[init]
    fn new(told: UnboundedSender<Told>) -> Self {
        Self {
            told,
            ended: HashSet::new(),
            unlinked: HashSet::new(),
        }
    }

    #[call]
    fn watch(&self, mortal: MortalRef, cx: &mut Ctx<Self>) -> MonitorRef {
        cx.monitor(&mortal)
    }

    #[call]
    fn unwatch(&mut self, monitor: MonitorRef, cx: &mut Ctx<Self>) {
        cx.demonitor_flush(monitor);
        self.ended.insert(monitor);
    }

    #[call]
    fn link(&self, mortal: MortalRef, cx: &mut Ctx<Self>) {
        cx.link(&mortal);
    }

    #[call]
    fn unlink(&mut self, mortal: MortalRef, cx: &mut Ctx<Self>) {
        cx.unlink(&mortal);
        self.unlinked.extend(mortal.pid());
    }

    #[info(down)]
    fn down(&mut self, down: Down) {
        let _ = self.told.send(match self.ended.contains(&down.monitor) {
            true => Told::InVain(format!("{down:?}")),
            false => Told::Down(down.monitor),
        });
    }

    #[info(exit)]
    fn exit(&mut self, exit: Exit) {
        let unlinked = exit.from.is_some_and(|from| self.unlinked.contains(&from));
        let _ = self.told.send(match unlinked {
            true => Told::InVain(format!("{exit:?}")),
            false => Told::Exit(exit.from),
        });
    }
}

async fn watcher() -> (WatcherRef, UnboundedReceiver<Told>) {
    let (tell, told) = unbounded_channel();
    let watcher = Watcher::start(tell).await;
    (watcher.expect("nothing hinders it"), told)
}

/// Ends the process while `meanwhile` is under way; now the one, now the other has the better start.
async fn end_while(mortal: &MortalRef, round: u64, meanwhile: impl Future<Output = ()>) {
    if round.is_multiple_of(2) {
        mortal.end().expect("it runs");
        if round.is_multiple_of(4) {
            look_for("its end", || !mortal.is_alive()).await;
        }
        return meanwhile.await;
    }
    let ends = mortal.clone();
    let ends = tokio::spawn(async move { ends.end().expect("it runs") });
    meanwhile.await;
    ends.await.expect("it is told");
}

#[test]
fn a_monitor_fires_once() {
    scenario(async {
        let (watcher, mut told) = watcher().await;
        for round in 0..4 * ROUNDS {
            let mortal = mortal().await;
            let watches = async {
                let monitor = watcher.watch(mortal.clone()).await.expect("it runs");
                match within("DOWN", told.recv()).await {
                    Some(Told::Down(down)) => assert_eq!(down, monitor),
                    other => panic!("{other:?}"),
                }
            };
            end_while(&mortal, round, watches).await;
            within("its end", mortal.exited()).await;
        }
        watcher.stop().await.expect("it ran");
        assert!(told.try_recv().is_err(), "told twice");
    });
}

#[test]
fn a_link_fires_once() {
    scenario(async {
        let (watcher, mut told) = watcher().await;
        for round in 0..2 * ROUNDS {
            let mortal = mortal().await;
            let links = async {
                watcher.link(mortal.clone()).await.expect("it runs");
                match within("the exit signal", told.recv()).await {
                    Some(Told::Exit(from)) => assert_eq!(from, mortal.pid()),
                    other => panic!("{other:?}"),
                }
            };
            end_while(&mortal, round, links).await;
        }
        watcher.stop().await.expect("it ran");
        assert!(told.try_recv().is_err(), "told twice");
    });
}

/// Waits until links and monitors have been told, and looks whether one of them was told in vain.
async fn all_are_told(watcher: &WatcherRef, last: MonitorRef, told: &mut UnboundedReceiver<Told>) {
    loop {
        match within("the last DOWN", told.recv()).await {
            Some(Told::InVain(notice)) => panic!("{notice} came in vain"),
            Some(Told::Down(monitor)) if monitor == last => return,
            Some(_) => {}
            None => panic!("{watcher:?} is gone"),
        }
    }
}

#[test]
fn no_down_follows_the_end_of_its_monitor() {
    scenario(async {
        let (watcher, mut told) = watcher().await;
        for round in 0..2 * ROUNDS {
            let mortal = mortal().await;
            let monitor = watcher.watch(mortal.clone()).await.expect("it runs");
            let last = watcher.watch(mortal.clone()).await.expect("it runs");
            let ends = async { watcher.unwatch(monitor).await.expect("it runs") };
            end_while(&mortal, round, ends).await;
            all_are_told(&watcher, last, &mut told).await;
        }
        watcher.stop().await.expect("it ran");
    });
}

#[test]
fn no_exit_signal_follows_an_unlink() {
    scenario(async {
        let (watcher, mut told) = watcher().await;
        for round in 0..2 * ROUNDS {
            let mortal = mortal().await;
            watcher.link(mortal.clone()).await.expect("it runs");
            let last = watcher.watch(mortal.clone()).await.expect("it runs");
            let unlinks = async { watcher.unlink(mortal.clone()).await.expect("it runs") };
            end_while(&mortal, round, unlinks).await;
            all_are_told(&watcher, last, &mut told).await;
        }
        watcher.stop().await.expect("it ran");
    });
}
