//! Making links and ending them.

use super::peer::{Peer, PeerRef, Seen, because, end, gone, peer, trapper};
use noex::prelude::*;
use std::error::Error;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::oneshot;

type Outcome = Result<(), Box<dyn Error>>;

#[noex::test]
async fn lk_10_linking_the_dead_under_trap_is_a_message() -> Outcome {
    let (trapper, dead) = (trapper().await?, peer().await?);
    let from = dead.pid();
    dead.stop().await?;
    trapper.link(dead).await?;
    let seen = trapper.seen().await?;
    let [Seen::Exit(exit)] = &*seen else {
        panic!("{seen:?}");
    };
    assert_eq!((exit.from, &exit.reason), (from, &ExitReason::NoProc));
    // A name that belongs to nobody has no pid.
    trapper.link(Peer::named("nobody")).await?;
    let seen = trapper.seen().await?;
    let [Seen::Exit(exit)] = &*seen else {
        panic!("{seen:?}");
    };
    assert_eq!((exit.from, &exit.reason), (None, &ExitReason::NoProc));
    trapper.stop().await?;
    Ok(())
}

#[noex::test]
async fn lk_11_linking_the_dead_fails() -> Outcome {
    let dead = peer().await?;
    dead.stop().await?;
    for other in [dead, Peer::named("nobody")] {
        let linker = peer().await?;
        linker.link(other).detach()?;
        assert_eq!(gone(&linker).await?, ExitReason::NoProc);
    }
    Ok(())
}

#[noex::test]
async fn lk_12_links_are_not_counted() -> Outcome {
    let trapper = trapper().await?;
    let twice = peer().await?;
    trapper.link(twice.clone()).await?;
    trapper.link(twice.clone()).await?;
    end(&twice, because("r")).await?;
    assert_eq!(trapper.exits().await?, [because("r")]);
    // From both sides, ended by either.
    for unlinked_by_trapper in [true, false] {
        let peer = peer().await?;
        trapper.link(peer.clone()).await?;
        peer.link(trapper.clone()).await?;
        match unlinked_by_trapper {
            true => trapper.unlink(peer.clone()).await?,
            false => peer.unlink(trapper.clone()).await?,
        }
        end(&peer, because("r")).await?;
        assert_eq!(trapper.exits().await?, []);
    }
    trapper.stop().await?;
    Ok(())
}

/// Unlinks processes that are ending, and keeps what it hears of them all the same.
#[derive(Default)]
struct Unlinker {
    heard: Vec<ExitReason>,
}

#[gen_server(trap_exit = true)]
impl Unlinker {
    /// Links a process that then ends, and unlinks it when that may be yet to come, under way or over.
    #[call]
    async fn round(
        &mut self,
        n: u32,
        peer: PeerRef,
        linked: oneshot::Sender<()>,
        cx: &mut Ctx<Self>,
    ) {
        cx.link(&peer);
        let _ = linked.send(());
        match n % 3 {
            0 => {}
            // Dead, and perhaps about to tell. If there is another thread it is there, so this may wait for it.
            1 => {
                let alone = Handle::current().metrics().num_workers() == 1;
                while peer.is_alive() {
                    if alone {
                        tokio::task::yield_now().await;
                    }
                }
            }
            _ => drop(peer.exited().await),
        }
        cx.unlink(&peer);
    }

    #[call]
    fn link(&mut self, other: PeerRef, cx: &mut Ctx<Self>) {
        cx.link(&other);
    }

    #[info(exit)]
    fn exited(&mut self, exit: Exit) {
        self.heard.push(exit.reason);
    }

    #[call]
    fn heard(&self) -> Vec<ExitReason> {
        self.heard.clone()
    }
}

#[noex::test(workers = 2)]
async fn lk_13_unlink_silences_a_dead_peer() -> Outcome {
    let unlinker = Unlinker::default().start().await?;
    for n in 0..20_000 {
        let peer = peer().await?;
        let (send, linked) = oneshot::channel();
        let round = unlinker.round(n, peer.clone(), send).send()?;
        linked.await?;
        peer.end(because("r"))?;
        round.await?;
    }
    let last = peer().await?;
    unlinker.link(last.clone()).await?;
    end(&last, because("last")).await?;
    while unlinker.heard().await?.is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(unlinker.heard().await?, [because("last")]);
    System::current().stop().await;
    Ok(())
}

/// Fails in the first thing it does after its start.
struct Fragile;

#[gen_server]
impl Fragile {
    #[init]
    fn new() -> Init<Self> {
        Init::ready(Self).then(FragileContinue::Break {})
    }

    #[continuation]
    fn r#break(&mut self) -> Result<(), String> {
        Err("broken".into())
    }
}

/// Starts fragile servers linked to itself.
#[derive(Default)]
struct Breeder {
    expected: usize,
    exits: usize,
    waiting: Option<Reply<usize>>,
}

#[gen_server(trap_exit = true)]
impl Breeder {
    #[call]
    async fn breed(&mut self, many: usize) -> Result<(), StartError> {
        for _ in 0..many {
            Fragile::start_link().await?;
        }
        Ok(())
    }

    /// Answers when so many exit signals have come.
    #[call(deferred)]
    fn exits(&mut self, expected: usize, reply: Reply<usize>) {
        self.expected = expected;
        self.waiting = Some(reply);
        self.answer();
    }

    #[info(exit)]
    fn exited(&mut self, exit: Exit) {
        assert_eq!(exit.reason.to_string(), "error: broken");
        self.exits += 1;
        self.answer();
    }

    fn answer(&mut self) {
        if self.exits >= self.expected
            && let Some(waiting) = self.waiting.take()
        {
            waiting.send(self.exits);
        }
    }
}

#[noex::test(workers = 2)]
async fn lk_17_linked_start_is_atomic() -> Outcome {
    let breeder = Breeder::default().start().await?;
    let limit = Duration::from_secs(60);
    for round in 1..=100 {
        breeder.breed(1000).timeout(limit).await?;
        let exits = breeder.exits(round * 1000).timeout(limit).await?;
        assert_eq!(exits, round * 1000);
    }
    breeder.stop().await?;
    Ok(())
}
