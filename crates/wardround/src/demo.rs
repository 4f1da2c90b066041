//! `wardround demo`: half a year of an invented maker, lived through in seconds, on loopback only.
//!
//! | File | What |
//! |---|---|
//! | `story` | the chapters, in order; what is decided and what is told |
//! | `bench` | the workspace they act on, and the steps they share |
//! | `clock` | the story's clock |
//! | `upstream` | our own small upstream: a server that answers as each source does on the story's day |
//! | `tell` | headings and paragraphs of at most a hundred columns |
//!
//! All data lie under `examples/demo` and are carried by the program. Whatever a chapter says is read from what the use
//! cases return: where a figure or a reason stands in the text, it is the program's own.

mod bench;
mod clock;
mod story;
mod tell;
mod upstream;

use std::io::Write;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, Result, bail};

use bench::Bench;
use tell::Teller;

/// Makes a workspace in `dir`, lives through the story, and tells it on `out`.
pub(crate) fn run(dir: &Path, out: &mut dyn Write) -> Result<()> {
    if dir.exists() {
        bail!("make the demo in {}: it exists already; name another folder, or remove it first", dir.display());
    }
    let began = Instant::now();
    let mut tell = Teller::new(out);
    story::opening(&mut tell, dir)?;
    let mut bench = Bench::set_up(dir).with_context(|| format!("make the demo in {}", dir.display()))?;
    for chapter in story::CHAPTERS {
        chapter(&mut bench, &mut tell)?;
    }
    story::ending(&bench, &mut tell, dir, began.elapsed())
}
