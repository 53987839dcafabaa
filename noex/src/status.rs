//! What an observer may see of a server's state.

use crate::process::ExitReason;
use serde::Serialize;
use serde_json::Value;

/// A picture of a server's state, made by its `#[status]` method.
///
/// ```
/// let status = noex::Status::of(&vec![1, 2]);
/// assert_eq!(status.to_string(), "[1,2]");
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Status(Value);

impl Status {
    /// Takes the picture. A state that cannot be serialised shows why.
    pub fn of(state: &impl Serialize) -> Self {
        Status(serde_json::to_value(state).unwrap_or_else(|error| Value::String(error.to_string())))
    }

    /// Instead of a picture that could not be made.
    pub(crate) fn unavailable(reason: &ExitReason) -> Self {
        Status(Value::String(format!("the status method failed: {reason}")))
    }

    /// The picture as JSON.
    pub fn as_json(&self) -> &Value {
        &self.0
    }
}

impl std::fmt::Display for Status {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
