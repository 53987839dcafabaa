//! Timers that are set for others.

use super::scenario::{ROUNDS, scenario, within};
use noex::prelude::*;
use std::thread;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::task::block_in_place;

struct Ring(oneshot::Sender<()>);

struct Bell;

#[gen_server]
impl Bell {
    #[init]
    fn new() -> Self {
        Self
    }

    #[info]
    fn ring(&mut self, ring: Ring) {
        let _ = ring.0.send(());
    }
}

/// Two timers, the second of which is set when the first is due, or about then. Nothing else turns the wheel meanwhile.
#[test]
fn every_timer_rings() {
    scenario(async {
        let bell = Bell::start().await.expect("nothing hinders it");
        for round in 0..2 * ROUNDS {
            let setters = [0, 800 + 600 * (round % 10)].map(|later| {
                let bell = bell.clone();
                tokio::spawn(async move {
                    block_in_place(|| thread::sleep(Duration::from_micros(later)));
                    let (ring, rung) = oneshot::channel();
                    bell.send_after(Duration::from_millis(1), Ring(ring));
                    within("the bell", rung).await.expect("the bell has it");
                })
            });
            for setter in setters {
                setter.await.expect("it rings");
            }
        }
        bell.stop().await.expect("it ran");
    });
}
