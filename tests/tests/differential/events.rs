//! Event managers: which handlers hear of an event, and how they come and go.

use crate::scene::{Scene, pause};
use crate::words::{Tested, gone, reason};
use crate::worker::{Order, boom, tell};
use noex::prelude::*;
use noex::{EventHandler, EventManager, EventManagerRef};
use std::ops::ControlFlow;

enum Event {
    Number(u64),
    Leave(&'static str),
    Raise(&'static str),
}

/// Notes what it hears and how it ends.
struct Handler {
    scene: Scene,
    id: &'static str,
    sum: u64,
}

impl Handler {
    fn new(scene: &Scene, id: &'static str) -> Self {
        Handler {
            scene: scene.clone(),
            id,
            sum: 0,
        }
    }
}

impl EventHandler<Event> for Handler {
    fn handle_event(&mut self, event: &Event) -> ControlFlow<()> {
        match event {
            Event::Number(n) => {
                self.scene.note(format!("{} {n}", self.id));
                self.sum += n;
            }
            Event::Leave(id) if *id == self.id => return ControlFlow::Break(()),
            Event::Raise(id) if *id == self.id => panic!("boom"),
            Event::Leave(_) | Event::Raise(_) => {}
        }
        ControlFlow::Continue(())
    }

    fn terminate(&mut self, why: &ExitReason) {
        let why = reason(why);
        self.scene.note(format!("{} ends {why}", self.id));
    }
}

/// A manager with the handlers `a` and `b`.
async fn two(s: &Scene) -> Result<EventManagerRef<Event>, CallError> {
    let manager = EventManager::start().await.expect("nothing hinders it");
    for id in ["a", "b"] {
        manager.add(Handler::new(s, id)).await?;
    }
    Ok(manager)
}

async fn note_count(s: &Scene, manager: &EventManagerRef<Event>) -> Result<(), CallError> {
    let handlers = manager.handlers().await?;
    s.note(format!("{} handlers", handlers.len()));
    Ok(())
}

#[noex::test(paused)]
async fn every_handler_hears() -> Tested {
    let s = Scene::of("events.every_handler_hears");
    let m = two(&s).await?;
    m.notify(Event::Number(1))?;
    m.sync_notify(Event::Number(2)).await?;
    s.note("said");
    s.compare().await
}

#[noex::test(paused)]
async fn handler_panics() -> Tested {
    let s = Scene::of("events.handler_panics");
    let m = two(&s).await?;
    m.sync_notify(Event::Raise("a")).await?;
    m.sync_notify(Event::Number(1)).await?;
    note_count(&s, &m).await?;
    s.compare().await
}

#[noex::test(paused)]
async fn handler_leaves() -> Tested {
    let s = Scene::of("events.handler_leaves");
    let m = two(&s).await?;
    m.sync_notify(Event::Leave("a")).await?;
    m.sync_notify(Event::Number(1)).await?;
    note_count(&s, &m).await?;
    s.compare().await
}

#[noex::test(paused)]
async fn owner_ends() -> Tested {
    let s = Scene::of("events.owner_ends");
    let m = EventManager::start().await?;
    m.add(Handler::new(&s, "a")).await?;
    let owner = s.silent("owner").await?;
    m.add_owned(Handler::new(&s, "b"), &owner).await?;
    tell(&owner, Order::Stop(boom()));
    owner.exited().await;
    pause(100).await;
    m.sync_notify(Event::Number(1)).await?;
    note_count(&s, &m).await?;
    s.compare().await
}

#[noex::test(paused)]
async fn handler_is_swapped() -> Tested {
    let s = Scene::of("events.handler_is_swapped");
    let m = EventManager::start().await?;
    let a = m.add(Handler::new(&s, "a")).await?;
    m.sync_notify(Event::Number(1)).await?;
    let b = m.swap(a, |old| Handler { id: "b", ..old }).await?;
    m.sync_notify(Event::Number(2)).await?;
    let b = m.remove(b.expect("it was there")).await?;
    s.note(format!("sum {}", b.expect("it is there").sum));
    s.compare().await
}

#[noex::test(paused)]
async fn manager_stops() -> Tested {
    let s = Scene::of("events.manager_stops");
    let m = EventManager::start().await?;
    m.add(Handler::new(&s, "a")).await?;
    m.sync_notify(Event::Number(1)).await?;
    m.stop().await?;
    s.note(gone(m.exited().await));
    s.compare().await
}
