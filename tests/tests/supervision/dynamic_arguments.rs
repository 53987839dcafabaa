//! What a child that comes and goes is made from.

use super::parts::Tested;
use noex::Restart;
use noex::prelude::*;
use noex::supervisor::{ChildError, Dynamic, DynamicSpec};
use std::sync::Arc;

/// Tells its arguments.
struct Greeter(String, u32);

#[gen_server]
impl Greeter {
    #[init]
    fn new(name: String, age: u32) -> Self {
        Self(name, age)
    }

    #[call]
    fn who(&self) -> (String, u32) {
        (self.0.clone(), self.1)
    }

    #[cast]
    fn forget(&mut self) {
        self.0.clear();
    }
}

#[tokio::test]
async fn dy_08_arguments_are_used_on_every_start() -> Tested {
    let spec = DynamicSpec::new("greeters");
    let greeters = Dynamic::<Greeter>::start(spec).await?;
    let name = String::from("ann");
    let ann = greeters
        .start_child(move || Greeter::start(name.clone(), 30))
        .await?;
    let bob = greeters
        .start_child(|| Greeter::start("bob".into(), 40))
        .await?;
    for _ in 0..3 {
        ann.forget()?;
        let before = ann.current().expect("it runs");
        before.kill();
        before.exited().await;
        // The ref follows the restart.
        while !ann.is_alive() {
            tokio::task::yield_now().await;
        }
        assert_eq!(ann.who().await?, ("ann".into(), 30));
    }
    assert_eq!(bob.who().await?, ("bob".into(), 40));
    greeters.stop().await?;
    assert!(!ann.is_alive());
    Ok(())
}

/// A session of a user who may not be copied, as a socket may not.
struct Session(Arc<()>);

#[gen_server]
impl Session {
    #[init]
    fn new(socket: Socket) -> Self {
        Self(socket.0)
    }

    #[call]
    fn users(&self) -> usize {
        Arc::strong_count(&self.0)
    }
}

struct Socket(Arc<()>);

#[tokio::test]
async fn what_a_temporary_child_is_given_is_never_copied() -> Tested {
    let spec = DynamicSpec::new("sessions").restart(Restart::Temporary);
    let sessions = Dynamic::<Session>::start(spec).await?;
    let socket = Arc::new(());
    let session = sessions
        .start_child(Session::start(Socket(socket.clone())))
        .await?;
    assert_eq!(session.users().await?, 2);
    sessions
        .terminate_child(session.pid().expect("it runs"))
        .await?;
    assert_eq!(Arc::strong_count(&socket), 1);
    assert!(matches!(session.users().await, Err(CallError::NotRunning)));
    sessions.stop().await?;
    Ok(())
}

#[tokio::test]
async fn what_can_be_started_once_cannot_be_restarted() -> Tested {
    let sessions = Dynamic::<Session>::start(DynamicSpec::new("sessions")).await?;
    let start = Session::start(Socket(Arc::default()));
    let refused = sessions.start_child(start).await;
    let Err(CallError::Failed(ChildError::Failed(error))) = refused else {
        panic!("{refused:?}");
    };
    let says = "its start can be used once; make it temporary, or give a closure";
    assert!(error.to_string().contains(says), "{error}");
    assert_eq!(sessions.count_children().await?.specs, 0);
    sessions.stop().await?;
    Ok(())
}
