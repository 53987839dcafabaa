//! The last events of a server, and functions that are told of each.

use super::{Outcome, settle};
use noex::SystemEventKind::{Done, In, Resumed, Suspended};
use noex::prelude::*;
use noex::{SystemEvent, SystemEventKind};
use std::sync::{Arc, Mutex};
use std::time::Duration;

#[derive(Default)]
struct Worker;

#[derive(Clone)]
struct Tick;

#[gen_server]
impl Worker {
    #[cast]
    fn work(&mut self, _n: u32) {}

    #[call]
    fn ask(&mut self) {}

    #[call]
    fn tick_later(&mut self, cx: &mut Ctx<Self>) {
        cx.send_after(Duration::ZERO, Tick);
    }

    #[cast]
    fn fail(&mut self) -> Result<(), std::fmt::Error> {
        Err(std::fmt::Error)
    }

    #[info]
    fn tick(&mut self, _tick: Tick) {}
}

fn kinds(events: &[SystemEvent]) -> Vec<SystemEventKind> {
    events.iter().map(|e| e.kind).collect()
}

#[noex::test]
async fn sy_05_event_log_keeps_the_last() -> Outcome {
    let worker = Worker.start().await?;
    worker.ask().await?;
    assert_eq!(worker.logged(), []);
    assert!(worker.log(6));
    worker.work(1)?;
    worker.ask().await?;
    settle().await;
    let logged = worker.logged();
    assert_eq!(
        kinds(&logged),
        [In("work"), Done("work"), In("ask"), Done("ask")]
    );
    assert_eq!(
        logged.last().map(ToString::to_string).as_deref(),
        Some("done ask")
    );
    assert!(logged.is_sorted_by_key(|e| e.at));
    // What is no message, and no more than asked for.
    assert!(worker.suspend() && worker.resume());
    worker.tick_later().await?;
    settle().await;
    let all = [
        Suspended,
        Resumed,
        In("tick_later"),
        Done("tick_later"),
        In("timer"),
        Done("tick"),
    ];
    assert_eq!(kinds(&worker.logged()), all);
    // While it handles nothing.
    assert!(worker.suspend());
    settle().await;
    assert_eq!(kinds(&worker.logged()).last(), Some(&Suspended));
    assert!(worker.log(2) && worker.resume());
    settle().await;
    assert_eq!(kinds(&worker.logged()), [Suspended, Resumed]);
    assert!(worker.log(0));
    worker.ask().await?;
    assert_eq!(worker.logged(), []);
    // Of one that is gone, it stays.
    assert!(worker.log(10));
    worker.fail()?;
    worker.exited().await;
    assert_eq!(kinds(&worker.logged()), [In("fail")]);
    assert!(!worker.log(10));
    Ok(())
}

#[noex::test]
async fn sy_06_debug_function_sees_each_event() -> Outcome {
    let worker = Worker.start().await?;
    let seen = Arc::new(Mutex::new(Vec::new()));
    let sink = seen.clone();
    let look = move |event: &SystemEvent| {
        sink.lock().expect("nobody panics here").push(event.kind);
    };
    let take = || std::mem::take(&mut *seen.lock().expect("nobody panics here"));
    let function = worker.install(look).ok_or("not running")?;
    (0..3).try_for_each(|n| worker.work(n))?;
    worker.ask().await?;
    settle().await;
    let all = [In("work"), Done("work")].repeat(3);
    assert_eq!(take(), [all.as_slice(), &[In("ask"), Done("ask")]].concat());
    assert!(worker.remove(function) && !worker.remove(function));
    worker.ask().await?;
    assert_eq!(take(), []);
    // One that panics goes; the server and the others stay.
    let mine = seen.clone();
    let function = worker.install(move |e| mine.lock().expect("nobody panics here").push(e.kind));
    let broken = worker
        .install(|event| assert_ne!(event.kind, Done("work"), "not that"))
        .ok_or("not running")?;
    worker.work(1)?;
    worker.ask().await?;
    settle().await;
    assert_eq!(take(), [In("work"), Done("work"), In("ask"), Done("ask")]);
    assert!(!worker.remove(broken));
    assert_eq!(worker.handled(), 7);
    // One that holds its own server does not keep it.
    let held = worker.clone();
    worker
        .install(move |_| assert!(held.pid().is_some()))
        .ok_or("not running")?;
    let kept = Arc::downgrade(&seen);
    drop((function, seen));
    worker.stop().await?;
    assert_eq!(kept.strong_count(), 0);
    assert_eq!(worker.install(|_| ()), None);
    Ok(())
}
