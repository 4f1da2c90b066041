//! Names in free text: what a bulletin mentions. A lead for a person, never a match.
//!
//! Found are identifiers of vulnerabilities and advisories whose form cannot be mistaken, package URLs and CPE names, each
//! once and in one spelling however often and wherever the text has them: in a sentence, in a link, in another name.
//! Hyphens that a word processor has put in place of plain ones are read as hyphens.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use regex::Regex;
use standards::cpe::Cpe;
use standards::purl::Purl;

use crate::model::advisory::{Mention, MentionKind};

/// Most mentions of one text: a list of all CVEs mentions nothing.
const MOST: usize = 10_000;

/// Longest number of a CVE (CVE Record Format 5, `cveId`).
const CVE_DIGITS: usize = 19;

/// Everything that `text` names, sorted, each once.
pub fn mentions(text: &str) -> Vec<Mention> {
    let text = plain_hyphens(text);
    let mut found = Mentions::default();
    found.text(&text);
    found.sorted()
}

/// Mentions in the making.
#[derive(Debug, Default)]
pub(super) struct Mentions(BTreeSet<Mention>);

impl Mentions {
    /// Adds what a text names.
    pub(super) fn text(&mut self, text: &str) {
        let text = plain_hyphens(text);
        for found in IDENTIFIERS.find_iter(&text) {
            if let Some(id) = canonical(found.as_str()) {
                self.add(MentionKind::Vulnerability, id);
            }
        }
        PURL.find_iter(&text).for_each(|found| self.purl(found.as_str()));
        CPE.find_iter(&text).for_each(|found| self.cpe(found.as_str()));
    }

    /// Adds an identifier from a field that holds one; whatever else stands there is read as text.
    pub(super) fn identifier(&mut self, text: &str) {
        self.text(text);
    }

    /// Adds a package URL, if it is one. What a sentence has put behind it is left out.
    pub(super) fn purl(&mut self, text: &str) {
        let text = text.trim_end_matches(['.', ',', ';', ':', '!', '?', '*', '_']);
        if let Ok(purl) = Purl::parse(text) {
            self.add(MentionKind::Purl, purl.to_string());
        }
    }

    /// Adds a CPE name in either binding, if it is one.
    pub(super) fn cpe(&mut self, text: &str) {
        let text = text.trim_end_matches(['.', ',', ';', ':', '!', '?']);
        match Cpe::repair(text) {
            // A name that ends in the middle of a sentence is no name: a formatted string has all its attributes.
            Ok((_, repairs)) if !text.starts_with("cpe:/") && !repairs.is_empty() => {}
            Ok((cpe, _)) => self.add(MentionKind::Cpe, cpe.to_formatted()),
            Err(_) => {}
        }
    }

    /// Adds a product by its vendor, name and version, as far as they are stated: `Vendor: Name 1.0`.
    pub(super) fn product(&mut self, vendor: &str, name: &str, version: &str) {
        let line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let (vendor, name, version) = (line(vendor), line(name), line(version));
        if !name.is_empty() {
            let vendor = if vendor.is_empty() { vendor } else { format!("{vendor}: ") };
            let text = format!("{vendor}{name} {version}");
            self.add(MentionKind::Product, text.trim().chars().take(300).collect());
        }
    }

    /// Adds what was found elsewhere.
    pub(super) fn all<'m>(&mut self, others: impl IntoIterator<Item = &'m Mention>) {
        others.into_iter().for_each(|mention| self.add(mention.kind, mention.text.clone()));
    }

    /// The mentions, sorted.
    pub(super) fn sorted(self) -> Vec<Mention> {
        self.0.into_iter().collect()
    }

    fn add(&mut self, kind: MentionKind, text: String) {
        if self.0.len() < MOST {
            self.0.insert(Mention { kind, text });
        }
    }
}

