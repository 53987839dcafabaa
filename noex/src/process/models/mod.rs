//! Models of the process core: loom runs each through every interleaving up to a bound on preemptions, and through
//! what weak memory allows beside.
//!
//! A model counts only with a bug beside it that it finds. The bugs are planted where [`planted`](crate::sync::planted) is asked;
//! `.ci/models` lists each with the models that must fail, and sees to it that they do.
//!
//! Left out: panics (in a model a panic is loom's own verdict, so `contain` contains nothing), tokio (a loom
//! thread stands for the task of a process), the counts in `std::sync::Arc`, deadlines and timers.

mod abandon;
mod calls;
mod claims;
mod death;
mod door;
mod relations;
mod running;
mod slots;
mod start;
mod waits;

use super::cell::Carrier;
use super::{
    Address, Cell, Down, Exit, ExitReason, Kind, Name, Options, ProcessArc, Signal, Target,
};
use crate::Inline;
use crate::error::CallError;
use crate::server::{Child, Ctx, GenServer, Init, Process, Reply, Seat, life};
use crate::system::System;
use loom::thread::{self, JoinHandle};
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

/// Explores `model` and tells how much there was to explore. `LOOM_MAX_PREEMPTIONS` overrides the bound.
fn explore<F: Fn() + Send + Sync + 'static>(preemptions: usize, model: F) {
    let mut builder = loom::model::Builder::new();
    let bound = *builder.preemption_bound.get_or_insert(preemptions);
    builder.max_branches = 20_000;
    let executions = Arc::new(AtomicUsize::new(0));
    let count = executions.clone();
    let start = std::time::Instant::now();
    builder.check(move || {
        count.fetch_add(1, Relaxed);
        model();
    });
    let path = std::any::type_name::<F>().trim_end_matches("::{{closure}}");
    let name = path.rsplit("::").next().unwrap_or(path);
    let executions = executions.load(Relaxed);
    println!(
        "{executions:>8} executions, bound {bound}, {:>6.2} s  {name}",
        start.elapsed().as_secs_f64()
    );
}

/// What a [`Model`] has seen, in its order.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Seen {
    Note(u8),
    Call,
    Down,
    Exit,
}

#[derive(Debug)]
struct Probe {
    seen: Mutex<Vec<Seen>>,
    /// loom's: what loom cannot see, it does not interleave.
    dropped: loom::sync::atomic::AtomicBool,
}

impl Probe {
    fn note(&self, seen: Seen) {
        self.seen.lock().unwrap().push(seen);
    }

    fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    fn count(&self, what: Seen) -> usize {
        self.seen().iter().filter(|s| **s == what).count()
    }
}

/// The server of the models.
struct Model<const ROOM: usize> {
    sum: u64,
    probe: Arc<Probe>,
}

enum Message {
    Add(Reply<u64>),
    /// Pending once: the handler is finished by whoever polls next.
    Slow(Reply<u64>),
    /// Never finishes.
    Hang(Reply<u64>),
    /// Gives its token away.
    Park(Reply<u64>, std::sync::mpsc::Sender<Reply<u64>>),
    /// Asks another server.
    Ask(Reply<u64>, Process<Model<8>>),
    /// Asks one server for `Slow` and another for `Add`, at once.
    AskBoth(Reply<u64>, Process<Model<8>>, Process<Model<8>>),
    Note(u8),
}

/// What `Ask` answers when its own call failed.
const REFUSED: u64 = 1000;

impl<const ROOM: usize> Child for Model<ROOM> {
    type Ref = Process<Self>;
}

impl<const ROOM: usize> GenServer for Model<ROOM> {
    type Message = Message;
    type Continue = ();
    const TYPE: &'static str = "Model";
    const OPTIONS: Options = Options {
        mailbox: ROOM,
        inline: Inline::Always,
        call_timeout: Duration::MAX,
        ..Options::DEFAULT
    };

