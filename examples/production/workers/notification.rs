//! The notice of an order to other systems.

use super::DeliveryError;
use crate::order::Order;
use crate::remote::WebhookServer;
use axum::body::{Body, to_bytes};
use axum::http::header::CONTENT_TYPE;
use axum::http::{Request, StatusCode, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::{Client, connect::HttpConnector};
use hyper_util::rt::TokioExecutor;
use serde_json::json;
use std::time::Duration;
use tokio::time::timeout;

/// Up to so much of an answer is read, so that its connection can be used again.
const LARGEST_ANSWER: usize = 64 * 1024;

/// Posts notices to a URL, over connections that are kept.
#[derive(Clone, Debug)]
pub(super) struct Webhook {
    url: Uri,
    timeout: Duration,
    client: Client<HttpsConnector<HttpConnector>, Body>,
}

impl Webhook {
    pub(super) fn new(server: WebhookServer, timeout: Duration) -> Self {
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(server.tls)
            .https_or_http()
            .enable_http1()
            .build();
        Webhook {
            url: server.url,
            timeout,
            client: Client::builder(TokioExecutor::new()).build(connector),
        }
    }

    /// Announces an order. By the key the receiver knows a notice that it has had before.
    pub(super) async fn post(&self, order: &Order) -> Result<(), DeliveryError> {
        let post = async {
            let request = Request::post(&self.url)
                .header(CONTENT_TYPE, "application/json")
                .header("idempotency-key", order.id.to_string())
                .body(Body::from(notice(order)))
                .expect("a URL that was read, and header values that are ASCII");
            let answer = self
                .client
                .request(request)
                .await
                .map_err(DeliveryError::Webhook)?;
            let status = answer.status();
            let _ = to_bytes(Body::new(answer.into_body()), LARGEST_ANSWER).await;
            Ok(status)
        };
        let status = timeout(self.timeout, post).await;
        accepted(status.map_err(|_| DeliveryError::Timeout(self.timeout))??)
    }
}

fn accepted(status: StatusCode) -> Result<(), DeliveryError> {
    match status.is_success() {
        true => Ok(()),
        false => Err(DeliveryError::Status(status)),
    }
}

pub(super) fn notice(order: &Order) -> Vec<u8> {
    let notice = json!({ "event": "order_created", "order": order });
    notice.to_string().into()
}
