//! The tree against RFC 6962 read literally, against an independent crate, and against published vectors.

mod notes;

use std::convert::Infallible;

use proptest::prelude::*;

use super::proof::{self, Error};
use super::tree::{Hash, Node, Nodes, Tree, empty_root, leaf_hash, node_hash};

/// Every node that growing a tree completed.
#[derive(Default)]
struct Kept(std::collections::HashMap<(u8, u64), Hash>);

impl Nodes for Kept {
    type Error = Infallible;

    fn node(&self, level: u8, position: u64) -> Result<Hash, Infallible> {
        Ok(self.0[&(level, position)])
    }
}

fn leaf(index: u64) -> Hash {
    leaf_hash(format!("entry {index}").as_bytes())
}

fn grow(size: u64) -> (Tree, Kept) {
    let (mut tree, mut kept) = (Tree::default(), Kept::default());
    for index in 0..size {
        for Node { level, position, hash } in tree.append(leaf(index)) {
            assert_eq!(kept.0.insert((level, position), hash), None, "a node is completed once");
        }
    }
    (tree, kept)
}

/// RFC 6962 section 2.1, MTH.
fn naive_root(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let k = split(leaves.len());
            node_hash(&naive_root(&leaves[..k]), &naive_root(&leaves[k..]))
        }
    }
}

/// RFC 6962 section 2.1.1, PATH.
fn naive_path(m: usize, leaves: &[Hash]) -> Vec<Hash> {
    if leaves.len() == 1 {
        return Vec::new();
    }
    let k = split(leaves.len());
    let (mut path, sibling) = if m < k {
        (naive_path(m, &leaves[..k]), naive_root(&leaves[k..]))
    } else {
        (naive_path(m - k, &leaves[k..]), naive_root(&leaves[..k]))
    };
    path.push(sibling);
    path
}

/// RFC 6962 section 2.1.2, SUBPROOF.
fn naive_subproof(m: usize, leaves: &[Hash], known: bool) -> Vec<Hash> {
    if m == leaves.len() {
        return if known { Vec::new() } else { vec![naive_root(leaves)] };
    }
    let k = split(leaves.len());
    let (mut path, sibling) = if m <= k {
        (naive_subproof(m, &leaves[..k], known), naive_root(&leaves[k..]))
    } else {
        (naive_subproof(m - k, &leaves[k..], false), naive_root(&leaves[..k]))
    };
    path.push(sibling);
    path
}

fn split(length: usize) -> usize {
    (1..usize::BITS).map(|power| 1_usize << power).find(|&power| power >= length).unwrap() / 2
}

fn leaves(size: u64) -> Vec<Hash> {
    (0..size).map(leaf).collect()
}

fn hex(text: &str) -> Vec<u8> {
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(&text[at..at + 2], 16).unwrap()).collect()
}

