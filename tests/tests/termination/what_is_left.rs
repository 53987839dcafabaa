//! What is left of a server when its end is known: nothing.

use super::patient::{Last, Patient, Wills, because};
use noex::prelude::*;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::timeout;

/// Held by the state and by a timer.
type Load = Arc<()>;

struct Late(#[expect(dead_code, reason = "held, not looked at")] Load);

/// Has one of everything.
struct Owner {
    #[expect(dead_code, reason = "held, not looked at")]
    state: Load,
}

#[gen_server]
impl Owner {
    #[init]
    fn new(load: Load, label: Arc<str>, peer: PeerRef, cx: &mut Ctx<Self>) -> Self {
        cx.send_after(Duration::from_secs(3600), Late(load.clone()));
        cx.set_label(label);
        cx.monitor(&peer);
        cx.link(&peer);
        Self { state: load }
    }

    #[info]
    fn late(&mut self, _late: Late) {}

    #[cast]
    fn end(&mut self, way: u32, cx: &mut Ctx<Self>) {
        match way {
            0 => cx.stop(ExitReason::Normal),
            1 => cx.stop(ExitReason::from_error("unclean")),
            _ => cx.myself().kill(),
        }
    }
}

/// Is monitored by owners and linked with them.
#[derive(Default)]
struct Peer {
    exits: usize,
}

#[gen_server(trap_exit = true, mailbox = unbounded)]
impl Peer {
    #[info(exit)]
    fn exited(&mut self, _exit: Exit) {
        self.exits += 1;
    }

    #[call]
    fn exits(&self) -> usize {
        self.exits
    }
}

/// Looks around when it is told of an end.
struct Mourner {
    load: Load,
    found: mpsc::UnboundedSender<Vec<&'static str>>,
}

#[gen_server]
impl Mourner {
    #[call]
    fn watch(&mut self, owner: OwnerRef, cx: &mut Ctx<Self>) {
        cx.monitor(&owner);
    }

    #[info(down)]
    fn down(&mut self, down: Down) {
        let system = System::current();
        let alive = Owner::named("owner").is_alive();
        let named = system.registry().whereis("owner").is_some();
        let listed = system.processes().iter().any(|p| Some(*p) == down.process);
        // The test has one, and this server.
        let held = Arc::strong_count(&self.load) > 2;
        let found = [
            alive.then_some("life"),
            named.then_some("its name"),
            listed.then_some("its entry in the table"),
            held.then_some("its state or timer"),
        ];
        let _ = self.found.send(found.into_iter().flatten().collect());
    }
}

#[noex::test(workers = 2)]
async fn te_15_nothing_is_held_at_down() -> Result<(), Box<dyn Error>> {
    const MANY: u32 = 20_000;
    let (found, mut finds) = mpsc::unbounded_channel();
    let load = Load::default();
    let label: Arc<str> = "owner".into();
    let mourner = Mourner {
        load: load.clone(),
        found,
    };
    let mourner = mourner.start().await?;
    let peer = Peer::default().start().await?;
    let (its_peer, its_label) = (peer.clone(), label.clone());
    let rounds = async move {
        for n in 0..MANY {
            let owner = Owner::start(load.clone(), its_label.clone(), its_peer.clone());
            let owner = owner.name("owner").await.expect("the name is free");
            mourner.watch(owner.clone()).await.expect("it runs");
            owner.end(n % 3).expect("it runs");
            let found = finds.recv().await.expect("the mourner lives");
            assert!(found.is_empty(), "round {n} left {}", found.join(", "));
        }
    };
    tokio::spawn(rounds).await?;
    assert_eq!(peer.exits().await?, MANY as usize);
    // The monitors they held on a living process would keep their memory.
    let freed = async {
        while Arc::strong_count(&label) > 1 {
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_secs(10), freed).await?;
    System::current().stop().await;
    Ok(())
}

#[noex::test]
async fn te_16_token_outlives_its_server() -> Result<(), Box<dyn Error>> {
    let patient = Patient::start(Wills::default(), Last::Nothing).await?;
    let calls = [patient.park().send()?, patient.park().send()?];
    let mut tokens = patient.tokens().await?;
    patient.stop().reason(because("over")).await?;
    for call in calls {
        assert_eq!(call.await, Err(CallError::Exited(because("over"))));
    }
    assert!(tokens.iter().all(Reply::is_cancelled));
    tokens.pop().expect("two were parked").send(());
    drop(tokens);
    Ok(())
}
