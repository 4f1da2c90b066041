//! What the knowledge says as one digest: equal whenever the same records are current, in whatever order and segments
//! they came.
//!
//! A Merkle tree of two levels. A record belongs to one of 4096 buckets by the first bits of its identity; a bucket's
//! digest is the SHA-256 of (identity, revision, state) of its current records in the order of identities; the whole is
//! the SHA-256 of all buckets and of the EPSS scores. A commit computes the buckets it touched. Rows are sorted by
//! identity, so a bucket is one run of rows in each segment. A sum of hashes would be cheaper still to keep up, but a
//! feed that chooses its records could make sums collide.

use std::collections::BTreeSet;

use domain::model::raw::Digest;
use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

use super::tables::{Identity, lower_bound, prefix};
use super::view::Part;

const BITS: u32 = 12;

/// Number of buckets.
pub(super) const BUCKETS: usize = 1 << BITS;

/// The bucket of a record.
pub(super) fn bucket_of(identity: &Identity) -> usize {
    usize::from(u16::from_be_bytes([identity[0], identity[1]]) >> (16 - BITS))
}

/// Computes the touched buckets again.
pub(super) fn update(buckets: &mut Vec<Digest>, touched: &BTreeSet<usize>, parts: &[Part]) {
    buckets.resize(BUCKETS, Digest([0; 32]));
    let fresh: Vec<_> = touched.par_iter().map(|bucket| (*bucket, bucket_digest(*bucket, parts))).collect();
    for (bucket, digest) in fresh {
        buckets[bucket] = digest;
    }
}

/// The digest of everything.
pub(super) fn total(buckets: &[Digest], epss: Option<&Digest>) -> Digest {
    let mut hash = Sha256::new();
    hash.update(b"wardround knowledge 1\n");
    for bucket in 0..BUCKETS {
        hash.update(buckets.get(bucket).unwrap_or(&Digest([0; 32])).0);
    }
    hash.update(epss.unwrap_or(&Digest([0; 32])).0);
    Digest(hash.finalize().into())
}

/// 32 zero bytes for an empty bucket, so that one that has become empty equals one that always was.
fn bucket_digest(bucket: usize, parts: &[Part]) -> Digest {
    let mut members = Vec::new();
    for part in parts {
        let rows = part.segment.rows();
        let first = lower_bound(rows.len(), (bucket as u64) << (64 - BITS), |at| prefix(&rows[at].identity));
        let run = rows[first..].iter().take_while(|row| bucket_of(&row.identity) == bucket);
        let run = (first..).zip(run).filter(|(at, _)| u32::try_from(*at).is_ok_and(|at| !part.entry.is_dead(at)));
        members.extend(run.map(|(_, row)| (row.identity, row.revision, row.state)));
    }
    if members.is_empty() {
        return Digest([0; 32]);
    }
    members.sort_unstable();
    let mut hash = Sha256::new();
    for (identity, revision, state) in members {
        hash.update(identity);
        hash.update(revision);
        hash.update([state]);
    }
    Digest(hash.finalize().into())
}
