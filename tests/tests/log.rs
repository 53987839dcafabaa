//! S45-S47: logs as JSON.

use noex::Observer;
use noex::environment::Environment;
use noex::log::{LOG_LEVEL, subscriber};
use noex::prelude::*;
use serde_json::Value;
use std::error::Error;
use std::future::Future;
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use tracing_subscriber::filter::Targets;

type Outcome = Result<(), Box<dyn Error>>;

/// What has been written.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Written {
    fn lines(&self) -> Result<Vec<Value>, Box<dyn Error>> {
        let bytes = self.0.lock().unwrap();
        let lines = std::str::from_utf8(&bytes)?.lines();
        Ok(lines.map(serde_json::from_str).collect::<Result<_, _>>()?)
    }
}

fn levels(set: &[(&str, &str)]) -> Result<Targets, Box<dyn Error>> {
    Ok(Environment::of(set.iter().copied()).read(&LOG_LEVEL)?)
}

/// Logs what `run` does on this thread.
fn logging(levels: Targets, run: impl FnOnce()) -> Written {
    noex_tests::listen_per_thread();
    let written = Written::default();
    let to = written.clone();
    tracing::subscriber::with_default(subscriber(levels, move || to.clone()), run);
    written
}

#[test]
fn s45_a_line_is_json_with_level_and_iso_time() -> Outcome {
    let written = logging(levels(&[])?, || {
        tracing::info!(answer = 42, "ready");
        tracing::debug!("not at this level");
    });
    let lines = written.lines()?;
    let [line] = &*lines else {
        panic!("{lines:?}");
    };
    assert_eq!(
        (&line["level"], &line["message"]),
        (&"INFO".into(), &"ready".into())
    );
    assert_eq!(
        (&line["answer"], &line["target"]),
        (&42.into(), &"log".into())
    );
    let time = line["timestamp"].as_str().ok_or("no time")?;
    let shape: String = time
        .chars()
        .map(|c| if c.is_ascii_digit() { '0' } else { c })
        .collect();
    assert_eq!(shape, "0000-00-00T00:00:00.000000Z");
    Ok(())
}

#[test]
fn s45_levels_of_targets_can_be_set_and_bad_ones_are_named() -> Outcome {
    let written = logging(levels(&[("LOG_LEVEL", "off,noex=debug")])?, || {
        tracing::error!("of another");
        tracing::debug!(target: "noex::lifecycle", "of ours");
    });
    let lines = written.lines()?;
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["message"], "of ours");
    let error = levels(&[("LOG_LEVEL", "info=loud")]).expect_err("it is no level");
    assert!(
        error
            .to_string()
            .starts_with("LOG_LEVEL=\"info=loud\" cannot be used: it must be trace,"),
        "{error}"
    );
    Ok(())
}

fn on_a_runtime(work: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.unwrap().block_on(work);
}

struct Fragile;

#[gen_server]
impl Fragile {
    #[cast]
    fn crash(&mut self) {
        panic!("told to");
    }
}

/// EV-01: the others go on, and whoever reads the log knows of this one.
#[test]
fn s47_a_subscriber_that_panics_is_a_line() -> Outcome {
    let written = logging(levels(&[])?, || {
        on_a_runtime(async {
            let subscription = Observer::current().subscribe(|_| panic!("in a subscriber"));
            let mut events = Observer::current().events();
            let fragile = Fragile.start().await.unwrap();
            events.next().await;
            tokio::task::yield_now().await;
            drop(subscription);
            fragile.stop().await.unwrap();
        });
    });
    let lines = written.lines()?;
    let mut told = lines
        .iter()
        .filter(|line| line["target"] == "noex::observer");
    let told = told.next().ok_or("nothing is told")?;
    assert!(
        told["reason"]
            .as_str()
            .is_some_and(|r| r.contains("in a subscriber")),
        "{told}"
    );
    Ok(())
}

#[test]
fn s46_a_crash_is_a_line_with_its_reason() -> Outcome {
    let written = logging(levels(&[])?, || {
        on_a_runtime(async {
            let fragile = Fragile.start_as("fragile").await.unwrap();
            let exited = fragile.exited();
            fragile.crash().unwrap();
            exited.await;
        });
    });
    let lines = written.lines()?;
    let crash = lines
        .iter()
        .find(|line| line["target"] == "noex::crash")
        .ok_or("no crash")?;
    assert_eq!(
        (&crash["level"], &crash["name"], &crash["handler"]),
        (&"ERROR".into(), &"fragile".into(), &"crash".into())
    );
    assert!(
        crash["reason"]
            .as_str()
            .is_some_and(|r| r.starts_with("panic: told to")),
        "{crash}"
    );
    Ok(())
}
