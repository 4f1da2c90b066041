//! `x-goog-hash`: the sums that Google Cloud Storage states with an object (cloud.google.com/storage/docs/xml-api/reference-headers).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use md5::Md5;

use crate::http::{Download, hexadecimal};

/// Checks the MD5 sum, where one is stated. It guards against broken transfers and stale parts, not against forgery.
///
/// # Errors
/// A fragment with both sums.
pub(super) fn check(download: &Download) -> Result<(), String> {
    // The sum is that of the stored object: after a content coding the bytes on the spool are those as well.
    let stated = download
        .header("x-goog-hash")
        .flat_map(|value| value.split(','))
        .find_map(|part| part.trim().strip_prefix("md5="));
    let Some(stated) = stated else { return Ok(()) };
    let found = download.digest::<Md5>().map_err(|error| format!("could not be read from the spool: {error}"))?;
    let stated = STANDARD.decode(stated).map_or_else(|_| stated.to_owned(), |bytes| hexadecimal(&bytes));
    if found == stated {
        Ok(())
    } else {
        Err(format!("does not fit its digest: {stated} is stated, {found} came (MD5)"))
    }
}
