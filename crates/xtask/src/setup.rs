//! `cargo xtask setup`: what the checks need on a machine that has Rust, and Node once there is a ui.
//!
//! Everything comes from a package registry (apt, crates, npm); what is there already is left alone.

use std::path::Path;

use anyhow::{Result, bail};

use crate::android;
use crate::command::{cargo, output, program, root, run as run_command, succeeds, target_dir};

/// Debian's packages, each with the reason why it is here.
const SYSTEM_PACKAGES: &[(&str, &str)] = &[
    ("gcc", "SQLite and SQLCipher are C"),
    ("libc6-dev", "the headers for the same"),
    ("libssl-dev", "libcrypto for SQLCipher"),
    ("pkg-config", "finds libcrypto and WebKitGTK"),
    ("dbus", "a session bus for the secret service"),
    ("gnome-keyring", "a real secret service, for the scene of the database's key"),
    ("libwebkit2gtk-4.1-dev", "the window's web view"),
    ("librsvg2-dev", "icons of the window and its package"),
    ("webkit2gtk-driver", "drives the real window in a test"),
    ("xvfb", "a screen for that window where there is none"),
    ("xauth", "xvfb-run asks for it"),
    ("dbus-x11", "without a session bus the web view waits for one"),
    ("chromium", "the screens at a phone's size, in the engine that phones have"),
    ("libreoffice-calc-nogui", "opens the books as an office does"),
    ("poppler-utils", "tells the paper of a printed book"),
    ("fonts-noto-core", "letters that look alike on every machine"),
    ("fonts-noto-color-emoji", "the pictures that two people compare"),
];

/// How a package is installed: nothing that is only recommended.
const APT_INSTALL: [&str; 4] = ["apt-get", "install", "-y", "--no-install-recommends"];

/// Cargo's tools, with the version that a machine without them gets.
const CARGO_TOOLS: &[(&str, &str)] =
    &[("cargo-deny", "0.20.2"), ("cargo-machete", "0.9.2"), ("cargo-nextest", "0.9.143")];

/// Installs everything, or only the named cargo tools.
pub(crate) fn run(only: &[&str]) -> Result<()> {
    if let Some(unknown) = only.iter().find(|name| CARGO_TOOLS.iter().all(|(tool, _)| tool != *name)) {
        bail!("{unknown} is not one of the cargo tools this installs");
    }
    if only.is_empty() {
        system_packages()?;
    }
    for (tool, version) in CARGO_TOOLS {
        if only.is_empty() || only.contains(tool) {
            cargo_tool(tool, version)?;
        }
    }
    if only.is_empty() {
        npm_packages()?;
    }
    Ok(())
}

/// Installs what is missing of [`SYSTEM_PACKAGES`]; who may not install gets the line to run.
fn system_packages() -> Result<()> {
    if !succeeds(program("dpkg-query").arg("--version")) {
        println!("setup: no Debian or Ubuntu here; the checks need: {}", names(SYSTEM_PACKAGES).join(" "));
        return Ok(());
    }
    let mut wanted = names(SYSTEM_PACKAGES);
    if !android::rustup_has_target() {
        wanted.extend(names(android::DEBIAN_PACKAGES));
    }
    wanted.retain(|package| !is_installed(package));
    if wanted.is_empty() {
        println!("setup: all system packages are there");
        return Ok(());
    }
    let rights: &[&str] = if output(program("id").arg("-u")).is_some_and(|id| id == "0") {
        &["env"]
    } else if succeeds(program("sudo").args(["-n", "true"])) {
        &["sudo", "-n", "env"]
    } else {
        bail!("run this once, then again what you ran: sudo {} {}", APT_INSTALL.join(" "), wanted.join(" "));
    };
    let apt = || {
        let mut command = program(rights[0]);
        command.args(&rights[1..]).arg("DEBIAN_FRONTEND=noninteractive");
        command
    };
    run_command(apt().args(["apt-get", "update", "-q"]))?;
    let (known, unknown): (Vec<&str>, Vec<&str>) =
        wanted.into_iter().partition(|package| succeeds(program("apt-cache").args(["show", package])));
    if !unknown.is_empty() {
        // Ubuntu has no rustc-web; the Android check then says what to do, and the rest goes on.
        println!("setup: this system has no {}", unknown.join(", "));
    }
    run_command(apt().args(APT_INSTALL).args(known))
}

fn names(packages: &[(&'static str, &str)]) -> Vec<&'static str> {
    packages.iter().map(|(name, _)| *name).collect()
}

/// Whether dpkg knows the package as installed.
pub(crate) fn is_installed(package: &str) -> bool {
    output(program("dpkg-query").args(["-W", "-f", "${Status}", package]))
        .is_some_and(|status| status == "install ok installed")
}

/// Builds the tool from its crate unless some version of it answers.
///
/// Without optimisation: it runs for seconds and builds for minutes.
fn cargo_tool(tool: &str, version: &str) -> Result<()> {
    let subcommand = tool.trim_start_matches("cargo-");
    if succeeds(&mut cargo([subcommand, "--version"])) {
        println!("setup: {tool} is there");
        return Ok(());
    }
    println!("setup: building {tool} {version}, which takes some minutes, once");
    let mut install = cargo(["install", "--locked", "--debug", tool, "--version", version]);
    run_command(install.env("CARGO_TARGET_DIR", target_dir().join("tools")))
}

/// `npm ci` for each committed lock file that is newer than what was installed from it.
fn npm_packages() -> Result<()> {
    let locks = output(program("git").args(["ls-files", "*package-lock.json"])).unwrap_or_default();
    for lock in locks.lines() {
        let lock = root().join(lock);
        let Some(folder) = lock.parent() else { continue };
        if modified(&folder.join("node_modules/.package-lock.json")) >= modified(&lock) {
            println!("setup: npm packages of {} are there", folder.display());
            continue;
        }
        run_command(program("npm").args(["ci", "--no-audit", "--no-fund"]).current_dir(folder))?;
    }
    Ok(())
}

/// When the file was last written; `None`, which is before all else, if there is none.
fn modified(file: &Path) -> Option<std::time::SystemTime> {
    file.metadata().ok()?.modified().ok()
}
