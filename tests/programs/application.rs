//! A program for the tests of signals and exit codes: its argument says which. It prints what happens.

use noex::prelude::*;
use noex::supervisor::{Spec, Supervisor, TreeHandle};
use noex::{Application, Phase, Program, Restart, Shutdown, Start};
use std::future::pending;
use std::process::ExitCode;
use std::time::Duration;

/// A server that prints its life.
#[derive(Clone)]
struct Part {
    id: &'static str,
    init: Duration,
    end: Duration,
}

#[gen_server(init_timeout = Duration::MAX)]
impl Part {
    #[init]
    async fn new(part: Part) -> Self {
        println!("{} starts", part.id);
        tokio::time::sleep(part.init).await;
        println!("{} up", part.id);
        part
    }

    #[cast]
    fn spin(&mut self) {
        println!("{} spins", self.id);
        loop {
            std::hint::spin_loop();
        }
    }

    #[terminate]
    async fn bye(&mut self, why: &ExitReason) {
        println!("{} stops ({why})", self.id);
        tokio::time::sleep(self.end).await;
        println!("{} stopped", self.id);
    }
}

const EVER: Duration = Duration::from_secs(3_600);

fn part(id: &'static str) -> Part {
    let (init, end) = (Duration::ZERO, Duration::ZERO);
    Part { id, init, end }
}

fn tree<const N: usize>(parts: [Part; N]) -> Start<Supervisor> {
    let spec = parts.into_iter().fold(Spec::new("tree"), |spec, part| {
        let child = Part::child_spec(part.clone()).id(part.id).name(part.id);
        spec.child(child.shutdown(Shutdown::Infinity))
    });
    Supervisor::start(spec)
}

fn app(start: impl Fn() -> Start<Supervisor> + Send + Sync + 'static) -> Application<Supervisor> {
    Application::new("app", start)
        .start_phase("tell", async |_| println!("all up"))
        .prep_stop(async |_| println!("prep_stop"))
        .stopped(async || println!("app stopped"))
}

async fn panic_at_once() {
    panic!("as asked");
}

/// Says of each phase that it has been seen.
async fn companion() {
    let mut seen = Phase::Idle;
    loop {
        let phase = System::current().phase();
        if phase != seen {
            println!("beside {phase:?}");
            seen = phase;
        }
        tokio::task::yield_now().await;
    }
}

/// Ends the tree by itself as soon as the program runs.
async fn end_soon(tree: TreeHandle) {
    tokio::spawn(async move {
        running().await;
        tree.kill();
    });
}

async fn panic_elsewhere(_: TreeHandle) {
    tokio::spawn(async {
        running().await;
        panic!("as asked");
    });
}

async fn running() {
    while System::current().phase() != Phase::Running {
        tokio::task::yield_now().await;
    }
}

#[noex::main]
async fn main() -> ExitCode {
    let what = std::env::args().nth(1).unwrap_or_default();
    let quick = app(|| tree([part("a"), part("b")]));
    let patient = Part {
        end: EVER,
        ..part("patient")
    };
    let program = Program::new().on_reload(async || println!("reloaded"));
    let program = match &*what {
        "quick" => program.with(quick),
        "slow" => program.with(app(move || tree([patient.clone()]))),
        "late" => {
            let late = app(move || tree([patient.clone()]));
            program.with(late.stop_timeout(Duration::from_millis(100)))
        }
        "starting" => {
            let hanging = Part {
                init: EVER,
                ..part("hanging")
            };
            let hanging = move || tree([part("c"), hanging.clone()]);
            program
                .with(quick)
                .with(Application::new("next", hanging).depends_on(["app"]))
        }
        "spins" => {
            let spins = app(|| tree([part("spinner")])).stop_timeout(Duration::from_millis(100));
            let spins = spins.start_phase("spin", async |_| Part::named("spinner").spin());
            program.drain(Duration::ZERO).with(spins)
        }
        "reload hangs" => program.with(quick).on_reload(|| {
            println!("reloading");
            pending::<()>()
        }),
        "beside" => program
            .beside("companion", companion())
            .with(app(move || tree([patient.clone()]))),
        "beside fails" => program
            .beside("companion", async { Err::<(), _>("as asked") })
            .with(quick),
        "beside panics" => program.beside("companion", panic_at_once()).with(quick),
        "fails" => program.with(quick.start_phase("fail", async |_| Err::<(), _>("as asked"))),
        "ends" => program.with(quick.start_phase("end", end_soon)),
        "temporary" => program.with(
            quick
                .start_phase("end", end_soon)
                .restart(Restart::Temporary),
        ),
        "panics" => program
            .stop_on_panic()
            .with(quick.start_phase("panic", panic_elsewhere)),
        "panics on" => program.with(quick.start_phase("panic", panic_elsewhere)),
        other => panic!("there is no program {other:?}"),
    };
    program.run().await
}
