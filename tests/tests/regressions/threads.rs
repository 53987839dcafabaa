//! Defects that users of other libraries told of.

use crate::parts::{
    Begin, End, Log, Tested, Worker, WorkerRef, ids, ms, patient, start, state, status, tree_of,
};
use noex::prelude::*;
use noex::supervisor::{ChildError, ChildState, Spec, Strategy, Supervisor, TreeHandle};
use noex::{ExitReason, Restart};
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};

/// Names stayed taken after a start that failed later, and were taken from their next owner.
#[noex::test(workers = 2)]
async fn r12_names_are_free_when_a_start_has_failed() -> Tested {
    let (log, system) = (Log::default(), System::new());
    let [a, b] = log.parts(["a", "b"]);
    for round in 0..2_000 {
        b.next([Begin::Fail]);
        let spec = Spec::new("tree")
            .child(a.spec().name("a"))
            .child(b.spec().name("b"));
        let failed = Supervisor::start(spec).name("tree").system(&system).await;
        assert!(failed.is_err());
        assert_eq!(system.registry().names(), [], "round {round}");
        let next = Worker::start(a.clone()).name("a").system(&system).await?;
        // The late word of the former owner does not concern it.
        assert_eq!(system.registry().whereis("a"), next.pid());
        next.stop().await?;
        log.take();
    }
    Ok(())
}

/// Nobody was told that a start had failed.
#[tokio::test]
async fn r13_failed_starts_reach_the_supervisor() -> Tested {
    let log = Log::default();
    let [a, b] = log.parts(["a", "b"]);
    let inner = Spec::new("inner")
        .intensity(0, ms(1))
        .child(a.spec())
        .child(b.spec());
    let (tree, system) = start(Spec::new("tree").child(Supervisor::child_spec(inner))).await?;
    // The subtree gives up, and cannot be started again: each attempt is charged to the root.
    b.always(Begin::Fail);
    a.now().crash()?;
    assert_eq!(tree.exited().await, ExitReason::Shutdown);
    assert_eq!((a.begun(), b.begun()), (4, 4));
    assert_eq!(system.processes(), []);
    Ok(())
}

struct Asker {
    tree: Arc<OnceLock<TreeHandle>>,
    log: Log,
}

#[gen_server]
impl Asker {
    #[init]
    fn new(tree: Arc<OnceLock<TreeHandle>>, log: Log) -> Self {
        Self { tree, log }
    }

    #[terminate]
    async fn bye(&mut self) {
        let tree = self.tree.get().expect("it is set");
        let children = tree.children().await.map(|all| all[0].state);
        self.log.note(format!("{children:?}"));
        let refused = tree.terminate_child("a").await;
        self.log.note(format!("{refused:?}"));
    }
}

/// A child that asked its parent while that was ending hung.
#[tokio::test(start_paused = true)]
async fn r17_an_ending_parent_answers_its_children() -> Tested {
    let (log, handle) = (Log::default(), Arc::new(OnceLock::new()));
    let spec = Asker::child_spec(handle.clone(), log.clone()).id("a");
    let (tree, _) = start(patient().child(spec)).await?;
    assert!(handle.set(tree.clone()).is_ok());
    let begun = Instant::now();
    tree.stop().await?;
    assert_eq!(begun.elapsed(), Duration::ZERO);
    assert_eq!(log.take(), ["Ok(Stopping)", "Err(Failed(ShuttingDown))"]);
    Ok(())
}

/// The death of a child was lost when the parent's mailbox was full while that was ending.
#[tokio::test]
async fn r18_deaths_get_through_a_crowd() -> Tested {
    let log = Log::default();
    let [a, b] = log.parts(["a", "b"]);
    let tree = tree_of(patient(), [&a, &b]).await?;
    let mut asking = tokio::task::JoinSet::new();
    for _ in 0..10_000 {
        let tree = tree.clone();
        asking.spawn(async move { tree.children().await.map(|all| all.len()) });
    }
    b.now().kill();
    let stopped = timeout(Duration::from_secs(60), tree.stop()).await?;
    assert!(stopped?.is_clean());
    for answer in asking.join_all().await {
        assert!(
            matches!(
                answer,
                Ok(2) | Err(CallError::Exited(_) | CallError::NotRunning)
            ),
            "{answer:?}"
        );
    }
    assert!(!a.is_alive() && !b.is_alive());
    Ok(())
}

/// Something hidden kept what was over.
#[tokio::test]
async fn r24_nothing_is_kept_of_a_tree_that_is_over() -> Tested {
    #[derive(Debug)]
    struct Last;
    impl std::fmt::Display for Last {
        fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            Ok(())
        }
    }
    impl std::error::Error for Last {}

    let last: Arc<dyn std::error::Error + Send + Sync> = Arc::new(Last);
    let seen = Arc::downgrade(&last);
    let log = Log::default();
    let a = log.part("a");
    a.ends(End::With(ExitReason::Error(last)));
    let inner = Spec::new("inner").child(a.spec());
    let (tree, system) = start(patient().child(Supervisor::child_spec(inner))).await?;
    tree.stop().await?;
    drop((tree, system));
    a.ends(End::Well);
    a.forget();
    assert!(
        seen.upgrade().is_none(),
        "the reason of the end, hence the process, is kept"
    );
    Ok(())
}

#[derive(Clone)]
struct Bell;

struct Clock(Log);

