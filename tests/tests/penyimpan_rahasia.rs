//! Where the database's key is kept on a desktop: in a real secret service, and by a passphrase where there is none.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a scene fails where it stands")]

use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use wakuncar_tests::wakuncar;

/// Runs a script with a home of its own, in a session with a bus and an unlocked keyring, or without any.
fn session(home: &Path, keyring: bool, script: &str) -> Output {
    let mut command = if keyring {
        let mut command = Command::new("dbus-run-session");
        command.args(["--", "bash", "-c"]);
        command.arg(format!("printf uji | gnome-keyring-daemon --unlock --components=secrets >/dev/null\n{script}"));
        command
    } else {
        let mut command = Command::new("bash");
        command.args(["-c", script]).env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent");
        command
    };
    command.env("HOME", home).env("W", wakuncar()).env_remove("XDG_DATA_HOME").env_remove("WAKUNCAR_SANDI");
    command.output().expect("dbus and gnome-keyring are wanted: cargo xtask setup")
}

const TAMBAH: &str = r#""$W" rumah tambah --json --isi '{"rw":"1","rt":"1","dasawisma":"Melati","no_rumah":"7"}'"#;

/// What the last command printed; a keyring that the bus starts prints beside it.
fn last(done: &Output) -> Value {
    let said = String::from_utf8_lossy(&done.stdout).into_owned();
    let heard = String::from_utf8_lossy(&done.stderr).into_owned();
    let mut printed = said.lines().rev().filter_map(|line| serde_json::from_str(line).ok());
    printed.next().unwrap_or_else(|| panic!("{said}\n{heard}"))
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
    assert_eq!((last(&done)["galat"].clone(), done.status.code()), (json!("kunci_hilang"), Some(4)));
}

#[test]
fn without_a_secret_service_a_passphrase_opens_the_data_and_a_wrong_one_does_not() {
    let home = tempfile::tempdir().unwrap();
    let done = session(home.path(), false, TAMBAH);
    assert_eq!(last(&done)["galat"], "penyimpan_rahasia");
    let heard = String::from_utf8_lossy(&done.stderr).into_owned();
    assert!(heard.contains("WAKUNCAR_SANDI"), "the remedy is named: {heard}");

    let done = session(home.path(), false, &format!("export WAKUNCAR_SANDI='empat kata yang panjang'\n{TAMBAH}"));
    assert_eq!(last(&done)["berubah"], true);
    let done = session(home.path(), false, r#"WAKUNCAR_SANDI='lain' "$W" rumah daftar --json"#);
    assert_eq!(last(&done)["galat"], "sandi_salah");
    let done = session(home.path(), false, r#""$W" rumah daftar --json"#);
    assert_eq!(last(&done)["galat"], "sandi_perlu");
    let done = session(home.path(), false, r#"WAKUNCAR_SANDI='empat kata yang panjang' "$W" rumah daftar --json"#);
    assert_eq!(last(&done)["rumah"][0]["no_rumah"], "7");
}
