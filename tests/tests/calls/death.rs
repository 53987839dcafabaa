//! Calls whose server, or whose caller, is gone or going.

use super::crash_reports::CrashReports;
use noex::prelude::*;
use noex::supervisor::{Spec, Supervisor};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, mpsc};
use tokio::time::Instant;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Something went wrong.
#[derive(Debug)]
struct Boom;

impl fmt::Display for Boom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("boom")
    }
}

impl std::error::Error for Boom {}

/// Ends in every way.
struct Mortal {
    events: mpsc::UnboundedSender<&'static str>,
    kept: Vec<Reply<()>>,
}

#[gen_server]
impl Mortal {
    #[init]
    fn new(events: mpsc::UnboundedSender<&'static str>) -> Self {
        let _ = events.send("init");
        Self {
            events,
            kept: vec![],
        }
    }

    #[call]
    fn ping(&self) {}

    /// Goes on when it has a permit.
    #[call]
    async fn gated(&mut self, gate: Arc<Semaphore>) {
        let _ = self.events.send("in the gate");
        if let Ok(permit) = gate.acquire().await {
            permit.forget();
        }
        let _ = self.events.send("through the gate");
    }

    #[call]
    fn panic(&mut self) {
        panic!("boom");
    }

    #[call]
    fn fail(&mut self) {
        Err(Boom).or_crash()
    }

    #[call(deferred)]
    fn stop_and_drop(&mut self, reason: ExitReason, cx: &mut Ctx<Self>, reply: Reply<()>) {
        cx.stop(reason);
        drop(reply);
    }

    #[call(deferred)]
    fn stop_and_keep(&mut self, reason: ExitReason, cx: &mut Ctx<Self>, reply: Reply<()>) {
        cx.stop(reason);
        self.kept.push(reply);
    }

    #[cast]
    fn quit(&mut self, reason: ExitReason, cx: &mut Ctx<Self>) {
        cx.stop(reason);
    }

    #[terminate]
    fn bye(&mut self) {
        let _ = self.events.send("terminate");
    }
}

impl Mortal {
    async fn started() -> Result<(MortalRef, mpsc::UnboundedReceiver<&'static str>)> {
        let (events, mut seen) = mpsc::unbounded_channel();
        let mortal = Mortal::start(events).await?;
        assert_eq!(seen.recv().await, Some("init"));
        Ok((mortal, seen))
    }
}

