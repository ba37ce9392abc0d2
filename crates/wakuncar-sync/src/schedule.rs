//! When to sync by itself: a value that is told what happened and when, and says when next.
//!
//! Phones of one kelurahan come to the office at one hour; a relay that was away comes back to all of them at once. So
//! every wait has a part by chance, and a relay that asks for time gets it.

/// Seconds between syncs when all is well and nothing waits.
const QUIET_S: u64 = 15 * 60;
/// Seconds after something was recorded: an interview goes on, and its answers travel together.
const NEWS_S: u64 = 5 * 60;
/// Seconds after the first failure; each further one doubles them.
const FIRST_S: u64 = 30;
/// Longest wait after failures.
const LONGEST_S: u64 = 30 * 60;

/// How the last sync ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All is durable elsewhere.
    Done,
    /// It came to its end and something still waits here.
    Waits,
    /// Nobody was reached, or the relay asks to be asked again after so many seconds.
    Failed(Option<u64>),
}

/// The state of the schedule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Schedule {
    failures: u32,
}

impl Schedule {
    /// Seconds until the next sync after one that ended so. `chance` is a random number.
    pub fn after(&mut self, outcome: Outcome, chance: u32) -> u64 {
        let wait = match outcome {
            Outcome::Done | Outcome::Waits => {
                self.failures = 0;
                return spread(if outcome == Outcome::Done { QUIET_S } else { NEWS_S }, chance);
            }
            Outcome::Failed(asked) => {
                let doubled = FIRST_S.saturating_mul(1 << self.failures.min(16)).min(LONGEST_S);
                self.failures = self.failures.saturating_add(1);
                // A relay's wish is kept, and added to by chance so that not all come at that second.
                doubled.max(asked.unwrap_or(0).min(24 * 60 * 60))
            }
        };
        spread(wait, chance)
    }

    /// Seconds until a sync after something was recorded, while none was due sooner.
    pub fn after_news(&self) -> u64 {
        if self.failures == 0 { NEWS_S } else { LONGEST_S }
    }

    /// The line has come back: what failed before says nothing now. Seconds until the next sync.
    pub fn line_is_back(&mut self, chance: u32) -> u64 {
        self.failures = 0;
        spread(2, chance)
    }
}

/// At least `seconds`, at most half as much again.
fn spread(seconds: u64, chance: u32) -> u64 {
    seconds + (seconds / 2 + 1) * u64::from(chance) / (u64::from(u32::MAX) + 1)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn failures_double_the_wait_up_to_half_an_hour_and_success_forgets_them() {
        let mut schedule = Schedule::default();
        let waits: Vec<u64> = (0..9).map(|_| schedule.after(Outcome::Failed(None), 0)).collect();
        assert_eq!(waits, [30, 60, 120, 240, 480, 960, 1800, 1800, 1800]);
        assert_eq!(schedule.after(Outcome::Done, 0), 900);
        assert_eq!(schedule.after(Outcome::Failed(None), 0), 30);
        assert_eq!(schedule.line_is_back(0), 2);
    }

    #[test]
    fn a_relay_that_asks_for_time_gets_it_and_not_for_ever() {
        let mut schedule = Schedule::default();
        assert_eq!(schedule.after(Outcome::Failed(Some(600)), 0), 600);
        assert_eq!(schedule.after(Outcome::Failed(Some(5)), 0), 60, "not sooner than after a failure");
        assert_eq!(schedule.after(Outcome::Failed(Some(u64::MAX)), 0), 86_400);
    }

    proptest! {
        #[test]
        fn five_hundred_phones_do_not_come_at_one_second(chances in proptest::collection::vec(any::<u32>(), 500)) {
            let waits: std::collections::BTreeSet<u64> =
                chances.iter().map(|chance| Schedule::default().after(Outcome::Done, *chance)).collect();
            prop_assert!(waits.len() > 200);
            prop_assert!(waits.iter().all(|wait| (900..=1351).contains(wait)));
        }
    }
}
