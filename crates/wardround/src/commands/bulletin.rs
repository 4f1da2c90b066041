//! `bulletin add`, `list`, `show`.

use anyhow::Result;
use app::bulletin::{self, Edition, Filter, Lead, Listed, NewBulletin, Shown};
use serde_json::{Value, json};

use super::source::moment;
use crate::cli::Bulletin;
use crate::context::Context;
use crate::output::{self, Format, List, say};

/// Names that a table shows in one cell.
const SHOWN: usize = 6;

/// Carries out a verb.
pub(crate) fn bulletin(context: &Context, verb: Bulletin) -> Result<()> {
    match verb {
        Bulletin::Add { file, attachments, provider, title, tlp } => {
            let title = title.as_deref();
            let new = NewBulletin { file: &file, attachments: &attachments, provider: &provider, title, tlp };
            let added = bulletin::add(&mut context.write()?, &new, app::PROGRAM)?;
            let mentions =
                if added.mentions.is_empty() { "no vulnerability".to_owned() } else { added.mentions.join(", ") };
            say(format!(
                "B-{}, {}, {}: it mentions {mentions}. It is on the next review's agenda.",
                added.number, added.provider, added.tlp
            ))
        }
        Bulletin::List { mentions_ours, parts } => list(context, Filter { ours: mentions_ours, parts }),
        Bulletin::Show { bulletin } => show(context, &bulletin),
    }
}

fn list(context: &Context, filter: Filter) -> Result<()> {
    let workspace = context.read()?;
    let mut list = List::new(&["bulletin", "date", "provider", "tlp", "state", "title", "mentions", "ours"]);
    for listed in bulletin::list(&workspace, filter)? {
        let (mentions, ours) = (mentions(&listed), leads(&listed));
        let cell = |words: Vec<String>| match context.format {
            Format::Table => json!(few(&words)),
            _ => json!(words),
        };
        list.row([
            json!(listed.id),
            moment(listed.at),
            json!(listed.provider),
            json!(listed.tlp.to_string()),
            json!(state(&listed)),
            json!(listed.title),
            cell(mentions),
            cell(ours),
        ]);
    }
    let empty = if filter.ours {
        "No bulletin mentions anything of ours."
    } else {
        "No bulletin has been entered or received yet."
    };
    list.show(context.format, empty)
}

fn show(context: &Context, id: &str) -> Result<()> {
    let workspace = context.read()?;
    let shown = bulletin::show(&workspace, id)?;
    if context.format != Format::Table {
        return output::value(&as_json(&shown), context.format);
    }
    let listed = &shown.listed;
    say(output::heading(&format!("{} {}", listed.id, listed.title)))?;
    say(format!("{}, {}, {}", listed.tlp, listed.provider, state(listed)))?;
    if !shown.text.is_empty() {
        say("")?;
        output::paragraph(0, &shown.text)?;
    }
    let lines = |heading: &str, lines: &[String]| -> Result<()> {
        if !lines.is_empty() {
            say(format!("\n{}", output::heading(heading)))?;
            lines.iter().try_for_each(|line| say(format!("  {line}")))?;
        }
        Ok(())
    };
    lines("It mentions", &mentions(listed))?;
    lines("Of ours that may be, for a person to look at", &leads(listed))?;
    lines("Links", &shown.links)?;
    let files: Vec<String> = shown.files.iter().map(|(name, digest)| format!("{name}  sha256:{digest}")).collect();
    lines("Files", &files)?;
    let editions: Vec<String> = shown.editions.iter().map(words).collect();
    lines("Editions, oldest first", &editions)
}

/// An edition in one line.
fn words(edition: &Edition) -> String {
    let day =
        |at: Option<jiff::Timestamp>| at.map_or("undated".to_owned(), |at| at.strftime("%Y-%m-%d %H:%M").to_string());
    let revoked = if edition.revoked { ", revoked" } else { "" };
    format!(
        "{}, {}{revoked}, received {}: {}",
        day(edition.modified),
        edition.tlp,
        day(Some(edition.received)),
        edition.title
    )
}

fn state(listed: &Listed) -> String {
    match listed.revoked {
        None => "live".to_owned(),
        Some(None) => "revoked".to_owned(),
        Some(Some(at)) => format!("revoked {}", at.strftime("%Y-%m-%d")),
    }
}

fn mentions(listed: &Listed) -> Vec<String> {
    listed.mentions.iter().map(|mention| mention.text.clone()).collect()
}

fn leads(listed: &Listed) -> Vec<String> {
    listed.ours.iter().map(Lead::words).collect()
}

/// The first names, and how many more there are.
fn few(words: &[String]) -> String {
    let more = words.len().saturating_sub(SHOWN);
    let first = words.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    if more > 0 { format!("{first} and {more} more") } else { first }
}

fn as_json(shown: &Shown) -> Value {
    let listed = &shown.listed;
    let editions: Vec<Value> = shown.editions.iter().map(edition_json).collect();
    json!({
        "bulletin": listed.id,
        "source": listed.source.as_ref().map(|source| &source.0),
        "provider": listed.provider,
        "title": listed.title,
        "tlp": listed.tlp.to_string(),
        "state": state(listed),
        "date": listed.at,
        "text": shown.text,
        "mentions": listed.mentions,
        "ours": leads(listed),
        "links": shown.links,
        "files": shown.files,
        "editions": editions,
    })
}

fn edition_json(edition: &Edition) -> Value {
    json!({
        "modified": edition.modified,
        "received": edition.received,
        "tlp": edition.tlp.to_string(),
        "revoked": edition.revoked,
        "title": edition.title,
        "text": edition.text,
        "revision": edition.revision,
    })
}
