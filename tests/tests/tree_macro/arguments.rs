//! When arguments are evaluated, and what becomes of those that fail.

use crate::servers::{Cell, replaced, soon};
use noex::prelude::*;
use std::num::ParseIntError;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

/// Cannot be cloned: a tree keeps its parameters and needs no copy of them.
#[derive(Debug)]
struct Config {
    starts: AtomicU64,
    log: Arc<Mutex<Vec<u64>>>,
}

fn config() -> Config {
    Config {
        starts: AtomicU64::new(0),
        log: Arc::default(),
    }
}

async fn note(log: Arc<Mutex<Vec<u64>>>, n: u64) {
    log.lock().expect("nobody panics here").push(n);
    noex::stopping().await;
    log.lock().expect("nobody panics here").push(100 + n);
}

supervisor! {
    #[tree(strategy = one_for_all)]
    struct Counting(cfg: Config) {
        cell: Cell(cfg.starts.fetch_add(1, Ordering::Relaxed)),
        note: task(note(cfg.log.clone(), cfg.starts.load(Ordering::Relaxed))),
    }
}

#[tokio::test]
async fn arguments_are_evaluated_at_each_start() {
    let cfg = config();
    let log = cfg.log.clone();
    let tree = soon(Counting::start(cfg)).await.expect("it starts");
    let (cell, task) = (tree.cell(), tree.note());
    assert_eq!(cell.get().await, Ok(0));
    for n in 1..3 {
        let old = (cell.pid(), task.pid());
        cell.crash().expect("it runs");
        replaced(old.0, || cell.pid()).await;
        replaced(old.1, || task.pid()).await;
        assert_eq!(soon(cell.get()).await, Ok(n));
    }
    while log.lock().expect("nobody panics here").last() != Some(&3) {
        tokio::task::yield_now().await;
    }
    soon(tree.stop()).await.expect("it stops");
    // Each task ran on until it had drained.
    let log = log.lock().expect("nobody panics here").clone();
    assert_eq!(log, [1, 101, 2, 102, 3, 103]);
}

supervisor! {
    struct Parsing(text: String) {
        first: Cell(1),
        cell: Cell(text.parse()?),
    }
}

#[tokio::test]
async fn a_question_mark_is_a_failure_to_start() {
    let error = soon(Parsing::start("x".into()))
        .await
        .expect_err("no number");
    let StartError::Failed(why) = &error else {
        panic!("{error:?}");
    };
    let mut why: &(dyn std::error::Error + 'static) = &**why;
    while let Some(source) = why.source() {
        why = source;
    }
    assert!(why.is::<ParseIntError>(), "{why:?}");
    let tree = soon(Parsing::start("7".into())).await.expect("a number");
    assert_eq!(tree.cell().get().await, Ok(7));
    soon(tree.stop()).await.expect("it stops");
}

supervisor! {
    struct Indexing(numbers: Vec<u64>) {
        cell: Cell(numbers[1]),
    }
}

#[tokio::test]
async fn a_panic_is_a_failure_to_start() {
    let error = soon(Indexing::start(vec![1]))
        .await
        .expect_err("no second number");
    assert!(error.to_string().contains("index"), "{error}");
    let tree = soon(Indexing::start(vec![1, 2]))
        .await
        .expect("there is one");
    assert_eq!(tree.cell().get().await, Ok(2));
    soon(tree.stop()).await.expect("it stops");
}
