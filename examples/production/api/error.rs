//! What a request gets that did not go well.

use crate::order::FieldError;
use crate::store::StoreError;
use axum::Json;
use axum::extract::rejection::BytesRejection;
use axum::http::StatusCode;
use axum::http::header::RETRY_AFTER;
use axum::response::{IntoResponse, Response};
use noex::CallError;
use serde_json::{Value, json};
use std::convert::Infallible;

/// A request that did not go well.
#[derive(Debug)]
pub(super) enum ApiError {
    /// The body is not JSON.
    NotJson(serde_json::Error),
    /// The body could not be read, or is too large.
    Body(BytesRejection),
    /// The JSON is no order.
    Invalid(Vec<FieldError>),
    NotFound,
    /// As many orders wait as may.
    TooMany,
    /// Not now; with what failed.
    Unavailable(String),
    /// Nobody knows whether it was done.
    Timeout(String),
    /// A mistake of this program.
    Internal(String),
}

impl ApiError {
    fn status(&self) -> StatusCode {
        match self {
            ApiError::NotJson(_) => StatusCode::BAD_REQUEST,
            ApiError::Body(rejection) => rejection.status(),
            ApiError::Invalid(_) => StatusCode::UNPROCESSABLE_ENTITY,
            ApiError::NotFound => StatusCode::NOT_FOUND,
            ApiError::TooMany | ApiError::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            ApiError::Timeout(_) => StatusCode::GATEWAY_TIMEOUT,
            ApiError::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn body(&self) -> Value {
        match self {
            ApiError::NotJson(error) => json!({
                "error": "the body is not JSON", "problem": error.to_string(),
                "line": error.line(), "column": error.column(),
            }),
            ApiError::Body(rejection) => json!({ "error": rejection.body_text() }),
            ApiError::Invalid(fields) => json!({ "error": "invalid order", "fields": fields }),
            ApiError::NotFound => json!({ "error": "no such order" }),
            ApiError::TooMany => json!({ "error": "too many orders at once" }),
            ApiError::Unavailable(why) | ApiError::Timeout(why) => json!({ "error": why }),
            // Details of our own mistakes are for the log.
            ApiError::Internal(_) => json!({ "error": "internal error" }),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        if let ApiError::Internal(why) = &self {
            tracing::error!(error = why, "a request failed");
        }
        let mut response = (self.status(), Json(self.body())).into_response();
        if let ApiError::TooMany | ApiError::Unavailable(_) = self {
            response.headers_mut().insert(RETRY_AFTER, 1.into());
        }
        response
    }
}

/// Full, not running or just ended: come back in a moment. No answer in time: ask what became of it.
impl<E: Into<ApiError>> From<CallError<E>> for ApiError {
    fn from(error: CallError<E>) -> Self {
        let error = match error.into_failed() {
            Ok(failed) => return failed.into(),
            Err(error) => error,
        };
        let text = error.to_string();
        match error {
            CallError::Full { .. }
            | CallError::NotRunning
            | CallError::Exited(_)
            | CallError::NoReply => ApiError::Unavailable(text),
            CallError::Timeout { .. } => ApiError::Timeout(text),
            _ => ApiError::Internal(text),
        }
    }
}

impl From<Infallible> for ApiError {
    fn from(never: Infallible) -> Self {
        match never {}
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        ApiError::Unavailable(error.to_string())
    }
}

impl From<BytesRejection> for ApiError {
    fn from(rejection: BytesRejection) -> Self {
        ApiError::Body(rejection)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use noex::ExitReason;
    use std::time::Duration;

    fn response(error: CallError) -> (u16, bool) {
        let response = ApiError::from(error).into_response();
        let retry = response.headers().contains_key(RETRY_AFTER);
        (response.status().as_u16(), retry)
    }

    #[test]
    fn failed_calls_have_their_status() {
        let after = Duration::from_secs(1);
        assert_eq!(response(CallError::Full { waited: after }), (503, true));
        assert_eq!(response(CallError::NotRunning), (503, true));
        let exited = CallError::Exited(ExitReason::Killed);
        assert_eq!(response(exited), (503, true));
        assert_eq!(response(CallError::Timeout { after }), (504, false));
        assert_eq!(response(CallError::Cancelled), (500, false));
    }
}
