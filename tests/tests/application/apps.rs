//! Applications that tell what happens to them.

use crate::parts::{Log, Part, patient};
use noex::prelude::*;
use noex::supervisor::{Supervisor, TreeHandle};
use noex::{Application, Applications};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// An application of one worker, with hooks: it logs `a starts`, `a up`, .., and `a prep_stop`, `a stopped`.
pub(crate) fn app(part: &Part, name: &'static str, log: &Log) -> Application<Supervisor> {
    let part = part.clone();
    let (before, after) = (log.clone(), log.clone());
    let app = Application::new(name, move || {
        Supervisor::start(patient().child(part.spec()))
    });
    let app = app.prep_stop(move |_| {
        let log = before.clone();
        async move { log.note(format!("{name} prep_stop")) }
    });
    app.stopped(move || {
        let log = after.clone();
        async move { log.note(format!("{name} stopped")) }
    })
}

pub(crate) fn applications() -> Applications {
    System::current().applications()
}

/// Where the tree of an application can be reached from outside.
#[derive(Clone, Default)]
pub(crate) struct Handle(Arc<Mutex<Option<TreeHandle>>>);

impl Handle {
    pub(crate) fn of(&self, app: Application<Supervisor>) -> Application<Supervisor> {
        let place = self.clone();
        app.start_phase("handle", move |tree| {
            let place = place.clone();
            async move { *place.0.lock().expect("nothing panics here") = Some(tree) }
        })
    }

    pub(crate) fn tree(&self) -> TreeHandle {
        let tree = self.0.lock().expect("nothing panics here").clone();
        tree.expect("it has been up")
    }
}

/// A hook.
pub(crate) async fn panics() {
    panic!("as asked");
}

/// Returns when this application is over.
pub(crate) async fn over(name: &str) {
    let running = || applications().running().iter().any(|app| **app == *name);
    let over = async {
        while running() {
            tokio::task::yield_now().await;
        }
        // Its hooks may still run: a stop waits for them.
        while applications().stop(name).await.is_ok() {}
    };
    let waited = tokio::time::timeout(Duration::from_secs(60), over).await;
    waited.expect("it ends");
}

/// What an orderly stop of `app` logs.
pub(crate) fn stop_of(name: &str) -> [String; 4] {
    ["prep_stop", "stops (shutdown)", "gone", "stopped"].map(|what| format!("{name} {what}"))
}
