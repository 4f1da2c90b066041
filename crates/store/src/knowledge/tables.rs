//! The fixed-width tables of a segment, read where they lie, and the search in them.

use jiff::Timestamp;
use zerocopy::little_endian::{I64, U16, U32, U64};
use zerocopy::{FromBytes, Immutable, IntoBytes, KnownLayout, Unaligned};

/// First half of the SHA-256 of source and record id: what makes two rows revisions of the same record.
///
/// Cryptographic, so that no record of one source can be made to replace a record of another.
pub(super) type Identity = [u8; 16];

/// The state of a row. The advisory's own state, with its details, lies in the details blob.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum RowState {
    /// It counts.
    Live = 0,
    /// Rejected by the numbering authority.
    Rejected = 1,
    /// Withdrawn by its publisher.
    Withdrawn = 2,
    /// No longer in its source's full set.
    Gone = 3,
}

impl RowState {
    /// The byte in a row.
    pub(super) fn code(self) -> u8 {
        self as u8
    }
}

/// One record.
#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub(super) struct Row {
    pub(super) identity: Identity,
    /// SHA-256 of the record's bytes.
    pub(super) revision: [u8; 32],
    /// Where its details begin in the section of that name, and how long they are.
    pub(super) detail: U64,
    pub(super) detail_length: U32,
    /// Number of its first `Affected` in the offsets table, and how many there are.
    pub(super) affected: U32,
    pub(super) affected_count: U32,
    /// `modified`, in seconds and nanoseconds of the Unix time; `i64::MIN` for none.
    modified: I64,
    modified_nanos: U32,
    /// Number in the segment's table of sources.
    pub(super) source: U16,
    pub(super) state: u8,
    reserved: u8,
}

/// Seconds that stand for no time stamp.
const NONE: i64 = i64::MIN;

impl Row {
    /// A row whose blobs are not placed yet.
    pub(super) fn new(identity: Identity, revision: [u8; 32], source: u16, state: u8) -> Self {
        let zero = U32::new(0);
        let (detail, detail_length, affected, affected_count) = (U64::new(0), zero, zero, zero);
        let (modified, modified_nanos, source) = (I64::new(NONE), zero, U16::new(source));
        Self {
            identity,
            revision,
            detail,
            detail_length,
            affected,
            affected_count,
            modified,
            modified_nanos,
            source,
            state,
            reserved: 0,
        }
    }

    pub(super) fn is_live(&self) -> bool {
        self.state == RowState::Live.code()
    }

    pub(super) fn is_gone(&self) -> bool {
        self.state == RowState::Gone.code()
    }

    pub(super) fn modified(&self) -> Option<Timestamp> {
        let nanos = i32::from_ne_bytes(self.modified_nanos.get().to_ne_bytes());
        Timestamp::new(self.modified.get(), nanos).ok()
    }

    pub(super) fn set_modified(&mut self, at: Option<Timestamp>) {
        if let Some(at) = at {
            self.modified = at.as_second().into();
            self.modified_nanos = u32::from_ne_bytes(at.subsec_nanosecond().to_ne_bytes()).into();
        }
    }
}

/// A package key and an `Affected` that is found by it. Only live rows have postings.
#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub(super) struct Posting {
    pub(super) key: U64,
    pub(super) row: U32,
    /// Number in the offsets table.
    pub(super) affected: U32,
}

/// A record's own id or one of its aliases.
#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub(super) struct Name {
    pub(super) name: U64,
    pub(super) row: U32,
}

/// An EPSS score.
#[derive(Debug, Clone, Copy, FromBytes, IntoBytes, KnownLayout, Immutable, Unaligned)]
#[repr(C)]
pub(super) struct Score {
    pub(super) cve: U64,
    pub(super) probability: U32,
    pub(super) percentile: U32,
}

/// The first eight bytes of an identity, in its order.
pub(super) fn prefix(identity: &Identity) -> u64 {
    u64::from_be_bytes(std::array::from_fn(|at| identity[at]))
}

/// The row of an identity in a table sorted by it.
pub(super) fn find(rows: &[Row], identity: &Identity) -> Option<usize> {
    let key = prefix(identity);
    let first = lower_bound(rows.len(), key, |at| prefix(&rows[at].identity));
    let same = rows[first..].iter().take_while(|row| prefix(&row.identity) == key);
    same.enumerate().find(|(_, row)| row.identity == *identity).map(|(at, _)| first + at)
}

/// The entries of a sorted table whose key is `key`.
pub(super) fn equal<T>(table: &[T], key: u64, key_of: impl Fn(&T) -> u64) -> &[T] {
    let first = lower_bound(table.len(), key, |at| key_of(&table[at]));
    let count = table[first..].iter().take_while(|entry| key_of(entry) == key).count();
    &table[first..first + count]
}

/// The first index below `length` whose key is not less than `key`.
///
/// Keys are hashes, so guessing the place from the value (interpolation) saves half of the probes of a binary search,
/// and each probe may be a page fault. Every other probe halves the rest, so that odd keys cost at most twice as much.
pub(super) fn lower_bound(length: usize, key: u64, key_at: impl Fn(usize) -> u64) -> usize {
    // All before `low` are less, with keys up to `least`; all from `high` on are not, with keys from `most`.
    let (mut low, mut high) = (0, length);
    let (mut least, mut most) = (0, u64::MAX);
    let mut guess = true;
    while low < high {
        let probe = if guess { interpolate(low, high, (key - least, most - least)) } else { low.midpoint(high) };
        guess = !guess;
        let found = key_at(probe);
        if found < key {
            (low, least) = (probe + 1, found);
        } else {
            (high, most) = (probe, found);
        }
    }
    low
}

/// The place in `low..high` that lies as far along as `part` of `whole`.
fn interpolate(low: usize, high: usize, (part, whole): (u64, u64)) -> usize {
    let width = (high - low) as u128;
    let along = width * u128::from(part) / (u128::from(whole) + 1);
    low + usize::try_from(along).map_or(0, |along| along.min(high - low - 1))
}

#[cfg(test)]
mod tests;
