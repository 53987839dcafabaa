//! The mail that confirms an order.

use super::DeliveryError;
use super::delivery::AT_ONCE;
use crate::config::Settings;
use crate::order::Order;
use crate::remote::MailServer;
use lettre::message::{Mailbox, header::ContentType};
use lettre::transport::smtp::PoolConfig;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use std::time::{Duration, SystemTime};

/// How long the mail server may take for one command.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Mails go out to a mail server, over connections that are kept.
#[derive(Clone, Debug)]
pub(super) struct Smtp {
    server: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

impl Smtp {
    pub(super) fn new(server: &MailServer, settings: &Settings) -> Self {
        let pool = PoolConfig::new().max_size(AT_ONCE as u32);
        let transport = server.0.clone().timeout(Some(TIMEOUT)).pool_config(pool);
        Smtp {
            server: transport.build(),
            from: settings.mail_from.clone(),
        }
    }

    pub(super) async fn send(&self, order: &Order) -> Result<(), DeliveryError> {
        let mail = mail(order, &self.from)?;
        let sent = self.server.send(mail).await;
        sent.map(drop).map_err(DeliveryError::Smtp)
    }
}

/// The mail as it would go over the wire.
pub(super) fn file(order: &Order, settings: &Settings) -> Result<Vec<u8>, DeliveryError> {
    Ok(mail(order, &settings.mail_from)?.formatted())
}

/// The same each time: who gets it twice can see that by its id.
fn mail(order: &Order, from: &Mailbox) -> Result<Message, DeliveryError> {
    let address = order.email.parse();
    let address = address.map_err(|_| DeliveryError::Address(order.email.clone()))?;
    let created = SystemTime::UNIX_EPOCH + Duration::from_millis(order.created_ms);
    let text = format!(
        "Dear {},\r\n\r\nwe have received your order of {}.\r\n",
        order.customer,
        order.total()
    );
    Message::builder()
        .from(from.clone())
        .to(Mailbox::new(Some(order.customer.clone()), address))
        .subject(format!("Your order {}", order.id))
        .message_id(Some(format!("<{}@{}>", order.id, from.email.domain())))
        .date(created)
        .header(ContentType::TEXT_PLAIN)
        .body(text)
        .map_err(DeliveryError::Mail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::order::NewOrder;

    fn order(customer: &str, email: &str) -> Order {
        let order = NewOrder {
            customer: customer.into(),
            email: email.into(),
            items: vec![],
        };
        order.accept()
    }

    fn shop() -> Mailbox {
        "Shop <orders@example.org>".parse().expect("an address")
    }

    #[test]
    fn a_mail_is_the_same_each_time_and_has_the_id_of_its_order() {
        let order = order("Ada", "ada@example.org");
        let text = || {
            let mail = mail(&order, &shop()).expect("a mail");
            String::from_utf8(mail.formatted()).expect("a mail is ASCII")
        };
        assert_eq!(text(), text());
        let id = format!("Message-ID: <{}@example.org>\r\n", order.id);
        assert!(text().contains(&id), "{}", text());
        assert!(
            text().contains("To: Ada <ada@example.org>\r\n"),
            "{}",
            text()
        );
    }

    #[test]
    fn names_in_every_script_can_be_written() {
        let mail = mail(&order("Ωμέγα 漢字", "a@example.org"), &shop()).expect("a mail");
        assert!(mail.formatted().is_ascii() || mail.formatted().contains(&b'='));
    }

    #[test]
    fn an_address_that_no_mail_can_go_to_concerns_one_order() {
        let error = mail(&order("Ada", "nobody"), &shop()).expect_err("no address");
        assert!(error.concerns_one_order());
        assert!(error.to_string().contains("nobody"));
    }
}
