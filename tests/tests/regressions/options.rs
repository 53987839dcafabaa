//! Options that were accepted and ignored.

use crate::parts::{Log, Tested, Worker, WorkerRef, ms, patient};
use noex::prelude::*;
use noex::supervisor::{Spec, Supervisor};
use noex::{ChildSpec, Restart, Task};
use tokio::task::yield_now;
use tokio::time::sleep;

struct Watcher {
    downs: u32,
}

#[gen_server]
impl Watcher {
    /// Watches while it is busy, and then does not want to know.
    #[cast]
    async fn watch_through(&mut self, other: WorkerRef, flush: bool, cx: &mut Ctx<Self>) {
        let monitor = cx.monitor(&other);
        sleep(ms(50)).await;
        let ended = match flush {
            true => cx.demonitor_flush(monitor),
            false => cx.demonitor(monitor),
        };
        assert!(ended);
    }

    #[info(down)]
    fn down(&mut self, _down: Down) {
        self.downs += 1;
    }

    #[call]
    fn downs(&self) -> u32 {
        self.downs
    }
}

/// Options were accepted and did nothing: names of supervisors and tasks, and the flush of a demonitor.
#[noex::test(paused)]
async fn w14_options_do_what_they_say() -> Tested {
    let system = System::current();
    let whereis = |name: &str| system.registry().whereis(name);
    let inner = Supervisor::child_spec(Spec::new("inner")).name("a nested tree");
    let work = ChildSpec::new("task", || Task::start(noex::stopping()));
    let work = work.name("a task of a tree").restart(Restart::Temporary);
    let tree = Supervisor::start(patient().child(inner).child(work)).name("a tree");
    let tree = tree.await?;
    let task = Task::start(noex::stopping()).name("a task").await?;
    assert_eq!(whereis("a tree"), tree.pid());
    assert_eq!(whereis("a task"), task.pid());
    let children: Vec<_> = tree.children().await?.iter().map(|c| c.pid).collect();
    assert_eq!(
        [whereis("a nested tree"), whereis("a task of a tree")],
        *children
    );
    task.stop().await?;
    tree.stop().await?;
    assert_eq!(system.registry().names(), []);

    for flush in [false, true] {
        let watched = Worker::start(Log::default().part("watched")).await?;
        let watcher = Watcher { downs: 0 }.start().await?;
        watcher.watch_through(watched.clone(), flush)?;
        yield_now().await;
        watched.stop().await?;
        sleep(ms(100)).await;
        assert_eq!(watcher.downs().await?, u32::from(!flush));
        watcher.stop().await?;
    }
    Ok(())
}
