//! Names and their processes.

use super::scenario::{ROUNDS, scenario, within};
use noex::RegisterError;
use noex::prelude::*;
use tokio::task::yield_now;

struct Holder;

#[gen_server]
impl Holder {
    #[init]
    fn new() -> Self {
        Self
    }
}

/// Registers a process under one name after the other, until it is gone.
async fn register_until_gone(holder: HolderRef, who: &str) {
    for n in 0..10_000 {
        match holder.register(format!("{who} {n}")) {
            Ok(()) => yield_now().await,
            Err(RegisterError::NotRunning) => return,
            Err(error) => panic!("{error}"),
        }
    }
    panic!("it was never refused");
}

#[test]
fn no_name_outlives_its_process() {
    scenario(async {
        for _ in 0..ROUNDS {
            let holder = Holder::start().await.expect("nothing hinders it");
            let (one, two) = (holder.clone(), holder.clone());
            let one = tokio::spawn(async move { register_until_gone(one, "one").await });
            let two = tokio::spawn(async move { register_until_gone(two, "two").await });
            yield_now().await;
            within("its end", holder.stop()).await.expect("it ran");
            for registers in [one, two] {
                within("the refusal", registers)
                    .await
                    .expect("it is refused");
            }
            assert_eq!(System::current().registry().names(), []);
        }
    });
}

#[test]
fn a_name_that_was_given_up_stays_with_its_new_owner() {
    scenario(async {
        for _ in 0..ROUNDS {
            let old = Holder::start_as("it").await.expect("the name is free");
            let gives_up = old.clone();
            let gives_up = tokio::spawn(async move { gives_up.unregister("it") });
            let takes = tokio::spawn(async {
                loop {
                    if let Ok(new) = Holder::start_as("it").await {
                        return new;
                    }
                    yield_now().await;
                }
            });
            let ends = tokio::spawn(async move {
                while System::current().registry().whereis("it") == old.pid() {
                    yield_now().await;
                }
                old.stop().await
            });
            let new = within("the name", takes).await.expect("it starts");
            let ended = within("the end of the old one", ends).await;
            ended.expect("it ends").expect("it ran");
            within("the name to be free", gives_up)
                .await
                .expect("it returns");
            assert_eq!(System::current().registry().whereis("it"), new.pid());
            new.stop().await.expect("it ran");
        }
    });
}
