//! Finds elements in XML text (XML 1.0) without reading it: where tags begin and end, and nothing else.
//!
//! A record with invalid UTF-8, an undefined entity or tags that do not fit is still cut out, so that it costs only itself.
//! Around the records the text has to be whole: the root is the expected one, every element ends, and there is no document
//! type definition, so that no entity can be defined.

use std::ops::Range;

use super::Fault;

/// Places of the elements at `path`, which begins with the root's name. Names are compared without prefix.
pub(in crate::normalise) fn elements(bytes: &[u8], path: &[&str]) -> Result<Vec<Range<usize>>, Fault> {
    let mut text = Markup { bytes, at: if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 } };
    let mut found = Vec::new();
    let mut open: Vec<&[u8]> = Vec::new();
    let mut has_root = false;
    while let Some((place, tag)) = text.next_tag()? {
        match tag {
            Tag::Open { name, empty } => {
                if open.is_empty() {
                    check_root(name, path[0], has_root, place.start)?;
                    has_root = true;
                }
                let is_wanted =
                    open.len() + 1 == path.len() && stands_at(&open, path) && is_named(name, path[open.len()]);
                if is_wanted && empty {
                    found.push(place);
                } else if is_wanted {
                    text.record(name, place.start, &mut found)?;
                } else if !empty {
                    open.push(name);
                }
            }
            Tag::Close(name) => {
                if open.pop() != Some(name) {
                    return Err(fault(place.start, &format!("</{}> closes no open element", shown(name))));
                }
            }
        }
    }
    match (has_root, open.last()) {
        (true, None) => Ok(found),
        (true, Some(name)) => Err(fault(bytes.len(), &format!("the document breaks off inside <{}>", shown(name)))),
        (false, _) => Err(fault(0, "the document is no XML")),
    }
}

/// The inner text of the first child tag `name` without attributes, as it stands; for identifiers and dates.
pub(in crate::normalise) fn peek<'a>(bytes: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let open = format!("<{name}>");
    let start = find(bytes, open.as_bytes())? + open.len();
    let end = find(&bytes[start..], b"<")?;
    Some(bytes[start..start + end].trim_ascii())
}

/// The value of an attribute of the tag that begins `bytes`, as it stands.
pub(in crate::normalise) fn peek_attribute<'a>(bytes: &'a [u8], name: &str) -> Option<&'a [u8]> {
    let tag = &bytes[..end_of_tag(bytes, 0)?];
    let mut at = 0;
    while let Some(found) = find(&tag[at..], name.as_bytes()) {
        let (start, rest) = (at + found, &tag[at + found + name.len()..]);
        let quote = rest.get(1).copied().filter(|quote| matches!(quote, b'"' | b'\''));
        if let (true, Some(b'='), Some(quote)) = (tag[start - 1].is_ascii_whitespace(), rest.first(), quote) {
            let value = &rest[2..];
            return Some(&value[..value.iter().position(|byte| *byte == quote)?]);
        }
        at = start + name.len();
    }
    None
}

