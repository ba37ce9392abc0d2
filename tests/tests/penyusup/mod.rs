//! Somebody who has a device's folder with the key of its database, and everything that lies at the relay: takes every
//! key out of every wrap and tries each on each entry.

#![allow(clippy::unwrap_used, dead_code, reason = "a scene fails where it stands, and each uses its part")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rusqlite::Connection;
use wakuncar_seal::{ContentKey, SecretIdentity, open_body};
use wakuncar_tests::Relay;
use wakuncar_wire::{CollId, Control, ControlBody, Entry, KeyId, Kind};

/// What he has.
pub(crate) struct Penyusup {
    secret: SecretIdentity,
    keys: BTreeMap<KeyId, ContentKey>,
    database: Connection,
}

/// Every entry that a relay holds.
pub(crate) fn at_relay(relay: &Relay) -> Vec<Entry> {
    let database = Connection::open(relay.data().join("relay.sqlite")).unwrap();
    let mut statement = database.prepare("SELECT bytes FROM entry ORDER BY rseq").unwrap();
    let rows = statement.query_map([], |row| row.get::<_, Vec<u8>>(0)).unwrap();
    rows.map(|bytes| Entry::decode(&bytes.unwrap()).unwrap()).collect()
}

/// What control entries say.
pub(crate) fn controls(entries: &[Entry]) -> Vec<Control> {
    let of = |entry: &Entry| match Control::decode(entry.body()) {
        Ok(ControlBody::Known(control)) => Some(control),
        Ok(ControlBody::Later(_)) | Err(_) => None,
    };
    entries.iter().filter(|entry| entry.header().kind == Kind::Control).filter_map(of).collect()
}

/// The collections of one type.
pub(crate) fn collections(entries: &[Entry], wanted: u8) -> BTreeSet<CollId> {
    let semua = controls(entries).into_iter().filter_map(|control| match control {
        Control::Collection { coll, jenis, .. } => Some((coll, jenis)),
        _ => None,
    });
    semua.filter(|(_, jenis)| *jenis == wanted).map(|(coll, _)| coll).collect()
}

impl Penyusup {
    /// Opens the folder of a device for tests with the key that lies in it.
    pub(crate) fn with(dir: &Path) -> Self {
        let key = std::fs::read(dir.join("kunci-uji")).unwrap();
        let hex: String = key.iter().map(|byte| format!("{byte:02x}")).collect();
        let database = Connection::open(dir.join("wakuncar.db")).unwrap();
        database.execute_batch(&format!("PRAGMA key = \"x'{hex}'\"")).unwrap();
        let (mut secret, mut keys) = (None, BTreeMap::new());
        {
            let mut statement = database.prepare("SELECT name, value FROM secret").unwrap();
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap();
            for row in rows {
                let (name, value): (String, Vec<u8>) = row.unwrap();
                if name == "perangkat" {
                    secret = Some(SecretIdentity::from_bytes(value.as_slice().try_into().unwrap()));
                } else if let Ok(bytes) = <&[u8; 32]>::try_from(value.as_slice()) {
                    let key = ContentKey::from_bytes(bytes);
                    keys.insert(key.id(), key);
                }
            }
        }
        Self { secret: secret.unwrap(), keys, database }
    }

    /// Takes every key that he can out of every wrap, whoever it is for, until there are no more.
    pub(crate) fn learn(&mut self, entries: &[Entry]) {
        let space = entries[0].space();
        let controls = controls(entries);
        loop {
            let before = self.keys.len();
            for control in &controls {
                let wrapped: Vec<(KeyId, &[u8])> = match control {
                    Control::Wrap { key, ct, .. } => vec![(*key, ct.as_slice())],
                    Control::Wraps { wraps } => wraps.iter().map(|(key, _, ct)| (*key, ct.as_slice())).collect(),
                    Control::Admit { wraps, .. } => wraps.iter().map(|(key, ct)| (*key, ct.as_slice())).collect(),
                    Control::Key { key, parents, for_seats, .. } => {
                        let parents = parents.iter().map(|(parent, ct)| (*parent, ct.as_slice()));
                        parents.chain([(*key, for_seats.as_slice())]).collect()
                    }
                    _ => Vec::new(),
                };
                for (id, ct) in wrapped {
                    let mine = ContentKey::unwrap_from(space, id, ct, &self.secret).ok();
                    let under = || self.keys.values().find_map(|key| key.open_key(space, id, ct).ok());
                    if let Some(key) = mine.or_else(under) {
                        self.keys.insert(id, key);
                    }
                }
            }
            if self.keys.len() == before {
                return;
            }
        }
    }

    /// Which of the sealed entries open, with what they hold: every key on every entry, also under another name.
    pub(crate) fn opened<'a>(&self, entries: &'a [Entry]) -> Vec<(&'a Entry, Vec<u8>)> {
        let sealed = entries.iter().filter(|entry| entry.header().kind != Kind::Control);
        let open = |entry: &'a Entry| {
            self.keys.iter().find_map(|(id, key)| {
                let mut named = entry.header().clone();
                named.key = *id;
                open_body(key, &named, entry.body()).ok().map(|payload| (entry, payload))
            })
        };
        sealed.filter_map(open).collect()
    }

    /// Everything that stands in the database, as bytes: texts, rows, documents, changes.
    pub(crate) fn everything(&self) -> Vec<u8> {
        let names = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
        let mut statement = self.database.prepare(names).unwrap();
        let tables: Vec<String> = statement.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        let mut all = Vec::new();
        for table in tables {
            let mut statement = self.database.prepare(&format!("SELECT * FROM \"{table}\"")).unwrap();
            let columns = statement.column_count();
            let mut rows = statement.query([]).unwrap();
            while let Some(row) = rows.next().unwrap() {
                for at in 0..columns {
                    let value = row.get_ref(at).unwrap();
                    if let Ok(bytes) = value.as_bytes() {
                        all.extend_from_slice(bytes);
                        all.push(b'\n');
                    }
                }
            }
        }
        all
    }

    pub(crate) fn count(&self, sql: &str) -> i64 {
        self.database.query_row(sql, [], |row| row.get(0)).unwrap()
    }
}

/// Whether one text of bytes is in another.
pub(crate) fn contains(all: &[u8], part: &[u8]) -> bool {
    all.windows(part.len()).any(|window| window == part)
}
