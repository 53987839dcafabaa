//! Handlers that fail, and those that go.

use super::Outcome;
use super::crash_reports::CrashReports;
use super::notes::{Note, Noter, Notes};
use noex::prelude::*;
use noex::{EventHandler, EventManager};
use std::ops::ControlFlow;

/// Panics wherever it can.
struct Mine;

impl EventHandler<Note> for Mine {
    fn handle_event(&mut self, _: &Note) -> ControlFlow<()> {
        panic!("in handle_event");
    }

    fn terminate(&mut self, _: &ExitReason) {
        panic!("in terminate");
    }
}

impl Drop for Mine {
    fn drop(&mut self) {
        panic!("in drop");
    }
}

#[noex::test]
async fn ev_01_panicking_handler_is_removed() -> Outcome {
    let reports = CrashReports::of_this_thread();
    let notes = Notes::default();
    let manager = EventManager::<Note>::start().await?;
    let [a, b, c] = ["a", "b", "c"].map(|id| Noter::new(id, &notes));
    manager.add(a).await?;
    let b = manager.add(b).await?;
    manager.add(c).await?;
    manager.notify(Note::Number(1))?;
    manager.notify(Note::Panic("b"))?;
    manager.sync_notify(Note::Number(2)).await?;
    let expected = [
        "a 1",
        "b 1",
        "c 1",
        "b ends (panic: as asked)",
        "a 2",
        "c 2",
    ];
    assert_eq!(notes.take(), expected);
    assert!(manager.remove(b).await?.is_none());
    assert_eq!(manager.handlers().await?.len(), 2);
    let [report] = &reports.lines()[..] else {
        panic!("{:?}", reports.lines());
    };
    for told in ["noex::crash", "as asked", "::Noter\"", "was removed"] {
        assert!(report.contains(told), "{told} in {report}");
    }
    // Wherever it panics: each is told, and the others go on.
    manager.add(Mine).await?;
    manager.sync_notify(Note::Number(3)).await?;
    assert_eq!(notes.take(), ["a 3", "c 3"]);
    assert_eq!(reports.lines().len(), 3);
    assert_eq!(manager.handlers().await?.len(), 2);
    // Also when the manager ends.
    manager.add(Mine).await?;
    manager.stop().await?;
    assert_eq!(notes.take(), ["c ends (normal)", "a ends (normal)"]);
    Ok(())
}

#[noex::test]
async fn a_handler_that_is_done_leaves() -> Outcome {
    let reports = CrashReports::of_this_thread();
    let notes = Notes::default();
    let manager = EventManager::<Note>::start().await?;
    for id in ["a", "b"] {
        manager.add(Noter::new(id, &notes)).await?;
    }
    manager.notify(Note::Leave("a"))?;
    manager.sync_notify(Note::Number(1)).await?;
    assert_eq!(notes.take(), ["a ends (normal)", "b 1"]);
    assert_eq!(reports.lines(), [""; 0]);
    manager.stop().await?;
    Ok(())
}