#[tokio::test(start_paused = true)]
async fn ca_05_caller_sees_the_exit_reason() -> Result<()> {
    let (mortal, _seen) = Mortal::started().await?;
    let panicked = mortal.panic().await;
    assert_eq!(panicked, Err(CallError::Exited(mortal.exited().await)));
    let Err(CallError::Exited(ExitReason::Panic { message, .. })) = panicked else {
        panic!("{panicked:?}");
    };
    assert_eq!(&*message, "boom");

    let (mortal, _seen) = Mortal::started().await?;
    let failed = mortal.fail().await.expect_err("it crashed");
    assert!(failed.to_string().contains("boom"), "{failed}");
    let CallError::Exited(reason) = failed else {
        panic!("{failed:?}");
    };
    assert!(reason.downcast_ref::<Boom>().is_some(), "{reason:?}");
    assert_eq!(reason, mortal.exited().await);

    let (mortal, _seen) = Mortal::started().await?;
    let reason = ExitReason::from_error(Boom);
    let stopped = mortal.stop_and_drop(reason.clone()).await;
    assert_eq!(stopped, Err(CallError::Exited(reason)));
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn ca_06_normal_stop_without_reply_is_an_error() -> Result<()> {
    let (mortal, _seen) = Mortal::started().await?;
    let answer = mortal.stop_and_drop(ExitReason::Normal).await;
    assert_eq!(answer, Err(CallError::Exited(ExitReason::Normal)));
    let (mortal, _seen) = Mortal::started().await?;
    let answer = mortal.stop_and_keep(ExitReason::Normal).await;
    assert_eq!(answer, Err(CallError::Exited(ExitReason::Normal)));
    assert_eq!(mortal.exited().await, ExitReason::Normal);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn ca_07_kill_fails_queued_calls_at_once() -> Result<()> {
    let (mortal, mut seen) = Mortal::started().await?;
    let began = Instant::now();
    let running = mortal.gated(Arc::new(Semaphore::new(0))).send()?;
    assert_eq!(seen.recv().await, Some("in the gate"));
    let queued = [
        mortal.ping().send()?,
        mortal.ping().send()?,
        mortal.ping().send()?,
    ];
    mortal.kill();
    let killed = CallError::Exited(ExitReason::Killed);
    for queued in queued {
        assert_eq!(queued.await, Err(killed.clone()));
    }
    assert_eq!(running.await, Err(killed));
    assert_eq!(began.elapsed(), Duration::ZERO);
    assert_eq!(mortal.undelivered(), 3);
    Ok(())
}

/// Each call ends for some reason, whatever it meets: a sleeping server, a busy one, one that is
/// being killed, a dead one.
#[noex::test(workers = 2)]
async fn ca_07_calls_in_a_race_with_a_kill_all_end() -> Result<()> {
    for n in 0..20_000 {
        let (events, _seen) = mpsc::unbounded_channel();
        let mortal = Mortal::start(events).await?;
        let killer = {
            let mortal = mortal.clone();
            tokio::spawn(async move { mortal.kill() })
        };
        if n % 2 == 0 {
            tokio::task::yield_now().await;
        }
        let calls = [(); 3].map(|()| mortal.ping().timeout(Duration::MAX).send());
        for call in calls {
            let outcome = match call {
                Ok(pending) => pending.await,
                Err(refused) => Err(refused),
            };
            assert!(
                matches!(
                    outcome,
                    Ok(()) | Err(CallError::NotRunning | CallError::Exited(ExitReason::Killed))
                ),
                "{outcome:?}"
            );
        }
        killer.await?;
    }
    System::current().stop().await;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn ca_08_stop_fails_queued_calls_with_its_reason() -> Result<()> {
    let (mortal, mut seen) = Mortal::started().await?;
    let gate = Arc::new(Semaphore::new(0));
    let running = mortal.gated(gate.clone()).send()?;
    let reason = ExitReason::ShutdownWith("closing time".into());
    mortal.quit(reason.clone())?;
    let queued = [
        mortal.ping().send()?,
        mortal.ping().send()?,
        mortal.ping().send()?,
    ];
    assert_eq!(seen.recv().await, Some("in the gate"));
    gate.add_permits(1);
    assert_eq!(running.await, Ok(()));
    for queued in queued {
        assert_eq!(queued.await, Err(CallError::Exited(reason.clone())));
    }
    assert_eq!(mortal.exited().await, reason);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn ca_09_call_to_a_dead_process_fails_at_once() -> Result<()> {
    let (mortal, _seen) = Mortal::started().await?;
    mortal.stop().await?;
    let began = Instant::now();
    assert_eq!(mortal.ping().await, Err(CallError::NotRunning));
    assert!(matches!(mortal.ping().send(), Err(CallError::NotRunning)));
    assert_eq!(mortal.ping().detach(), Err(CallError::NotRunning));
    assert_eq!(began.elapsed(), Duration::ZERO);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn ca_10_call_to_an_unknown_name_fails_at_once() -> Result<()> {
    let system = System::new();
    let nobody = MortalRef::from(Process::named_in(&system, "nobody"));
    let began = Instant::now();
    assert_eq!(nobody.ping().await, Err(CallError::NotRunning));
    assert!(matches!(nobody.ping().send(), Err(CallError::NotRunning)));
    assert_eq!(began.elapsed(), Duration::ZERO);
    Ok(())
}

/// Asks itself.
macro_rules! narcissus {
    ($name:ident, $inline:ident) => {
        struct $name;

        #[gen_server(inline = $inline)]
        impl $name {
            #[call]
            fn ping(&self) {}

            #[call(raw)]
            async fn ask_itself(
                &mut self,
                cx: &mut Ctx<Self>,
            ) -> std::result::Result<(), CallError> {
                let me = cx.myself();
                assert!(matches!(me.ping().send(), Err(CallError::Deadlock(_))));
                me.ping().await
            }
        }

        impl $name {
            async fn is_refused() -> Result<()> {
                let system = System::new();
                let narcissus = $name.start().name("pool").system(&system).await?;
                let began = Instant::now();
                let answer = narcissus.ask_itself().await?;
                assert_eq!(began.elapsed(), Duration::ZERO);
                let Err(CallError::Deadlock(cycle)) = answer else {
                    panic!("{answer:?}");
                };
                let [from, to] = cycle.hops() else {
                    panic!("{cycle}");
                };
                assert_eq!(from, to);
                assert_eq!(Some(from.pid), narcissus.pid());
                assert_eq!(from.server, stringify!($name));
                assert_eq!(from.name.as_deref(), Some("pool"));
                narcissus.ping().await?;
                Ok(())
            }
        }
    };
}

narcissus!(Inlined, always);
narcissus!(Queued, never);

#[tokio::test(start_paused = true)]
async fn ca_11_calling_oneself_is_refused_at_once() -> Result<()> {
    Inlined::is_refused().await?;
    Queued::is_refused().await
}

/// Waits for a mortal in a handler.
struct Caller(MortalRef);

#[gen_server]
impl Caller {
    #[cast]
    async fn ask(&mut self, gate: Arc<Semaphore>) {
        let _ = self.0.gated(gate).await;
    }
}

#[tokio::test]
async fn ca_17_reply_to_a_dead_caller_is_quiet() -> Result<()> {
    let reports = CrashReports::of_this_thread();
    let (mortal, mut seen) = Mortal::started().await?;
    let gate = Arc::new(Semaphore::new(0));
    let caller = Caller(mortal.clone()).start().await?;
    caller.ask(gate.clone())?;
    assert_eq!(seen.recv().await, Some("in the gate"));
    caller.kill();
    assert_eq!(caller.exited().await, ExitReason::Killed);
    gate.add_permits(1);
    assert_eq!(seen.recv().await, Some("through the gate"));
    mortal.ping().await?;
    mortal.stop().await?;
    assert_eq!(seen.recv().await, Some("terminate"));
    let [killed] = &reports.lines()[..] else {
        panic!("{:?}", reports.lines());
    };
    assert!(
        killed.contains("Caller") && killed.contains("killed"),
        "{killed}"
    );
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn ca_22_pending_call_learns_of_the_death() -> Result<()> {
    let (mortal, mut seen) = Mortal::started().await?;
    let pending = mortal.gated(Arc::new(Semaphore::new(0))).send()?;
    let queued = mortal.ping().send()?;
    assert_eq!(seen.recv().await, Some("in the gate"));
    mortal.kill();
    mortal.exited().await;
    // Long after the fact.
    assert_eq!(pending.await, Err(CallError::Exited(ExitReason::Killed)));
    assert_eq!(queued.await, Err(CallError::Exited(ExitReason::Killed)));
    Ok(())
}

#[tokio::test]
async fn ca_26_panicking_call_is_repaired() -> Result<()> {
    let system = System::new();
    let (events, mut seen) = mpsc::unbounded_channel();
    let spec = Spec::new("repairs").child(Mortal::child_spec(events).name("mortal"));
    let tree = Supervisor::start(spec).system(&system).await?;
    let mortal = MortalRef::from(Process::named_in(&system, "mortal"));
    assert_eq!(seen.recv().await, Some("init"));
    let first = mortal.pid();
    let answer = mortal.panic().await;
    let Err(CallError::Exited(ExitReason::Panic { message, .. })) = answer else {
        panic!("{answer:?}");
    };
    assert_eq!(&*message, "boom");
    assert_eq!(seen.recv().await, Some("terminate"));
    assert_eq!(seen.recv().await, Some("init"));
    mortal.ping().await?;
    assert_ne!(mortal.pid(), first);
    tree.stop().await?;
    Ok(())
}
