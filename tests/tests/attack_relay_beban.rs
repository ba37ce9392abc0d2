//! Attacks on the relay, third part: too much, too slow, cut off, and misspelt (PROTOCOL §5.2, numbers 19–23, 26 and
//! 29); a disk that is full and five hundred at once. The list of all numbers stands in `attack_relay_masuk.rs`.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a scene fails where it stands")]
#![allow(clippy::print_stderr, reason = "what was not shown is said")]

#[path = "../../sync-server/tests/kelurahan/mod.rs"]
mod kelurahan;
mod perantara;

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use ed25519_dalek::Signer;
use kelurahan::{ANI, Kelurahan, Line, MAWAR, MELATI, RATNA, WATI, Who, id, ids, pushing};
use perantara::{Arah, Jalur};
use reqwest::Method;
use rustls::{ClientConnection, StreamOwned};
use wakuncar_sync_server::Limits;
use wakuncar_wire::{
    Challenge, ChallengeRequest, CollHeads, CollId, Cursor, DeviceId, Entry, EntryId, Head, PushResult, RelayNotes,
    SessionRequest, SpaceId, StoredReceipt, Subject, SyncAnswer, SyncRequest, Token, Wire, session_text,
};

/// Ani keeps Melati, Wati Mawar.
async fn village(limits: Limits) -> (Line, Kelurahan) {
    let line = Line::with(limits).await;
    let mut kelurahan = Kelurahan::new(1);
    kelurahan.kader(ANI, MELATI);
    kelurahan.kader(WATI, MAWAR);
    assert_eq!(line.found(&kelurahan).await, 200);
    (line, kelurahan)
}

/// The relay as a program of its own, whose memory can be looked at.
struct Program {
    child: Child,
    address: SocketAddr,
    pin: String,
}

impl Program {
    fn start(dir: &Path, started_by: &[String], flags: &[&str]) -> Self {
        let wakuncar = wakuncar_tests::wakuncar();
        let mut command = match started_by.split_first() {
            Some((program, words)) => {
                let mut command = Command::new(program);
                command.args(words).arg(wakuncar);
                command
            }
            None => Command::new(wakuncar),
        };
        command.arg("--data").arg(dir).args(["relay", "serve", "--listen", "127.0.0.1:0"]).args(flags);
        let log = std::fs::File::create(dir.with_extension("stderr")).unwrap();
        let mut child = command.stdout(Stdio::piped()).stderr(log).spawn().unwrap();
        let mut first = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let said: serde_json::Value = serde_json::from_str(&first).unwrap();
        let address = said["url"].as_str().unwrap().trim_start_matches("https://").parse().unwrap();
        Self { child, address, pin: said["pin"].as_str().unwrap().to_owned() }
    }

