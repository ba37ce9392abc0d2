//! The seam between a page and the core, on a runtime without a screen and with the real configuration.

use std::path::PathBuf;

use serde_json::{Value, json};
use tauri::ipc::{CallbackFn, InvokeBody};
use tauri::test::{INVOKE_KEY, MockRuntime, get_ipc_response, mock_builder};
use tauri::webview::InvokeRequest;
use tauri::{WebviewWindow, WebviewWindowBuilder};

use super::*;

/// The window of `tauri.conf.json` on a data folder.
fn window(dir: PathBuf) -> WebviewWindow<MockRuntime> {
    let app = with_command(mock_builder()).build(context()).unwrap();
    app.manage(Arc::new(Ruang::new(Some(dir), PathBuf::new())));
    let config = app.config().app.windows[0].clone();
    WebviewWindowBuilder::from_config(app.handle(), &config).unwrap().build().unwrap()
}

fn invoke(window: &WebviewWindow<MockRuntime>, command: &str, arguments: Value) -> Result<Value, Value> {
    let origin = if cfg!(any(windows, target_os = "android")) { "http://tauri.localhost" } else { "tauri://localhost" };
    let request = InvokeRequest {
        cmd: command.into(),
        callback: CallbackFn(0),
        error: CallbackFn(1),
        url: origin.parse().unwrap(),
        body: InvokeBody::Json(arguments),
        headers: Default::default(),
        invoke_key: INVOKE_KEY.to_string(),
    };
    get_ipc_response(window, request).map(|body| body.deserialize().unwrap())
}

#[test]
fn a_call_of_the_page_reaches_the_list_of_commands() {
    let dir = tempfile::tempdir().unwrap();
    let window = window(dir.path().join("hp"));
    let call = |perintah: &str, isi: Value| invoke(&window, "panggil", json!({"perintah": perintah, "isi": isi}));
    let alamat = json!({"rw": "1", "rt": "2", "dasawisma": "Melati", "noRumah": "7", "alamat": ""});
    let rumah = call("tambah_rumah", alamat).unwrap()["rumah"].clone();
    assert_eq!(call("daftar_rumah", json!({})).unwrap()[0]["id"], rumah);
    let galat = call("lihat_rumah", json!({"id": "7"})).unwrap_err();
    assert_eq!(galat, json!({"kode": "rumah_tidak_ada", "data": null}));
    assert_eq!(call("hapus_semua", json!({})).unwrap_err()["kode"], "permintaan");
}

#[test]
fn the_page_begins_at_an_address_with_a_path() {
    let dir = tempfile::tempdir().unwrap();
    // `tauri://localhost` has none. To the router of the screens that is another site: it would load it for ever.
    assert_eq!(window(dir.path().join("hp")).url().unwrap().path(), "/");
}

#[test]
fn the_page_may_call_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    let window = window(dir.path().join("hp"));
    assert!(invoke(&window, "panggil", json!({"cmd": "keadaan", "args": {}})).is_err());
    assert!(invoke(&window, "keadaan", json!({})).is_err());
    for command in ["plugin:window|close", "plugin:event|emit", "plugin:path|resolve_directory", "plugin:app|version"] {
        let refused = invoke(&window, command, json!({})).unwrap_err();
        assert!(refused.to_string().contains("not allowed"), "{command}: {refused}");
    }
}

#[test]
fn a_folder_that_does_not_open_says_why_and_opens_when_it_can() {
    let dir = tempfile::tempdir().unwrap();
    let other = wakuncar_app::App::open(dir.path(), &wakuncar_app::KeySource::TestFile).unwrap();
    let window = window(dir.path().into());
    let call = || invoke(&window, "panggil", json!({"perintah": "keadaan", "isi": {}}));
    assert_eq!(call().unwrap_err()["kode"], "sedang_dipakai");
    drop(other);
    assert_eq!(call().unwrap()["antrean"], 0);
}
