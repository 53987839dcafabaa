//! The servers of others that this one talks to, as variables name them. What is encrypted is checked against the certificates
//! that the system trusts, or in their place those of the file `SSL_CERT_FILE`.

use axum::http::Uri;
use hyper_rustls::ConfigBuilderExt;
use lettre::transport::smtp::AsyncSmtpTransportBuilder;
use lettre::{AsyncSmtpTransport, Tokio1Executor};
use tokio_postgres::config::SslMode;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

/// A PostgreSQL.
#[derive(Clone, Debug)]
pub(crate) struct DatabaseServer {
    pub(crate) address: tokio_postgres::Config,
    pub(crate) tls: ClientConfig,
}

impl DatabaseServer {
    pub(crate) const ALLOWED: &str = "empty or postgres://user:password@host:port/database, with ?sslmode=require for TLS if \
        there are certificates to trust";

    /// Encrypted only when that is asked for: many servers have a certificate that nobody knows.
    pub(crate) fn parse(url: &str) -> Option<Self> {
        let (scheme, _) = url.split_once("://")?;
        let mut address: tokio_postgres::Config = url.parse().ok()?;
        let encrypted = address.get_ssl_mode() == SslMode::Require;
        if !encrypted {
            address.ssl_mode(SslMode::Disable);
        }
        let known = ["postgres", "postgresql"].contains(&scheme);
        let tls = tls(encrypted)?;
        (known && !address.get_hosts().is_empty()).then_some(DatabaseServer { address, tls })
    }
}

/// A mail server.
#[derive(Clone, Debug)]
pub(crate) struct MailServer(pub(crate) AsyncSmtpTransportBuilder);

impl MailServer {
    pub(crate) const ALLOWED: &str = "empty or smtp://user:password@host:port, with ?tls=required for STARTTLS, or smtps://.. \
        for TLS from the beginning, if there are certificates to trust";

    pub(crate) fn parse(url: &str) -> Option<Self> {
        let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(url);
        server.ok().map(MailServer)
    }
}

/// Where notices are posted to.
#[derive(Clone, Debug)]
pub(crate) struct WebhookServer {
    pub(crate) url: Uri,
    pub(crate) tls: ClientConfig,
}

impl WebhookServer {
    pub(crate) const ALLOWED: &str =
        "empty or an http:// address, or an https:// one if there are certificates to trust";

    pub(crate) fn parse(url: &str) -> Option<Self> {
        let url: Uri = url.parse().ok()?;
        let tls = match url.scheme_str()? {
            "http" => tls(false)?,
            "https" => tls(true)?,
            _ => return None,
        };
        Some(WebhookServer { url, tls })
    }
}

/// Nothing is trusted when nothing is encrypted. `None` when there is nothing to trust.
fn tls(encrypted: bool) -> Option<ClientConfig> {
    let client = ClientConfig::builder();
    let client = match encrypted {
        true => client.with_native_roots().ok()?,
        false => client.with_root_certificates(RootCertStore::empty()),
    };
    Some(client.with_no_client_auth())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn databases_are_encrypted_when_that_is_asked_for() {
        let mode = |options| {
            let url = format!("postgres://ada:hunter2@localhost/orders{options}");
            DatabaseServer::parse(&url).map(|server| server.address.get_ssl_mode())
        };
        assert_eq!(mode(""), Some(SslMode::Disable));
        assert_eq!(mode("?sslmode=prefer"), Some(SslMode::Disable));
        assert_eq!(mode("?sslmode=require"), Some(SslMode::Require));
    }

    #[test]
    fn no_server_shows_its_password() {
        let database = DatabaseServer::parse("postgres://ada:hunter2@localhost/orders");
        let mails = MailServer::parse("smtp://ada:hunter2@localhost");
        let shown = format!("{:?} {:?}", database.expect("a URL"), mails.expect("a URL"));
        assert!(!shown.contains("hunter2"), "{shown}");
    }
}
