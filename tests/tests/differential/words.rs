//! The words for what is seen. The same ones are in `tests/differential/support/words.exs`.

use noex::prelude::*;
use noex::supervisor::{ChildError, ChildStartError, ChildState, TreeHandle};
use std::error::Error;
use std::fmt;

pub(crate) type Tested = Result<(), Box<dyn Error>>;

/// The word for an exit reason.
pub(crate) fn reason(reason: &ExitReason) -> String {
    match reason {
        ExitReason::ShutdownWith(why) => format!("shutdown {why}"),
        ExitReason::Error(error) => error.to_string(),
        ExitReason::Panic { message, .. } => format!("panic {message}"),
        ExitReason::NoProc => "noproc".to_owned(),
        reason => reason.to_string(),
    }
}

pub(crate) fn gone(why: ExitReason) -> String {
    format!("gone {}", reason(&why))
}

pub(crate) fn alive(is_alive: bool) -> &'static str {
    if is_alive { "alive" } else { "dead" }
}

/// What a call came to.
pub(crate) fn answer<E: fmt::Debug + fmt::Display>(result: Result<(), CallError<E>>) -> String {
    match result {
        Ok(()) => "ok".to_owned(),
        Err(CallError::Timeout { .. }) => "timeout".to_owned(),
        Err(CallError::NotRunning) => "noproc".to_owned(),
        Err(CallError::Exited(why)) => format!("exited {}", reason(&why)),
        Err(CallError::Deadlock(_)) => "calling itself".to_owned(),
        Err(CallError::NoReply) => "no reply".to_owned(),
        Err(error) => error.to_string(),
    }
}

/// What a start came to.
pub(crate) fn outcome<T>(started: &Result<T, StartError>) -> String {
    match started {
        Ok(_) => "ok".to_owned(),
        Err(error) => failure(error),
    }
}

fn failure(error: &StartError) -> String {
    match error {
        StartError::Ignored => "ignored".to_owned(),
        StartError::Timeout { .. } => "timeout".to_owned(),
        StartError::NameTaken(_) => "name taken".to_owned(),
        StartError::Panicked { message, .. } => format!("panicked {message}"),
        StartError::Failed(error) => match error.downcast_ref::<ChildStartError>() {
            Some(child) => format!("child {} {}", child.child, failure(&child.error)),
            None => format!("failed {error}"),
        },
        error => error.to_string(),
    }
}

/// What a stop came to.
pub(crate) fn stopped(result: Result<(), StopError>) -> String {
    match result {
        Ok(()) => "stopped".to_owned(),
        Err(StopError::Timeout { .. }) => "timeout".to_owned(),
        Err(StopError::NotRunning) => "noproc".to_owned(),
        Err(StopError::Exited(why)) => format!("exited {}", reason(&why)),
        Err(error) => error.to_string(),
    }
}

/// What a supervisor said to a request about a child.
pub(crate) fn said<T>(result: Result<T, CallError<ChildError>>) -> String {
    let error = match result {
        Ok(_) => return "ok".to_owned(),
        Err(CallError::Failed(error)) => error,
        Err(CallError::NotRunning) => return "noproc".to_owned(),
        Err(error) => return error.to_string(),
    };
    match error {
        ChildError::AlreadyRunning(_) => "already running".to_owned(),
        ChildError::AlreadyPresent => "already present".to_owned(),
        ChildError::NotFound => "not found".to_owned(),
        ChildError::Running => "running".to_owned(),
        ChildError::Restarting => "restarting".to_owned(),
        ChildError::MaxChildren => "max children".to_owned(),
        ChildError::Failed(error) => failure(&error),
        error => error.to_string(),
    }
}

/// The children of a supervisor, in start order: id and state.
pub(crate) async fn children(tree: &TreeHandle) -> Result<String, CallError> {
    let state = |state| match state {
        ChildState::Running => "running",
        ChildState::Stopped => "stopped",
        ChildState::Restarting => "restarting",
        _ => "on its way",
    };
    let children = tree.children().await?;
    let states = children
        .iter()
        .map(|child| format!("{} {}", child.id, state(child.state)));
    let states: Vec<_> = states.collect();
    Ok(match states.is_empty() {
        true => "no children".to_owned(),
        false => states.join(" "),
    })
}

/// What a supervisor counts.
pub(crate) async fn count(tree: &TreeHandle) -> Result<String, CallError> {
    let count = tree.count_children().await?;
    Ok(format!(
        "{} specs {} active {} supervisors {} workers",
        count.specs, count.active, count.supervisors, count.workers
    ))
}
