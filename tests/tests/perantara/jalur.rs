//! A line to the relay that can be cut after any byte.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// Which way bytes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arah {
    KeRelay,
    KeHp,
}

#[derive(Debug, Default)]
struct Keadaan {
    /// Bytes that have gone each way since the line was last laid.
    lewat: [usize; 2],
    /// After so many bytes that way the line breaks, and stays broken.
    batas: Option<(Arah, usize)>,
    putus: bool,
}

/// A TCP line with its own address.
#[derive(Debug)]
pub(crate) struct Jalur {
    alamat: SocketAddr,
    keadaan: Arc<Mutex<Keadaan>>,
}

impl Jalur {
    /// A line to that address that is whole.
    pub(crate) fn to(relay: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let alamat = listener.local_addr().unwrap();
        let keadaan = Arc::new(Mutex::new(Keadaan::default()));
        let shared = Arc::clone(&keadaan);
        // The thread ends with the test's process.
        std::thread::spawn(move || {
            for hp in listener.incoming() {
                let Ok(hp) = hp else { continue };
                if shared.lock().unwrap().putus {
                    continue;
                }
                let Ok(relay) = TcpStream::connect(relay) else { continue };
                for (from, to, arah) in [(&hp, &relay, Arah::KeRelay), (&relay, &hp, Arah::KeHp)] {
                    let (from, to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    let keadaan = Arc::clone(&shared);
                    std::thread::spawn(move || carry(from, to, arah, &keadaan));
                }
            }
        });
        Self { alamat, keadaan }
    }

    pub(crate) fn url(&self) -> String {
        format!("https://{}", self.alamat)
    }

    /// The line is whole again and counts from nothing; with a limit it will break after so many bytes.
    pub(crate) fn lay(&self, batas: Option<(Arah, usize)>) {
        *self.keadaan.lock().unwrap() = Keadaan { batas, ..Keadaan::default() };
    }

    /// Bytes that have gone that way since the line was laid.
    pub(crate) fn lewat(&self, arah: Arah) -> usize {
        self.keadaan.lock().unwrap().lewat[arah as usize]
    }

    /// Whether it broke.
    pub(crate) fn putus(&self) -> bool {
        self.keadaan.lock().unwrap().putus
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream, arah: Arah, keadaan: &Mutex<Keadaan>) {
    let mut buffer = [0; 16 * 1024];
    while let Ok(n @ 1..) = from.read(&mut buffer) {
        let (allowed, cut) = {
            let mut keadaan = keadaan.lock().unwrap();
            let left = match keadaan.batas {
                _ if keadaan.putus => 0,
                Some((cut, batas)) if cut == arah => batas.saturating_sub(keadaan.lewat[arah as usize]),
                _ => usize::MAX,
            };
            let allowed = n.min(left);
            keadaan.lewat[arah as usize] += allowed;
            keadaan.putus |= allowed < n;
            (allowed, keadaan.putus)
        };
        if to.write_all(&buffer[..allowed]).is_err() || cut {
            break;
        }
    }
    // Either side may have gone already.
    let _ = from.shutdown(Shutdown::Both);
    let _ = to.shutdown(Shutdown::Both);
}
