//! What an error says of itself is user code, and runs when a crash is reported.

use super::events::Events;
use super::mined::{AS_ASKED, install_quiet_hook};
use noex::prelude::*;
use std::error::Error;
use std::fmt;
use tracing::Level;

/// Cannot be told of.
#[derive(Debug)]
struct Unspeakable;

impl fmt::Display for Unspeakable {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("{AS_ASKED}")
    }
}

impl Error for Unspeakable {}

struct Doomed;

#[gen_server]
impl Doomed {
    #[cast]
    fn fail(&mut self) -> Result<(), Unspeakable> {
        Err(Unspeakable)
    }
}

#[noex::test]
async fn an_error_that_cannot_be_told_is_a_reason() -> Result<(), Box<dyn Error>> {
    install_quiet_hook();
    let events = Events::listen();
    let doomed = Doomed.start().name("doomed").await?;
    doomed.fail()?;
    let reason = doomed.exited().await;
    assert!(reason.downcast_ref::<Unspeakable>().is_some());
    assert!(Doomed::named("doomed").current().is_none());
    assert_eq!(
        events.count(Level::ERROR, &["crashed", "Doomed", "displayed"]),
        1
    );
    Ok(())
}
