//! A certificate: its primary key, its bound subkeys, and until when each may sign.

use std::io::Read;

use jiff::{SignedDuration, Timestamp};
use pgp::composed::{Deserializable, SignedPublicKey, SignedPublicSubKey};
use pgp::crypto::hash::HashAlgorithm;
use pgp::packet::{RevocationCode, Signature, SignatureType};
use pgp::ser::Serialize;
use pgp::types::{KeyDetails, KeyVersion, PublicParams, RsaPublicParams, Tag};

use super::instant;

/// Certificates in one file that are looked at.
const MOST_KEYS: usize = 16;

/// Subkeys and signatures of one certificate that are looked at; key servers' copies can be flooded.
const MOST_PARTS: usize = 64;

/// Smallest RSA modulus.
const RSA_BITS: u16 = 2048;

/// A certificate whose fingerprint somebody trusts.
#[derive(Debug, Clone)]
pub(crate) struct Key {
    certificate: SignedPublicKey,
    fingerprint: String,
    primary: Life,
    subkeys: Vec<(SignedPublicSubKey, Life)>,
}

/// From when until when a key may sign.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Life {
    created: Timestamp,
    expires: Option<Timestamp>,
    revoked: Option<Revoked>,
    may_sign: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Revoked {
    /// Replaced or retired: what was signed before stands.
    Since(Timestamp),
    /// Compromised, or no reason given.
    Altogether,
}

/// A key of a certificate that can make signatures.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Signer<'k> {
    Primary(&'k SignedPublicKey),
    Subkey(&'k SignedPublicSubKey, usize),
}

impl Key {
    /// Reads the certificates of a file, armoured or binary.
    ///
    /// # Errors
    /// A fragment: it holds none that can be used.
    pub(crate) fn read(bytes: &[u8]) -> Result<Vec<Self>, String> {
        let (found, _) =
            SignedPublicKey::from_reader_many_buf(bytes).map_err(|error| format!("holds no OpenPGP key: {error}"))?;
        let mut keys = Vec::new();
        let mut reason = "holds no OpenPGP key".to_owned();
        for certificate in found.take(MOST_KEYS) {
            match certificate.map_err(|error| format!("holds no OpenPGP key: {error}")).and_then(Self::new) {
                Ok(key) => keys.push(key),
                Err(why) => reason = why,
            }
        }
        if keys.is_empty() { Err(reason) } else { Ok(keys) }
    }

    fn new(certificate: SignedPublicKey) -> Result<Self, String> {
        let primary = &certificate.primary_key;
        if !matches!(primary.version(), KeyVersion::V4 | KeyVersion::V6) {
            return Err("holds a key of a version whose fingerprints can be forged".to_owned());
        }
        if is_short(primary.public_params()) {
            return Err(format!("holds an RSA key of fewer than {RSA_BITS} bits"));
        }
        let fingerprint = primary.fingerprint().to_string().to_uppercase();
        let life = primary_life(&certificate);
        let subkeys = certificate.public_subkeys.iter().take(MOST_PARTS).filter_map(|subkey| {
            let life = subkey_life(&certificate, subkey)?;
            Some((subkey.clone(), life))
        });
        let subkeys = subkeys.collect();
        Ok(Self { fingerprint, primary: life, subkeys, certificate })
    }

    /// Upper-case hexadecimal digits.
    pub(crate) fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    pub(super) fn signers(&self) -> impl Iterator<Item = Signer<'_>> {
        let subkeys = self.subkeys.iter().enumerate().map(|(at, (subkey, _))| Signer::Subkey(subkey, at));
        std::iter::once(Signer::Primary(&self.certificate)).chain(subkeys)
    }

    /// Whether a signature of this date by `signer` counts.
    ///
    /// # Errors
    /// A fragment that fits behind "key …, which".
    pub(super) fn may_sign_at(&self, signer: Signer<'_>, at: Timestamp) -> Result<(), String> {
        self.primary.held_at(at)?;
        let life = match signer {
            Signer::Primary(_) => &self.primary,
            Signer::Subkey(_, at) => &self.subkeys[at].1,
        };
        life.held_at(at)?;
        if life.may_sign { Ok(()) } else { Err("is not for signing documents".to_owned()) }
    }
}

impl Life {
    fn held_at(&self, at: Timestamp) -> Result<(), String> {
        match self.revoked {
            Some(Revoked::Altogether) => return Err("was revoked".to_owned()),
            Some(Revoked::Since(since)) if since <= at => return Err(format!("was revoked at {since}")),
            _ => {}
        }
        if at < self.created {
            return Err(format!("was only made at {}", self.created));
        }
        match self.expires {
            Some(end) if end <= at => Err(format!("expired at {end}, before the signature of {at}")),
            _ => Ok(()),
        }
    }
}

