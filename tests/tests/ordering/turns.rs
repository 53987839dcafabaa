//! A server that always has something to do leaves others their turn.

use noex::prelude::*;
use std::error::Error;

/// Far more messages than a turn has.
const MANY: u64 = 100_000;

struct Eager {
    left: u64,
}

#[gen_server(mailbox = unbounded)]
impl Eager {
    #[cast]
    fn on_the_spot(&mut self, cx: &mut Ctx<Self>) {
        self.left = self.left.saturating_sub(1);
        if self.left > 0 {
            let _ = cx.myself().on_the_spot();
        }
    }

    #[cast]
    async fn awaited(&mut self, cx: &mut Ctx<Self>) {
        std::future::ready(()).await;
        self.left = self.left.saturating_sub(1);
        if self.left > 0 {
            let _ = cx.myself().awaited();
        }
    }
}

/// How many messages the only thread handled before it came back here.
async fn handled_in_a_turn(eager: &EagerRef) -> u64 {
    tokio::task::yield_now().await;
    eager.handled()
}

#[noex::test]
async fn messages_handled_on_the_spot_leave_others_their_turn() -> Result<(), Box<dyn Error>> {
    let eager = Eager { left: MANY }.start().await?;
    eager.on_the_spot()?;
    let handled = handled_in_a_turn(&eager).await;
    assert!((1..MANY).contains(&handled), "{handled}");
    eager.stop().await?;
    Ok(())
}

#[noex::test]
async fn messages_that_are_awaited_leave_others_their_turn() -> Result<(), Box<dyn Error>> {
    let eager = Eager { left: MANY }.start().await?;
    eager.awaited()?;
    let handled = handled_in_a_turn(&eager).await;
    assert!((1..MANY).contains(&handled), "{handled}");
    eager.stop().await?;
    Ok(())
}
