//! Checkpoints (C2SP tlog-checkpoint): the head of a log as the text of a signed note.
//!
//! Three lines: the log's origin, the number of entries in decimal, the root hash in base64. Further lines are
//! extensions, which are kept apart by other readers and refused by none.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::note::{self, Signer, VerifierKey};
use super::tree::Hash;

/// The head of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Name of the log; the same as the name of the key that signs.
    pub origin: String,
    /// Number of entries.
    pub size: u64,
    /// Root of the Merkle tree over them.
    pub root: Hash,
}

impl Checkpoint {
    /// The text that is signed.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root))
    }

    /// Signs the head and returns the note.
    ///
    /// # Errors
    /// The signer has another name than the log, or the origin cannot be part of a note.
    pub fn sign(&self, signer: &Signer) -> Result<String, Error> {
        if self.origin != signer.name() {
            return Err(Error::Origin { found: self.origin.clone(), needed: signer.name().to_owned() });
        }
        Ok(signer.sign(&self.text())?)
    }

    /// Verifies a note and reads the head in it.
    ///
    /// # Errors
    /// The signature is missing or wrong, the text is no checkpoint, or it is one of another log.
    pub fn open(note: &str, key: &VerifierKey) -> Result<Self, Error> {
        let head = Self::parse(key.open(note)?)?;
        if head.origin == key.name() {
            Ok(head)
        } else {
            Err(Error::Origin { found: head.origin, needed: key.name().to_owned() })
        }
    }

    /// Reads the text of a checkpoint, signed or not; a note may follow it.
    ///
    /// # Errors
    /// A line is missing or malformed.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let mut lines = text.split('\n');
        let mut line = |what| lines.next().filter(|line| !line.is_empty()).ok_or(Error::Malformed(what));
        let origin = line("an origin is needed on its first line")?.to_owned();
        let size = decimal(line("a size is needed on its second line")?)?;
        let root = STANDARD.decode(line("a root hash is needed on its third line")?).ok();
        let root = root.and_then(|root| Hash::try_from(root).ok());
        Ok(Self { origin, size, root: root.ok_or(Error::Malformed("its root hash is not 32 bytes in base64"))? })
    }
}

/// A number without sign or leading zeros, so that one head has one text.
fn decimal(text: &str) -> Result<u64, Error> {
    let size: u64 = text.parse().map_err(|_| Error::Malformed("its size is no number"))?;
    if size.to_string() == text { Ok(size) } else { Err(Error::Malformed("its size is not written plainly")) }
}

/// A checkpoint that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The note around it.
    #[error(transparent)]
    Note(#[from] note::Error),
    /// The text is no checkpoint.
    #[error("read a checkpoint: {0}")]
    Malformed(&'static str),
    /// It speaks of another log.
    #[error("use a checkpoint of {found:?}: {needed:?} is needed")]
    Origin {
        /// Its log.
        found: String,
        /// The log of the key.
        needed: String,
    },
}
