//! A server that can be ended in every way, and tells how its end was.

use noex::prelude::*;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::oneshot;

/// Each run of `terminate`, with its reason. Outlives the server.
#[derive(Clone, Default)]
pub(crate) struct Wills(Arc<Mutex<Vec<ExitReason>>>);

impl Wills {
    pub(crate) fn add(&self, reason: &ExitReason) {
        let mut wills = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        wills.push(reason.clone());
    }

    pub(crate) fn read(&self) -> Vec<ExitReason> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

/// What `terminate` does beside noting that it ran.
pub(crate) enum Last {
    Nothing,
    Fails(ExitReason),
    Panics,
    Waits(oneshot::Receiver<()>),
}

pub(crate) struct Patient {
    wills: Wills,
    last: Last,
    exits: Vec<Exit>,
    tokens: Vec<Reply<()>>,
}

/// Ends it from an info message.
pub(crate) struct End(pub(crate) ExitReason);

/// Lets an info message panic.
pub(crate) struct Panic;

#[gen_server(mailbox = 64)]
impl Patient {
    #[init]
    pub(crate) fn new(wills: Wills, last: Last) -> Self {
        Self {
            wills,
            last,
            exits: vec![],
            tokens: vec![],
        }
    }

    #[call]
    pub(crate) fn end_by_call(&mut self, reason: ExitReason, cx: &mut Ctx<Self>) {
        cx.stop(reason);
    }

    #[cast]
    pub(crate) fn end_by_cast(&mut self, reason: ExitReason, cx: &mut Ctx<Self>) {
        cx.stop(reason);
    }

    #[cast]
    pub(crate) fn end_by_error(&mut self, reason: ExitReason) -> Result<(), ExitReason> {
        Err(reason)
    }

    #[info]
    fn end_by_info(&mut self, end: End, cx: &mut Ctx<Self>) {
        cx.stop(end.0);
    }

    #[cast]
    pub(crate) fn end_by_continuation(&mut self, reason: ExitReason, cx: &mut Ctx<Self>) {
        cx.continue_with(PatientContinue::EndInContinuation { reason });
    }

    #[continuation]
    fn end_in_continuation(&mut self, reason: ExitReason, cx: &mut Ctx<Self>) {
        cx.stop(reason);
    }

    #[call]
    pub(crate) fn panic_in_call(&mut self) {
        panic!("in a call");
    }

    #[cast]
    pub(crate) fn panic_in_cast(&mut self) {
        panic!("in a cast");
    }

    #[info]
    fn panic_in_info(&mut self, _panic: Panic) {
        panic!("in an info");
    }

    #[cast]
    pub(crate) fn panic_by_continuation(&mut self, cx: &mut Ctx<Self>) {
        cx.continue_with(PatientContinue::PanicInContinuation {});
    }

    #[continuation]
    fn panic_in_continuation(&mut self) {
        panic!("in a continuation");
    }

    #[cast]
    pub(crate) async fn hold(&mut self, gate: oneshot::Receiver<()>) {
        let _ = gate.await;
    }

    #[call(deferred)]
    pub(crate) fn park(&mut self, reply: Reply<()>) {
        self.tokens.push(reply);
    }

    #[call]
    pub(crate) fn tokens(&mut self) -> Vec<Reply<()>> {
        std::mem::take(&mut self.tokens)
    }

    #[call]
    pub(crate) fn trap_exit(&mut self, on: bool, cx: &mut Ctx<Self>) {
        cx.trap_exit(on);
    }

    #[call]
    pub(crate) fn link(&mut self, other: PatientRef, cx: &mut Ctx<Self>) {
        cx.link(&other);
    }

    #[call]
    pub(crate) fn ping(&self) {}

    #[info(exit)]
    fn exited(&mut self, exit: Exit) {
        self.exits.push(exit);
    }

    #[call]
    pub(crate) fn exits(&self) -> Vec<Exit> {
        self.exits.clone()
    }

    #[terminate]
    async fn die(&mut self, why: &ExitReason) -> Result<(), ExitReason> {
        self.wills.add(why);
        match &mut self.last {
            Last::Nothing => Ok(()),
            Last::Fails(reason) => Err(reason.clone()),
            Last::Panics => panic!("in terminate"),
            Last::Waits(gate) => {
                let _ = gate.await;
                Ok(())
            }
        }
    }
}

/// Sees how others end.
#[derive(Default)]
pub(crate) struct Witness {
    downs: Vec<Down>,
}

#[gen_server]
impl Witness {
    #[call]
    pub(crate) fn watch(&mut self, patient: PatientRef, cx: &mut Ctx<Self>) {
        cx.monitor(&patient);
    }

    #[info(down)]
    fn down(&mut self, down: Down) {
        self.downs.push(down);
    }

    /// The reasons seen since this was asked last.
    #[call]
    pub(crate) fn seen(&mut self) -> Vec<ExitReason> {
        self.downs.drain(..).map(|down| down.reason).collect()
    }
}

pub(crate) fn because(why: &str) -> ExitReason {
    ExitReason::ShutdownWith(why.into())
}

/// Lets everything else run until all that was sent has been begun.
pub(crate) async fn until_begun(patient: &PatientRef) {
    while patient.queue_len() != 0 {
        tokio::task::yield_now().await;
    }
}
