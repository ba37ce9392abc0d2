//! `cargo xtask bench`: figures of a release build beside their goals.
//!
//! Goals stand in one committed file, each with the issue from which on it binds. A binding goal that is missed fails
//! the chore; it is no test, since another machine, or a busy one, has other figures.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

use crate::command::{cargo, line, program, root, succeeds};

/// The goals; the file says what its columns are.
const GOALS: &str = "tests/benches/sasaran.tsv";

/// The issue that is being worked on: goals up to it bind.
const ISSUE: u32 = 1;

/// The goals are for two cores.
const CORES: &str = "0,1";

struct Goal {
    name: String,
    unit: String,
    /// The highest value that is good enough; `None` only records.
    bound: Option<f64>,
    /// From which issue on it binds.
    issue: Option<u32>,
    corpus: String,
}

/// Measures and prints the table.
pub(crate) fn run() -> Result<()> {
    let text = std::fs::read_to_string(root().join(GOALS)).with_context(|| GOALS.to_owned())?;
    let goals = parse(&text)?;
    let measured = measure()?;
    let known = |name: &str| goals.iter().any(|goal| goal.name == name);
    if let Some((name, _)) = measured.iter().find(|(name, _)| !known(name)) {
        bail!("{name} has no line in {GOALS}");
    }
    let mut missed = Vec::new();
    println!("{:>12} {:>12} {:>5}  {:<5} figure", "measured", "goal", "unit", "");
    for goal in &goals {
        let value = measured.iter().find(|(name, _)| *name == goal.name).map(|(_, value)| *value);
        let verdict = verdict(goal, value);
        if matches!(verdict, "MISS" | "NONE") {
            missed.push(goal.name.as_str());
        }
        let number = |number: Option<f64>| number.map_or_else(|| "-".to_owned(), |number| format!("{number:.2}"));
        let bound = goal.bound.map_or_else(String::new, |bound| format!("≤ {bound}"));
        let Goal { name, unit, corpus, .. } = goal;
        println!("{:>12} {bound:>12} {unit:>5}  {verdict:<5} {name}: {corpus}", number(value));
    }
    if missed.is_empty() { Ok(()) } else { bail!("goals of this issue missed: {}", missed.join(", ")) }
}

fn verdict(goal: &Goal, value: Option<f64>) -> &'static str {
    let binds = goal.issue.is_some_and(|issue| issue <= ISSUE);
    match (goal.bound, value) {
        (Some(bound), Some(value)) if binds => {
            if value <= bound {
                "ok"
            } else {
                "MISS"
            }
        }
        (_, None) if binds => "NONE",
        _ => "",
    }
}

/// Runs the measuring program and passes on what it says about its progress.
fn measure() -> Result<Vec<(String, f64)>> {
    let mut bench = cargo(["bench", "--locked", "--package", "wakuncar-tests", "--bench", "ukuran"]);
    if succeeds(program("taskset").args(["-c", CORES, "true"])) {
        bench = pinned(&bench);
    }
    println!("$ {}", line(&bench));
    let mut child = bench.stdout(Stdio::piped()).spawn().with_context(|| line(&bench))?;
    let stdout = child.stdout.take().context("cargo bench has no stdout")?;
    let mut measured = Vec::new();
    for text in BufReader::new(stdout).lines() {
        let text = text?;
        let Some((name, value)) = text.split_once('\t') else { continue };
        measured.push((name.to_owned(), value.parse().with_context(|| text.clone())?));
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("{} failed ({status})", line(&bench));
    }
    Ok(measured)
}

/// The same command on [`CORES`].
fn pinned(command: &Command) -> Command {
    let mut pinned = program("taskset");
    pinned.args(["-c", CORES]).arg(command.get_program()).args(command.get_args());
    pinned
}

fn parse(text: &str) -> Result<Vec<Goal>> {
    let goal = |line: &str| {
        let columns: Vec<&str> = line.split('\t').collect();
        let [name, unit, bound, issue, corpus] = columns[..] else { bail!("{GOALS}: five columns are wanted: {line}") };
        let bound = if bound == "-" { None } else { Some(bound.parse().with_context(|| line.to_owned())?) };
        let issue = if issue == "-" { None } else { Some(issue.parse().with_context(|| line.to_owned())?) };
        Ok(Goal { name: name.to_owned(), unit: unit.to_owned(), bound, issue, corpus: corpus.to_owned() })
    };
    text.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(goal).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_committed_goals_can_be_read() {
        let text = std::fs::read_to_string(root().join(GOALS)).unwrap();
        let goals = parse(&text).unwrap();
        assert!(goals.iter().any(|goal| goal.issue == Some(1)), "this issue has goals");
        assert!(goals.iter().all(|goal| goal.bound.is_some() || goal.issue.is_none()), "what binds has a bound");
    }

    #[test]
    fn a_goal_binds_from_its_issue_on_and_wants_a_figure() {
        let goals = parse("a\tms\t16\t1\tc\nb\tms\t16\t2\tc\nc\tms\t-\t-\tc\n").unwrap();
        let [now, later, recorded] = &goals[..] else { panic!("three goals") };
        for (goal, value, says) in [
            (now, Some(16.0), "ok"),
            (now, Some(16.1), "MISS"),
            (now, None, "NONE"),
            (later, Some(99.0), ""),
            (recorded, Some(99.0), ""),
            (recorded, None, ""),
        ] {
            assert_eq!(verdict(goal, value), says, "{} {value:?}", goal.name);
        }
        assert!(parse("a\tms\t16\n").is_err());
    }
}
