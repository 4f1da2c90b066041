//! People: a passphrase yields a signing key, and only the key's public half is kept.
//!
//! Argon2id turns name and passphrase into an Ed25519 seed, so a signature proves that its maker knew the passphrase, and
//! nobody with access to the workspace can sign for somebody else, an administrator included (21 CFR 11.70, 11.100).

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::model::journal::User;
use domain::model::raw::Digest;
use domain::model::review::{Meaning, Signature};
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use jiff::Timestamp;
use serde::Serialize;
use zeroize::Zeroizing;

/// Roles that mean something to the program. Nobody gains power over content by `administrator`.
pub const ROLES: [&str; 4] = ["reviewer", "approver", "risk_manager", "administrator"];

/// Argon2id parameters for new users: 19 MiB, two passes, one lane (OWASP's first choice).
const ARGON2: (u32, u32, u32) = (19 * 1024, 2, 1);

/// Fewest characters of a passphrase.
const SHORTEST: usize = 8;

/// Why a person cannot act or sign.
#[derive(Debug, thiserror::Error)]
pub enum PersonError {
    /// Too short.
    #[error("take this passphrase: it has fewer than {SHORTEST} characters")]
    Short,
    /// Unknown role.
    #[error("give {user} the role {role:?}: known are {}", ROLES.join(", "))]
    Role {
        /// Who.
        user: String,
        /// What was asked for.
        role: String,
    },
    /// A user name that cannot be one.
    #[error("add user {0:?}: a user name holds lower-case letters, digits, `-`, `.` and `_`")]
    Name(String),
    /// The passphrase is not this user's.
    #[error("sign as {0}: the passphrase is wrong")]
    Passphrase(String),
    /// The person lacks the role.
    #[error("{what} as {user}: the role {role} is needed, and {user} has {}", has.join(", "))]
    Missing {
        /// Who.
        user: String,
        /// For what.
        what: &'static str,
        /// Needed.
        role: &'static str,
        /// Present.
        has: Vec<String>,
    },
    /// The stored key is damaged.
    #[error("read the key of {0}: it is damaged")]
    Key(String),
    /// The system gives no random bytes.
    #[error("make a salt: the system gives no random bytes")]
    Random,
}

/// Makes a user from a passphrase.
pub fn new_user(name: &str, printed_name: &str, roles: &[String], passphrase: &str) -> Result<User, PersonError> {
    let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.' | '_');
    if name.is_empty() || !name.chars().all(fine) || name == crate::PROGRAM {
        return Err(PersonError::Name(name.to_owned()));
    }
    if let Some(role) = roles.iter().find(|role| !ROLES.contains(&role.as_str())) {
        return Err(PersonError::Role { user: name.to_owned(), role: role.clone() });
    }
    if passphrase.chars().count() < SHORTEST {
        return Err(PersonError::Short);
    }
    let mut salt = [0_u8; 16];
    getrandom::fill(&mut salt).map_err(|_| PersonError::Random)?;
    let key = derive(name, passphrase, &salt, ARGON2).ok_or(PersonError::Random)?;
    let mut roles = roles.to_vec();
    roles.sort();
    roles.dedup();
    Ok(User {
        name: name.to_owned(),
        printed_name: printed_name.to_owned(),
        roles,
        public_key: STANDARD.encode(key.verifying_key().to_bytes()),
        salt: STANDARD.encode(salt),
        argon2: ARGON2,
    })
}

/// The key of a user, if the passphrase is theirs.
pub fn unlock(user: &User, passphrase: &str) -> Result<SigningKey, PersonError> {
    let salt = STANDARD.decode(&user.salt).map_err(|_| PersonError::Key(user.name.clone()))?;
    let key = derive(&user.name, passphrase, &salt, user.argon2).ok_or_else(|| PersonError::Key(user.name.clone()))?;
    if STANDARD.encode(key.verifying_key().to_bytes()) == user.public_key {
        Ok(key)
    } else {
        Err(PersonError::Passphrase(user.name.clone()))
    }
}

