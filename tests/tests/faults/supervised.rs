//! Mined children: their supervisor repairs them and comes to no harm.

use super::mined::{End, Field, Mine, Mined, MinedRef, Place, install_quiet_hook};
use noex::prelude::*;
use noex::supervisor::{Spec, Supervisor, Task, TreeHandle};
use std::future::{IntoFuture, pending};
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Builder;
use tokio::sync::oneshot;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Two mined servers and a mined task.
async fn tree(system: &System, field: Field) -> Result<TreeHandle> {
    let server =
        |name: &'static str| noex::ChildSpec::new(name, move || Mined::start(field)).name(name);
    let task = noex::ChildSpec::new("task", move || {
        let mine = field.mine(Place::Local);
        Task::start(async move {
            let _mine = mine;
            pending::<()>().await
        })
    });
    let spec = Spec::new("minefield").intensity(u32::MAX, Duration::from_secs(1));
    let spec = spec
        .child(server("mined"))
        .child(server("sibling"))
        .child(task);
    Ok(Supervisor::start(spec).system(system).await?)
}

fn named(system: &System, name: &'static str) -> MinedRef {
    MinedRef::from(Process::<Mined>::named_in(system, name))
}

/// Brings a server to its end, with messages behind.
async fn end(mined: &MinedRef, end: End, field: Field) -> Result<()> {
    let (arrived, arrival) = oneshot::channel();
    let (open, gate) = oneshot::channel();
    mined.end(end, arrived, gate).detach()?;
    arrival.await?;
    mined.take(field.mine(Place::Queued))?;
    let _ = open.send(());
    if end == End::Kill {
        mined.kill();
    }
    Ok(())
}

#[noex::test]
async fn mined_children_are_repaired() -> Result<()> {
    install_quiet_hook();
    let (system, field) = (System::current(), Field::EVERYWHERE);
    let tree = tree(&system, field).await?;
    let sibling = named(&system, "sibling").current().ok_or("it runs")?;
    for round in 0..30 {
        let mined = named(&system, "mined").current().ok_or("it runs")?;
        let way = [End::Normal, End::Panic, End::Kill][round % 3];
        end(&mined, way, field).await?;
        mined.exited().await;
        while named(&system, "mined").current().is_none() {
            tokio::task::yield_now().await;
        }
    }
    assert!(sibling.is_alive());
    assert!(tree.is_alive());
    assert!(tree.stop().await?.is_clean());
    assert!(matches!(
        sibling.exit_reason(),
        Some(ExitReason::Panic { .. })
    ));
    Ok(())
}

#[test]
fn a_mined_tree_goes_down_with_its_runtime() -> Result<()> {
    install_quiet_hook();
    let field = Field::EVERYWHERE;
    let outside = Builder::new_current_thread().build()?;
    for round in 0..200 {
        let mut builder = match round % 2 {
            0 => Builder::new_current_thread(),
            _ => Builder::new_multi_thread(),
        };
        let runtime = builder.worker_threads(2).enable_time().build()?;
        let system = System::new();
        let tree = runtime.block_on(tree(&system, field))?;
        let mined = ["mined", "sibling"].map(|name| named(&system, name).current());
        let mined = mined.map(|mined| mined.expect("it runs"));
        runtime.block_on(end(&mined[0], End::RuntimeDropped, field))?;
        drop(runtime);
        for mined in mined {
            // The supervisor, when it is dropped first, kills what still runs elsewhere.
            let reason = mined.exit_reason().ok_or("it lives")?;
            let reasons = [ExitReason::RuntimeGone, ExitReason::Killed];
            assert!(reasons.contains(&reason), "{reason}");
        }
        // It has not tried to repair what went down with its own runtime.
        let reason = outside.block_on(tree.exited());
        assert_eq!(reason, ExitReason::RuntimeGone);
        assert_eq!(system.processes(), []);
    }
    Ok(())
}

/// What the starts of children hold is let go, whatever becomes of the first.
#[test]
fn a_mined_plan_goes_down_with_its_supervisor() -> Result<()> {
    install_quiet_hook();
    for kill in [true, false] {
        let runtime = Builder::new_current_thread().enable_time().build()?;
        let load = Arc::new(());
        let planned = |id: &'static str| {
            let held = (Field::EVERYWHERE.mine(Place::Local), load.clone());
            noex::ChildSpec::new(id, move || {
                let _held: &(Mine, Arc<()>) = &held;
                Mined::start(Field::default())
            })
        };
        let children = ["a", "b", "c"].map(planned);
        let spec = children
            .into_iter()
            .fold(Spec::new("mined plan"), Spec::child);
        let system = System::new();
        let tree = runtime.block_on(Supervisor::start(spec).system(&system).into_future())?;
        if kill {
            tree.kill();
            runtime.block_on(tree.exited());
        }
        drop(runtime);
        assert_eq!(system.processes(), []);
        assert_eq!(Arc::strong_count(&load), 1);
    }
    Ok(())
}

#[noex::test]
async fn a_mined_child_is_deleted() -> Result<()> {
    install_quiet_hook();
    let mine = Field::EVERYWHERE.mine(Place::Local);
    let child = noex::ChildSpec::new("mined", move || {
        let _held: &Mine = &mine;
        Mined::start(Field::default())
    });
    let tree = Supervisor::start(Spec::new("minefield").child(child)).await?;
    tree.terminate_child("mined").await?;
    tree.delete_child("mined").await?;
    assert!(tree.children().await?.is_empty());
    tree.stop().await?;
    Ok(())
}
