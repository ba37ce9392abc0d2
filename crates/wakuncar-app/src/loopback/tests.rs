//! The host as a browser, and as somebody who should not, meets it.

use std::io::{Read, Write};
use std::net::TcpStream;

use crate::{App, KeySource};

struct Served {
    port: u16,
    token: String,
    dir: tempfile::TempDir,
}

/// A host with a new data folder and a ui of three files. It ends with the test's process.
fn served() -> Served {
    let dir = tempfile::tempdir().unwrap();
    let ui = dir.path().join("ui");
    std::fs::create_dir_all(ui.join("_app")).unwrap();
    std::fs::write(ui.join("index.html"), "<title>Wakuncar</title><script>1</script>").unwrap();
    std::fs::write(ui.join("_app/start.js"), "export {}").unwrap();
    std::fs::write(ui.join("kunci.key"), "rahasia").unwrap();
    std::fs::write(dir.path().join("luar.json"), "rahasia").unwrap();
    let app = App::open(&dir.path().join("hp"), &KeySource::TestFile).unwrap();
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || super::serve(app, &ui, 0, |url| tell.send(url.to_owned()).unwrap()));
    let url = told.recv().unwrap();
    let (port, token) = url.strip_prefix("http://127.0.0.1:").unwrap().split_once("/?token=").unwrap();
    Served { port: port.parse().unwrap(), token: token.to_owned(), dir }
}

impl Served {
    /// The whole answer to one request, as it came.
    fn ask(&self, first: &str, headers: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let length = body.len();
        let request =
            format!("{first} HTTP/1.1\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n{body}");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        // A request that is refused before it was read to its end may end in a reset.
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    fn get(&self, path: &str) -> String {
        self.ask(&format!("GET {path}"), &format!("host: 127.0.0.1:{}\r\n", self.port), "")
    }

    fn call(&self, perintah: &str, token: &str, body: &str) -> String {
        let headers = format!("host: localhost:{}\r\nauthorization: Bearer {token}\r\n", self.port);
        self.ask(&format!("POST /api/{perintah}"), &headers, body)
    }
}

fn code(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or_default()
}

#[test]
fn a_command_is_answered_to_whoever_has_the_token() {
    let served = served();
    let answer = served.call("keadaan", &served.token, "{}");
    assert_eq!(code(&answer), "200", "{answer}");
    assert!(answer.contains("\"antrean\":0"), "{answer}");
    assert!(answer.contains("cache-control: no-store"), "{answer}");
    let galat = served.call("lihat_rumah", &served.token, r#"{"id":"7"}"#);
    assert_eq!(code(&galat), "422");
    assert!(galat.ends_with(r#"{"kode":"rumah_tidak_ada","data":null}"#), "{galat}");
}

#[test]
fn without_the_token_nothing_is_answered() {
    let served = served();
    let almost = format!("{}x", &served.token[..63]);
    for token in ["", "x", &served.token[..63], &almost, &format!("{}0", served.token)] {
        let answer = served.call("keadaan", token, "{}");
        assert_eq!(code(&answer), "401", "{token}");
        assert!(!answer.contains("antrean"));
    }
    let host = format!("host: 127.0.0.1:{}\r\n", served.port);
    assert_eq!(code(&served.ask("POST /api/keadaan", &host, "{}")), "401");
    assert_eq!(code(&served.ask(&format!("POST /api/keadaan?token={}", served.token), &host, "{}")), "401");
}

#[test]
fn a_request_by_another_name_is_turned_away() {
    let served = served();
    let port = served.port;
    for host in [
        "host: contoh.example\r\n",
        "host: 127.0.0.1\r\n",
        "host: 127.0.0.1:1\r\n",
        "host: 127.0.0.1.contoh.example\r\n",
    ] {
        assert_eq!(code(&served.ask("GET /", host, "")), "421", "{host}");
        let headers = format!("{host}authorization: Bearer {}\r\n", served.token);
        assert_eq!(code(&served.ask("POST /api/keadaan", &headers, "{}")), "421", "{host}");
    }
    assert_eq!(code(&served.ask("GET /", &format!("host: localhost:{port}\r\n"), "")), "200");
}

#[test]
fn only_files_of_the_ui_are_given() {
    let served = served();
    for page in ["/", "/rumah/7", "/index.html", "/?token=x"] {
        let answer = served.get(page);
        assert!(answer.contains("<title>Wakuncar"), "{page}: {answer}");
        // The inline script by its hash, and no other.
        assert!(answer.contains("script-src 'self' 'sha256-a4ayc/80/OGda4BO/1o/V0etpOqiLx1JwB5S3beHW0s='"), "{answer}");
    }
    assert!(served.get("/_app/start.js").contains("text/javascript"));
    for path in
        ["/../luar.json", "/_app/../../luar.json", "/%2e%2e/luar.json", "//../luar.json", "/_app/none.js", "/kunci.key"]
    {
        assert_eq!(code(&served.get(path)), "404", "{path}");
    }
    let outside = served.dir.path().join("luar.json");
    assert_eq!(code(&served.get(outside.to_str().unwrap())), "404");
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink(&outside, served.dir.path().join("ui/link.json")).unwrap();
        assert_eq!(code(&served.get("/link.json")), "404");
    }
}

#[test]
fn a_request_has_a_greatest_length() {
    let served = served();
    let long = format!(r#"{{"teks":"{}"}}"#, "x".repeat(super::BODY));
    assert_eq!(code(&served.call("cari", &served.token, &long)), "413");
    assert_eq!(code(&served.call("cari", &served.token, "{")), "400");
}

#[test]
fn a_folder_without_a_ui_is_not_served() {
    let dir = tempfile::tempdir().unwrap();
    let app = App::open(&dir.path().join("hp"), &KeySource::TestFile).unwrap();
    let error = super::serve(app, dir.path(), 0, |url| panic!("{url}")).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::NotFound);
}
