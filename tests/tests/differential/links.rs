//! Links and exit signals.

use crate::scene::{Scene, pause};
use crate::words::{Tested, alive, gone};
use crate::worker::{Order, WorkerRef, ask, boom, enough, note, run, tell};
use noex::prelude::*;

async fn linked(s: &Scene) -> Result<(WorkerRef, WorkerRef), StartError> {
    let (a, b) = (s.silent("a").await?, s.silent("b").await?);
    ask(&b, Order::Link(a.clone())).await;
    Ok((a, b))
}

/// What becomes of one when the other ends for this reason.
async fn spreads(s: &Scene, reason: ExitReason) -> Tested {
    let (a, b) = linked(s).await?;
    tell(&a, Order::Stop(reason));
    s.note(gone(a.exited().await));
    pause(100).await;
    s.note(alive(b.is_alive()));
    s.compare().await
}

#[noex::test(paused)]
async fn failure_spreads() -> Tested {
    spreads(&Scene::of("links.failure_spreads"), boom()).await
}

#[noex::test(paused)]
async fn normal_end_does_not_spread() -> Tested {
    let s = Scene::of("links.normal_end_does_not_spread");
    spreads(&s, ExitReason::Normal).await
}

#[noex::test(paused)]
async fn shutdown_spreads() -> Tested {
    let s = Scene::of("links.shutdown_spreads");
    spreads(&s, ExitReason::Shutdown).await
}

#[noex::test(paused)]
async fn shutdown_with_a_word_spreads() -> Tested {
    let s = Scene::of("links.shutdown_with_a_word_spreads");
    spreads(&s, enough()).await
}

#[noex::test(paused)]
async fn reason_spreads_unchanged() -> Tested {
    let s = Scene::of("links.reason_spreads_unchanged");
    let (a, b) = linked(&s).await?;
    tell(&a, Order::Stop(boom()));
    s.note(gone(b.exited().await));
    s.compare().await
}

#[noex::test(paused)]
async fn kill_spreads_as_killed() -> Tested {
    let s = Scene::of("links.kill_spreads_as_killed");
    let (a, b) = linked(&s).await?;
    a.kill();
    s.note(gone(b.exited().await));
    s.compare().await
}

#[noex::test(paused)]
async fn trap_makes_messages_of_ends() -> Tested {
    let s = Scene::of("links.trap_makes_messages_of_ends");
    let a = s.part("a").trap().start().await?;
    let ends = [
        ExitReason::Normal,
        ExitReason::Shutdown,
        boom(),
        ExitReason::Killed,
    ];
    for reason in ends {
        let b = s.silent("b").await?;
        ask(&a, Order::Link(b.clone())).await;
        match reason {
            ExitReason::Killed => b.kill(),
            reason => drop(tell(&b, Order::Stop(reason))),
        }
        b.exited().await;
    }
    pause(100).await;
    s.compare().await
}

#[noex::test(paused)]
async fn killed_as_ones_own_reason() -> Tested {
    let s = Scene::of("links.killed_as_ones_own_reason");
    let (a, b) = (s.silent("a").await?, s.part("b").trap().start().await?);
    ask(&b, Order::Link(a.clone())).await;
    tell(&a, Order::Stop(ExitReason::Killed));
    a.exited().await;
    pause(100).await;
    s.note(alive(b.is_alive()));
    s.compare().await
}

#[noex::test(paused)]
async fn link_to_the_dead() -> Tested {
    let s = Scene::of("links.link_to_the_dead");
    let a = s.silent("a").await?;
    a.stop().await?;
    let b = s.silent("b").await?;
    tell(&b, Order::Link(a));
    s.note(gone(b.exited().await));
    s.compare().await
}

#[noex::test(paused)]
async fn link_to_the_dead_under_trap() -> Tested {
    let s = Scene::of("links.link_to_the_dead_under_trap");
    let a = s.silent("a").await?;
    a.stop().await?;
    let b = s.part("b").trap().start().await?;
    ask(&b, Order::Link(a)).await;
    pause(100).await;
    s.note(alive(b.is_alive()));
    s.compare().await
}

#[noex::test(paused)]
async fn linked_twice_unlinked_once() -> Tested {
    let s = Scene::of("links.linked_twice_unlinked_once");
    let (a, b) = linked(&s).await?;
    ask(&b, Order::Link(a.clone())).await;
    ask(&b, Order::Unlink(a.clone())).await;
    tell(&a, Order::Stop(boom()));
    s.note(gone(a.exited().await));
    pause(100).await;
    s.note(alive(b.is_alive()));
    s.compare().await
}

#[noex::test(paused)]
async fn chain_is_broken_by_a_trap() -> Tested {
    let s = Scene::of("links.chain_is_broken_by_a_trap");
    let mut chain = Vec::new();
    for id in ["a", "b", "c", "d", "e"] {
        let part = s.part(id);
        let part = if id == "d" {
            part.trap()
        } else {
            part.silent()
        };
        chain.push(part.start().await?);
    }
    for pair in chain.windows(2) {
        ask(&pair[0], Order::Link(pair[1].clone())).await;
    }
    tell(&chain[0], Order::Stop(boom()));
    let third = chain[2].exited().await;
    pause(100).await;
    s.note(gone(third));
    s.note(alive(chain[4].is_alive()));
    s.compare().await
}

#[noex::test(paused)]
async fn trap_counts_from_its_setting() -> Tested {
    let s = Scene::of("links.trap_counts_from_its_setting");
    let a = s.worker("a").await?;
    ask(&a, Order::Trap(true)).await;
    a.exit(boom());
    ask(&a, Order::Trap(false)).await;
    a.exit(enough());
    s.note(gone(a.exited().await));
    s.compare().await
}

#[noex::test(paused)]
async fn signals_keep_their_place_among_messages() -> Tested {
    let s = Scene::of("links.signals_keep_their_place_among_messages");
    let (a, b) = (s.silent("a").await?, s.part("b").trap().start().await?);
    let hear = |n| Order::Tell(b.clone(), Box::new(note(n)));
    tell(
        &a,
        Order::Then(vec![hear(1), Order::Exit(b.clone(), boom()), hear(2)]),
    );
    pause(100).await;
    s.compare().await
}

#[noex::test(paused)]
async fn linked_start_is_a_link() -> Tested {
    let s = Scene::of("links.linked_start_is_a_link");
    let a = s.silent("a").await?;
    let b = s.part("b").silent();
    ask(&a, run(async move { drop(b.start_link().await) })).await;
    tell(&s.life("b", 1).await, Order::Stop(boom()));
    s.note(gone(a.exited().await));
    s.compare().await
}
