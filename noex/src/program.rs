//! What `#[noex::main]` runs.

use crate::process::install_panic_hook;
use std::future::Future;
use tokio::runtime::Builder;

/// Options of `#[noex::main]`.
#[derive(Clone, Copy, Debug, Default)]
pub struct MainOptions {
    /// Worker threads; one per core if not given.
    pub workers: Option<usize>,
    /// One thread runs everything.
    pub current_thread: bool,
}

/// Runs a program on a tokio runtime of its own, with the panic hook of noex.
///
/// # Panics
///
/// When the runtime cannot be built, or the program panics.
pub fn block_on_main<F: Future>(options: MainOptions, program: F) -> F::Output {
    install_panic_hook();
    let mut builder = match options.current_thread {
        true => Builder::new_current_thread(),
        false => Builder::new_multi_thread(),
    };
    if let Some(workers) = options.workers {
        builder.worker_threads(workers);
    }
    let runtime = builder
        .enable_all()
        .build()
        .expect("a program cannot begin without a tokio runtime");
    let output = runtime.block_on(program);
    // Blocking work that never ends must not keep the program from ending.
    runtime.shutdown_background();
    output
}
