//! What may import what, held true: the table of crates against `cargo metadata`, and a few facts about the sources.
//!
//! A new arrow between two of our crates is a word in [`PLACES`]; a new crate is a line. Dev-dependencies are free: a
//! scene may set up what the product must not know. Nothing here builds or runs the product.

use std::collections::BTreeSet;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

type Outcome = Result<(), Box<dyn Error>>;

/// One package of ours, which of ours it may import, and which foreign crates it must never see.
struct Place {
    package: &'static str,
    may_import: &'static [&'static str],
    must_never: &'static [&'static str],
}

#[rustfmt::skip]
const PLACES: &[Place] = &[
    Place { package: "wakuncar-growth", may_import: &[], must_never: &["serde"] },
    Place { package: "wakuncar-domain", may_import: &["wakuncar-growth"], must_never: &["serde"] },
    Place { package: "wakuncar-forms", may_import: &[], must_never: &[] },
    Place { package: "wakuncar-exchange", may_import: &["wakuncar-domain"], must_never: &[] },
    Place { package: "wakuncar-document", may_import: &["wakuncar-domain"], must_never: &[] },
    Place { package: "wakuncar-wire", may_import: &[], must_never: &[] },
    Place { package: "wakuncar-roster", may_import: &["wakuncar-wire"], must_never: &[] },
    Place { package: "wakuncar-seal", may_import: &["wakuncar-wire"], must_never: &[] },
    Place { package: "wakuncar-sync", may_import: &["wakuncar-wire", "wakuncar-roster"], must_never: &[] },
    Place { package: "wakuncar-store", may_import: &["wakuncar-domain", "wakuncar-wire"], must_never: &[] },
    Place { package: "wakuncar-reports", may_import: &["wakuncar-domain", "wakuncar-growth"], must_never: &[] },
    Place { package: "wakuncar-print", may_import: &["wakuncar-reports"], must_never: &[] },
    Place {
        package: "wakuncar-app",
        may_import: &[
            "wakuncar-growth", "wakuncar-domain", "wakuncar-forms", "wakuncar-exchange", "wakuncar-document",
            "wakuncar-wire", "wakuncar-roster", "wakuncar-seal", "wakuncar-sync", "wakuncar-store", "wakuncar-reports",
            "wakuncar-print",
        ],
        must_never: &["clap", "anyhow"],
    },
    Place { package: "wakuncar-cli", may_import: &["wakuncar-app", "wakuncar-simulasi", "wakuncar-sync-server"], must_never: &[] },
    Place { package: "wakuncar-simulasi", may_import: &["wakuncar-domain", "wakuncar-growth"], must_never: &[] },
    Place { package: "wakuncar-shell", may_import: &["wakuncar-app", "wakuncar-sync-server"], must_never: &[] },
    Place { package: "wakuncar-sync-server", may_import: &["wakuncar-wire", "wakuncar-roster", "wakuncar-sync"], must_never: &[] },
    Place { package: "xtask", may_import: &[], must_never: &[] },
];

/// The package that may import everything: this one.
const SCENES: &str = "wakuncar-tests";

/// Foreign crates with a home, and who lives there. `tauri` stands for `tauri-build` and its like as well.
const HOMES: &[(&str, &[&str])] = &[
    ("argon2", &["wakuncar-app"]),
    ("automerge", &["wakuncar-document"]),
    ("axum", &["wakuncar-sync-server", "wakuncar-app"]),
    ("calamine", &["wakuncar-exchange", "wakuncar-forms"]),
    ("keyring", &["wakuncar-app"]),
    ("mdns-sd", &["wakuncar-app"]),
    ("reqwest", &["wakuncar-app", "wakuncar-sync-server"]),
    ("rusqlite", &["wakuncar-store", "wakuncar-sync-server"]),
    ("rust_xlsxwriter", &["wakuncar-reports", "wakuncar-forms"]),
    ("tauri", &["wakuncar-shell"]),
    ("tokio", &["wakuncar-app", "wakuncar-sync-server", "wakuncar-cli", "wakuncar-shell"]),
    ("ts-rs", &["wakuncar-app"]),
    ("typst", &["wakuncar-print"]),
];

