//! Links made and ended from both sides at once.

use super::peer::because;
use noex::ExitReason::NoProc;
use noex::prelude::*;
use std::error::Error;
use tokio::runtime::Builder;
use tokio::sync::mpsc;

type Outcome = Result<(), Box<dyn Error + Send + Sync>>;

/// Makes and ends links with another at random.
struct Stormy {
    exits: Vec<Exit>,
    downs: mpsc::UnboundedSender<Down>,
}

#[gen_server(trap_exit = true, inline = never)]
impl Stormy {
    #[init]
    fn new(downs: mpsc::UnboundedSender<Down>) -> Self {
        Self {
            exits: vec![],
            downs,
        }
    }

    #[call]
    fn watch(&mut self, other: StormyRef, cx: &mut Ctx<Self>) {
        cx.monitor(&other);
    }

    /// The last thing is a link or the end of it, and after that, perhaps, its own end.
    #[call]
    fn storm(
        &mut self,
        other: StormyRef,
        mut random: u64,
        link_at_last: bool,
        end: bool,
        cx: &mut Ctx<Self>,
    ) {
        for _ in 0..random % 8 {
            random = scrambled(random);
            match random >> 63 {
                0 => cx.link(&other),
                _ => cx.unlink(&other),
            }
        }
        match link_at_last {
            true => cx.link(&other),
            false => cx.unlink(&other),
        }
        if end {
            cx.stop(because("r"));
        }
    }

    #[info(exit)]
    fn exited(&mut self, exit: Exit) {
        self.exits.push(exit);
    }

    #[info(down)]
    fn down(&mut self, down: Down) {
        let _ = self.downs.send(down);
    }

    #[call]
    fn exits(&self) -> Vec<Exit> {
        self.exits.clone()
    }
}

/// The next number of a sequence that looks random.
fn scrambled(n: u64) -> u64 {
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (n ^ (n >> 31)).wrapping_add(0x9e37_79b9_7f4a_7c15)
}

/// A storm of both, in the midst of which or after which the second ends.
async fn round(seed: u64) -> Outcome {
    let random = scrambled(seed);
    let (downs, mut seen) = mpsc::unbounded_channel();
    let survivor = Stormy::start(downs.clone()).await?;
    let mortal = Stormy::start(downs).await?;
    survivor.watch(mortal.clone()).await?;
    let (linked, amid) = (random & 1 == 0, random & 2 == 0);
    let [first, second] = [random >> 2, random >> 33];
    if amid {
        // Each ends with a link, so whichever is later: there is one.
        let storm = mortal.storm(survivor.clone(), second, true, true).send()?;
        survivor.storm(mortal.clone(), first, true, false).await?;
        storm.await?;
    } else {
        let storm = mortal.storm(survivor.clone(), second, true, false).send()?;
        survivor.storm(mortal.clone(), first, true, false).await?;
        storm.await?;
        survivor.storm(mortal.clone(), first, linked, false).await?;
        mortal.stop().reason(because("r")).await?;
    }
    // Links are told before monitors.
    seen.recv().await;
    let exits = survivor.exits().await?;
    assert!(exits.iter().all(|exit| exit.from == mortal.pid()));
    let reasons: Vec<_> = exits.into_iter().map(|exit| exit.reason).collect();
    let fits = match &*reasons {
        [] => !amid && !linked,
        [only] => (amid || linked) && *only == because("r") || amid && *only == NoProc,
        // It was linked, saw the end, and only then was linked again.
        [first, second] => amid && *first == because("r") && *second == NoProc,
        _ => false,
    };
    assert!(fits, "seed {seed}: {reasons:?}");
    survivor.stop().await?;
    Ok(())
}

#[noex::test(workers = 2)]
async fn lk_20_link_storms_lose_nothing() -> Outcome {
    let rounds = async {
        for seed in 0..20_000 {
            round(seed).await?;
        }
        Ok(())
    };
    tokio::spawn(rounds).await?
}

/// Linked to the one before it.
struct Next;

#[gen_server]
impl Next {
    #[init]
    fn new(before: Option<NextRef>, cx: &mut Ctx<Self>) -> Self {
        if let Some(before) = before {
            cx.link(&before);
        }
        Self
    }

    #[call]
    fn here(&self) {}
}

/// Nothing wakes most of them before their runtime shuts down, and then each would be woken by the end of the one before it.
#[test]
fn the_end_of_a_runtime_does_not_climb_along_links() -> Outcome {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let system = System::new();
    let chain = runtime.block_on(async {
        let mut chain = Vec::new();
        for _ in 0..20_000 {
            let start = Next::start(chain.last().cloned()).system(&system);
            chain.push(start.await?);
        }
        for end in [0, 10_000, 19_999] {
            chain[end].here().await?;
        }
        Ok::<_, Box<dyn Error + Send + Sync>>(chain)
    })?;
    drop(runtime);
    assert!(system.processes().is_empty());
    assert!(chain.iter().all(|one| !one.is_alive()));
    Ok(())
}