#[test]
fn roots_are_those_of_the_certificate_transparency_vectors() {
    let data = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];
    let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];
    let mut tree = Tree::default();
    assert_eq!(tree.root().to_vec(), hex("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
    for (data, root) in data.iter().zip(roots) {
        tree.append(leaf_hash(&hex(data)));
        assert_eq!(tree.root().to_vec(), hex(root));
    }
}

#[test]
fn every_proof_of_every_small_tree_verifies_and_is_the_rfcs() {
    for size in 1..=40 {
        let (tree, kept) = grow(size);
        let all = leaves(size);
        assert_eq!(Tree::load(&kept, size).unwrap(), tree);
        assert_eq!(tree.root(), naive_root(&all));
        for index in 0..size {
            let path = proof::inclusion(&kept, index, size).unwrap();
            assert_eq!(path, naive_path(usize::try_from(index).unwrap(), &all));
            assert_eq!(proof::verify_inclusion(&leaf(index), index, size, &path, &tree.root()), Ok(()));
        }
        for old in 1..=size {
            let path = proof::consistency(&kept, old, size).unwrap();
            assert_eq!(path, naive_subproof(usize::try_from(old).unwrap(), &all, true));
            let old_root = naive_root(&all[..usize::try_from(old).unwrap()]);
            assert_eq!(proof::verify_consistency(old, &old_root, size, &tree.root(), &path), Ok(()));
        }
    }
}

#[test]
fn an_independent_implementation_finds_the_same_root() {
    let mut other = ct_merkle::mem_backed_tree::MemoryBackedTree::<sha2::Sha256, Vec<u8>>::new();
    let mut tree = Tree::default();
    for index in 0..300_u64 {
        let data = format!("entry {index}").into_bytes();
        tree.append(leaf_hash(&data));
        other.push(data);
        assert_eq!(tree.root().as_slice(), other.root().as_bytes().as_slice());
    }
}

#[test]
fn questions_about_what_is_not_there_are_answered_with_facts() {
    let (tree, kept) = grow(5);
    assert_eq!(proof::inclusion(&kept, 5, 5).unwrap(), Vec::<Hash>::new());
    let outside = Error::Outside { index: 5, size: 5 };
    assert_eq!(proof::verify_inclusion(&leaf(5), 5, 5, &[], &tree.root()), Err(outside));
    let shrunk = Error::Shrunk { old: 6, new: 5 };
    assert_eq!(proof::verify_consistency(6, &tree.root(), 5, &tree.root(), &[]), Err(shrunk));
    assert_eq!(proof::verify_consistency(5, &leaf(0), 5, &tree.root(), &[]), Err(Error::Root));
    assert_eq!(proof::verify_consistency(0, &empty_root(), 5, &tree.root(), &[]), Ok(()));
}

proptest! {
    #[test]
    fn inclusion_holds_for_the_right_leaf_only(size in 1_u64..2_000, at in any::<prop::sample::Index>(), flip in any::<prop::sample::Index>()) {
        let index = at.index(usize::try_from(size).unwrap()) as u64;
        let (tree, kept) = grow(size);
        let root = tree.root();
        let path = proof::inclusion(&kept, index, size).unwrap();
        prop_assert_eq!(proof::verify_inclusion(&leaf(index), index, size, &path, &root), Ok(()));
        prop_assert!(proof::verify_inclusion(&leaf(size), index, size, &path, &root).is_err());
        prop_assert!(proof::verify_inclusion(&leaf(index), index, size, &[path.as_slice(), &[root]].concat(), &root).is_err());
        if !path.is_empty() {
            prop_assert!(proof::verify_inclusion(&leaf(index), index, size, &path[1..], &root).is_err());
            let mut bent = path.clone();
            bent[flip.index(path.len())][0] ^= 1;
            prop_assert_eq!(proof::verify_inclusion(&leaf(index), index, size, &bent, &root), Err(Error::Root));
        }
    }

    #[test]
    fn consistency_holds_for_true_prefixes_only(new in 2_u64..2_000, at in any::<prop::sample::Index>()) {
        let old = 1 + at.index(usize::try_from(new - 1).unwrap()) as u64;
        let (tree, kept) = grow(new);
        let old_root = grow(old).0.root();
        let path = proof::consistency(&kept, old, new).unwrap();
        prop_assert_eq!(proof::verify_consistency(old, &old_root, new, &tree.root(), &path), Ok(()));
        prop_assert!(proof::verify_consistency(old, &leaf(0x00ff_ffff), new, &tree.root(), &path).is_err());
        prop_assert!(proof::verify_consistency(old, &old_root, new, &leaf(0x00ff_ffff), &path).is_err());
        prop_assert!(proof::verify_consistency(old, &old_root, new, &tree.root(), &path[1..]).is_err());
    }

    #[test]
    fn proofs_of_strangers_never_panic(
        index in any::<u64>(), size in any::<u64>(), old in any::<u64>(), proof in prop::collection::vec(any::<Hash>(), 0..70),
    ) {
        let root = [0; 32];
        prop_assert!(proof::verify_inclusion(&root, index, size, &proof, &root).is_err());
        let _ = proof::verify_consistency(old, &root, size, &root, &proof);
    }
}
