//! Workers that share the work by a key.

use super::parts::{Begin, End, Log, Part, Tested, Worker, ms};
use noex::prelude::*;
use noex::supervisor::{ChildError, Partitions, PoolSpec, SpecError};
use noex::{Pid, StartError};
use std::collections::HashSet;
use std::time::Duration;

/// One part for each partition.
fn parts<const N: usize>() -> [Part; N] {
    Log::default().parts([const { "partition" }; N])
}

/// Partitions that bear any number of failures, in a system of their own.
async fn of(parts: &[Part]) -> Result<Partitions<Worker>, StartError> {
    let workers = parts.to_vec();
    let spec = PoolSpec::new("partitions", parts.len(), move |partition| {
        Worker::start(workers[partition].clone())
    });
    let spec = spec.intensity(1_000_000, Duration::from_secs(1));
    Partitions::start(spec).system(&System::new()).await
}

fn pids(partitions: &Partitions<Worker>) -> Vec<Option<Pid>> {
    partitions.all().iter().map(|worker| worker.pid()).collect()
}

#[derive(Hash)]
struct UserId(i64);

#[tokio::test]
async fn pa_01_key_always_meets_the_same_partition() -> Tested {
    let parts: [Part; 4] = parts();
    let partitions = of(&parts).await?;
    let pids = pids(&partitions);
    for key in -20_i64..20 {
        let expected = pids[key.unsigned_abs() as usize % 4];
        assert_eq!(partitions.get(&key).pid(), expected, "{key}");
        assert_eq!(partitions.get(&UserId(key)).pid(), expected, "{key}");
        assert_eq!(partitions.get(&(key as i8)).pid(), expected, "{key}");
    }
    assert_eq!(partitions.get(&u64::MAX).pid(), pids[3]);
    // Any other key by a hash, which is the same in every run.
    let met = |key: &str| {
        let pid = partitions.get(key).pid();
        assert_eq!(partitions.get(&key.to_owned()).pid(), pid);
        pids.iter().position(|it| *it == pid).expect("one of them")
    };
    let names = ["ann", "bob", "carl", "dora", "", "a"];
    assert_eq!(names.map(met), [0, 0, 3, 1, 1, 3]);
    let mut often = [0; 4];
    (0..4_000).for_each(|n| often[met(&format!("user/{n}"))] += 1);
    assert!(often.iter().all(|n| (800..1_200).contains(n)), "{often:?}");
    let pairs: HashSet<_> = (0..100).map(|n| partitions.get(&(1, n)).pid()).collect();
    assert_eq!(pairs.len(), 4);
    partitions.stop().await?;
    Ok(())
}

#[tokio::test]
async fn pa_02_killed_partition_returns_to_its_slot() -> Tested {
    let parts: [Part; 3] = parts();
    let partitions = of(&parts).await?;
    let before = pids(&partitions);
    let second = partitions.get(&1);
    second.kill();
    parts[1].life(2).await;
    let after = pids(&partitions);
    assert_eq!((after[0], after[2]), (before[0], before[2]));
    assert_eq!(after[1], Some(parts[1].pid()));
    assert_ne!(after[1], before[1]);
    // A ref that was taken before follows.
    assert_eq!(second.pid(), after[1]);
    second.ping().await?;
    Ok(())
}

#[test]
fn pa_03_gap_is_never_another_partition() -> Tested {
    for workers in [1, 2, 8] {
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = runtime.worker_threads(workers).enable_all().build()?;
        runtime.block_on(gaps())?;
    }
    Ok(())
}

async fn gaps() -> Tested {
    let parts: [Part; 3] = parts();
    let partitions = of(&parts).await?;
    let [first, _, third] = pids(&partitions)[..] else {
        panic!("three partitions");
    };
    // Deterministic: the restart hangs.
    parts[1].next([Begin::After(ms(50))]);
    partitions.get(&1).kill();
    parts[1].beginning(2).await;
    let there = partitions.get(&1).pid();
    assert!(there != first && there != third);
    parts[1].life(2).await;
    // Racing: whatever is met is this partition or nothing.
    for round in 0..20_000_usize {
        if round % 10 == 0 {
            partitions.get(&1).kill();
        }
        let pid = partitions.get(&4).pid();
        assert!(pid != first && pid != third, "round {round}");
        if round % 100 == 0 {
            match partitions.get(&1).ping().await {
                Ok(()) | Err(CallError::NotRunning | CallError::Exited(_)) => {}
                other => panic!("round {round}: {other:?}"),
            }
        }
    }
    partitions.stop().await?;
    Ok(())
}

#[tokio::test]
async fn pa_04_resize_routes_to_the_rest() -> Tested {
    let parts: [Part; 4] = parts();
    let partitions = of(&parts).await?;
    let four = pids(&partitions);
    partitions.resize(2).await?;
    assert_eq!(pids(&partitions), four[..2]);
    for key in 0..20 {
        assert_eq!(partitions.get(&key).pid(), four[key % 2]);
    }
    assert!(!parts[2].is_alive() && !parts[3].is_alive());
    // One that is not in use is not restarted, one that is still is.
    partitions.get(&1).kill();
    parts[1].life(2).await;
    assert_eq!([0, 1, 2, 3].map(|at| parts[at].lives()), [1, 2, 1, 1]);
    partitions.resize(4).await?;
    assert_eq!([0, 1, 2, 3].map(|at| parts[at].lives()), [1, 2, 2, 2]);
    assert_eq!(partitions.get(&7).pid(), Some(parts[3].pid()));
    partitions.resize(4).await?;
    for impossible in [0, 5] {
        let refused = partitions.resize(impossible).await;
        assert!(
            matches!(
                refused,
                Err(CallError::Failed(ChildError::OutOfRange { most: 4 }))
            ),
            "{refused:?}"
        );
    }
    assert_eq!(partitions.count_children().await?.active, 4);
    partitions.stop().await?;
    assert_eq!(
        partitions.get(&0).pid().filter(|_| parts[0].is_alive()),
        None
    );
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn one_resize_at_a_time() -> Tested {
    let parts: [Part; 3] = parts();
    let partitions = of(&parts).await?;
    parts[2].ends(End::After(ms(100)));
    let (first, second, ()) = tokio::join!(partitions.resize(2), partitions.resize(3), async {
        tokio::time::sleep(ms(50)).await;
        // Nobody is sent to one that is being stopped.
        assert!(parts[2].is_alive());
        assert_eq!(partitions.all().len(), 2);
    });
    first?;
    assert!(matches!(
        second,
        Err(CallError::Failed(ChildError::Resizing))
    ));
    // Those that cannot be started again are not in use.
    parts[2].next([Begin::Fail]);
    let failed = partitions.resize(3).await;
    let Err(CallError::Failed(ChildError::Failed(error))) = failed else {
        panic!("{failed:?}");
    };
    assert_eq!(error.to_string(), "init failed: as the script says");
    assert_eq!(partitions.all().len(), 2);
    partitions.resize(3).await?;
    assert_eq!(partitions.all().len(), 3);
    partitions.stop().await?;
    Ok(())
}

#[tokio::test]
async fn pa_05_impossible_partitions_are_refused() -> Tested {
    let refused = of(&[]).await;
    let Err(StartError::Failed(error)) = refused else {
        panic!("{refused:?}");
    };
    let supervisor = "partitions";
    assert_eq!(
        error.downcast_ref(),
        Some(&SpecError::NoWorkers { supervisor })
    );
    let says = "supervisor `partitions`: a pool needs at least one worker";
    assert_eq!(error.to_string(), says);
    Ok(())
}
