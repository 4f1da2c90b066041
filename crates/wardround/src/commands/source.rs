//! The verbs of `source`, one file for each group.

mod coverage;
mod fetches;
mod gaps;
mod kinds;
mod register;
mod status;
mod sync;
mod timeline;

use std::process::ExitCode;

use anyhow::Result;
use serde_json::{Value, json};

use crate::cli::{Gap, Source};
use crate::context::Context;

pub(super) use sync::{show_reports, sync_due};

/// Carries out a verb.
pub(crate) fn source(context: &Context, verb: Source) -> Result<ExitCode> {
    match verb {
        Source::Status { on } => status::status(context, on),
        Source::Timeline { source, days } => done(timeline::timeline(context, source, days)),
        Source::Gaps { source, open } => done(gaps::list(context, source, open)),
        Source::Gap(Gap::Review { gap, conclusion, user }) => done(gaps::review(context, gap, &conclusion, &user)),
        Source::Coverage => coverage::coverage(context),
        Source::Register { retired } => done(register::list(context, retired)),
        Source::History { source } => done(register::history(context, source)),
        Source::Add { kind, id, why, owner, fields, user } => {
            done(register::add(context, &fields.of(id, Some(kind), Some(why), Some(owner)), &user))
        }
        Source::Change { source, why, owner, fields, user } => {
            done(register::change(context, &fields.of(source, None, why, owner), &user))
        }
        Source::Retire { source, reason, user } => done(register::retire(context, source, &reason, &user)),
        Source::Approve { sources, next_review, remark, user } => {
            done(register::approve(context, &sources, next_review, &remark, &user))
        }
        Source::Preset { name: _, apply, owner, user } => {
            done(kinds::preset(context, &owner, user.as_deref().filter(|_| apply)))
        }
        Source::Kinds => done(kinds::list(context)),
        Source::Sync { sources, all, from } => sync::sync(context, &sources, all, from.as_deref()),
        Source::Log { source, limit } => done(fetches::log(context, source, limit)),
        Source::Show { entry } => done(fetches::show(context, entry)),
        Source::Held { source } => done(sync::held(context, &source)),
        Source::Accept { source, reason, user } => done(sync::accept(context, &source, &reason, &user)),
        Source::Bundle(verb) => super::bundle::bundle(context, verb),
    }
}

fn done(result: Result<()>) -> Result<ExitCode> {
    result.map(|()| ExitCode::SUCCESS)
}

/// A time for tables and programs alike: RFC 3339 in UTC, to the second.
pub(super) fn moment(at: Option<jiff::Timestamp>) -> Value {
    at.map_or(Value::Null, |at| json!(at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()))
}

/// A time in tables for people: to the minute, in UTC.
fn minute(at: Option<jiff::Timestamp>) -> String {
    at.map_or_else(|| "–".to_owned(), |at| at.strftime("%Y-%m-%d %H:%M").to_string())
}

/// A length of time as people say it: `40 min`, `5 h`, `12 days`.
fn length(of: jiff::SignedDuration) -> String {
    match of.as_hours() {
        0 => format!("{} min", of.as_mins()),
        hours if hours < 48 => format!("{hours} h"),
        hours => format!("{} days", hours / 24),
    }
}
