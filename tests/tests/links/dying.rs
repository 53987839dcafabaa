//! How an end spreads over links.

use super::peer::{PeerRef, Seen, because, end, gone, peer, trapper};
use noex::prelude::*;
use std::error::Error;

type Outcome = Result<(), Box<dyn Error>>;

/// Links each with the next.
async fn chain(peers: &[PeerRef]) -> Result<(), CallError> {
    for pair in peers.windows(2) {
        pair[0].link(pair[1].clone()).await?;
    }
    Ok(())
}

#[noex::test]
async fn lk_01_linked_failure_spreads() -> Outcome {
    // Whoever of the two made the link.
    for first in [0, 1] {
        let peers = [peer().await?, peer().await?];
        chain(&peers).await?;
        let error = ExitReason::from_error("the disk is full");
        peers[first].end(error.clone())?;
        assert_eq!(gone(&peers[1 - first]).await?, error);
    }
    // A word about a shutdown is clean, and spreads all the same: only `Normal` does not.
    let peers = [peer().await?, peer().await?];
    chain(&peers).await?;
    peers[0].end(because("r"))?;
    assert_eq!(gone(&peers[1]).await?, because("r"));
    Ok(())
}

#[noex::test]
async fn lk_02_linked_normal_exit_does_not_spread() -> Outcome {
    let peers = [peer().await?, peer().await?];
    chain(&peers).await?;
    end(&peers[0], ExitReason::Normal).await?;
    assert_eq!(peers[1].seen().await?, []);
    peers[1].stop().await?;
    Ok(())
}

#[noex::test]
async fn lk_03_trapper_sees_every_exit() -> Outcome {
    let trapper = trapper().await?;
    let error = ExitReason::from_error("an error");
    for reason in [ExitReason::Normal, because("r"), error] {
        let peer = peer().await?;
        trapper.link(peer.clone()).await?;
        let from = peer.pid();
        end(&peer, reason.clone()).await?;
        let seen = trapper.seen().await?;
        let [Seen::Exit(exit)] = &*seen else {
            panic!("{seen:?}");
        };
        assert_eq!((exit.from, &exit.reason), (from, &reason));
    }
    trapper.stop().await?;
    Ok(())
}

#[noex::test]
async fn lk_04_kill_beats_the_trap() -> Outcome {
    let [victim, linked, other] = [trapper().await?, trapper().await?, peer().await?];
    chain(&[linked.clone(), victim.clone(), other.clone()]).await?;
    victim.exit(ExitReason::Killed);
    assert_eq!(gone(&victim).await?, ExitReason::Killed);
    assert_eq!(linked.exits().await?, [ExitReason::Killed]);
    assert_eq!(gone(&other).await?, ExitReason::Killed);
    linked.stop().await?;
    Ok(())
}

#[noex::test]
async fn lk_05_own_reason_called_kill_is_trapped_unchanged() -> Outcome {
    for reason in [because("kill"), ExitReason::Killed] {
        let (own, trapper) = (peer().await?, trapper().await?);
        trapper.link(own.clone()).await?;
        end(&own, reason.clone()).await?;
        assert_eq!(trapper.exits().await?, [reason]);
        trapper.stop().await?;
    }
    Ok(())
}

/// Notes what it was told in `terminate`.
struct Mortal {
    told: tokio::sync::mpsc::UnboundedSender<ExitReason>,
}

#[gen_server]
impl Mortal {
    #[call]
    fn link(&mut self, other: PeerRef, cx: &mut Ctx<Self>) {
        cx.link(&other);
    }

    #[terminate]
    fn die(&mut self, why: &ExitReason) {
        let _ = self.told.send(why.clone());
    }
}

#[noex::test]
async fn lk_06_own_reason_called_kill_spreads_unchanged() -> Outcome {
    for reason in [because("kill"), ExitReason::Killed] {
        let (told, mut tells) = tokio::sync::mpsc::unbounded_channel();
        let (own, mortal) = (peer().await?, Mortal { told }.start().await?);
        mortal.link(own.clone()).await?;
        own.end(reason.clone())?;
        assert_eq!(gone(&mortal).await?, reason);
        // It was not killed itself: it ends in order.
        assert_eq!(tells.recv().await, Some(reason));
    }
    Ok(())
}

#[noex::test]
async fn lk_14_failure_runs_along_a_chain() -> Outcome {
    let peers = [peer().await?, peer().await?, peer().await?];
    chain(&peers).await?;
    peers[0].end(because("r"))?;
    assert_eq!(gone(&peers[2]).await?, because("r"));
    assert_eq!(gone(&peers[1]).await?, because("r"));
    Ok(())
}

#[noex::test]
async fn lk_15_trap_breaks_the_chain() -> Outcome {
    let peers = [peer().await?, trapper().await?, peer().await?];
    chain(&peers).await?;
    end(&peers[0], because("r")).await?;
    assert_eq!(peers[1].exits().await?, [because("r")]);
    assert_eq!(peers[2].seen().await?, []);
    System::current().stop().await;
    Ok(())
}

#[noex::test(workers = 2)]
async fn lk_16_ring_dies_whole() -> Outcome {
    for first in 0..50 {
        let mut ring = Vec::new();
        for _ in 0..100 {
            ring.push(peer().await?);
        }
        chain(&ring).await?;
        ring[99].link(ring[0].clone()).await?;
        ring[first].end(because("r"))?;
        for peer in &ring {
            assert_eq!(gone(peer).await?, because("r"));
        }
    }
    Ok(())
}
