//! What was sent before a stop is handled before it.

use super::diary::{Diary, DiaryRef, Entry, Pages, gate, until_queued};
use noex::prelude::*;
use noex::supervisor::{Spec, Stopped, Supervisor};
use std::error::Error;
use tokio::task::JoinHandle;

#[noex::test]
async fn or_07_casts_before_stop_are_handled() -> Result<(), Box<dyn Error>> {
    let pages = Pages::default();
    let diary = Diary::start(pages.clone(), false).await?;
    (1..=3).try_for_each(|n| diary.note(n))?;
    diary.stop().await?;
    let expected = [
        Entry::Cast(1),
        Entry::Cast(2),
        Entry::Cast(3),
        Entry::Terminate(ExitReason::Normal),
    ];
    assert_eq!(pages.read(), expected);
    Ok(())
}

/// A supervised diary that is held while three casts, and behind them its parent's shutdown, are queued.
async fn held_while_shut_down(
    pages: &Pages,
    trap_exit: bool,
) -> Result<(DiaryRef, impl FnOnce(), JoinHandle<Stopped>), Box<dyn Error>> {
    let spec = Diary::child_spec(pages.clone(), trap_exit).name("diary");
    let tree = Supervisor::start(Spec::new("tree").child(spec)).await?;
    let diary = Diary::named("diary").current().expect("it runs");
    let (open, closed) = gate();
    diary.hold(closed)?;
    (1..=3).try_for_each(|n| diary.note(n))?;
    until_queued(&diary, 3).await;
    let stopping = tokio::spawn(async move { tree.stop().await.expect("it runs") });
    until_queued(&diary, 4).await;
    Ok((diary, move || drop(open), stopping))
}

#[noex::test]
async fn or_08_casts_before_shutdown_are_handled_by_a_trapper() -> Result<(), Box<dyn Error>> {
    let pages = Pages::default();
    let (_, release, stopping) = held_while_shut_down(&pages, true).await?;
    release();
    assert!(stopping.await?.is_clean());
    let expected = [
        Entry::Held,
        Entry::Cast(1),
        Entry::Cast(2),
        Entry::Cast(3),
        Entry::Terminate(ExitReason::Shutdown),
    ];
    assert_eq!(pages.read(), expected);
    Ok(())
}

#[noex::test]
async fn or_09_shutdown_lets_the_running_handler_finish() -> Result<(), Box<dyn Error>> {
    let pages = Pages::default();
    let (diary, release, stopping) = held_while_shut_down(&pages, false).await?;
    diary.note(4)?;
    release();
    assert!(stopping.await?.is_clean());
    // The handler finished and the queue was handled up to the shutdown, not beyond.
    let expected = [
        Entry::Held,
        Entry::Cast(1),
        Entry::Cast(2),
        Entry::Cast(3),
        Entry::Terminate(ExitReason::Shutdown),
    ];
    assert_eq!(pages.read(), expected);
    assert_eq!(diary.undelivered(), 1);
    Ok(())
}
