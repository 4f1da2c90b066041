//! What matching keeps of a record: its names and state, its provenance, its best line and its highest score.

use crate::index::alias_cluster::Naming;
use crate::model::advisory::Advisory;
use crate::model::raw::{Digest, RawRef};
use crate::model::source::{Family, SourceId};
use crate::model::tlp::Tlp;

/// Longest title, in characters.
const TITLE: usize = 140;

/// A record without the text that matching does not need.
pub(super) struct Detail {
    /// What it is called, and whether it counts.
    pub(super) naming: Naming,
    /// The source that delivered it.
    pub(super) source: SourceId,
    /// Digest of its bytes.
    pub(super) revision: Digest,
    /// Where its bytes lie.
    pub(super) raw: RawRef,
    /// One line; empty if the record has none.
    pub(super) title: String,
    /// Its highest score in tenths.
    pub(super) score_tenths: Option<u8>,
    /// Date since when the vulnerability is known to be exploited, if the record says so.
    pub(super) known_since: Option<String>,
    /// Who may see it.
    pub(super) tlp: Tlp,
}

impl Detail {
    pub(super) fn of(advisory: Advisory) -> Self {
        let Advisory { source, family, id, revision, raw, aliases, related, state, title, description, .. } = advisory;
        let live = state.is_live();
        Self {
            naming: Naming { id, family, aliases, related, live },
            source,
            revision,
            raw,
            title: one_line(&title, &description),
            score_tenths: advisory.scores.iter().map(|score| score.tenths).max(),
            tlp: advisory.tlp,
            known_since: advisory.exploitation.and_then(|facts| facts.known_since),
        }
    }

    /// Whose title is shown first: the distribution's, the ecosystem's, the numbering authority's, NVD's.
    pub(super) fn title_rank(&self) -> u8 {
        match self.naming.family {
            Family::OsVendor => 0,
            Family::Osv => 1,
            Family::CveList => 2,
            Family::Nvd => 3,
            Family::Csaf => 4,
            Family::National => 5,
            Family::Kev => 6,
            Family::Epss | Family::Bulletin => 7,
        }
    }
}

/// The title, else the first sentence of the description, on one line.
fn one_line(title: &str, description: &str) -> String {
    let stated = squeeze(title.lines().find(|line| !line.trim().is_empty()).unwrap_or_default());
    if !stated.is_empty() {
        return shorten(&stated);
    }
    let prose = description.lines().map(str::trim).find(|line| !line.is_empty() && !line.starts_with('#'));
    let prose = squeeze(prose.unwrap_or_default());
    let end = prose.find(". ").map_or(prose.len(), |at| at + 1);
    shorten(&prose[..end])
}

fn squeeze(text: &str) -> String {
    // One line of two thousand characters is enough to find a sentence in.
    text.chars().take(2_000).collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn shorten(text: &str) -> String {
    match text.char_indices().nth(TITLE) {
        None => text.to_owned(),
        Some(_) => text.chars().take(TITLE - 1).chain(['…']).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::one_line;

    #[test]
    fn a_title_is_one_line_of_at_most_140_characters() {
        assert_eq!(one_line("Remote code execution\nin log4j", "x"), "Remote code execution");
        assert_eq!(one_line(" ", "### Impact\n\nA heap overflow exists. More text."), "A heap overflow exists.");
        assert_eq!(one_line(&"ü".repeat(300), "").chars().count(), 140);
        assert_eq!(one_line("", ""), "");
    }
}
