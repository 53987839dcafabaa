use super::*;
use crate::config::Settings;
use crate::store::tests::{Place, order};
use crate::store::{Store, StoreError};
use noex::environment::Environment;
use std::sync::Arc;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

#[tokio::test]
async fn a_server_that_was_away_is_used_again() -> Result<(), StoreError> {
    let Some(place) = Place::own_postgres().await else {
        return Ok(());
    };
    let server = &place.server.as_ref().expect("it has one").0;
    let connections = place.connections().await?;
    let store = Store::open(&place.settings, connections.clone()).await?;
    store.write(vec![order("Ada", 450)], vec![]).await?;

    server.stop()?;
    for _ in 0..2 {
        let away = store.write(vec![order("Grace", 100)], vec![]).await;
        assert!(matches!(away, Err(StoreError::Postgres(_))), "{away:?}");
    }
    let other = Store::open(&place.settings, connections).await?;
    let check = Store::check(&place.settings).await;
    assert!(matches!(check, Err(StoreError::Postgres(_))), "{check:?}");

    server.resume()?;
    for store in [store, other] {
        store.write(vec![order("Grace", 100)], vec![]).await?;
    }
    assert_eq!(place.store().await?.totals().await?.orders, 3);
    Ok(())
}

/// Something between here and the server takes what is sent and answers nothing.
#[tokio::test]
async fn a_server_that_hangs_is_given_up() -> Result<(), Box<dyn std::error::Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("postgres://orders@{}/orders", listener.local_addr()?);
    let settings = Settings::read(&Environment::of([("DATABASE_URL", &*url)]))?;
    let hangs = Store::check(&Arc::new(settings)).await;
    assert!(matches!(hangs, Err(StoreError::NoAnswer(_))), "{hangs:?}");
    Ok(())
}

/// One that only keeps others waiting: its connection is not used again.
#[tokio::test]
async fn a_statement_that_hangs_is_given_up() -> Result<(), StoreError> {
    let Some(place) = Place::postgres().await else {
        return Ok(());
    };
    let store = place.store().await?;
    let url = place.settings.database.clone().expect("it has one");
    let (mut client, connection) = url.address.connect(tokio_postgres::NoTls).await?;
    tokio::spawn(connection);
    store.totals().await?;
    let lock = client.transaction().await?;
    lock.batch_execute("LOCK TABLE totals").await?;
    let written = store.write(vec![order("Ada", 450)], vec![]).await;
    assert!(
        matches!(written, Err(StoreError::NoAnswer(_))),
        "{written:?}"
    );
    // Who does not need what is locked does not wait behind it.
    assert_eq!(store.find(Uuid::nil()).await?, None);
    lock.rollback().await?;
    store.write(vec![order("Ada", 450)], vec![]).await?;
    Ok(())
}

#[tokio::test]
async fn it_is_encrypted_and_strangers_are_not_trusted() -> Result<(), Box<dyn std::error::Error>> {
    let Some(place) = Place::own_postgres().await else {
        return Ok(());
    };
    let server = &place.server.as_ref().expect("it has one").0;
    let key = rcgen::KeyPair::generate()?;
    let certificate = rcgen::CertificateParams::new(["127.0.0.1".into()])?.self_signed(&key)?;
    server.encrypt(&certificate.pem(), &key.serialize_pem())?;

    let url = format!("{}?sslmode=require", server.network_url("postgres"));
    let address: tokio_postgres::Config = url.parse()?;
    let connection = async |roots| {
        let tls = ClientConfig::builder().with_root_certificates(roots);
        let server = DatabaseServer {
            address: address.clone(),
            tls: tls.with_no_client_auth(),
        };
        Connection::open(&server).await
    };
    let stranger = connection(RootCertStore::empty()).await;
    let error = stranger.expect_err("nobody is trusted").to_string();
    assert!(error.contains("UnknownIssuer"), "{error}");

    let mut roots = RootCertStore::empty();
    roots.add(certificate.der().clone())?;
    connection(roots).await?.totals().await?;
    Ok(())
}
