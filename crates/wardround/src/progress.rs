//! Progress bars for what takes longer than a moment. Off when standard error is no terminal, or with `--quiet`.

use std::time::Duration;

use domain::model::source::SourceId;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Shows how far fetches have come.
pub(crate) struct Progress {
    bar: ProgressBar,
    shown: Option<SourceId>,
}

impl Progress {
    /// A bar on standard error; indicatif hides it where that is no terminal.
    pub(crate) fn new(quiet: bool) -> Self {
        let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(None, target);
        bar.enable_steady_tick(Duration::from_millis(120));
        Self { bar, shown: None }
    }

    /// Hears about a source.
    pub(crate) fn hear(&mut self, source: &SourceId, done: u64, of: Option<u64>, what: &str) {
        if self.shown.as_ref() != Some(source) {
            self.shown = Some(source.clone());
            self.bar.reset();
        }
        let template = if of.is_some() {
            "{spinner} {prefix:<14} {bar:30} {pos}/{len} {msg} {elapsed}"
        } else {
            "{spinner} {prefix:<14} {pos} {msg} {elapsed}"
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.bar.set_style(style);
        }
        if let Some(of) = of {
            self.bar.set_length(of);
        }
        self.bar.set_prefix(source.to_string());
        self.bar.set_message(what.to_owned());
        self.bar.set_position(done);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