/// What a package may have only behind a feature of its own, so that the plain build goes without.
const ONLY_BY_FEATURE: &[(&str, &str)] = &[("wakuncar-app", "axum"), ("wakuncar-app", "wakuncar-print")];

/// Packages that touch nothing: no file, no socket, no clock, no chance, no environment.
const PURE: &[&str] = &[
    "wakuncar-growth",
    "wakuncar-domain",
    "wakuncar-document",
    "wakuncar-wire",
    "wakuncar-roster",
    "wakuncar-seal",
    "wakuncar-sync",
    "wakuncar-reports",
];

/// Foreign crates that wait for others or roll dice: whoever imports one is no longer a function of its arguments.
const OUTSIDE: &[&str] = &["tokio", "reqwest", "axum", "mdns-sd", "getrandom"];

/// Names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &["utils", "util", "common", "helpers", "helper", "services", "models"];

/// A normal or build dependency of one of our packages.
struct Arrow {
    from: String,
    to: String,
    optional: bool,
}

#[test]
fn every_crate_of_ours_has_a_line_in_the_table() -> Outcome {
    let known: BTreeSet<&str> = PLACES.iter().map(|place| place.package).chain([SCENES]).collect();
    for package in packages()? {
        let name = text(&package["name"]);
        assert!(known.contains(name), "{name} has no line in PLACES: say what it may import");
    }
    Ok(())
}

#[test]
fn crates_of_ours_import_only_what_the_table_allows() -> Outcome {
    for arrow in arrows()? {
        let Some(place) = place(&arrow.from) else { continue };
        let ours = arrow.to == SCENES || PLACES.iter().any(|place| place.package == arrow.to);
        assert!(
            !ours || place.may_import.contains(&arrow.to.as_str()),
            "{} must not import {}; a new arrow is a word in PLACES",
            arrow.from,
            arrow.to
        );
    }
    Ok(())
}

#[test]
fn foreign_crates_stay_in_their_homes() -> Outcome {
    for arrow in arrows()? {
        if arrow.from == SCENES {
            continue;
        }
        for (foreign, homes) in HOMES.iter().filter(|(foreign, _)| is_of(&arrow.to, foreign)) {
            assert!(
                homes.contains(&arrow.from.as_str()),
                "{} must not import {}: {foreign} lives in {}",
                arrow.from,
                arrow.to,
                homes.join(", ")
            );
        }
    }
    Ok(())
}

#[test]
fn crates_that_must_never_see_a_foreign_crate_do_not() -> Outcome {
    for arrow in arrows()? {
        let Some(place) = place(&arrow.from) else { continue };
        let outside = if PURE.contains(&place.package) { OUTSIDE } else { &[] };
        let forbidden = place.must_never.iter().chain(outside).find(|foreign| is_of(&arrow.to, foreign));
        assert!(forbidden.is_none(), "{} must never import {}", arrow.from, arrow.to);
    }
    Ok(())
}

#[test]
fn loopback_and_printing_come_only_by_feature() -> Outcome {
    for arrow in arrows()? {
        let by_feature = ONLY_BY_FEATURE.contains(&(arrow.from.as_str(), arrow.to.as_str()));
        assert!(!by_feature || arrow.optional, "{} must be optional in {}", arrow.to, arrow.from);
    }
    Ok(())
}

#[test]
fn the_table_for_people_shows_every_crate() -> Outcome {
    let text = std::fs::read_to_string(root().join("CONTRIBUTING.md"))?;
    for place in PLACES {
        let row = format!("| `{}`", place.package);
        assert!(text.lines().any(|line| line.starts_with(&row)), "CONTRIBUTING.md has no row for {}", place.package);
    }
    Ok(())
}

