//! Children that come and go.

use super::events::Events;
use super::parts::{Begin, End, Log, Part, Tested, Worker, WorkerRef, ms, reasons, within};
use noex::prelude::*;
use noex::supervisor::{
    ChildError, ChildState, DynamicHandle, DynamicSpec, DynamicSupervisor, Spec, Supervisor,
};
use noex::{Pid, Restart, Shutdown};
use std::time::Duration;
use tokio::time::Instant;
use tracing::Level;

/// A dynamic supervisor that bears any number of failures, in a system of its own.
async fn patient(max_children: usize) -> Result<DynamicHandle, StartError> {
    let spec = DynamicSpec::new("dynamic").max_children(max_children);
    let start = DynamicSupervisor::start(spec.intensity(1_000_000, Duration::from_secs(1)));
    start.system(&System::new()).await
}

async fn pids(supervisor: &DynamicHandle) -> Vec<Option<Pid>> {
    let children = supervisor.children().await.expect("it runs");
    children.into_iter().map(|child| child.pid).collect()
}

#[tokio::test]
async fn dy_01_ids_may_repeat() -> Tested {
    let supervisor = patient(10).await?;
    let part = Log::default().part("same");
    let first = supervisor.start_child(part.spec()).await?;
    let second = supervisor.start_child(part.spec()).await?;
    assert_ne!(first, second);
    assert_eq!(pids(&supervisor).await, [Some(first), Some(second)]);
    supervisor.terminate_child(first).await?;
    assert_eq!(pids(&supervisor).await, [Some(second)]);
    supervisor.stop().await?;
    Ok(())
}

