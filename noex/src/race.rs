//! Two futures, the first to be ready wins.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

pub(crate) enum Won<A, B> {
    First(A),
    Second(B),
}

/// When both are ready, the first wins. The loser is dropped, unless it was passed by reference.
pub(crate) async fn race<A: Future, B: Future>(a: A, b: B) -> Won<A::Output, B::Output> {
    let (mut a, mut b) = (pin!(a), pin!(b));
    poll_fn(|cx| {
        if let Poll::Ready(a) = a.as_mut().poll(cx) {
            return Poll::Ready(Won::First(a));
        }
        b.as_mut().poll(cx).map(Won::Second)
    })
    .await
}
