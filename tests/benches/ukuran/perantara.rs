//! A relay behind two counters: one on the line, where all is TLS, and one that holds the relay's own key and sees
//! the HTTP inside. Without that key nobody could stand there: devices know it by its pin.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, ServerConfig, SignatureScheme};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, split};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::{TlsAcceptor, TlsConnector};
use wakuncar_sync_server::{Config, Relay};

/// What went through, in both directions.
#[derive(Default)]
pub(crate) struct Counter {
    bytes: AtomicU64,
    requests: AtomicU64,
}

impl Counter {
    /// Bytes and requests since the last call.
    pub(crate) fn take(&self) -> (f64, f64) {
        let take = |counter: &AtomicU64| counter.swap(0, Ordering::Relaxed) as f64;
        (take(&self.bytes), take(&self.requests))
    }
}

/// A relay that runs until it is dropped.
pub(crate) struct Perantara {
    pub(crate) url: String,
    pub(crate) pin: String,
    /// On the line: TLS with its handshake.
    pub(crate) line: Arc<Counter>,
    /// Inside: HTTP, headers and bodies.
    pub(crate) http: Arc<Counter>,
    _relay: Relay,
    _runtime: tokio::runtime::Runtime,
}

impl Perantara {
    pub(crate) fn new(data: &Path) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let (line, http) = (Arc::<Counter>::default(), Arc::<Counter>::default());
        let counters = (line.clone(), http.clone());
        let (relay, at) = runtime.block_on(async {
            let listen = SocketAddr::from(([127, 0, 0, 1], 0));
            let config = Config::new(data, listen);
            let relay = Relay::start(config).await.unwrap();
            let to = relay.url().trim_start_matches("https://").parse().unwrap();
            let (acceptor, connector) = tls(data);
            let inner = TcpListener::bind(listen).await.unwrap();
            let outer = TcpListener::bind(listen).await.unwrap();
            let (inner_at, outer_at) = (inner.local_addr().unwrap(), outer.local_addr().unwrap());
            tokio::spawn(serve_http(inner, to, acceptor, connector, counters.1));
            tokio::spawn(serve_line(outer, inner_at, counters.0));
            (relay, outer_at)
        });
        Self { url: format!("https://{at}"), pin: relay.pin(), line, http, _relay: relay, _runtime: runtime }
    }
}

async fn serve_line(listener: TcpListener, to: SocketAddr, counter: Arc<Counter>) {
    while let Ok((caller, _)) = listener.accept().await {
        let counter = counter.clone();
        tokio::spawn(async move { pump(caller, TcpStream::connect(to).await.unwrap(), &counter).await });
    }
}

async fn serve_http(
    listener: TcpListener,
    to: SocketAddr,
    acceptor: TlsAcceptor,
    connector: TlsConnector,
    counter: Arc<Counter>,
) {
    while let Ok((caller, _)) = listener.accept().await {
        let (acceptor, connector, counter) = (acceptor.clone(), connector.clone(), counter.clone());
        tokio::spawn(async move {
            caller.set_nodelay(true).unwrap();
            let caller = acceptor.accept(caller).await.unwrap();
            let tcp = TcpStream::connect(to).await.unwrap();
            tcp.set_nodelay(true).unwrap();
            let relay = connector.connect(ServerName::try_from("wakuncar.invalid").unwrap(), tcp).await.unwrap();
            pump(caller, relay, &counter).await;
        });
    }
}

/// Carries both ways until one side ends. What goes up after something came down, or first, begins a request.
async fn pump(caller: impl AsyncRead + AsyncWrite, relay: impl AsyncRead + AsyncWrite, counter: &Counter) {
    let ((mut from_caller, mut to_caller), (mut from_relay, mut to_relay)) = (split(caller), split(relay));
    let answered = AtomicBool::new(true);
    let up = async {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(read @ 1..) = from_caller.read(&mut buffer).await {
            counter.bytes.fetch_add(read as u64, Ordering::Relaxed);
            counter.requests.fetch_add(u64::from(answered.swap(false, Ordering::Relaxed)), Ordering::Relaxed);
            if to_relay.write_all(&buffer[..read]).await.is_err() || to_relay.flush().await.is_err() {
                break;
            }
        }
    };
    let down = async {
        let mut buffer = vec![0; 64 * 1024];
        while let Ok(read @ 1..) = from_relay.read(&mut buffer).await {
            counter.bytes.fetch_add(read as u64, Ordering::Relaxed);
            answered.store(true, Ordering::Relaxed);
            if to_caller.write_all(&buffer[..read]).await.is_err() || to_caller.flush().await.is_err() {
                break;
            }
        }
    };
    tokio::select! { () = up => {}, () = down => {} }
}

/// The relay's own certificate towards devices, and no question towards the relay.
fn tls(data: &Path) -> (TlsAcceptor, TlsConnector) {
    let file = rusqlite::Connection::open(data.join("relay.sqlite")).unwrap();
    let own = |name: &str| -> Vec<u8> {
        file.query_row("SELECT value FROM relay WHERE name = ?1", [name], |row| row.get(0)).unwrap()
    };
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(own("tls_key")));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let server = ServerConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions().unwrap();
    let server = server.with_no_client_auth();
    let server = server.with_single_cert(vec![CertificateDer::from(own("tls_certificate"))], key).unwrap();
    let client = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let client = client.dangerous().with_custom_certificate_verifier(Arc::new(AnyRelay)).with_no_client_auth();
    (TlsAcceptor::from(Arc::new(server)), TlsConnector::from(Arc::new(client)))
}

/// Whoever answers on this machine is the relay that was just started.
#[derive(Debug)]
struct AnyRelay;

impl ServerCertVerifier for AnyRelay {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _: &[u8],
        _: &CertificateDer<'_>,
        _: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        rustls::crypto::ring::default_provider().signature_verification_algorithms.supported_schemes()
    }
}
