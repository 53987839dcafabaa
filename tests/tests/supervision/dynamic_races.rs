//! Children that come and go while their supervisor looks, or ends.

use super::parts::Tested;
use noex::prelude::*;
use noex::supervisor::{ChildError, Dynamic, DynamicSpec};

/// Runs a race on one, two and many workers.
fn on_workers<F: Future<Output = Tested>>(race: impl Fn() -> F) -> Tested {
    for workers in [1, 2, 8] {
        let mut runtime = tokio::runtime::Builder::new_multi_thread();
        let runtime = runtime.worker_threads(workers).enable_all().build()?;
        runtime.block_on(race())?;
    }
    Ok(())
}

/// Ends at once when asked.
struct Brief;

#[gen_server(restart = temporary)]
impl Brief {
    #[init]
    fn new() -> Self {
        Self
    }

    #[cast]
    fn end(&mut self, cx: &mut Ctx<Self>) {
        cx.stop(ExitReason::Normal);
    }
}

#[test]
fn who_ends_while_it_is_terminated_is_gone_once() -> Tested {
    on_workers(|| async {
        let supervisor = Dynamic::<Brief>::start(DynamicSpec::new("brief"));
        let supervisor = supervisor.system(&System::new()).await?;
        let (mut terminated, mut missed) = (0, 0);
        for _ in 0..2_000 {
            let brief = supervisor.start_child(Brief::start()).await?;
            let pid = brief.pid().expect("it runs");
            let ending = tokio::spawn(async move { drop(brief.end()) });
            match supervisor.terminate_child(pid).await {
                Ok(()) => terminated += 1,
                Err(CallError::Failed(ChildError::NotFound)) => missed += 1,
                Err(error) => return Err(error.into()),
            }
            ending.await?;
            let again = supervisor.terminate_child(pid).await;
            assert!(matches!(
                again,
                Err(CallError::Failed(ChildError::NotFound))
            ));
        }
        assert_eq!(terminated + missed, 2_000);
        assert_eq!(supervisor.count_children().await?.specs, 0);
        supervisor.stop().await?;
        Ok(())
    })
}

#[test]
fn a_stop_takes_along_who_is_just_being_started() -> Tested {
    on_workers(|| async {
        let system = System::new();
        for round in 0..2_000 {
            let supervisor = Dynamic::<Brief>::start(DynamicSpec::new("brief"));
            let supervisor = supervisor.system(&system).await?;
            let starting = tokio::spawn({
                let supervisor = supervisor.clone();
                async move {
                    let mut started = 0;
                    while supervisor.start_child(Brief::start()).await.is_ok() {
                        started += 1;
                    }
                    started
                }
            });
            if round % 2 == 0 {
                tokio::task::yield_now().await;
            }
            supervisor.stop().await?;
            assert_eq!(system.processes(), [], "round {round}");
            starting.await?;
        }
        Ok(())
    })
}
