//! Starts from inside a process, linked and not.

use super::crash_reports::CrashReports;
use super::init::How;
use noex::prelude::*;
use std::time::Duration;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

struct Child;

#[gen_server]
impl Child {
    #[init]
    async fn new(how: How, yields: bool) -> std::result::Result<Init<Self>, String> {
        if yields {
            tokio::task::yield_now().await;
        }
        match how {
            How::Fails => Err("not today".into()),
            How::Panics => panic!("not today"),
            How::Ignores => Ok(Init::ignore()),
            How::Sleeps(millis) => {
                tokio::time::sleep(Duration::from_millis(millis)).await;
                Ok(Init::ready(Self))
            }
        }
    }

    #[call]
    fn ping(&self) {}
}

#[derive(Default)]
struct Starter {
    exits: Vec<Exit>,
}

#[gen_server]
impl Starter {
    #[init]
    fn new(trap: bool, cx: &mut Ctx<Self>) -> Self {
        cx.trap_exit(trap);
        Self::default()
    }

    /// Starts a child linked to this process, which is given 50 ms.
    #[call(raw)]
    async fn begin_linked(
        &mut self,
        how: How,
        yields: bool,
    ) -> std::result::Result<ChildRef, StartError> {
        let start = Child::start_link(how, yields);
        start.timeout(Duration::from_millis(50)).await
    }

    /// Loses interest in a linked start half-way.
    #[call]
    async fn begin_and_give_up(&mut self) {
        let start = Child::start_link(How::Sleeps(40), false);
        let limit = Duration::from_millis(10);
        let outcome = tokio::time::timeout(limit, start.into_future()).await;
        assert!(outcome.is_err());
    }

    #[call]
    async fn begin_alone(&mut self) -> ChildRef {
        Child::start(How::Sleeps(1), false).await.or_crash()
    }

    #[cast]
    fn crash(&mut self) {
        panic!("as asked");
    }

    #[info(exit)]
    fn noted(&mut self, exit: Exit) {
        self.exits.push(exit);
    }

    #[call]
    fn exits(&self) -> Vec<Exit> {
        self.exits.clone()
    }
}

#[tokio::test]
async fn gs_04_ignored_init_disturbs_nobody() -> Result<()> {
    let reports = CrashReports::of_this_thread();
    for (trap, yields) in [(false, false), (false, true), (true, false), (true, true)] {
        let starter = Starter::start(trap).await?;
        let outcome = starter.begin_linked(How::Ignores, yields).await?;
        assert!(matches!(outcome, Err(StartError::Ignored)), "{outcome:?}");
        assert_eq!(starter.exits().await?, []);
    }
    assert_eq!(reports.lines(), [""; 0]);
    Ok(())
}

/// What every failing start does to a starter: nothing but to return its error.
async fn fails_quietly(trap: bool) -> Result<()> {
    for yields in [false, true] {
        let starter = Starter::start(trap).await?;
        let failed = starter.begin_linked(How::Fails, yields).await?;
        assert_eq!(
            failed.expect_err("it failed").to_string(),
            "init failed: not today"
        );
        let panicked = starter.begin_linked(How::Panics, yields).await?;
        assert!(
            matches!(panicked, Err(StartError::Panicked { .. })),
            "{panicked:?}"
        );
        let late = starter.begin_linked(How::Sleeps(500), yields).await?;
        assert!(matches!(late, Err(StartError::Timeout { .. })), "{late:?}");
        starter.begin_and_give_up().await?;
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(
            starter.exits().await?,
            [],
            "the starter lives, and was told nothing"
        );
    }
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn gs_06_failed_linked_start_spares_the_starter() -> Result<()> {
    fails_quietly(false).await
}

#[tokio::test(start_paused = true)]
async fn gs_07_failed_linked_start_under_trap_is_only_an_error() -> Result<()> {
    fails_quietly(true).await
}

#[tokio::test]
async fn gs_16_unlinked_server_outlives_its_starter() -> Result<()> {
    let starter = Starter::start(false).await?;
    let alone = starter.begin_alone().await?;
    starter.crash()?;
    assert!(matches!(starter.exited().await, ExitReason::Panic { .. }));
    alone.ping().await?;
    Ok(())
}

/// The other side of GS-06: only a failed start undoes its link.
#[tokio::test]
async fn a_linked_server_ends_with_its_starter() -> Result<()> {
    for yields in [false, true] {
        let starter = Starter::start(false).await?;
        let child = starter.begin_linked(How::Sleeps(0), yields).await??;
        starter.crash()?;
        assert_eq!(child.exited().await, starter.exited().await);
    }
    Ok(())
}
