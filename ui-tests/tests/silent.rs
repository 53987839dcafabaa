//! The silent code works, too.

use noex::prelude::*;
use noex::supervisor::Supervisor;
use noex::{GenServer, Restart, Shutdown};
use noex_ui_tests::{
    everyday::{Counter, CounterApi, CounterRef, Tick, TooBig},
    forms,
    generic::{Cache, CacheRef, Holder, Unique, private},
    hostile::Hostile,
    local::{Other, Text, inside},
    renamed::Counters,
    trees::{Limits, Shop, caches},
};
use std::{pin::Pin, sync::Arc, time::Duration};

type Error = Box<dyn std::error::Error>;

#[tokio::test]
async fn every_kind_of_handler_is_reached() -> Result<(), Error> {
    let counter = Counter::start(1).await?;
    counter.add(4)?;
    // The continuation came first.
    assert_eq!(counter.get().await?, 6);
    assert_eq!(
        counter.add_checked(100).await,
        Err(CallError::Failed(TooBig(106)))
    );
    let change = counter.next_change().send()?;
    counter.add(1)?;
    assert_eq!(change.await?, 7);
    assert_eq!(counter.beside(1).await?, 8);
    assert_eq!(
        counter.beside(100).await,
        Err(CallError::Failed(TooBig(107)))
    );
    assert_eq!(counter.even().await?, Err(TooBig(0)));
    assert!(matches!(counter.first().await, Err(CallError::Failed(_))));
    counter.send(Tick)?;
    assert_eq!(counter.first().await?, "tick");
    assert!(["unix", "other"].contains(&counter.os().await?));
    counter.finish()?;
    assert_eq!(counter.exited().await, ExitReason::Normal);
    Ok(())
}

#[test]
fn both_halves_give_options() {
    let options = <Counter as GenServer>::OPTIONS;
    assert_eq!(options.mailbox, 64);
    assert_eq!(options.restart, Restart::Transient);
    assert_eq!(
        options.shutdown,
        Shutdown::After(Duration::from_millis(1_500))
    );
    assert_eq!(options.idle, Some(Duration::from_secs(30)));
    assert_eq!(options.call_timeout, Duration::from_millis(250));
    assert_eq!(<Cache<u8, u8> as GenServer>::OPTIONS.mailbox, 10);
    assert_eq!(<Holder as GenServer>::OPTIONS, noex::Options::DEFAULT);
}

/// A double for tests of code that only wants a `CounterApi`.
struct Double;

impl CounterApi for Double {
    fn get(&self) -> Pin<Box<dyn Future<Output = Result<u64, CallError>> + Send + '_>> {
        Box::pin(async { Ok(7) })
    }
    fn add(&self, _by: u64) -> Result<(), CastError<noex_ui_tests::everyday::CounterMessage>> {
        Ok(())
    }
    fn add_checked(
        &self,
        by: u64,
    ) -> Pin<Box<dyn Future<Output = Result<u64, CallError<TooBig>>> + Send + '_>> {
        Box::pin(async move { Err(CallError::Failed(TooBig(by))) })
    }
    fn next_change(&self) -> Pin<Box<dyn Future<Output = Result<u64, CallError>> + Send + '_>> {
        Box::pin(async { Err(CallError::NotRunning) })
    }
    fn beside(
        &self,
        by: u64,
    ) -> Pin<Box<dyn Future<Output = Result<u64, CallError<TooBig>>> + Send + '_>> {
        Box::pin(async move { Ok(by) })
    }
    fn even(
        &self,
    ) -> Pin<Box<dyn Future<Output = Result<Result<u64, TooBig>, CallError>> + Send + '_>> {
        Box::pin(async { Ok(Ok(2)) })
    }
    fn first(
        &self,
    ) -> Pin<Box<dyn Future<Output = Result<String, CallError<std::io::Error>>> + Send + '_>> {
        Box::pin(async { Ok(String::new()) })
    }
    fn os(&self) -> Pin<Box<dyn Future<Output = Result<&'static str, CallError>> + Send + '_>> {
        Box::pin(async { Ok("double") })
    }
    fn value(&self) -> Pin<Box<dyn Future<Output = Result<u64, CallError>> + Send + '_>> {
        self.get()
    }
    fn finish(&self) -> Result<(), CastError<noex_ui_tests::everyday::CounterMessage>> {
        Ok(())
    }
}

#[tokio::test]
async fn an_api_has_doubles() -> Result<(), Error> {
    let counter: CounterRef = Counter::start(1).await?;
    let both: [Box<dyn CounterApi>; 2] = [Box::new(counter), Box::new(Double)];
    let mut answers = Vec::new();
    for api in &both {
        answers.push(api.get().await?);
    }
    assert_eq!(answers, [2, 7]);
    Ok(())
}

