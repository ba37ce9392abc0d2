//! The house's chores: `cargo xtask setup`, `test`, `demo`, `bench`, `check-android`.
//!
//! A chore is a list of [`step::Step`]s; another check is another line in `test.rs`. Nothing here knows a household, and
//! no crate of ours is linked: a broken core must not take the tool down that shows it.
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a tool at a prompt speaks to the prompt")]

mod android;
mod bench;
mod command;
mod demo;
mod setup;
mod step;
mod test;

use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask setup [TOOL…]    install what the checks need: system packages, cargo tools, npm packages
cargo xtask test [STEP…]     every check, cheap ones first, or only the named ones
cargo xtask demo [STEP…]     a kelurahan of invented people on this machine, from the relay to the window
cargo xtask bench            measure a release build on two cores and print the figures beside their goals
cargo xtask check-android    type-check the application for 64-bit Android, without Google's tools
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["setup", tools @ ..] => setup::run(tools),
        ["test", steps @ ..] => test::run(steps),
        ["demo", steps @ ..] => demo::run(steps),
        ["bench"] => bench::run(),
        ["check-android"] => android::check(),
        ["help" | "--help" | "-h"] => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        _ => {
            eprint!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("xtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
