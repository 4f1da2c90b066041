//! Edits of `wardround.toml` that keep its comments, its order and its spelling.

use std::fmt::Write as _;

use domain::model::source::SourceId;
use toml_edit::{Array, DocumentMut, Item, RawString, Table, Value};

use crate::error::{Error, Result};

/// What a person says about a source. What is not given stays as it is, or as its kind has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields {
    /// Its name.
    pub id: String,
    /// Its kind; only when it is added.
    pub kind: Option<String>,
    /// Address.
    pub url: Option<String>,
    /// OSV ecosystem.
    pub ecosystem: Option<String>,
    /// Releases.
    pub releases: Vec<String>,
    /// Collection of a TAXII server.
    pub collection: Option<String>,
    /// Why it is monitored.
    pub why: Option<String>,
    /// Who is responsible for it.
    pub owner: Option<String>,
    /// Rhythm.
    pub every: Option<String>,
    /// Freshness limit.
    pub fresh: Option<String>,
    /// Limit on the data's own date.
    pub data_fresh: Option<String>,
    /// Completeness rule.
    pub completeness: Option<String>,
    /// Default mark.
    pub tlp: Option<String>,
    /// Share that may vanish, in percent.
    pub shrink_percent: Option<u32>,
    /// Environment variable with the API key.
    pub api_key_env: Option<String>,
    /// Name for Basic authentication.
    pub user: Option<String>,
    /// Environment variable with the password.
    pub password_env: Option<String>,
    /// PEM file with certificate and key.
    pub client_certificate: Option<String>,
    /// PEM file with authorities to trust.
    pub trust: Option<String>,
}

impl Fields {
    /// What is given, key by key, in the order in which a block has them.
    fn given(&self) -> Vec<(&'static str, Value)> {
        let text = |key: &'static str, value: &Option<String>| value.as_deref().map(|value| (key, Value::from(value)));
        let releases: Array = self.releases.iter().map(String::as_str).collect();
        [
            text("kind", &self.kind),
            text("url", &self.url),
            text("ecosystem", &self.ecosystem),
            (!self.releases.is_empty()).then_some(("releases", Value::Array(releases))),
            text("collection", &self.collection),
            text("why", &self.why),
            text("owner", &self.owner),
            text("every", &self.every),
            text("fresh", &self.fresh),
            text("data_fresh", &self.data_fresh),
            text("completeness", &self.completeness),
            text("tlp", &self.tlp),
            self.shrink_percent.map(|percent| ("shrink_percent", Value::from(i64::from(percent)))),
            text("api_key_env", &self.api_key_env),
            text("user", &self.user),
            text("password_env", &self.password_env),
            text("client_certificate", &self.client_certificate),
            text("trust", &self.trust),
        ]
        .into_iter()
        .flatten()
        .collect()
    }
}

/// The file with a new block at its end.
pub fn added(file: &str, fields: &Fields) -> String {
    let mut text = file.to_owned();
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    let _ = write!(text, "\n[[source]]\nid = {}\n", Value::from(fields.id.as_str()));
    for (key, value) in fields.given() {
        let _ = writeln!(text, "{key} = {value}");
    }
    text
}

/// The file with what is given changed in the source's block. Comments beside values stay.
pub fn changed(file: &str, fields: &Fields) -> Result<String> {
    let mut document = parse(file)?;
    let table = block(&mut document, &fields.id).ok_or_else(|| not_there("change", &fields.id))?;
    for (key, new) in fields.given() {
        set(table, key, new);
    }
    Ok(document.to_string())
}

fn set(table: &mut Table, key: &str, mut new: Value) {
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) => {
            *new.decor_mut() = old.decor().clone();
            *old = new;
        }
        None => {
            table.insert(key, Item::Value(new));
        }
    }
}

