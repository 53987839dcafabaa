//! Bad requests.

use crate::Result;
use crate::report::Report;
use crate::service::Service;

pub(super) async fn rejected(service: &Service, report: &mut Report) -> Result<()> {
    let mut client = service.client();
    let cases: [(&str, &[u8], u16, &str); 4] = [
        ("JSON that breaks off", br#"{"customer": "#, 400, "\"line\":1"),
        ("no items", br#"{"customer":"A","email":"a@b.org"}"#, 422, "\"items\""),
        (
            "wrong values",
            br#"{"customer":"A","email":"a@b.org","items":[{"sku":"s","quantity":0,"price_cents":-1}]}"#,
            422,
            "items[0].price_cents",
        ),
        ("100 kB", &[b' '; 100_000], 413, "error"),
    ];
    for (what, body, status, says) in cases {
        let answer = client.post("/orders", body).await?;
        let text = String::from_utf8_lossy(&answer.body);
        report.check(
            format!("{what}: {status}, and what is wrong"),
            answer.status == status && text.contains(says) && answer.json().is_ok(),
            format!("{} {text}", answer.status),
        );
    }
    let unknown = "/orders/00000000-0000-0000-0000-000000000000";
    let status = client.get(unknown).await?.status;
    report.check("an unknown order: 404", status == 404, status.to_string());
    let health = client.get("/health").await?;
    let body = health.json()?;
    let keys = ["status", "processCount", "activeAlerts", "uptime", "memory"];
    report.check(
        "/health has the guide's fields",
        health.status == 200 && keys.iter().all(|key| body.get(key).is_some()),
        body.to_string(),
    );
    Ok(())
}
