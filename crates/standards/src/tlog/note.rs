//! Signed notes (C2SP signed-note): a text, a blank line, and lines with Ed25519 signatures over the text.
//!
//! ```text
//! example.org/journal
//! 7
//! BASE64 OF THE ROOT HASH
//!
//! — example.org/journal BASE64 OF KEY HASH AND SIGNATURE
//! ```
//!
//! Keys are exchanged as text: `NAME+HASH+BASE64`, where the hash tells keys of one name apart.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest as _, Sha256};

/// Signature type of plain Ed25519.
const ED25519: u8 = 0x01;

/// Notes larger than this are refused unread.
const LIMIT_BYTES: usize = 1_000_000;

/// Notes with more signatures than this are refused.
const LIMIT_SIGNATURES: usize = 100;

/// What begins a signature line.
const DASH: &str = "\u{2014} ";

/// A named key that signs.
#[derive(Clone)]
pub struct Signer {
    name: String,
    key: SigningKey,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signer({})", self.verifier())
    }
}

impl Signer {
    /// A signer under `name`, usually a host and path.
    ///
    /// # Errors
    /// The name is empty or has white space or a plus sign.
    pub fn new(name: &str, key: SigningKey) -> Result<Self, Error> {
        check_name(name)?;
        Ok(Self { name: name.to_owned(), key })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The public half.
    pub fn verifier(&self) -> VerifierKey {
        VerifierKey { name: self.name.clone(), key: self.key.verifying_key() }
    }

    /// Signs `text`, which ends with a new line, and returns the whole note.
    ///
    /// # Errors
    /// The text cannot be part of a note.
    pub fn sign(&self, text: &str) -> Result<String, Error> {
        check_text(text)?;
        let mut blob = self.verifier().id().to_vec();
        blob.extend_from_slice(&self.key.sign(text.as_bytes()).to_bytes());
        Ok(format!("{text}\n{DASH}{} {}\n", self.name, STANDARD.encode(blob)))
    }
}

/// A named key that verifies; written `NAME+HASH+BASE64`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    key: VerifyingKey,
}

impl VerifierKey {
    /// A verifier of signatures under `name`.
    ///
    /// # Errors
    /// The name is empty or has white space or a plus sign.
    pub fn new(name: &str, key: VerifyingKey) -> Result<Self, Error> {
        check_name(name)?;
        Ok(Self { name: name.to_owned(), key })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The key itself.
    pub fn key(&self) -> &VerifyingKey {
        &self.key
    }

    /// First four bytes of `SHA-256(name || "\n" || type || key)`.
    pub fn id(&self) -> [u8; 4] {
        let hash = Sha256::new()
            .chain_update(self.name.as_bytes())
            .chain_update([b'\n', ED25519])
            .chain_update(self.key.as_bytes())
            .finalize();
        [hash[0], hash[1], hash[2], hash[3]]
    }

    /// Verifies a note and returns its text. Signatures of other keys are not looked at.
    ///
    /// # Errors
    /// The note is malformed, this key has not signed it, or its signature is wrong.
    pub fn open<'a>(&self, note: &'a str) -> Result<&'a str, Error> {
        let (text, lines) = split(note)?;
        let mut signed = false;
        for (count, line) in lines.lines().enumerate() {
            if count == LIMIT_SIGNATURES {
                return Err(Error::Malformed("it has more than 100 signatures"));
            }
            let (name, blob) = signature_line(line)?;
            if name == self.name && blob.starts_with(&self.id()) {
                self.verify(text, &blob[4..])?;
                signed = true;
            }
        }
        if signed { Ok(text) } else { Err(Error::NotSigned(self.to_string())) }
    }

    fn verify(&self, text: &str, signature: &[u8]) -> Result<(), Error> {
        let wrong = || Error::WrongSignature(self.to_string());
        let signature = Signature::from_slice(signature).map_err(|_| wrong())?;
        self.key.verify_strict(text.as_bytes(), &signature).map_err(|_| wrong())
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut material = vec![ED25519];
        material.extend_from_slice(self.key.as_bytes());
        write!(f, "{}+{:08x}+{}", self.name, u32::from_be_bytes(self.id()), STANDARD.encode(material))
    }
}

impl FromStr for VerifierKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let invalid = |why| Error::InvalidKey { text: text.to_owned(), why };
        let mut parts = text.trim().splitn(3, '+');
        let (Some(name), Some(id), Some(material)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(invalid("NAME+HASH+BASE64 is needed"));
        };
        let material = STANDARD.decode(material).map_err(|_| invalid("its last part is no base64"))?;
        let [ED25519, key @ ..] = material.as_slice() else {
            return Err(invalid("it is no Ed25519 key"));
        };
        let key = <&[u8; 32]>::try_from(key).map_err(|_| invalid("an Ed25519 key has 32 bytes"))?;
        let key = VerifyingKey::from_bytes(key).map_err(|_| invalid("its bytes are no point of the curve"))?;
        let verifier = Self::new(name, key)?;
        if id.len() == 8 && u32::from_str_radix(id, 16) == Ok(u32::from_be_bytes(verifier.id())) {
            Ok(verifier)
        } else {
            Err(invalid("its hash belongs to another name or key"))
        }
    }
}

/// Cuts a note at its last blank line.
fn split(note: &str) -> Result<(&str, &str), Error> {
    if note.len() > LIMIT_BYTES {
        return Err(Error::Malformed("it is larger than 1 MB"));
    }
    let end = note.rfind("\n\n").ok_or(Error::Malformed("no blank line ends its text"))?;
    let (text, lines) = (&note[..=end], &note[end + 2..]);
    check_text(text)?;
    if lines.is_empty() || !lines.ends_with('\n') {
        return Err(Error::Malformed("its last line is no signature"));
    }
    Ok((text, lines))
}

/// Name, and key hash with signature.
fn signature_line(line: &str) -> Result<(&str, Vec<u8>), Error> {
    let malformed = Error::Malformed("a signature line is not `\u{2014} NAME BASE64`");
    let (name, blob) = line.strip_prefix(DASH).and_then(|rest| rest.split_once(' ')).ok_or(malformed.clone())?;
    check_name(name)?;
    let blob = STANDARD.decode(blob).map_err(|_| malformed.clone())?;
    if blob.len() > 4 { Ok((name, blob)) } else { Err(malformed) }
}

fn check_name(name: &str) -> Result<(), Error> {
    if name.is_empty() || name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+') {
        return Err(Error::InvalidName(name.to_owned()));
    }
    Ok(())
}

fn check_text(text: &str) -> Result<(), Error> {
    if !text.ends_with('\n') {
        return Err(Error::Malformed("its text does not end with a new line"));
    }
    if text.bytes().any(|byte| byte < 0x20 && byte != b'\n') {
        return Err(Error::Malformed("its text has control characters"));
    }
    Ok(())
}

/// A note, name or key that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Names of keys are restricted.
    #[error("use {0:?} as the name of a key: it must not be empty nor hold white space or a plus sign")]
    InvalidName(String),
    /// The text is no verifier key.
    #[error("read {text:?} as a verifier key: {why}")]
    InvalidKey {
        /// The text.
        text: String,
        /// What is wrong.
        why: &'static str,
    },
    /// The note is not built as one.
    #[error("read a signed note: {0}")]
    Malformed(&'static str),
    /// No signature of the key.
    #[error("find a signature by {0} on the note")]
    NotSigned(String),
    /// A signature that claims to be by the key is not.
    #[error("verify the signature by {0}: the text or the signature was changed")]
    WrongSignature(String),
}
