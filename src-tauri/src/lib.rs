//! The window: opens the data folder, passes calls on, decides nothing.
//!
//! A page has one command, `panggil`; what it may ask for is the list in `wakuncar_app::api`. The page runs files of
//! the ui and nothing else (`tauri.conf.json`, `csp`); styles may be set on elements, which is why tauri is kept from
//! adding a nonce to `style-src`: beside one, `'unsafe-inline'` counts for nothing.

mod ruang;

use std::sync::Arc;

use serde_json::Value;
use tauri::{Builder, Context, Manager, Runtime, State};
use wakuncar_app::Galat;

use ruang::Ruang;

/// Opens the window and stays until it is closed.
#[cfg_attr(mobile, tauri::mobile_entry_point)]
#[expect(clippy::print_stderr, reason = "without a window there is no other place to say why")]
pub fn run() {
    let window = with_command(Builder::default()).setup(|app| {
        let own = app.path().app_local_data_dir()?;
        app.manage(Arc::new(Ruang::new(std::env::var_os("WAKUNCAR_DATA_DIR").map(Into::into), own)));
        Ok(())
    });
    if let Err(error) = window.run(context()) {
        eprintln!("wakuncar-window: {error}");
        std::process::exit(1);
    }
}

/// All but the window and its data folder: a test builds the same on a runtime without a screen.
fn with_command<R: Runtime>(builder: Builder<R>) -> Builder<R> {
    builder.invoke_handler(tauri::generate_handler![panggil])
}

fn context<R: Runtime>() -> Context<R> {
    tauri::generate_context!()
}

/// Carries a command of the list out, on a thread that may wait.
#[tauri::command]
async fn panggil(ruang: State<'_, Arc<Ruang>>, perintah: String, isi: Value) -> Result<Value, Galat> {
    let ruang = Arc::clone(&ruang);
    let done = tauri::async_runtime::spawn_blocking(move || ruang.panggil(&perintah, isi)).await;
    done.unwrap_or_else(|_| Err(Galat::program()))
}

#[cfg(test)]
mod tests;
