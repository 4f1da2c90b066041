//! Integration tests of the crate, in one binary.

mod matching;
mod normalise;
mod normalise_corpus;
mod sbom_corpus;
mod shared;
