//! Ending a monitor.

use super::watched::{because, end, watched};
use super::watcher::watcher;
use noex::prelude::*;
use std::error::Error;

type Outcome = Result<(), Box<dyn Error>>;

#[noex::test]
async fn mo_06_demonitor_silences() -> Outcome {
    let (watcher, watched) = (watcher().await?, watched().await?);
    let ended = watcher.watch(watched.clone()).await?;
    let kept = watcher.watch(watched.clone()).await?;
    assert!(watcher.demonitor(ended).await?);
    end(&watched, because("r")).await?;
    let downs = watcher.downs().await?;
    assert_eq!(downs.len(), 1);
    assert_eq!(downs[0].monitor, kept);
    watcher.stop().await?;
    Ok(())
}

#[noex::test]
async fn mo_07_demonitor_flushes_a_queued_down() -> Outcome {
    let (watcher, watched) = (watcher().await?, watched().await?);
    let flushed = watcher.watch(watched.clone()).await?;
    let other = watcher.watch(watched.clone()).await?;
    let demonitor = watcher.demonitor_late(flushed, true).send()?;
    end(&watched, because("r")).await?;
    assert!(demonitor.await?);
    let downs = watcher.downs().await?;
    assert_eq!(downs.len(), 1, "{downs:?}");
    assert_eq!(downs[0].monitor, other);
    watcher.stop().await?;
    Ok(())
}

#[noex::test]
async fn mo_08_demonitor_without_flush_keeps_a_queued_down() -> Outcome {
    let (watcher, watched) = (watcher().await?, watched().await?);
    let monitor = watcher.watch(watched.clone()).await?;
    let demonitor = watcher.demonitor_late(monitor, false).send()?;
    end(&watched, because("r")).await?;
    assert!(demonitor.await?);
    let downs = watcher.downs().await?;
    assert_eq!(downs.len(), 1);
    assert_eq!(
        (downs[0].monitor, &downs[0].reason),
        (monitor, &because("r"))
    );
    watcher.stop().await?;
    Ok(())
}

#[noex::test]
async fn mo_09_demonitor_of_a_finished_monitor_is_nothing() -> Outcome {
    let (watcher, watched) = (watcher().await?, watched().await?);
    let ended = watcher.watch(watched.clone()).await?;
    assert!(watcher.demonitor(ended).await?);
    assert!(!watcher.demonitor(ended).await?);
    let told = watcher.watch(watched.clone()).await?;
    end(&watched, because("r")).await?;
    assert_eq!(watcher.downs().await?.len(), 1);
    assert!(!watcher.demonitor(told).await?);
    watcher.stop().await?;
    Ok(())
}

#[noex::test]
async fn mo_10_only_the_watcher_may_demonitor() -> Outcome {
    let (own, other, watched) = (watcher().await?, watcher().await?, watched().await?);
    let monitor = own.watch(watched.clone()).await?;
    assert!(!other.demonitor(monitor).await?);
    end(&watched, because("r")).await?;
    assert_eq!(own.downs().await?.len(), 1);
    System::current().stop().await;
    Ok(())
}
