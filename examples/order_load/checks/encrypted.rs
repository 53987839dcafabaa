//! Mails and notices to servers that want TLS.

use super::outbox::{Over, pending};
use super::{Plan, STEADY};
use crate::Result;
use crate::load::Load;
use crate::place::Place;
use crate::receivers::{Encryption, MailServer, Webhook};
use crate::report::Report;
use crate::service::Service;
use crate::tls::Identity;
use std::fs;
use std::time::Duration;
use tokio::time::sleep;

const CLIENTS: usize = 4;
const MOMENT: Duration = Duration::from_millis(500);

/// When mails begin to be encrypted.
#[derive(Clone, Copy, Debug)]
pub(super) enum Start {
    AtOnce,
    Later,
}

/// First the service does not know who vouches for the servers, then it is told.
pub(super) async fn sent(
    plan: &Plan,
    place: &Place,
    start: Start,
    report: &mut Report,
) -> Result<()> {
    let (identity, another) = (Identity::new()?, Identity::new()?);
    let (encryption, scheme, options) = match start {
        Start::AtOnce => {
            let encryption = Encryption::FromTheBeginning(identity.server.clone());
            (encryption, "smtps", "")
        }
        Start::Later => {
            let encryption = Encryption::StartTls(identity.server.clone());
            (encryption, "smtp", "?tls=required")
        }
    };
    let mail_server = MailServer::start(encryption).await?;
    let webhook = Webhook::start(Some(identity.server.clone())).await?;
    let smtp = format!("{scheme}://{}{options}", mail_server.address);
    let trusted = place.folder().join("trusted.pem");
    let variables = [
        ("SMTP_URL", smtp.clone()),
        ("WEBHOOK_URL", format!("https://{}/orders", webhook.address)),
        ("SSL_CERT_FILE", trusted.display().to_string()),
    ];

    fs::write(&trusted, &another.authority)?;
    let service = Service::start_with(&plan.server, place, &[], &variables).await?;
    let load = Load::start(service.address, CLIENTS, STEADY);
    sleep(MOMENT).await;
    let outcome = load.stop().await;
    let left = pending(&service).await?;
    let log = service.log()?;
    let told = ["no mail server", "no webhook"].map(|what| {
        let line = log
            .lines()
            .find(|line| line.contains("ERROR") && line.contains(what));
        line.unwrap_or("nothing in the log")
    });
    let nobody = mail_server.mails.orders().is_empty() && webhook.notices.orders().is_empty();
    report.check(
        format!("{scheme}{options}, https: a stranger gets nothing, the log says why"),
        outcome.failures.is_empty()
            && nobody
            && told
                .iter()
                .all(|line| line.contains("invalid peer certificate")),
        format!("{}; {left}; {}", outcome.failures(), told.join("; ")),
    );
    drop(service);

    fs::write(&trusted, &identity.authority)?;
    let service = Service::start_with(&plan.server, place, &[], &variables).await?;
    let over = Over::wait(&service, place).await?;
    let received = [
        ("email", mail_server.mails.orders(), &*smtp),
        ("notification", webhook.notices.orders(), "https"),
    ];
    for (worker, orders, through) in received {
        let what = format!("every order stored was sent by {worker}, {through}");
        over.compare(what, worker, &orders.into_keys().collect(), report);
    }
    Ok(())
}