    async fn handle(&mut self, message: Message, cx: &mut Ctx<Self>) -> Result<(), ExitReason> {
        self.sum += 1;
        match message {
            Message::Add(reply) => {
                let Some(reply) = cx.__begin(reply, false) else {
                    return Ok(());
                };
                self.probe.note(Seen::Call);
                cx.__send(reply, self.sum);
            }
            Message::Slow(reply) => {
                yield_once().await;
                cx.__send(reply, self.sum);
            }
            Message::Hang(reply) => {
                std::future::pending::<()>().await;
                drop(reply);
            }
            Message::Park(reply, to) => {
                let reply = cx.__defer(reply, false).expect("the caller waits");
                let _ = to.send(reply);
            }
            Message::Ask(reply, other) => {
                let answer = other.call(None, Message::Add).await;
                assert!(matches!(answer, Ok(_) | Err(CallError::Deadlock(_))));
                cx.__send(reply, answer.unwrap_or(REFUSED));
            }
            Message::AskBoth(reply, one, other) => {
                let mut one = pin!(one.call(None, Message::Slow));
                let mut other = pin!(other.call(None, Message::Add));
                let (mut first, mut second) = (None, None);
                poll_fn(|cx| {
                    for (answer, call) in
                        [(&mut first, one.as_mut()), (&mut second, other.as_mut())]
                    {
                        if answer.is_none()
                            && let Poll::Ready(came) = call.poll(cx)
                        {
                            assert!(matches!(came, Ok(_) | Err(CallError::Deadlock(_))));
                            *answer = Some(came.unwrap_or(REFUSED));
                        }
                    }
                    match (first, second) {
                        (Some(first), Some(second)) => Poll::Ready(first + second),
                        _ => Poll::Pending,
                    }
                })
                .await;
                cx.__send(reply, self.sum);
            }
            Message::Note(n) => self.probe.note(Seen::Note(n)),
        }
        Ok(())
    }

    async fn handle_continue(&mut self, (): (), _: &mut Ctx<Self>) -> Result<(), ExitReason> {
        Ok(())
    }

    async fn handle_down(&mut self, _: Down, _: &mut Ctx<Self>) -> Result<(), ExitReason> {
        self.probe.note(Seen::Down);
        Ok(())
    }

    async fn handle_exit(&mut self, _: Exit, _: &mut Ctx<Self>) -> Result<(), ExitReason> {
        self.probe.note(Seen::Exit);
        Ok(())
    }
}

impl<const ROOM: usize> Drop for Model<ROOM> {
    fn drop(&mut self) {
        self.probe.dropped.store(true, Relaxed);
    }
}

/// Runs a future on this thread. Unlike loom's own, it counts its wakers with `std`: fewer states, and none of ours.
fn block_on<F: Future>(future: F) -> F::Output {
    struct Wakes {
        notify: loom::sync::Notify,
        /// A waker that is never dropped, with all that holds it, fails the model.
        _kept: loom::alloc::Track<()>,
    }
    impl Wake for Wakes {
        fn wake(self: Arc<Self>) {
            self.notify.notify();
        }
    }
    let wakes = Arc::new(Wakes {
        notify: loom::sync::Notify::new(),
        _kept: loom::alloc::Track::new(()),
    });
    let waker = Waker::from(wakes.clone());
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(done) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
            return done;
        }
        wakes.notify.wait();
    }
}

