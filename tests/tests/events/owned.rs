//! Handlers that go with their owners.

use super::Outcome;
use super::notes::{Note, Noter, Notes};
use noex::prelude::*;
use noex::supervisor::{Spec, Strategy, Supervisor};
use noex::{EventManager, EventManagerRef};

struct Owner;

#[gen_server]
impl Owner {
    #[cast]
    fn end(&mut self, reason: ExitReason, cx: &mut Ctx<Self>) {
        cx.stop(reason);
    }
}

#[noex::test]
async fn ev_02_handler_goes_with_its_owner() -> Outcome {
    let notes = Notes::default();
    let manager = EventManager::<Note>::start().await?;
    manager.add(Noter::new("resident", &notes)).await?;
    let ends = [
        (ExitReason::Normal, "normal"),
        (ExitReason::Shutdown, "shutdown"),
        (ExitReason::from_error("boom"), "error: boom"),
    ];
    for (reason, told) in ends {
        let owner = Owner.start().await?;
        for id in ["a", "b"] {
            manager.add_owned(Noter::new(id, &notes), &owner).await?;
        }
        owner.end(reason)?;
        owner.exited().await;
        manager.sync_notify(Note::Number(1)).await?;
        let expected = [format!("a ends ({told})"), format!("b ends ({told})")];
        assert_eq!(
            notes.take(),
            [&expected[..], &["resident 1".into()]].concat()
        );
    }
    // One whose owner is gone already does not stay.
    let owner = Owner.start().await?;
    owner.stop().await?;
    manager
        .add_owned(Noter::new("late", &notes), &owner)
        .await?;
    manager.sync_notify(Note::Number(2)).await?;
    assert_eq!(notes.take(), ["late ends (no such process)", "resident 2"]);
    // One that was taken out does not know its owner any more.
    let owner = Owner.start().await?;
    let kept = manager
        .add_owned(Noter::new("kept", &notes), &owner)
        .await?;
    let kept = manager.remove(kept).await?.expect("it is there");
    manager.add(kept).await?;
    owner.stop().await?;
    manager.sync_notify(Note::Number(3)).await?;
    assert_eq!(notes.take(), ["resident 3", "kept 3"]);
    manager.stop().await?;
    Ok(())
}

/// Listens while it lives.
struct Listener;

#[gen_server]
impl Listener {
    #[init]
    async fn new(notes: Notes, cx: &mut Ctx<Self>) -> Result<Self, CallError> {
        let manager = EventManager::<Note>::named("events");
        let handler = Noter::new("listener", &notes);
        manager.add_owned(handler, &cx.myself()).await?;
        Ok(Self)
    }
}

/// A manager in a tree, as its documentation says.
#[noex::test]
async fn handlers_come_back_with_their_owners() -> Outcome {
    let notes = Notes::default();
    let (manager, its_notes) = (
        EventManager::<Note>::child_spec().name("events"),
        notes.clone(),
    );
    let listener = noex::ChildSpec::new("listener", move || Listener::start(its_notes.clone()));
    let spec = Spec::new("tree").strategy(Strategy::RestForOne);
    let tree = Supervisor::start(spec.child(manager).child(listener)).await?;
    let manager: EventManagerRef<Note> = EventManager::named("events");
    for round in 0..3 {
        let old = manager.pid();
        manager.notify(Note::Number(round))?;
        manager.kill();
        while manager.pid().is_none_or(|pid| old == Some(pid))
            || manager
                .handlers()
                .await
                .is_ok_and(|handlers| handlers.is_empty())
        {
            tokio::task::yield_now().await;
        }
        manager.sync_notify(Note::Number(10 + round)).await?;
        assert!(notes.take().contains(&format!("listener {}", 10 + round)));
    }
    tree.stop().await?;
    Ok(())
}
