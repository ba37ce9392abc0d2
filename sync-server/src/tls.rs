//! The relay's certificate, and a listener that shakes hands aside from accepting.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::serve::Listener;
use rcgen::{CertificateParams, KeyPair, PublicKeyData};
use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::Error;
use crate::ledger::Ledger;

/// Seconds for a handshake.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// Connections that shook hands and wait to be served.
const WAITING: usize = 256;

/// The TLS settings and the pin: BLAKE3-128 of the public key's SPKI. Made once and kept.
pub(crate) fn identity(ledger: &Ledger) -> Result<(ServerConfig, [u8; 16]), Error> {
    let fault = |error: &dyn std::fmt::Display| Error::Certificate(error.to_string());
    let key = ledger.own_or("tls_key", || Ok(KeyPair::generate().map_err(|e| fault(&e))?.serialize_der()))?;
    let pair = KeyPair::try_from(key.as_slice()).map_err(|e| fault(&e))?;
    let certificate = ledger.own_or("tls_certificate", || {
        // The name does not matter: callers compare the key.
        let params = CertificateParams::new(vec!["wakuncar.invalid".to_owned()]).map_err(|e| fault(&e))?;
        Ok(params.self_signed(&pair).map_err(|e| fault(&e))?.der().to_vec())
    })?;
    let mut pin = [0; 16];
    pin.copy_from_slice(&blake3::hash(&pair.subject_public_key_info()).as_bytes()[..16]);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| fault(&e))?
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(certificate)], PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key)))
        .map_err(|e| fault(&e))?;
    Ok((config, pin))
}

/// Connections after their handshake. A caller that is slow at it keeps nobody waiting.
pub(crate) struct TlsListener {
    ready: mpsc::Receiver<(TlsStream<TcpStream>, SocketAddr)>,
    local: SocketAddr,
}

impl TlsListener {
    pub(crate) fn new(tcp: TcpListener, local: SocketAddr, config: ServerConfig) -> Self {
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let (done, ready) = mpsc::channel(WAITING);
        tokio::spawn(async move {
            while !done.is_closed() {
                let Ok((stream, from)) = tcp.accept().await else {
                    // Out of file handles, say: a pause lets some close.
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                };
                let (acceptor, done) = (acceptor.clone(), done.clone());
                tokio::spawn(async move {
                    if let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE, acceptor.accept(stream)).await {
                        // Only a relay that is stopping takes no more.
                        let _ = done.send((stream, from)).await;
                    }
                });
            }
        });
        Self { ready, local }
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        match self.ready.recv().await {
            Some(connection) => connection,
            None => std::future::pending().await,
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        Ok(self.local)
    }
}
