//! gzip (RFC 1952): all members of a stream, and no error for what lies behind them.

use std::io::{self, BufRead, Read};

use flate2::bufread::GzDecoder;

/// Decodes gzip members one after the other. Each member's own checksum and length are verified; bytes behind the last
/// member are left alone and reported by [`GzipReader::has_trailing_bytes`].
#[derive(Debug)]
pub struct GzipReader<R> {
    state: State<R>,
}

#[derive(Debug)]
enum State<R> {
    Member(Box<GzDecoder<R>>),
    Ended { trailing: bool },
}

impl<R: BufRead> GzipReader<R> {
    /// Begins at the first member.
    pub fn new(reader: R) -> Self {
        Self { state: State::Member(Box::new(GzDecoder::new(reader))) }
    }

    /// Whether something other than a member followed. Known once everything is read.
    pub fn has_trailing_bytes(&self) -> bool {
        matches!(self.state, State::Ended { trailing: true })
    }

    fn next_member(&mut self) -> io::Result<()> {
        let State::Member(member) = std::mem::replace(&mut self.state, State::Ended { trailing: false }) else {
            return Ok(());
        };
        let mut reader = member.into_inner();
        let trailing = reader.fill_buf()?;
        if trailing.starts_with(&[0x1f, 0x8b]) {
            self.state = State::Member(Box::new(GzDecoder::new(reader)));
        } else {
            self.state = State::Ended { trailing: !trailing.is_empty() };
        }
        Ok(())
    }
}

impl<R: BufRead> Read for GzipReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        while let State::Member(member) = &mut self.state {
            match member.read(buffer)? {
                0 => self.next_member()?,
                read => return Ok(read),
            }
        }
        Ok(0)
    }
}
