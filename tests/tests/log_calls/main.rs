//! `log_calls`: a span for each call of a server that asks for it.

mod spans;

use noex::prelude::*;
use spans::{Seen, Spans};
use std::fmt;
use std::future::{pending, ready};
use std::time::Duration;
use tokio::time::sleep;
use tracing::Level;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Has a `Display`.
#[derive(Debug)]
struct Spoken;

impl fmt::Display for Spoken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("out of stock")
    }
}

impl std::error::Error for Spoken {}

/// Can be shown by `Debug` alone.
type Mute = [u8; 1];

struct Nameless;

macro_rules! shop {
    ($name:ident, $inline:ident) => {
        struct $name {
            kept: Vec<Reply<u8>>,
        }

        #[gen_server(log_calls, inline = $inline)]
        impl $name {
            #[init]
            fn new() -> Self {
                Self { kept: vec![] }
            }
            #[call]
            fn price(&self) -> u8 {
                tracing::info!("in the handler");
                3
            }
            #[call]
            async fn slow(&mut self, millis: u64) -> u8 {
                sleep(Duration::from_millis(millis)).await;
                tracing::info!("in the handler");
                4
            }
            #[call]
            fn spoken(&self) -> std::result::Result<u8, Spoken> {
                Err(Spoken)
            }
            #[call]
            async fn mute(&mut self, fails: bool) -> std::result::Result<u8, Mute> {
                ready(fails.then_some(1).map_or(Ok(5), |n| Err([n]))).await
            }
            #[call]
            fn nameless(&self) -> std::result::Result<u8, Nameless> {
                Err(Nameless)
            }
            #[call(raw)]
            fn raw(&self) -> std::result::Result<u8, Spoken> {
                Err(Spoken)
            }
            #[call]
            fn panics(&self) {
                panic!("as it must")
            }
            #[call]
            async fn crashes(&mut self) -> u8 {
                ready(Err(Spoken)).await.or_crash()
            }
            #[call(deferred)]
            fn later(&mut self, reply: Reply<u8>) {
                self.kept.push(reply);
            }
            #[call(spawn)]
            fn beside(
                &self,
                millis: u64,
            ) -> impl Future<Output = std::result::Result<u8, Spoken>> + Send + 'static {
                async move {
                    sleep(Duration::from_millis(millis)).await;
                    Err(Spoken)
                }
            }
            #[call]
            async fn never(&mut self) {
                pending().await
            }
            #[cast]
            fn answer(&mut self) {
                self.kept.drain(..).for_each(|reply| reply.send(6));
            }
        }
    };
}

shop!(Queued, never);
shop!(Inlined, always);

/// Asks a shop, and logs nothing itself.
struct Between(QueuedRef);

#[gen_server]
impl Between {
    #[call]
    async fn price(&mut self, cx: &mut Ctx<Self>) -> (u64, u8) {
        (cx.request_id(), self.0.price().await.unwrap_or_default())
    }
}

/// Asks it, and logs that.
struct Front(BetweenRef);

#[gen_server(log_calls)]
impl Front {
    #[call]
    async fn price(&mut self) -> (u64, u8) {
        self.0.price().await.unwrap_or_default()
    }
}

macro_rules! both {
    ($($test:ident($spans:ident, $shop:ident) $body:block)*) => { $(
        mod $test {
            use super::*;

            #[tokio::test(start_paused = true)]
            async fn queued() -> Result {
                let $spans = Spans::capture(Level::TRACE);
                let $shop = Queued::start().await?;
                $body
                Ok(())
            }

            #[tokio::test(start_paused = true)]
            async fn inlined() -> Result {
                let $spans = Spans::capture(Level::TRACE);
                let $shop = Inlined::start().await?;
                $body
                Ok(())
            }
        }
    )* };
}

fn ended(call: &Seen) -> (&str, &str, &str) {
    let last = call.events.last().map_or("", String::as_str);
    (call.field("outcome"), call.field("error"), last)
}

