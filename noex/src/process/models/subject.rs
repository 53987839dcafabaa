//! The process that a model looks at, and what is done to it.

use super::*;
use std::marker::PhantomData;

/// A process of a model.
pub(super) struct Subject<const ROOM: usize = 8> {
    pub(super) process: Process<Model<ROOM>>,
    pub(super) cell: Arc<Cell<Message>>,
    pub(super) arc: ProcessArc,
    pub(super) system: System,
    /// What its runtime is to run.
    pub(super) tasks: Tasks,
    pub(super) probe: Arc<Probe>,
}

impl<const ROOM: usize> Clone for Subject<ROOM> {
    fn clone(&self) -> Self {
        Subject {
            process: self.process.clone(),
            cell: self.cell.clone(),
            arc: self.arc.clone(),
            system: self.system.clone(),
            tasks: self.tasks.clone(),
            probe: self.probe.clone(),
        }
    }
}

pub(super) const NAME: &str = "model";

/// A new process with a name, run for the first time by its starter, and what carries it.
pub(super) fn born() -> (Subject, Carrier<Message>) {
    let (s, carrier) = make(std::future::ready(()));
    let _ = s.cell.first_poll();
    (s, carrier)
}

/// A process that nobody has run, with this much room in its mailbox, and whose init waits for something.
pub(super) fn make<const ROOM: usize>(
    init: impl Future<Output = ()> + Send + 'static,
) -> (Subject<ROOM>, Carrier<Message>) {
    let subject = conceive(init);
    let cell = subject.cell.clone();
    cell.head.carriage.begin(false);
    (subject, Carrier(cell))
}

/// The same, and its starter has it in hand.
pub(super) fn conceive<const ROOM: usize>(
    init: impl Future<Output = ()> + Send + 'static,
) -> Subject<ROOM> {
    let system = System::new();
    let kind = const {
        &Kind {
            handlers: &[],
            type_name: Model::<ROOM>::TYPE,
            options: Model::<ROOM>::OPTIONS,
        }
    };
    let tasks = Tasks::default();
    let runtime = Arc::new(Runtime::new(None, Spawner::Model(tasks.clone())));
    let cell = Cell::new(kind, system.clone(), runtime);
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
    cell.set_body(Box::pin(life(
        PhantomData,
        Seat(cell.clone()),
        move |cx| async move {
            init.await;
            (Ok(Init::ready(state)), cx)
        },
    )));
    Subject {
        process: Process::from(Target(Address::Process(arc.clone()))),
        cell,
        arc,
        system,
        tasks,
        probe,
    }
}

/// A carrier on a thread of its own, as a runtime would run it.
pub(super) fn carry(carrier: Carrier<Message>) -> JoinHandle<()> {
    thread::spawn(move || block_on(carrier))
}

impl<const ROOM: usize> Subject<ROOM> {
    /// Does something with the process on another thread.
    pub(super) fn apart<R: 'static>(
        &self,
        deed: impl FnOnce(Self) -> R + 'static,
    ) -> JoinHandle<R> {
        let me = self.clone();
        thread::spawn(move || deed(me))
    }

    pub(super) fn call(
        &self,
        message: impl FnOnce(Reply<u64>) -> Message,
    ) -> Result<u64, CallError> {
        block_on(self.process.call(None, message))
    }

    /// A call that owns its handle.
    pub(super) fn asking<Q: FnOnce(Reply<u64>) -> Message + 'static>(
        &self,
        message: Q,
    ) -> impl Future<Output = Result<u64, CallError>> + use<ROOM, Q> {
        let process = self.process.clone();
        async move { process.call(None, message).await }
    }

    pub(super) fn cast(&self, n: u8) -> bool {
        self.process.cast(Message::Note(n)).is_ok()
    }

    pub(super) fn stop(&self, reason: ExitReason) {
        self.arc.signal(Signal::stop(reason));
    }

    pub(super) fn exited(&self) -> ExitReason {
        let reason = block_on(self.arc.exited());
        self.assert_gone();
        reason
    }

    /// What everybody may rely on who knows of the end.
    pub(super) fn assert_gone(&self) {
        assert!(!self.arc.is_alive());
        assert!(self.probe.dropped.load(Relaxed));
        assert_eq!(self.system.registry().whereis(NAME), None);
        assert!(!self.cast(0));
    }

    pub(super) fn undelivered(&self) -> usize {
        self.cell.head.counters.undelivered.load(Relaxed) as usize
    }
}