fn derive(name: &str, passphrase: &str, salt: &[u8], (memory, passes, lanes): (u32, u32, u32)) -> Option<SigningKey> {
    let params = Params::new(memory, passes, lanes, Some(32)).ok()?;
    let mut seed = Zeroizing::new([0_u8; 32]);
    // The name is part of the secret's input: equal passphrases and salts of two people still give two keys.
    let input = Zeroizing::new(format!("wardround signing key\0{name}\0{passphrase}"));
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(input.as_bytes(), salt, seed.as_mut())
        .ok()?;
    Some(SigningKey::from_bytes(&seed))
}

/// What a signature says. Its canonical JSON is what the key signs.
#[derive(Debug, Serialize)]
struct Statement<'a> {
    at: Timestamp,
    meaning: Meaning,
    printed_name: &'a str,
    record: Digest,
    user: &'a str,
}

/// Signs a record's digest with a meaning.
pub fn sign(user: &User, key: &SigningKey, meaning: Meaning, at: Timestamp, record: Digest) -> Signature {
    let statement = statement(&user.name, &user.printed_name, meaning, at, record);
    Signature {
        user: user.name.clone(),
        printed_name: user.printed_name.clone(),
        meaning,
        at,
        record,
        ed25519: STANDARD.encode(key.sign(&statement).to_bytes()),
    }
}

/// Whether a signature was made with the key of `user` over exactly what it says.
pub fn is_signed_by(signature: &Signature, user: &User) -> bool {
    let statement =
        statement(&signature.user, &signature.printed_name, signature.meaning, signature.at, signature.record);
    let decode = |text: &str| STANDARD.decode(text).ok();
    let key = decode(&user.public_key).and_then(|bytes| VerifyingKey::from_bytes(&bytes.try_into().ok()?).ok());
    let bytes = decode(&signature.ed25519).and_then(|bytes| <[u8; 64]>::try_from(bytes).ok());
    match (key, bytes) {
        (Some(key), Some(bytes)) => {
            signature.user == user.name
                && key.verify_strict(&statement, &ed25519_dalek::Signature::from_bytes(&bytes)).is_ok()
        }
        _ => false,
    }
}

fn statement(user: &str, printed_name: &str, meaning: Meaning, at: Timestamp, record: Digest) -> Vec<u8> {
    standards::canonical_json::to_vec(&Statement { at, meaning, printed_name, record, user })
        .expect("a statement holds text only, which always has a canonical form")
}

/// Refuses who lacks a role.
pub fn require(user: &User, role: &'static str, what: &'static str) -> Result<(), PersonError> {
    if user.roles.iter().any(|has| has == role) {
        Ok(())
    } else {
        Err(PersonError::Missing { user: user.name.clone(), what, role, has: user.roles.clone() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn anna() -> User {
        new_user("anna", "Anna Berg", &["reviewer".to_owned()], "correct horse battery").expect("a user")
    }

    #[test]
    fn a_signature_binds_signer_meaning_time_and_record() {
        let user = anna();
        let key = unlock(&user, "correct horse battery").expect("the passphrase is right");
        let at = "2022-01-03T09:30:00Z".parse().expect("a time");
        let signature = sign(&user, &key, Meaning::Reviewed, at, Digest::of(b"record"));
        assert!(is_signed_by(&signature, &user));
        let other = Signature { meaning: Meaning::Approved, ..signature.clone() };
        assert!(!is_signed_by(&other, &user), "the meaning is bound");
        let other = Signature { record: Digest::of(b"another record"), ..signature.clone() };
        assert!(!is_signed_by(&other, &user), "the record is bound");
        let other = Signature { printed_name: "Ben Cole".to_owned(), ..signature };
        assert!(!is_signed_by(&other, &user), "the printed name is bound");
    }

    #[test]
    fn a_wrong_passphrase_unlocks_nothing() {
        assert!(matches!(unlock(&anna(), "correct horse batterie"), Err(PersonError::Passphrase(_))));
    }

    #[test]
    fn an_unknown_role_and_a_short_passphrase_are_refused() {
        assert!(matches!(new_user("ben", "Ben", &["boss".to_owned()], "long enough"), Err(PersonError::Role { .. })));
        assert!(matches!(new_user("ben", "Ben", &[], "short"), Err(PersonError::Short)));
        assert!(matches!(new_user("wardround", "W", &[], "long enough"), Err(PersonError::Name(_))));
    }
}
