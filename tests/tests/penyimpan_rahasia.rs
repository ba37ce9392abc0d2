//! Where the database's key is kept on a desktop: in a real secret service, and by a passphrase where there is none.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a scene fails where it stands")]

use std::fs::File;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};
use wakuncar_tests::wakuncar;

/// Unlocks a keyring and waits until it has its name on the bus: asked for earlier, the bus would start a second one.
const KEYRING: &str = r#"
printf uji | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1
for _ in $(seq 200); do
  dbus-send --session --print-reply --dest=org.freedesktop.DBus / org.freedesktop.DBus.NameHasOwner \
    string:org.freedesktop.secrets 2>/dev/null | grep -q true && break
  sleep 0.05
done
"#;

/// What a session came to.
struct Selesai {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

/// Runs a script with a home of its own, in a session with a bus and an unlocked keyring, or without any.
fn session(home: &Path, keyring: bool, script: &str) -> Selesai {
    let mut command = if keyring {
        let mut command = Command::new("dbus-run-session");
        command.args(["--", "bash", "-c"]).arg(format!("{KEYRING}{script}"));
        command
    } else {
        let mut command = Command::new("bash");
        command.args(["-c", script]).env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
        command
    };
    command.env("HOME", home).env("W", wakuncar()).env_remove("XDG_DATA_HOME").env_remove("WAKUNCAR_SANDI");
    // Files, not pipes: a keyring that outlives its session would keep a pipe open for ever.
    let [stdout, stderr] = ["stdout", "stderr"].map(|name| home.join(name));
    command.stdout(File::create(&stdout).unwrap()).stderr(File::create(&stderr).unwrap());
    let status = command.status().expect("dbus and gnome-keyring are wanted: cargo xtask setup");
    let read = |path: &Path| std::fs::read_to_string(path).unwrap();
    Selesai { code: status.code(), stdout: read(&stdout), stderr: read(&stderr) }
}

const TAMBAH: &str = r#""$W" rumah tambah --json --isi '{"rw":"1","rt":"1","dasawisma":"Melati","no_rumah":"7"}'"#;

/// What the last command printed.
fn last(done: &Selesai) -> Value {
    let mut printed = done.stdout.lines().rev().filter_map(|line| serde_json::from_str(line).ok());
    printed.next().unwrap_or_else(|| panic!("{}\n{}", done.stdout, done.stderr))
}

#[test]
fn the_key_lies_in_the_secret_service_and_nowhere_beside_the_database() {
    let home = tempfile::tempdir().unwrap();
    let done = session(home.path(), true, &format!("{TAMBAH}\n\"$W\" rumah daftar --json"));
    assert_eq!(last(&done)["rumah"][0]["no_rumah"], "7");
    let folder = home.path().join(".local/share/id.wakuncar");
    let cara: Value = serde_json::from_slice(&std::fs::read(folder.join("kunci.json")).unwrap()).unwrap();
    assert_eq!(cara["cara"], "penyimpan_rahasia");
    assert!(!folder.join("kunci-uji").exists());

    // The keyring of another user does not open it, and says so.
    std::fs::remove_dir_all(home.path().join(".local/share/keyrings")).unwrap();
    let done = session(home.path(), true, r#""$W" rumah daftar --json"#);
    assert_eq!((last(&done)["galat"].clone(), done.code), (json!("kunci_hilang"), Some(4)));
}

#[test]
fn without_a_secret_service_a_passphrase_opens_the_data_and_a_wrong_one_does_not() {
    let home = tempfile::tempdir().unwrap();
    let done = session(home.path(), false, TAMBAH);
    assert_eq!(last(&done)["galat"], "penyimpan_rahasia");
    assert!(done.stderr.contains("WAKUNCAR_SANDI"), "the remedy is named: {}", done.stderr);

    let done = session(home.path(), false, &format!("export WAKUNCAR_SANDI='empat kata yang panjang'\n{TAMBAH}"));
    assert_eq!(last(&done)["berubah"], true);
    let done = session(home.path(), false, r#"WAKUNCAR_SANDI='lain' "$W" rumah daftar --json"#);
    assert_eq!(last(&done)["galat"], "sandi_salah");
    let done = session(home.path(), false, r#""$W" rumah daftar --json"#);
    assert_eq!(last(&done)["galat"], "sandi_perlu");
    let done = session(home.path(), false, r#"WAKUNCAR_SANDI='empat kata yang panjang' "$W" rumah daftar --json"#);
    assert_eq!(last(&done)["rumah"][0]["no_rumah"], "7");
}
