//! What every command needs: the workspace's folder, the clock, the output format.

use std::path::PathBuf;
use std::sync::Arc;

use app::Workspace;
use app::clock::SystemClock;
use domain::clock::{Clock, FixedClock};
use jiff::Timestamp;

use crate::output::Format;

/// Global options, resolved.
pub(crate) struct Context {
    /// The workspace's folder.
    pub(crate) dir: PathBuf,
    /// How results are shown.
    pub(crate) format: Format,
    /// Whether progress is shown.
    pub(crate) quiet: bool,
    /// A set clock; only rehearsals allow it.
    pub(crate) at: Option<Timestamp>,
}

impl Context {
    /// The clock: the system's, or the one that was set.
    pub(crate) fn clock(&self) -> Arc<dyn Clock> {
        self.at.map_or_else(|| Arc::new(SystemClock) as Arc<dyn Clock>, |at| Arc::new(FixedClock(at)))
    }

    /// Refuses a clock that was set where it may not be.
    pub(crate) fn check_clock(&self) -> app::Result<()> {
        if self.at.is_some() { self.refuse_set_clock() } else { Ok(()) }
    }

    /// The workspace, for writing.
    pub(crate) fn write(&self) -> app::Result<Workspace> {
        self.check_clock()?;
        Workspace::open(&self.dir, self.clock())
    }

    /// The workspace, for reading.
    pub(crate) fn read(&self) -> app::Result<Workspace> {
        Workspace::open_reading(&self.dir, self.clock())
    }

    /// A clock that is set may only act on a rehearsal.
    fn refuse_set_clock(&self) -> app::Result<()> {
        let workspace = Workspace::open_reading(&self.dir, Arc::new(SystemClock))?;
        if workspace.rehearsal {
            return Ok(());
        }
        Err(app::Error::Refused(
            "set the clock with --at: only a workspace made with `init --rehearsal` allows that".to_owned(),
        ))
    }
}
