//! Somebody who answers at the relay's address, with the relay's stolen key or with one of his own.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rcgen::{CertificateParams, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// How a P-256 key in PKCS#8 begins, as the relay keeps it, and its length.
const PKCS8: [u8; 27] = [
    0x30, 0x81, 0x87, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08,
    0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07,
];
const PKCS8_LEN: usize = 138;

/// The key that he shows.
#[derive(Debug, Clone)]
pub(crate) enum Kunci {
    /// No TLS at all.
    TanpaTls,
    /// A key in PKCS#8.
    Tls(Vec<u8>),
}

impl Kunci {
    /// A key of his own.
    pub(crate) fn baru() -> Self {
        Self::Tls(KeyPair::generate().unwrap().serialize_der())
    }

    /// The key of the relay whose folder he has got hold of.
    pub(crate) fn dicuri(data: &Path) -> Self {
        let files = std::fs::read_dir(data).unwrap().map(|file| std::fs::read(file.unwrap().path()).unwrap());
        let found = files.filter_map(|bytes| {
            let at = bytes.windows(PKCS8.len()).position(|window| window == PKCS8)?;
            bytes.get(at..at + PKCS8_LEN).map(<[u8]>::to_vec)
        });
        Self::Tls(found.last().expect("the relay keeps its key in its folder"))
    }

    fn config(&self) -> Option<Arc<ServerConfig>> {
        let Self::Tls(der) = self else { return None };
        let pair = KeyPair::try_from(der.as_slice()).unwrap();
        let certificate =
            CertificateParams::new(vec!["contoh.invalid".to_owned()]).unwrap().self_signed(&pair).unwrap();
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![CertificateDer::from(certificate.der().to_vec())],
                PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(der.clone())),
            )
            .unwrap();
        Some(Arc::new(config))
    }
}

/// What he answers.
#[derive(Debug, Clone)]
pub(crate) enum Jawab {
    /// These bytes, and the end.
    Bytes(Vec<u8>),
    /// These bytes, and then zeros for as long as somebody reads.
    TanpaAkhir(Vec<u8>),
}

/// He listens until he is dropped.
#[derive(Debug)]
pub(crate) struct Penyamar {
    alamat: SocketAddr,
    didengar: Arc<Mutex<Vec<u8>>>,
    terkirim: Arc<AtomicUsize>,
    selesai: Arc<AtomicBool>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Penyamar {
    pub(crate) fn at(alamat: SocketAddr, kunci: &Kunci, jawab: &Jawab) -> Self {
        let listener = bind(alamat);
        let config = kunci.config();
        let didengar = Arc::new(Mutex::new(Vec::new()));
        let (terkirim, selesai) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
        let (heard, sent, done, jawab) =
            (Arc::clone(&didengar), Arc::clone(&terkirim), Arc::clone(&selesai), jawab.clone());
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if done.load(Ordering::SeqCst) {
                    return;
                }
                let Ok(stream) = stream else { continue };
                // Whoever calls may hang up at any moment.
                let _ = match &config {
                    Some(config) => {
                        let tls = ServerConnection::new(Arc::clone(config)).unwrap();
                        answer(StreamOwned::new(tls, stream), &jawab, &heard, &sent)
                    }
                    None => answer_at_once(stream, &jawab),
                };
            }
        });
        Self { alamat, didengar, terkirim, selesai, thread: Some(thread) }
    }

    /// What was said to him inside TLS.
    pub(crate) fn didengar(&self) -> Vec<u8> {
        self.didengar.lock().unwrap().clone()
    }

    /// Bytes that somebody took from him.
    pub(crate) fn terkirim(&self) -> usize {
        self.terkirim.load(Ordering::SeqCst)
    }
}

impl Drop for Penyamar {
    fn drop(&mut self) {
        self.selesai.store(true, Ordering::SeqCst);
        // Wakes him up; he then goes, and the address is free.
        let _ = TcpStream::connect(self.alamat);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn bind(alamat: SocketAddr) -> TcpListener {
    let until = Instant::now() + Duration::from_secs(10);
    loop {
        match TcpListener::bind(alamat) {
            Ok(listener) => return listener,
            Err(error) => assert!(Instant::now() < until, "{error}"),
        }
    }
}

/// Answers whatever comes first: without TLS nobody asks in words.
fn answer_at_once(mut stream: TcpStream, jawab: &Jawab) -> std::io::Result<()> {
    let _ = stream.read(&mut [0; 4096])?;
    let (Jawab::Bytes(bytes) | Jawab::TanpaAkhir(bytes)) = jawab;
    stream.write_all(bytes)
}

/// Hears a question to the end of its head, and answers.
fn answer(
    mut stream: impl Read + Write,
    jawab: &Jawab,
    didengar: &Mutex<Vec<u8>>,
    terkirim: &AtomicUsize,
) -> std::io::Result<()> {
    let mut heard = Vec::new();
    let mut buffer = [0; 4096];
    while !heard.windows(4).any(|window| window == b"\r\n\r\n") {
        let n = stream.read(&mut buffer)?;
        if n == 0 {
            break;
        }
        heard.extend_from_slice(&buffer[..n]);
        didengar.lock().unwrap().extend_from_slice(&buffer[..n]);
    }
    let (Jawab::Bytes(bytes) | Jawab::TanpaAkhir(bytes)) = jawab;
    stream.write_all(bytes)?;
    stream.flush()?;
    if matches!(jawab, Jawab::Bytes(_)) {
        return Ok(());
    }
    loop {
        terkirim.fetch_add(stream.write(&[0; 16 * 1024])?, Ordering::SeqCst);
    }
}
