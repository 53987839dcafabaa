//! Start-up and specs.

use super::parts::{Begin, End, Log, Part, Tested, ids, ms, patient, start, state, status};
use noex::prelude::*;
use noex::supervisor::{
    AutoShutdown, ChildError, ChildStartError, ChildState, Intensity, Spec, SpecError, Strategy,
    Supervisor, TreeHandle,
};
use noex::{ChildSpec, Restart, Shutdown, Task};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// The child that kept a tree from starting, and why.
fn culprit(error: &StartError) -> &ChildStartError {
    let StartError::Failed(error) = error else {
        panic!("{error:?}");
    };
    error.downcast_ref().expect("a child did not start")
}

fn refusal(error: StartError) -> SpecError {
    let StartError::Failed(error) = error else {
        panic!("{error:?}");
    };
    error.downcast_ref().cloned().expect("the spec is refused")
}

#[tokio::test(start_paused = true)]
async fn su_01_children_start_in_order() -> Tested {
    let log = Log::default();
    let [a, b, c] = log.parts(["a", "b", "c"]);
    a.next([Begin::After(ms(20))]);
    c.next([Begin::After(ms(5))]);
    let spec = Spec::new("tree")
        .child(a.spec())
        .child(b.spec())
        .child(c.spec());
    let (tree, _) = start(spec).await?;
    let order = ["a starts", "a up", "b starts", "b up", "c starts", "c up"];
    assert_eq!(log.take(), order);
    tree.stop().await?;
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn su_02_failed_start_unwinds_in_reverse() -> Tested {
    let log = Log::default();
    let [a, b, c, d] = log.parts(["a", "b", "c", "d"]);
    b.ends(End::After(ms(30)));
    c.next([Begin::Fail]);
    let system = System::new();
    let spec = [&a, &b, &c, &d].into_iter();
    let spec = spec.fold(Spec::new("tree"), |spec, part| {
        spec.child(part.spec().name(format!("{:p}", part)))
    });
    let error = Supervisor::start(spec)
        .name("the tree")
        .system(&system)
        .await;
    let error = error.expect_err("c fails");
    assert!(system.processes().is_empty() && system.registry().names().is_empty());
    let happened = log.take();
    let expected = [
        "a starts",
        "a up",
        "b starts",
        "b up",
        "c starts",
        "b stops (shutdown)",
        "b gone",
        "a stops (shutdown)",
        "a gone",
    ];
    assert_eq!(happened, expected);
    let culprit = culprit(&error);
    assert_eq!((culprit.supervisor, &*culprit.child), ("tree", "c"));
    assert!(
        matches!(&culprit.error, StartError::Failed(e) if e.to_string() == "as the script says")
    );
    Ok(())
}

#[tokio::test]
async fn su_03_panicking_child_start_is_a_start_failure() -> Tested {
    let log = Log::default();
    let (init, argument) = (log.part("init"), || -> noex::Start<Task> {
        panic!("no argument")
    });
    init.always(Begin::Panic);
    let error = start(Spec::new("tree").child(init.spec()))
        .await
        .expect_err("it panics");
    assert!(
        matches!(&culprit(&error).error, StartError::Panicked { message, .. } if &**message == "as the script says")
    );
    let spec = || ChildSpec::new::<Task>("argument", argument);
    let error = start(Spec::new("tree").child(spec()))
        .await
        .expect_err("it panics");
    assert!(
        matches!(&culprit(&error).error, StartError::Panicked { message, .. } if &**message == "no argument")
    );
    let (tree, _) = start(Spec::new("tree")).await?;
    for spec in [init.spec(), spec()] {
        let refused = tree.start_child(spec).await;
        assert!(matches!(refused, Err(CallError::Failed(_))), "{refused:?}");
    }
    assert!(tree.is_alive() && tree.children().await?.is_empty());
    tree.stop().await?;
    Ok(())
}

#[tokio::test]
async fn su_04_ignored_child_keeps_its_spec() -> Tested {
    let log = Log::default();
    let [a, b, c] = log.parts(["a", "b", "c"]);
    a.next([Begin::Ignore]);
    b.next([Begin::Ignore]);
    let spec = patient()
        .child(a.spec())
        .child(b.spec().restart(Restart::Transient));
    let (tree, _) = start(spec.child(c.spec())).await?;
    assert_eq!(ids(&tree).await, ["a", "b", "c"]);
    for id in ["a", "b"] {
        let child = status(&tree, id).await.expect("its spec is kept");
        assert_eq!((child.pid, child.state), (None, ChildState::Stopped));
    }
    assert!(c.is_alive());
    tree.restart_child("a").await?;
    assert!(a.is_alive());
    tree.stop().await?;
    Ok(())
}

#[tokio::test]
async fn su_05_ignored_temporary_child_is_forgotten() -> Tested {
    let log = Log::default();
    let [a, b] = log.parts(["a", "b"]);
    a.always(Begin::Ignore);
    let temporary = || a.spec().restart(Restart::Temporary);
    let (tree, _) = start(patient().child(temporary()).child(b.spec())).await?;
    assert_eq!(ids(&tree).await, ["b"]);
    let ignored = tree.start_child(temporary()).await;
    let Err(CallError::Failed(ChildError::Failed(StartError::Ignored))) = ignored else {
        panic!("{ignored:?}");
    };
    assert_eq!(ids(&tree).await, ["b"]);
    tree.stop().await?;
    Ok(())
}

#[tokio::test]
async fn su_07_duplicate_ids_are_refused_first() {
    let log = Log::default();
    let [a, b] = log.parts(["a", "b"]);
    let spec = Spec::new("tree")
        .child(a.spec())
        .child(b.spec())
        .child(b.spec().id("a"));
    let refused = refusal(start(spec).await.expect_err("two are called a"));
    let expected = SpecError::DuplicateId {
        supervisor: "tree",
        id: "a".into(),
    };
    assert_eq!(refused, expected);
    assert_eq!((a.begun(), b.begun()), (0, 0));
}

#[tokio::test]
async fn su_08_impossible_options_are_refused() {
    let log = Log::default();
    let a = log.part("a");
    let significant = || a.spec().restart(Restart::Transient).significant(true);
    let wrong = [
        Spec::new("tree")
            .intensity(3, Duration::ZERO)
            .child(a.spec()),
        Spec::new("tree").child(significant()),
        Spec::new("tree")
            .auto_shutdown(AutoShutdown::AnySignificant)
            .child(significant().restart(Restart::Permanent)),
    ];
    let refusals = wrong.map(|spec| start(spec));
    let mut found = Vec::new();
    for refused in refusals {
        found.push(refusal(refused.await.expect_err("it is impossible")));
    }
    let (supervisor, id) = ("tree", "a".to_owned());
    let expected = [
        SpecError::ZeroWindow { supervisor },
        SpecError::SignificantForNothing {
            supervisor,
            id: id.clone(),
        },
        SpecError::SignificantPermanent { supervisor, id },
    ];
    assert_eq!(found, expected);
    assert_eq!(a.begun(), 0);
}

supervisor! {
    struct Nested {
        part: task(noex::stopping()),
    }
}

#[tokio::test]
async fn su_09_defaults_are_elixirs() -> Tested {
    let spec = Spec::new("tree");
    let limit = Intensity {
        max_restarts: 3,
        window: Duration::from_secs(5),
    };
    assert_eq!(
        (spec.strategy, spec.intensity),
        (Strategy::OneForOne, limit)
    );
    assert_eq!(spec.auto_shutdown, AutoShutdown::Never);
    let spec = spec
        .child(Log::default().part("server").spec())
        .child(ChildSpec::new::<Task>("task", || {
            Task::start(noex::stopping())
        }))
        .child(Nested::child_spec().id("tree"));
    let (tree, _) = start(spec).await?;
    let found: Vec<_> = tree.children().await?.into_iter().collect();
    let found = found.iter().map(|c| {
        (
            &*c.id,
            c.restart,
            c.shutdown,
            c.is_significant,
            c.is_supervisor,
        )
    });
    let five = Shutdown::After(Duration::from_secs(5));
    let expected = [
        ("server", Restart::Permanent, five, false, false),
        ("task", Restart::Permanent, five, false, false),
        ("tree", Restart::Permanent, Shutdown::Infinity, false, true),
    ];
    assert!(found.eq(expected));
    tree.stop().await?;
    Ok(())
}

#[derive(Clone)]
struct Stranger;

#[gen_server]
impl Stranger {
    /// Links itself to the supervisor that it starts, and crashes later.
    #[call]
    async fn begin(&self, part: Part) -> TreeHandle {
        let spec = patient().child(part.spec());
        Supervisor::start(spec).await.expect("it starts")
    }

    #[cast]
    fn crash(&mut self) {
        panic!("as asked");
    }
}

#[tokio::test]
async fn su_10_crashing_stranger_is_ignored() -> Tested {
    let log = Log::default();
    let [a, b, other] = log.parts(["a", "b", "other"]);
    let (tree, _) = start(patient().child(a.spec()).child(b.spec())).await?;
    let (elsewhere, _) = start(patient().child(other.spec())).await?;
    let (before, stranger) = (a.pid(), other.now());
    // Linked to a child, it takes that along, and not the supervisor; nor does the end of one that only started it.
    stranger.link_to(a.now())?;
    let starter = Stranger.start().await?;
    let third = log.part("third");
    let begun = starter.begin(third.clone()).await?;
    starter.crash()?;
    starter.exited().await;
    stranger.crash()?;
    a.life(2).await;
    assert!(tree.is_alive() && begun.is_alive() && third.is_alive());
    assert_ne!(a.pid(), before);
    assert_eq!(b.lives(), 1);
    for tree in [tree, elsewhere, begun] {
        tree.stop().await?;
    }
    Ok(())
}

#[tokio::test]
async fn su_13_spec_overrides_win() -> Tested {
    let log = Log::default();
    let [a, b] = log.parts(["a", "b"]);
    let limit = Shutdown::After(ms(7));
    let spec = patient()
        .auto_shutdown(AutoShutdown::AllSignificant)
        .child(
            a.spec()
                .id("one")
                .restart(Restart::Transient)
                .shutdown(limit),
        )
        .child(
            b.spec()
                .id("two")
                .restart(Restart::Temporary)
                .shutdown(Shutdown::BrutalKill)
                .significant(true)
                .name("two"),
        );
    let (tree, system) = start(spec).await?;
    let found = tree.children().await?;
    let found = found
        .iter()
        .map(|c| (&*c.id, c.pid, c.restart, c.shutdown, c.is_significant));
    let expected = [
        ("one", Some(a.pid()), Restart::Transient, limit, false),
        (
            "two",
            Some(b.pid()),
            Restart::Temporary,
            Shutdown::BrutalKill,
            true,
        ),
    ];
    assert!(found.eq(expected));
    assert_eq!(system.registry().whereis("two"), Some(b.pid()));
    tree.stop().await?;
    Ok(())
}

#[tokio::test]
async fn su_14_foreign_holder_of_the_name_is_not_adopted() -> Tested {
    let log = Log::default();
    let [a, foreign] = log.parts(["a", "foreign"]);
    let system = System::new();
    let holder = super::parts::Worker::start(foreign.clone())
        .name("it")
        .system(&system)
        .await?;
    let named = || a.spec().name("it");
    let error = Supervisor::start(Spec::new("tree").child(named()))
        .system(&system)
        .await;
    let error = error.expect_err("the name is taken");
    assert!(
        matches!(culprit(&error).error, StartError::NameTaken(pid) if Some(pid) == holder.pid())
    );
    let tree = Supervisor::start(Spec::new("tree")).system(&system).await?;
    let refused = tree.start_child(named()).await;
    assert!(matches!(
        refused,
        Err(CallError::Failed(ChildError::Failed(
            StartError::NameTaken(_)
        )))
    ));
    tree.stop().await?;
    assert!(holder.is_alive() && a.begun() == 0);
    assert_eq!(system.processes(), [holder.pid().expect("it runs")]);
    holder.stop().await?;
    Ok(())
}

struct Curious;

#[gen_server]
impl Curious {
    #[init]
    async fn new(tree: Arc<OnceLock<TreeHandle>>, seen: Log) -> Result<Self, CallError> {
        let tree = tree.get().expect("it is started later than the tree");
        for child in tree.children().await? {
            seen.note(format!("{} {:?}", child.id, child.state));
        }
        Ok(Self)
    }
}

#[tokio::test]
async fn su_15_calling_the_supervisor_from_init_is_answered() -> Tested {
    let (log, handle) = (Log::default(), Arc::new(OnceLock::new()));
    let (tree, _) = start(patient()).await?;
    assert!(handle.set(tree.clone()).is_ok());
    tree.start_child(Curious::child_spec(handle, log.clone()))
        .await?;
    assert_eq!(log.take(), ["Curious Starting"]);
    assert_eq!(state(&tree, "Curious").await, Some(ChildState::Running));
    tree.stop().await?;
    Ok(())
}