    /// The most memory that it ever had, in KiB.
    fn most_kib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let high =
            status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
        high.unwrap()
    }

    /// A line to it without HTTP.
    fn connect(&self) -> StreamOwned<ClientConnection, TcpStream> {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let tls = perantara::siapa_saja();
        StreamOwned::new(ClientConnection::new(Arc::new(tls), "wakuncar.invalid".try_into().unwrap()).unwrap(), stream)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What it answers until it closes the line, and after how long.
fn answered(mut stream: StreamOwned<ClientConnection, TcpStream>) -> (String, Duration) {
    let begun = Instant::now();
    let mut said = Vec::new();
    let mut buffer = [0; 1024];
    // A line that is cut is an end like another.
    while let Ok(read @ 1..) = stream.read(&mut buffer) {
        said.extend_from_slice(&buffer[..read]);
    }
    (String::from_utf8_lossy(&said).into_owned(), begun.elapsed())
}

#[test]
fn attack_19_bodies_without_end_or_without_haste_are_ended_and_fill_no_memory() {
    let dir = tempfile::tempdir().unwrap();
    let relay = Program::start(&dir.path().join("data"), &[], &["--sabar-detik", "2"]);
    let before = relay.most_kib();
    let head = |rest: &str| format!("POST /v1/session/challenge HTTP/1.1\r\nhost: r\r\n{rest}\r\n\r\n");

    // Ten gigabytes that are announced are not even begun.
    let mut stream = relay.connect();
    stream.write_all(head("content-length: 10737418240").as_bytes()).unwrap();
    let (said, _) = answered(stream);
    assert!(said.starts_with("HTTP/1.1 413"), "{said}");

    // A body without end is cut at its bound.
    let mut stream = relay.connect();
    stream.write_all(head("transfer-encoding: chunked").as_bytes()).unwrap();
    let mut sent = 0;
    let chunk = [b"4000\r\n".as_slice(), &[0; 0x4000], b"\r\n"].concat();
    while sent < 64 << 20 && stream.write_all(&chunk).is_ok() {
        sent += chunk.len();
    }
    assert!(sent < 8 << 20, "{sent} bytes were taken");

    // One byte now and then does not help, nor does saying nothing.
    for begin in [head("content-length: 1000"), "POST /v1/sync HTTP/1.1\r\nhost: ".to_owned(), String::new()] {
        let mut stream = relay.connect();
        stream.write_all(begin.as_bytes()).unwrap();
        stream.flush().unwrap();
        stream.sock.set_read_timeout(Some(Duration::from_millis(300))).unwrap();
        let begun = Instant::now();
        let mut open = true;
        while open && begun.elapsed() < Duration::from_secs(20) {
            open = match stream.read(&mut [0; 256]) {
                Ok(read) => read > 0,
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
                    begin.is_empty() || stream.write_all(b"x").and_then(|()| stream.flush()).is_ok()
                }
                Err(_) => false,
            };
        }
        assert!(begun.elapsed() < Duration::from_secs(10), "{begin:?} held the line for {:?}", begun.elapsed());
    }

    // Two hundred who stop in the middle of a megabyte.
    let stuck: Vec<_> = (0..200)
        .map(|_| {
            let mut stream = relay.connect();
            stream.write_all(head("content-length: 4000").as_bytes()).unwrap();
            stream.write_all(&[0; 3000]).unwrap();
            stream.flush().unwrap();
            stream
        })
        .collect();
    for stream in stuck {
        let (said, _) = answered(stream);
        assert!(said.is_empty() || said.starts_with("HTTP/1.1 408"), "{said}");
    }
    let grown = relay.most_kib() - before;
    assert!(grown < 48 * 1024, "{grown} KiB more");
}

#[tokio::test]
async fn attack_20_a_packed_request_is_refused_before_it_is_unpacked() {
    let (line, kelurahan) = village(Limits::default()).await;
    let (ani, _) = line.device(&kelurahan, ANI).await;
    let bomb = zstd::bulk::compress(&vec![0; 64 << 20], 3).unwrap();
    for packing in ["gzip", "zstd", "br", "deflate", "identity"] {
        let request = line.http.post(format!("{}/v1/sync", line.url())).header("authorization", &ani);
        let answer = request.header("content-encoding", packing).body(bomb.clone()).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 415, "{packing}");
    }
    // Without saying so it is no request.
    assert_eq!(line.post("/v1/sync", Some(&ani), bomb).await.0, 400);
}

