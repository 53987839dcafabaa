//! The state, looked at and replaced from outside.

use super::{Outcome, settle};
use noex::prelude::*;
use noex::{Status, SystemMessageError};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::sync::oneshot;

/// Two numbers that are always equal between two messages.
struct Pair {
    left: u64,
    right: u64,
}

#[gen_server(inline = always)]
impl Pair {
    #[cast]
    async fn add(&mut self, n: u64) {
        self.left += n;
        tokio::task::yield_now().await;
        self.right += n;
    }

    #[call]
    async fn hold(&mut self, until: oneshot::Receiver<()>) {
        self.left += 1;
        let _ = until.await;
        self.right += 1;
    }

    #[call]
    fn sum(&self) -> u64 {
        self.left + self.right
    }

    #[call]
    async fn ask_itself(&self, cx: &mut Ctx<Self>) -> Option<SystemMessageError> {
        cx.myself().get_state(|_| ()).await.err()
    }

    #[status]
    fn show(&self) -> impl serde::Serialize {
        assert!(self.left < 1000, "too much to show");
        shown(self.left)
    }
}

fn shown(left: u64) -> BTreeMap<&'static str, u64> {
    BTreeMap::from([("left", left)])
}

const NOUGHT: Pair = Pair { left: 0, right: 0 };

#[noex::test]
async fn sy_03_state_is_read_and_replaced_between_messages() -> Outcome {
    let pair = NOUGHT.start().await?;
    // Ahead of what waits, and between two messages: never in the middle of one.
    for _ in 0..100 {
        pair.add(1)?;
    }
    settle().await;
    let seen = pair.get_state(|p| (p.left, p.right)).await?;
    assert!(seen.0 == seen.1 && seen.0 < 100, "{seen:?}");
    let replaced = pair.replace_state(|p| Pair {
        left: p.left + 100_000,
        right: p.right + 100_000,
    });
    replaced.await?;
    assert_eq!(pair.sum().await?, 200_200);
    // While it is suspended.
    assert!(pair.suspend());
    pair.add(5)?;
    pair.replace_state(|_| NOUGHT).await?;
    assert_eq!(pair.get_state(|p| p.left).await?, 0);
    assert!(pair.resume());
    assert_eq!(pair.sum().await?, 10);
    // What panics changes nothing.
    let failed = pair.replace_state(|_| panic!("no such state")).await;
    let Err(SystemMessageError::Panicked(ExitReason::Panic { message, .. })) = failed else {
        panic!("{failed:?}");
    };
    assert_eq!(&*message, "no such state");
    let failed = pair.get_state(|_| -> u64 { panic!("no such look") }).await;
    assert!(matches!(failed, Err(SystemMessageError::Panicked(_))));
    assert_eq!(pair.sum().await?, 10);
    assert_eq!(pair.ask_itself().await?, Some(SystemMessageError::Itself));
    pair.stop().await?;
    assert_eq!(
        pair.get_state(|_| ()).await,
        Err(SystemMessageError::NotRunning)
    );
    Ok(())
}

#[noex::test(paused)]
async fn sy_03_busy_server_tells_in_what() -> Outcome {
    let pair = NOUGHT.start().await?;
    let (release, until) = oneshot::channel();
    let held = pair.hold(until).timeout(Duration::MAX).send()?;
    settle().await;
    // Also with more in the mailbox than it takes.
    while pair.add(1).is_ok() {}
    let limit = Duration::from_millis(3200);
    let busy = pair.get_state(|p| p.left).timeout(limit).await;
    assert_eq!(
        busy,
        Err(SystemMessageError::Busy {
            handler: "hold",
            at_least: limit
        })
    );
    assert_eq!(
        busy.map_err(|e| e.to_string()),
        Err("busy in `hold` for 3.2s or longer; ask again, or with a longer timeout".to_owned())
    );
    // A question that nobody waits for is not put; the next is the first thing after the handler.
    let looking = tokio::spawn({
        let pair = pair.clone();
        async move { pair.get_state(|p| (p.left, p.right)).await }
    });
    settle().await;
    release.send(()).expect("it waits");
    assert_eq!(looking.await?, Ok((1, 1)));
    held.await?;
    pair.kill();
    pair.exited().await;
    // One that ends instead.
    let pair = NOUGHT.start().await?;
    let (_release, until) = oneshot::channel();
    let held = pair.hold(until).send()?;
    settle().await;
    let (status, ()) = tokio::join!(pair.get_status(), async {
        settle().await;
        pair.kill();
    });
    assert_eq!(status, Err(SystemMessageError::NotRunning));
    drop(held);
    Ok(())
}

#[noex::test]
async fn sy_07_failing_status_hook_degrades() -> Outcome {
    let system = System::current();
    let pair = NOUGHT.start().name("pair").await?;
    pair.add(3)?;
    let status = pair.get_status().await?;
    assert_eq!(status.server, "Pair");
    assert_eq!(Some(status.pid), pair.pid());
    assert_eq!(status.name.as_deref(), Some("pair"));
    assert_eq!((status.parent, status.suspended), (None, false));
    assert!(status.events.is_empty() && status.links.is_empty() && !status.traps_exit);
    assert!(pair.suspend() && pair.log(3));
    pair.replace_state(|_| Pair { left: 7, right: 7 }).await?;
    let status = pair.get_status().await?;
    assert_eq!(status.state, Some(Status::of(&shown(7))));
    assert!(status.suspended && status.statistics.uptime > Duration::ZERO);
    // A hook that panics takes nothing with it.
    let too_much = |_: &Pair| Pair {
        left: 1000,
        right: 1000,
    };
    pair.replace_state(too_much).await?;
    let status = pair.get_status().await?;
    let text = status.state.map(|s| s.to_string()).unwrap_or_default();
    assert!(text.contains("too much to show"), "{text}");
    assert_eq!(status.name.as_deref(), Some("pair"));
    assert!(pair.resume());
    pair.replace_state(|_| NOUGHT).await?;
    let status = pair.get_status().await?;
    assert_eq!(status.state, Some(Status::of(&shown(0))));
    system.stop().await;
    Ok(())
}
