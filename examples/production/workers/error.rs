//! Why work was not done.

use axum::http::StatusCode;
use hyper_util::client::legacy;
use lettre::transport::smtp;
use std::error::Error;
use std::fmt;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

#[derive(Debug)]
pub(super) enum DeliveryError {
    /// A file of this folder cannot be written.
    Spool(PathBuf, io::Error),
    /// Mails cannot go to this address.
    Address(String),
    /// The mail cannot be put together.
    Mail(lettre::error::Error),
    /// The mail server cannot be reached, or does not want the mail.
    Smtp(smtp::Error),
    /// The webhook's server cannot be reached.
    Webhook(legacy::Error),
    /// The webhook answered, but not well.
    Status(StatusCode),
    /// The webhook did not answer.
    Timeout(Duration),
}

impl DeliveryError {
    /// Whether other orders may go well all the same.
    pub(super) fn concerns_one_order(&self) -> bool {
        match self {
            DeliveryError::Address(_) | DeliveryError::Mail(_) => true,
            DeliveryError::Smtp(error) => error.is_permanent() || error.is_transient(),
            DeliveryError::Status(status) => {
                let later = [StatusCode::REQUEST_TIMEOUT, StatusCode::TOO_MANY_REQUESTS];
                !status.is_server_error() && !later.contains(status)
            }
            DeliveryError::Spool(..) | DeliveryError::Webhook(_) | DeliveryError::Timeout(_) => {
                false
            }
        }
    }
}

impl fmt::Display for DeliveryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DeliveryError::Spool(folder, error) => {
                let folder = folder.display();
                write!(
                    f,
                    "{folder} cannot be written: {error}; free space or mend the folder"
                )
            }
            DeliveryError::Address(address) => {
                write!(
                    f,
                    "no mail can go to {address:?}; tell the customer another way"
                )
            }
            DeliveryError::Mail(error) => {
                write!(
                    f,
                    "no mail can be made of the order: {error}; tell the customer another way"
                )
            }
            DeliveryError::Smtp(error) if self.concerns_one_order() => {
                write!(
                    f,
                    "the mail server refused the mail: {error}; see what it says"
                )
            }
            DeliveryError::Smtp(error) => write!(
                f,
                "no mail server: {error}; see whether SMTP_URL is right, it runs, and SSL_CERT_FILE vouches for it"
            ),
            DeliveryError::Webhook(error) => {
                write!(f, "no webhook: {error}")?;
                causes(f, error)?;
                f.write_str(
                    "; see whether WEBHOOK_URL is right, it runs, and SSL_CERT_FILE vouches for it",
                )
            }
            DeliveryError::Status(status) => {
                write!(f, "the webhook answered {status}; see its log")
            }
            DeliveryError::Timeout(after) => write!(
                f,
                "no answer from the webhook in {after:?}; see what keeps it, or set WEBHOOK_TIMEOUT"
            ),
        }
    }
}

fn causes(f: &mut fmt::Formatter<'_>, error: &dyn Error) -> fmt::Result {
    let mut cause = error.source();
    while let Some(error) = cause {
        write!(f, " ({error})")?;
        cause = error.source();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_webhook_says_of_one_order_does_not_hold_up_the_others() {
        let one = |status: u16| {
            let status = StatusCode::from_u16(status).expect("a status");
            DeliveryError::Status(status).concerns_one_order()
        };
        assert!([301, 400, 404, 422].into_iter().all(one));
        assert!(![408, 429, 500, 503].into_iter().any(one));
    }
}
