//! Messages that nobody reads, signals that nobody expects, handlers that fail.

use super::diary::{Diary, DiaryRef, Note, Pages, gone};
use super::logs::Logs;
use noex::prelude::*;
use std::error::Error;
use std::sync::Arc;
use tokio::sync::oneshot;

/// Takes what others give it, and ends when told.
#[derive(Default)]
struct Keeper {
    tokens: Vec<Reply<u32>>,
}

#[gen_server]
impl Keeper {
    /// Answers never, by itself.
    #[call(deferred)]
    fn ask(&mut self, reply: Reply<u32>) {
        self.tokens.push(reply);
    }

    /// Gives the tokens to another.
    #[cast]
    fn pass_on(&mut self, to: KeeperRef) -> Result<(), CastError<KeeperMessage>> {
        self.tokens
            .drain(..)
            .try_for_each(|token| to.take(token, Arc::new(())))
    }

    #[cast]
    fn take(&mut self, token: Reply<u32>, load: Arc<()>) {
        drop(load);
        self.tokens.push(token);
    }

    #[cast]
    fn carry(&mut self, load: Arc<()>) {
        drop(load);
    }

    #[cast]
    async fn end(&mut self, gate: oneshot::Receiver<()>, cx: &mut Ctx<Self>) {
        let _ = gate.await;
        cx.stop(ExitReason::ShutdownWith("told to".into()));
    }

    #[call]
    fn ping(&self) {}
}

#[noex::test]
async fn or_11_unread_messages_are_dropped_with_their_tokens() -> Result<(), Box<dyn Error>> {
    let (living, dying) = (
        Keeper::default().start().await?,
        Keeper::default().start().await?,
    );
    let (open, closed) = oneshot::channel();
    let load = Arc::new(());
    dying.end(closed)?;
    // Behind the end: a message, a call, and a message with the token of a call to somebody else.
    dying.carry(load.clone())?;
    let asked = dying.ask().send()?;
    let passed = living.ask().send()?;
    living.pass_on(dying.clone())?;
    living.ping().await?;
    assert_eq!((dying.queue_len(), Arc::strong_count(&load)), (3, 2));
    drop(open);
    let reason = gone(&dying).await?;
    assert_eq!(Arc::strong_count(&load), 1);
    assert_eq!(asked.await, Err(CallError::Exited(reason)));
    assert_eq!(passed.await, Err(CallError::NoReply));
    assert_eq!(dying.undelivered(), 3);
    living.stop().await?;
    Ok(())
}

/// Has relations and no handlers for what comes of them.
#[derive(Default)]
struct Careless;

#[gen_server(trap_exit = true)]
impl Careless {
    #[call]
    fn relate(&mut self, other: DiaryRef, cx: &mut Ctx<Self>) {
        cx.monitor(&other);
        cx.link(&other);
    }

    #[call]
    fn ping(&self) {}
}

#[noex::test]
async fn or_13_unhandled_signal_is_logged_only() -> Result<(), Box<dyn Error>> {
    let logs = Logs::capture();
    let careless = Careless.start().await?;
    let diary = Diary::start(Pages::default(), false).await?;
    careless.relate(diary.clone()).await?;
    diary.stop().await?;
    careless.ping().await?;
    let unexpected = logs.matching("noex::lifecycle", "unexpected message");
    assert_eq!(unexpected.len(), 2, "{unexpected:?}");
    assert!(unexpected.iter().any(|line| line.contains("Down")));
    assert!(unexpected.iter().any(|line| line.contains("Exit")));
    careless.stop().await?;
    Ok(())
}

/// Fails in its info handlers.
struct Failing;

#[gen_server]
impl Failing {
    #[info]
    fn note(&mut self, note: Note) -> Result<(), String> {
        match note.0 {
            0 => Err("cannot note".into()),
            _ => panic!("cannot even fail"),
        }
    }
}

#[noex::test]
async fn or_14_failing_info_ends_the_server() -> Result<(), Box<dyn Error>> {
    let failing = Failing.start().await?;
    failing.send(Note(0))?;
    let reason = gone(&failing).await?;
    assert_eq!(reason.to_string(), "error: cannot note");
    let panicking = Failing.start().await?;
    panicking.send(Note(1))?;
    let ExitReason::Panic { message, .. } = gone(&panicking).await? else {
        panic!("it did not panic");
    };
    assert_eq!(&*message, "cannot even fail");
    Ok(())
}
