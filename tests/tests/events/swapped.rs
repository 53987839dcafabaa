//! Handlers that take the place of others.

use super::Outcome;
use super::crash_reports::CrashReports;
use super::notes::{Note, Noter, Notes};
use noex::{EventHandler, EventManager};
use std::ops::ControlFlow;

/// Goes on adding where another has stopped.
struct Adder {
    sum: u64,
}

impl EventHandler<Note> for Adder {
    fn handle_event(&mut self, event: &Note) -> ControlFlow<()> {
        if let Note::Number(n) = event {
            self.sum += n;
        }
        ControlFlow::Continue(())
    }
}

#[noex::test(workers = 2)]
async fn ev_03_swap_loses_no_event() -> Outcome {
    const EVENTS: u64 = 2_000;
    for _ in 0..20 {
        let notes = Notes::default();
        let manager = EventManager::<Note>::start().await?;
        let noter = manager.add(Noter::new("a", &notes)).await?;
        let sending = tokio::spawn({
            let manager = manager.clone();
            async move {
                for n in 1..=EVENTS {
                    while manager.notify(Note::Number(n)).is_err() {
                        tokio::task::yield_now().await;
                    }
                }
            }
        });
        tokio::task::yield_now().await;
        let adder = manager.swap(noter, |old| Adder { sum: old.sum }).await?;
        let adder = adder.expect("the old one is there");
        sending.await?;
        manager.sync_notify(Note::Number(0)).await?;
        let adder = manager.remove(adder).await?.expect("it is there");
        assert_eq!(adder.sum, EVENTS * (EVENTS + 1) / 2);
        // The old one was not removed, but went into the new one.
        assert!(notes.take().iter().all(|note| !note.contains("ends")));
        assert!(
            manager
                .swap(noter, |old| Adder { sum: old.sum })
                .await?
                .is_none()
        );
        manager.stop().await?;
    }
    Ok(())
}

#[noex::test]
async fn a_swap_keeps_the_place_and_may_fail_alone() -> Outcome {
    let reports = CrashReports::of_this_thread();
    let notes = Notes::default();
    let manager = EventManager::<Note>::start().await?;
    let a = manager.add(Noter::new("a", &notes)).await?;
    manager.add(Noter::new("b", &notes)).await?;
    let new = Noter::new("c", &notes);
    let c = manager.swap(a, move |_| new).await?.expect("it is there");
    manager.sync_notify(Note::Number(1)).await?;
    assert_eq!(notes.take(), ["c 1", "b 1"]);
    let none = manager.swap(c, |_| -> Adder { panic!("not so") }).await?;
    assert!(none.is_none());
    manager.sync_notify(Note::Number(2)).await?;
    assert_eq!(notes.take(), ["b 2"]);
    assert_eq!(reports.lines().len(), 1);
    manager.stop().await?;
    Ok(())
}
