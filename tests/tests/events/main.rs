//! EV: event managers and their handlers.

#[path = "../gen_server/crash_reports.rs"]
mod crash_reports;
mod failing;
mod notes;
mod owned;
mod swapped;

use noex::EventManager;
use notes::{Note, Noter, Notes};
use std::error::Error;
use std::time::Duration;
use tokio::time::Instant;

type Outcome = Result<(), Box<dyn Error>>;

#[noex::test(workers = 2)]
async fn ev_04_sync_notify_waits_for_all() -> Outcome {
    let notes = Notes::default();
    let manager = EventManager::<Note>::start().await?;
    for id in ["a", "b", "c"] {
        manager.add(Noter::new(id, &notes)).await?;
    }
    for n in 0..1_000 {
        manager.sync_notify(Note::Number(n)).await?;
        let expected = ["a", "b", "c"].map(|id| format!("{id} {n}"));
        assert_eq!(notes.take(), expected);
    }
    // One that is not waited for is handled in its turn.
    manager.notify(Note::Number(1))?;
    manager.notify(Note::Number(2))?;
    manager.sync_notify(Note::Number(3)).await?;
    let expected = [
        "a 1", "b 1", "c 1", "a 2", "b 2", "c 2", "a 3", "b 3", "c 3",
    ];
    assert_eq!(notes.take(), expected);
    manager.stop().await?;
    assert_eq!(
        notes.take(),
        ["c ends (normal)", "b ends (normal)", "a ends (normal)"]
    );
    // What nobody takes comes back.
    let refused = manager
        .notify(Note::Number(4))
        .map_err(noex::CastError::into_message);
    assert_eq!(refused, Err(Note::Number(4)));
    Ok(())
}

#[noex::test(paused)]
async fn a_slow_handler_keeps_only_those_who_wait_for_it() -> Outcome {
    let notes = Notes::default();
    let manager = EventManager::<Note>::start().await?;
    manager.add(Noter::new("a", &notes)).await?;
    assert!(manager.suspend());
    let begun = Instant::now();
    manager.notify(Note::Number(1))?;
    assert_eq!(begun.elapsed(), Duration::ZERO);
    let limit = Duration::from_secs(1);
    let waited = manager.sync_notify(Note::Number(2)).timeout(limit).await;
    assert!(waited.is_err());
    assert!(manager.resume());
    assert_eq!(manager.handlers().await?.len(), 1);
    // As with any call, nobody waited for the second any more.
    assert_eq!(notes.take(), ["a 1"]);
    manager.stop().await?;
    Ok(())
}
