//! Bulletins of sharing centres, suppliers and researchers: kept as received, with their mark and what they mention.

use std::path::Path;

use domain::model::journal::{Bulletin, Event};
use domain::model::tlp::Tlp;

use crate::error::{Error, Result};
use crate::workspace::Workspace;

/// Largest bulletin that is taken in.
pub(crate) const LARGEST: u64 = 64 << 20;

/// What is said about a bulletin when it is entered.
#[derive(Debug, Clone)]
pub struct NewBulletin<'a> {
    /// The file.
    pub file: &'a Path,
    /// Who published it.
    pub provider: &'a str,
    /// Its title; the file's first line where none is given.
    pub title: Option<&'a str>,
    /// Its mark. Unmarked private reports are AMBER (TLP 2.0 handling).
    pub tlp: Option<Tlp>,
}

/// Enters a bulletin. CVE numbers in its text are mentions, never matches. TLP:RED is refused: it is for named recipients
/// and must not enter a shared store.
pub fn add(workspace: &mut Workspace, new: &NewBulletin<'_>, actor: &str) -> Result<Bulletin> {
    let size = new.file.metadata().map_err(Error::file("read", new.file))?.len();
    if size > LARGEST {
        return Err(Error::refused(format!(
            "take in {}: it has {size} bytes, the limit is {LARGEST}",
            new.file.display()
        )));
    }
    let bytes = std::fs::read(new.file).map_err(Error::file("read", new.file))?;
    let text = String::from_utf8_lossy(&bytes);
    let tlp = new.tlp.or_else(|| stated_tlp(&text)).unwrap_or(Tlp::Amber);
    if tlp == Tlp::Red {
        return Err(Error::refused(
            "take in a bulletin marked TLP:RED: it is for named recipients only and stays out of shared records",
        ));
    }
    let bulletin = Bulletin {
        number: workspace.records.next_bulletin_number()?,
        file: workspace.archive.put(&bytes)?,
        file_name: new.file.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        provider: new.provider.to_owned(),
        title: new.title.map_or_else(|| first_line(&text), str::to_owned),
        tlp,
        received: workspace.now(),
        mentions: mentions(&text),
    };
    workspace.append(actor, Event::BulletinAdded(bulletin.clone()))?;
    Ok(bulletin)
}

/// The strictest mark that the text itself states.
pub(crate) fn stated_tlp(text: &str) -> Option<Tlp> {
    let upper = text.to_ascii_uppercase();
    upper
        .match_indices("TLP:")
        .filter_map(|(at, _)| {
            let label: String =
                upper[at + 4..].trim_start().chars().take_while(|c| c.is_ascii_alphabetic() || *c == '+').collect();
            label.trim_end_matches('+').parse().ok()
        })
        .max()
}

fn first_line(text: &str) -> String {
    let line = text
        .lines()
        .map(|line| line.trim().trim_start_matches('#').trim())
        .find(|line| !line.is_empty() && !line.starts_with("TLP:"));
    line.unwrap_or("untitled").chars().take(140).collect()
}

/// CVE numbers in a text, sorted, each once.
pub(crate) fn mentions(text: &str) -> Vec<String> {
    let upper = text.to_ascii_uppercase();
    let mut found: Vec<String> = upper.match_indices("CVE-").filter_map(|(at, _)| cve(&upper[at..])).collect();
    found.sort();
    found.dedup();
    found
}

/// The CVE number at the beginning of a text: four digits of the year, four or more of the number.
fn cve(text: &str) -> Option<String> {
    let digits = |from: &str| from.chars().take_while(char::is_ascii_digit).count();
    let year = text.get(4..)?;
    if digits(year) != 4 || !year[4..].starts_with('-') {
        return None;
    }
    let number = digits(&year[5..]);
    (4..=19).contains(&number).then(|| text[..9 + number].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mentions_are_found_in_any_spelling_and_listed_once() {
        let text = "Exploitation of cve-2021-44228 (see CVE-2021-44228, CVE-2021-45046). Not a number: CVE-2021-12, CVE-21-44228.";
        assert_eq!(mentions(text), ["CVE-2021-44228", "CVE-2021-45046"]);
    }

    #[test]
    fn the_strictest_mark_in_the_text_counts() {
        assert_eq!(stated_tlp("TLP:GREEN header, body TLP:AMBER+STRICT."), Some(Tlp::AmberStrict));
        assert_eq!(stated_tlp("no mark"), None);
        assert_eq!(stated_tlp("TLP: amber"), Some(Tlp::Amber));
    }

    #[test]
    fn the_title_is_the_first_line_that_is_no_mark() {
        assert_eq!(
            first_line("TLP:AMBER\n\n# Ransomware against infusion pumps\n…"),
            "Ransomware against infusion pumps"
        );
    }
}
