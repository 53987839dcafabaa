//! Children that need each other.

use super::parts::{Begin, Log, Part, Tested, ms, patient, start};
use noex::prelude::*;
use noex::supervisor::{Spec, SpecError, Strategy, TreeHandle};
use noex::{Restart, StartError};

/// `a`; `b` and `c` need `a`; `d` needs `b`; `e` needs nobody.
async fn shop(parts: &[Part; 5]) -> Result<TreeHandle, StartError> {
    let [a, b, c, d, e] = parts;
    let spec = patient().strategy(Strategy::Dependents);
    let spec = spec.child(a.spec()).child(b.spec().needs(["a"]));
    let spec = spec.child(c.spec().needs(["a"]));
    let spec = spec.child(d.spec().needs(["b"])).child(e.spec());
    Ok(start(spec).await?.0)
}

fn restarted<const N: usize>(parts: &[Part; N]) -> [usize; N] {
    parts.each_ref().map(|part| part.lives() - 1)
}

#[tokio::test]
async fn exactly_those_who_need_it_are_restarted() -> Tested {
    let log = Log::default();
    let parts = log.parts(["a", "b", "c", "d", "e"]);
    let tree = shop(&parts).await?;
    log.take();
    let [a, b, _, d, e] = &parts;
    b.now().kill();
    d.life(2).await;
    let expected = [
        "b gone",
        "d stops (shutdown)",
        "d gone",
        "b starts",
        "b up",
        "d starts",
        "d up",
    ];
    assert_eq!(log.take(), expected);
    e.now().kill();
    e.life(2).await;
    assert_eq!(restarted(&parts), [0, 1, 0, 1, 1]);
    log.take();
    a.now().kill();
    d.life(3).await;
    let order: Vec<_> = log.take();
    let stops: Vec<_> = order.iter().filter(|it| it.contains("stops")).collect();
    assert_eq!(
        stops,
        [
            "d stops (shutdown)",
            "c stops (shutdown)",
            "b stops (shutdown)"
        ]
    );
    let starts: Vec<_> = order.iter().filter(|it| it.contains("starts")).collect();
    assert_eq!(starts, ["a starts", "b starts", "c starts", "d starts"]);
    assert_eq!(restarted(&parts), [1, 2, 1, 2, 1]);
    tree.stop().await?;
    Ok(())
}

#[tokio::test]
async fn a_normal_exit_does_not_spread() -> Tested {
    let parts = Log::default().parts(["a", "b", "c", "d", "e"]);
    let tree = shop(&parts).await?;
    parts[0].now().end(ExitReason::Normal)?;
    parts[0].life(2).await;
    assert_eq!(restarted(&parts), [1, 0, 0, 0, 0]);
    tree.stop().await?;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn others_do_not_wait_for_a_group() -> Tested {
    let parts = Log::default().parts(["a", "b", "c", "d", "e"]);
    let tree = shop(&parts).await?;
    parts[1].next([Begin::After(ms(100))]);
    parts[1].now().kill();
    parts[1].beginning(2).await;
    let begun = tokio::time::Instant::now();
    parts[4].now().kill();
    parts[4].life(2).await;
    assert!(begun.elapsed() < ms(50));
    parts[3].life(2).await;
    assert!(begun.elapsed() >= ms(100));
    tree.stop().await?;
    Ok(())
}

#[tokio::test]
async fn one_can_need_only_what_starts_before_it() -> Tested {
    let [a, b] = Log::default().parts(["a", "b"]);
    for needed in ["b", "a", "nobody"] {
        let spec = Spec::new("tree").strategy(Strategy::Dependents);
        let spec = spec.child(a.spec().needs([needed])).child(b.spec());
        let refused = start(spec).await.map(drop);
        let Err(StartError::Failed(error)) = refused else {
            panic!("{refused:?}");
        };
        let expected = SpecError::UnknownNeed {
            supervisor: "tree",
            id: "a".into(),
            needed: needed.into(),
        };
        assert_eq!(error.downcast_ref(), Some(&expected));
    }
    assert_eq!(a.begun(), 0);
    Ok(())
}

#[tokio::test]
async fn one_that_is_added_takes_part() -> Tested {
    let parts = Log::default().parts(["a", "b", "c", "d", "e"]);
    let tree = shop(&parts).await?;
    let f = Log::default().part("f");
    let spec = f.spec().needs(["e"]).restart(Restart::Transient);
    tree.start_child(spec.clone()).await?;
    parts[4].now().kill();
    f.life(2).await;
    tree.terminate_child("f").await?;
    tree.delete_child("f").await?;
    let unknown = tree.start_child(spec.needs(["z"])).await;
    assert!(unknown.is_err());
    tree.stop().await?;
    Ok(())
}