/// The file without the source's block. What stands above it as a heading of its own, apart by an empty line, stays.
pub fn removed(file: &str, id: &SourceId) -> Result<String> {
    let mut document = parse(file)?;
    let at = position(&document, &id.0).ok_or_else(|| not_there("retire", &id.0))?;
    let blocks = document.get_mut("source").and_then(Item::as_array_of_tables_mut);
    let Some(blocks) = blocks else { return Err(not_there("retire", &id.0)) };
    let above = blocks.get(at).and_then(|table| table.decor().prefix()).and_then(RawString::as_str).unwrap_or_default();
    let heading = above.rfind("\n\n").map(|end| above[..=end].to_owned()).filter(|text| text.contains('#'));
    blocks.remove(at);
    if let Some(heading) = heading {
        if let Some(next) = blocks.get_mut(at) {
            prepend(next, &heading);
        } else {
            let trailing = document.trailing().as_str().unwrap_or_default().to_owned();
            document.set_trailing(format!("{heading}{trailing}"));
        }
    }
    Ok(document.to_string())
}

fn prepend(table: &mut Table, heading: &str) {
    let own = table.decor().prefix().and_then(RawString::as_str).unwrap_or_default().to_owned();
    table.decor_mut().set_prefix(format!("{heading}{own}"));
}

fn parse(file: &str) -> Result<DocumentMut> {
    file.parse().map_err(|error| Error::refused(format!("read the configuration: {error}")))
}

fn position(document: &DocumentMut, id: &str) -> Option<usize> {
    let blocks = document.get("source")?.as_array_of_tables()?;
    blocks.iter().position(|table| table.get("id").and_then(Item::as_str) == Some(id))
}

fn block<'d>(document: &'d mut DocumentMut, id: &str) -> Option<&'d mut Table> {
    let at = position(document, id)?;
    document.get_mut("source")?.as_array_of_tables_mut()?.get_mut(at)
}

fn not_there(doing: &str, id: &str) -> Error {
    Error::refused(format!("{doing} {id}: wardround.toml has no [[source]] block of that name"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# Our sources.

[organisation]
name = \"Example Medical\"

# ── Exploitation ──

# The catalogue.
[[source]]
id = \"cisa-kev\"
kind = \"cisa-kev\"
why = \"Reopens decisions.\"   # asked for by the procedure
every = \"1 hour\"             # hourly

[[source]]
id = \"nvd\"
kind = \"nvd\"
why = \"CPEs.\"

# The end.
";

    #[test]
    fn a_change_keeps_every_comment_and_adds_what_was_not_there() {
        let fields = Fields {
            id: "cisa-kev".to_owned(),
            every: Some("2 hours".to_owned()),
            owner: Some("Anna Berg".to_owned()),
            ..Fields::default()
        };
        let text = changed(FILE, &fields).expect("the block is there");
        let expected = FILE
            .replace("\"1 hour\"             # hourly\n", "\"2 hours\"             # hourly\nowner = \"Anna Berg\"\n");
        assert_eq!(text, expected);
        assert!(changed(FILE, &Fields { id: "kev".to_owned(), ..Fields::default() }).is_err());
    }

    #[test]
    fn a_removed_block_takes_its_own_comment_and_leaves_headings() {
        let text = removed(FILE, &SourceId("cisa-kev".to_owned())).expect("the block is there");
        assert!(!text.contains("cisa-kev") && !text.contains("# The catalogue."), "{text}");
        for comment in ["# Our sources.", "# ── Exploitation ──", "# The end.", "id = \"nvd\""] {
            assert!(text.contains(comment), "{comment} is missing:\n{text}");
        }
        let text = removed(&text, &SourceId("nvd".to_owned())).expect("the block is there");
        assert!(text.contains("# ── Exploitation ──") && text.contains("# The end."), "{text}");
        assert!(!text.contains("[[source]]"), "{text}");
    }

    #[test]
    fn an_added_block_stands_at_the_end() {
        let fields = Fields {
            id: "alpine".to_owned(),
            kind: Some("alpine".to_owned()),
            releases: vec!["v3.21".to_owned(), "v3.22".to_owned()],
            why: Some("We ship \"Alpine\".".to_owned()),
            shrink_percent: Some(20),
            ..Fields::default()
        };
        let text = added(FILE, &fields);
        let block = "\n[[source]]\nid = \"alpine\"\nkind = \"alpine\"\nreleases = [\"v3.21\", \"v3.22\"]\nwhy = 'We ship \"Alpine\".'\nshrink_percent = 20\n";
        assert_eq!(text, format!("{FILE}{block}"));
    }
}