#[tokio::test]
async fn attack_21_a_flood_ends_at_its_devices_quota_and_others_notice_nothing() {
    const FLOOD: usize = 10_000;
    let (line, mut kelurahan) = village(Limits::default()).await;
    let flood: Vec<Entry> = (0..FLOOD).map(|n| kelurahan.batch(ANI, MELATI, n.to_be_bytes().to_vec())).collect();
    let (ani, _) = line.device(&kelurahan, ANI).await;
    let (mut stored, mut later) = (0, 0);
    for some in flood.chunks(1000) {
        for result in line.sync(&ani, &pushing(some)).await.results {
            match result {
                PushResult::Stored => stored += 1,
                PushResult::Quota(seconds) => {
                    assert!((1..=86_400).contains(&seconds));
                    later += 1;
                }
                // Behind what waits for tomorrow.
                PushResult::Gap(have) => assert_eq!(have, 2000),
                other => panic!("{other:?}"),
            }
        }
    }
    assert!(stored == 2000 && later > 0, "{stored} stored, {later} later");
    let too_many = pushing(&flood[..1001]);
    assert_eq!(line.post("/v1/sync", Some(&ani), too_many.to_wire()).await.0, 413);

    let (wati, _) = line.device(&kelurahan, WATI).await;
    let batch = kelurahan.batch(WATI, MAWAR, vec![1; 40]);
    assert_eq!(line.sync(&wati, &pushing(&[batch])).await.results, [PushResult::Stored]);
    // The office sees who it is.
    let (ratna, _) = line.device(&kelurahan, RATNA).await;
    let (_, _, notes) = line.call(Method::GET, "/v1/notes", Some(&ratna), vec![]).await;
    let notes = RelayNotes::from_wire(&notes).unwrap();
    assert!(notes.happened.iter().any(|one| (one.what, one.device) == (7, id(ANI))), "{notes:?}");
}

#[tokio::test]
async fn attack_21_who_asks_too_often_is_told_when_to_come_again() {
    let (line, kelurahan) = village(Limits { requests: 6, ..Limits::default() }).await;
    let (ani, _) = line.device(&kelurahan, ANI).await;
    let body = SyncRequest::default().to_wire();
    let mut answers = Vec::new();
    for _ in 0..70 {
        answers.push(line.call(Method::POST, "/v1/sync", Some(&ani), body.clone()).await);
    }
    // Those of ten minutes at once, then one in ten seconds.
    assert_eq!(answers.iter().filter(|(status, ..)| *status == 200).count(), 60);
    let (status, later, _) = answers.last().unwrap();
    assert!(*status == 429 && later.is_some_and(|seconds| (1..=10).contains(&seconds)), "{status} {later:?}");
    let (wati, _) = line.device(&kelurahan, WATI).await;
    assert_eq!(line.post("/v1/sync", Some(&wati), body).await.0, 200);
    // A new session is no way around, and there are so many in an hour.
    assert_eq!(line.post("/v1/sync", Some(&line.device(&kelurahan, ANI).await.0), vec![]).await.0, 429);
}

#[tokio::test]
async fn attack_21_a_full_kelurahan_takes_nothing_more_and_loses_nothing() {
    let (line, mut kelurahan) = village(Limits { space_mib: 1, ..Limits::default() }).await;
    let log: Vec<Entry> = (0..8).map(|n| kelurahan.batch(ANI, MELATI, vec![n; 200_000])).collect();
    let (ani, _) = line.device(&kelurahan, ANI).await;
    let mut results = Vec::new();
    for entry in &log {
        results.extend(line.sync(&ani, &pushing(std::slice::from_ref(entry))).await.results);
    }
    assert_eq!(results[..5], [PushResult::Stored; 5]);
    assert_eq!(results[5], PushResult::Quota(86_400));
    assert_eq!(results[6..], [PushResult::Gap(5); 2]);
    let (ratna, _) = line.device(&kelurahan, RATNA).await;
    let mut seen = BTreeSet::new();
    let mut request = SyncRequest::default();
    loop {
        let page = line.sync(&ratna, &request).await;
        seen.extend(ids(&page));
        request.cursor = Some(page.cursor);
        if !page.more {
            break;
        }
    }
    assert!(log[..5].iter().all(|entry| seen.contains(&entry.id())));
}

