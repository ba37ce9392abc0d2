//! Carrying bytes to a relay and back: the only file of this crate that calls
//! anybody (`suar.rs` only listens for the hub).
//!
//! A relay is known by the key of its TLS certificate ([`Pin`]), not by its name, so neither a device's clock nor a
//! certificate authority decides. Nothing here knows what the bytes are. Not for threads of an async runtime: calls
//! wait.

use std::cell::Cell;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use reqwest::{Client, Method, Response};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, SignatureScheme};

use crate::Error;
use crate::meter::{AROUND, HANDSHAKE};

/// BLAKE3-128 of the public key in a relay's TLS certificate.
pub(crate) type Pin = [u8; 16];

/// Seconds to reach a relay, and seconds without a byte.
const CONNECT: Duration = Duration::from_secs(10);
/// Seconds to reach what is on the same network, or is not there at all.
const NEAR: Duration = Duration::from_secs(2);
const SILENCE: Duration = Duration::from_secs(30);
/// Most bytes of an answer: what a phone that was shut out may have left; a page is smaller.
const MAX_ANSWER: usize = wakuncar_wire::MAX_RESCUE + 1024;

/// A relay to call.
pub(crate) struct Carry {
    runtime: tokio::runtime::Runtime,
    http: Client,
    url: String,
    wanted: Option<Pin>,
    seen: Arc<Mutex<Option<Pin>>>,
    /// Bytes both ways, about.
    used: Cell<u64>,
}

/// What came back.
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
    /// Seconds after which the relay asks to be asked again.
    retry_after: Option<u64>,
}

impl Carry {
    /// Calls `url` (`https://host:port`). Without a pin any certificate serves: only for asking for an invitation,
    /// which is sealed and holds the pin.
    ///
    /// # Errors
    /// [`Error::AlamatRelay`] for an address that is none.
    pub(crate) fn new(url: &str, pin: Option<Pin>) -> Result<Self, Error> {
        Self::within(url, pin, CONNECT)
    }

    /// Calls a hub on this network.
    ///
    /// # Errors
    /// As [`Carry::new`].
    pub(crate) fn near(url: &str, pin: Pin) -> Result<Self, Error> {
        Self::within(url, Some(pin), NEAR)
    }

