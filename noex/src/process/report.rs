//! What is told of a process that has ended.

use super::contain;
use super::events::SystemEvent;
use super::exit::ExitReason;
use super::head::Head;
use super::life::Behaviour;
use crate::clock;
use crate::status::Status;
use std::fmt;
use std::sync::atomic::Ordering::Relaxed;
use std::time::Duration;

/// What a crash report may show of the state: the picture that its `#[status]` method makes, which is where secrets are left out.
/// None of a process that was killed: what was cut short may be no state to look at.
pub(super) fn last_state<B: Behaviour>(state: &B, reason: &ExitReason) -> Option<Status> {
    if reason.is_clean() || *reason == ExitReason::Killed {
        return None;
    }
    contain(|| state.status()).unwrap_or_else(|panic| Some(Status::unavailable(&panic)))
}

/// Tells of the end, once. What an error says of itself is user code, and so is whoever listens.
pub(super) fn report(head: &Head, reason: &ExitReason, state: Option<Status>) {
    let clean = reason.is_clean();
    if contain(|| tell(head, clean, reason, state.as_ref())).is_err() {
        let reason = "a reason that panics when it is displayed";
        let _ = contain(|| tell(head, clean, &reason, state.as_ref()));
    }
}

fn tell(head: &Head, clean: bool, reason: &dyn fmt::Display, state: Option<&Status>) {
    if head.is_fenced() {
        tracing::warn!(target: "noex::lifecycle", pid = %head.pid(), server = head.kind.type_name, "a process that was abandoned has yielded and is gone");
        return;
    }
    if clean {
        tracing::debug!(target: "noex::lifecycle", pid = %head.pid(), server = head.kind.type_name, %reason, "process ended");
        return;
    }
    let (name, label) = head.look(|e| {
        let name = e.and_then(|e| e.names().next().cloned());
        (name, e.and_then(|e| e.rare.as_ref()?.label.clone()))
    });
    let events = head.logged();
    let uptime = clock::nanos(clock::now()).saturating_sub(head.born);
    tracing::error!(
        target: "noex::crash",
        pid = %head.pid(),
        server = head.kind.type_name,
        name = name.map(display),
        label = label.map(display),
        %reason,
        handler = head.last_doing().name(head.kind),
        state = state.map(display),
        handled = head.counters.handled(),
        undelivered = head.counters.undelivered.load(Relaxed),
        uptime = ?Duration::from_nanos(uptime),
        events = (!events.is_empty()).then(|| display(List(&events))),
        "process crashed"
    );
}

struct List<'a>(&'a [SystemEvent]);

impl fmt::Display for List<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, event) in self.0.iter().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            write!(f, "{comma}{event}")?;
        }
        Ok(())
    }
}
