//! Whoever learns that a process is gone, in whatever way, finds all of it gone.

use super::scenario::{Flag, ROUNDS, Raises, look_for, scenario, within};
use noex::Pid;
use noex::prelude::*;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

struct Mortal {
    _state: Raises,
    terminated: Flag,
}

#[gen_server]
impl Mortal {
    #[init]
    fn new(dropped: Flag, terminated: Flag) -> Self {
        Self {
            _state: Raises(dropped),
            terminated,
        }
    }

    #[cast]
    fn end(&mut self, cx: &mut Ctx<Self>) {
        cx.stop(ExitReason::Normal);
    }

    #[terminate]
    async fn close(&mut self) {
        tokio::task::yield_now().await;
        self.terminated.raise();
    }
}

/// What is to be found of a process that is gone.
#[derive(Clone)]
struct End {
    mortal: MortalRef,
    pid: Pid,
    dropped: Flag,
    terminated: Flag,
}

impl End {
    #[track_caller]
    fn check(&self) {
        let system = System::current();
        assert!(self.terminated.is_up(), "`terminate` has run");
        assert!(self.dropped.is_up(), "the state is dropped");
        assert_eq!(system.registry().whereis("mortal"), None);
        assert!(!system.processes().contains(&self.pid), "it is not listed");
        assert!(!self.mortal.is_alive());
        assert_eq!(self.mortal.exit_reason(), Some(ExitReason::Normal));
    }
}

struct Watcher {
    end: Option<End>,
    told: UnboundedSender<()>,
}

#[gen_server]
impl Watcher {
    #[call]
    fn watch(&mut self, end: End, cx: &mut Ctx<Self>) {
        cx.monitor(&end.mortal);
        self.end = Some(end);
    }

    #[info(down)]
    fn down(&mut self, _down: Down) {
        if let Some(end) = self.end.take() {
            end.check();
        }
        let _ = self.told.send(());
    }
}

#[test]
fn all_of_it_is_gone() {
    scenario(async {
        let (told, mut downs) = unbounded_channel();
        let watcher = Watcher { end: None, told }.start().await;
        let watcher = watcher.expect("nothing hinders it");
        for round in 0..ROUNDS {
            let (dropped, terminated) = (Flag::default(), Flag::default());
            let mortal = Mortal::start(dropped.clone(), terminated.clone());
            let mortal = mortal.name("mortal").await.expect("the name is free");
            let pid = mortal.pid().expect("it runs");
            let end = End {
                mortal,
                pid,
                dropped,
                terminated,
            };
            watcher.watch(end.clone()).await.expect("it runs");
            let waits = end.clone();
            let by_waiting = tokio::spawn(async move {
                waits.mortal.exited().await;
                waits.check();
            });
            let looks = end.clone();
            let by_looking = tokio::spawn(async move {
                look_for("its end", || !looks.mortal.is_alive()).await;
                looks.check();
            });
            let asks = end.clone();
            let by_asking = tokio::spawn(async move {
                look_for("its reason", || asks.mortal.exit_reason().is_some()).await;
                asks.check();
            });
            if round % 2 == 0 {
                end.mortal.end().expect("it runs");
                within("its end", end.mortal.exited()).await;
            } else {
                let stopped = within("its end", end.mortal.stop()).await;
                stopped.expect("it ran");
            }
            end.check();
            for seen in [by_waiting, by_looking, by_asking] {
                within("who waits for the end", seen)
                    .await
                    .expect("all of it is gone");
            }
            within("DOWN", downs.recv())
                .await
                .expect("the watcher lives");
        }
        watcher.stop().await.expect("all of it was gone at DOWN");
    });
}
