//! A scanner over JSON text that finds where values begin and end (RFC 8259), and nothing else.
//!
//! It keeps no tree and does not recurse: two hundred thousand brackets cost two hundred thousand bytes. Between the
//! values it is asked to step over it insists on the grammar; inside them it only follows strings and brackets.

use std::borrow::Cow;
use std::ops::Range;

use super::Fault;

/// A position in JSON text.
pub(in crate::normalise) struct Scanner<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Closing brackets that are due, innermost last; kept to reuse its memory.
    due: Vec<u8>,
}

/// What is done with a member of an object: the value has to be stepped over.
type OnMember<'v, 'a> = dyn FnMut(&mut Scanner<'a>, &'a [u8]) -> Result<(), Fault> + 'v;

impl<'a> Scanner<'a> {
    /// At the beginning of `bytes`, after a byte order mark.
    pub(in crate::normalise) fn new(bytes: &'a [u8]) -> Self {
        let at = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        Self { bytes, at, due: Vec::new() }
    }

    /// A fault at `offset`.
    #[expect(clippy::unused_self, reason = "reads as the scanner's verdict and keeps one way to make faults")]
    pub(in crate::normalise) fn fault(&self, offset: usize, reason: &str) -> Fault {
        Fault { offset: offset as u64, reason: reason.to_owned() }
    }

    /// Everything from here without the white space around it.
    pub(in crate::normalise) fn trimmed(&self) -> Range<usize> {
        let rest = &self.bytes[self.at..];
        let start = self.at + (rest.len() - rest.trim_ascii_start().len());
        start..start + rest.trim_ascii().len()
    }

    /// The whole document is an object: its members one by one, and nothing after it.
    pub(in crate::normalise) fn document(&mut self, on_member: &mut OnMember<'_, 'a>) -> Result<(), Fault> {
        self.members(on_member)?;
        self.white_space();
        if self.at == self.bytes.len() { Ok(()) } else { Err(self.unexpected("the end of the document")) }
    }

    /// The whole document is a list: its elements, and nothing after it.
    pub(in crate::normalise) fn list_document(&mut self) -> Result<Vec<Range<usize>>, Fault> {
        let elements = self.elements()?;
        self.white_space();
        if self.at == self.bytes.len() { Ok(elements) } else { Err(self.unexpected("the end of the document")) }
    }

    /// The members of the object that begins here.
    pub(in crate::normalise) fn members(&mut self, on_member: &mut OnMember<'_, 'a>) -> Result<(), Fault> {
        self.expect(b'{', "an object")?;
        if self.takes(b'}') {
            return Ok(());
        }
        loop {
            let key = self.key()?;
            self.expect(b':', "a colon")?;
            on_member(self, key)?;
            if self.takes(b'}') {
                return Ok(());
            }
            self.expect(b',', "a comma or the end of the object")?;
        }
    }

    /// The elements of the list that begins here.
    pub(in crate::normalise) fn elements(&mut self) -> Result<Vec<Range<usize>>, Fault> {
        self.expect(b'[', "a list")?;
        let mut spans = Vec::new();
        if self.takes(b']') {
            return Ok(spans);
        }
        loop {
            spans.push(self.value()?);
            if self.takes(b']') {
                return Ok(spans);
            }
            self.expect(b',', "a comma or the end of the list")?;
        }
    }

    /// A number that is not negative, or whatever stands there instead of it.
    pub(in crate::normalise) fn number(&mut self) -> Result<Option<u64>, Fault> {
        let span = self.value()?;
        Ok(std::str::from_utf8(&self.bytes[span]).ok().and_then(|text| text.parse().ok()))
    }

