//! A certificate authority that nobody knows but the services that are told.

use crate::Result;
use axum::serve::Listener;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::server::TlsStream;

/// What a server on this machine needs to be trusted, and its clients to trust it.
pub(crate) struct Identity {
    /// The certificate of the authority, as a file has it.
    pub(crate) authority: String,
    pub(crate) server: TlsAcceptor,
}

impl Identity {
    pub(crate) fn new() -> Result<Self> {
        let mut authority = CertificateParams::new([])?;
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority_key = KeyPair::generate()?;
        let pem = authority.self_signed(&authority_key)?.pem();
        let issuer = Issuer::new(authority, authority_key);
        let key = KeyPair::generate()?;
        let certificate = CertificateParams::new(["127.0.0.1".into()])?.signed_by(&key, &issuer)?;
        let server = ServerConfig::builder()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::Pkcs8(key.serialize_der().into()),
            )?;
        Ok(Identity {
            authority: pem,
            server: Arc::new(server).into(),
        })
    }
}

/// Takes connections and has them encrypted.
pub(crate) struct Encrypted {
    pub(crate) listener: TcpListener,
    pub(crate) identity: TlsAcceptor,
}

impl Listener for Encrypted {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            if let Ok((connection, address)) = self.listener.accept().await
                && let Ok(encrypted) = self.identity.accept(connection).await
            {
                return (encrypted, address);
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}
