//! Waiting for the answers of several calls at once.

use super::GenServer;
use super::call::Call;
use super::crowd::Crowd;
use super::pending::Pending;
use crate::error::CallError;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::task::coop::{Unconstrained, unconstrained};

/// Calls that have been sent, each with a label, whose answers are taken in the order in which they come.
///
/// Dropping it withdraws those that have not begun, as for [`Pending`].
///
/// ```
/// use noex::{PendingSet, prelude::*};
///
/// struct Cell(u64);
///
/// #[gen_server]
/// impl Cell {
///     #[call]
///     fn get(&self) -> u64 { self.0 }
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let cells = [Cell(1).start().await?, Cell(2).start().await?];
/// let mut answers = PendingSet::new();
/// for (n, cell) in cells.iter().enumerate() {
///     answers.insert(n, cell.get().send()?);
/// }
/// let mut sum = 0;
/// while let Some((_, answer)) = answers.next().await {
///     sum += answer?;
/// }
/// assert_eq!(sum, 3);
/// # Ok(())
/// # }
/// ```
#[must_use = "dropping it withdraws its calls"]
pub struct PendingSet<L, T, E = std::convert::Infallible> {
    crowd: Crowd<L, Unconstrained<Pending<T, E>>>,
}

impl<L, T, E> PendingSet<L, T, E> {
    /// An empty set.
    pub fn new() -> Self {
        PendingSet {
            crowd: Crowd::new(),
        }
    }

    /// Adds a call. Labels need not differ.
    pub fn insert(&mut self, label: L, mut pending: Pending<T, E>) {
        self.crowd.add(label, |bell| {
            pending.listen(bell);
            // Without budget it would be woken at once, in the middle of a look at those who were woken.
            unconstrained(pending)
        });
    }

    /// Waits for the next answer, and takes it out with its label; `None` when the set is empty.
    ///
    /// Cancel safe: an answer is taken out only when it is returned.
    pub async fn next(&mut self) -> Option<(L, Result<T, CallError<E>>)> {
        poll_fn(|cx| {
            let budget = ready!(tokio::task::coop::poll_proceed(cx));
            let next = ready!(self.crowd.poll_next(cx));
            budget.made_progress();
            Poll::Ready(next)
        })
        .await
    }

    /// How many calls have not been taken out.
    pub fn len(&self) -> usize {
        self.crowd.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<L, T, E> Default for PendingSet<L, T, E> {
    fn default() -> Self {
        PendingSet::new()
    }
}

impl<L, T, E> fmt::Debug for PendingSet<L, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingSet")
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}

/// Makes several calls at once: all are sent when it is first polled, and each is given `timeout` from then.
///
/// It yields what became of each, in the order of `calls`: a server that is dead or slow costs the others nothing. Dropping it drops the calls,
/// as for [`Call`].
///
/// ```
/// use noex::prelude::*;
/// use std::time::Duration;
///
/// struct Cell(u64);
///
/// #[gen_server]
/// impl Cell {
///     #[call]
///     fn get(&self) -> u64 { self.0 }
/// }
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let cells = [Cell(1).start().await?, Cell(2).start().await?];
/// cells[0].stop().await?;
/// let all = noex::multi_call(Duration::from_secs(1), cells.iter().map(|cell| cell.get())).await;
/// assert_eq!(all, [Err(CallError::NotRunning), Ok(2)]);
/// # Ok(())
/// # }
/// ```
pub fn multi_call<'a, S, T, E>(
    timeout: Duration,
    calls: impl IntoIterator<Item = Call<'a, S, T, E>>,
) -> MultiCall<'a, S, T, E>
where
    S: GenServer,
{
    let mut crowd = Crowd::new();
    let mut answers = Vec::new();
    for call in calls {
        // One look sends them all, however many they are, so that one limit holds for all.
        let call = unconstrained(call.timeout(timeout));
        crowd.add(answers.len(), |_| call);
        answers.push(None);
    }
    MultiCall { crowd, answers }
}

/// The future of [`multi_call`].
#[must_use = "nothing is sent unless awaited"]
pub struct MultiCall<'a, S: GenServer, T, E> {
    crowd: Crowd<usize, Unconstrained<Call<'a, S, T, E>>>,
    answers: Vec<Option<Result<T, CallError<E>>>>,
}

impl<S: GenServer, T, E> Future for MultiCall<'_, S, T, E> {
    type Output = Vec<Result<T, CallError<E>>>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let budget = ready!(tokio::task::coop::poll_proceed(cx));
        while let Some((at, answer)) = ready!(this.crowd.poll_next(cx)) {
            this.answers[at] = Some(answer);
        }
        budget.made_progress();
        Poll::Ready(this.answers.drain(..).flatten().collect())
    }
}

// Nothing in it is pinned.
impl<S: GenServer, T, E> Unpin for MultiCall<'_, S, T, E> {}

impl<S: GenServer, T, E> fmt::Debug for MultiCall<'_, S, T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MultiCall")
            .field("waiting_for", &self.crowd.len())
            .finish_non_exhaustive()
    }
}
