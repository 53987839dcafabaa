//! Those who wait for room.

use super::scenario::{ROUNDS, poll_once, scenario, within};
use noex::prelude::*;
use tokio::task::yield_now;

struct Narrow(u64);

#[gen_server(mailbox = 1, inline = never)]
impl Narrow {
    #[cast]
    fn put(&mut self) {
        self.0 += 1;
    }

    #[call]
    fn count(&self) -> u64 {
        self.0
    }
}

/// Some wait for their place, others give it up at once.
#[test]
fn who_waits_for_room_gets_it() {
    scenario(async {
        let narrow = Narrow(0).start().await.expect("nothing hinders it");
        let wait = |leaves: bool| {
            let narrow = narrow.clone();
            tokio::spawn(async move {
                for _ in 0..2 * ROUNDS {
                    if leaves {
                        drop(poll_once(narrow.reserve()).await);
                        yield_now().await;
                        continue;
                    }
                    let place = within("room", narrow.reserve()).await;
                    place.expect("it runs").put().expect("there is room");
                }
            })
        };
        for waits in [
            wait(false),
            wait(false),
            wait(false),
            wait(true),
            wait(true),
        ] {
            within("those in line", waits).await.expect("they get room");
        }
        assert_eq!(narrow.count().await, Ok(3 * 2 * ROUNDS));
        narrow.stop().await.expect("it ran");
    });
}
