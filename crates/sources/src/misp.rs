//! A MISP feed: manifest, then events.

use crate::delivery::End;
use crate::session::Session;

pub(crate) fn run(session: Session<'_>) -> End {
    session.end_with("This source is not asked yet.".to_owned())
}
