//! Opening what is around an SBOM: DSSE envelopes, in-toto statements, answers of dependency graph services.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::recognise::{Wrapped, decode};
use super::{Fault, Notes};

/// Wrappers that may lie in one another: an envelope holds a statement, which holds the SBOM.
const DEPTH_MAX: usize = 4;

/// The text inside a wrapper.
pub(super) fn open<'a>(wrapped: Wrapped<'a>, notes: &mut Notes, depth: usize) -> Result<Cow<'a, str>, Fault> {
    if depth >= DEPTH_MAX {
        return Err(Fault::new(format!("not an SBOM: more than {DEPTH_MAX} wrappers lie in one another")));
    }
    match wrapped {
        Wrapped::Envelope(payload) => envelope(payload, notes).map(Cow::Owned),
        Wrapped::Statement(predicate) => Ok(Cow::Borrowed(inner_data(predicate))),
        Wrapped::Answer(sbom) => Ok(Cow::Borrowed(sbom.get())),
    }
}

/// The payload of a DSSE envelope (secure-systems-lab/dsse, `envelope.md`): base64, either alphabet.
fn envelope(payload: &RawValue, notes: &mut Notes) -> Result<String, Fault> {
    let text: String =
        serde_json::from_str(payload.get()).map_err(|_| Fault::new("the DSSE envelope's payload is no text"))?;
    let bytes = STANDARD
        .decode(&text)
        .or_else(|_| URL_SAFE.decode(&text))
        .map_err(|error| Fault::new(format!("the DSSE envelope's payload is no base64: {error}")))?;
    notes.warn("signatures", "the SBOM was taken out of a DSSE envelope; its signatures were not checked");
    decode(&bytes, notes).map(Cow::into_owned)
}

/// Some writers put the document into the predicate's `Data`.
fn inner_data(predicate: &RawValue) -> &str {
    #[derive(Deserialize)]
    struct Predicate<'a> {
        #[serde(borrow, rename = "Data")]
        data: Option<&'a RawValue>,
    }
    match serde_json::from_str::<Predicate<'_>>(predicate.get()) {
        Ok(Predicate { data: Some(data) }) if data.get().starts_with('{') => data.get(),
        _ => predicate.get(),
    }
}
