//! A member who pushes what no program writes: she has keys, grants and a session, and no scruples.

use wakuncar_seal::{ContentKey, SecretIdentity, seal_body};
use wakuncar_wire::{
    Batch, Beat, CollId, Control, DeviceId, DocId, Entry, EntryId, GrantId, Head, Header, KeyId, Kind, MAX_ENTRY, Perm,
    Role, Scope, SpaceId, SyncRequest, Wire,
};

use super::super::dunia::Dunia;
use super::super::jaringan::PIN;
use super::ke;

/// What she has in her hands.
struct Bekal {
    siapa: usize,
    rahasia: SecretIdentity,
    id: DeviceId,
    space: SpaceId,
    token: String,
    /// What lies at the relay.
    entri: Vec<Entry>,
    /// Her collection, the grant under which she writes there, its key.
    coll: CollId,
    auth: GrantId,
    kunci: ContentKey,
}

/// Pushes something to the relay.
pub(crate) fn dorong(dunia: &mut Dunia, cara: u8, bahan: u8) {
    let Some(siapa) = dunia.gawai.iter().position(|gawai| !gawai.jujur && gawai.app.is_some()) else { return };
    if cara >= 200
        || dunia.gawai[siapa].lihat(|app| app.simulasi_store().secret(&sesi()).ok().flatten()).flatten().is_none()
    {
        let _ = dunia.pada(siapa, wakuncar_app::sinkron);
    }
    let Some(bekal) = bekal(dunia, siapa) else { return };
    let push = buat(&bekal, cara, bahan);
    let request = SyncRequest { push: push.into_iter().map(Into::into).collect(), ..SyncRequest::default() };
    let mut jaringan = dunia.jaringan.borrow_mut();
    jaringan.siapa = bekal.siapa;
    let _ = jaringan.tanya("POST", "/v1/sync", Some(&bekal.token), &request.to_wire());
}

/// The name under which a device keeps its session with the relay.
fn sesi() -> String {
    format!("sesi/{}", SpaceId::from_bytes(PIN))
}

fn bekal(dunia: &Dunia, siapa: usize) -> Option<Bekal> {
    let gawai = &dunia.gawai[siapa];
    let isi = dunia.jaringan.borrow().isi(0, dunia.space);
    let entri = isi.iter().filter_map(|bytes| Entry::decode(bytes).ok()).collect();
    gawai.lihat(|app| {
        let store = app.simulasi_store();
        let rahasia = SecretIdentity::from_bytes(store.secret("perangkat").ok()??.as_slice().try_into().ok()?);
        let token = SpaceId::from_slice(store.secret(&sesi()).ok()??.as_slice()).ok()?.to_string();
        let id = app.simulasi_id();
        let (roster, _) = app.simulasi_known()?;
        let (coll, auth, key) = roster.collections().find_map(|(coll, _)| {
            let auth = roster.writing_grant(id, coll)?;
            let (key, _) = roster.writing_key(roster.scope(coll))?;
            Some((coll, auth, key))
        })?;
        let kunci = store.secret(&format!("kunci/{key}")).ok()??;
        let kunci = ContentKey::from_bytes(kunci.as_slice().try_into().ok()?);
        Some(Bekal { siapa, rahasia, id, space: app.simulasi_space()?, token, entri, coll, auth, kunci })
    })?
}