#[test]
fn a_foreign_change_can_be_refused_in_a_release_as_in_a_test() -> Outcome {
    let manifest = std::fs::read_to_string(root().join("Cargo.toml"))?;
    let release: Vec<&str> = manifest
        .lines()
        .skip_while(|line| line.trim() != "[profile.release]")
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .map(str::trim)
        .collect();
    assert!(release.contains(&r#"panic = "unwind""#), "the guard around foreign changes catches panics");
    assert!(release.contains(&"overflow-checks = true"), "a sum that overflows must not become an official figure");
    Ok(())
}

#[test]
fn no_file_or_folder_has_a_name_that_says_nothing() -> Outcome {
    for folder in ["crates", "sync-server", "src-tauri", "ui/src", "tests"] {
        for path in files_below(&root().join(folder))? {
            let inside = path.strip_prefix(root())?;
            let empty = inside.components().find(|part| {
                let name = part.as_os_str().to_string_lossy();
                let stem = name.split('.').next().unwrap_or_default();
                EMPTY_NAMES.contains(&stem)
            });
            assert!(empty.is_none(), "{}: name it after what it does", inside.display());
        }
    }
    Ok(())
}

#[test]
fn only_the_clocks_of_app_and_relay_read_the_time() -> Outcome {
    let this_file = root().join("tests/tests/architecture.rs");
    let clocks = ["crates/wakuncar-app/src/clock.rs", "sync-server/src/clock.rs"].map(|path| root().join(path));
    for path in rust_files_below(&["crates", "sync-server", "src-tauri", "tests"])? {
        if clocks.contains(&path) || path == this_file {
            continue;
        }
        let source = std::fs::read_to_string(&path)?;
        for reading in ["SystemTime::now", "Utc::now", "Local::now"] {
            assert!(!source.contains(reading), "{} reads the clock by {reading}", path.display());
        }
    }
    Ok(())
}

#[test]
fn crates_that_decide_touch_nothing() -> Outcome {
    for package in PURE {
        for path in rust_files_below(&[&format!("crates/{package}/src")])? {
            let source = std::fs::read_to_string(&path)?;
            let shipped = source.split("#[cfg(test)]").next().unwrap_or_default();
            for touch in ["std::fs", "std::net", "std::process", "std::env", "Instant::now"] {
                assert!(!shipped.contains(touch), "{} touches {touch}", path.display());
            }
        }
    }
    Ok(())
}

/// The folder of the workspace, asked at run time: clones that share a target folder share this program too.
fn root() -> PathBuf {
    let here = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    here.as_deref().and_then(Path::parent).map_or_else(|| PathBuf::from(".."), Path::to_path_buf)
}

fn place(package: &str) -> Option<&'static Place> {
    PLACES.iter().find(|place| place.package == package)
}

/// Whether the crate is the foreign one or belongs to it: `tauri-build` to `tauri`, `serde_json` to `serde`.
fn is_of(name: &str, foreign: &str) -> bool {
    name.strip_prefix(foreign).is_some_and(|rest| rest.is_empty() || rest.starts_with(['-', '_']))
}

fn packages() -> Result<Vec<Value>, Box<dyn Error>> {
    let output = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root())
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into());
    }
    let metadata: Value = serde_json::from_slice(&output.stdout)?;
    Ok(metadata["packages"].as_array().cloned().unwrap_or_default())
}

/// Every normal and build dependency of every package of ours.
fn arrows() -> Result<Vec<Arrow>, Box<dyn Error>> {
    let mut arrows = Vec::new();
    for package in packages()? {
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            if dependency["kind"] != "dev" {
                arrows.push(Arrow {
                    from: text(&package["name"]).to_owned(),
                    to: text(&dependency["name"]).to_owned(),
                    optional: dependency["optional"] == true,
                });
            }
        }
    }
    assert!(arrows.iter().any(|arrow| arrow.from.starts_with("wakuncar")), "cargo metadata shows no crate of ours");
    Ok(arrows)
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

fn rust_files_below(folders: &[&str]) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut files = Vec::new();
    for folder in folders {
        files.extend(files_below(&root().join(folder))?);
    }
    files.retain(|file| file.extension().is_some_and(|extension| extension == "rs"));
    Ok(files)
}

/// Files that people write: nothing that a build or npm leaves behind. A folder that is not there yet has none.
fn files_below(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut files = Vec::new();
    if !folder.exists() {
        return Ok(files);
    }
    for entry in folder.read_dir()? {
        let entry = entry?;
        let name = entry.file_name();
        if ["target", "node_modules", "gen", ".svelte-kit"].iter().any(|left_behind| name == *left_behind) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            files.extend(files_below(&entry.path())?);
        } else {
            files.push(entry.path());
        }
    }
    Ok(files)
}