async fn yield_once() {
    let mut done = false;
    poll_fn(|cx| {
        if std::mem::replace(&mut done, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// A process of a model.
struct Subject<const ROOM: usize = 8> {
    process: Process<Model<ROOM>>,
    cell: Arc<Cell<Message>>,
    arc: ProcessArc,
    system: System,
    probe: Arc<Probe>,
}

impl<const ROOM: usize> Clone for Subject<ROOM> {
    fn clone(&self) -> Self {
        Subject {
            process: self.process.clone(),
            cell: self.cell.clone(),
            arc: self.arc.clone(),
            system: self.system.clone(),
            probe: self.probe.clone(),
        }
    }
}

const NAME: &str = "model";

/// A new process with a name, run for the first time by its starter, and what carries it.
fn born() -> (Subject, Carrier<Message>) {
    let (s, carrier) = make(std::future::ready(()));
    let _ = s.cell.first_poll();
    (s, carrier)
}

/// A process that nobody has run, with this much room in its mailbox, and whose init waits for something.
fn make<const ROOM: usize>(
    init: impl Future<Output = ()> + Send + 'static,
) -> (Subject<ROOM>, Carrier<Message>) {
    let system = System::new();
    let kind = const {
        &Kind {
            handlers: &[],
            type_name: Model::<ROOM>::TYPE,
            options: Model::<ROOM>::OPTIONS,
        }
    };
    let cell = Cell::new(kind, system.clone(), None);
    let arc = ProcessArc(cell.clone());
    let name = Name::from(NAME);
    arc.register(&name).unwrap();
    let probe = Arc::new(Probe {
        seen: Mutex::default(),
        dropped: loom::sync::atomic::AtomicBool::new(false),
    });
    let state = Model::<ROOM> {
        sum: 0,
        probe: probe.clone(),
    };
    cell.set_body(Box::pin(life(Seat(cell.clone()), move |cx| async move {
        init.await;
        (Ok(Init::ready(state)), cx)
    })));
    let subject = Subject {
        process: Process::from(Target(Address::Process(arc.clone()))),
        cell: cell.clone(),
        arc,
        system,
        probe,
    };
    (subject, Carrier(cell))
}

/// A carrier on a thread of its own, as a runtime would run it.
fn carry(carrier: Carrier<Message>) -> JoinHandle<()> {
    thread::spawn(move || block_on(carrier))
}

/// Polls once; nobody is told when there is more to do.
fn poll_once<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
    Pin::new(future).poll(&mut Context::from_waker(Waker::noop()))
}

/// A future run by hand: on any thread, for as long as it has been woken.
struct ByHand<F: Future> {
    future: Pin<Box<F>>,
    woken: Arc<Woken>,
    done: Option<F::Output>,
}

struct Woken(AtomicBool);

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Relaxed);
    }
}

fn by_hand<F: Future>(future: F) -> ByHand<F> {
    ByHand {
        future: Box::pin(future),
        woken: Arc::new(Woken(AtomicBool::new(true))),
        done: None,
    }
}

impl<F: Future> ByHand<F> {
    /// Polls if it has been woken since; false if it has not, or is done.
    fn run(&mut self) -> bool {
        let woken = self.woken.0.swap(false, Relaxed) && self.done.is_none();
        if woken {
            let waker = Waker::from(self.woken.clone());
            let polled = self.future.as_mut().poll(&mut Context::from_waker(&waker));
            if let Poll::Ready(done) = polled {
                self.done = Some(done);
            }
        }
        woken
    }

    /// What it has yielded. That it was not woken to do so is a lost wake-up.
    fn done(self) -> F::Output {
        self.done.expect("a future that nobody wakes has not ended")
    }
}

/// Runs futures until none is woken any more.
macro_rules! run_out {
    ($($future:expr),+) => {
        while [$($future.run()),+].contains(&true) {}
    };
}
use run_out;

impl<const ROOM: usize> Subject<ROOM> {
    /// Does something with the process on another thread.
    fn apart<R: 'static>(&self, deed: impl FnOnce(Self) -> R + 'static) -> JoinHandle<R> {
        let me = self.clone();
        thread::spawn(move || deed(me))
    }

    fn call(&self, message: impl FnOnce(Reply<u64>) -> Message) -> Result<u64, CallError> {
        block_on(self.process.call(None, message))
    }

    /// A call that owns its handle.
    fn asking<Q: FnOnce(Reply<u64>) -> Message + 'static>(
        &self,
        message: Q,
    ) -> impl Future<Output = Result<u64, CallError>> + use<ROOM, Q> {
        let process = self.process.clone();
        async move { process.call(None, message).await }
    }

    fn cast(&self, n: u8) -> bool {
        self.process.cast(Message::Note(n)).is_ok()
    }

    fn stop(&self, reason: ExitReason) {
        self.arc.signal(Signal::Stop(Box::new(reason)));
    }

    fn exited(&self) -> ExitReason {
        let reason = block_on(self.arc.exited());
        self.assert_gone();
        reason
    }

    /// What everybody may rely on who knows of the end.
    fn assert_gone(&self) {
        assert!(!self.arc.is_alive());
        assert!(self.probe.dropped.load(Relaxed));
        assert_eq!(self.system.registry().whereis(NAME), None);
        assert!(!self.cast(0));
    }

    fn undelivered(&self) -> usize {
        self.cell.head.counters.undelivered.load(Relaxed) as usize
    }
}
