//! D07, D18, L01: rates and a history that do not depend on who looks.

use super::{Counter, Outcome, Shop, soon};
use noex::{Application, Observer, Program, Sample, ServerStats, System};
use std::time::{Duration, SystemTime};
use tokio::time::{advance, sleep};

const SECOND: Duration = Duration::from_secs(1);

async fn settle() {
    for _ in 0..20 {
        tokio::task::yield_now().await;
    }
}

fn stats_of(name: &str) -> ServerStats {
    let servers = Observer::current().servers();
    let mut servers = servers.into_iter();
    let server = servers.find(|server| server.name.as_deref() == Some(name));
    server.expect("it runs")
}

/// How long ago, in whole seconds.
fn seconds_ago(at: SystemTime) -> u64 {
    let ago = SystemTime::now().duration_since(at).unwrap_or_default();
    (ago.as_secs_f64()).round() as u64
}

#[noex::test(paused)]
async fn rates_are_those_of_the_interval_however_often_others_look() -> Outcome {
    let counter = Counter::start_as("counter", 0).await?;
    let quiet = Counter::start_as("quiet", 0).await?;
    quiet.add(1).await?;
    let observer = Observer::current();
    let sampling = observer.start_sampling(10 * SECOND, 100);
    let _polling = observer.start_polling(SECOND, |_| {});
    let _more = observer.start_polling(3 * SECOND, |_| {});
    settle().await;
    assert_eq!(stats_of("counter").message_rate, None);
    // A second one is the same, whatever it wants.
    let same = observer.start_sampling(SECOND, 1);
    for round in 1..=3_u64 {
        for _ in 0..5 * round {
            counter.add(1).await?;
        }
        for _ in 0..10 {
            // Until the interval is over the figures are those of the one before.
            let before = (round > 1).then_some((round - 1) as f64 / 2.0);
            assert_eq!(stats_of("counter").message_rate, before);
            advance(SECOND).await;
            settle().await;
        }
        let stats = stats_of("counter");
        assert_eq!(stats.message_rate, Some(round as f64 / 2.0));
        assert_eq!(stats.last_message_at.map(seconds_ago), Some(0));
        // What it did before the first sample may be long ago.
        let quiet = stats_of("quiet");
        assert_eq!(
            (quiet.message_rate, quiet.last_message_at),
            (Some(0.0), None)
        );
    }
    advance(20 * SECOND).await;
    settle().await;
    assert_eq!(
        stats_of("counter").last_message_at.map(seconds_ago),
        Some(20)
    );
    let throughputs: Vec<f64> = observer.history().iter().map(|s| s.throughput).collect();
    assert_eq!(throughputs[..3], [0.5, 1.0, 1.5]);
    drop(sampling);
    assert!(stats_of("counter").message_rate.is_some());
    drop(same);
    let stats = stats_of("counter");
    assert_eq!((stats.message_rate, stats.last_message_at), (None, None));
    System::current().stop().await;
    Ok(())
}

#[noex::test(paused)]
async fn one_that_is_younger_than_the_last_sample_is_counted_from_its_birth() -> Outcome {
    let _sampling = Observer::current().start_sampling(10 * SECOND, 100);
    settle().await;
    let young = Counter::start_as("young", 0).await?;
    young.add(1).await?;
    assert_eq!(stats_of("young").message_rate, None);
    sleep(11 * SECOND).await;
    let stats = stats_of("young");
    assert_eq!(stats.message_rate, Some(0.1));
    assert_eq!(stats.last_message_at.map(seconds_ago), Some(1));
    System::current().stop().await;
    Ok(())
}

#[noex::test(paused)]
async fn d18_the_history_is_bounded_and_tells_restarts_and_memory() -> Outcome {
    let observer = Observer::current();
    let sampling = observer.start_sampling(SECOND, 5);
    let shop = Shop::start().await?;
    sleep(Duration::from_millis(1_500)).await;
    shop.worker().crash()?;
    sleep(SECOND).await;
    let last = observer.history().pop().ok_or("there is one")?;
    assert_eq!((last.process_count, last.restart_rate), (5, 1.0));
    assert!(last.memory.rss.is_some() || !cfg!(target_os = "linux"));
    sleep(20 * SECOND).await;
    let history = observer.history();
    assert_eq!(history.len(), 5);
    assert!(
        history
            .iter()
            .all(|sample: &Sample| sample.restart_rate == 0.0)
    );
    let written = serde_json::to_value(&history)?;
    for key in [
        "timestamp",
        "throughput",
        "processCount",
        "restartRate",
        "queueSize",
        "rssBytes",
    ] {
        assert!(written[0].get(key).is_some(), "{key}");
    }
    drop(sampling);
    sleep(20 * SECOND).await;
    assert_eq!(observer.history(), history);
    shop.stop().await?;
    Ok(())
}

#[noex::test]
async fn d07_a_program_samples_by_itself() -> Outcome {
    let program = Program::new()
        .sample_every(Some(Duration::from_millis(1)))
        .with(Application::new("shop", Shop::start));
    let running = tokio::spawn(program.run());
    let sampled = async {
        while Observer::current().history().len() < 3 {
            tokio::task::yield_now().await;
        }
    };
    soon(sampled).await;
    System::current().applications().shutdown().await;
    running.await?;
    Ok(())
}
