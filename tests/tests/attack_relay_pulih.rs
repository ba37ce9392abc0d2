//! Attacks on the relay, last part: its own file (PROTOCOL §5.2, numbers 30–35; FAILURES 11, 12 and 17). The list of all
//! numbers stands in `attack_relay_masuk.rs`.

#![allow(clippy::unwrap_used, reason = "a scene fails where it stands")]

#[path = "../../sync-server/tests/kelurahan/mod.rs"]
mod kelurahan;

use std::collections::BTreeMap;
use std::path::Path;

use kelurahan::{ANI, Kelurahan, Line, MAWAR, MELATI, RATNA, WATI, id, ids, pushing};
use reqwest::Method;
use rusqlite::params;
use serde_json::json;
use wakuncar_roster::Roster;
use wakuncar_sync::{LogHead, Place, SyncMachine, missing, place};
use wakuncar_sync_server::{Limits, Relay};
use wakuncar_tests::Desa;
use wakuncar_wire::{
    CollHeads, CollId, DeviceId, Entry, EntryId, Head, Kind, PushResult, RelayNotes, SyncRequest, Wire, WireError,
};

/// Ani keeps Melati, Wati Mawar.
async fn village() -> (Line, Kelurahan) {
    let line = Line::with(Limits::default()).await;
    let mut kelurahan = Kelurahan::new(1);
    kelurahan.kader(ANI, MELATI);
    kelurahan.kader(WATI, MAWAR);
    assert_eq!(line.found(&kelurahan).await, 200);
    (line, kelurahan)
}

