//! What is told of calls whose answer nobody waits for.

use super::crash_reports::CrashReports;
use noex::prelude::*;
use std::error::Error;
use std::fmt;
use tokio::sync::oneshot;
use tokio::task::yield_now;

#[derive(Debug, PartialEq)]
struct Empty;

impl fmt::Display for Empty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("nothing was given")
    }
}

impl Error for Empty {}

#[derive(Default)]
struct Till {
    kept: Vec<Reply<()>>,
}

#[gen_server]
impl Till {
    #[call]
    fn take(&mut self, cents: u64) -> Result<u64, Empty> {
        if cents == 0 { Err(Empty) } else { Ok(cents) }
    }

    #[call]
    async fn wait(&mut self, gate: oneshot::Receiver<()>) {
        let _ = gate.await;
    }

    #[call(deferred)]
    fn lose(&mut self, reply: Reply<()>) {
        drop(reply);
    }

    #[call(deferred)]
    fn keep(&mut self, reply: Reply<()>) {
        self.kept.push(reply);
    }

    #[call]
    fn kept(&mut self) -> Vec<Reply<()>> {
        std::mem::take(&mut self.kept)
    }

    #[call]
    fn have_taken(&self, other: TillRef) {
        other.take(0).detach().expect("there is room");
    }
}

/// What was logged since, one line for each, once the till has handled what it had been sent.
async fn logged(till: &TillRef, reports: &CrashReports, before: usize) -> Vec<String> {
    till.take(1).await.expect("it runs");
    reports.lines()[before..].to_vec()
}

#[track_caller]
fn tells(lines: &[String], words: &[&str]) {
    let [line] = lines else {
        panic!("{lines:?}");
    };
    assert!(line.starts_with("noex::lifecycle"), "{line}");
    for word in words {
        assert!(line.contains(word), "{word} in {line}");
    }
}

#[noex::test]
async fn errors_of_detached_calls_are_logged() -> Result<(), Box<dyn Error>> {
    let reports = CrashReports::of_this_thread();
    let till = Till::default().start().await?;
    till.take(5).detach()?;
    assert_eq!(logged(&till, &reports, 0).await, [""; 0]);

    let line = line!() + 1;
    till.take(0).detach()?;
    let here = format!("at={}:{line}:", file!());
    let pid = format!("pid={}", till.pid().expect("it runs"));
    let failed = "a detached call failed";
    let all = [
        "error=Empty",
        "server=\"Till\"",
        "handler=\"take\"",
        &pid,
        &here,
        failed,
    ];
    tells(&logged(&till, &reports, 0).await, &all);

    // From a handler: it says whose.
    let other = Till::default().start().await?;
    other.have_taken(till.clone()).await?;
    let caller = format!("caller={}", other.pid().expect("it runs"));
    tells(&logged(&till, &reports, 1).await, &[&caller, failed]);

    till.lose().detach()?;
    let no_reply = "a detached call got no reply";
    tells(
        &logged(&till, &reports, 2).await,
        &["handler=\"lose\"", no_reply],
    );
    System::current().stop().await;
    assert_eq!(reports.lines().len(), 3);
    Ok(())
}

#[noex::test]
async fn detached_calls_that_are_lost_are_logged() -> Result<(), Box<dyn Error>> {
    let reports = CrashReports::of_this_thread();
    // Queued, and in the state of a server that ends.
    let till = Till::default().start().await?;
    let (_open, closed) = oneshot::channel();
    till.keep().detach()?;
    till.wait(closed).detach()?;
    while till.queue_len() > 0 {
        yield_now().await;
    }
    till.take(5).detach()?;
    till.kill();
    till.exited().await;
    let lines = reports.lines();
    for handler in ["keep", "wait", "take"] {
        let words = [
            &*format!("handler=\"{handler}\""),
            "reason=killed",
            "was lost",
        ];
        let told = lines.iter().filter(|l| words.iter().all(|w| l.contains(w)));
        assert_eq!(told.count(), 1, "{handler}: {lines:?}");
    }
    // What was not accepted is the caller's: it has the error.
    let before = reports.lines().len();
    assert_eq!(till.take(0).detach().err(), Some(CallError::NotRunning));
    assert_eq!(reports.lines().len(), before);
    Ok(())
}

/// A token in other hands: it is told when it is used, or dropped.
#[noex::test]
async fn detached_calls_are_watched_wherever_their_token_goes() -> Result<(), Box<dyn Error>> {
    let reports = CrashReports::of_this_thread();
    let till = Till::default().start().await?;
    for _ in 0..2 {
        till.keep().detach()?;
    }
    let mut kept = till.kept().await?;
    let other = kept.pop().expect("two calls are kept");
    assert!(kept.iter().all(|reply| !reply.is_cancelled()));
    till.stop().await?;
    assert_eq!(reports.lines(), [""; 0]);
    other.send(());
    assert_eq!(reports.lines(), [""; 0]);
    drop(kept);
    tells(
        &reports.lines(),
        &["handler=\"keep\"", "a detached call got no reply"],
    );
    Ok(())
}
