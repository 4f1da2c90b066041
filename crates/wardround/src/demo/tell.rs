//! How the story is told: headings, paragraphs, points and labelled lines, at most a hundred columns wide.

use std::io::Write;

use anyhow::Result;
use owo_colors::OwoColorize as _;
use store::records::FindingHistory;

use app::evidence::page::score;

use crate::output::wrapped;

/// Widest line, in characters.
const WIDTH: usize = 98;
/// Width of the labels before labelled lines.
const LABEL: usize = 10;

/// Writes the story.
pub(super) struct Teller<'o> {
    out: &'o mut dyn Write,
}

impl<'o> Teller<'o> {
    /// A teller that writes on `out`.
    pub(super) fn new(out: &'o mut dyn Write) -> Self {
        Self { out }
    }

    /// The beginning of a chapter: when, and what it is about.
    pub(super) fn chapter(&mut self, when: &str, about: &str) -> Result<()> {
        writeln!(self.out, "\n{}  {}", when.cyan().bold(), about.bold())?;
        Ok(self.out.flush()?)
    }

    /// A heading by itself.
    pub(super) fn title(&mut self, words: &str) -> Result<()> {
        Ok(writeln!(self.out, "\n{}", words.bold())?)
    }

    /// A paragraph.
    pub(super) fn say(&mut self, text: impl AsRef<str>) -> Result<()> {
        for line in wrapped(text.as_ref(), WIDTH - 2) {
            writeln!(self.out, "  {line}")?;
        }
        Ok(self.out.flush()?)
    }

    /// One of several things.
    pub(super) fn point(&mut self, text: impl AsRef<str>) -> Result<()> {
        for (index, line) in wrapped(text.as_ref(), WIDTH - 4).into_iter().enumerate() {
            writeln!(self.out, "  {} {line}", if index == 0 { "•" } else { " " })?;
        }
        Ok(self.out.flush()?)
    }

    /// A label and its value.
    pub(super) fn line(&mut self, label: &str, text: impl AsRef<str>) -> Result<()> {
        for (index, line) in wrapped(text.as_ref(), WIDTH - LABEL - 5).into_iter().enumerate() {
            let label = if index == 0 { label } else { "" };
            writeln!(self.out, "    {} {line}", format!("{label:<LABEL$}").dimmed())?;
        }
        Ok(())
    }

    /// What somebody else says.
    pub(super) fn quote(&mut self, text: &str) -> Result<()> {
        for line in wrapped(&format!("“{text}”"), WIDTH - 4) {
            writeln!(self.out, "    {}", line.italic())?;
        }
        Ok(())
    }

    /// A command to type.
    pub(super) fn command(&mut self, command: &str) -> Result<()> {
        Ok(writeln!(self.out, "    {}", command.green())?)
    }

    /// Why a finding is one: the strongest reason, part by part.
    pub(super) fn reason(&mut self, history: &FindingHistory) -> Result<()> {
        let matched = &history.matched;
        let Some(reason) = matched.reasons.first() else { return Ok(()) };
        let row = &history.row;
        self.line(
            &row.id.to_string(),
            format!("{} in {}, {}", matched.vulnerability, row.component_label, row.release),
        )?;
        self.line("identity", without_qualifiers(&reason.identity))?;
        self.line("version", format!("{} lies in {}, by {} order", reason.version, reason.range, reason.order))?;
        self.line("record", format!("{} of {}, {}, at {}", reason.record, reason.source, reason.fix.0, reason.place))?;
        let known = matched.known_exploited.as_ref().map(|since| format!(", known exploited since {since}"));
        self.line("weight", format!("CVSS {}{}", score(matched.score_tenths), known.unwrap_or_default()))
    }
}

/// An identity without a purl's qualifiers, which `finding explain` shows.
fn without_qualifiers(identity: &str) -> String {
    let (purl, rest) =
        identity.split_once(' ').map_or((identity, String::new()), |(purl, rest)| (purl, format!(" {rest}")));
    let name = if purl.starts_with("pkg:") { purl.split('?').next().unwrap_or(purl) } else { purl };
    format!("{}{rest}", name.replace("%2B", "+"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words_and_count_characters() {
        assert_eq!(wrapped("Änderung über Nacht", 8), ["Änderung", "über", "Nacht"]);
        assert_eq!(wrapped("Änderung über Nacht", 13), ["Änderung über", "Nacht"]);
        assert_eq!(wrapped("", 8), [""]);
    }
}
