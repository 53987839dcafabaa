//! Restarts of several children.

use super::parts::{Begin, End, Log, Tested, ids, ms, patient, start, state, tree_of};
use noex::Restart;
use noex::supervisor::{ChildState, Strategy};

#[tokio::test]
async fn rs_06_one_for_all_restarts_in_order() -> Tested {
    let log = Log::default();
    let [a, b, c] = log.parts(["a", "b", "c"]);
    let tree = tree_of(patient().strategy(Strategy::OneForAll), [&a, &b, &c]).await?;
    b.now().kill();
    c.life(2).await;
    let expected = [
        "b gone",
        "c stops (shutdown)",
        "c gone",
        "a stops (shutdown)",
        "a gone",
        "a starts",
        "a up",
        "b starts",
        "b up",
        "c starts",
        "c up",
    ];
    assert_eq!(log.take(), expected);
    tree.stop().await?;
    Ok(())
}

#[tokio::test]
async fn rs_07_rest_for_one_restarts_the_later_ones() -> Tested {
    let log = Log::default();
    let [a, b, c, d] = log.parts(["a", "b", "c", "d"]);
    let tree = tree_of(patient().strategy(Strategy::RestForOne), [&a, &b, &c, &d]).await?;
    let first = a.pid();
    b.now().kill();
    d.life(2).await;
    let expected = [
        "b gone",
        "d stops (shutdown)",
        "d gone",
        "c stops (shutdown)",
        "c gone",
        "b starts",
        "b up",
        "c starts",
        "c up",
        "d starts",
        "d up",
    ];
    assert_eq!(log.take(), expected);
    assert!(a.is_alive() && a.pid() == first);
    tree.stop().await?;
    Ok(())
}

#[tokio::test]
async fn rs_10_temporary_bystander_is_forgotten() -> Tested {
    let log = Log::default();
    let [a, b, c] = log.parts(["a", "b", "c"]);
    let temporary = b.spec().restart(Restart::Temporary);
    let spec = patient().strategy(Strategy::OneForAll);
    let (tree, _) = start(spec.child(a.spec()).child(temporary).child(c.spec())).await?;
    log.take();
    a.now().kill();
    c.life(2).await;
    assert_eq!(ids(&tree).await, ["a", "c"]);
    let expected = [
        "a gone",
        "c stops (shutdown)",
        "c gone",
        "b stops (shutdown)",
        "b gone",
        "a starts",
        "a up",
        "c starts",
        "c up",
    ];
    assert_eq!(log.take(), expected);
    tree.stop().await?;
    Ok(())
}

#[tokio::test]
async fn rs_11_group_restart_revives_the_finished() -> Tested {
    let log = Log::default();
    let [a, b, c] = log.parts(["a", "b", "c"]);
    let transient = b.spec().restart(Restart::Transient);
    let spec = patient().strategy(Strategy::OneForAll);
    let (tree, _) = start(spec.child(a.spec()).child(transient).child(c.spec())).await?;
    b.now().end_with(&noex::ExitReason::Normal).await;
    tree.terminate_child("c").await?;
    assert_eq!(state(&tree, "b").await, Some(ChildState::Stopped));
    assert_eq!(state(&tree, "c").await, Some(ChildState::Stopped));
    a.now().kill();
    c.life(2).await;
    assert_eq!((a.lives(), b.lives(), c.lives()), (2, 2, 2));
    tree.stop().await?;
    Ok(())
}

#[tokio::test]
async fn rs_12_one_for_all_retry_starts_over() -> Tested {
    let log = Log::default();
    let [a, b, c] = log.parts(["a", "b", "c"]);
    c.next([Begin::Well, Begin::Fail]);
    let tree = tree_of(patient().strategy(Strategy::OneForAll), [&a, &b, &c]).await?;
    b.now().kill();
    c.life(2).await;
    let expected = [
        "b gone",
        "c stops (shutdown)",
        "c gone",
        "a stops (shutdown)",
        "a gone",
        "a starts",
        "a up",
        "b starts",
        "b up",
        "c starts",
        "b stops (shutdown)",
        "b gone",
        "a stops (shutdown)",
        "a gone",
        "a starts",
        "a up",
        "b starts",
        "b up",
        "c starts",
        "c up",
    ];
    assert_eq!(log.take(), expected);
    tree.stop().await?;
    Ok(())
}

#[tokio::test]
async fn rs_13_rest_for_one_retry_resumes() -> Tested {
    let log = Log::default();
    let [a, b, c] = log.parts(["a", "b", "c"]);
    c.next([Begin::Well, Begin::Fail]);
    let tree = tree_of(patient().strategy(Strategy::RestForOne), [&a, &b, &c]).await?;
    a.now().kill();
    c.life(2).await;
    let expected = [
        "a gone",
        "c stops (shutdown)",
        "c gone",
        "b stops (shutdown)",
        "b gone",
        "a starts",
        "a up",
        "b starts",
        "b up",
        "c starts",
        "c starts",
        "c up",
    ];
    assert_eq!(log.take(), expected);
    tree.stop().await?;
    Ok(())
}

#[tokio::test]
async fn rs_20_simultaneous_deaths_are_one_group_restart() -> Tested {
    let log = Log::default();
    let [a, b, c] = log.parts(["a", "b", "c"]);
    let spec = patient()
        .intensity(1, ms(1_000))
        .strategy(Strategy::OneForAll);
    let tree = tree_of(spec, [&a, &b, &c]).await?;
    // Nothing runs between the two.
    a.now().kill();
    c.now().kill();
    c.life(2).await;
    tree.children().await?;
    assert_eq!((a.begun(), b.begun(), c.begun()), (2, 2, 2));
    tree.stop().await?;
    Ok(())
}

#[tokio::test]
async fn rs_21_stale_exit_spares_the_successor() -> Tested {
    let log = Log::default();
    let [a, b, c] = log.parts(["a", "b", "c"]);
    let spec = patient()
        .intensity(1, ms(1_000))
        .strategy(Strategy::RestForOne);
    let tree = tree_of(spec, [&a, &b, &c]).await?;
    a.now().kill();
    b.now().kill();
    c.life(2).await;
    tree.children().await?;
    assert_eq!((a.begun(), b.begun(), c.begun()), (2, 2, 2));
    assert!(b.is_alive());
    tree.stop().await?;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn rs_22_death_during_a_start_is_handled_once() -> Tested {
    let log = Log::default();
    let [a, b, c] = log.parts(["a", "b", "c"]);
    b.next([Begin::After(ms(50))]);
    c.next([Begin::After(ms(50))]);
    let spec = patient().child(a.spec()).child(b.spec());
    let starting = tokio::spawn(start(spec));
    // While the tree starts for the first time ..
    b.beginning(1).await;
    a.now().kill();
    a.life(2).await;
    let (tree, _) = starting.await??;
    // .. and while a child is added.
    let adding = tree.clone();
    let more = c.spec();
    let adding =
        tokio::spawn(async move { adding.start_child(more).await.map_err(|e| e.to_string()) });
    c.beginning(1).await;
    b.ends(End::After(ms(500)));
    a.now().kill();
    a.life(3).await;
    adding.await??;
    assert_eq!((a.begun(), b.begun(), c.begun()), (3, 1, 1));
    tree.stop().await?;
    Ok(())
}