#[tokio::test]
async fn dy_02_max_children_is_held() -> Tested {
    let supervisor = patient(2).await?;
    let [a, b, c] = Log::default().parts(["a", "b", "c"]);
    let first = supervisor.start_child(a.spec()).await?;
    supervisor.start_child(b.spec()).await?;
    let refused = supervisor.start_child(c.spec()).await;
    assert!(
        matches!(refused, Err(CallError::Failed(ChildError::MaxChildren))),
        "{refused:?}"
    );
    assert_eq!(
        (c.begun(), supervisor.count_children().await?.specs),
        (0, 2)
    );
    supervisor.terminate_child(first).await?;
    supervisor.start_child(c.spec()).await?;
    // Of many who ask at once no more get in than there is room.
    let supervisor = patient(5).await?;
    let asking = (0..50).map(|_| {
        let (supervisor, spec) = (supervisor.clone(), c.spec());
        tokio::spawn(async move { supervisor.start_child(spec).await.is_ok() })
    });
    let mut started = 0;
    for asked in asking.collect::<Vec<_>>() {
        started += usize::from(asked.await?);
    }
    assert_eq!((started, supervisor.count_children().await?.active), (5, 5));
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn dy_03_restarting_child_counts_towards_max() -> Tested {
    let supervisor = patient(1).await?;
    let [a, b] = Log::default().parts(["a", "b"]);
    supervisor.start_child(a.spec()).await?;
    a.always(Begin::Hang);
    a.now().kill();
    a.beginning(2).await;
    let [child] = &supervisor.children().await?[..] else {
        panic!("one child");
    };
    assert_eq!((child.state, child.pid), (ChildState::Restarting, None));
    let refused = supervisor.start_child(b.spec()).await;
    assert!(matches!(
        refused,
        Err(CallError::Failed(ChildError::MaxChildren))
    ));
    assert_eq!(b.begun(), 0);
    let count = supervisor.count_children().await?;
    assert_eq!((count.specs, count.active, count.workers), (1, 0, 1));
    supervisor.stop().await?;
    Ok(())
}

#[tokio::test]
async fn dy_04_exits_follow_the_restart_type() -> Tested {
    for (reason, clean) in reasons() {
        for restart in [Restart::Permanent, Restart::Transient, Restart::Temporary] {
            let restarted = match restart {
                Restart::Permanent => true,
                Restart::Transient => !clean,
                Restart::Temporary => false,
            };
            let supervisor = patient(10).await?;
            let part = Log::default().part("child");
            let spec = part.spec().restart(restart);
            let first = supervisor.start_child(spec).await?;
            part.now().end_with(&reason).await;
            let expected = match restarted {
                true => vec![part.life(2).await.pid()],
                false => vec![],
            };
            assert_eq!(pids(&supervisor).await, expected, "{restart:?}, {reason}");
            assert!(!expected.contains(&Some(first)));
            // It is known by its new pid alone.
            let gone = supervisor.terminate_child(first).await;
            assert!(matches!(gone, Err(CallError::Failed(ChildError::NotFound))));
            supervisor.stop().await?;
        }
    }
    Ok(())
}

#[tokio::test]
async fn dy_05_retried_restart_replaces_the_entry() -> Tested {
    let supervisor = patient(10).await?;
    let part = Log::default().part("child");
    supervisor.start_child(part.spec()).await?;
    part.next([Begin::Fail]);
    part.now().kill();
    let second = part.life(2).await.pid();
    assert_eq!(part.begun(), 3);
    assert_eq!(pids(&supervisor).await, [second]);
    let count = supervisor.count_children().await?;
    assert_eq!((count.specs, count.active), (1, 1));
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn dy_06_terminating_a_restarting_child_ends_the_loop() -> Tested {
    let supervisor = patient(10).await?;
    let part = Log::default().part("child");
    let pid = supervisor.start_child(part.spec()).await?;
    part.always(Begin::After(ms(10)));
    part.now().kill();
    part.beginning(2).await;
    part.always(Begin::Fail);
    supervisor.terminate_child(pid).await?;
    assert_eq!(pids(&supervisor).await, []);
    let again = supervisor.terminate_child(pid).await;
    assert!(matches!(
        again,
        Err(CallError::Failed(ChildError::NotFound))
    ));
    let begun = part.begun();
    tokio::time::sleep(Duration::from_secs(60)).await;
    assert_eq!(part.begun(), begun, "the loop goes on");
    // The same while it fails again and again, without end.
    part.always(Begin::Well);
    let pid = supervisor.start_child(part.spec()).await?;
    part.always(Begin::Fail);
    part.now().kill();
    part.beginning(begun + 100).await;
    supervisor.terminate_child(pid).await?;
    assert_eq!(pids(&supervisor).await, []);
    Ok(())
}

#[tokio::test]
async fn dy_07_stranger_is_not_terminated() -> Tested {
    let supervisor = patient(10).await?;
    let [child, stranger] = Log::default().parts(["child", "stranger"]);
    supervisor.start_child(child.spec()).await?;
    let stranger = Worker::start(stranger).await?;
    let refused = supervisor
        .terminate_child(stranger.pid().expect("it runs"))
        .await;
    assert!(matches!(
        refused,
        Err(CallError::Failed(ChildError::NotFound))
    ));
    stranger.ping().await?;
    assert_eq!(supervisor.count_children().await?.active, 1);
    stranger.stop().await?;
    Ok(())
}

#[tokio::test]
async fn dy_10_ignored_child_leaves_no_entry() -> Tested {
    let supervisor = patient(10).await?;
    let part = Log::default().part("child");
    part.next([Begin::Ignore]);
    let ignored = supervisor.start_child(part.spec()).await;
    assert!(
        matches!(
            ignored,
            Err(CallError::Failed(ChildError::Failed(StartError::Ignored)))
        ),
        "{ignored:?}"
    );
    assert_eq!(supervisor.children().await?, []);
    // On a restart as well.
    supervisor.start_child(part.spec()).await?;
    part.next([Begin::Ignore]);
    part.now().kill();
    part.beginning(3).await;
    while supervisor.count_children().await?.specs > 0 {
        tokio::task::yield_now().await;
    }
    Ok(())
}

#[tokio::test]
async fn in_14_dynamic_children_share_one_budget() -> Tested {
    let spec = DynamicSpec::new("dynamic").intensity(2, Duration::from_secs(60));
    let supervisor = DynamicSupervisor::start(spec).await?;
    let [a, b, c] = Log::default().parts(["a", "b", "c"]);
    for part in [&a, &b, &c] {
        supervisor.start_child(part.spec()).await?;
    }
    for part in [&a, &b] {
        part.now().kill();
        part.life(2).await;
    }
    assert!(supervisor.is_alive());
    c.now().kill();
    assert_eq!(supervisor.exited().await, ExitReason::Shutdown);
    assert_eq!([a.lives(), b.lives(), c.lives()], [2, 2, 1]);
    assert!(![a, b, c].iter().any(Part::is_alive));
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn sh_05_static_stops_in_turn_and_dynamic_together() -> Tested {
    let log = Log::default();
    let slow = |ids| {
        let parts: [Part; 3] = log.parts(ids);
        for part in &parts {
            part.ends(End::After(ms(100)));
        }
        parts
    };
    let mut spec = Spec::new("static");
    for part in slow(["a", "b", "c"]) {
        spec = spec.child(part.spec());
    }
    let in_turn = Supervisor::start(spec).await?;
    let begun = Instant::now();
    assert!(in_turn.stop().await?.is_clean());
    assert_eq!(begun.elapsed().as_millis() / 5, 300 / 5);
    let together = patient(10).await?;
    for part in slow(["d", "e", "f"]) {
        together.start_child(part.spec()).await?;
    }
    log.take();
    let begun = Instant::now();
    assert!(together.stop().await?.is_clean());
    assert_eq!(begun.elapsed().as_millis() / 5, 100 / 5);
    let happened = log.take();
    let stops = happened.iter().position(|it| it.ends_with("gone"));
    assert_eq!(stops, Some(3), "{happened:?}");
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn sh_06_dynamic_deadlines_run_from_one_start() -> Tested {
    let log = Log::default();
    let [a, b, c] = log.parts(["a", "b", "c"]);
    let supervisor = patient(10).await?;
    for (part, limit) in [(&a, 50), (&b, 150)] {
        part.ends(End::Hang);
        supervisor
            .start_child(part.spec().shutdown(within(limit)))
            .await?;
    }
    supervisor
        .start_child(c.spec().shutdown(Shutdown::BrutalKill))
        .await?;
    let begun = Instant::now();
    let ended = async |part: &Part| {
        let reason = part.now().exited().await;
        (reason, begun.elapsed().as_millis() / 5)
    };
    let (stopped, a, b, c) = tokio::join!(supervisor.stop(), ended(&a), ended(&b), ended(&c));
    let killed = |at: u128| (ExitReason::Killed, at / 5);
    assert_eq!([a, b, c], [killed(50), killed(150), killed(0)]);
    assert_eq!(begun.elapsed().as_millis() / 5, 150 / 5);
    assert_eq!(stopped?.unclean().len(), 2);
    Ok(())
}

#[tokio::test]
async fn what_names_children_by_id_finds_none() -> Tested {
    let supervisor = patient(10).await?;
    let part = Log::default().part("child");
    supervisor.start_child(part.spec()).await?;
    let not_found = |answer: Result<(), CallError<ChildError>>| {
        matches!(answer, Err(CallError::Failed(ChildError::NotFound)))
    };
    let restarted = supervisor.restart_child("child").await.map(drop);
    assert!(not_found(restarted));
    assert!(not_found(supervisor.delete_child("child").await));
    assert_eq!(supervisor.count_children().await?.active, 1);
    let _: Option<WorkerRef> = part.now().current();
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn sh_08_odd_reasons_do_not_spoil_a_shutdown() -> Tested {
    let events = Events::listen();
    let supervisor = patient(10).await?;
    let parts = Log::default().parts(["a", "b", "c", "d", "e", "f"]);
    let odd = ExitReason::from_error("odd");
    for part in &parts[..3] {
        part.ends(End::With(odd.clone()));
    }
    for part in &parts[3..5] {
        part.ends(End::Hang);
    }
    for part in &parts {
        let spec = part.spec().shutdown(within(50));
        supervisor.start_child(spec).await?;
    }
    let (stopped, reason) = tokio::join!(supervisor.stop(), supervisor.exited());
    assert_eq!(
        (stopped?.unclean().len(), reason),
        (2, ExitReason::Shutdown)
    );
    for part in &parts[..3] {
        assert_eq!(part.now().exit_reason(), Some(odd.clone()));
    }
    // One report for each way of ending, however many they are.
    let told = |words: &[&str]| events.count(Level::WARN, words);
    assert_eq!(told(&["ended otherwise", "children=3", "odd"]), 1);
    assert_eq!(told(&["ended otherwise", "children=2", "in time"]), 1);
    assert_eq!(told(&["ended otherwise"]), 2);
    Ok(())
}
