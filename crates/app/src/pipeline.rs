//! The main job in the order of the data: one call per arrow.
//!
//! ```text
//! sources ─► archive ─► normalise ─► knowledge ─► matching ─► assess ─► review ─► evidence
//!   sync::sync  ingest::Ingest            run::run      assess::judge  review::*   evidence::*
//! ```

use crate::error::Result;
use crate::run::{self, RunReport};
use crate::sync::{self, Progress, SyncReport};
use crate::workspace::Workspace;

/// What one turn of the pipeline brought.
#[derive(Debug)]
pub struct Turn {
    /// Every source that was asked.
    pub syncs: Vec<SyncReport>,
    /// The monitoring run.
    pub run: RunReport,
}

/// Fetches what is due from every source, then holds every release against what is known: `wardround run --sync`.
pub fn turn(workspace: &mut Workspace, progress: &mut Progress<'_>) -> Result<Turn> {
    let syncs = sync::sync(workspace, &sync::Selection::Due, progress)?;
    let run = run::run(workspace)?;
    Ok(Turn { syncs, run })
}
