//! The story's clock: it is set from chapter to chapter, and a second passes whenever somebody looks.
//!
//! So entries of one day have an order, and two runs of the demo have the same times.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use domain::clock::Clock;
use jiff::{SignedDuration, Timestamp};

/// A clock that can be set forward.
#[derive(Debug)]
pub(super) struct StoryClock {
    now: Mutex<Timestamp>,
    stands: AtomicBool,
}

impl StoryClock {
    /// A clock that begins at `at`.
    pub(super) fn new(at: Timestamp) -> Self {
        Self { now: Mutex::new(at), stands: AtomicBool::new(false) }
    }

    /// Sets the clock; it never goes back.
    pub(super) fn set(&self, at: Timestamp) {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        *now = at.max(*now);
    }

    /// Whether the clock stands still, whoever looks.
    pub(super) fn stand_still(&self, stands: bool) {
        self.stands.store(stands, Ordering::SeqCst);
    }

    /// The time, without letting any pass.
    pub(super) fn peek(&self) -> Timestamp {
        *self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for StoryClock {
    fn now(&self) -> Timestamp {
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.stands.load(Ordering::SeqCst) {
            *now = now.checked_add(SignedDuration::from_secs(1)).unwrap_or(*now);
        }
        *now
    }
}
