//! Workers that are used as if they were one.

use super::parts::{Begin, Log, Part, Tested, Worker, ms};
use noex::prelude::*;
use noex::supervisor::{Pool, PoolSpec, Route, Spec, Supervisor};
use noex::{Pid, StartError};
use std::time::Duration;

async fn of(parts: &[Part], route: Route) -> Result<Pool<Worker>, StartError> {
    let workers = parts.to_vec();
    let spec = PoolSpec::new("pool", parts.len(), move |worker| {
        Worker::start(workers[worker].clone())
    });
    let spec = spec
        .route(route)
        .intensity(1_000_000, Duration::from_secs(1));
    Pool::start(spec).system(&System::new()).await
}

fn pids<const N: usize>(parts: &[Part; N]) -> [Option<Pid>; N] {
    parts.each_ref().map(|part| Some(part.pid()))
}

#[tokio::test]
async fn a_pool_gives_each_worker_its_turn() -> Tested {
    let parts = Log::default().parts(["a", "b", "c"]);
    let pool = of(&parts, Route::RoundRobin).await?;
    let [a, b, c] = pids(&parts);
    let turns: Vec<_> = (0..7).map(|_| pool.pid()).collect();
    assert_eq!(turns, [a, b, c, a, b, c, a]);
    // Every handle to it takes part in the same turns.
    assert_eq!(pool.clone().pid(), b);
    for _ in 0..30 {
        pool.ping().await?;
    }
    let handled: Vec<u64> = Pool::workers(&pool).iter().map(|w| w.handled()).collect();
    assert_eq!(handled, [10, 10, 10]);
    Pool::supervisor(&pool).stop().await?;
    assert!(matches!(pool.ping().await, Err(CallError::NotRunning)));
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_pool_prefers_the_least_busy() -> Tested {
    let parts = Log::default().parts(["a", "b", "c"]);
    let pool = of(&parts, Route::LeastBusy).await?;
    let [a, b, c] = pids(&parts);
    let workers = Pool::workers(&pool);
    // One in hand and two behind it, one in hand, none.
    for _ in 0..3 {
        workers[0].rest(ms(100))?;
    }
    workers[2].rest(ms(100))?;
    tokio::task::yield_now().await;
    for _ in 0..3 {
        assert_eq!(pool.pid(), b);
    }
    workers[1].rest(ms(100))?;
    workers[1].rest(ms(100))?;
    tokio::task::yield_now().await;
    assert_eq!(pool.pid(), c);
    tokio::time::sleep(Duration::from_secs(1)).await;
    // In turn among equals.
    let mut turns: Vec<_> = (0..3).map(|_| pool.pid()).collect();
    turns.sort();
    assert_eq!(turns, [a, b, c]);
    // A call in a handler that waits counts as well.
    let waiting = tokio::spawn({
        let worker = workers[0].clone();
        async move { worker.rest(ms(100)) }
    });
    waiting.await??;
    tokio::task::yield_now().await;
    for _ in 0..6 {
        assert_ne!(pool.pid(), a);
    }
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_worker_that_is_restarted_is_passed_over() -> Tested {
    for route in [Route::RoundRobin, Route::LeastBusy] {
        let parts = Log::default().parts(["a", "b"]);
        let pool = of(&parts, route).await?;
        let [a, b] = pids(&parts);
        parts[0].next([Begin::After(ms(100))]);
        parts[0].now().kill();
        parts[0].beginning(2).await;
        for _ in 0..4 {
            assert_eq!(pool.pid(), b);
            pool.ping().await?;
        }
        parts[0].life(2).await;
        let turns = [pool.pid(), pool.pid()];
        assert!(turns.contains(&Some(parts[0].pid())) && turns.contains(&b));
        assert!(!turns.contains(&a));
        // With nobody left there is nobody to take a message.
        for part in &parts {
            part.always(Begin::Hang);
            part.now().kill();
        }
        parts[0].beginning(3).await;
        parts[1].beginning(2).await;
        assert!(matches!(pool.ping().await, Err(CallError::NotRunning)));
    }
    Ok(())
}

#[tokio::test]
async fn a_pool_without_workers_does_not_start() -> Tested {
    let refused = of(&[], Route::RoundRobin).await;
    let error = refused.expect_err("it has no workers").to_string();
    assert!(
        error.contains("a pool needs at least one worker"),
        "{error}"
    );
    Ok(())
}

#[tokio::test]
async fn a_pool_outlives_its_supervisor() -> Tested {
    let [worker] = Log::default().parts(["worker"]);
    let spec = PoolSpec::new("pool", 2, {
        let worker = worker.clone();
        move |_| Worker::start(worker.clone())
    });
    let tree = Spec::new("tree").child(Pool::child_spec(spec.intensity(0, Duration::from_secs(1))));
    let tree = Supervisor::start(tree).await?;
    worker.now().kill();
    // The pool gives up and is started anew, with both workers.
    worker.life(4).await;
    let pool = tree.children().await?;
    assert_eq!((pool.len(), pool[0].restarts), (1, 1));
    tree.stop().await?;
    Ok(())
}