    /// A string, or whatever stands there instead of it.
    pub(in crate::normalise) fn text(&mut self) -> Result<Option<Cow<'a, str>>, Fault> {
        let span = self.value()?;
        let bytes = &self.bytes[span];
        Ok((bytes.len() >= 2 && bytes[0] == b'"').then(|| unescape(&bytes[1..bytes.len() - 1])))
    }

    /// Steps over one value and says where it lies.
    pub(in crate::normalise) fn value(&mut self) -> Result<Range<usize>, Fault> {
        self.white_space();
        let start = self.at;
        match self.bytes.get(start) {
            Some(b'"') => self.string()?,
            Some(b'{' | b'[') => self.nested()?,
            Some(byte) if is_scalar(*byte) => {
                self.at += self.bytes[start..].iter().take_while(|byte| is_scalar(**byte)).count();
            }
            _ => return Err(self.unexpected("a value")),
        }
        Ok(start..self.at)
    }

    /// Steps over one value that nobody needs.
    pub(in crate::normalise) fn skip(&mut self) -> Result<(), Fault> {
        self.value().map(|_| ())
    }

    /// Steps over an object or a list with all that is in it.
    fn nested(&mut self) -> Result<(), Fault> {
        let start = self.at;
        self.due.clear();
        while let Some(&byte) = self.bytes.get(self.at) {
            match byte {
                b'"' => {
                    self.string()?;
                    continue;
                }
                b'{' => self.due.push(b'}'),
                b'[' => self.due.push(b']'),
                b'}' | b']' => {
                    if self.due.pop() != Some(byte) {
                        return Err(self.unexpected("another closing bracket"));
                    }
                    if self.due.is_empty() {
                        self.at += 1;
                        return Ok(());
                    }
                }
                _ => {}
            }
            self.at += 1;
        }
        Err(self
            .fault(self.bytes.len(), &format!("the document breaks off inside the value that begins at byte {start}")))
    }

    /// Steps over a string, eight bytes at a time.
    fn string(&mut self) -> Result<(), Fault> {
        let start = self.at;
        self.at += 1;
        loop {
            self.at += plain_prefix(&self.bytes[self.at..]);
            match self.bytes.get(self.at) {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(_) if self.at + 1 < self.bytes.len() => self.at += 2,
                _ => {
                    let reason = format!("the document breaks off inside the string that begins at byte {start}");
                    return Err(self.fault(self.bytes.len(), &reason));
                }
            }
        }
    }

    /// The bytes between the quotes of a member's name.
    fn key(&mut self) -> Result<&'a [u8], Fault> {
        self.white_space();
        if self.bytes.get(self.at) != Some(&b'"') {
            return Err(self.unexpected("a member's name"));
        }
        let start = self.at + 1;
        self.string()?;
        Ok(&self.bytes[start..self.at - 1])
    }

    fn white_space(&mut self) {
        while matches!(self.bytes.get(self.at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    /// Steps over `byte` if it is the next one.
    fn takes(&mut self, byte: u8) -> bool {
        self.white_space();
        let next = self.bytes.get(self.at) == Some(&byte);
        self.at += usize::from(next);
        next
    }

    fn expect(&mut self, byte: u8, what: &str) -> Result<(), Fault> {
        if self.takes(byte) { Ok(()) } else { Err(self.unexpected(what)) }
    }

    fn unexpected(&self, wanted: &str) -> Fault {
        let reason = match self.bytes.get(self.at) {
            None => format!("the document breaks off where {wanted} should follow"),
            Some(byte) => format!("found {:?} where {wanted} should stand", char::from(*byte)),
        };
        Fault { offset: self.at as u64, reason }
    }
}

/// Characters of numbers, `true`, `false` and `null`, and of misspelt ones.
fn is_scalar(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.')
}

/// How many bytes from the beginning are neither a quote nor a backslash.
fn plain_prefix(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = ONES << 7;
    let zero_bytes = |word: u64| word.wrapping_sub(ONES) & !word & HIGH;
    let (words, rest) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().enumerate() {
        let word = u64::from_le_bytes(*word);
        let found = zero_bytes(word ^ (ONES * u64::from(b'"'))) | zero_bytes(word ^ (ONES * u64::from(b'\\')));
        if found != 0 {
            return index * 8 + found.trailing_zeros() as usize / 8;
        }
    }
    let is_plain = |byte: &&u8| !matches!(**byte, b'"' | b'\\');
    words.len() * 8 + rest.iter().take_while(is_plain).count()
}

/// The text of a string's inner bytes. Escapes that cannot be read and invalid UTF-8 become replacement characters.
pub(in crate::normalise) fn unescape(inner: &[u8]) -> Cow<'_, str> {
    if !inner.contains(&b'\\') {
        return String::from_utf8_lossy(inner);
    }
    let quoted = [b"\"", inner, b"\""].concat();
    match serde_json::from_slice::<String>(&quoted) {
        Ok(text) => Cow::Owned(text),
        Err(_) => String::from_utf8_lossy(inner),
    }
}

/// The string at `path`, looking only at what stands before it.
pub(in crate::normalise) fn peek(bytes: &[u8], path: &[&str]) -> Option<String> {
    let mut scanner = Scanner::new(bytes);
    let (last, above) = path.split_last()?;
    for name in above {
        scanner.seek(name)?;
    }
    scanner.seek(last)?;
    Some(scanner.text().ok()??.into_owned())
}

impl Scanner<'_> {
    /// Moves to the value of the member `name` of the object that begins here.
    fn seek(&mut self, name: &str) -> Option<()> {
        self.expect(b'{', "an object").ok()?;
        while !self.takes(b'}') {
            let key = self.key().ok()?;
            self.expect(b':', "a colon").ok()?;
            if key == name.as_bytes() {
                return Some(());
            }
            self.value().ok()?;
            self.takes(b',');
        }
        None
    }
}
