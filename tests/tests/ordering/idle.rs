//! The notice that nothing has arrived for a while.

use noex::prelude::*;
use std::error::Error;
use std::time::Duration;
use tokio::time::sleep;

/// Counts how often it was told that it is idle.
#[derive(Default)]
struct Queued(u32);

#[gen_server(idle = 30ms, inline = never)]
impl Queued {
    #[call]
    fn notices(&self) -> u32 {
        self.0
    }

    #[info(idle)]
    fn idle(&mut self) {
        self.0 += 1;
    }
}

/// The same, run by its callers.
#[derive(Default)]
struct Inlined(u32);

#[gen_server(idle = 30ms, inline = always)]
impl Inlined {
    #[call]
    fn notices(&self) -> u32 {
        self.0
    }

    #[info(idle)]
    fn idle(&mut self) {
        self.0 += 1;
    }
}

fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}

/// In a task of the runtime, where calls may run the server on the caller's stack.
macro_rules! in_a_task {
    ($body:block) => {
        tokio::spawn(async move {
            $body
            Ok::<_, CallError>(())
        })
        .await??
    };
}

#[noex::test(paused)]
async fn or_16_idle_fires_once_until_rearmed() -> Result<(), Box<dyn Error>> {
    let queued = Queued::default().start().await?;
    let inlined = Inlined::default().start().await?;
    let (one, two) = (queued.clone(), inlined.clone());
    in_a_task!({
        sleep(ms(500)).await;
        // These are messages, from which on the time is counted anew.
        assert_eq!((one.notices().await?, two.notices().await?), (1, 1));
        sleep(ms(500)).await;
        assert_eq!((one.notices().await?, two.notices().await?), (2, 2));
    });
    System::current().stop().await;
    Ok(())
}

#[noex::test(paused)]
async fn or_17_message_cancels_the_idle_timeout() -> Result<(), Box<dyn Error>> {
    let queued = Queued::default().start().await?;
    let inlined = Inlined::default().start().await?;
    let (one, two) = (queued.clone(), inlined.clone());
    in_a_task!({
        for _ in 0..100 {
            sleep(ms(20)).await;
            assert_eq!((one.notices().await?, two.notices().await?), (0, 0));
        }
        // The full time is counted from the last message.
        sleep(ms(29)).await;
        assert_eq!((one.notices().await?, two.notices().await?), (0, 0));
        sleep(ms(32)).await;
        assert_eq!((one.notices().await?, two.notices().await?), (1, 1));
    });
    System::current().stop().await;
    Ok(())
}
