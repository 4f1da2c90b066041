//! Notes, keys and checkpoints: the specification's example, round trips, and what must be refused.

use ed25519_dalek::SigningKey;
use proptest::prelude::*;

use super::super::checkpoint::{self, Checkpoint};
use super::super::note::{Error, Signer, VerifierKey};
use super::leaf;

/// The example of the C2SP signed-note specification.
const KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const NOTE: &str = "This is an example message.\n\n\u{2014} example.com/foo \
    Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

fn signer(name: &str) -> Signer {
    Signer::new(name, SigningKey::from_bytes(&[7; 32])).unwrap()
}

fn head() -> Checkpoint {
    Checkpoint { origin: "acme.example/journal".to_owned(), size: 42, root: leaf(1) }
}

#[test]
fn the_specifications_example_verifies() {
    let key: VerifierKey = KEY.parse().unwrap();
    assert_eq!(key.open(NOTE), Ok("This is an example message.\n"));
    assert_eq!(key.to_string(), KEY);
}

#[test]
fn a_changed_text_or_signature_is_found() {
    let key: VerifierKey = KEY.parse().unwrap();
    let wrong = Err(Error::WrongSignature(KEY.to_owned()));
    assert_eq!(key.open(&NOTE.replace("example message", "example massage")), wrong);
    assert_eq!(key.open(&NOTE.replace("srV1", "srV2")), wrong);
    assert_eq!(key.open(&NOTE.replace("Uw2Q", "Uw2R")), Err(Error::NotSigned(KEY.to_owned())));
}

#[test]
fn signatures_of_other_keys_are_left_alone() {
    let key: VerifierKey = KEY.parse().unwrap();
    let other = signer("witness.example").sign("This is an example message.\n").unwrap();
    let line = other.rsplit_once("\n\n").unwrap().1;
    assert!(key.open(&format!("{NOTE}{line}")).is_ok());
    assert_eq!(key.open(&other), Err(Error::NotSigned(KEY.to_owned())));
}

#[test]
fn notes_that_are_not_built_as_notes_are_refused() {
    let key: VerifierKey = KEY.parse().unwrap();
    for note in [
        "",
        "text\n",
        "text\n\n",
        "text\n\nno dash\n",
        "te\rxt\n\n\u{2014} a AAAAAAA=\n",
        "text\n\n\u{2014} a ?\n",
        NOTE.trim_end(),
    ] {
        assert!(matches!(key.open(note), Err(Error::Malformed(_))), "{note:?}");
    }
}

#[test]
fn keys_that_do_not_fit_their_hash_are_refused() {
    for text in [
        "example.com/foo",
        "example.com/foo+530d903a+####",
        "example.com/bar+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+30d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        "example.com/foo+530d903a+Aeky",
    ] {
        assert!(matches!(text.parse::<VerifierKey>(), Err(Error::InvalidKey { .. })), "{text}");
    }
    assert!(matches!(Signer::new("two words", SigningKey::from_bytes(&[7; 32])), Err(Error::InvalidName(_))));
}

#[test]
fn a_checkpoint_comes_back_from_its_note() {
    let signer = signer("acme.example/journal");
    let note = head().sign(&signer).unwrap();
    assert!(note.starts_with("acme.example/journal\n42\n"));
    let key: VerifierKey = signer.verifier().to_string().parse().unwrap();
    assert_eq!(Checkpoint::open(&note, &key), Ok(head()));
    assert!(Checkpoint::open(&note.replace("\n42\n", "\n43\n"), &key).is_err());
}

#[test]
fn a_checkpoint_of_another_log_is_refused() {
    let signer = signer("other.example/journal");
    let origin =
        |found: &str, needed: &str| checkpoint::Error::Origin { found: found.to_owned(), needed: needed.to_owned() };
    assert_eq!(head().sign(&signer), Err(origin("acme.example/journal", "other.example/journal")));
    let foreign = signer.sign(&head().text()).unwrap();
    assert_eq!(
        Checkpoint::open(&foreign, &signer.verifier()),
        Err(origin("acme.example/journal", "other.example/journal"))
    );
}

#[test]
fn texts_that_are_no_checkpoint_are_refused() {
    for text in ["", "o\n", "o\n1\n", "o\n01\nAAAA\n", "o\n-1\nAAAA\n", "o\n1\nAAAA\n", "\n1\nAAAA\n"] {
        assert!(matches!(Checkpoint::parse(text), Err(checkpoint::Error::Malformed(_))), "{text:?}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_reading_notes_panic(text in "(\u{2014}|[a-z0-9+/= ]|\n){0,80}") {
        let key: VerifierKey = KEY.parse().unwrap();
        prop_assert!(key.open(&text).is_err());
        let _ = text.parse::<VerifierKey>();
        let _ = Checkpoint::parse(&text);
    }
}
