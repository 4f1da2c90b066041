//! NVD's yearly and modified feed files with their .meta.

use crate::delivery::End;
use crate::session::Session;

pub(crate) fn run(session: Session<'_>) -> End {
    session.end_with("This source is not asked yet.".to_owned())
}
