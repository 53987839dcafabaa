//! A bound counts what waits, not what has begun; and who waits for room is let in as soon as there is some.

use noex::prelude::*;
use std::error::Error;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use tokio::sync::Semaphore;

/// Begins a message only when it may end the one before.
struct Slow {
    begun: Arc<Semaphore>,
    may_end: Arc<Semaphore>,
}

#[gen_server(mailbox = 3)]
impl Slow {
    #[cast]
    async fn work(&mut self) {
        self.begun.add_permits(1);
        self.may_end
            .acquire()
            .await
            .expect("it is never closed")
            .forget();
    }
}

/// A server whose batch of three has begun: it works on the second of them, the third waits.
async fn in_its_second() -> Result<(SlowRef, Arc<Semaphore>), Box<dyn Error>> {
    let (begun, may_end) = (Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(0)));
    let server = Slow {
        begun: begun.clone(),
        may_end: may_end.clone(),
    };
    let slow = server.start().await?;
    for _ in 0..3 {
        slow.work()?;
    }
    assert!(matches!(slow.work(), Err(CastError::Full(_))));
    begun.acquire().await?.forget();
    may_end.add_permits(1);
    begun.acquire().await?.forget();
    assert_eq!(slow.queue_len(), 1);
    Ok((slow, may_end))
}

#[noex::test]
async fn a_message_that_has_begun_takes_no_room() -> Result<(), Box<dyn Error>> {
    let (slow, may_end) = in_its_second().await?;
    slow.work()?;
    slow.work()?;
    assert!(matches!(slow.work(), Err(CastError::Full(_))));
    may_end.add_permits(4);
    slow.stop().await?;
    Ok(())
}

#[noex::test]
async fn the_first_in_line_is_let_in_by_the_next_message() -> Result<(), Box<dyn Error>> {
    let (slow, may_end) = in_its_second().await?;
    slow.work()?;
    slow.work()?;
    let mut place = pin!(slow.reserve());
    let mut cx = Context::from_waker(Waker::noop());
    assert!(place.as_mut().poll(&mut cx).is_pending());
    // It ends its second message and begins its third, of the same batch.
    may_end.add_permits(1);
    while slow.queue_len() > 2 {
        tokio::task::yield_now().await;
    }
    let Poll::Ready(Ok(place)) = place.as_mut().poll(&mut cx) else {
        panic!("there is room, and it was not told");
    };
    place.work()?;
    may_end.add_permits(4);
    slow.stop().await?;
    Ok(())
}
