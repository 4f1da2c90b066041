//! Waiting, and time that only measures waiting.

use std::time::{Duration, Instant};

/// Waits, and tells how much time has passed. A test's double lets it pass at once.
pub trait Sleeper: Send + Sync {
    /// Time since some fixed beginning.
    fn elapsed(&self) -> Duration;
    /// Returns after `wait`.
    fn sleep(&self, wait: Duration);
}

/// Blocks the thread.
#[derive(Debug)]
pub struct ThreadSleeper {
    began: Instant,
}

impl Default for ThreadSleeper {
    fn default() -> Self {
        Self { began: Instant::now() }
    }
}

impl Sleeper for ThreadSleeper {
    fn elapsed(&self) -> Duration {
        self.began.elapsed()
    }

    fn sleep(&self, wait: Duration) {
        std::thread::sleep(wait);
    }
}
