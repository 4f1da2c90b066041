//! A collection of a TAXII 2.1 server.

use crate::delivery::End;
use crate::session::Session;

pub(crate) fn run(session: Session<'_>, collection: &str) -> End {
    let _ = collection;
    session.end_with("This source is not asked yet.".to_owned())
}
