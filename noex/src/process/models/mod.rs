//! Models of the process core: loom runs each through every interleaving up to a bound on preemptions, and through
//! what weak memory allows beside.
//!
//! A model counts only with a bug beside it that it finds. The bugs are planted where [`planted`](crate::sync::planted) is asked;
//! `.ci/models` lists each with the models that must fail, and sees to it that they do.
//!
//! Left out: panics (in a model a panic is loom's own verdict, so `contain` contains nothing), tokio (a loom
//! thread stands for the task of a process), the counts in `std::sync::Arc`, deadlines and timers.

mod abandon;
mod alone;
mod by_hand;
mod calls;
mod claims;
mod death;
mod door;
mod relations;
mod running;
mod server;
mod slots;
mod start;
mod subject;
mod tasks;
mod waits;

use self::by_hand::*;
use self::server::*;
use self::subject::*;
pub(super) use self::tasks::Tasks;
use super::cell::Carrier;
use super::runtime::{Runtime, Spawner};
use super::{
    Address, Cell, Down, Exit, ExitReason, Kind, Name, Options, ProcessArc, Signal, Target,
};
use crate::Inline;
use crate::error::CallError;
use crate::server::{Child, Ctx, GenServer, Init, Process, Reply, Seat, life};
use crate::system::System;
use loom::thread::{self, JoinHandle};
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

/// Explores `model` and tells how much there was to explore. `LOOM_MAX_PREEMPTIONS` overrides the bound.
fn explore<F: Fn() + Send + Sync + 'static>(preemptions: usize, model: F) {
    let mut builder = loom::model::Builder::new();
    let bound = *builder.preemption_bound.get_or_insert(preemptions);
    builder.max_branches = 20_000;
    let executions = Arc::new(AtomicUsize::new(0));
    let count = executions.clone();
    let start = std::time::Instant::now();
    builder.check(move || {
        count.fetch_add(1, Relaxed);
        model();
    });
    let path = std::any::type_name::<F>().trim_end_matches("::{{closure}}");
    let name = path.rsplit("::").next().unwrap_or(path);
    let executions = executions.load(Relaxed);
    println!(
        "{executions:>8} executions, bound {bound}, {:>6.2} s  {name}",
        start.elapsed().as_secs_f64()
    );
}
