//! `bulletin add`, `list`.

use anyhow::Result;
use app::bulletin::{self, NewBulletin};
use serde_json::json;

use crate::cli::Bulletin;
use crate::context::Context;
use crate::output::{List, say};

/// Carries out a verb.
pub(crate) fn bulletin(context: &Context, verb: Bulletin) -> Result<()> {
    match verb {
        Bulletin::Add { file, provider, title, tlp } => {
            let new = NewBulletin { file: &file, provider: &provider, title: title.as_deref(), tlp };
            let added = bulletin::add(&mut context.write()?, &new, app::PROGRAM)?;
            let mentions = if added.mentions.is_empty() { "no CVE".to_owned() } else { added.mentions.join(", ") };
            say(format!(
                "B-{}, {}, {}: it mentions {mentions}. It is on the next review's agenda.",
                added.number, added.provider, added.tlp
            ))
        }
        Bulletin::List => {
            let workspace = context.read()?;
            let mut list = List::new(&["bulletin", "received", "provider", "tlp", "title", "mentions"]);
            for bulletin in workspace.records.bulletins(1_000)? {
                let bulletin = bulletin.value;
                list.row([
                    json!(format!("B-{}", bulletin.number)),
                    super::source::moment(Some(bulletin.received)),
                    json!(bulletin.provider),
                    json!(bulletin.tlp.to_string()),
                    json!(bulletin.title),
                    json!(bulletin.mentions),
                ]);
            }
            list.show(context.format, "No bulletin has been entered yet.")
        }
    }
}