fn copy(from: &Path, to: &Path) {
    let _ = std::fs::remove_dir_all(to);
    std::fs::create_dir_all(to).unwrap();
    for path in std::fs::read_dir(from).unwrap().map(|file| file.unwrap().path()).filter(|path| path.is_file()) {
        std::fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
}

/// A device that keeps what it was handed out, log by log, and brings what a relay lacks, whoever wrote it.
#[derive(Default)]
struct Device {
    who: kelurahan::Who,
    held: BTreeMap<EntryId, Entry>,
    cursor: Option<wakuncar_wire::Cursor>,
}

impl Device {
    fn new(who: kelurahan::Who) -> Self {
        Self { who, ..Self::default() }
    }

    fn hold(&mut self, entries: &[Entry]) {
        self.held.extend(entries.iter().map(|entry| (entry.id(), entry.clone())));
    }

    fn heads(&self) -> Vec<CollHeads> {
        let mut heads: BTreeMap<CollId, BTreeMap<DeviceId, Head>> = BTreeMap::new();
        for entry in self.held.values().filter(|entry| entry.header().kind != Kind::Beat) {
            let header = entry.header();
            let head = Head { author: header.author, seq: header.seq, id8: entry.id().prefix() };
            let kept = heads.entry(header.coll).or_default().entry(header.author).or_insert(head);
            *kept = if kept.seq < head.seq { head } else { *kept };
        }
        heads.into_iter().map(|(coll, heads)| (coll, heads.into_values().collect())).collect()
    }

    /// One sync; what it brought of others, and whether the relay asked for everything.
    async fn sync(&mut self, line: &Line, kelurahan: &Kelurahan) -> (usize, bool) {
        let (token, _) = line.device(kelurahan, self.who).await;
        let (mut brought, mut asked) = (0, false);
        let mut request = SyncRequest { cursor: self.cursor, ..SyncRequest::default() };
        if request.cursor.is_none() {
            request.vv = self.heads();
        }
        loop {
            let answer = line.sync(&token, &request).await;
            for bytes in &answer.entries {
                let entry = Entry::decode(bytes).unwrap();
                self.held.insert(entry.id(), entry);
            }
            if answer.ask_vv {
                asked = true;
                brought += self.fill(line, &token).await;
                request = SyncRequest { vv: self.heads(), ..SyncRequest::default() };
                continue;
            }
            self.cursor = Some(answer.cursor);
            request = SyncRequest { cursor: self.cursor, ..SyncRequest::default() };
            if !answer.more {
                return (brought, asked);
            }
        }
    }

    /// Brings what the relay lacks of everything that is held here.
    async fn fill(&self, line: &Line, token: &str) -> usize {
        let mine = self.heads();
        let (status, theirs) = line.post("/v1/heads", Some(token), mine.to_wire()).await;
        assert_eq!(status, 200);
        let lacks = missing(&mine, &Vec::<CollHeads>::from_wire(&theirs).unwrap());
        let lacks: BTreeMap<(CollId, DeviceId), u64> =
            lacks.into_iter().map(|(coll, author, after)| ((coll, author), after)).collect();
        let of_lacks = |entry: &&Entry| {
            let header = entry.header();
            lacks.get(&(header.coll, header.author)).is_some_and(|after| header.seq > *after)
        };
        let mut entries: Vec<Entry> = self.held.values().filter(of_lacks).cloned().collect();
        // Control first, then by number.
        entries.sort_by_key(|entry| (entry.header().kind != Kind::Control, entry.header().seq));
        let mut brought = 0;
        for some in entries.chunks(200) {
            let results = line.sync(token, &pushing(some)).await.results;
            brought += results.iter().filter(|result| **result == PushResult::Stored).count();
        }
        brought
    }
}

#[tokio::test]
async fn attack_30_a_relay_put_back_from_yesterdays_copy_is_filled_again_by_whoever_comes() {
    let (mut line, mut kelurahan) = village().await;
    let mut devices = [RATNA, ANI, WATI].map(Device::new);
    for device in &mut devices {
        device.sync(&line, &kelurahan).await;
    }
    let backup = tempfile::tempdir().unwrap();
    line.restart(Limits::default(), |data| copy(data, backup.path())).await;

    // A day goes by: cadres write, a third one joins and writes, and her phone is lost for ever.
    let (_, join) = kelurahan.join(7);
    kelurahan.admit(7, &join, MELATI);
    let new: Vec<Entry> = kelurahan.entries[devices[0].held.len()..].to_vec();
    let (ratna, _) = line.device(&kelurahan, RATNA).await;
    line.sync(&ratna, &SyncRequest { cursor: devices[0].cursor, ..pushing(&new) }).await;
    for who in [ANI, 7, WATI] {
        let coll = if who == WATI { MAWAR } else { MELATI };
        let log: Vec<Entry> = (0..30).map(|n| kelurahan.batch(who, coll, vec![n; 200])).collect();
        let (token, _) = line.device(&kelurahan, who).await;
        let own = devices.iter_mut().find(|device| device.who == who);
        let cursor = own.as_ref().and_then(|device| device.cursor);
        let results = line.sync(&token, &SyncRequest { cursor, ..pushing(&log) }).await.results;
        assert_eq!(results, [PushResult::Stored; 30]);
        if let Some(own) = own {
            own.hold(&log);
        }
    }
    for device in &mut devices {
        assert_eq!(device.sync(&line, &kelurahan).await, (0, false));
    }
    line.restart(Limits::default(), |data| copy(backup.path(), data)).await;

    // Somebody who was not there yesterday is not known to it until somebody comes who knows her.
    let mut filled = 0;
    for device in &mut devices {
        let (brought, asked) = device.sync(&line, &kelurahan).await;
        assert!(asked, "its cursor is of a life that was undone");
        filled += brought;
    }
    assert_eq!(filled, new.len() + 90);
    for device in &mut devices {
        assert_eq!(device.sync(&line, &kelurahan).await, (0, false), "asked once");
    }
    let mut newcomer = Device::new(RATNA);
    newcomer.sync(&line, &kelurahan).await;
    assert!(kelurahan.entries.iter().all(|entry| newcomer.held.contains_key(&entry.id())), "no loss");
}

#[tokio::test]
async fn attack_30_a_mended_file_begins_a_new_life_when_its_operator_says_so() {
    let (mut line, mut kelurahan) = village().await;
    let mut ani = Device::new(ANI);
    let log: Vec<Entry> = (0..5).map(|n| kelurahan.batch(ANI, MELATI, vec![n; 200])).collect();
    let (token, _) = line.device(&kelurahan, ANI).await;
    line.sync(&token, &pushing(&log)).await;
    ani.hold(&log);
    ani.sync(&line, &kelurahan).await;
    line.restart(Limits::default(), |data| {
        // Somebody has saved what could be read, and the numbers go on as if nothing were missing.
        let file = rusqlite::Connection::open(data.join("relay.sqlite")).unwrap();
        file.execute("DELETE FROM entry WHERE kind = 1 AND seq >= 2", []).unwrap();
        drop(file);
        Relay::renew(data).unwrap();
    })
    .await;
    assert_eq!(ani.sync(&line, &kelurahan).await, (4, true));
}

#[tokio::test]
async fn attack_31_an_entry_that_is_gone_from_the_file_is_noticed_and_brought_again() {
    let (mut line, mut kelurahan) = village().await;
    let log: Vec<Entry> = (0..6).map(|n| kelurahan.batch(ANI, MELATI, vec![n; 200])).collect();
    let (ani, _) = line.device(&kelurahan, ANI).await;
    line.sync(&ani, &pushing(&log)).await;
    for gone in [2, 6, 1] {
        line.restart(Limits::default(), |data| {
            let file = rusqlite::Connection::open(data.join("relay.sqlite")).unwrap();
            let sql = "DELETE FROM entry WHERE kind = 1 AND seq = ?1";
            assert_eq!(file.execute(sql, [i64::try_from(gone).unwrap()]).unwrap(), 1);
        })
        .await;
        // Whoever comes new has the hole before her: what follows it does not follow.
        let (ratna, _) = line.device(&kelurahan, RATNA).await;
        let seen = line.sync(&ratna, &SyncRequest::default()).await;
        let mut head: Option<LogHead> = None;
        let mut gap = false;
        for entry in seen.entries.iter().map(|bytes| Entry::decode(bytes).unwrap()) {
            if entry.header().coll == MELATI {
                match place(entry.header(), entry.id(), head, None) {
                    Place::Next => head = Some(LogHead { seq: entry.header().seq, id: entry.id() }),
                    Place::Gap(_) => gap = true,
                    other => panic!("{other:?}"),
                }
            }
        }
        // The office's word, or a neighbour's stamp, names the sixth; the relay ends before it.
        assert!(gap || head.is_some_and(|head| head.seq == 5), "{gone}");
        // Her own heads tell the author from where to bring it again.
        let (ani, _) = line.device(&kelurahan, ANI).await;
        let own = line.sync(&ani, &pushing(&log[5..])).await.own;
        let have = own.iter().find(|(coll, _)| *coll == MELATI).map_or(0, |(_, heads)| heads[0].seq);
        assert_eq!(have, if gone == 6 { 6 } else { gone - 1 }, "the sixth has just come again");
        let results = line.sync(&ani, &pushing(&log)).await.results;
        assert!(
            results.iter().all(|result| matches!(result, PushResult::Stored | PushResult::Duplicate)),
            "{results:?}"
        );
        let (ratna, _) = line.device(&kelurahan, RATNA).await;
        let seen = ids(&line.sync(&ratna, &SyncRequest::default()).await);
        assert!(log.iter().all(|entry| seen.contains(&entry.id())), "{gone}");
    }
}

#[tokio::test]
async fn attack_31_a_hole_takes_only_what_was_in_it() {
    let (mut line, mut kelurahan) = village().await;
    let log: Vec<Entry> = (0..4).map(|n| kelurahan.batch(ANI, MELATI, vec![n; 200])).collect();
    kelurahan.restore(ANI, MELATI, Some(&log[0]));
    let other = kelurahan.batch(ANI, MELATI, vec![9; 200]);
    let (ani, _) = line.device(&kelurahan, ANI).await;
    line.sync(&ani, &pushing(&log)).await;
    line.restart(Limits::default(), |data| {
        let file = rusqlite::Connection::open(data.join("relay.sqlite")).unwrap();
        assert_eq!(file.execute("DELETE FROM entry WHERE kind = 1 AND seq = 2", []).unwrap(), 1);
    })
    .await;
    assert_eq!(line.sync(&ani, &pushing(&[other])).await.results, [PushResult::Gap(0)]);
    assert_eq!(line.sync(&ani, &pushing(&log[1..2])).await.results, [PushResult::Stored]);
}

#[tokio::test]
async fn attack_32_bodies_that_changed_places_are_handed_to_nobody_and_brought_again() {
    let (line, mut kelurahan) = village().await;
    let log: Vec<Entry> = (0..4).map(|n| kelurahan.batch(ANI, MELATI, vec![n; 200])).collect();
    let (ani, _) = line.device(&kelurahan, ANI).await;
    line.sync(&ani, &pushing(&log)).await;
    // The relay is running meanwhile. Whole entries, and bodies under the other one's header.
    let file = rusqlite::Connection::open(line.dir.path().join("relay.sqlite")).unwrap();
    let bytes = [&log[1], &log[2]].map(Entry::encode);
    let body = bytes[0].len() - 200;
    let mixed = [&bytes[0][..body], &bytes[1][body..]].concat();
    for (seq, bytes) in [(2, &mixed), (3, &bytes[0])] {
        let sql = "UPDATE entry SET bytes = ?1 WHERE kind = 1 AND seq = ?2";
        assert_eq!(file.execute(sql, params![bytes, seq]).unwrap(), 1);
    }
    // A device that was handed such a thing would see it.
    assert_eq!(Entry::decode(&mixed), Err(WireError::BodyHash));
    let page = wakuncar_wire::SyncAnswer {
        cursor: wakuncar_wire::Cursor { epoch: [1; 16], rseq: 9 },
        more: false,
        ask_vv: false,
        notices: wakuncar_wire::Notices::default(),
        results: vec![],
        entries: vec![mixed.clone().into(), log[0].encode().into()],
        own: vec![],
        receipt: None,
    };
    let mut machine = SyncMachine::new(kelurahan.space(), None, None, vec![], vec![], 0);
    machine.request().unwrap();
    let page = machine.answer(&page).unwrap();
    assert_eq!((page.spoiled, page.entries.len()), (1, 1));

    let (ratna, _) = line.device(&kelurahan, RATNA).await;
    let seen = ids(&line.sync(&ratna, &SyncRequest::default()).await);
    let there: Vec<bool> = log.iter().map(|entry| seen.contains(&entry.id())).collect();
    assert_eq!(there, [true, false, false, true]);
    let (_, _, notes) = line.call(Method::GET, "/v1/notes", Some(&ratna), vec![]).await;
    let notes = RelayNotes::from_wire(&notes).unwrap();
    assert!(notes.happened.iter().any(|happened| happened.what == 11), "the office hears of it: {notes:?}");
    let answer = line.sync(&ani, &pushing(&log[3..])).await;
    let own = answer.own.iter().find(|(coll, _)| *coll == MELATI).unwrap();
    assert_eq!(own.1[0].seq, 1, "her own heads say from where");
    assert_eq!(line.sync(&ani, &pushing(&log[1..])).await.results[..2], [PushResult::Stored; 2]);
    let seen = ids(&line.sync(&ratna, &SyncRequest::default()).await);
    assert!(log.iter().all(|entry| seen.contains(&entry.id())));
}

#[tokio::test]
async fn attack_33_a_roster_without_the_last_word_takes_nothing_from_one_who_has_it() {
    let (mut line, mut kelurahan) = village().await;
    let backup = tempfile::tempdir().unwrap();
    line.restart(Limits::default(), |data| copy(data, backup.path())).await;
    let revoke = kelurahan.revoke(ANI);
    let (ratna, _) = line.device(&kelurahan, RATNA).await;
    line.sync(&ratna, &pushing(std::slice::from_ref(&revoke))).await;
    let mut wati = Device::new(WATI);
    wati.sync(&line, &kelurahan).await;

    // The relay shows the older set, also to one who asks for everything.
    line.restart(Limits::default(), |data| copy(backup.path(), data)).await;
    wati.cursor = None;
    wati.sync(&line, &kelurahan).await;
    let roster = Roster::evaluate(kelurahan.space(), wati.held.values()).unwrap();
    assert!(roster.is_revoked(id(ANI)), "what she has seen she keeps");
    // She brings it back there, and nobody comes in by the gap.
    let (token, _) = line.device(&kelurahan, WATI).await;
    assert_eq!(wati.fill(&line, &token).await, 1);
    let (ani, _) = line.device(&kelurahan, ANI).await;
    let late = kelurahan.batch(ANI, MELATI, vec![1; 40]);
    assert_eq!(line.sync(&ani, &pushing(&[late])).await.results, [PushResult::Refused(6)]);
}

#[test]
fn attack_34_a_newcomer_is_shown_no_older_list_than_her_inviter_had() {
    let mut desa = Desa::new();
    let isi = json!({"rw": "001", "rt": "002", "dasawisma": "Melati 1", "no_rumah": "1"}).to_string();
    let _ = desa.kantor.json(&["rumah", "tambah", "--isi", &isi]);
    let _ = desa.kantor.json(&["sinkron"]);
    let undangan = desa.undang("Ani", &["Melati 1"]);
    // One control entry of those that the office knew when it invited is withheld.
    desa.relay.kill();
    let file = rusqlite::Connection::open(desa.relay.data().join("relay.sqlite")).unwrap();
    let sql = "DELETE FROM entry WHERE rseq = (SELECT rseq FROM entry WHERE kind = 2 ORDER BY rseq LIMIT 1 OFFSET 3)";
    assert_eq!(file.execute(sql, []).unwrap(), 1);
    drop(file);
    desa.relay.restart();
    let ani = desa.hp_baru("Ani");
    let gabung = ["gabung", "--kode", undangan["kode"].as_str().unwrap()];
    assert_eq!(ani.refused(1, &gabung), "daftar_lama");
    assert_eq!(ani.run(&["kelurahan", "lihat"]).status.code(), Some(1), "she has joined nothing");
}

#[test]
fn attack_35_after_a_day_no_name_and_no_address_is_in_the_relays_folder_or_words() {
    let mut desa = Desa::new();
    let isi = json!({"rw": "001", "rt": "002", "dasawisma": "Melati 1", "no_rumah": "1"}).to_string();
    let rumah = desa.kantor.json(&["rumah", "tambah", "--isi", &isi])["rumah"].as_str().unwrap().to_owned();
    let _ = desa.kantor.json(&["rumah", "setuju", &rumah, "--pemberi", "PEMBERI PENANDA", "--kesehatan"]);
    let _ = desa.kantor.json(&["sinkron"]);
    let ani = desa.kader("PENANDA KADER", &["Melati 1"]);
    let warga = json!({"krt": "1", "nama_lengkap": "PENANDA WARGA", "jenis_kelamin": "P", "nik": "1872054505219001",
                       "tanggal_lahir": "1991-05-05", "berkebutuhan_khusus": "TIDAK"});
    let _ = ani.json(&["warga", "tambah", "--rumah", &rumah, "--isi", &warga.to_string()]);
    let _ = ani.json(&["rumah", "ubah", &rumah, "--isi", &json!({"alamat": "JALAN PENANDA"}).to_string()]);
    for hp in [&ani, &desa.kantor, &ani] {
        let _ = hp.json(&["sinkron"]);
    }
    // Something that is refused, so that it has something to say.
    let _ =
        desa.hp_baru("lain").run(&["gabung", "--kode", &format!("{} 0000-0000-0000-0000-0000", desa.relay.address())]);
    desa.relay.kill();

    let mut size = 0;
    for file in std::fs::read_dir(desa.relay.data()).unwrap() {
        let bytes = std::fs::read(file.unwrap().path()).unwrap();
        size += bytes.len();
        let of =
            |marker: &str| bytes.windows(marker.len()).any(|window| window.eq_ignore_ascii_case(marker.as_bytes()));
        for marker in ["PENANDA", "1872054505219001", "Gang", "Melati", "127.0.0.1"] {
            assert!(!of(marker), "{marker}");
        }
    }
    assert!(size > 50_000, "{size}");
    // Its first line says where it is; nothing says who called.
    let said = desa.relay.said();
    let told: Vec<&str> = said.lines().filter(|line| !line.starts_with('{')).collect();
    assert!(!told.iter().any(|line| line.contains("PENANDA") || line.contains("127.")), "{told:?}");
}
