//! `source kinds`, `preset`: what can be a source, and what a typical maker begins with.

use anyhow::Result;
use app::register::{self, preset};
use domain::model::register::Hours;
use serde_json::json;

use crate::context::Context;
use crate::output::{Format, List, say};
use crate::passphrase;

pub(super) fn list(context: &Context) -> Result<()> {
    let for_people = context.format == Format::Table;
    let mut list = if for_people {
        List::new(&["kind", "family", "every", "fresh", "what it brings"])
    } else {
        List::new(&[
            "kind",
            "family",
            "about",
            "every hours",
            "fresh hours",
            "data fresh hours",
            "shrink percent",
            "completeness",
            "url",
        ])
    };
    for facts in sources::kind::all().iter().map(sources::Kind::facts) {
        if for_people {
            let fresh = format!("{}", Hours(facts.fresh_hours));
            let every = format!("{}", Hours(facts.every_hours));
            list.row([json!(facts.name), json!(facts.family), json!(every), json!(fresh), json!(facts.about)]);
        } else {
            list.row([
                json!(facts.name),
                json!(facts.family),
                json!(facts.about),
                json!(facts.every_hours),
                json!(facts.fresh_hours),
                json!(facts.data_fresh_hours),
                json!(facts.shrink_percent),
                json!(facts.completeness),
                json!(facts.url),
            ]);
        }
    }
    list.show(context.format, "")
}

/// Prints the preset, or adds what is not there on a person's behalf.
pub(super) fn preset(context: &Context, owner: &str, user: Option<&str>) -> Result<()> {
    let Some(user) = user else { return say(preset::text(owner, |_| false).trim_end()) };
    let mut workspace = context.write()?;
    let actor = app::assess::authenticate(&workspace, user, &passphrase::of(user)?)?;
    let added = register::apply_preset(&mut workspace, &actor, owner)?;
    if added.is_empty() {
        return say("Nothing was added: wardround.toml has a source of every name in the preset.");
    }
    let names: Vec<String> = added.iter().map(ToString::to_string).collect();
    say(format!("{} sources were added: {}.", added.len(), names.join(", ")))?;
    say("Take out what you do not need, name owners, then: wardround source sync && wardround source approve …")
}
