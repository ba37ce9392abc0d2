//! `cargo xtask test`: every check that decides whether a commit is good, in the order of what it costs.
//!
//! A build machine runs exactly this, by `.ci/run`. A new check is a line in [`STEPS`].

use std::io::{BufRead, BufReader};
use std::process::Stdio;
use std::sync::Mutex;

use anyhow::{Context, Result, bail};

use crate::command::{cargo, line, run as run_command, succeeds};
use crate::step::{Step, run_all};
use crate::{android, setup};

const STEPS: &[Step] = &[
    Step { name: "setup", run: || setup::run(&[]) },
    Step { name: "format", run: || run_command(&mut cargo(["fmt", "--all", "--check"])) },
    Step { name: "unused", run: || run_command(&mut cargo(["machete"])) },
    Step { name: "deny", run: || run_command(&mut cargo(["deny", "check", "licenses", "bans", "sources"])) },
    Step { name: "clippy", run: clippy },
    Step { name: "docs", run: docs },
    Step { name: "tests", run: tests },
    Step { name: "doctests", run: || run_command(&mut cargo(["test", "--doc", "--workspace", "--locked"])) },
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