#[tokio::test]
async fn generic_servers_run() -> Result<(), Error> {
    let cache = Cache::<u32, String>::start(vec![(1, "a".into())]).await?;
    cache.put(2, "b".into())?;
    assert_eq!(cache.get(2).await?.as_deref(), Some("b"));
    let _same: CacheRef<u32, String, 8> = cache.clone();
    let _spec = Cache::<u32, String, 2>::child_spec(vec![]);
    assert_eq!(private().await, (3, 4));
    assert_eq!(Holder::start(Unique(9)).await?.held().await?, 9);
    Ok(())
}

/// What broke the macros of others: a renamed crate, types with a path, handlers under `cfg`, generics, and lints (see `src/lib.rs`).
#[noex::test]
async fn r36_macros_bear_what_careful_crates_do() -> Result<(), Error> {
    let counters = Counters::start(3).await?;
    assert_eq!(counters.counter().get().await?, 3);
    let _stopped = counters.stop().await?;
    let counter = Counter::start(1).await?;
    assert!(["unix", "other"].contains(&counter.os().await?));
    counter.finish()?;
    let cache = Cache::<u32, String>::start(vec![]).await?;
    cache.put(2, "b".into())?;
    assert_eq!(cache.get(2).await?.as_deref(), Some("b"));
    Process::stop(&cache).await?;
    let _ended = counter.exited().await;
    Ok(())
}

#[test]
fn handlers_are_functions_that_need_no_runtime() {
    assert_eq!(Holder::new(Unique(9)).held(), 9);
}

#[tokio::test]
async fn forms_do_not_matter() {
    assert_eq!(forms::answers().await.expect("it runs"), [2; 4]);
}

#[tokio::test]
async fn names_do_not_matter() -> Result<(), Error> {
    let hostile = Hostile::start(1, 2, 3, 4, 5).await?;
    assert_eq!(hostile.a(1, 2, 3, 4, 5, 6).await?, 15);
    assert_eq!(hostile.b(1, 2, 3, 4, 5).await?, 15);
    hostile.c(1, 2, 3)?;
    hostile
        .r#move(noex_ui_tests::hostile::shadows::Option)
        .await?;
    hostile.handle().await?;
    hostile.clone().await?;
    hostile.terminate()?;
    hostile.send(5)?;
    Process::stop(&hostile).await?;
    Ok(())
}

#[tokio::test]
async fn servers_may_come_from_anywhere() -> Result<(), Error> {
    assert_eq!(Text::start("a".into()).await?.with("b".into()).await?, "ab");
    assert_eq!(
        Other::start("c".into()).await?.with("d".into()).await?,
        "cd"
    );
    assert_eq!(inside().await, 42);
    Ok(())
}

#[noex::test]
async fn a_test_has_a_system_of_its_own() -> Result<(), Error> {
    let text = Text::start_as("text", "a".into()).await?;
    assert_eq!(Text::named("text").with("b".into()).await?, "ab");
    Process::stop(&text).await?;
    Ok(())
}

#[noex::test(workers = 2)]
#[should_panic(expected = "left processes behind")]
async fn a_test_leaves_nothing_behind() {
    let text = Text::start("a".into()).await;
    std::mem::forget(text);
}

#[tokio::test]
async fn trees_have_every_kind_of_child() -> Result<(), Error> {
    let limits = Limits {
        restarts: 3,
        window: Duration::from_secs(5),
        workers: 2,
    };
    let shop = Shop::start(limits, "silent", Arc::new(41)).await?;
    // The continuation adds one.
    assert_eq!(Counter::named("silent").get().await?, 42);
    assert_eq!(shop.workers().get().await?, 4);
    assert_eq!(shop.parts().get(&7).get().await?, 4);
    assert!(shop.http().is_alive() && shop.ticker().is_alive() && shop.never().is_alive());
    assert!(shop.made().is_alive());
    assert_eq!(shop.by_hand().get().await?, 8);
    assert_eq!(shop.web().inner().id().get().await?, 4);
    let session = shop.sessions().start_child(Counter::start(1)).await?;
    assert_eq!(session.get().await?, 2);
    assert!(shop.stop().await?.is_clean());

    let caches = Supervisor::start(caches(&[(1, 'a')])).await?;
    assert_eq!(caches.count_children().await?.active, 2);
    assert!(caches.stop().await?.is_clean());
    Ok(())
}
