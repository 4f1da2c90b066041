//! `source list`: how fresh and complete each source is.

use std::process::ExitCode;

use anyhow::Result;
use app::sync::status;
use domain::model::source::SourceState;
use serde_json::json;

use super::moment;
use crate::context::Context;
use crate::exit;
use crate::output::List;

pub(super) fn list(context: &Context) -> Result<ExitCode> {
    let workspace = context.read()?;
    let statuses = status::all(&workspace, workspace.now())?;
    let mut list = List::new(&["source", "family", "state", "live", "last success", "data from", "why"]);
    for status in &statuses {
        list.row([
            json!(status.source),
            json!(status.family),
            json!(status.state.word()),
            json!(status.live),
            moment(status.last_success),
            moment(status.data_timestamp),
            json!(status.why),
        ]);
    }
    list.show(context.format, "No source is configured.")?;
    let all_ok = statuses.iter().all(|status| status.state == SourceState::Ok);
    Ok(if all_ok { ExitCode::SUCCESS } else { exit::NEGATIVE.into() })
}
