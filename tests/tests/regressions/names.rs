//! Defects of registries.

use crate::parts::{Begin, Log, Tested, Worker, patient, start};
use noex::prelude::*;
use noex::{Groups, KeyRegistry};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use tokio::task::yield_now;

/// The second name of a process stayed taken after its end.
#[tokio::test]
async fn w18_every_name_goes_with_its_process() -> Tested {
    let (log, system) = (Log::default(), System::new());
    let a = log.part("a");
    for kill in [true, false] {
        let worker = Worker::start(a.clone())
            .name("first")
            .system(&system)
            .await?;
        for name in ["second", "third"] {
            worker.register(name)?;
            assert_eq!(system.registry().whereis(name), worker.pid());
        }
        assert_eq!(system.registry().names().len(), 3);
        match kill {
            true => worker.kill(),
            false => worker.exit(ExitReason::Shutdown),
        }
        worker.exited().await;
        assert_eq!(system.registry().names(), []);
    }
    Ok(())
}

/// A restart found its own name or key taken by the one that it replaced, or lost it to that one's cleanup.
#[noex::test(workers = 2)]
async fn r12_names_and_keys_are_free_before_a_restart_takes_them() -> Tested {
    let log = Log::default();
    let a = log.part("a");
    let keys = KeyRegistry::<u32>::unique();
    let (part, its_keys) = (a.clone(), keys.clone());
    let under_key = move || Worker::start(part.clone()).via(&its_keys, 1, ());
    let spec = noex::ChildSpec::new::<Worker>("a", under_key).name("a");
    let (tree, system) = start(patient().child(spec)).await?;
    for life in 2..500 {
        let old = a.now();
        old.kill();
        a.life(life).await;
        old.exited().await;
        let now = a.now();
        assert_eq!(system.registry().whereis("a"), now.pid());
        assert_eq!(keys.lookup(&1).map(|it| it.pid()), now.pid());
        assert!(!old.unregister("a"));
        log.take();
    }
    // A start that fails gives both back.
    a.next([Begin::Fail]);
    a.now().kill();
    a.life(500).await;
    assert_eq!(keys.count(), 1);
    tree.stop().await?;
    assert_eq!((keys.count(), system.registry().names()), (0, vec![]));
    Ok(())
}

/// A scan of a group's members went wrong while some joined, left or died.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn r34_member_scans_bear_joins_leaves_and_deaths() -> Tested {
    let groups = Groups::<u32>::new();
    let log = Log::default();
    let resident = Worker::start(log.part("resident")).await?;
    groups.join(1, &resident)?;
    let over = Arc::new(AtomicBool::new(false));
    let scans = (0..2).map(|_| {
        let (groups, over) = (groups.clone(), over.clone());
        let resident = resident.pid().expect("it runs");
        tokio::spawn(async move {
            let mut scans = 0;
            while !over.load(Relaxed) {
                let members = groups.members(&1);
                // In the order of their coming, each join once.
                assert_eq!(members[0].pid(), resident);
                let pids: BTreeSet<_> = members.iter().map(|it| it.pid()).collect();
                assert!(pids.len() <= 9, "{members:?}");
                assert!(members.len() <= 1 + 2 * 8, "{members:?}");
                scans += 1;
                yield_now().await;
            }
            scans
        })
    });
    let scans: Vec<_> = scans.collect();
    let changes = (0..8u32).map(|n| {
        let (groups, part) = (groups.clone(), log.part("passing"));
        tokio::spawn(async move {
            for round in 0..500 {
                let worker = Worker::start(part.clone())
                    .await
                    .expect("nothing hinders it");
                groups.join(1, &worker).expect("it runs");
                groups.join(1, &worker).expect("it runs");
                if (round + n) % 3 == 0 {
                    assert!(groups.leave(&1, &worker));
                }
                worker.kill();
                worker.exited().await;
                assert!(
                    groups
                        .groups_of(worker.pid().expect("one process"))
                        .is_empty()
                );
            }
        })
    });
    for change in changes.collect::<Vec<_>>() {
        change.await?;
    }
    over.store(true, Relaxed);
    for scan in scans {
        assert!(scan.await? > 0);
    }
    assert_eq!(groups.members(&1).len(), 1);
    resident.stop().await?;
    Ok(())
}
