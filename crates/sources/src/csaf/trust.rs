//! What a provider's documents are believed on: its keys, fetched and pinned, and what it promises.
//!
//! | The provider | A document is believed |
//! |---|---|
//! | publishes keys (7.1.20) | with a good signature by one of them |
//! | publishes keys that could never be had | by its digest; that is owed |
//! | publishes keys no more, or others than before | not until a person accepts the new key |
//! | publishes no keys and promises no signatures | by its digest, if there is one |
//!
//! The keys of the first fetch are trusted by TLS and by the fingerprint that the metadata state, unless the source's
//! configuration names fingerprints: then those alone count.

use std::cell::Cell;
use std::collections::BTreeSet;

use super::asked;
use super::metadata::{Metadata, StatedKey};
use crate::http::Download;
use crate::openpgp::{self, Key};
use crate::session::{Problem, Session};

/// Most bytes of a key or a signature.
const MOST_BYTES: u64 = 1 << 20;

/// What documents of a provider are believed on.
#[derive(Debug)]
pub(crate) struct Trust {
    /// Whether digests are owed for every document.
    pub(crate) owes_digests: bool,
    /// Whether the last document had SHA-256 only: then that is asked for first.
    pub(super) prefers_sha256: Cell<bool>,
    signing: Signing,
    /// Signatures that held.
    verified: Cell<u64>,
}

#[derive(Debug)]
enum Signing {
    /// Every document has to be signed by one of these keys; by none of them, where the list is empty.
    Required(Vec<Key>),
    /// Signatures cannot be checked, and why, as a fragment.
    Unavailable(String),
    /// None are promised.
    NotPromised,
}

impl Trust {
    /// Fetches a provider's keys. `pinned` are the fingerprints of those that have been used before; new ones are added.
    pub(crate) fn of(session: &mut Session<'_>, metadata: &Metadata, pinned: &mut BTreeSet<String>) -> Self {
        let signing = match (metadata.keys.is_empty(), pinned.is_empty()) {
            (true, true) if metadata.is_trusted => {
                Signing::Unavailable(format!("{} is a trusted provider, but publishes no OpenPGP key", metadata.name))
            }
            (true, true) => Signing::NotPromised,
            (true, false) => {
                session.owe(format!("{} publishes no OpenPGP key any more; before it did.", metadata.name));
                Signing::Required(Vec::new())
            }
            (false, _) => keys(session, metadata, pinned),
        };
        Self { owes_digests: metadata.is_trusted, prefers_sha256: Cell::new(false), signing, verified: Cell::new(0) }
    }

    /// Trust in a tree without metadata.
    pub(crate) fn in_digests_only() -> Self {
        let signing = Signing::NotPromised;
        Self { owes_digests: false, prefers_sha256: Cell::new(false), signing, verified: Cell::new(0) }
    }

    /// Trust where the metadata cannot be read: nothing is believed where keys were known before.
    pub(crate) fn without_keys(pinned: &BTreeSet<String>) -> Self {
        let signing = if pinned.is_empty() {
            Signing::Unavailable("the provider's metadata could not be read".to_owned())
        } else {
            Signing::Required(Vec::new())
        };
        Self { owes_digests: true, prefers_sha256: Cell::new(false), signing, verified: Cell::new(0) }
    }

    /// Why signatures cannot be checked although they are promised.
    pub(crate) fn unavailable(&self) -> Option<&str> {
        match &self.signing {
            Signing::Unavailable(reason) => Some(reason),
            _ => None,
        }
    }

    /// Whether documents have to be signed.
    pub(crate) fn needs_signature(&self) -> bool {
        matches!(self.signing, Signing::Required(_))
    }

    /// Signatures that held so far.
    pub(crate) fn verified(&self) -> u64 {
        self.verified.get()
    }

    /// Checks a document's signature.
    ///
    /// # Errors
    /// A fragment that fits behind the document's address.
    pub(crate) fn check(
        &self,
        session: &Session<'_>,
        download: &Download,
        signatures: &[pgp::packet::Signature],
    ) -> Result<(), String> {
        let Signing::Required(keys) = &self.signing else { return Ok(()) };
        let open = || std::fs::File::open(download.path()).map(std::io::BufReader::new);
        openpgp::verify(signatures, keys, &open, session.clock.now())?;
        self.verified.set(self.verified.get() + 1);
        Ok(())
    }

    /// A request for a signature or key.
    pub(crate) fn request(session: &Session<'_>, url: url::Url) -> crate::http::Request {
        let mut request = asked(session, url);
        request.limit_bytes = MOST_BYTES;
        request
    }

    /// Records on what documents were believed. `documents` were asked for.
    pub(crate) fn tell(&self, session: &mut Session<'_>, name: &str, documents: u64) {
        match &self.signing {
            Signing::Required(_) if documents > 0 => {
                session.checked(&format!("signed documents of {name}"), documents, self.verified());
            }
            Signing::Required(_) => {}
            Signing::NotPromised => {
                session.checked(&format!("OpenPGP keys of {name}"), "none published", "none published");
            }
            Signing::Unavailable(reason) => {
                session.owe(format!("Signatures of the documents of {name} were not checked: {reason}."));
            }
        }
    }
}

/// The keys that count, of those that are published.
fn keys(session: &mut Session<'_>, metadata: &Metadata, pinned: &mut BTreeSet<String>) -> Signing {
    let accepted: BTreeSet<String> =
        session.config.keys.iter().map(|key| key.replace([' ', ':'], "").to_uppercase()).collect();
    let was_pinned = !pinned.is_empty() || !accepted.is_empty();
    let before = if accepted.is_empty() { pinned.clone() } else { accepted };
    let mut usable = Vec::new();
    let mut reason = String::new();
    for stated in &metadata.keys {
        match key(session, stated) {
            Ok(key) if was_pinned && !before.contains(key.fingerprint()) => {
                let known: Vec<&str> = before.iter().map(String::as_str).collect();
                session.checked(&format!("OpenPGP key of {}", metadata.name), key.fingerprint(), known.join(", "));
                session.owe(format!(
                    "{} publishes another OpenPGP key, {}; it counts when a person has named it under `keys` of this source.",
                    metadata.name,
                    key.fingerprint()
                ));
            }
            Ok(key) => usable.push(key),
            Err(problem) if was_pinned => session.owe_document(&problem),
            Err(problem) => reason = problem.to_string(),
        }
    }
    if usable.is_empty() && !was_pinned {
        return Signing::Unavailable(reason);
    }
    pinned.extend(usable.iter().map(|key| key.fingerprint().to_owned()));
    Signing::Required(usable)
}

/// Fetches a key; its fingerprint has to be the one stated.
fn key(session: &mut Session<'_>, stated: &StatedKey) -> Result<Key, Problem> {
    let request = Trust::request(session, stated.url.clone());
    let read = |bytes: &[u8]| {
        let mut keys = Key::read(bytes)?;
        let Some(wanted) = &stated.fingerprint else { return Ok(keys.swap_remove(0)) };
        let found = keys.iter().map(|key| key.fingerprint().to_owned()).collect::<Vec<_>>().join(", ");
        let fits = keys.into_iter().find(|key| key.fingerprint() == wanted);
        fits.ok_or_else(|| format!("holds the key {found}, and the provider's metadata state {wanted}"))
    };
    let found = session.index(&request, &read)?;
    found.map(|(key, _)| key).ok_or_else(|| Problem::Unusable {
        from: stated.url.to_string(),
        reason: "answered that nothing has changed, which was not asked".to_owned(),
    })
}
