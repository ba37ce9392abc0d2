//! Syncing by itself while the application is open: after a while, some minutes after something was recorded, and when the
//! line is back. It is the same sync as the button's; what it cannot do waits, and nothing is said to be sent.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use wakuncar_sync::{Outcome, Schedule};

use crate::sinkron::lock;
use crate::{App, Error, acak, sinkron};

/// Why the thread wakes before its time.
enum Nudge {
    /// The system says that there is a line again.
    Line,
    End,
}

/// The thread that syncs. It ends with this value.
#[derive(Debug)]
pub struct Latar {
    nudge: Sender<Nudge>,
    thread: Option<JoinHandle<()>>,
}

impl Latar {
    /// Begins. The first sync comes after a few seconds: whoever opens the application is not kept waiting by it.
    ///
    /// # Errors
    /// [`Error::File`] where the system gives no thread.
    pub fn start(app: Arc<Mutex<App>>) -> Result<Self, Error> {
        let (nudge, nudges) = channel();
        let thread = std::thread::Builder::new().name("latar".into()).spawn(move || work(&app, &nudges));
        let thread = thread.map_err(Error::file(std::path::Path::new("latar")))?;
        Ok(Self { nudge, thread: Some(thread) })
    }

    /// The line has come back: sync soon.
    pub fn line_is_back(&self) {
        // A thread that has ended needs no nudge.
        let _ = self.nudge.send(Nudge::Line);
    }
}

impl Drop for Latar {
    fn drop(&mut self) {
        let _ = self.nudge.send(Nudge::End);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Seconds between two looks at whether something was recorded.
const LOOK_S: u64 = 60;

fn work(app: &Mutex<App>, nudges: &Receiver<Nudge>) {
    let mut schedule = Schedule::default();
    let mut wait = schedule.line_is_back(chance());
    let mut news = false;
    loop {
        let step = wait.min(LOOK_S);
        match nudges.recv_timeout(Duration::from_secs(step)) {
            Ok(Nudge::Line) => wait = schedule.line_is_back(chance()),
            Ok(Nudge::End) | Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) if step < wait => {
                wait -= step;
                if !news && lock(app).store.outbox_count().is_ok_and(|count| count > 0) {
                    news = true;
                    wait = wait.min(schedule.after_news());
                }
            }
            Err(RecvTimeoutError::Timeout) => {
                // Before a device belongs to a kelurahan there is nobody to ask.
                let belongs = lock(app).kelurahan().is_some();
                wait = schedule.after(if belongs { once(app) } else { Outcome::Done }, chance());
                news = false;
            }
        }
    }
}

fn once(app: &Mutex<App>) -> Outcome {
    match sinkron(app) {
        Ok(hasil) if hasil.menunggu == 0 => Outcome::Done,
        // Somebody pressed the button just now.
        Ok(_) | Err(Error::SedangKirim) => Outcome::Waits,
        Err(Error::RelaySibuk { detik }) => Outcome::Failed(Some(detik)),
        Err(_) => Outcome::Failed(None),
    }
}

fn chance() -> u32 {
    // Without randomness all come at once; that is a pity and no reason not to sync.
    acak::bytes().map_or(0, u32::from_be_bytes)
}
