//! Detached OpenPGP signatures (RFC 9580, also RFC 4880): whether a key that is trusted by its fingerprint has signed some bytes.
//!
//! The parser and the arithmetic are rPGP's. What counts is decided here, for rPGP has no policy:
//! * keys of version 4 and 6; RSA from 2,048 bits; subkeys only where primary and subkey have signed their bond;
//! * data signatures over SHA-2 or SHA-3, with a date that is not in the future, not expired, by a key that may sign;
//! * a key's expiry and revocation are judged by the date of the signature: what was signed while the key held stays signed.
//!   A key revoked as compromised, or without a reason, has signed nothing.

mod key;

use std::io::{self, Read};

use jiff::{SignedDuration, Timestamp};
use pgp::composed::{Deserializable, DetachedSignature};
use pgp::crypto::hash::HashAlgorithm;
use pgp::packet::{Signature, SignatureType};

pub(crate) use key::Key;

/// Signatures in one file that are looked at; an honest file has one, and one more while keys change.
const MOST_SIGNATURES: usize = 8;

/// How far a signature's date may be ahead of our clock.
const SKEW: SignedDuration = SignedDuration::from_hours(24);

/// A signature that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Signed {
    /// Fingerprint of the certificate, upper-case hexadecimal.
    pub(crate) by: String,
    /// When it was made, by its own word.
    pub(crate) at: Timestamp,
}

/// Reads a file of signatures, armoured or binary.
///
/// # Errors
/// A fragment: it holds none.
pub(crate) fn signatures(bytes: &[u8]) -> Result<Vec<Signature>, String> {
    let (found, _) = DetachedSignature::from_reader_many_buf(bytes)
        .map_err(|error| format!("holds no OpenPGP signature: {error}"))?;
    let found: Vec<Signature> =
        found.take(MOST_SIGNATURES).map_while(Result::ok).map(|detached| detached.signature).collect();
    if found.is_empty() { Err("holds no OpenPGP signature".to_owned()) } else { Ok(found) }
}

/// Checks that one of `signatures` over the bytes that `open` gives is good and by one of `keys`.
///
/// # Errors
/// A fragment that fits behind "the document": why none counts.
pub(crate) fn verify<R: Read>(
    signatures: &[Signature],
    keys: &[Key],
    open: &dyn Fn() -> io::Result<R>,
    now: Timestamp,
) -> Result<Signed, String> {
    let mut reason = "is not signed".to_owned();
    for signature in signatures {
        match one(signature, keys, open, now) {
            Ok(signed) => return Ok(signed),
            Err(why) => reason = why,
        }
    }
    Err(reason)
}

fn one<R: Read>(
    signature: &Signature,
    keys: &[Key],
    open: &dyn Fn() -> io::Result<R>,
    now: Timestamp,
) -> Result<Signed, String> {
    let at = date_of(signature, now)?;
    let mut reason = format!("is signed by a key that its provider does not publish ({})", issuer(signature));
    for key in keys {
        for signer in key.signers().filter(|signer| signer.is_named_by(signature)) {
            let by = key.fingerprint();
            if let Err(why) = key.may_sign_at(signer, at) {
                reason = format!("is signed by key {by}, which {why}");
                continue;
            }
            let data = open().map_err(|error| format!("could not be read from the spool: {error}"))?;
            match signer.verify(signature, data) {
                Ok(()) => return Ok(Signed { by: by.to_owned(), at }),
                Err(_) => reason = format!("does not fit its signature by key {by}"),
            }
        }
    }
    Err(reason)
}

/// The date of a signature of a kind and strength that counts.
fn date_of(signature: &Signature, now: Timestamp) -> Result<Timestamp, String> {
    if !matches!(signature.typ(), Some(SignatureType::Binary | SignatureType::Text)) {
        return Err("has a signature that is none over a document".to_owned());
    }
    match signature.hash_alg() {
        Some(
            HashAlgorithm::Sha224
            | HashAlgorithm::Sha256
            | HashAlgorithm::Sha384
            | HashAlgorithm::Sha512
            | HashAlgorithm::Sha3_256
            | HashAlgorithm::Sha3_512,
        ) => {}
        Some(other) => return Err(format!("has a signature over {other}, which can be forged")),
        None => return Err("has a signature of a version that is not known".to_owned()),
    }
    let at = signature.created().map(instant).ok_or("has a signature without a date")?;
    if at.duration_since(now) > SKEW {
        return Err(format!("has a signature from the future ({at})"));
    }
    let lasts = signature.signature_expiration_time().map_or(0, pgp::types::Duration::as_secs);
    if lasts > 0 && at + SignedDuration::from_secs(lasts.into()) < now {
        return Err(format!("has a signature of {at} that has expired"));
    }
    Ok(at)
}

/// OpenPGP counts seconds of 32 bits.
fn instant(at: pgp::types::Timestamp) -> Timestamp {
    Timestamp::from_second(at.as_secs().into()).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// The key that made a signature, by its own word.
fn issuer(signature: &Signature) -> String {
    let by_print = signature.issuer_fingerprint().first().map(|print| print.to_string().to_uppercase());
    let by_id = || signature.issuer_key_id().first().map(|id| id.to_string().to_uppercase());
    by_print.or_else(by_id).unwrap_or_else(|| "it names none".to_owned())
}

#[cfg(test)]
mod tests;
