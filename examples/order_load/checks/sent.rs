//! What leaves the house: mails and notices, also when the other side hangs.

use super::outbox::{Over, pending};
use super::storm::storm;
use super::{Plan, STEADY};
use crate::Result;
use crate::load::Load;
use crate::place::Place;
use crate::receivers::{Encryption, MailServer, Webhook};
use crate::report::Report;
use crate::service::Service;
use std::fs;
use std::time::Duration;
use tokio::time::sleep;

const CLIENTS: usize = 8;
const LOADED: Duration = Duration::from_secs(2);
/// Less than [`LOADED`], so that the service gives up while it is loaded.
const WEBHOOK_TIMEOUT: &str = "300";

/// On data of its own.
pub(super) async fn sent(plan: &Plan, place: &Place, report: &mut Report) -> Result<()> {
    let (mail_server, webhook) = (
        MailServer::start(Encryption::Never).await?,
        Webhook::start(None).await?,
    );
    let variables = [
        ("SMTP_URL", format!("smtp://{}", mail_server.address)),
        ("MAIL_FROM", "Shop <orders@example.org>".into()),
        ("WEBHOOK_URL", format!("http://{}/orders", webhook.address)),
        ("WEBHOOK_TIMEOUT", WEBHOOK_TIMEOUT.into()),
    ];
    let service = Service::start_with(&plan.server, place, &[], &variables).await?;
    let (outcome, planted) =
        storm(plan, CLIENTS, STEADY, &service, &["email", "notification"]).await?;
    report.check(
        "mails and notices go out while their workers panic",
        outcome.failures.is_empty() && !outcome.acknowledged.is_empty(),
        format!(
            "{} orders, {planted} panics; {}",
            outcome.acknowledged.len(),
            outcome.failures()
        ),
    );
    compare(&service, place, &mail_server, &webhook, report).await?;
    let twice = [&mail_server.mails, &webhook.notices].map(|received| {
        let orders = received.orders();
        orders.values().filter(|count| **count > 1).count()
    });
    report.check(
        "and no panic has anything sent twice",
        twice == [0, 0],
        format!("{twice:?}"),
    );
    let before = service.restarts().await?;

    webhook.hang(true);
    load(&service, "the webhook hangs", report).await?;
    let left = pending(&service).await?;
    let log = service.log()?;
    let mut told = log
        .lines()
        .filter(|line| line.contains("ERROR") && line.contains("no answer from the webhook"));
    report.check(
        "its notices wait, and the log says at what",
        left["notification"]["pending"].as_u64() > Some(0) && left["email"]["failures"] == 0,
        told.next_back().unwrap_or("nothing in the log"),
    );
    webhook.hang(false);
    compare(&service, place, &mail_server, &webhook, report).await?;
    let after = service.restarts().await?;
    report.check("without a restart", before == after, format!("{after:?}"));
    Ok(())
}

async fn load(service: &Service, what: &str, report: &mut Report) -> Result<()> {
    let load = Load::start(service.address, CLIENTS, STEADY);
    sleep(LOADED).await;
    let outcome = load.stop().await;
    report.check(
        format!("{what}: every request goes well"),
        outcome.failures.is_empty() && !outcome.acknowledged.is_empty(),
        format!(
            "{} orders, slowest {:.1} ms; {}",
            outcome.acknowledged.len(),
            outcome.quantile(1.0),
            outcome.failures()
        ),
    );
    Ok(())
}

async fn compare(
    service: &Service,
    place: &Place,
    mail_server: &MailServer,
    webhook: &Webhook,
    report: &mut Report,
) -> Result<()> {
    let over = Over::wait(service, place).await?;
    over.compare_files("pdf", place, report)?;
    let received = [
        ("email", mail_server.mails.orders()),
        ("notification", webhook.notices.orders()),
    ];
    for (worker, orders) in received {
        let what = format!("every order stored was sent by {worker}");
        over.compare(what, worker, &orders.into_keys().collect(), report);
    }
    let invoices = place.spool("pdf");
    let first = fs::read_dir(invoices)?.next().ok_or("no invoice")??;
    let invoice = fs::read(first.path())?;
    report.check(
        "invoices are PDF",
        invoice.starts_with(b"%PDF-") && invoice.trim_ascii_end().ends_with(b"%%EOF"),
        format!("{} bytes", invoice.len()),
    );
    Ok(())
}
