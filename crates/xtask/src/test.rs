//! `cargo xtask test`: every check that decides whether a commit is good, in the order of what it costs.
//!
//! A build machine runs exactly this, by `.ci/run`. A new check is a line in [`STEPS`].

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::Mutex;

use anyhow::{Context, Result, bail};

use crate::command::{cargo, line, program, root, run as run_command, succeeds, target_dir};
use crate::step::{Step, run_all};
use crate::{android, demo, setup};

const STEPS: &[Step] = &[
    Step { name: "setup", run: || setup::run(&[]) },
    Step { name: "format", run: || run_command(&mut cargo(["fmt", "--all", "--check"])) },
    Step { name: "unused", run: || run_command(&mut cargo(["machete"])) },
    Step { name: "deny", run: || run_command(&mut cargo(["deny", "check", "licenses", "bans", "sources"])) },
    Step { name: "screens", run: screens },
    Step { name: "clippy", run: clippy },
    Step { name: "docs", run: docs },
    Step { name: "tests", run: tests },
    Step { name: "doctests", run: || run_command(&mut cargo(["test", "--doc", "--workspace", "--locked"])) },
    Step { name: "phone", run: phone },
    Step { name: "window", run: window },
    Step { name: "android", run: android::check },
];

/// The closing line of the last test run, printed once more at the very end: whoever reads a log reads there first.
static CLOSING_LINE: Mutex<Option<String>> = Mutex::new(None);

/// Runs all steps, or those that are named.
pub(crate) fn run(only: &[&str]) -> Result<()> {
    let outcome = run_all(STEPS, only);
    let closing_line = CLOSING_LINE.lock().ok().and_then(|mut line| line.take());
    if let Some(closing_line) = closing_line {
        println!("{closing_line}");
    }
    outcome
}

/// The screens' types, words, components and their built bundle.
fn screens() -> Result<()> {
    for script in ["check", "lint", "test", "build", "bundle"] {
        run_command(program("npm").args(["run", "--silent", script]).current_dir(root().join("ui")))?;
    }
    Ok(())
}

/// The screens in Chromium at a phone's size and at the desk's, on the real core.
fn phone() -> Result<()> {
    demo::programs()?;
    run_command(e2e(&mut program("node")).args(["--test", "layar.test.mjs"]))
}

/// The real window on a virtual display, driven from outside.
fn window() -> Result<()> {
    demo::programs()?;
    let mut session = program("dbus-run-session");
    run_command(e2e(&mut session).args(["--", "xvfb-run", "-a", "node", "--test", "jendela.test.mjs"]))
}

/// Where the end-to-end tests are, and where they find what was built.
fn e2e(command: &mut Command) -> &mut Command {
    command.current_dir(root().join("tests/e2e")).env("CARGO_TARGET_DIR", target_dir())
}

fn clippy() -> Result<()> {
    run_command(&mut cargo(["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]))
}

fn docs() -> Result<()> {
    run_command(cargo(["doc", "--workspace", "--no-deps", "--locked"]).env("RUSTDOCFLAGS", "-Dwarnings"))
}

/// All tests but those in doc comments: by nextest, or by cargo's own runner where nextest is missing.
fn tests() -> Result<()> {
    if !succeeds(&mut cargo(["nextest", "--version"])) {
        return run_command(&mut cargo(["test", "--workspace", "--all-targets", "--locked"]));
    }
    let mut nextest = cargo(["nextest", "run", "--workspace", "--locked", "--no-fail-fast"]);
    println!("$ {}", line(&nextest));
    let mut child = nextest.stderr(Stdio::piped()).spawn().context("cannot start cargo nextest")?;
    let stderr = child.stderr.take().context("cargo nextest has no stderr")?;
    for text in BufReader::new(stderr).split(b'\n') {
        let text = text?;
        let text = String::from_utf8_lossy(&text);
        eprintln!("{text}");
        if text.trim_start().starts_with("Summary [") {
            *CLOSING_LINE.lock().map_err(|_| anyhow::anyhow!("the closing line is locked"))? = Some(text.into_owned());
        }
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("{} failed ({status})", line(&nextest));
    }
    Ok(())
}
