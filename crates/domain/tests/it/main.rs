//! Integration tests of the crate, in one binary.

mod normalise;
mod normalise_corpus;
mod matching;
mod sbom_corpus;
mod shared;
