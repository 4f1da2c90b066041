//! The Merkle tree hash of RFC 6962 section 2.1, grown leaf by leaf.
//!
//! A complete subtree of 2^level leaves is a node; `position` counts nodes of one level from the left. A node never
//! changes once its leaves are there, so a store that keeps every node can prove anything about any past size.

use sha2::{Digest as _, Sha256};

/// A SHA-256 hash of the tree.
pub type Hash = [u8; 32];

/// Hash of a leaf: `SHA-256(0x00 || data)`.
pub fn leaf_hash(data: &[u8]) -> Hash {
    Sha256::new().chain_update([0x00]).chain_update(data).finalize().into()
}

/// Hash of an inner node: `SHA-256(0x01 || left || right)`.
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([0x01]).chain_update(left).chain_update(right).finalize().into()
}

/// Root of the tree without leaves: the hash of nothing.
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// A complete subtree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node {
    /// It has 2^level leaves; a leaf is level 0.
    pub level: u8,
    /// Place among the nodes of its level, from the left, from 0.
    pub position: u64,
    /// Its hash.
    pub hash: Hash,
}

/// Where nodes of a log are read.
pub trait Nodes {
    /// Why a node could not be read.
    type Error;

    /// The hash of a complete subtree. It is asked only for nodes that the size in question makes complete.
    fn node(&self, level: u8, position: u64) -> Result<Hash, Self::Error>;
}

/// The right edge of a tree: one hash for each complete subtree that is not yet part of a larger one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tree {
    size: u64,
    /// Largest subtree first: one for each bit that is set in `size`.
    edge: Vec<Hash>,
}

impl Tree {
    /// Takes the tree of `size` leaves up again from its stored nodes.
    ///
    /// # Errors
    /// What reading a node says.
    pub fn load<N: Nodes + ?Sized>(nodes: &N, size: u64) -> Result<Self, N::Error> {
        let levels = (0..64_u8).rev().filter(|level| size >> level & 1 == 1);
        let edge = levels.map(|level| nodes.node(level, (size >> level) - 1)).collect::<Result<_, _>>()?;
        Ok(Self { size, edge })
    }

    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf and returns the nodes it completes, the leaf itself first.
    pub fn append(&mut self, leaf: Hash) -> Vec<Node> {
        let mut node = Node { level: 0, position: self.size, hash: leaf };
        let mut completed = vec![node];
        while node.position % 2 == 1 {
            let left = self.edge.pop().expect("an odd position has a left sibling on the edge");
            node = Node { level: node.level + 1, position: node.position / 2, hash: node_hash(&left, &node.hash) };
            completed.push(node);
        }
        self.edge.push(node.hash);
        self.size += 1;
        completed
    }

    /// The tree's root hash.
    pub fn root(&self) -> Hash {
        let mut from_the_right = self.edge.iter().rev();
        match from_the_right.next() {
            None => empty_root(),
            Some(smallest) => from_the_right.fold(*smallest, |right, left| node_hash(left, &right)),
        }
    }
}
