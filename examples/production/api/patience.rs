//! Requests that outlast a restart.

use noex::CallError;
use std::future::IntoFuture;
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// A restart takes milliseconds; what takes longer is for the client to wait for.
const PATIENCE: Duration = Duration::from_millis(500);
const PAUSE: Duration = Duration::from_millis(1);

/// Asks again while the server is being restarted. Only for what may be asked twice: a server that ended may have done it.
pub(super) async fn through_restarts<C, T, E>(ask: impl Fn() -> C) -> Result<T, CallError<E>>
where
    C: IntoFuture<Output = Result<T, CallError<E>>>,
{
    let until = Instant::now() + PATIENCE;
    loop {
        let answer = ask().into_future().await;
        let gone = matches!(
            answer,
            Err(CallError::NotRunning | CallError::Exited(_) | CallError::NoReply)
        );
        if !gone || Instant::now() >= until {
            return answer;
        }
        sleep(PAUSE).await;
    }
}
