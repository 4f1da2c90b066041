//! Progress bars for what takes longer than a moment, one for each source. Off when standard error is no terminal, or with
//! `--quiet`.

use std::collections::BTreeMap;
use std::time::Duration;

use domain::model::source::SourceId;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Shows how far fetches have come.
pub(crate) struct Progress {
    all: MultiProgress,
    bars: BTreeMap<SourceId, Bar>,
}

struct Bar {
    bar: ProgressBar,
    /// Whether the end is known, as the style shows it.
    bounded: bool,
}

impl Progress {
    /// Bars on standard error; indicatif hides them where that is no terminal.
    pub(crate) fn new(quiet: bool) -> Self {
        let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        Self { all: MultiProgress::with_draw_target(target), bars: BTreeMap::new() }
    }

    /// Hears about a source; of nothing when it has ended.
    pub(crate) fn hear(&mut self, source: &SourceId, done: u64, of: Option<u64>, what: &str) {
        if what.is_empty() {
            return self.end(source);
        }
        let all = &self.all;
        let shown = self.bars.entry(source.clone()).or_insert_with(|| {
            let bar = all.add(ProgressBar::no_length());
            bar.set_style(style(false));
            bar.set_prefix(source.to_string());
            bar.enable_steady_tick(Duration::from_millis(120));
            Bar { bar, bounded: false }
        });
        if shown.bounded != of.is_some() {
            shown.bounded = of.is_some();
            shown.bar.set_style(style(shown.bounded));
        }
        if let Some(of) = of {
            shown.bar.set_length(of);
        }
        shown.bar.set_message(what.to_owned());
        shown.bar.set_position(done);
    }

    fn end(&mut self, source: &SourceId) {
        if let Some(shown) = self.bars.remove(source) {
            shown.bar.finish_and_clear();
        }
    }
}

fn style(bounded: bool) -> ProgressStyle {
    let template = if bounded {
        "{spinner} {prefix:<18} {bar:30} {pos}/{len} {msg} {elapsed}"
    } else {
        "{spinner} {prefix:<18} {pos} {msg} {elapsed}"
    };
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_spinner())
}

impl Drop for Progress {
    fn drop(&mut self) {
        for shown in self.bars.values() {
            shown.bar.finish_and_clear();
        }
    }
}
