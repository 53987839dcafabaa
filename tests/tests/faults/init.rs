//! Mines in an init that does not come to its end.

use super::mined::{AS_ASKED, Field, Mine, Place, install_quiet_hook};
use noex::prelude::*;
use std::future::{IntoFuture, pending};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

#[derive(Clone, Copy, Debug, PartialEq)]
enum How {
    Fails,
    Ignores,
    Panics,
    Hangs,
}

/// Who is to end an init that hangs.
#[derive(Debug)]
enum Cut {
    Late,
    StartDropped,
    RuntimeDropped,
}

struct Unborn(#[expect(dead_code, reason = "held, not looked at")] Mine);

#[derive(Clone)]
struct Tick(#[expect(dead_code, reason = "held, not looked at")] Mine);

#[gen_server]
impl Unborn {
    #[init]
    async fn new(
        how: How,
        argument: Mine,
        arrived: oneshot::Sender<()>,
        cx: &mut Ctx<Self>,
    ) -> std::result::Result<Init<Self>, String> {
        let field = Field::EVERYWHERE;
        for _ in 0..2 {
            cx.send_after(Duration::from_secs(3600), Tick(field.mine(Place::Timers)));
            cx.interval(Duration::from_secs(3600), Tick(field.mine(Place::Timers)));
            cx.continue_with(UnbornContinue::Step {
                mine: field.mine(Place::Steps),
            });
            let mine = field.mine(Place::Tasks);
            cx.spawn(async move {
                let _mine = mine;
                pending().await
            });
        }
        let _ = arrived.send(());
        match how {
            How::Fails => {
                // Two values dropped in one frame that unwinds are beyond anybody's help.
                std::mem::forget(argument);
                return Err("no luck".into());
            }
            How::Ignores => {
                std::mem::forget(argument);
                return Ok(Init::ignore());
            }
            How::Panics => {
                std::mem::forget(argument);
                panic!("{AS_ASKED}")
            }
            How::Hangs => pending::<()>().await,
        }
        Ok(Init::ready(Self(argument)))
    }

    #[continuation]
    fn step(&mut self, mine: Mine) {
        drop(mine);
    }

    #[info]
    fn tick(&mut self, tick: Tick) {
        drop(tick);
    }
}

fn paused() -> Result<Runtime> {
    let mut builder = Builder::new_current_thread();
    Ok(builder.enable_time().start_paused(true).build()?)
}

fn start(how: How) -> (noex::Start<Unborn>, oneshot::Receiver<()>) {
    let (arrived, arrival) = oneshot::channel();
    let start = Unborn::start(how, Field::EVERYWHERE.mine(Place::Local), arrived);
    (start.name("unborn"), arrival)
}

#[test]
fn an_init_that_ends_badly_leaves_nothing() -> Result<()> {
    install_quiet_hook();
    for how in [How::Fails, How::Ignores, How::Panics] {
        let (runtime, system) = (paused()?, System::new());
        let (start, _) = start(how);
        let error = runtime.block_on(start.system(&system).into_future());
        let error = error.expect_err("it was not born");
        match how {
            How::Fails => assert!(error.to_string().contains("no luck"), "{error}"),
            How::Ignores => assert!(matches!(error, StartError::Ignored), "{error:?}"),
            _ => assert!(error.to_string().contains(AS_ASKED), "{error}"),
        }
        assert_eq!(system.registry().whereis("unborn"), None);
        assert_eq!(system.processes(), []);
    }
    Ok(())
}

#[test]
fn an_init_cut_short_leaves_nothing() -> Result<()> {
    install_quiet_hook();
    for cut in [Cut::Late, Cut::StartDropped, Cut::RuntimeDropped] {
        let (runtime, system) = (paused()?, System::new());
        let (start, arrival) = start(How::Hangs);
        let start = start.system(&system);
        match cut {
            Cut::Late => {
                let late = runtime.block_on(start.timeout(Duration::from_secs(1)).into_future());
                assert!(matches!(late, Err(StartError::Timeout { .. })), "{late:?}");
            }
            Cut::StartDropped => runtime.block_on(async {
                let starting = tokio::spawn(start.into_future());
                arrival.await?;
                starting.abort();
                let _ = starting.await;
                tokio::task::yield_now().await;
                Ok::<_, oneshot::error::RecvError>(())
            })?,
            Cut::RuntimeDropped => {
                let starting = runtime.spawn(start.into_future());
                runtime.block_on(arrival)?;
                assert_eq!(system.processes().len(), 1);
                drop(starting);
                drop(runtime);
            }
        }
        assert_eq!(system.registry().whereis("unborn"), None, "{cut:?}");
        assert_eq!(system.processes(), [], "{cut:?}");
    }
    Ok(())
}
