//! Keys and signatures made by GnuPG 2.4 with invented names and set dates; `document.json` is signed.

use super::*;

const DOCUMENT: &[u8] = include_bytes!("fixtures/document.json");

fn now() -> Timestamp {
    "2024-07-16T20:00:00Z".parse().unwrap()
}

fn check(key: &[u8], signature: &[u8], document: &[u8]) -> Result<Signed, String> {
    verify(&signatures(signature)?, &Key::read(key)?, &|| Ok(document), now())
}

macro_rules! fixture {
    ($name:literal) => {
        include_bytes!(concat!("fixtures/", $name, ".asc")).as_slice()
    };
}

#[test]
fn a_good_signature_says_by_whom_and_when() {
    let signed = check(fixture!("key"), fixture!("good"), DOCUMENT).unwrap();
    assert_eq!(signed.by, "8B97AD2B69F7A621F7AF39D35253E76726B75F13");
    assert_eq!(signed.at.to_string(), "2024-07-09T20:00:00Z");
    assert!(check(fixture!("rsa"), fixture!("by-rsa"), DOCUMENT).is_ok());
    assert!(check(fixture!("key"), fixture!("text"), DOCUMENT).is_ok(), "text mode");
}

#[test]
fn a_signature_over_something_else_or_by_somebody_else_does_not_count() {
    let why = check(fixture!("key"), fixture!("other"), DOCUMENT).unwrap_err();
    assert!(why.starts_with("does not fit its signature by key 8B97AD2B"), "{why}");
    let changed = [DOCUMENT, b" "].concat();
    assert!(check(fixture!("key"), fixture!("good"), &changed).is_err());
    let why = check(fixture!("rsa"), fixture!("good"), DOCUMENT).unwrap_err();
    assert!(why.contains("does not publish") && why.contains("8B97AD2B69F7A621F7AF39D35253E76726B75F13"), "{why}");
}

#[test]
fn a_subkey_signs_for_its_certificate_once_it_is_bound() {
    let signed = check(fixture!("with-subkey"), fixture!("by-subkey"), DOCUMENT).unwrap();
    assert_eq!(signed.by, "8B97AD2B69F7A621F7AF39D35253E76726B75F13");
    assert!(check(fixture!("key"), fixture!("by-subkey"), DOCUMENT).is_err(), "not known yet");
}

#[test]
fn an_expired_key_is_judged_by_the_date_of_the_signature() {
    assert!(check(fixture!("expired"), fixture!("before-expiry"), DOCUMENT).is_ok());
    let why = check(fixture!("expired"), fixture!("after-expiry"), DOCUMENT).unwrap_err();
    assert!(why.contains("expired at 2020-01-01"), "{why}");
}

#[test]
fn a_retired_key_has_signed_what_it_signed_and_a_compromised_one_nothing() {
    assert!(check(fixture!("retired"), fixture!("by-revoked"), DOCUMENT).is_ok());
    let why = check(fixture!("compromised"), fixture!("by-revoked"), DOCUMENT).unwrap_err();
    assert!(why.ends_with("which was revoked"), "{why}");
}

#[test]
fn weak_digests_short_keys_and_expired_signatures_do_not_count() {
    let why = check(fixture!("key"), fixture!("sha1"), DOCUMENT).unwrap_err();
    assert!(why.contains("SHA1"), "{why}");
    assert!(Key::read(fixture!("weak")).unwrap_err().contains("fewer than 2048 bits"));
    let signatures = signatures(fixture!("short-lived")).unwrap();
    let keys = Key::read(fixture!("key")).unwrap();
    let at = |now: &str| verify(&signatures, &keys, &|| Ok(DOCUMENT), now.parse().unwrap());
    assert!(at("2024-07-10T20:00:00Z").is_ok() && at("2024-07-20T20:00:00Z").unwrap_err().contains("has expired"));
    assert!(at("2024-07-01T20:00:00Z").unwrap_err().contains("from the future"));
}

#[test]
fn what_is_no_key_or_signature_is_refused_without_a_panic() {
    for bytes in [b"".as_slice(), b"<html>", b"\xff\xff\xff", &[0x99; 4096], &vec![b'-'; 1 << 20], fixture!("key")] {
        assert!(signatures(bytes).is_err());
    }
    for good in [fixture!("key"), fixture!("with-subkey"), fixture!("compromised"), fixture!("rsa")] {
        for cut in (0..good.len()).step_by(7) {
            let _ = Key::read(&good[..cut]);
            let mut flipped = good.to_vec();
            flipped[cut] ^= 0x15;
            let _ = check(&flipped, fixture!("good"), DOCUMENT);
        }
    }
    for cut in 0..fixture!("good").len() {
        let mut flipped = fixture!("good").to_vec();
        flipped[cut] ^= 0x15;
        // A changed letter of the armour's frame may leave the signature whole; a changed signature never holds.
        if let Ok(signed) = check(fixture!("key"), &flipped, DOCUMENT) {
            assert_eq!(signed.by, "8B97AD2B69F7A621F7AF39D35253E76726B75F13");
        }
        assert!(check(fixture!("key"), &flipped, b"{}").is_err());
    }
}