both! {
    a_span_tells_who_handled_what_for_whom_and_how_long_it_took(spans, shop) {
        assert_eq!(shop.slow(250).await?, 4);
        let call = spans.call();
        assert_eq!(call.field("message"), "slow");
        assert!(["Queued", "Inlined"].contains(&call.field("server")));
        assert_eq!(call.field("pid"), shop.pid().expect("it runs").to_string());
        assert_eq!(call.field("duration_ms"), "250.0");
        assert_ne!(call.field("request_id"), "0");
        assert_eq!(ended(&call), ("completed", "", "INFO request_completed"));
    }

    what_a_handler_logs_is_in_its_span(spans, shop) {
        shop.price().await?;
        shop.slow(1).await?;
        for call in spans.calls() {
            let expected = ["DEBUG request_started", "INFO in the handler", "INFO request_completed"];
            assert_eq!(call.events, expected);
        }
    }

    an_error_is_shown_as_well_as_can_be(spans, shop) {
        let _ = (shop.spoken().await, shop.mute(true).await, shop.mute(false).await);
        let _ = (shop.nameless().await, shop.raw().await);
        let calls = spans.calls();
        let failed = |error| ("failed", error, "WARN request_failed");
        let completed = ("completed", "", "INFO request_completed");
        assert_eq!(ended(&calls[0]), failed("out of stock"));
        assert_eq!(ended(&calls[1]), failed("[1]"));
        assert_eq!(ended(&calls[2]), completed);
        assert!(ended(&calls[3]).1.ends_with("::Nameless"), "{calls:?}");
        assert_eq!(ended(&calls[4]), completed, "a raw result is no failure of the call");
    }

    a_panic_is_a_crash(spans, shop) {
        assert!(shop.panics().await.is_err());
        assert_eq!(ended(&spans.call()), ("crashed", "", "WARN request_failed"));
    }

    an_error_that_crashes_is_a_crash(spans, shop) {
        assert!(shop.crashes().await.is_err());
        assert_eq!(ended(&spans.call()), ("crashed", "", "WARN request_failed"));
    }

    a_kill_aborts_the_call(spans, shop) {
        let pending = shop.never().send()?;
        tokio::task::yield_now().await;
        shop.kill();
        assert!(pending.await.is_err());
        assert_eq!(ended(&spans.call()), ("aborted", "", "WARN request_failed"));
    }

    a_deferred_call_ends_with_its_handler(spans, shop) {
        let later = shop.later().send()?;
        shop.answer()?;
        assert_eq!(later.await?, 6);
        assert_eq!(ended(&spans.call()), ("deferred", "", "INFO request_completed"));
    }

    a_spawned_call_ends_with_its_future(spans, shop) {
        assert!(shop.beside(70).await.is_err());
        let call = spans.call();
        assert_eq!(ended(&call), ("failed", "out of stock", "WARN request_failed"));
        assert_eq!(call.field("duration_ms"), "70.0");
    }

    the_callers_span_is_the_parent(spans, shop) {
        let outer = tracing::info_span!("outer");
        let call = outer.in_scope(|| shop.price());
        drop(outer);
        call.await?;
        assert_eq!(spans.all().len(), 2);
        assert_eq!(spans.call().parent, Some(0));
    }
}

#[tokio::test]
async fn nested_calls_carry_the_request_id() -> Result {
    let spans = Spans::capture(Level::TRACE);
    let shop = Queued::start().await?;
    let front = Front(Between(shop).start().await?).start().await?;
    let (request, price) = front.price().await?;
    assert_eq!(price, 3);
    front.price().await?;
    let calls = spans.calls();
    let ids: Vec<_> = calls.iter().map(|call| call.field("request_id")).collect();
    let request = request.to_string();
    assert_eq!(ids[..2], [&request, &request]);
    assert_eq!(ids[2], ids[3]);
    assert_ne!(ids[0], ids[2], "another request");
    assert_eq!(calls[0].field("server"), "Front");
    assert_eq!(calls[1].field("server"), "Queued");
    Ok(())
}

/// Who listens for failures only still learns what failed.
#[tokio::test]
async fn the_span_is_there_whenever_one_of_its_events_is() -> Result {
    let spans = Spans::capture(Level::WARN);
    let shop = Queued::start().await?;
    assert!(shop.spoken().await.is_err());
    let call = spans.call();
    assert_eq!(call.field("message"), "spoken");
    assert_eq!(call.events, ["WARN request_failed"]);
    Ok(())
}

#[tokio::test]
async fn a_server_that_does_not_ask_has_no_spans() -> Result {
    let shop = Queued::start().await?;
    let between = Between(shop.clone()).start().await?;
    Process::stop(&shop).await?;
    let spans = Spans::capture(Level::TRACE);
    between.price().await?;
    assert_eq!(spans.all().len(), 0);
    Ok(())
}
