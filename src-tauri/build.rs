//! Reads `tauri.conf.json`, and makes the one command a permission of its own.
//!
//! The window holds the built ui. Where that is not built, checks and tests get a page that says so, below the target
//! folder; a build that people get is refused.

use std::error::Error;
use std::path::{Path, PathBuf};

const PAGE: &str = "<!doctype html><title>Wakuncar</title><p>ui/build: npm run build";

fn main() -> Result<(), Box<dyn Error>> {
    let manifest = tauri_build::AppManifest::new().commands(&["panggil"]);
    let here = PathBuf::from(std::env::var("CARGO_MANIFEST_DIR")?);
    let index = here.join("../ui/build/index.html");
    println!("cargo:rerun-if-changed={}", index.display());
    if !index.exists() {
        if !tauri_build::is_dev() {
            return Err("the ui is not built: npm ci && npm run build in ui".into());
        }
        println!("cargo:warning=the ui is not built; this window shows a page that says so");
        show_page(Path::new(&std::env::var("OUT_DIR")?))?;
    }
    tauri_build::try_build(tauri_build::Attributes::new().app_manifest(manifest))?;
    Ok(())
}

/// Points this crate's macros at a page of one line.
fn show_page(out: &Path) -> Result<(), Box<dyn Error>> {
    let ui = out.join("ui");
    std::fs::create_dir_all(&ui)?;
    std::fs::write(ui.join("index.html"), PAGE)?;
    println!("cargo:rustc-env=TAURI_CONFIG={{\"build\":{{\"frontendDist\":{:?}}}}}", ui.display().to_string());
    Ok(())
}
