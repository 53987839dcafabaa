//! Settings in layers.

use crate::parts::Tested;
use noex::Config;
use std::collections::HashMap;

#[noex::test]
async fn ap_16_configuration_layers_in_order() -> Tested {
    // Cargo sets it for every test.
    let version = env!("CARGO_PKG_VERSION");
    let defaults = HashMap::from([("pkg-version", "0"), ("port", "80"), ("host", "::1")]);
    let file = HashMap::from([("pkg-version", "1"), ("port", "8080")]);
    let config = Config::new()
        .layer(move |key| defaults.get(key).map(ToString::to_string))
        .layer(move |key| file.get(key).map(ToString::to_string))
        .environment("CARGO_");
    let text = |key| config.get::<String>(key);
    assert_eq!(text("host")?.as_deref(), Some("::1"));
    assert_eq!(text("port")?.as_deref(), Some("8080"));
    assert_eq!(text("pkg-version")?.as_deref(), Some(version));
    assert_eq!(text("nowhere")?, None);
    let mut changes = config.changes();
    config.set("pkg-version", "2");
    assert_eq!(text("pkg-version")?.as_deref(), Some("2"));
    changes.next().await;
    config.unset("pkg-version");
    changes.next().await;
    assert_eq!(text("pkg-version")?.as_deref(), Some(version));
    config.set("port", "eighty");
    let error = config.get::<u16>("port").expect_err("no number");
    assert_eq!(
        error.to_string(),
        "the setting port = \"eighty\" cannot be used: it must be a u16"
    );
    Ok(())
}
