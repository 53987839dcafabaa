//! Signals, and the code a program leaves with.
#![cfg(unix)]

use crate::parts::Tested;
use crate::program::Program;
use std::time::{Duration, Instant};

const STOP: [&str; 6] = [
    "prep_stop",
    "b stops (shutdown)",
    "b stopped",
    "a stops (shutdown)",
    "a stopped",
    "app stopped",
];

#[tokio::test]
async fn first_signal_stops_in_order() -> Tested {
    for signal in ["TERM", "INT"] {
        let mut program = Program::start("quick")?;
        let before = program.prints("all up").await?;
        assert_eq!(before, ["a starts", "a up", "b starts", "b up"]);
        program.signal(signal).await?;
        let (code, rest) = program.ends().await?;
        assert_eq!((code, rest), (Some(0), STOP.map(Into::into).into()));
    }
    Ok(())
}

/// A second SIGTERM in the middle of an orderly stop crashed the original, or did nothing.
#[tokio::test]
async fn w09_second_signal_leaves_at_once_with_its_own_code() -> Tested {
    for (first, second, code) in [
        ("TERM", "TERM", 143),
        ("INT", "TERM", 143),
        ("TERM", "INT", 130),
    ] {
        let mut program = Program::start("slow")?;
        program.prints("all up").await?;
        program.signal(first).await?;
        program.prints("patient stops (shutdown)").await?;
        let signalled = Instant::now();
        program.signal(second).await?;
        let (left_with, rest) = program.ends().await?;
        assert_eq!((left_with, rest.len()), (Some(code), 0), "{rest:?}");
        assert!(signalled.elapsed() < Duration::from_secs(5));
    }
    Ok(())
}

#[tokio::test]
async fn ap_18_signal_during_start_stops_cleanly() -> Tested {
    let mut program = Program::start("starting")?;
    program.prints("hanging starts").await?;
    program.signal("TERM").await?;
    let (code, rest) = program.ends().await?;
    let mut expected = vec!["c stops (shutdown)", "c stopped"];
    expected.extend(STOP);
    assert_eq!(
        (code, rest),
        (Some(0), expected.into_iter().map(Into::into).collect())
    );
    Ok(())
}

#[tokio::test]
async fn forced_and_stuck_stops_are_no_success() -> Tested {
    for (what, until) in [("late", "all up"), ("spins", "spinner spins")] {
        let mut program = Program::start(what)?;
        program.prints(until).await?;
        program.signal("TERM").await?;
        let signalled = Instant::now();
        let (code, rest) = program.ends().await?;
        assert_eq!(code, Some(1), "{what}");
        assert!(rest.contains(&"app stopped".to_owned()), "{what}: {rest:?}");
        assert!(signalled.elapsed() < Duration::from_secs(30));
    }
    Ok(())
}

#[tokio::test]
async fn reload_runs_at_each_hangup() -> Tested {
    let mut program = Program::start("quick")?;
    program.prints("all up").await?;
    for _ in 0..3 {
        program.signal("HUP").await?;
        program.prints("reloaded").await?;
    }
    program.signal("TERM").await?;
    assert_eq!(program.ends().await?.0, Some(0));
    // One that hangs is no hindrance.
    let mut program = Program::start("reload hangs")?;
    program.prints("all up").await?;
    program.signal("HUP").await?;
    program.prints("reloading").await?;
    program.signal("TERM").await?;
    let (code, rest) = program.ends().await?;
    assert_eq!((code, rest), (Some(0), STOP.map(Into::into).into()));
    Ok(())
}

#[tokio::test]
async fn what_fails_leaves_with_one() -> Tested {
    for what in ["fails", "ends", "panics"] {
        let (code, printed) = Program::start(what)?.ends().await?;
        assert_eq!(code, Some(1), "{what}");
        let last = printed.last().map(String::as_str);
        assert_eq!(last, Some("app stopped"), "{what}");
    }
    Ok(())
}

#[tokio::test]
async fn what_need_not_last_ends_nothing() -> Tested {
    let mut program = Program::start("temporary")?;
    program.prints("app stopped").await?;
    program.signal("TERM").await?;
    assert_eq!(program.ends().await?.0, Some(0));
    let mut program = Program::start("panics on")?;
    program.prints("all up").await?;
    program.signal("HUP").await?;
    program.prints("reloaded").await?;
    program.signal("TERM").await?;
    assert_eq!(program.ends().await?.0, Some(0));
    Ok(())
}

/// With one worker, which spins, nothing is left that could stop anything.
#[tokio::test]
async fn blocked_runtime_is_left_all_the_same() -> Tested {
    let mut program = Program::start_on_one_worker("spins")?;
    program.prints("spinner spins").await?;
    program.signal("TERM").await?;
    assert_eq!(program.ends().await?, (Some(1), vec![]));
    let mut program = Program::start_on_one_worker("spins")?;
    program.prints("spinner spins").await?;
    // Two signals that come before the first is heard are one.
    let begun = Instant::now();
    while program.is_running()? && begun.elapsed() < Duration::from_secs(60) {
        program.signal("TERM").await?;
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(program.ends().await?, (Some(143), vec![]));
    Ok(())
}
