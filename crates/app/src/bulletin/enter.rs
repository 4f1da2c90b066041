//! Entering a bulletin by hand: the file as received, and what belongs to it.

use std::path::{Path, PathBuf};

use domain::model::advisory::{Advisory, Mention, MentionKind};
use domain::model::journal::{Bulletin, Event};
use domain::model::raw::Digest;
use domain::model::source::{Family, SourceId};
use domain::model::tlp::Tlp;
use domain::normalise::{self, Context, Format};

use crate::error::{Error, Result};
use crate::workspace::Workspace;

/// Largest file that is taken in.
pub(crate) const LARGEST: u64 = 64 << 20;

/// What is said about a bulletin when it is entered.
#[derive(Debug, Clone)]
pub struct NewBulletin<'a> {
    /// The file: a text, a mail, a STIX bundle, a PDF, whatever was received.
    pub file: &'a Path,
    /// Files that belong to it.
    pub attachments: &'a [PathBuf],
    /// Who published it.
    pub provider: &'a str,
    /// Its title; the file's own, else its first line, where none is given.
    pub title: Option<&'a str>,
    /// Its mark. Unmarked private reports are AMBER (TLP 2.0 handling).
    pub tlp: Option<Tlp>,
}

/// Enters a bulletin. What its text names are mentions, never matches. TLP:RED is refused: it is for named recipients and must
/// not enter a shared store by the hand of one of them.
pub fn add(workspace: &mut Workspace, new: &NewBulletin<'_>, actor: &str) -> Result<Bulletin> {
    let bytes = read(new.file)?;
    let attached: Vec<(String, Vec<u8>)> =
        new.attachments.iter().map(|file| Ok((file_name(file), read(file)?))).collect::<Result<_>>()?;
    let understood = understand(&file_name(new.file), &bytes);
    let parts: Vec<Understood> = attached.iter().map(|(name, bytes)| understand(name, bytes)).collect();
    let stated = parts.iter().map(|part| part.tlp).fold(understood.tlp, Option::max);
    let tlp = new.tlp.or(stated).unwrap_or(Tlp::Amber);
    if tlp == Tlp::Red {
        return Err(Error::refused(
            "take in a bulletin marked TLP:RED: it is for named recipients only and stays out of shared records",
        ));
    }
    let named = understood.mentions.iter().chain(parts.iter().flat_map(|part| &part.mentions));
    let mut mentions: Vec<String> = of_vulnerabilities(named).collect();
    mentions.sort();
    mentions.dedup();
    let bulletin = Bulletin {
        number: workspace.records.next_bulletin_number()?,
        file: workspace.archive.put(&bytes)?,
        file_name: file_name(new.file),
        provider: new.provider.to_owned(),
        title: new.title.map_or(understood.title, str::to_owned),
        tlp,
        received: workspace.now(),
        mentions,
        attachments: attached
            .iter()
            .map(|(name, bytes)| Ok((name.clone(), workspace.archive.put(bytes)?)))
            .collect::<Result<_>>()?,
    };
    workspace.append(actor, Event::BulletinAdded(bulletin.clone()))?;
    Ok(bulletin)
}

/// The vulnerabilities that a text names, sorted, each once.
pub(crate) fn vulnerabilities(text: &str) -> Vec<String> {
    of_vulnerabilities(&normalise::mentions(text)).collect()
}

fn of_vulnerabilities<'m>(mentions: impl IntoIterator<Item = &'m Mention>) -> impl Iterator<Item = String> {
    let named = mentions.into_iter().filter(|mention| mention.kind == MentionKind::Vulnerability);
    named.map(|mention| mention.text.clone())
}

/// Everything that a bulletin's file and attachments name, read again from the archive.
pub fn mentions(workspace: &Workspace, bulletin: &Bulletin) -> Result<Vec<Mention>> {
    let main = (bulletin.file_name.clone(), bulletin.file);
    let mut found = Vec::new();
    for (name, file) in std::iter::once(&main).chain(&bulletin.attachments) {
        found.extend(understand(name, &workspace.archive.read(file)?).mentions);
    }
    found.sort();
    found.dedup();
    Ok(found)
}

