//! Where the entries of a feed lie. Only brackets and names of elements are looked at; what is inside an entry is left alone,
//! except that it has to end.

use std::ops::Range;

use super::FeedError;

/// Entries of a feed that are looked at; feeds hold the newest few dozen.
const MOST: usize = 100_000;

/// What a feed looks like from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outline {
    /// The encoding that the document declares, in lower case; `utf-8` where it declares none.
    pub encoding: String,
    /// Where each `<item>` or `<entry>` lies, with its tags.
    pub entries: Vec<Range<usize>>,
}

/// Finds the entries of a feed.
///
/// # Errors
/// [`FeedError`] when the document is no feed, breaks off, or is in an encoding whose brackets cannot be found.
pub fn outline(document: &[u8]) -> Result<Outline, FeedError> {
    let mut walk = Walk { bytes: document, at: 0 };
    if document.starts_with(b"\xff\xfe") || document.starts_with(b"\xfe\xff") || document.starts_with(b"\0<") {
        return Err(walk.error("the feed is in UTF-16, which is not read"));
    }
    if document.starts_with(b"\xef\xbb\xbf") {
        walk.at = 3;
    }
    let encoding = declared_encoding(document);
    if encoding.starts_with("utf-16") || encoding.starts_with("iso-2022") || encoding.starts_with("utf-7") {
        return Err(walk.error(&format!("the feed is in {encoding}, which is not read")));
    }
    let root = loop {
        match walk.next()? {
            Some(Markup::Open { name, is_empty, .. }) if !is_empty => break name,
            Some(Markup::Other) => {}
            _ => return Err(walk.error("the document has no root element")),
        }
    };
    if !matches!(root, b"rss" | b"RDF" | b"feed") {
        return Err(walk.error(&format!(
            "the document is no feed: its root is {:?}",
            String::from_utf8_lossy(&root[..root.len().min(40)])
        )));
    }
    let entries = walk.entries()?;
    Ok(Outline { encoding, entries })
}

/// The encoding that the XML declaration of a document names, in lower case; `utf-8` where it names none.
pub fn declared_encoding(document: &[u8]) -> String {
    let head = document.strip_prefix(b"\xef\xbb\xbf").unwrap_or(document);
    let head = &head[..head.len().min(200)];
    let text = String::from_utf8_lossy(head);
    let declaration =
        text.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")).map_or("", |(inside, _)| inside);
    let value = declaration
        .split_once("encoding")
        .map_or("", |(_, rest)| rest.trim_start().trim_start_matches('=').trim_start());
    let name = value.get(1..).and_then(|rest| rest.split(['"', '\'']).next()).unwrap_or_default().trim();
    if name.is_empty() { "utf-8".to_owned() } else { name.to_ascii_lowercase() }
}

/// A piece of markup.
enum Markup<'d> {
    /// A start tag, or an empty element.
    Open { name: &'d [u8], start: usize, is_empty: bool },
    /// An end tag.
    Close,
    /// A comment, an instruction, a document type, character data.
    Other,
}

struct Walk<'d> {
    bytes: &'d [u8],
    at: usize,
}

impl<'d> Walk<'d> {
    /// The entries up to the end of the root element.
    fn entries(&mut self) -> Result<Vec<Range<usize>>, FeedError> {
        let mut found = Vec::new();
        let mut depth = 1_usize;
        let mut inside: Option<(usize, usize)> = None;
        while depth > 0 {
            match self.next()? {
                None => return Err(self.error("the feed breaks off")),
                Some(Markup::Open { name, start, is_empty }) => {
                    let is_entry = matches!(name, b"item" | b"entry") && depth <= 2 && inside.is_none();
                    if is_empty {
                        continue;
                    }
                    depth += 1;
                    if is_entry {
                        inside = Some((start, depth));
                    }
                }
                Some(Markup::Close) => {
                    if let Some((start, level)) = inside
                        && level == depth
                    {
                        if found.len() == MOST {
                            return Err(self.error("the feed has more entries than are read"));
                        }
                        found.push(start..self.at);
                        inside = None;
                    }
                    depth -= 1;
                }
                Some(Markup::Other) => {}
            }
        }
        Ok(found)
    }