#[tokio::test]
async fn attack_22_a_list_of_heads_too_long_or_with_one_twice_is_refused() {
    let (line, kelurahan) = village(Limits::default()).await;
    let (ani, _) = line.device(&kelurahan, ANI).await;
    let head = |n: u64| Head { author: DeviceId::from_bytes([7; 16]), seq: n, id8: n.to_be_bytes() };
    let author = |n: u64| Head {
        author: DeviceId::from_bytes([n.to_be_bytes(), n.to_be_bytes()].concat().try_into().unwrap()),
        ..head(1)
    };
    let cases: [(&str, Vec<CollHeads>); 5] = [
        ("one head twice", vec![(MELATI, vec![head(1), head(1)])]),
        ("one collection twice", vec![(MELATI, vec![head(1)]), (MELATI, vec![author(2)])]),
        ("more branches than anybody keeps", vec![(MELATI, (1..10).map(head).collect())]),
        ("too many heads", vec![(MELATI, (0..33_000).map(author).collect())]),
        ("too many collections", {
            let coll = |n: u64| CollId::from_bytes([n.to_be_bytes(), n.to_be_bytes()].concat().try_into().unwrap());
            (0..33_000).map(|n| (coll(n), vec![])).collect()
        }),
    ];
    for (what, vv) in cases {
        let request = SyncRequest { vv: vv.clone(), ..SyncRequest::default() };
        assert_eq!(line.post("/v1/sync", Some(&ani), request.to_wire()).await.0, 413, "{what}");
        assert_eq!(line.post("/v1/heads", Some(&ani), vv.to_wire()).await.0, 413, "{what}");
    }
    // Ten million that are only announced, in eleven bytes more.
    let mut announced = SyncRequest { vv: vec![(MELATI, vec![])], ..SyncRequest::default() }.to_wire();
    announced.pop();
    announced.extend([0x9a, 0x00, 0x98, 0x96, 0x80]);
    assert_eq!(line.post("/v1/sync", Some(&ani), announced).await.0, 400);
    let most = SyncRequest { vv: vec![(MELATI, (0..20_000).map(author).collect())], ..SyncRequest::default() };
    assert_eq!(line.post("/v1/sync", Some(&ani), most.to_wire()).await.0, 200);
}

