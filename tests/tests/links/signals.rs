//! Exit signals that are sent by hand, and when the trap counts.

use super::peer::{Peer, PeerRef, Seen, because, gone, peer, trapper};
use noex::prelude::*;
use std::error::Error;
use tokio::sync::oneshot;

type Outcome = Result<(), Box<dyn Error>>;

#[noex::test]
async fn lk_07_normal_signal_is_ignored_without_trap() -> Outcome {
    let peer = peer().await?;
    peer.exit(ExitReason::Normal);
    assert_eq!(peer.seen().await?, []);
    peer.stop().await?;
    Ok(())
}

#[noex::test]
async fn lk_08_normal_signal_is_a_message_under_trap() -> Outcome {
    let peer = trapper().await?;
    peer.exit(ExitReason::Normal);
    let seen = peer.seen().await?;
    let [Seen::Exit(exit)] = &*seen else {
        panic!("{seen:?}");
    };
    // Sent from outside of every process.
    assert_eq!((exit.from, &exit.reason), (None, &ExitReason::Normal));
    peer.stop().await?;
    Ok(())
}

#[noex::test]
async fn lk_09_normal_signal_to_oneself_ends() -> Outcome {
    let alone = peer().await?;
    alone.exit_itself(ExitReason::Normal).detach()?;
    assert_eq!(gone(&alone).await?, ExitReason::Normal);
    let trapper = trapper().await?;
    trapper.exit_itself(ExitReason::Normal).await?;
    assert_eq!(trapper.exits().await?, [ExitReason::Normal]);
    trapper.stop().await?;
    Ok(())
}

/// A peer that is busy until the gate opens and then sets its trap, with an exit signal behind that.
async fn signalled_before(trap: bool) -> Result<(PeerRef, oneshot::Sender<()>), Box<dyn Error>> {
    let peer = Peer::start(!trap).await?;
    let (open, closed) = oneshot::channel();
    peer.set_trap(closed, trap)?;
    peer.exit(because("before"));
    Ok((peer, open))
}

#[noex::test]
async fn lk_18_trap_counts_from_its_setting() -> Outcome {
    let (peer, open) = signalled_before(true).await?;
    drop(open);
    assert_eq!(gone(&peer).await?, because("before"));
    let (peer, open) = signalled_before(false).await?;
    drop(open);
    assert_eq!(peer.exits().await?, [because("before")]);
    peer.exit(because("after"));
    assert_eq!(gone(&peer).await?, because("after"));
    Ok(())
}

#[noex::test(workers = 2)]
async fn lk_19_messages_and_exit_signals_keep_order() -> Outcome {
    let rounds = async {
        for _ in 0..10_000 {
            let peer = trapper().await?;
            peer.note(1)?;
            peer.exit(because("r"));
            peer.note(2)?;
            let seen = peer.seen().await?;
            let [Seen::Note(1), Seen::Exit(exit), Seen::Note(2)] = &*seen else {
                panic!("{seen:?}");
            };
            assert_eq!(exit.reason, because("r"));
            peer.exit(ExitReason::Killed);
        }
        for _ in 0..10_000 {
            let peer = peer().await?;
            peer.note(1)?;
            peer.exit(because("r"));
            let after = peer.note(2);
            assert_eq!(gone(&peer).await?, because("r"));
            assert_eq!(peer.handled(), 1);
            assert_eq!(peer.undelivered(), u32::from(after.is_ok()));
        }
        Ok::<_, Box<dyn Error + Send + Sync>>(())
    };
    tokio::spawn(rounds).await?.map_err(|e| e.to_string())?;
    System::current().stop().await;
    Ok(())
}