/// A tag, by its name as written.
enum Tag<'a> {
    Open { name: &'a [u8], empty: bool },
    Close(&'a [u8]),
}

/// A position in markup.
struct Markup<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Markup<'a> {
    /// The next tag, over text, comments, character data and instructions. None: the end.
    fn next_tag(&mut self) -> Result<Option<(Range<usize>, Tag<'a>)>, Fault> {
        loop {
            let Some(start) = self.next_bracket() else { return Ok(None) };
            if let Some(end) = self.passage(start)? {
                self.at = end;
                continue;
            }
            if self.bytes[start..].starts_with(b"<!") {
                return Err(fault(start, "the document has a document type definition, which is not accepted"));
            }
            return self.tag(start).map(Some);
        }
    }

    fn next_bracket(&self) -> Option<usize> {
        self.bytes[self.at..].iter().position(|byte| *byte == b'<').map(|found| self.at + found)
    }

    /// The end of a comment, of character data or of an instruction that begins at `start`.
    fn passage(&self, start: usize) -> Result<Option<usize>, Fault> {
        let kinds: [(&[u8], &[u8]); 3] = [(b"<!--", b"-->"), (b"<![CDATA[", b"]]>"), (b"<?", b"?>")];
        let rest = &self.bytes[start..];
        let Some((open, close)) = kinds.into_iter().find(|(open, _)| rest.starts_with(open)) else { return Ok(None) };
        match find(&rest[open.len()..], close) {
            Some(length) => Ok(Some(start + open.len() + length + close.len())),
            None => Err(fault(
                self.bytes.len(),
                &format!("the document breaks off inside the {} at byte {start}", shown(open)),
            )),
        }
    }

    fn tag(&mut self, start: usize) -> Result<(Range<usize>, Tag<'a>), Fault> {
        let Some(end) = end_of_tag(self.bytes, start) else {
            return Err(fault(self.bytes.len(), &format!("the document breaks off inside the tag at byte {start}")));
        };
        self.at = end;
        let inner = &self.bytes[start + 1..end - 1];
        let tag = match inner.strip_prefix(b"/") {
            Some(name) => Tag::Close(name.trim_ascii_end()),
            None => Tag::Open { name: name_of(inner), empty: inner.ends_with(b"/") },
        };
        Ok((start..end, tag))
    }

    /// Goes to the end of a record whose start tag has been read. Records do not lie in one another: one without an end of
    /// its own ends where the next one begins.
    fn record(&mut self, name: &[u8], start: usize, found: &mut Vec<Range<usize>>) -> Result<(), Fault> {
        let mut begun = start;
        while let Some(at) = self.next_bracket() {
            let rest = &self.bytes[at + 1..];
            if let Some(end) = self.passage(at)? {
                self.at = end;
            } else if rest.strip_prefix(b"/").is_some_and(|rest| is_tag(rest, name)) {
                found.push(begun..self.tag(at)?.0.end);
                return Ok(());
            } else if is_tag(rest, name) {
                found.push(begun..at);
                begun = at;
                self.at = at + 1;
            } else {
                self.at = at + 1;
            }
        }
        let reason = format!("the document breaks off inside the <{}> that begins at byte {begun}", shown(name));
        Err(fault(self.bytes.len(), &reason))
    }
}

fn check_root(name: &[u8], wanted: &str, has_root: bool, at: usize) -> Result<(), Fault> {
    if has_root {
        return Err(fault(at, "the document has a second root element"));
    }
    if !is_named(name, wanted) {
        return Err(fault(at, &format!("the root element is <{}>, not <{wanted}>", shown(name))));
    }
    Ok(())
}

fn stands_at(open: &[&[u8]], path: &[&str]) -> bool {
    open.iter().zip(path).all(|(name, wanted)| is_named(name, wanted))
}

/// Whether a name, without its prefix, is the wanted one.
fn is_named(name: &[u8], wanted: &str) -> bool {
    name.strip_suffix(wanted.as_bytes()).is_some_and(|prefix| prefix.is_empty() || prefix.ends_with(b":"))
}

/// Whether a tag's inside begins with this name and nothing longer.
fn is_tag(inner: &[u8], name: &[u8]) -> bool {
    inner
        .strip_prefix(name)
        .is_some_and(|rest| rest.first().is_none_or(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/')))
}

fn name_of(inner: &[u8]) -> &[u8] {
    let end = inner.iter().position(|byte| byte.is_ascii_whitespace() || *byte == b'/');
    &inner[..end.unwrap_or(inner.len())]
}

/// The end of the tag that begins at `start`: a bracket outside of quotes.
fn end_of_tag(bytes: &[u8], start: usize) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in bytes.iter().enumerate().skip(start) {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(*byte),
            (Some(open), byte) if open == *byte => quote = None,
            (None, b'>') => return Some(at + 1),
            _ => {}
        }
    }
    None
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    let first = *wanted.first()?;
    let mut at = 0;
    while let Some(found) = bytes[at..].iter().position(|byte| *byte == first) {
        at += found;
        if bytes[at..].starts_with(wanted) {
            return Some(at);
        }
        at += 1;
    }
    None
}

fn shown(name: &[u8]) -> String {
    String::from_utf8_lossy(&name[..name.len().min(80)]).into_owned()
}

fn fault(offset: usize, reason: &str) -> Fault {
    Fault { offset: offset as u64, reason: reason.to_owned() }
}
