//! Names, and what arrives before a server is ready.

use noex::prelude::*;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use tokio::sync::{Semaphore, mpsc, oneshot};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

struct Holder;

#[gen_server]
impl Holder {
    #[init]
    fn new(inits: Arc<AtomicU32>) -> Self {
        inits.fetch_add(1, SeqCst);
        Self
    }
}

#[tokio::test]
async fn gs_08_taken_name_never_runs_init() -> Result<()> {
    let system = System::new();
    let inits = Arc::<AtomicU32>::default();
    let start = || Holder::start(inits.clone()).name("held").system(&system);
    let first = start().await?;
    let second = start().await;
    let Err(StartError::NameTaken(holder)) = second else {
        panic!("{second:?}");
    };
    assert_eq!(Some(holder), first.pid());
    assert_eq!(inits.load(SeqCst), 1);
    assert_eq!(system.processes(), [holder]);
    first.stop().await?;
    start().await?;
    assert_eq!(inits.load(SeqCst), 2);
    Ok(())
}

struct Finder;

#[gen_server]
impl Finder {
    #[init]
    async fn new(yields: bool, cx: &mut Ctx<Self>) -> std::result::Result<Self, String> {
        if yields {
            tokio::task::yield_now().await;
        }
        let found = System::current().registry().whereis("finder");
        let followed = Finder::named("finder").pid();
        match (found, followed) {
            (Some(a), Some(b)) if a == cx.pid() && b == cx.pid() => Ok(Self),
            found => Err(format!("found {found:?}")),
        }
    }
}

#[tokio::test]
async fn gs_09_init_finds_its_own_name() -> Result<()> {
    for yields in [false, true] {
        let system = System::new();
        Finder::start(yields).name("finder").system(&system).await?;
    }
    Ok(())
}

/// Opens when told to, and lists what it does.
struct Shop {
    log: Log,
}

type Log = Arc<Mutex<Vec<String>>>;

fn note(log: &Log, what: impl Into<String>) {
    log.lock().expect("nobody panics in here").push(what.into());
}

fn notes(log: &Log) -> Vec<String> {
    log.lock().expect("nobody panics in here").clone()
}

#[gen_server]
impl Shop {
    #[init]
    async fn open(log: Log, opening: oneshot::Receiver<()>) -> Self {
        note(&log, "init");
        let _ = opening.await;
        note(&log, "ready");
        Self { log }
    }

    #[cast]
    fn enter(&mut self, who: u32) {
        note(&self.log, who.to_string());
    }
}

struct Customer;

#[gen_server]
impl Customer {
    #[call]
    fn visit(&self, shop: ShopRef, who: u32) {
        shop.enter(who).or_crash();
    }
}

#[noex::test(workers = 2)]
async fn gs_10_messages_during_init_wait_for_it() -> Result<()> {
    let system = System::new();
    let customer = Customer.start().system(&system).await?;
    let log = Log::default();
    let (open, opening) = oneshot::channel();
    let start = Shop::start(log.clone(), opening)
        .name("shop")
        .system(&system);
    let starting = tokio::spawn(start.into_future());
    while system.registry().whereis("shop").is_none() {
        tokio::task::yield_now().await;
    }
    let shop = ShopRef::from(Process::named_in(&system, "shop"));
    for who in 1..=3 {
        customer.visit(shop.clone(), who).await?;
    }
    assert_eq!(shop.queue_len(), 3);
    assert!(!starting.is_finished());
    open.send(()).expect("init waits");
    starting.await??.stop().await?;
    assert_eq!(notes(&log), ["init", "ready", "1", "2", "3"]);
    Ok(())
}

/// Takes steps before its messages.
struct Stepper {
    order: mpsc::UnboundedSender<&'static str>,
}

#[gen_server(mailbox = unbounded)]
impl Stepper {
    #[init]
    async fn new(
        order: mpsc::UnboundedSender<&'static str>,
        flood: Option<Arc<Semaphore>>,
        cx: &mut Ctx<Self>,
    ) -> Init<Self> {
        match flood {
            // Half of the flood is over the door before init ends, the other half goes on.
            Some(flood) => drop(flood.acquire_many(SENDERS / 2).await),
            None => cx.myself().message().or_crash(),
        }
        Init::ready(Self { order }).then(StepperContinue::A {})
    }

    #[continuation]
    async fn a(&mut self, cx: &mut Ctx<Self>) {
        tokio::task::yield_now().await;
        self.tell("a");
        cx.continue_with(StepperContinue::B {});
    }

    #[continuation]
    fn b(&mut self) {
        self.tell("b");
    }

    #[cast]
    fn message(&mut self) {
        self.tell("message");
    }

    fn tell(&self, what: &'static str) {
        self.order.send(what).expect("the test listens");
    }
}

#[tokio::test]
async fn gs_11_continuations_run_before_messages() -> Result<()> {
    let (order, mut seen) = mpsc::unbounded_channel();
    Stepper::start(order, None).await?;
    for expected in ["a", "b", "message"] {
        assert_eq!(seen.recv().await, Some(expected));
    }
    Ok(())
}

const SENDERS: u32 = 1000;

#[noex::test(workers = 2)]
async fn gs_12_continuation_beats_a_flood() -> Result<()> {
    for _ in 0..20 {
        let system = System::new();
        let sent = Arc::new(Semaphore::new(0));
        for _ in 0..SENDERS {
            let (system, sent) = (system.clone(), sent.clone());
            tokio::spawn(async move {
                let stepper = StepperRef::from(Process::named_in(&system, "flooded"));
                while stepper.message().is_err() {
                    tokio::task::yield_now().await;
                }
                sent.add_permits(1);
            });
        }
        let (order, mut seen) = mpsc::unbounded_channel();
        let start = Stepper::start(order, Some(sent)).name("flooded");
        start.system(&system).await?;
        assert_eq!(seen.recv().await, Some("a"));
        assert_eq!(seen.recv().await, Some("b"));
        for _ in 0..SENDERS {
            assert_eq!(seen.recv().await, Some("message"));
        }
    }
    Ok(())
}
