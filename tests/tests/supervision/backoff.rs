//! Waits before restarts.

use super::parts::{Begin, Log, Tested, Worker, ms, patient, start, state};
use noex::ChildSpec;
use noex::supervisor::{Backoff, ChildState, Strategy};
use std::sync::Mutex;
use std::time::Duration;
use tokio::time::Instant;

const BACKOFF: Backoff = Backoff::doubling(ms(100), ms(300));

#[tokio::test(start_paused = true)]
async fn restarts_wait_longer_and_longer() -> Tested {
    let part = Log::default().part("a");
    let (tree, _) = start(patient().child(part.spec().backoff(BACKOFF))).await?;
    part.next([Begin::Fail, Begin::Fail]);
    let begun = Instant::now();
    part.now().kill();
    let mut began_at = Vec::new();
    for life in 2..=4 {
        part.beginning(life).await;
        began_at.push(begun.elapsed().as_millis() / 10 * 10);
    }
    assert_eq!(began_at, [100, 300, 600]);
    part.life(2).await;
    // After a long life they begin anew.
    tokio::time::sleep(ms(300)).await;
    let begun = Instant::now();
    part.now().kill();
    part.life(3).await;
    assert_eq!(begun.elapsed().as_millis() / 10 * 10, 100);
    tree.stop().await?;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn without_one_a_restart_does_not_wait() -> Tested {
    let part = Log::default().part("a");
    let (tree, _) = start(patient().child(part.spec())).await?;
    let begun = Instant::now();
    part.next([Begin::Fail, Begin::Fail]);
    part.now().kill();
    part.life(2).await;
    assert!(begun.elapsed() < ms(1));
    tree.stop().await?;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn the_supervisor_answers_and_ends_while_a_child_waits() -> Tested {
    let hour = Backoff::constant(Duration::from_secs(3_600));
    let [a, b] = Log::default().parts(["a", "b"]);
    let spec = patient().child(a.spec().backoff(hour)).child(b.spec());
    let (tree, system) = start(spec).await?;
    a.now().kill();
    a.now().exited().await;
    let begun = Instant::now();
    assert_eq!(state(&tree, "a").await, Some(ChildState::Restarting));
    tree.terminate_child("a").await?;
    assert_eq!(state(&tree, "a").await, Some(ChildState::Stopped));
    // By hand it is started at once.
    tree.restart_child("a").await?;
    a.now().kill();
    a.now().exited().await;
    assert_eq!(state(&tree, "a").await, Some(ChildState::Restarting));
    assert!(tree.stop().await?.is_clean());
    assert!(begun.elapsed() < ms(1));
    assert_eq!((a.begun(), system.processes().len()), (2, 0));
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_group_waits_for_the_one_that_failed() -> Tested {
    let log = Log::default();
    let [a, b, c] = log.parts(["a", "b", "c"]);
    let spec = patient().strategy(Strategy::OneForAll);
    let spec = spec.child(a.spec()).child(b.spec().backoff(BACKOFF));
    let (tree, _) = start(spec.child(c.spec())).await?;
    let begun = Instant::now();
    b.now().kill();
    a.life(2).await;
    assert!(begun.elapsed() < ms(1));
    c.life(2).await;
    assert_eq!(begun.elapsed().as_millis() / 10 * 10, 100);
    tree.stop().await?;
    Ok(())
}

/// The time to start has come, and the word of it is on its way, when the start is given up.
#[noex::test(workers = 2)]
async fn a_wait_that_is_over_is_given_up_all_the_same() -> Tested {
    let [a, b] = Log::default().parts(["a", "b"]);
    let wait = Backoff::constant(ms(50));
    let (tree, system) = start(patient().child(a.spec().backoff(wait))).await?;
    a.now().kill();
    a.now().exited().await;
    // The supervisor evaluates the arguments of another child, which takes a while.
    let (release, released) = std::sync::mpsc::channel::<()>();
    let (held, is_held) = tokio::sync::oneshot::channel();
    let gate = Mutex::new(Some((held, released)));
    let spec = ChildSpec::new("b", move || {
        if let Some((held, released)) = gate.lock().expect("nobody panics").take() {
            held.send(()).expect("the test waits");
            released.recv().expect("the test lets it go");
        }
        Worker::start(b.clone())
    });
    let adding = tokio::spawn({
        let tree = tree.clone();
        async move { tree.start_child(spec).await }
    });
    is_held.await?;
    let terminating = tokio::spawn({
        let tree = tree.clone();
        async move { tree.terminate_child("a").await }
    });
    tokio::time::sleep(ms(150)).await;
    release.send(())?;
    terminating.await??;
    adding.await??;
    assert_eq!(state(&tree, "a").await, Some(ChildState::Stopped));
    // The supervisor and `b`.
    assert_eq!(system.processes().len(), 2);
    tree.stop().await?;
    assert_eq!(system.processes(), []);
    Ok(())
}
