//! `log_calls`: what a server's log says of each call.

use super::{Ctx, GenServer};
use crate::clock::{self, Instant};
use std::fmt::{Debug, Display};
use std::future::Future;
use tracing::field::Empty;
use tracing::{Instrument, Span, debug, error_span, info, warn};

/// One call, from the beginning of its handler to its end.
#[derive(Debug)]
pub struct CallLog {
    span: Span,
    began: Instant,
    /// Its end has been told.
    over: bool,
}

impl<S: GenServer> Ctx<S> {
    /// The handler of this name begins, for a caller in this span.
    #[doc(hidden)]
    pub fn __log(&self, caller: &Span, message: &'static str) -> CallLog {
        // At the level of errors, so that it is there whenever one of its events is.
        let span = error_span!(
            target: "noex::calls",
            parent: caller,
            "call",
            request_id = self.request_id(),
            server = S::TYPE,
            pid = %self.pid(),
            message,
            outcome = Empty,
            duration_ms = Empty,
            error = Empty,
        );
        span.in_scope(|| debug!(target: "noex::calls", "request_started"));
        CallLog {
            span,
            began: clock::now(),
            over: false,
        }
    }
}

impl CallLog {
    /// Runs a part of the handler that awaits nothing.
    pub fn run<T>(&self, part: impl FnOnce() -> T) -> T {
        self.span.in_scope(part)
    }

    /// Runs a part of the handler that awaits something.
    pub fn watch<F: Future>(&self, part: F) -> impl Future<Output = F::Output> + use<F> {
        part.instrument(self.span.clone())
    }

    /// The handler has answered: with its own error, if one is given.
    pub fn end(mut self, error: Option<String>) {
        match error {
            None => self.over("completed"),
            Some(error) => {
                self.span.record("error", error);
                self.over("failed");
            }
        }
    }

    /// The handler is over, and has kept the reply for later.
    pub fn deferred(mut self) {
        self.over("deferred");
    }

    fn over(&mut self, outcome: &'static str) {
        self.over = true;
        let took = clock::now().saturating_duration_since(self.began);
        self.span.record("outcome", outcome);
        self.span
            .record("duration_ms", took.as_secs_f64() * 1_000.0);
        self.span.in_scope(|| match outcome {
            "completed" | "deferred" => info!(target: "noex::calls", "request_completed"),
            _ => warn!(target: "noex::calls", "request_failed"),
        });
    }
}

/// A handler that never came to its end.
impl Drop for CallLog {
    fn drop(&mut self) {
        if !self.over {
            let panics = std::thread::panicking();
            self.over(if panics { "crashed" } else { "aborted" });
        }
    }
}

/// The error of a handler, shown as well as its type allows: which of the three traits below serves is found by method
/// lookup on `&&&Shown`.
#[derive(Debug)]
pub struct Shown<'a, E>(pub &'a E);

/// By its `Display`.
pub trait ShownByDisplay {
    /// The text.
    fn __noex_shown(&self) -> String;
}

impl<E: Display> ShownByDisplay for &&Shown<'_, E> {
    fn __noex_shown(&self) -> String {
        self.0.to_string()
    }
}

/// By its `Debug`.
pub trait ShownByDebug {
    /// The text.
    fn __noex_shown(&self) -> String;
}

impl<E: Debug> ShownByDebug for &Shown<'_, E> {
    fn __noex_shown(&self) -> String {
        format!("{:?}", self.0)
    }
}

/// By its type.
pub trait ShownByType {
    /// The text.
    fn __noex_shown(&self) -> String;
}

impl<E> ShownByType for Shown<'_, E> {
    fn __noex_shown(&self) -> String {
        std::any::type_name::<E>().to_owned()
    }
}
