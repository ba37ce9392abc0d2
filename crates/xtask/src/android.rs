//! `cargo xtask check-android`: does the application type-check for the phone?
//!
//! Neither Google's SDK and NDK nor a phone is needed. Where rustup has the target's std, that is used; else Debian's
//! `rustc-web`, a recent Rust kept for building browsers, checks std from source. Nothing is linked and nothing runs:
//! a green check says that no code for desktops only can be reached from the window of the phone, and no more.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use crate::command::{cargo, output, program, root, run as run_command, target_dir};
use crate::setup::is_installed;

/// 64-bit phones; the 32-bit ones differ only in pointer width.
const TARGET: &str = "aarch64-linux-android";

/// What gets checked, the window and with it `wakuncar-app`, and how: the store takes plain SQLite here, since the
/// headers of Android's OpenSSL are not there.
const WHAT: [&str; 9] = [
    "--locked",
    "--package",
    "wakuncar-shell",
    "--lib",
    "--no-default-features",
    "--features",
    "check-bundled",
    "--target",
    TARGET,
];

/// Debian's packages for this check, where rustup does not have the target.
pub(crate) const DEBIAN_PACKAGES: &[(&str, &str)] = &[
    ("rustc-web", "a compiler whose std has sources here"),
    ("cargo-web", "the cargo of the same version"),
    ("rust-web-src", "the sources of std"),
];

/// Type-checks the window's library for [`TARGET`].
pub(crate) fn check() -> Result<()> {
    let mut command = if rustup_has_target() {
        println!("android: with rustup's std for {TARGET}");
        cargo(["check"])
    } else if DEBIAN_PACKAGES.iter().all(|(package, _)| is_installed(package)) {
        println!("android: with Debian's rustc-web, std from source");
        debian_cargo_check()
    } else {
        bail!("no std for {TARGET}: run `rustup target add {TARGET}`, or on Debian `cargo xtask setup`");
    };
    command.args(WHAT);
    // A folder of its own: another compiler must not throw out the artefacts of the first.
    command.env("CARGO_TARGET_DIR", target_dir().join("android-check"));
    command
        .env("CC_aarch64_linux_android", root().join("crates/xtask/fake-ndk-cc"))
        .env("AR_aarch64_linux_android", "ar");
    run_command(&mut command)
}

fn debian_cargo_check() -> Command {
    let mut command = program("/usr/bin/cargo");
    // RUSTC_BOOTSTRAP: building std from source is an unstable option of a stable compiler.
    command.args(["check", "-Zbuild-std"]).env("RUSTC", "/usr/bin/rustc").env("RUSTC_BOOTSTRAP", "1");
    // rustup's own choice of toolchain, handed down by the cargo that called us, means nothing to Debian's.
    command.env_remove("RUSTUP_TOOLCHAIN").env_remove("RUSTC_WRAPPER").env("PATH", "/usr/bin:/bin");
    command
}

/// Whether the toolchain in use has std for [`TARGET`].
pub(crate) fn rustup_has_target() -> bool {
    let sysroot = output(program("rustc").args(["--print", "sysroot"]));
    sysroot.is_some_and(|sysroot| PathBuf::from(sysroot).join("lib/rustlib").join(TARGET).join("lib").exists())
}