    /// Steps to the end of the next markup; none: there is no more.
    fn next(&mut self) -> Result<Option<Markup<'d>>, FeedError> {
        let Some(start) = find(self.bytes, self.at, b"<") else { return Ok(None) };
        let rest = &self.bytes[start..];
        let (end, markup) = if rest.starts_with(b"<!--") {
            (self.after(start + 4, b"-->")?, Markup::Other)
        } else if rest.starts_with(b"<![CDATA[") {
            (self.after(start + 9, b"]]>")?, Markup::Other)
        } else if rest.starts_with(b"<?") {
            (self.after(start + 2, b"?>")?, Markup::Other)
        } else if rest.starts_with(b"<!") {
            (self.after_doctype(start + 2)?, Markup::Other)
        } else if rest.starts_with(b"</") {
            (self.after(start + 2, b">")?, Markup::Close)
        } else {
            let end = self.after_tag(start + 1)?;
            let is_empty = self.bytes[..end - 1].ends_with(b"/");
            (end, Markup::Open { name: local_name(&self.bytes[start + 1..end - 1]), start, is_empty })
        };
        self.at = end;
        Ok(Some(markup))
    }

    /// Where the first `mark` from `from` on ends.
    fn after(&self, from: usize, mark: &[u8]) -> Result<usize, FeedError> {
        find(self.bytes, from, mark).map(|at| at + mark.len()).ok_or_else(|| self.breaks_off())
    }

    /// Where a start tag ends: at the first `>` outside quotes.
    fn after_tag(&self, from: usize) -> Result<usize, FeedError> {
        let mut quote = None;
        for (at, byte) in self.bytes.iter().enumerate().skip(from) {
            match (byte, quote) {
                (b'>', None) => return Ok(at + 1),
                (b'"' | b'\'', None) => quote = Some(byte),
                (_, Some(open)) if byte == open => quote = None,
                _ => {}
            }
        }
        Err(self.breaks_off())
    }

    /// Where a document type ends: at the first `>` outside quotes and outside its internal subset.
    fn after_doctype(&self, from: usize) -> Result<usize, FeedError> {
        let (mut quote, mut is_inside) = (None, false);
        for (at, byte) in self.bytes.iter().enumerate().skip(from) {
            match (byte, quote) {
                (b'>', None) if !is_inside => return Ok(at + 1),
                (b'[', None) => is_inside = true,
                (b']', None) => is_inside = false,
                (b'"' | b'\'', None) => quote = Some(byte),
                (_, Some(open)) if byte == open => quote = None,
                _ => {}
            }
        }
        Err(self.breaks_off())
    }

    fn breaks_off(&self) -> FeedError {
        self.error("the feed breaks off inside a piece of markup")
    }

    fn error(&self, reason: &str) -> FeedError {
        FeedError { offset: self.at, reason: reason.to_owned() }
    }
}

/// The name in a start tag, without its prefix.
fn local_name(inside: &[u8]) -> &[u8] {
    let end = inside.iter().position(|byte| byte.is_ascii_whitespace() || *byte == b'/').unwrap_or(inside.len());
    let name = &inside[..end];
    name.iter().rposition(|byte| *byte == b':').map_or(name, |colon| &name[colon + 1..])
}

/// Where `mark` stands next.
fn find(bytes: &[u8], from: usize, mark: &[u8]) -> Option<usize> {
    let (first, tail) = (bytes.get(from..)?, mark.len());
    let mut at = 0;
    while let Some(next) = first[at..].iter().position(|byte| *byte == mark[0]) {
        at += next;
        if first[at..].starts_with(mark) {
            return Some(from + at);
        }
        at += 1;
        if at + tail > first.len() {
            return None;
        }
    }
    None
}
