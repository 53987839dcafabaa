//! Every set of mines in every way to end: there is one clear reason, and everyone who is to be told is told.

use super::mined::{AS_ASKED, ENDS, End, Field, Mined, MinedRef, Place, install_quiet_hook};
use noex::prelude::*;
use noex_tests::without_place;
use std::future::IntoFuture;
use std::mem;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::{mpsc, oneshot};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Watches over the mined, and lives longer.
struct Witness(mpsc::UnboundedSender<ExitReason>);

#[gen_server(trap_exit = true)]
impl Witness {
    #[call]
    fn watch(&mut self, mined: MinedRef, cx: &mut Ctx<Self>) {
        cx.monitor(&mined);
        cx.link(&mined);
    }

    #[info(down)]
    fn down(&mut self, down: Down) {
        let _ = self.0.send(down.reason);
    }

    #[info(exit)]
    fn exit(&mut self, exit: Exit) {
        let _ = self.0.send(exit.reason);
    }
}

#[derive(Clone, Copy, Debug)]
struct Case {
    end: End,
    field: Field,
}

impl Case {
    /// Why the handler is over.
    fn first_reason(self) -> String {
        match self.end {
            End::Kill => ExitReason::Killed.to_string(),
            End::RuntimeDropped => ExitReason::RuntimeGone.to_string(),
            End::Panic if self.field.has(Place::Payload) => {
                "panic: a panic payload that is not text".into()
            }
            End::Panic => format!("panic: {AS_ASKED}"),
            End::Normal if self.field.has(Place::Local) => stepped_on(Place::Local),
            End::Normal => ExitReason::Normal.to_string(),
        }
    }

    /// Why the process is: `terminate` has the last word, the drop of the state one if nothing has gone wrong before.
    fn reason(self) -> String {
        let first = self.first_reason();
        if matches!(self.end, End::Kill | End::RuntimeDropped) {
            return first;
        }
        if self.field.has(Place::Terminate) {
            return stepped_on(Place::Terminate);
        }
        match first == ExitReason::Normal.to_string() && self.field.has(Place::State) {
            true => stepped_on(Place::State),
            false => first,
        }
    }

    /// What became of the call that ended it.
    fn assert_told(self, answer: std::result::Result<(), CallError>, reason: &ExitReason) {
        let handled = self.end == End::Normal && !self.field.has(Place::Local);
        match answer {
            Ok(()) => assert!(handled, "{self:?}"),
            // A handler that came to its end answers after `terminate`, or not at all.
            Err(CallError::Exited(why)) if handled => assert_eq!(why, *reason, "{self:?}"),
            Err(CallError::Exited(why)) => {
                assert_eq!(without_place(&why), self.first_reason(), "{self:?}")
            }
            Err(other) => panic!("{self:?}: {other:?}"),
        }
    }

    /// Ends one server, which runs on a runtime of its own, and looks at what everybody is told.
    fn run(self, carrier: Runtime, outside: &Runtime, awaited: bool) -> Result<()> {
        let Case { end, field } = self;
        let (told, mut tells) = mpsc::unbounded_channel();
        let witness = outside.block_on(Witness(told).start().into_future())?;
        let mined = carrier.block_on(Mined::start(field).into_future())?;
        outside.block_on(witness.watch(mined.clone()))?;

        let (arrived, arrival) = oneshot::channel();
        let (open, gate) = oneshot::channel();
        let asked = mined.end(end, arrived, gate);
        let caller = match awaited {
            true => Some(asked.send()?),
            false => asked.detach().map(|()| None)?,
        };
        // Some are taken out of the queue with it, some are not.
        let mut behind = Vec::new();
        let mut send = || -> Result<()> {
            mined.take(field.mine(Place::Queued))?;
            behind.push(mined.give(field.mine(Place::Queued)).send()?);
            Ok(())
        };
        send()?;
        carrier.block_on(arrival)?;
        send()?;
        match end {
            End::Normal | End::Panic => {
                let _ = open.send(());
                carrier.block_on(mined.exited());
            }
            End::Kill => {
                mined.kill();
                carrier.block_on(mined.exited());
            }
            End::RuntimeDropped => {}
        }
        drop(carrier);

        let reason = mined.exit_reason().ok_or("it lives")?;
        assert_eq!(without_place(&reason), self.reason(), "{self:?}");
        assert!(!mined.is_alive());
        assert_eq!(mined.undelivered(), 4, "{self:?}");
        outside.block_on(async {
            for _ in 0..2 {
                assert_eq!(tells.recv().await.as_ref(), Some(&reason));
            }
            if let Some(caller) = caller {
                self.assert_told(caller.await.map(mem::forget), &reason);
            }
            for queued in behind {
                let queued = queued.await;
                assert!(matches!(queued, Err(CallError::Exited(_))), "{queued:?}");
            }
            witness.stop().await
        })?;
        Ok(())
    }

    /// Ends one server on the stack of its caller, or begins there.
    fn run_inline(self, carrier: &Runtime) -> Result<()> {
        let Case { end, field } = self;
        let mined = carrier.block_on(Mined::start(field).into_future())?;
        let (arrived, arrival) = oneshot::channel();
        let (open, gate) = oneshot::channel();
        let _ = open.send(());
        let asking = carrier.spawn({
            let mined = mined.clone();
            async move {
                let answer = mined.end(end, arrived, gate).await.map(mem::forget);
                (answer, mined.is_alive())
            }
        });
        if end == End::Kill {
            carrier.block_on(arrival)?;
            mined.kill();
        }
        let (answer, alive) = carrier.block_on(asking)?;
        let reason = carrier.block_on(mined.exited());
        assert_eq!(without_place(&reason), self.reason(), "{self:?}");
        self.assert_told(answer, &reason);
        // Also when it was given its answer before: it ran to its end on that stack.
        assert!(end == End::Kill || !alive, "{self:?}");
        Ok(())
    }
}

fn stepped_on(place: Place) -> String {
    format!("panic: stepped on {place:?}")
}

fn one_thread() -> Result<Runtime> {
    Ok(Builder::new_current_thread().enable_time().build()?)
}

#[test]
fn every_set_of_faults_ends_with_one_reason() -> Result<()> {
    install_quiet_hook();
    let outside = one_thread()?;
    for end in ENDS {
        for field in Field::all() {
            let case = Case { end, field };
            case.run(one_thread()?, &outside, true)?;
            if field.has(Place::Answer) {
                case.run(one_thread()?, &outside, false)?;
            }
        }
    }
    Ok(())
}

#[test]
fn no_fault_reaches_the_caller_that_runs_it() -> Result<()> {
    install_quiet_hook();
    let carrier = one_thread()?;
    for end in [End::Normal, End::Panic, End::Kill] {
        for field in Field::all() {
            Case { end, field }.run_inline(&carrier)?;
        }
    }
    Ok(())
}
