//! A failed call as a response.

use crate::error::CallError;
use axum::Json;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// A call that failed, for a handler of axum. What the server said, in [`Failed`](CallError::Failed), responds for itself. Else:
///
/// | error | response |
/// |---|---|
/// | [`Full`](CallError::Full), [`NotRunning`](CallError::NotRunning), [`Exited`](CallError::Exited), [`NoReply`](CallError::NoReply) | 503 with `Retry-After: 1`: it restarts, or has too much to do |
/// | [`Timeout`](CallError::Timeout) | 504: nobody knows whether it was done |
/// | [`Deadlock`](CallError::Deadlock), [`Cancelled`](CallError::Cancelled) | 500: a mistake of the program, which is logged |
///
/// The body is `{"error": ".."}` and tells nothing of what is inside the program.
///
/// ```
/// use axum::response::IntoResponse;
/// use noex::CallError;
///
/// let response = CallError::<std::convert::Infallible>::NotRunning.into_response();
/// assert_eq!(response.status(), 503);
/// assert_eq!(response.headers()["retry-after"], "1");
/// ```
impl<E: IntoResponse> IntoResponse for CallError<E> {
    fn into_response(self) -> Response {
        let error = match self.into_failed() {
            Ok(failed) => return failed.into_response(),
            Err(error) => error,
        };
        let (status, text) = match &error {
            CallError::Full { .. } => (StatusCode::SERVICE_UNAVAILABLE, "too many requests wait"),
            CallError::NotRunning | CallError::Exited(_) | CallError::NoReply => {
                (StatusCode::SERVICE_UNAVAILABLE, "not available just now")
            }
            CallError::Timeout { .. } => (StatusCode::GATEWAY_TIMEOUT, "no answer in time"),
            CallError::Deadlock(_) | CallError::Cancelled | CallError::Failed(_) => {
                tracing::error!(target: "noex::http", %error, "a request failed");
                (StatusCode::INTERNAL_SERVER_ERROR, "internal error")
            }
        };
        let mut response = (status, Json(json!({ "error": text }))).into_response();
        if status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(RETRY_AFTER, 1.into());
        }
        response
    }
}
