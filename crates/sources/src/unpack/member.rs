//! Compressed streams of one or more members: gzip (RFC 1952), bzip2, xz (The .xz File Format 1.2.1).
//!
//! All three may be members one after the other, as parallel compressors write them, and all three are met with bytes behind
//! the last member. Those are left alone and reported, never an error.

use std::io::{self, BufRead, Read};

use bzip2::bufread::BzDecoder;
use flate2::bufread::GzDecoder;
use lzma_rust2::XzReader as XzDecoder;

/// Reads gzip.
pub type GzipReader<R> = MemberReader<GzDecoder<R>>;
/// Reads bzip2.
pub type Bzip2Reader<R> = MemberReader<BzDecoder<R>>;
/// Reads xz.
pub type XzReader<R> = MemberReader<XzDecoder<R>>;

/// Most memory of an xz decoder, in KiB: `xz -9` asks for 65 MiB; what asks for more is refused before it is given any.
const XZ_MEMORY_KIB: u32 = 100 << 10;

/// A decoder of one member.
pub trait Member: Read + Sized {
    /// What it reads from.
    type Reader: BufRead;
    /// How a member begins.
    const MAGIC: &'static [u8];

    /// Begins a member.
    fn begin(reader: Self::Reader) -> Self;

    /// What lies behind the member, once it has been read to its end.
    fn end(self) -> Self::Reader;
}

impl<R: BufRead> Member for GzDecoder<R> {
    type Reader = R;
    const MAGIC: &'static [u8] = &[0x1f, 0x8b];

    fn begin(reader: R) -> Self {
        Self::new(reader)
    }

    fn end(self) -> R {
        self.into_inner()
    }
}

impl<R: BufRead> Member for BzDecoder<R> {
    type Reader = R;
    const MAGIC: &'static [u8] = b"BZh";

    fn begin(reader: R) -> Self {
        Self::new(reader)
    }

    fn end(self) -> R {
        self.into_inner()
    }
}

impl<R: BufRead> Member for XzDecoder<R> {
    type Reader = R;
    const MAGIC: &'static [u8] = &[0xfd, b'7', b'z', b'X', b'Z', 0];

    fn begin(reader: R) -> Self {
        Self::new_mem_limit(reader, false, XZ_MEMORY_KIB)
    }

    fn end(self) -> R {
        self.into_inner()
    }
}

/// Decodes members one after the other. Each member's own checksum and length are verified; bytes behind the last
/// member are left alone and reported by [`MemberReader::has_trailing_bytes`].
pub struct MemberReader<M> {
    state: State<M>,
}

enum State<M> {
    Member(Box<M>),
    Ended { trailing: bool },
}

impl<M: Member> MemberReader<M> {
    /// Begins at the first member.
    pub fn new(reader: M::Reader) -> Self {
        Self { state: State::Member(Box::new(M::begin(reader))) }
    }

    /// Whether something other than a member followed. Known once everything is read.
    pub fn has_trailing_bytes(&self) -> bool {
        matches!(self.state, State::Ended { trailing: true })
    }

    fn next_member(&mut self) -> io::Result<()> {
        let State::Member(member) = std::mem::replace(&mut self.state, State::Ended { trailing: false }) else {
            return Ok(());
        };
        let mut reader = member.end();
        skip_padding(&mut reader)?;
        let rest = reader.fill_buf()?;
        if rest.first() == M::MAGIC.first() && rest.get(1) == M::MAGIC.get(1) {
            self.state = State::Member(Box::new(M::begin(reader)));
        } else {
            self.state = State::Ended { trailing: !rest.is_empty() };
        }
        Ok(())
    }
}

/// Zeros between and behind members mean nothing: xz and tape writers leave them there.
fn skip_padding(reader: &mut impl BufRead) -> io::Result<()> {
    loop {
        let buffer = reader.fill_buf()?;
        let zeros = buffer.iter().take_while(|byte| **byte == 0).count();
        if zeros == 0 {
            return Ok(());
        }
        reader.consume(zeros);
    }
}

impl<M: Member> Read for MemberReader<M> {
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