fn read(file: &Path) -> Result<Vec<u8>> {
    let size = file.metadata().map_err(Error::file("read", file))?.len();
    if size > LARGEST {
        return Err(Error::refused(format!("take in {}: it has {size} bytes, the limit is {LARGEST}", file.display())));
    }
    std::fs::read(file).map_err(Error::file("read", file))
}

fn file_name(file: &Path) -> String {
    file.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// What a file says, as far as it can be read.
struct Understood {
    title: String,
    tlp: Option<Tlp>,
    mentions: Vec<Mention>,
}

/// Reads a mail, STIX objects or a MISP event as such, and anything else as text.
fn understand(name: &str, bytes: &[u8]) -> Understood {
    let ending = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let formats: &[Format] = match ending.as_str() {
        "eml" => &[Format::Mail],
        "json" | "stix" => &[Format::Stix, Format::MispEvent],
        _ => &[],
    };
    formats.iter().find_map(|format| structured(*format, bytes)).unwrap_or_else(|| plain(bytes))
}

/// A document of a format of bulletins; none if it is not one.
fn structured(format: Format, bytes: &[u8]) -> Option<Understood> {
    let source = SourceId("bulletin".to_owned());
    let read = |tlp| -> Option<Vec<Advisory>> {
        let (object, family) = (Digest::of(bytes), Family::Bulletin);
        let context = Context { source: &source, family, object, entry: "", from: "", tlp, document: bytes };
        let mut found = Vec::new();
        let visit = &mut |record| found.extend(normalise::translate(format, &record, &context).map(|it| it.value));
        normalise::split(format, bytes, visit).ok()?;
        Some(found)
    };
    let records = read(Tlp::Clear).filter(|records| !records.is_empty())?;
    // What carries no mark itself takes the one it is read under: both readings agree on what is marked.
    let unmarked = read(Tlp::Red)?.iter().zip(&records).all(|(strict, free)| strict.tlp != free.tlp);
    let tlp = if unmarked { None } else { records.iter().map(|record| record.tlp).max() };
    let speaks = |record: &&Advisory| record.id.starts_with("report--") || format != Format::Stix;
    let title = records.iter().find(speaks).or(records.first()).map(|record| record.title.clone()).unwrap_or_default();
    let mentions = records.into_iter().flat_map(|record| record.mentions).collect();
    Some(Understood { title, tlp, mentions })
}

fn plain(bytes: &[u8]) -> Understood {
    let text = String::from_utf8_lossy(bytes);
    Understood { title: first_line(&text), tlp: normalise::stated_mark(&text), mentions: normalise::mentions(&text) }
}

fn first_line(text: &str) -> String {
    let line = text
        .lines()
        .map(|line| line.trim().trim_start_matches('#').trim())
        .find(|line| !line.is_empty() && !line.starts_with("TLP:") && !line.contains('\u{fffd}'));
    line.unwrap_or("untitled").chars().take(140).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_title_is_the_first_line_that_is_no_mark() {
        assert_eq!(
            first_line("TLP:AMBER\n\n# Ransomware against infusion pumps\n…"),
            "Ransomware against infusion pumps"
        );
    }

    #[test]
    fn mails_and_bundles_are_read_as_such_and_anything_else_as_text() {
        let mail = b"From: a@example.org\r\nSubject: TLP:GREEN xz\r\n\r\nCVE-2024-3094\r\n";
        let read = understand("xz.eml", mail);
        assert_eq!((read.title.as_str(), read.tlp, read.mentions.len()), ("TLP:GREEN xz", Some(Tlp::Green), 1));
        let bundle = br#"{"type":"bundle","objects":[{"type":"software","id":"software--1","name":"xz"},{"type":"report","id":"report--1","name":"Back door",
            "object_refs":["software--1"],"object_marking_refs":["marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"]}]}"#;
        let read = understand("xz.stix.json", bundle);
        assert_eq!((read.title.as_str(), read.tlp), ("Back door", Some(Tlp::Green)));
        let unmarked = String::from_utf8_lossy(bundle).replace("bab4a63c", "00000000");
        assert_eq!(understand("xz.json", unmarked.as_bytes()).tlp, None);
        assert_eq!(understand("notes.json", b"{\"a\":\"CVE-2024-3094\"}").mentions.len(), 1);
        assert_eq!(understand("scan.pdf", b"%PDF-1.4\n\xff\xfe").title, "%PDF-1.4");
    }
}