#[tokio::test]
async fn attack_23_a_cursor_of_nowhere_is_asked_for_what_it_holds() {
    let (line, kelurahan) = village(Limits::default()).await;
    let (ani, _) = line.device(&kelurahan, ANI).await;
    let good = line.sync(&ani, &SyncRequest::default()).await.cursor;
    let ask = |cursor| SyncRequest { cursor: Some(cursor), ..SyncRequest::default() };
    assert!(!line.sync(&ani, &ask(good)).await.ask_vv);
    for rseq in [good.rseq + 1, good.rseq + 1000, 1 << 62, i64::MAX.unsigned_abs(), u64::MAX] {
        let answer = line.sync(&ani, &ask(Cursor { rseq, ..good })).await;
        assert!(answer.ask_vv && answer.entries.is_empty() && answer.cursor.rseq == 0, "{rseq}");
    }
    assert!(line.sync(&ani, &ask(Cursor { epoch: [9; 16], ..good })).await.ask_vv);
    // A negative one is no number of ours. The cursor's number is the last byte before the root.
    let wire = ask(Cursor { rseq: 5, ..good }).to_wire();
    let at = wire.windows(2).position(|two| two == [5, 0x50]).unwrap();
    for negative in [0x20, 0x39] {
        let mut bent = wire.clone();
        bent[at] = negative;
        assert_eq!(line.post("/v1/sync", Some(&ani), bent).await.0, 400);
    }
    assert!(!line.sync(&ani, &ask(good)).await.ask_vv, "the good one is still good");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attack_26_a_line_cut_at_two_hundred_places_stores_each_entry_once() {
    const PLACES: usize = 100;
    let (line, mut kelurahan) = village(Limits { requests: 100_000, ..Limits::default() }).await;
    let jalur = Jalur::to(line.url().trim_start_matches("https://").parse().unwrap());
    let (ani, receipt_pk) = line.device(&kelurahan, ANI).await;
    let over = |entry: &Entry| {
        let http =
            reqwest::Client::builder().tls_danger_accept_invalid_certs(true).pool_max_idle_per_host(0).build().unwrap();
        let body = pushing(std::slice::from_ref(entry)).to_wire();
        let request = http.post(format!("{}/v1/sync", jalur.url())).header("authorization", &ani).body(body);
        async move {
            let answer = request.send().await.ok()?;
            Some(SyncAnswer::from_wire(&answer.bytes().await.ok()?).unwrap())
        }
    };
    let mut log: Vec<EntryId> = Vec::new();
    let mut next = |kelurahan: &mut Kelurahan| {
        let entry = kelurahan.batch(ANI, MELATI, vec![u8::try_from(log.len() % 251).unwrap(); 300]);
        log.push(entry.id());
        entry
    };
    // How many bytes go each way when nothing breaks.
    jalur.lay(None);
    let whole = next(&mut kelurahan);
    assert_eq!(over(&whole).await.unwrap().results, [PushResult::Stored]);
    let bytes = [Arah::KeRelay, Arah::KeHp].map(|arah| (arah, jalur.lewat(arah)));
    let (mut broken, mut doubled) = (0, 0);
    for (arah, bytes) in bytes {
        for place in 0..PLACES {
            let entry = next(&mut kelurahan);
            jalur.lay(Some((arah, place * bytes / PLACES)));
            broken += usize::from(over(&entry).await.is_none());
            jalur.lay(None);
            let answer = over(&entry).await.expect("the line is whole");
            doubled += usize::from(answer.results == [PushResult::Duplicate]);
            assert!(matches!(answer.results[0], PushResult::Stored | PushResult::Duplicate), "{:?}", answer.results);
            let receipt = StoredReceipt::decode(&answer.receipt.unwrap()).unwrap();
            receipt.verify(kelurahan.space(), &receipt_pk).unwrap();
            assert_eq!(receipt.entries, [entry.id()]);
        }
    }
    assert!(broken > 150 && doubled > 10, "{broken} broken, {doubled} whose answer was lost");
    let (ratna, _) = line.device(&kelurahan, RATNA).await;
    let there = line.sync(&ratna, &SyncRequest::default()).await;
    assert!(!there.more);
    let sealed = there.entries.iter().map(|bytes| Entry::decode(bytes).unwrap());
    let there: Vec<EntryId> = sealed.filter(|entry| entry.header().coll == MELATI).map(|entry| entry.id()).collect();
    assert_eq!(there, log);
}

#[test]
fn attack_29_paths_queries_and_host_names_lead_nowhere() {
    let dir = tempfile::tempdir().unwrap();
    let relay = Program::start(&dir.path().join("data"), &[], &[]);
    let zeros = "0".repeat(32);
    let paths = [
        "/v1/invite/../../relay.sqlite".to_owned(),
        "/v1/invite/..%2f..%2frelay.sqlite".to_owned(),
        "/v1/invite/%00".to_owned(),
        "/v1/invite/' OR 1=1 --".replace(' ', "%20"),
        "/v1/invite/x';DROP%20TABLE%20entry;--".to_owned(),
        format!("/v1/invite/{}", "A".repeat(32)),
        format!("/v1/invite/{}", "0".repeat(31)),
        format!("/v1/invite/{}", "0".repeat(4000)),
        format!("//v1/invite/{zeros}"),
        format!("/v1/invite/{zeros}?lookup=1' OR '1'='1").replace(' ', "%20"),
        format!("/v1/rescue/{zeros}%2f.."),
        "*".to_owned(),
        "http://contoh.invalid/v1/sync".to_owned(),
    ];
    let hosts = ["r", "", "contoh.invalid", "127.0.0.1:1", "' OR 1=1 --", "a\x00b", "../.."];
    for path in &paths {
        for host in hosts {
            let mut stream = relay.connect();
            let ask = format!("POST {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
            stream.write_all(ask.as_bytes()).unwrap();
            let (said, _) = answered(stream);
            let status = said.split(' ').nth(1).unwrap_or("cut");
            assert!(matches!(status, "400" | "401" | "404" | "405" | "414" | "429" | "431"), "{path} {host}: {said}");
            assert!(!said.contains("SQLite") && !said.contains(".rs"), "{said}");
        }
    }
    for garbage in ["GET / HTTP/9.9\r\n\r\n", "\x16\x03\x01\x00", "POST /v1/sync\r\n\r\n", "A B C D E\r\n\r\n"] {
        let mut stream = relay.connect();
        stream.write_all(garbage.as_bytes()).unwrap();
        stream.conn.send_close_notify();
        let _ = stream.flush();
        let (said, _) = answered(stream);
        assert!(said.is_empty() || said.starts_with("HTTP/1.1 400"), "{said}");
    }
    // It is still there, and still itself.
    assert_eq!(relay.pin.len(), 32);
    let mut stream = relay.connect();
    stream.write_all(b"POST /v1/sync HTTP/1.1\r\nhost: r\r\nconnection: close\r\ncontent-length: 0\r\n\r\n").unwrap();
    assert!(answered(stream).0.starts_with("HTTP/1.1 401"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_hundred_devices_at_once_are_all_served() {
    const DEVICES: Who = 500;
    let (line, mut kelurahan) = village(Limits::default()).await;
    let begun = kelurahan.entries.len();
    for who in 1000..1000 + DEVICES {
        kelurahan.kader(who, MELATI);
    }
    let (ratna, _) = line.device(&kelurahan, RATNA).await;
    for some in kelurahan.entries[begun..].chunks(900) {
        line.sync(&ratna, &pushing(some)).await;
    }
    let brought: Vec<Entry> = (1000..1000 + DEVICES).map(|who| kelurahan.batch(who, MELATI, vec![7; 2000])).collect();
    let (line, kelurahan) = (Arc::new(line), Arc::new(kelurahan));
    let begun = Instant::now();
    let mut all = tokio::task::JoinSet::new();
    for (who, entry) in (1000..).zip(brought) {
        let (line, kelurahan) = (line.clone(), kelurahan.clone());
        all.spawn(async move {
            come(&line, &kelurahan, who, &entry).await;
            begun.elapsed()
        });
    }
    let mut times: Vec<Duration> = all.join_all().await;
    times.sort_unstable();
    let p95 = times[usize::from(DEVICES) * 95 / 100];
    assert!(p95 < Duration::from_secs(60), "{p95:?}");
}

/// A device with a line of its own opens a session and brings what it has, however often it is told to come again.
async fn come(line: &Line, kelurahan: &Kelurahan, who: Who, entry: &Entry) {
    let http = reqwest::Client::builder().tls_danger_accept_invalid_certs(true).build().unwrap();
    let call = async |path: &str, token: Option<&str>, body: Vec<u8>| loop {
        let mut request = http.post(format!("{}{path}", line.url())).body(body.clone());
        if let Some(token) = token {
            request = request.header("authorization", token);
        }
        match request.send().await {
            Ok(answer) if answer.status() == 200 => break answer.bytes().await.unwrap().to_vec(),
            Ok(answer) => assert!(matches!(answer.status().as_u16(), 429 | 503), "{}", answer.status()),
            // The door was closed.
            Err(_) => {}
        }
        tokio::task::yield_now().await;
    };
    let (space, subject) = (kelurahan.space(), Subject::Device(id(who)));
    let challenge = call("/v1/session/challenge", None, ChallengeRequest { space, subject }.to_wire()).await;
    let challenge = Challenge::from_wire(&challenge).unwrap().challenge;
    let sig = kelurahan::key(who).sign(&session_text(&challenge, &line.pin())).to_bytes();
    let token = call("/v1/session", None, SessionRequest { space, subject, challenge, sig }.to_wire()).await;
    let token = SpaceId::from_bytes(Token::from_wire(&token).unwrap().token).to_string();
    let answer = call("/v1/sync", Some(&token), pushing(std::slice::from_ref(entry)).to_wire()).await;
    assert_eq!(SyncAnswer::from_wire(&answer).unwrap().results, [PushResult::Stored]);
}

/// A small file system of its own, which lives as long as this value.
struct Disk(Child);

impl Disk {
    fn new(dir: &Path) -> Option<Self> {
        std::fs::create_dir_all(dir).unwrap();
        let script = "mount -t tmpfs -o size=6m none \"$0\" && echo ada && exec cat";
        let mut unshare = Command::new("unshare");
        unshare.args(["-Urm", "sh", "-c", script]).arg(dir);
        let mut holder = unshare.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
        let mut said = String::new();
        BufReader::new(holder.stdout.take()?).read_line(&mut said).ok()?;
        let disk = Self(holder);
        (said == "ada\n").then_some(disk)
    }

    fn enter(&self) -> Vec<String> {
        let id = self.0.id().to_string();
        ["nsenter", "-t", &id, "-U", "-m", "--preserve-credentials"].map(str::to_owned).to_vec()
    }

    fn sh(&self, dir: &Path, script: &str) {
        let enter = self.enter();
        let mut sh = Command::new(&enter[0]);
        sh.args(&enter[1..]).args(["sh", "-c", &format!("cd \"$0\" && {script}")]).arg(dir);
        assert!(sh.status().unwrap().success(), "{script}");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn a_relay_whose_disk_is_full_says_so_and_goes_on_when_there_is_room() {
    let dir = tempfile::tempdir().unwrap();
    let Some(disk) = Disk::new(&dir.path().join("disk")) else {
        eprintln!("no file system of its own here: a full disk is not shown");
        return;
    };
    let data = dir.path().join("disk").join("data");
    let relay = Program::start(&data, &disk.enter(), &[]);
    let line = Line::to(&format!("https://{}", relay.address), &relay.pin, dir);
    let mut kelurahan = Kelurahan::new(1);
    kelurahan.kader(ANI, MELATI);
    assert_eq!(line.found(&kelurahan).await, 200);
    let (ani, receipt_pk) = line.device(&kelurahan, ANI).await;
    let log: Vec<Entry> = (0..8).map(|n| kelurahan.batch(ANI, MELATI, vec![n; 100_000])).collect();
    assert_eq!(line.sync(&ani, &pushing(&log[..1])).await.results, [PushResult::Stored]);

    disk.sh(&data, "dd if=/dev/zero of=isi bs=4k 2>/dev/null; true");
    let mut refused = 0;
    for _ in 0..3 {
        let (status, later, said) = line.call(Method::POST, "/v1/sync", Some(&ani), pushing(&log[1..]).to_wire()).await;
        assert_eq!((status, said.len()), (507, 0));
        assert!(later.is_some());
        refused += 1;
        // Who only reads is served.
        assert!(!line.sync(&ani, &SyncRequest::default()).await.entries.is_empty());
    }
    assert_eq!(refused, 3);
    let told = std::fs::read_to_string(data.with_extension("stderr")).unwrap_or_default();
    assert!(told.contains("disk_full"), "the operator is told: {told}");

    disk.sh(&data, "rm isi");
    let answer = line.sync(&ani, &pushing(&log)).await;
    assert_eq!(answer.results[0], PushResult::Duplicate);
    assert_eq!(answer.results[1..], [PushResult::Stored; 7]);
    StoredReceipt::decode(&answer.receipt.unwrap()).unwrap().verify(kelurahan.space(), &receipt_pk).unwrap();
}
