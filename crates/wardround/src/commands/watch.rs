//! `watch add`, `change`, `list`, `look`, `end`.

use std::process::ExitCode;

use anyhow::Result;
use app::Workspace;
use app::assess::Actor;
use app::watch::{self, NewWatch, WatchChange};
use domain::model::watch::WatchId;
use serde_json::json;

use crate::cli::watch::{Change, Watch};
use crate::context::Context;
use crate::output::{List, say};
use crate::{exit, passphrase};

/// Carries out a verb.
pub(crate) fn watch(context: &Context, verb: Watch) -> Result<ExitCode> {
    match verb {
        Watch::Add { supplier, components, page, person, every, first_due, why, user } => {
            let person = person.as_deref();
            let new = NewWatch {
                supplier: &supplier,
                components: &components,
                page: &page,
                person,
                every: &every,
                first_due,
                why: &why,
            };
            done(add(context, &new, &user))
        }
        Watch::Change(arguments) => done(change(context, &arguments)),
        Watch::List { all } => list(context, all),
        Watch::Look { watch, found, note, copy, user } => {
            done(look(context, watch, found, &note.unwrap_or_default(), copy.as_deref(), &user))
        }
        Watch::End { watch, reason, user } => {
            let (mut workspace, actor) = open(context, &user)?;
            watch::end(&mut workspace, &actor, watch, &reason)?;
            done(say(format!("{watch} has ended. Its history stays.")))
        }
    }
}

fn done(result: Result<()>) -> Result<ExitCode> {
    result.map(|()| ExitCode::SUCCESS)
}

fn open(context: &Context, user: &str) -> Result<(Workspace, Actor)> {
    let workspace = context.write()?;
    let actor = app::assess::authenticate(&workspace, user, &passphrase::of(user)?)?;
    Ok((workspace, actor))
}

fn add(context: &Context, new: &NewWatch<'_>, user: &str) -> Result<()> {
    let (mut workspace, actor) = open(context, user)?;
    let added = watch::add(&mut workspace, &actor, new)?;
    say(format!(
        "{}: {} looks at {} every {}, the first time on {}.",
        added.id, added.person, added.page, added.every, added.first_due
    ))
}

fn change(context: &Context, arguments: &Change) -> Result<()> {
    let (mut workspace, actor) = open(context, &arguments.user)?;
    let new = WatchChange {
        supplier: arguments.supplier.as_deref(),
        components: (!arguments.components.is_empty()).then_some(arguments.components.as_slice()),
        page: arguments.page.as_deref(),
        person: arguments.person.as_deref(),
        every: arguments.every.as_deref(),
        first_due: arguments.first_due,
        why: arguments.why.as_deref(),
    };
    let changed = watch::change(&mut workspace, &actor, arguments.watch, &new)?;
    say(format!(
        "{}: {} looks at {} every {}, counted from {}.",
        changed.id, changed.person, changed.page, changed.every, changed.first_due
    ))
}

fn list(context: &Context, all: bool) -> Result<ExitCode> {
    let workspace = context.read()?;
    let watches = watch::list(&workspace)?;
    let mut table =
        List::new(&["watch", "supplier", "components", "page", "person", "every", "next due", "standing", "last look"]);
    for listed in watches.iter().filter(|listed| all || listed.row.ended.is_none()) {
        let watch = listed.row.watch();
        let last = listed.row.looks.last();
        table.row([
            json!(watch.id.to_string()),
            json!(watch.supplier),
            json!(watch.components),
            json!(watch.page),
            json!(watch.person),
            json!(watch.every),
            json!(listed.schedule.next),
            json!(listed.standing),
            json!(last.map(|look| {
                let found = if look.value.found { "found something" } else { "nothing new" };
                format!("{} {}, {found}", look.at.strftime("%Y-%m-%d"), look.actor)
            })),
        ]);
    }
    table.show(context.format, "No supplier is watched by hand.")?;
    let overdue = watches.iter().any(|listed| listed.overdue);
    Ok(if overdue { exit::NEGATIVE.into() } else { ExitCode::SUCCESS })
}

fn look(
    context: &Context,
    id: WatchId,
    found: bool,
    note: &str,
    copy: Option<&std::path::Path>,
    user: &str,
) -> Result<()> {
    let (mut workspace, actor) = open(context, user)?;
    let listed = watch::look(&mut workspace, &actor, id, found, note, copy)?;
    let next = listed.schedule.next.map_or_else(|| "never again".to_owned(), |next| format!("on {next}"));
    say(format!("Recorded. The next look at {} is due {next}.", listed.row.watch().supplier))?;
    if found {
        say(
            "What was found is on record as a note only. If it concerns a product, enter it: `wardround report add --channel supplier` \
             tracks it to closure, `wardround bulletin add` puts a document on the next review's agenda.",
        )?;
    }
    Ok(())
}