    fn within(url: &str, pin: Option<Pin>, connect: Duration) -> Result<Self, Error> {
        let fault = |e: &dyn std::fmt::Display| Error::AlamatRelay(e.to_string());
        let seen = Arc::new(Mutex::new(None));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = Pinned { pin, seen: seen.clone(), algorithms: provider.signature_verification_algorithms };
        let tls = ClientConfig::builder_with_provider(Arc::<CryptoProvider>::clone(&provider))
            .with_safe_default_protocol_versions()
            .map_err(|e| fault(&e))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        let url = url.trim().trim_end_matches('/');
        if !url.starts_with("https://") || reqwest::Url::parse(url).is_err() {
            return Err(Error::AlamatRelay(url.to_owned()));
        }
        let http = Client::builder()
            .tls_backend_preconfigured(tls)
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(connect)
            .read_timeout(SILENCE)
            .build()
            .map_err(|e| fault(&e))?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|e| Error::TidakTerjangkau(e.to_string()))?;
        Ok(Self { runtime, http, url: url.to_owned(), wanted: pin, seen, used: Cell::new(0) })
    }

    /// The pin of the relay that is called, if one is wanted.
    pub(crate) fn pin(&self) -> Result<Pin, Error> {
        self.wanted.ok_or(Error::RelayLain)
    }

    /// Bytes that went both ways, about.
    pub(crate) fn used(&self) -> u64 {
        self.used.get()
    }

    /// The pin of the certificate that was shown last.
    pub(crate) fn seen(&self) -> Option<Pin> {
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Brings `body` and waits for the answer.
    ///
    /// # Errors
    /// [`Error::RelayLain`] for another certificate, [`Error::TidakTerjangkau`] when nobody answers in time or the
    /// relay cannot now, [`Error::RelaySampah`] for an endless answer.
    pub(crate) fn call(&self, method: Method, path: &str, token: Option<&str>, body: Vec<u8>) -> Result<Reply, Error> {
        let first = if self.used.get() == 0 { HANDSHAKE } else { 0 };
        let sent = u64::try_from(body.len()).unwrap_or(u64::MAX);
        self.used.set(self.used.get().saturating_add(sent).saturating_add(AROUND + first));
        let reply = self.exchange(method, path, token, body)?;
        self.used.set(self.used.get().saturating_add(u64::try_from(reply.body.len()).unwrap_or(u64::MAX)));
        match reply.status {
            429 | 503 => Err(match reply.retry_after {
                Some(detik) => Error::RelaySibuk { detik },
                None => Error::TidakTerjangkau(format!("status {}", reply.status)),
            }),
            507 => Err(Error::RelayPenuh),
            408 | 500..=599 => Err(Error::TidakTerjangkau(format!("status {}", reply.status))),
            _ => Ok(reply),
        }
    }

    fn exchange(&self, method: Method, path: &str, token: Option<&str>, body: Vec<u8>) -> Result<Reply, Error> {
        #[cfg(feature = "simulasi")]
        if let Some(answer) = crate::simulasi::call(&self.url, method.as_str(), path, token, &body) {
            return self.simulated(answer);
        }
        let mut request = self.http.request(method, format!("{}{path}", self.url)).body(body);
        if let Some(token) = token {
            request = request.header("authorization", token);
        }
        let reply = self.runtime.block_on(async { read(request.send().await?).await });
        reply.map_err(|fault| match fault {
            Fault::Endless => Error::RelaySampah("endless answer".into()),
            Fault::Http(_) if self.wanted.is_some() && self.seen().is_some() && self.seen() != self.wanted => {
                Error::RelayLain
            }
            Fault::Http(error) => Error::TidakTerjangkau(reason(&error.without_url())),
        })
    }

    /// What a simulated line brought back: judged like that of a real one.
    #[cfg(feature = "simulasi")]
    fn simulated(&self, answer: crate::simulasi::Answer) -> Result<Reply, Error> {
        let (pin, status, body) = answer.ok_or_else(|| Error::TidakTerjangkau("cut".into()))?;
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(pin);
        if self.wanted.is_some_and(|wanted| wanted != pin) {
            return Err(Error::RelayLain);
        }
        if body.len() > MAX_ANSWER {
            return Err(Error::RelaySampah("endless answer".into()));
        }
        Ok(Reply { status, body, retry_after: None })
    }
}

enum Fault {
    Http(reqwest::Error),
    Endless,
}

impl From<reqwest::Error> for Fault {
    fn from(error: reqwest::Error) -> Self {
        Fault::Http(error)
    }
}

async fn read(mut response: Response) -> Result<Reply, Fault> {
    let status = response.status().as_u16();
    let later = response.headers().get("retry-after").and_then(|value| value.to_str().ok()?.parse().ok());
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await? {
        if body.len() + piece.len() > MAX_ANSWER {
            return Err(Fault::Endless);
        }
        body.extend_from_slice(&piece);
    }
    Ok(Reply { status, body, retry_after: later })
}

/// The innermost reason: the outer ones say only that a request failed.
fn reason(error: &dyn std::error::Error) -> String {
    let mut inner = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}

/// Takes the certificate whose key has the pin, and no other.
#[derive(Debug)]
struct Pinned {
    pin: Option<Pin>,
    seen: Arc<Mutex<Option<Pin>>>,
    algorithms: WebPkiSupportedAlgorithms,
}

impl ServerCertVerifier for Pinned {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let bad = |e| rustls::Error::InvalidCertificate(e);
        let certificate =
            webpki::EndEntityCert::try_from(end_entity).map_err(|_| bad(CertificateError::BadEncoding))?;
        let mut pin = [0; 16];
        pin.copy_from_slice(&blake3::hash(&certificate.subject_public_key_info()).as_bytes()[..16]);
        *self.seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(pin);
        if self.pin.is_none_or(|wanted| wanted == pin) {
            Ok(ServerCertVerified::assertion())
        } else {
            Err(bad(CertificateError::ApplicationVerificationFailure))
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}
