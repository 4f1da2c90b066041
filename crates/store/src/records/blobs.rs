//! What the projection needs from the archive: bytes by digest.

use std::collections::HashMap;
use std::error::Error as StdError;
use std::hash::BuildHasher;
use std::sync::Arc;

use domain::model::raw::Digest;
use serde::de::DeserializeOwned;

use super::error::{Error, Result};
use crate::archive::Archive;

/// Archived bytes by their digest. Implemented by the archive, and by a map in tests.
pub trait Blobs {
    /// The whole object.
    ///
    /// # Errors
    /// It is missing, damaged, or cannot be read.
    fn read(&self, digest: &Digest) -> Result<Vec<u8>, Box<dyn StdError + Send + Sync>>;

    /// Whether the object is there.
    fn contains(&self, digest: &Digest) -> bool {
        self.read(digest).is_ok()
    }
}

impl Blobs for Archive {
    fn read(&self, digest: &Digest) -> Result<Vec<u8>, Box<dyn StdError + Send + Sync>> {
        Ok(Archive::read(self, digest)?)
    }

    fn contains(&self, digest: &Digest) -> bool {
        Archive::contains(self, digest)
    }
}

impl<B: Blobs + ?Sized> Blobs for Arc<B> {
    fn read(&self, digest: &Digest) -> Result<Vec<u8>, Box<dyn StdError + Send + Sync>> {
        (**self).read(digest)
    }

    fn contains(&self, digest: &Digest) -> bool {
        (**self).contains(digest)
    }
}

impl<S: BuildHasher> Blobs for HashMap<Digest, Vec<u8>, S> {
    fn read(&self, digest: &Digest) -> Result<Vec<u8>, Box<dyn StdError + Send + Sync>> {
        self.get(digest).cloned().ok_or_else(|| "it is not there".into())
    }
}

/// Reads the object `digest`, which is JSON, as a `T`; `what` is the word for it in errors.
pub(super) fn read_json<T: DeserializeOwned>(blobs: &dyn Blobs, digest: Digest, what: &'static str) -> Result<T> {
    let bytes = blobs.read(&digest).map_err(|source| Error::Blob { digest, source })?;
    if Digest::of(&bytes) != digest {
        return Err(Error::WrongBytes { digest });
    }
    serde_json::from_slice(&bytes).map_err(|source| Error::Content { digest, what, source })
}