/// What she pushes.
fn buat(bekal: &Bekal, cara: u8, bahan: u8) -> Vec<Vec<u8>> {
    let others: Vec<&Entry> = bekal.entri.iter().filter(|entry| entry.header().author != bekal.id).collect();
    let other = ke(&others, usize::from(bahan) * 7);
    let satu = match cara % 20 {
        0 => return vec![vec![bahan; usize::from(bahan)]],
        1 => {
            let Some(entry) = other else { return Vec::new() };
            let mut bytes = entry.encode();
            let at = bytes.len() * usize::from(bahan) / 256;
            bytes[at] ^= 1 << (bahan % 8);
            return vec![bytes];
        }
        2 => return vec![vec![0; MAX_ENTRY + 1]],
        // Another entry where one of hers stands.
        3 => {
            let own: Vec<_> = bekal.entri.iter().filter(|entry| entry.header().author == bekal.id).collect();
            let Some(entry) = ke(&own, bahan) else { return Vec::new() };
            let header = entry.header().clone();
            if header.kind == Kind::Control {
                return bekal.tanda(
                    header,
                    Control::Drop { grant: bekal.auth, cut_off: u64::from(bahan), logs: None }.to_wire(),
                );
            }
            return bekal.segel(header, &Batch { claimed_at: u64::from(bahan), ..kosong() }.to_wire());
        }
        // What only a seat may say.
        4 => {
            let grant = other.map_or(GrantId::ZERO, |entry| entry.id().grant());
            return bekal.kontrol(&Control::Drop { grant, cut_off: 0, logs: None });
        }
        5 => {
            let Ok(holder) = bekal.rahasia.public() else { return Vec::new() };
            let (seat, term) = (1 + bahan % 2, 1 + u32::from(bahan % 3));
            return bekal.kontrol(&Control::SeatSet { seat, term, holder, cut_offs: Vec::new(), logs: None });
        }
        6 => {
            let access = bekal.colls().map(|coll| (coll, Perm::READ_WRITE)).collect();
            let (join, role, wraps) = (bekal.auth, Role::Hub, Vec::new());
            return bekal.kontrol(&Control::Admit { device: bekal.id, join, role, access, wraps });
        }
        7 => {
            let Some(coll) = bekal.colls().find(|coll| *coll != bekal.coll) else { return Vec::new() };
            return bekal.kontrol(&Control::Access { device: bekal.id, coll, perm: Perm::READ_WRITE });
        }
        8 => {
            let key = ContentKey::from_bytes(&[bahan; 32]).id();
            let scope = Scope::Coll(bekal.coll);
            let (parents, accounted, for_seats) = (Vec::new(), Vec::new(), Vec::new().into());
            return bekal.kontrol(&Control::Key { key, scope, parents, accounted, for_seats });
        }
        // A kind that this version does not know, and critical.
        9 => return bekal.kontrol_mentah(vec![0x81, 0x18, 200]),
        10 => Batch { causal: vec![Head { author: bekal.id, seq: 99, id8: [bahan; 8] }], ..kosong() },
        // Changes that are none.
        11 => Batch { sections: vec![(DocId::from_bytes([bahan; 16]), vec![vec![bahan; 40].into()])], ..kosong() },
        // A document of the team, in her own collection.
        12 => Batch {
            sections: vec![(DocId::from_bytes(*bekal.space.as_bytes()), vec![vec![bahan; 9].into()])],
            ..kosong()
        },
        // Somebody else's change in her name.
        13 => {
            let batches = others.iter().filter(|entry| entry.header().coll == bekal.coll);
            let opened = batches.filter_map(|entry| {
                let payload = wakuncar_seal::open_body(&bekal.kunci, entry.header(), entry.body()).ok()?;
                Batch::decode(&payload).ok()
            });
            let semua: Vec<Batch> = opened.collect();
            let Some(batch) = ke(&semua, bahan) else { return Vec::new() };
            Batch { causal: Vec::new(), ..batch.clone() }
        }
        // Somebody else's body under her signature.
        14 => {
            let batches: Vec<_> = others.iter().filter(|entry| entry.header().coll == bekal.coll).collect();
            let Some(entry) = ke(&batches, bahan) else { return Vec::new() };
            return bekal.tanda(bekal.kepala(bekal.coll, Kind::Batch), entry.body().to_vec());
        }
        // Into a collection that is not hers.
        15 => {
            let Some(coll) = bekal.colls().find(|coll| *coll != bekal.coll) else { return Vec::new() };
            return bekal.segel(bekal.kepala(coll, Kind::Batch), &kosong().to_wire());
        }
        // A hole in her log.
        16 => {
            let header = bekal.kepala(bekal.coll, Kind::Batch);
            let header =
                Header { seq: header.seq + 1 + u64::from(bahan), prev: EntryId::from_bytes([1; 32]), ..header };
            return bekal.segel(header, &kosong().to_wire());
        }
        // Of another kelurahan.
        17 => {
            let header = Header { space: SpaceId::from_bytes([9; 16]), ..bekal.kepala(bekal.coll, Kind::Batch) };
            return bekal.segel(header, &kosong().to_wire());
        }
        // She says that all of it is applied at the office.
        18 => {
            let heads = others.iter().map(|entry| {
                let header = entry.header();
                (header.coll, vec![Head { author: header.author, seq: header.seq + 9, id8: [0; 8] }])
            });
            let beat = Beat { claimed_at: 0, app_version: 1, heads: heads.take(9).collect(), except: None };
            return bekal.segel(bekal.kepala(CollId::CONTROL, Kind::Beat), &beat.to_wire());
        }
        // A payload that is none.
        _ => return bekal.segel(bekal.kepala(bekal.coll, Kind::Batch), &vec![bahan; usize::from(bahan)]),
    };
    bekal.segel(bekal.kepala(bekal.coll, Kind::Batch), &satu.to_wire())
}

fn kosong() -> Batch {
    Batch { claimed_at: 0, app_version: 1, causal: Vec::new(), sections: Vec::new(), blobs: Vec::new() }
}

impl Bekal {
    fn colls(&self) -> impl Iterator<Item = CollId> {
        let controls = self.entri.iter().filter(|entry| entry.header().kind == Kind::Control);
        controls.filter_map(|entry| match Control::decode(entry.body()) {
            Ok(wakuncar_wire::ControlBody::Known(Control::Collection { coll, .. })) => Some(coll),
            _ => None,
        })
    }

    /// The header of the next entry of her log, as the relay has it.
    fn kepala(&self, coll: CollId, kind: Kind) -> Header {
        let beat = kind == Kind::Beat;
        let own = self.entri.iter().filter(|entry| {
            let header = entry.header();
            header.author == self.id && header.coll == coll && (header.kind == Kind::Beat) == beat
        });
        let last = own.max_by_key(|entry| entry.header().seq);
        let control = kind == Kind::Control;
        Header {
            ver: 1,
            suite: 1,
            kind,
            space: self.space,
            coll,
            author: self.id,
            seq: last.map_or(0, |entry| entry.header().seq) + 1,
            prev: last.filter(|_| !beat).map_or(EntryId::ZERO, Entry::id),
            auth: self.auth,
            key: if control { KeyId::ZERO } else { self.kunci.id() },
            schema: 1,
            body_len: 0,
            body_hash: [0; 32],
        }
    }

    fn kontrol(&self, control: &Control) -> Vec<Vec<u8>> {
        self.kontrol_mentah(control.to_wire())
    }

    fn kontrol_mentah(&self, body: Vec<u8>) -> Vec<Vec<u8>> {
        self.tanda(self.kepala(CollId::CONTROL, Kind::Control), body)
    }

    fn segel(&self, header: Header, payload: &[u8]) -> Vec<Vec<u8>> {
        let body = seal_body(&self.kunci, &header, payload, &[3; 32]);
        body.map(|body| self.tanda(header, body)).unwrap_or_default()
    }

    fn tanda(&self, header: Header, body: Vec<u8>) -> Vec<Vec<u8>> {
        let entry = Entry::sign(header, body, self.rahasia.signing_key());
        entry.map(|entry| vec![entry.encode()]).unwrap_or_default()
    }
}
