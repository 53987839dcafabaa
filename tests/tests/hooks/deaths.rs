//! What is true while a process dies.

use super::scenario::{Flag, ROUNDS, Raises, look_for, scenario, within};
use noex::prelude::*;
use std::future::pending;

#[derive(Clone, Default)]
struct Seen {
    begun: Flag,
    dropped: Flag,
    ending: Flag,
}

struct Stubborn(Seen);

#[gen_server(inline = never)]
impl Stubborn {
    #[init]
    fn new(seen: Seen) -> Self {
        Self(seen)
    }

    /// Never comes to an end.
    #[call]
    async fn hang(&self) {
        let _dropped = Raises(self.0.dropped.clone());
        self.0.begun.raise();
        pending().await
    }

    #[call]
    fn ping(&self) {}

    #[cast]
    fn note(&self) {}

    #[cast]
    fn end(&mut self, cx: &mut Ctx<Self>) {
        self.0.ending.raise();
        cx.stop(ExitReason::Normal);
    }

    #[terminate]
    async fn close(&self) {
        pending().await
    }
}

#[test]
fn who_is_told_of_a_death_finds_door_and_handler_so() {
    scenario(async {
        for _ in 0..ROUNDS {
            let seen = Seen::default();
            let stubborn = Stubborn::start(seen.clone()).await.expect("it starts");
            let caller = stubborn.clone();
            let in_hand = tokio::spawn(async move {
                let outcome = caller.hang().await;
                assert_eq!(outcome, Err(CallError::Exited(ExitReason::Killed)));
                assert!(matches!(caller.note(), Err(CastError::NotRunning(_))));
            });
            look_for("the handler", || seen.begun.is_up()).await;
            let queued = stubborn.ping().send().expect("it runs");
            let dropped = seen.dropped.clone();
            let queued = tokio::spawn(async move {
                let outcome = queued.await;
                assert_eq!(outcome, Err(CallError::Exited(ExitReason::Killed)));
                assert!(dropped.is_up(), "the handler is there");
            });
            stubborn.kill();
            within("the outcome", in_hand)
                .await
                .expect("the door is shut");
            within("the outcome", queued)
                .await
                .expect("the handler is gone");
            within("its end", stubborn.exited()).await;
        }
    });
}

#[test]
fn a_kill_ends_terminate() {
    scenario(async {
        for _ in 0..ROUNDS {
            let seen = Seen::default();
            let stubborn = Stubborn::start(seen.clone()).await.expect("it starts");
            stubborn.end().expect("it runs");
            look_for("its last handler", || seen.ending.is_up()).await;
            stubborn.kill();
            let reason = within("its end", stubborn.exited()).await;
            assert_eq!(reason, ExitReason::Killed);
        }
    });
}
