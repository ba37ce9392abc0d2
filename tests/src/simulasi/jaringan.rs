//! The lines between devices and relays, and what goes wrong on them.

use std::cell::Cell;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use wakuncar_app::simulasi::{Answer, Call};
use wakuncar_sync_server::Limits;
use wakuncar_sync_server::simulasi::{Relay, set_clock};
use wakuncar_wire::SpaceId;

use super::acak::Acak;
use super::berkas;

/// Address and certificate of the kelurahan's relay.
pub(crate) const URL: &str = "https://relay.contoh:443";
/// Its pin.
pub(crate) const PIN: [u8; 16] = [7; 16];
/// Milliseconds that a request takes.
const LAMA: i64 = 400;

/// What befalls a line, counted in requests of one event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gangguan {
    /// Nothing.
    Tidak,
    /// From request `n` on nothing reaches the relay.
    PutusSebelum(u8),
    /// Request `n` reaches the relay; its answer and everything after it is lost.
    PutusSesudah(u8),
    /// Request `n` reaches the relay twice; the second answer comes back.
    Ganda(u8),
    /// Request `n` reaches the relay twice; the first answer comes back.
    GandaDulu(u8),
    /// The answer to request `n` comes with one byte changed, at this part of its length in 256ths.
    Rusak(u8, u8),
    /// The answer to request `n` is that to the request before it.
    Tertukar(u8),
}

/// A relay on its folder.
pub(crate) struct Titipan {
    dir: PathBuf,
    relay: Option<Relay>,
}

/// All relays, who asks, and what goes wrong.
pub(crate) struct Jaringan {
    titipan: Vec<Titipan>,
    /// Which relay answers a device; the others get the first.
    pub(crate) rute: Vec<(usize, usize)>,
    /// Which device asks.
    pub(crate) siapa: usize,
    gangguan: Gangguan,
    nomor: u8,
    putus: bool,
    terakhir: Answer,
    waktu: Rc<Cell<i64>>,
    /// Epochs and jumps of the relay's lives.
    acak: Acak,
    /// With what a relay signs its receipts that begins anew.
    kunci: u8,
}

impl Jaringan {
    /// With one relay that has just been set up.
    pub(crate) fn new(dir: &Path, waktu: Rc<Cell<i64>>, benih: u64) -> Self {
        let mut jaringan = Self {
            titipan: Vec::new(),
            rute: Vec::new(),
            siapa: 0,
            gangguan: Gangguan::Tidak,
            nomor: 0,
            putus: false,
            terakhir: None,
            waktu,
            acak: Acak::new(!benih),
            kunci: 1,
        };
        jaringan.titipan.push(Titipan { dir: dir.to_owned(), relay: None });
        jaringan.hidupkan();
        jaringan
    }

    /// What goes wrong from now on.
    pub(crate) fn ganggu(&mut self, gangguan: Gangguan) {
        (self.gangguan, self.nomor, self.putus) = (gangguan, 0, false);
    }

    /// Starts the relay, or starts it again.
    pub(crate) fn hidupkan(&mut self) {
        set_clock(Some(self.detik()));
        let mut random = [self.kunci; 48];
        random[..8].copy_from_slice(&self.acak.angka().to_be_bytes());
        let titipan = &mut self.titipan[0];
        titipan.relay = None;
        titipan.relay = Some(Relay::open(&titipan.dir, PIN, Limits::default(), &random).unwrap());
    }

    /// A relay that begins anew has other keys from now on.
    pub(crate) fn ganti_kunci(&mut self) {
        self.kunci += 1;
    }

    /// A copy of the relay's folder, as an operator makes one.
    pub(crate) fn salin(&self, ke: &Path) {
        berkas::salin(&self.titipan[0].dir, ke);
    }

    /// The relay is put back from a copy, or begins anew in an empty folder.
    pub(crate) fn pulihkan(&mut self, dari: Option<&Path>) {
        self.titipan[0].relay = None;
        berkas::kosongkan(&self.titipan[0].dir);
        if let Some(dari) = dari {
            berkas::salin(dari, &self.titipan[0].dir);
        }
        self.hidupkan();
    }

    /// Another relay that shows the same key and an older state.
    pub(crate) fn pembohong(&mut self, dari: &Path, dir: &Path) -> usize {
        berkas::salin(dari, dir);
        let relay = Relay::open(dir, PIN, Limits::default(), &[0; 48]).unwrap();
        self.titipan.push(Titipan { dir: dir.to_owned(), relay: Some(relay) });
        self.titipan.len() - 1
    }

    /// The folder of the relay.
    pub(crate) fn dir(&self, yang: usize) -> &Path {
        &self.titipan[yang].dir
    }

    /// How many relays there are.
    pub(crate) fn banyak(&self) -> usize {
        self.titipan.len()
    }

    /// What lies at a relay, by arrival.
    pub(crate) fn isi(&self, yang: usize, space: SpaceId) -> Vec<Vec<u8>> {
        let relay = self.titipan[yang].relay.as_ref().unwrap();
        relay.entries(space).unwrap().into_iter().map(|(_, bytes)| bytes).collect()
    }

    fn detik(&self) -> u64 {
        u64::try_from(self.waktu.get() / 1000).unwrap_or(0)
    }

    /// Asks the relay of the device whose turn it is, past all that may go wrong.
    pub(crate) fn tanya(&mut self, method: &str, path: &str, token: Option<&str>, body: &[u8]) -> (u16, Vec<u8>) {
        self.waktu.set(self.waktu.get() + LAMA);
        set_clock(Some(self.detik()));
        let yang = self.rute.iter().find(|(gawai, _)| *gawai == self.siapa).map_or(0, |(_, yang)| *yang);
        let relay = self.titipan[yang].relay.as_mut().unwrap();
        // Each at home, behind a line of its own.
        let from = IpAddr::from([10, 0, 0, u8::try_from(self.siapa).unwrap_or(u8::MAX)]);
        relay.answer(from, method, path, token, body.to_vec())
    }

    /// A request of a device.
    pub(crate) fn panggil(&mut self, call: Call<'_>) -> Answer {
        assert_eq!(call.url, URL, "there is one relay");
        let tanya = |sendiri: &mut Self| {
            let (status, body) = sendiri.tanya(call.method, call.path, call.token, call.body);
            Some((PIN, status, body))
        };
        let nomor = self.nomor;
        self.nomor = self.nomor.saturating_add(1);
        if self.putus {
            return None;
        }
        let answer = match self.gangguan {
            Gangguan::PutusSebelum(n) if n == nomor => {
                self.putus = true;
                None
            }
            Gangguan::PutusSesudah(n) if n == nomor => {
                let _ = tanya(self);
                self.putus = true;
                None
            }
            Gangguan::Ganda(n) if n == nomor => {
                let _ = tanya(self);
                tanya(self)
            }
            Gangguan::GandaDulu(n) if n == nomor => {
                let first = tanya(self);
                let _ = tanya(self);
                first
            }
            Gangguan::Rusak(n, di) if n == nomor => tanya(self).map(|(pin, status, mut body)| {
                let at = body.len() * usize::from(di) / 256;
                if let Some(byte) = body.get_mut(at) {
                    *byte ^= 1 << (di % 8);
                }
                (pin, status, body)
            }),
            Gangguan::Tertukar(n) if n == nomor => {
                let answer = tanya(self);
                self.terakhir.clone().or(answer)
            }
            _ => tanya(self),
        };
        self.terakhir.clone_from(&answer);
        answer
    }
}
