//! What the end of one application means to the program.

use crate::apps::{Handle, app, applications, over, stop_of};
use crate::events::Events;
use crate::parts::{Log, Tested, ms, reasons};
use noex::prelude::*;
use noex::supervisor::{Spec, Supervisor};
use noex::{Application, ApplicationError, Phase, Restart};
use tracing::Level;

/// Starts an old application, one of this kind, and a new one; ends the middle one with this reason. Whether the program has stopped.
async fn ends_program(
    kind: Restart,
    reason: ExitReason,
) -> Result<bool, Box<dyn std::error::Error>> {
    let (log, system) = (Log::default(), System::new());
    let apps = system.applications();
    let parts = log.parts(["old", "it", "new"]);
    let root = Handle::default();
    apps.load(app(&parts[0], "old", &log))?;
    apps.load(root.of(app(&parts[1], "it", &log)).restart(kind))?;
    apps.load(app(&parts[2], "new", &log))?;
    for name in ["old", "it", "new"] {
        apps.start(name).await?;
    }
    log.take();
    match &reason {
        ExitReason::Killed => root.tree().kill(),
        reason => root.tree().stopping().reason(reason.clone()).await?,
    }
    assert_eq!(root.tree().exited().await, reason);
    let over = async {
        while apps.running().contains(&"it".into()) {
            tokio::task::yield_now().await;
        }
    };
    over.await;
    let ended = system.phase() != Phase::Idle;
    if ended {
        assert!(matches!(
            apps.start("it").await,
            Err(ApplicationError::ShuttingDown)
        ));
    } else {
        assert_eq!(apps.running(), ["old".into(), "new".into()]);
        assert!(parts[0].is_alive() && parts[2].is_alive());
    }
    let reports = apps.shutdown().await;
    let stopped: Vec<_> = reports.iter().map(|r| r.application.to_string()).collect();
    let others: Vec<_> = stopped.iter().filter(|name| *name != "it").collect();
    assert_eq!(others, ["new", "old"]);
    let text = log.take().join(", ");
    for name in ["new", "old"] {
        assert!(text.contains(&stop_of(name).join(", ")) || ended, "{text}");
    }
    assert!(
        text.contains("it prep_stop") && text.contains("it stopped"),
        "{text}"
    );
    assert_eq!(system.processes(), []);
    Ok(ended)
}

#[noex::test]
async fn ap_10_permanent_application_ends_the_program() -> Tested {
    for (reason, _) in reasons() {
        assert!(
            ends_program(Restart::Permanent, reason.clone()).await?,
            "{reason}"
        );
    }
    Ok(())
}

#[noex::test]
async fn ap_11_transient_application_ends_the_program_unless_normal() -> Tested {
    for (reason, _) in reasons() {
        let ends = ends_program(Restart::Transient, reason.clone()).await?;
        assert_eq!(ends, reason != ExitReason::Normal, "{reason}");
    }
    // A tree that gives up ends with `Shutdown`, which is not `Normal`.
    let (log, system) = (Log::default(), System::new());
    let (apps, part) = (system.applications(), log.part("part"));
    let child = part.clone();
    let app = Application::new("app", move || {
        Supervisor::start(Spec::new("tree").intensity(0, ms(1)).child(child.spec()))
    });
    apps.load(app.restart(Restart::Transient))?;
    apps.start("app").await?;
    part.now().crash()?;
    while system.phase() != Phase::Stopped {
        tokio::task::yield_now().await;
    }
    assert_eq!(system.processes(), []);
    Ok(())
}

#[noex::test]
async fn ap_12_temporary_application_is_only_reported() -> Tested {
    let events = Events::listen();
    for (at, (reason, _)) in reasons().into_iter().enumerate() {
        assert!(
            !ends_program(Restart::Temporary, reason.clone()).await?,
            "{reason}"
        );
        let words = ["ended by itself", "application=it"];
        assert_eq!(events.count(Level::WARN, &words), at + 1);
        let reason = format!("reason={reason}");
        assert!(events.count(Level::WARN, &["ended by itself", &reason]) > 0);
    }
    // It can be started again.
    let (log, apps) = (Log::default(), applications());
    let (part, root) = (log.part("part"), Handle::default());
    apps.load(root.of(app(&part, "app", &log)).restart(Restart::Temporary))?;
    apps.start("app").await?;
    root.tree().stop().await?;
    over("app").await;
    apps.start("app").await?;
    apps.shutdown().await;
    Ok(())
}
