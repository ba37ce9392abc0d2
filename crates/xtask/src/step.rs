//! Steps with a name and a time.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

/// One thing to do, by the name under which it can be asked for alone.
pub(crate) struct Step {
    /// As typed after `cargo xtask test`.
    pub(crate) name: &'static str,
    /// What it does; it prints its own progress.
    pub(crate) run: fn() -> Result<()>,
}

/// Runs the steps in order up to the first that fails, then prints how long each took.
///
/// With names, only those; a name that is no step is an error, before anything runs.
pub(crate) fn run_all(steps: &[Step], only: &[&str]) -> Result<()> {
    if let Some(unknown) = only.iter().find(|name| steps.iter().all(|step| step.name != **name)) {
        let known: Vec<&str> = steps.iter().map(|step| step.name).collect();
        bail!("no step is called {unknown}; there are: {}", known.join(", "));
    }
    let chosen: Vec<&Step> = steps.iter().filter(|step| only.is_empty() || only.contains(&step.name)).collect();
    let mut times: Vec<(&str, Duration)> = Vec::new();
    let mut outcome = Ok(());
    for (index, step) in chosen.iter().enumerate() {
        println!("== {} ({} of {})", step.name, index + 1, chosen.len());
        let start = Instant::now();
        outcome = (step.run)().with_context(|| format!("step {}", step.name));
        times.push((step.name, start.elapsed()));
        if outcome.is_err() {
            break;
        }
    }
    println!("== times");
    for (name, time) in &times {
        println!("{:>7.1} s  {name}", time.as_secs_f64());
    }
    outcome
}
