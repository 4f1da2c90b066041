//! The system's clock: the one place that asks the operating system for the time.

use domain::clock::Clock;
use jiff::Timestamp;

/// The operating system's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the one clock that may ask")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}
