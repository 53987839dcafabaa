//! What a DOWN says.

use super::watched::{Watched, WatchedRef, because, end, watched};
use super::watcher::{WatcherRef, watcher};
use noex::prelude::*;
use noex::supervisor::{Spec, Supervisor};
use noex::{ChildSpec, MonitorRef, Restart};
use std::collections::HashMap;
use std::error::Error;
use std::sync::Arc;
use tokio::sync::mpsc;

type Outcome = Result<(), Box<dyn Error>>;

#[noex::test]
async fn mo_01_exit_is_one_down_with_its_reason() -> Outcome {
    let watcher = watcher().await?;
    let error = ExitReason::from_error("the disk is full");
    for reason in [ExitReason::Normal, because("r"), error] {
        let watched = watched().await?;
        let monitor = watcher.watch(watched.clone()).await?;
        end(&watched, reason.clone()).await?;
        let downs = watcher.downs().await?;
        assert_eq!(downs.len(), 1);
        assert_eq!(downs[0].monitor, monitor);
        assert_eq!(downs[0].process, watched.pid());
        assert_eq!(downs[0].reason, reason);
    }
    watcher.stop().await?;
    Ok(())
}

#[noex::test]
async fn mo_02_two_monitors_are_two_downs() -> Outcome {
    let (watcher, watched) = (watcher().await?, watched().await?);
    let first = watcher.watch(watched.clone()).await?;
    let second = watcher.watch(watched.clone()).await?;
    assert_ne!(first, second);
    end(&watched, because("r")).await?;
    let downs = watcher.downs().await?;
    let monitors: Vec<_> = downs.iter().map(|down| down.monitor).collect();
    assert_eq!(monitors, [first, second]);
    watcher.stop().await?;
    Ok(())
}

#[noex::test]
async fn mo_03_monitoring_the_dead_is_noproc_at_once() -> Outcome {
    let (watcher, watched) = (watcher().await?, watched().await?);
    end(&watched, because("r")).await?;
    let first = watcher.watch(watched.clone()).await?;
    let second = watcher.watch(watched.clone()).await?;
    assert_ne!(first, second);
    let downs = watcher.downs().await?;
    let monitors: Vec<_> = downs.iter().map(|down| down.monitor).collect();
    assert_eq!(monitors, [first, second]);
    let about = |down: &Down| (down.process, down.reason.clone());
    let expected = (watched.pid(), ExitReason::NoProc);
    assert!(downs.iter().all(|down| about(down) == expected));
    watcher.stop().await?;
    Ok(())
}

#[noex::test]
async fn mo_04_monitoring_an_unknown_name_is_noproc() -> Outcome {
    let watcher = watcher().await?;
    let monitor = watcher.watch(Watched::named("nobody")).await?;
    let downs = watcher.downs().await?;
    assert_eq!(downs.len(), 1);
    assert_eq!((downs[0].monitor, downs[0].process), (monitor, None));
    assert_eq!(downs[0].reason, ExitReason::NoProc);
    watcher.stop().await?;
    Ok(())
}

#[noex::test]
async fn mo_14_down_belongs_to_the_watched_instance() -> Outcome {
    let watcher = watcher().await?;
    let named = Watched::named("watched");
    let first = Watched.start().name("watched").await?;
    let of_first = watcher.watch(named.clone()).await?;
    first.stop().await?;
    let second = Watched.start().name("watched").await?;
    let of_second = watcher.watch(named.clone()).await?;
    let downs = watcher.downs().await?;
    assert_eq!(downs.len(), 1);
    assert_eq!(
        (downs[0].monitor, downs[0].process),
        (of_first, first.pid())
    );
    second.stop().reason(because("r")).await?;
    let downs = watcher.downs().await?;
    assert_eq!(downs.len(), 1);
    assert_eq!(
        (downs[0].monitor, downs[0].process),
        (of_second, second.pid())
    );
    watcher.stop().await?;
    Ok(())
}

/// Keeps what it wants to know at the end beside the monitor.
#[derive(Default)]
struct Tagger {
    tags: HashMap<MonitorRef, &'static str>,
    told: Vec<&'static str>,
}

