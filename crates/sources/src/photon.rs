//! Photon OS' CVE data.

use crate::delivery::End;
use crate::session::Session;

pub(crate) fn run(session: Session<'_>, releases: &[String]) -> End {
    let _ = releases;
    session.end_with("This source is not asked yet.".to_owned())
}