/// Identifiers, in whatever case; [`canonical`] has the last word.
static IDENTIFIERS: LazyLock<Regex> = LazyLock::new(|| {
    let forms = [
        r"[Cc][Vv][Ee]-[0-9]{4}-[0-9]{4,20}",
        r"[Gg][Hh][Ss][Aa](?:-[0-9A-Za-z]{4}){3}",
        r"[Ee][Uu][Vv][Dd]-[0-9]{4}-[0-9]{1,10}",
        r"[Ii][Cc][Ss][Mm]?[Aa]-[0-9]{2}-[0-9]{3}-[0-9]{2}[A-Za-z]?",
        r"(?:RH[SBE]A|CESA)-[0-9]{4}:[0-9]{4,6}",
        r"(?:ELSA|ELBA)-[0-9]{4}-[0-9]{4,6}",
        r"(?:AL[SBE]A|RL[SBE]A|RXSA)-[0-9]{4}:[0-9]{4,6}",
        r"(?:open)?SUSE-[SRFO]U-[0-9]{4}:[0-9]{1,6}-[0-9]{1,3}",
        r"(?:DSA|DLA)-[0-9]{3,5}(?:-[0-9]{1,2})?",
        r"USN-[0-9]{3,5}-[0-9]{1,2}",
        r"ALAS(?:2|2022|2023)?-[0-9]{4}-[0-9]{1,5}",
        r"GLSA[- ][0-9]{6}-[0-9]{2}",
        r"(?:RUSTSEC|PYSEC|GO|MAL)-[0-9]{4}-[0-9]{1,6}",
        r"VU#[0-9]{5,6}",
        r"(?:JVNDB-[0-9]{4}-[0-9]{6}|JVN(?:VU)?#[0-9]{8})",
        r"(?:SSA|SHSA)-[0-9]{6}",
        r"WID-SEC-[0-9]{4}-[0-9]{4}",
        r"NCSC-[0-9]{4}-[0-9]{4}",
        r"[Cc]isco-[Ss][Aa]-[0-9A-Za-z][0-9A-Za-z-]{3,60}",
        r"ZDI-[0-9]{2}-[0-9]{3,4}",
        r"ADV[0-9]{6}",
    ];
    pattern(&format!(r"\b(?:{})\b", forms.join("|")))
});

static PURL: LazyLock<Regex> =
    LazyLock::new(|| pattern(r#"\bpkg:[A-Za-z][A-Za-z0-9.+-]{0,40}/[^\s<>"'`()\[\]{}|,;\\]{1,500}"#));

static CPE: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r#"\bcpe:(?:2\.3:[aho*-](?::(?:\\[!-~]|[^\s<>"'`:\\,;(){}\[\]]){1,200}){1,10}|/[aho](?::[^\s<>"'`:,;(){}\[\]]{0,200}){1,6})"#,
    )
});

/// A pattern that stands in this file.
fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("the patterns of this file are read by its tests")
}

/// The one spelling of an identifier; none if it is too long to be one.
fn canonical(found: &str) -> Option<String> {
    let upper = found.to_ascii_uppercase();
    if upper.starts_with("CVE-") {
        let digits = upper.rsplit('-').next().map_or(0, str::len);
        return (digits <= CVE_DIGITS).then_some(upper);
    }
    if let Some(tail) = upper.strip_prefix("GHSA") {
        return Some(format!("GHSA{}", tail.to_ascii_lowercase()));
    }
    if upper.starts_with("CISCO-SA-") {
        return Some(format!("cisco-sa-{}", &found[9..]));
    }
    if upper.starts_with("OPENSUSE-") {
        return Some(found.to_owned());
    }
    Some(upper.replace(' ', "-"))
}

/// The text with the hyphens and dashes of word processors made plain, where it has any.
fn plain_hyphens(text: &str) -> std::borrow::Cow<'_, str> {
    const OTHERS: [char; 5] = ['\u{2010}', '\u{2011}', '\u{2012}', '\u{2013}', '\u{ad}'];
    if text.contains(OTHERS) { text.replace(OTHERS, "-").into() } else { text.into() }
}

#[cfg(test)]
mod tests;
