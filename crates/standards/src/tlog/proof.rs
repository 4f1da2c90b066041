//! Proofs: that a leaf is in a tree, and that a tree begins with another (RFC 6962 sections 2.1.1 and 2.1.2; the
//! verifying algorithms are those of RFC 9162 sections 2.1.3.2 and 2.1.4.2).

use super::tree::{Hash, Nodes, node_hash};

/// The proof that leaf `index` is in the tree of the first `size` leaves: siblings from the leaf up.
///
/// Empty for a tree of one leaf, and for an index that is not in the tree.
///
/// # Errors
/// What reading a node says.
pub fn inclusion<N: Nodes + ?Sized>(nodes: &N, index: u64, size: u64) -> Result<Vec<Hash>, N::Error> {
    let mut path = Vec::new();
    if index >= size {
        return Ok(path);
    }
    let (mut start, mut end) = (0, size);
    while end - start > 1 {
        let split = start + split_point(end - start);
        if index < split {
            path.push(range_root(nodes, split, end)?);
            end = split;
        } else {
            path.push(range_root(nodes, start, split)?);
            start = split;
        }
    }
    path.reverse();
    Ok(path)
}

/// The proof that the tree of the first `new` leaves begins with that of the first `old`.
///
/// Empty if the sizes are equal or `old` is 0 (everything begins with nothing), and if `old` is larger.
///
/// # Errors
/// What reading a node says.
pub fn consistency<N: Nodes + ?Sized>(nodes: &N, old: u64, new: u64) -> Result<Vec<Hash>, N::Error> {
    let mut path = Vec::new();
    if old == 0 || old >= new {
        return Ok(path);
    }
    let (mut start, mut end) = (0, new);
    // RFC 6962's SUBPROOF: `start > 0` is its flag `b` turned false, because the old root is then not known as it is.
    while old != end {
        let split = start + split_point(end - start);
        if old <= split {
            path.push(range_root(nodes, split, end)?);
            end = split;
        } else {
            path.push(range_root(nodes, start, split)?);
            start = split;
        }
    }
    if start > 0 {
        path.push(range_root(nodes, start, end)?);
    }
    path.reverse();
    Ok(path)
}

/// Root over the leaves `[start, end)`, where `start` is a multiple of the largest power of two in the range.
fn range_root<N: Nodes + ?Sized>(nodes: &N, start: u64, end: u64) -> Result<Hash, N::Error> {
    let length = end - start;
    if length.is_power_of_two() {
        let level = u8::try_from(length.trailing_zeros()).expect("a u64 has 64 bits");
        return nodes.node(level, start >> level);
    }
    let split = start + split_point(length);
    Ok(node_hash(&range_root(nodes, start, split)?, &range_root(nodes, split, end)?))
}

/// The largest power of two smaller than `length`, which is at least 2.
fn split_point(length: u64) -> u64 {
    1 << (length - 1).ilog2()
}

/// A proof does not show what it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The leaf is not below the size.
    #[error("find leaf {index} in a tree of {size} leaves")]
    Outside {
        /// Index of the leaf.
        index: u64,
        /// Size of the tree.
        size: u64,
    },
    /// The older tree is larger.
    #[error("compare an older tree of {old} leaves with a newer one of {new}")]
    Shrunk {
        /// Size of the older tree.
        old: u64,
        /// Size of the newer tree.
        new: u64,
    },
    /// Too few or too many hashes.
    #[error("use a proof with {given} hashes: these sizes need another number")]
    Length {
        /// How many there are.
        given: usize,
    },
    /// The computed root is another one.
    #[error("match the root hash: the proof leads to another one")]
    Root,
}

/// Verifies that `leaf` is the leaf `index` of the tree with `size` leaves and root `root`.
///
/// # Errors
/// The proof does not show it.
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, proof: &[Hash], root: &Hash) -> Result<(), Error> {
    if index >= size {
        return Err(Error::Outside { index, size });
    }
    let wrong_length = Error::Length { given: proof.len() };
    let (mut node, mut last, mut hash) = (index, size - 1, *leaf);
    for sibling in proof {
        if last == 0 {
            return Err(wrong_length);
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            skip_missing_right(&mut node, &mut last);
        } else {
            hash = node_hash(&hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(wrong_length);
    }
    if hash == *root { Ok(()) } else { Err(Error::Root) }
}

/// Goes up the right edge past levels at which the node has no sibling.
fn skip_missing_right(node: &mut u64, last: &mut u64) {
    while *node & 1 == 0 && *node != 0 {
        *node >>= 1;
        *last >>= 1;
    }
}

/// Verifies that the tree with `new` leaves and root `new_root` begins with the tree of `old` leaves and root `old_root`.
///
/// # Errors
/// The proof does not show it.
pub fn verify_consistency(old: u64, old_root: &Hash, new: u64, new_root: &Hash, proof: &[Hash]) -> Result<(), Error> {
    let wrong_length = Error::Length { given: proof.len() };
    if old > new {
        return Err(Error::Shrunk { old, new });
    }
    if old == new || old == 0 {
        let same = old == 0 || old_root == new_root;
        return if !proof.is_empty() {
            Err(wrong_length)
        } else if same {
            Ok(())
        } else {
            Err(Error::Root)
        };
    }
    // A complete old tree is itself the first node of the path.
    let (first, rest) = if old.is_power_of_two() {
        (*old_root, proof)
    } else {
        proof.split_first().map(|(first, rest)| (*first, rest)).ok_or(wrong_length)?
    };
    let (mut node, mut last) = (old - 1, new - 1);
    let complete = node.trailing_ones();
    node >>= complete;
    last >>= complete;
    let (mut old_hash, mut new_hash) = (first, first);
    for sibling in rest {
        if last == 0 {
            return Err(wrong_length);
        }
        if node & 1 == 1 || node == last {
            old_hash = node_hash(sibling, &old_hash);
            new_hash = node_hash(sibling, &new_hash);
            skip_missing_right(&mut node, &mut last);
        } else {
            new_hash = node_hash(&new_hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(wrong_length);
    }
    if old_hash == *old_root && new_hash == *new_root { Ok(()) } else { Err(Error::Root) }
}