#[gen_server]
impl Tagger {
    #[call]
    fn watch(&mut self, watched: WatchedRef, tag: &'static str, cx: &mut Ctx<Self>) {
        self.tags.insert(cx.monitor(&watched), tag);
    }

    #[info(down)]
    fn down(&mut self, down: Down) {
        self.told.extend(self.tags.remove(&down.monitor));
    }

    #[call]
    fn told(&self) -> Vec<&'static str> {
        self.told.clone()
    }
}

#[noex::test]
async fn mo_15_down_names_its_monitor_for_a_tag() -> Outcome {
    let (tagger, watched) = (Tagger::default().start().await?, watched().await?);
    for tag in ["as a customer", "as a friend"] {
        tagger.watch(watched.clone(), tag).await?;
    }
    tagger.watch(Watched::named("nobody"), "as nobody").await?;
    end(&watched, because("r")).await?;
    let told = tagger.told().await?;
    assert_eq!(told, ["as nobody", "as a customer", "as a friend"]);
    tagger.stop().await?;
    Ok(())
}

#[noex::test]
async fn mo_16_crashing_watcher_disturbs_nobody() -> Outcome {
    let (crashing, watcher) = (watcher().await?, watcher().await?);
    let watched = watched().await?;
    crashing.watch(watched.clone()).await?;
    watcher.watch(watched.clone()).await?;
    crashing.crash()?;
    crashing.exited().await;
    watched.ping().await?;
    end(&watched, because("r")).await?;
    assert_eq!(watcher.downs().await?.len(), 1);
    watcher.stop().await?;
    Ok(())
}

#[noex::test]
async fn mo_17_large_reason_arrives_whole() -> Outcome {
    let (watcher, watched) = (watcher().await?, watched().await?);
    watcher.watch(watched.clone()).await?;
    let large: Arc<str> = "0123456789abcdef".repeat(1 << 20).into();
    end(&watched, because(large.clone())).await?;
    let downs = watcher.downs().await?;
    let [Down { reason, .. }] = &*downs else {
        panic!("{} notices", downs.len());
    };
    // The same, not a copy.
    assert!(matches!(reason, ExitReason::ShutdownWith(why) if Arc::ptr_eq(why, &large)));
    watcher.stop().await?;
    Ok(())
}

/// Traps exits, or is ended by them, and tells either way.
struct Linked {
    reasons: mpsc::UnboundedSender<ExitReason>,
}

#[gen_server(trap_exit = true)]
impl Linked {
    #[call]
    fn link(&mut self, watched: WatchedRef, trap_exit: bool, cx: &mut Ctx<Self>) {
        cx.trap_exit(trap_exit);
        cx.link(&watched);
    }

    #[info(exit)]
    fn exited(&mut self, exit: Exit) {
        let _ = self.reasons.send(exit.reason);
    }

    #[terminate]
    fn die(&mut self, why: &ExitReason) {
        let _ = self.reasons.send(why.clone());
    }
}

#[noex::test]
async fn mo_18_every_observer_sees_one_reason() -> Outcome {
    let spec = ChildSpec::new("watched", || Watched.start())
        .name("watched")
        .restart(Restart::Temporary);
    let tree = Supervisor::start(Spec::new("tree").child(spec)).await?;
    let watched = Watched::named("watched").current().expect("it runs");
    let (reasons, mut told) = mpsc::unbounded_channel();
    for trap_exit in [true, false, true] {
        let reasons = reasons.clone();
        let linked = Linked { reasons }.start().await?;
        linked.link(watched.clone(), trap_exit).await?;
    }
    let mut watchers: Vec<WatcherRef> = Vec::new();
    for _ in 0..5 {
        let watcher = watcher().await?;
        watcher.watch(watched.clone()).await?;
        watchers.push(watcher);
    }
    // Errors are equal when they are the same one.
    let error = ExitReason::from_error("the disk is full");
    end(&watched, error.clone()).await?;
    for _ in 0..3 {
        assert_eq!(told.recv().await, Some(error.clone()));
    }
    for watcher in watchers {
        let downs = watcher.downs().await?;
        assert_eq!(downs.len(), 1);
        assert_eq!(downs[0].reason, error);
    }
    assert_eq!(watched.exit_reason(), Some(error));
    assert_eq!(tree.children().await?, []);
    System::current().stop().await;
    Ok(())
}