#[gen_server]
impl Clock {
    #[init]
    fn new(log: Log, cx: &mut Ctx<Self>) -> Self {
        log.note("wound");
        cx.send_after(ms(100), Bell);
        Self(log)
    }

    #[info]
    fn ring(&mut self, _bell: Bell) {
        self.0.note("rings");
    }

    #[cast]
    fn crash(&mut self) {
        panic!("as asked");
    }
}

/// Timers fired into the next incarnation.
#[tokio::test(start_paused = true)]
async fn r25_timers_do_not_reach_the_successor() -> Tested {
    let log = Log::default();
    let (tree, system) =
        start(patient().child(Clock::child_spec(log.clone()).name("clock"))).await?;
    let clock = ClockRef::from(Process::<Clock>::named_in(&system, "clock"));
    sleep(ms(60)).await;
    clock.crash()?;
    sleep(ms(60)).await;
    assert_eq!(log.take(), ["wound", "wound"]);
    sleep(ms(60)).await;
    assert_eq!(log.take(), ["rings"]);
    tree.stop().await?;
    Ok(())
}

/// A death, a stop or a command in the middle of a group restart confused it.
#[tokio::test(start_paused = true)]
async fn r26_group_restarts_bear_company() -> Tested {
    let log = Log::default();
    let parts = log.parts(["a", "b", "c"]);
    let [a, b, c] = &parts;
    c.ends(End::After(ms(50)));
    let group = || {
        Spec::new("tree")
            .intensity(1, ms(60_000))
            .strategy(Strategy::OneForAll)
    };
    // A sibling dies while another one is being stopped.
    let tree = tree_of(group(), &parts).await?;
    a.now().kill();
    sleep(ms(10)).await;
    b.now().crash()?;
    c.life(2).await;
    assert_eq!((a.begun(), b.begun(), c.begun()), (2, 2, 2));
    tree.stop().await?;
    // One is terminated by hand meanwhile.
    let tree = tree_of(group(), &parts).await?;
    a.now().kill();
    sleep(ms(10)).await;
    tree.terminate_child("b").await?;
    c.life(4).await;
    assert_eq!((a.lives(), b.lives(), c.lives()), (4, 3, 4));
    assert_eq!(state(&tree, "b").await, Some(ChildState::Stopped));
    tree.stop().await?;
    // The supervisor is stopped meanwhile.
    let tree = tree_of(group(), &parts).await?;
    a.now().kill();
    sleep(ms(10)).await;
    tree.stop().await?;
    let gone = log.take();
    assert_eq!(
        gone,
        [
            "a gone",
            "c stops (shutdown)",
            "c gone",
            "b stops (shutdown)",
            "b gone"
        ]
    );
    assert_eq!((a.lives(), b.lives(), c.lives()), (5, 4, 5));
    Ok(())
}

/// A death of the last incarnation was charged to the next.
#[noex::test(workers = 2)]
async fn r27_each_death_is_charged_once() -> Tested {
    let log = Log::default();
    let a = log.part("a");
    let deaths = 2_000;
    let spec = Spec::new("tree").intensity(deaths, Duration::from_secs(3_600));
    let tree = tree_of(spec, [&a]).await?;
    for round in 0..deaths as usize {
        let old = a.now();
        let again = old.clone();
        let racing = tokio::spawn(async move { again.kill() });
        old.kill();
        racing.await?;
        a.life(round + 2).await;
        log.take();
    }
    assert_eq!(
        status(&tree, "a").await.map(|c| c.restarts),
        Some(u64::from(deaths))
    );
    a.now().kill();
    assert_eq!(tree.exited().await, ExitReason::Shutdown);
    Ok(())
}

/// What was queued when the budget was used up was lost without a word.
#[tokio::test(start_paused = true)]
async fn r28_giving_up_answers_those_who_wait() -> Tested {
    let log = Log::default();
    let [a, b] = log.parts(["a", "b"]);
    let tree = tree_of(Spec::new("tree").intensity(0, ms(5_000)), [&a, &b]).await?;
    b.now().rest(ms(50))?;
    a.now().crash()?;
    let dying: WorkerRef = a.now();
    let (lost, served) = (dying.ping().send(), b.now().ping().send());
    assert!(matches!(
        lost?.await,
        Err(CallError::Exited(ExitReason::Panic { .. }))
    ));
    // `b` is stopped in order, behind what it has accepted.
    assert_eq!(served?.await, Ok(()));
    assert_eq!(tree.exited().await, ExitReason::Shutdown);
    let late = tree.restart_child("a").await;
    assert!(matches!(late, Err(CallError::NotRunning)), "{late:?}");
    Ok(())
}

/// Temporary children stayed in the table, restarted ones were listed under their old identity.
#[tokio::test]
async fn r33_the_list_of_children_is_up_to_date() -> Tested {
    let log = Log::default();
    let [a, b] = log.parts(["a", "b"]);
    let spec = patient()
        .child(a.spec())
        .child(b.spec().restart(Restart::Temporary));
    let (tree, _) = start(spec).await?;
    b.now().end_with(&ExitReason::Normal).await;
    assert_eq!(ids(&tree).await, ["a"]);
    let old = a.pid();
    a.now().crash()?;
    a.life(2).await;
    assert_ne!(a.pid(), old);
    assert_eq!(status(&tree, "a").await.and_then(|c| c.pid), Some(a.pid()));
    let refused = tree.restart_child("b").await;
    assert!(matches!(
        refused,
        Err(CallError::Failed(ChildError::NotFound))
    ));
    tree.stop().await?;
    Ok(())
}
