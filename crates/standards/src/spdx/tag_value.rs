//! The tag-value serialisation of SPDX 2.x: one `Tag: value` a line, `<text>…</text>` over several, order matters.
//!
//! In: text. Out: a [`Document`], always: a line that is no tag, or a tag we do not use, says nothing about packages and is
//! passed over. `PackageName` begins a package, `FileName` a file, `SnippetSPDXID` a snippet; what follows belongs to it.
//! A `Relationship` names both its ends and may stand anywhere.

use std::borrow::Cow;

use super::{Checksum, Count, CreationInfo, Document, ExternalRef, Package, Relationship};
use crate::lenient::{Lax, List, Text};

/// Reads the tag-value serialisation.
pub fn from_tag_value(text: &str) -> Document<'_> {
    let mut reader = Reader::default();
    let mut lines = Lines { rest: text };
    while let Some((tag, value)) = lines.next_pair() {
        reader.take(tag, value);
    }
    reader.finish()
}

/// Cuts a document into tags and values.
struct Lines<'a> {
    rest: &'a str,
}

impl<'a> Lines<'a> {
    fn next_pair(&mut self) -> Option<(&'a str, &'a str)> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            let (line, after) = self.rest.split_once('\n').unwrap_or((self.rest, ""));
            let pair = line.split_once(':').filter(|_| !line.trim_start().starts_with('#'));
            let Some((tag, value)) = pair else {
                self.rest = after;
                continue;
            };
            let value = value.trim();
            if !value.starts_with("<text>") {
                self.rest = after;
                return Some((tag.trim(), value));
            }
            return Some((tag.trim(), self.long_text(line, after)));
        }
    }

    /// A value between `<text>` and `</text>`. Without an end it is the rest of the line, lest it swallow the document.
    fn long_text(&mut self, line: &'a str, after: &'a str) -> &'a str {
        let start = line.find("<text>").map_or(line.len(), |at| at + "<text>".len());
        let body = &self.rest[start..];
        if let Some(end) = body.find("</text>") {
            let behind = &body[end..];
            self.rest = behind.split_once('\n').map_or("", |(_, after)| after);
            body[..end].trim()
        } else {
            self.rest = after;
            line[start..].trim()
        }
    }
}

/// Which element the current line belongs to.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
enum Section {
    #[default]
    Document,
    Package,
    /// Files, snippets, licences, annotations: nothing of theirs is used.
    Other,
}

#[derive(Default)]
struct Reader<'a> {
    document: Document<'a>,
    creation: CreationInfo<'a>,
    package: Package<'a>,
    section: Section,
    files: u64,
    others: u64,
}

impl<'a> Reader<'a> {
    fn take(&mut self, tag: &'a str, value: &'a str) {
        match tag {
            "PackageName" => {
                self.enter(Section::Package);
                self.package.name = text(value);
            }
            "FileName" => {
                self.enter(Section::Other);
                self.files += 1;
            }
            "SnippetSPDXID" | "SnippetSPDXIdentifier" | "LicenseID" => self.enter(Section::Other),
            "Relationship" => push(&mut self.document.relationships, relationship(value)),
            _ if self.section == Section::Document => self.take_document(tag, value),
            _ if self.section == Section::Package => self.take_package(tag, value),
            _ => {}
        }
    }

    fn take_document(&mut self, tag: &str, value: &'a str) {
        match tag {
            "SPDXVersion" => self.document.spdx_version = text(value),
            "DocumentNamespace" => self.document.document_namespace = text(value),
            "ExternalDocumentRef" => self.others += 1,
            "Creator" => push(&mut self.creation.creators, Cow::Borrowed(value)),
            "Created" => self.creation.created = text(value),
            _ => {}
        }
    }

    fn take_package(&mut self, tag: &str, value: &'a str) {
        let package = &mut self.package;
        match tag {
            "SPDXID" => package.id = text(value),
            "PackageVersion" => package.version_info = text(value),
            "PackageSupplier" => package.supplier = text(value),
            "PackageOriginator" => package.originator = text(value),
            "PackageChecksum" => push(&mut package.checksums, checksum(value)),
            "PackageLicenseConcluded" => package.license_concluded = text(value),
            "PackageLicenseDeclared" => package.license_declared = text(value),
            "ExternalRef" => push(&mut package.external_refs, external_ref(value)),
            "PackageSourceInfo" => package.source_info = text(value),
            "PrimaryPackagePurpose" => package.primary_package_purpose = text(value),
            "ValidUntilDate" => package.valid_until_date = text(value),
            _ => {}
        }
    }

    fn enter(&mut self, section: Section) {
        if self.section == Section::Package {
            push(&mut self.document.packages, std::mem::take(&mut self.package));
        }
        self.section = section;
    }

    fn finish(mut self) -> Document<'a> {
        self.enter(Section::Other);
        self.document.creation_info = Lax::Value(self.creation);
        self.document.files = Lax::Value(Count(self.files));
        self.document.external_document_refs = Lax::Value(Count(self.others));
        self.document
    }
}

fn text(value: &str) -> Text<'_> {
    Lax::Value(Cow::Borrowed(value))
}

fn push<T>(list: &mut List<T>, element: T) {
    match list {
        Lax::Value(elements) => elements.push(Lax::Value(element)),
        Lax::Absent | Lax::Wrong(_) => *list = Lax::Value(vec![Lax::Value(element)]),
    }
}

/// `SHA256: 11b6d3ee…`.
fn checksum(value: &str) -> Checksum<'_> {
    let (algorithm, digits) = value.split_once(':').unwrap_or(("", value));
    Checksum { algorithm: text(algorithm.trim()), checksum_value: text(digits.trim()) }
}

/// `SECURITY cpe23Type cpe:2.3:…`: category, type, locator. The locator may hold spaces where its writer did not escape.
fn external_ref(value: &str) -> ExternalRef<'_> {
    let mut parts = value.splitn(3, char::is_whitespace).map(str::trim);
    let _category = parts.next();
    ExternalRef {
        reference_type: text(parts.next().unwrap_or_default()),
        reference_locator: text(parts.next().unwrap_or_default()),
    }
}

/// `SPDXRef-DOCUMENT DESCRIBES SPDXRef-Package`. Identifiers with spaces occur; the type is the first word in capitals.
fn relationship(value: &str) -> Relationship<'_> {
    let words: Vec<&str> = value.split_whitespace().collect();
    let is_type = |word: &&str| word.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'_');
    let at = words.iter().skip(1).position(is_type).map_or(1, |at| at + 1).min(words.len());
    let word = words.get(at).copied().unwrap_or_default();
    let (left, right) = value.split_once(word).filter(|_| !word.is_empty()).unwrap_or((value, ""));
    Relationship {
        spdx_element_id: text(left.trim()),
        relationship_type: text(word),
        related_spdx_element: text(right.trim()),
    }
}
