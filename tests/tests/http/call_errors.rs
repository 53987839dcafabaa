//! A failed call as a response.

use super::Outcome;
use axum::body::to_bytes;
use axum::response::IntoResponse;
use noex::{CallError, ExitReason};
use std::time::Duration;

#[noex::test]
async fn each_failure_has_its_status_and_tells_nothing_of_the_inside() -> Outcome {
    let after = Duration::from_secs(1);
    let secret = ExitReason::Panic {
        message: "password".into(),
        location: None,
    };
    let cases: [(CallError<&str>, u16, bool); 6] = [
        (CallError::Full { waited: after }, 503, true),
        (CallError::NotRunning, 503, true),
        (CallError::Exited(secret), 503, true),
        (CallError::Timeout { after }, 504, false),
        (CallError::Cancelled, 500, false),
        (CallError::Failed("of the server's own"), 200, false),
    ];
    for (error, status, retry) in cases {
        let shown = format!("{error:?}");
        let response = error.into_response();
        assert_eq!(response.status().as_u16(), status, "{shown}");
        assert_eq!(
            response.headers().contains_key("retry-after"),
            retry,
            "{shown}"
        );
        let body = to_bytes(response.into_body(), 1024).await?;
        let body = std::str::from_utf8(&body)?;
        assert!(!body.is_empty() && !body.contains("password"), "{body}");
    }
    Ok(())
}
