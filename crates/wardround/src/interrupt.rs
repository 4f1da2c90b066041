//! SIGINT and SIGTERM: the first asks for a clean end, the second ends at once.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::{Context as _, Result};
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

/// Exit code of a program that a second signal ends, as shells have it: 128 and SIGINT's number.
const AT_ONCE: i32 = 130;

/// Is set when the program is told to stop.
pub(crate) fn flag() -> Result<Arc<AtomicBool>> {
    let stop = Arc::<AtomicBool>::default();
    for signal in [SIGINT, SIGTERM] {
        let first = flag::register_conditional_shutdown(signal, AT_ONCE, Arc::clone(&stop));
        first.and_then(|_| flag::register(signal, Arc::clone(&stop))).context("listen for signals")?;
    }
    Ok(stop)
}
