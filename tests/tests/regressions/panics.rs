//! Defects of panics.

use crate::parts::Tested;
use noex::prelude::*;
use std::panic::panic_any;
use std::time::Duration;
use tokio::task::yield_now;
use tokio::time::timeout;

/// Where a server panics.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Place {
    Nowhere,
    Init,
    Info,
    Continuation,
    Terminate,
    Drop,
    Payload,
}

struct Bomb(Place);

struct Light;

#[gen_server]
impl Bomb {
    #[init]
    fn new(place: Place) -> Self {
        assert_ne!(place, Place::Init, "in init");
        Self(place)
    }

    #[info]
    fn light(&mut self, _: Light, cx: &mut Ctx<Self>) {
        match self.0 {
            Place::Info => panic!("in info"),
            Place::Payload => panic_any(7_u8),
            Place::Continuation => cx.continue_with(BombContinue::GoOff {}),
            _ => cx.stop(ExitReason::Normal),
        }
    }

    #[continuation]
    fn go_off(&mut self) {
        panic!("in continuation");
    }

    #[terminate]
    fn bye(&mut self, why: &ExitReason) {
        // Reading what was panicked with is no trouble.
        assert!(!why.to_string().is_empty() && !format!("{why:?}").is_empty());
        assert_ne!(self.0, Place::Terminate, "in terminate");
    }
}

impl Drop for Bomb {
    fn drop(&mut self) {
        if self.0 == Place::Drop && !std::thread::panicking() {
            panic!("in drop");
        }
    }
}

/// Watches one and asks it for its reason when it is told of its end.
struct Witness(BombRef, Option<String>);

#[gen_server]
impl Witness {
    #[init]
    fn new(bomb: BombRef, cx: &mut Ctx<Self>) -> Self {
        cx.monitor(&bomb);
        Self(bomb, None)
    }

    #[info(down)]
    fn down(&mut self, down: Down) {
        assert_eq!(self.0.exit_reason().as_ref(), Some(&down.reason));
        self.1 = Some(format!("{} {:?}", down.reason, down.reason));
    }

    #[call]
    fn told(&self) -> Option<String> {
        self.1.clone()
    }
}

/// Whoever read in a callback what another had panicked with waited for ever.
#[noex::test]
async fn r22_a_panic_can_be_read_in_callbacks() -> Tested {
    for (place, words) in [(Place::Info, "in info"), (Place::Payload, "Panic")] {
        let bomb = Bomb::start(place).await?;
        let witness = Witness::start(bomb.clone()).await?;
        bomb.send(Light)?;
        let reading = async {
            loop {
                match witness.told().await {
                    Ok(Some(told)) => return told,
                    Ok(None) => yield_now().await,
                    Err(error) => panic!("{error}"),
                }
            }
        };
        let told = timeout(Duration::from_secs(10), reading).await?;
        assert!(told.contains(words), "{told}");
        witness.stop().await?;
    }
    Ok(())
}

/// A panic in a callback, or in the drop of the state, took others along or was not told of.
#[noex::test]
async fn r23_a_panic_stays_where_it_is_and_is_told() -> Tested {
    let failed = Bomb::start(Place::Init).await.err();
    assert!(
        matches!(&failed, Some(StartError::Panicked { message, .. }) if message.contains("in init")),
        "{failed:?}"
    );
    let places = [
        (Place::Info, "in info"),
        (Place::Continuation, "in continuation"),
        (Place::Terminate, "in terminate"),
        (Place::Drop, "in drop"),
    ];
    let bystander = Bomb::start(Place::Nowhere).await?;
    for (place, words) in places {
        let bomb = Bomb::start(place).await?;
        bomb.send(Light)?;
        let reason = bomb.exited().await;
        assert!(
            matches!(&reason, ExitReason::Panic { message, .. } if message.contains(words)),
            "{place:?}: {reason}"
        );
    }
    assert!(bystander.is_alive());
    bystander.stop().await?;
    Ok(())
}
