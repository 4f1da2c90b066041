//! The verbs of `source`, one file for each group.

mod fetches;
mod status;
mod sync;

use std::process::ExitCode;

use anyhow::Result;
use serde_json::{Value, json};

use crate::cli::Source;
use crate::context::Context;

pub(super) use sync::show_reports;

/// Carries out a verb.
pub(crate) fn source(context: &Context, verb: Source) -> Result<ExitCode> {
    match verb {
        Source::List => status::list(context),
        Source::Sync { sources, all, from } => sync::sync(context, &sources, all, from.as_deref()),
        Source::Log { source, limit } => done(fetches::log(context, source, limit)),
        Source::Show { entry } => done(fetches::show(context, entry)),
        Source::Accept { source, reason, user } => done(sync::accept(context, &source, &reason, &user)),
    }
}

fn done(result: Result<()>) -> Result<ExitCode> {
    result.map(|()| ExitCode::SUCCESS)
}

/// A time for tables and programs alike: RFC 3339 in UTC, to the second.
pub(super) fn moment(at: Option<jiff::Timestamp>) -> Value {
    at.map_or(Value::Null, |at| json!(at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()))
}
