//! An abandonment that meets the death it did not wait for.

use super::{Outcome, until};
use noex::prelude::*;
use noex::supervisor::{Spec, Supervisor};
use std::error::Error;
use std::time::Duration;

/// Lets go of its thread when it has been told to, or about then.
struct Slow;

#[gen_server(stuck = abandon, shutdown = brutal_kill)]
impl Slow {
    #[init]
    fn new() -> Self {
        Self
    }

    #[cast]
    fn nap(&mut self, time: Duration) {
        std::thread::sleep(time);
    }
}

/// Each ends once, for one reason, and leaves neither a name nor an entry behind.
#[noex::test(workers = 8)]
async fn an_abandonment_meets_the_death() -> Outcome {
    let system = System::current();
    let mut ends = [0, 0];
    for _ in 0..4 {
        let meetings: Vec<_> = (0..6_u64).map(|n| tokio::spawn(meet(n))).collect();
        for meeting in meetings {
            let reason = meeting.await?.map_err(|e| e.to_string())?;
            assert!(matches!(reason, ExitReason::Killed | ExitReason::Leaked));
            ends[usize::from(reason == ExitReason::Leaked)] += 1;
        }
    }
    // The first of each round is in time, the last is late; who else is, chance decides.
    assert!(ends[0] >= 4 && ends[1] >= 4, "{ends:?}");
    until(|| system.leaked().is_empty()).await;
    assert_eq!(system.processes(), []);
    assert!(system.registry().names().is_empty());
    Ok(())
}

async fn meet(n: u64) -> Result<ExitReason, Box<dyn Error + Send + Sync>> {
    let name = format!("slow {n}");
    let spec = Spec::new("tree").child(Slow::child_spec().id("slow").name(name.clone()));
    let tree = Supervisor::start(spec).await?;
    let slow = Slow::named(name).current().ok_or("it runs")?;
    // It has a second after it was killed.
    slow.nap(Duration::from_micros(
        [500_000, 999_500, 1_000_000, 1_000_500, 1_001_000, 1_500_000][n as usize],
    ))?;
    until(|| slow.queue_len() == 0).await;
    tree.terminate_child("slow").await?;
    let reason = slow.exited().await;
    tree.stop().await?;
    // The end of the nap changes nothing.
    assert_eq!(slow.exit_reason(), Some(reason.clone()));
    Ok(reason)
}
