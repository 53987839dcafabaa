//! A poller: works on a timer and asks another server for what it polls.

use noex::prelude::*;
use std::time::Duration;

struct Source(u32);

#[gen_server]
impl Source {
    #[call]
    fn next(&mut self) -> u32 {
        self.0 += 1;
        self.0
    }
}

#[derive(Clone)]
struct Poll;

struct Poller {
    source: SourceRef,
    seen: Vec<u32>,
}

#[gen_server]
impl Poller {
    #[init]
    fn new(source: SourceRef, every: Duration, cx: &mut Ctx<Self>) -> Self {
        cx.interval(every, Poll);
        Self {
            source,
            seen: vec![],
        }
    }

    #[info]
    async fn poll(&mut self, _: Poll) -> Result<(), CallError> {
        self.seen.push(self.source.next().await?);
        Ok(())
    }

    #[call]
    fn seen(&self) -> Vec<u32> {
        self.seen.clone()
    }
}

#[tokio::test(start_paused = true)]
async fn it_polls_until_its_source_is_gone() -> Result<(), Box<dyn std::error::Error>> {
    let source = Source(0).start().await?;
    let poller = Poller::start(source.clone(), Duration::from_secs(1)).await?;
    tokio::time::sleep(Duration::from_millis(3100)).await;
    assert_eq!(poller.seen().await?, [1, 2, 3]);
    source.stop().await?;
    let reason = poller.exited().await;
    assert_eq!(
        reason.downcast_ref::<CallError>(),
        Some(&CallError::NotRunning)
    );
    Ok(())
}
