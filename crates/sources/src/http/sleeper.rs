//! Waiting, and time that only measures waiting.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

/// Waits, and tells how much time has passed. A test's double lets it pass at once.
pub trait Sleeper: Send + Sync {
    /// Time since some fixed beginning.
    fn elapsed(&self) -> Duration;
    /// Returns after `wait`.
    fn sleep(&self, wait: Duration);
}

/// Blocks the thread, but not longer than until the program is to stop.
#[derive(Debug)]
pub struct ThreadSleeper {
    began: Instant,
    stop: Arc<AtomicBool>,
}

impl ThreadSleeper {
    /// How soon a sleeper notices that the program is to stop.
    const STEP: Duration = Duration::from_millis(100);

    /// Sleeps until `stop` is set at most.
    pub fn until(stop: Arc<AtomicBool>) -> Self {
        Self { began: Instant::now(), stop }
    }
}

impl Sleeper for ThreadSleeper {
    fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    fn sleep(&self, wait: Duration) {
        let until = self.began.elapsed() + wait;
        while !self.stop.load(Ordering::Relaxed) {
            let left = until.saturating_sub(self.began.elapsed());
            if left.is_zero() {
                return;
            }
            std::thread::sleep(left.min(Self::STEP));
        }
    }
}