impl Signer<'_> {
    /// Whether a signature says that it is by this key, or by nobody in particular.
    pub(super) fn is_named_by(&self, signature: &Signature) -> bool {
        let (print, id) = match self {
            Self::Primary(key) => (key.fingerprint(), key.legacy_key_id()),
            Self::Subkey(subkey, _) => (subkey.key.fingerprint(), subkey.key.legacy_key_id()),
        };
        let (prints, ids) = (signature.issuer_fingerprint(), signature.issuer_key_id());
        prints.contains(&&print) || ids.contains(&&id) || prints.is_empty() && ids.is_empty()
    }

    pub(super) fn verify(&self, signature: &Signature, data: impl Read) -> pgp::errors::Result<()> {
        match self {
            Self::Primary(key) => signature.verify(&key.primary_key, data),
            Self::Subkey(subkey, _) => signature.verify(&subkey.key, data),
        }
    }
}

fn is_short(params: &PublicParams) -> bool {
    // On the wire the modulus comes first, behind the number of its bits (RFC 9580, 3.2).
    let bits = |rsa: &RsaPublicParams| match rsa.to_bytes().as_deref() {
        Ok([high, low, ..]) => u16::from_be_bytes([*high, *low]),
        _ => 0,
    };
    matches!(params, PublicParams::RSA(rsa) if bits(rsa) < RSA_BITS)
}

/// The fingerprint is what is trusted; self-signatures only narrow, so that older digests are good enough for them.
fn is_usable(signature: &Signature) -> bool {
    !matches!(signature.hash_alg(), None | Some(HashAlgorithm::None | HashAlgorithm::Md5 | HashAlgorithm::Ripemd160))
}

fn primary_life(certificate: &SignedPublicKey) -> Life {
    let primary = &certificate.primary_key;
    let direct = certificate.details.direct_signatures.iter().take(MOST_PARTS).filter(|signature| {
        signature.typ() == Some(SignatureType::Key) && is_usable(signature) && signature.verify_key(primary).is_ok()
    });
    let users = certificate.details.users.iter().take(MOST_PARTS).flat_map(|user| {
        let own = user.signatures.iter().take(MOST_PARTS).filter(|signature| {
            let certifies = signature.typ() != Some(SignatureType::CertRevocation);
            // Others' certifications fail here: they are by other keys.
            certifies && is_usable(signature) && signature.verify_certification(primary, Tag::UserId, &user.id).is_ok()
        });
        own.collect::<Vec<_>>()
    });
    let revocations = certificate.details.revocation_signatures.iter().take(MOST_PARTS);
    let revoked = revocations.filter(|signature| signature.verify_key(primary).is_ok()).map(revocation);
    life(instant(primary.created_at()), direct.chain(users), revoked, true)
}

/// None: the subkey is not bound to the primary key in both directions.
fn subkey_life(certificate: &SignedPublicKey, subkey: &SignedPublicSubKey) -> Option<Life> {
    let primary = &certificate.primary_key;
    if is_short(subkey.key.public_params()) {
        return None;
    }
    let of = |wanted: SignatureType| {
        subkey.signatures.iter().take(MOST_PARTS).filter(move |signature| {
            signature.typ() == Some(wanted)
                && is_usable(signature)
                && signature.verify_subkey_binding(primary, &subkey.key).is_ok()
        })
    };
    let bonds: Vec<&Signature> = of(SignatureType::SubkeyBinding)
        .filter(|bond| {
            let back = bond.embedded_signature();
            back.is_some_and(|back| is_usable(back) && back.verify_primary_key_binding(&subkey.key, primary).is_ok())
        })
        .collect();
    if bonds.is_empty() {
        return None;
    }
    let revoked = of(SignatureType::SubkeyRevocation).map(revocation);
    Some(life(instant(subkey.key.created_at()), bonds.into_iter(), revoked, false))
}

/// The newest self-signature says until when and for what; the strictest revocation holds.
fn life<'s>(
    created: Timestamp,
    own: impl Iterator<Item = &'s Signature>,
    revoked: impl Iterator<Item = Revoked>,
    may_sign: bool,
) -> Life {
    let newest = own.max_by_key(|signature| signature.created().map(pgp::types::Timestamp::as_secs));
    let lasts = newest.and_then(Signature::key_expiration_time).map_or(0, pgp::types::Duration::as_secs);
    let expires = (lasts > 0).then(|| created + SignedDuration::from_secs(lasts.into()));
    // A primary key that states no purpose is for everything; a subkey has to say that it signs.
    let flags = newest.map(Signature::key_flags).filter(|flags| *flags != pgp::packet::KeyFlags::default());
    let may_sign = flags.map_or(may_sign, |flags| flags.sign());
    let revoked = revoked.reduce(|a, b| match (a, b) {
        (Revoked::Since(a), Revoked::Since(b)) => Revoked::Since(a.min(b)),
        _ => Revoked::Altogether,
    });
    Life { created, expires, revoked, may_sign }
}

fn revocation(signature: &Signature) -> Revoked {
    match (signature.revocation_reason_code(), signature.created()) {
        (Some(RevocationCode::KeySuperseded | RevocationCode::KeyRetired), Some(at)) => Revoked::Since(instant(at)),
        _ => Revoked::Altogether,
    }
}
