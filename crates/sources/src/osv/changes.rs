//! `modified_id.csv`: one line `MODIFIED,ID` for each record, newest first.

use std::collections::HashSet;

use jiff::Timestamp;

/// A line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) modified: Timestamp,
    pub(super) id: String,
}

/// The list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Changes {
    /// In the list's order.
    pub(super) rows: Vec<Row>,
}

/// Reads the list. Its order is not relied on.
///
/// # Errors
/// The list is empty, which never means that nothing has changed, or a line is none.
pub(super) fn read(bytes: &[u8]) -> Result<Changes, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "is no list of changes: it is no UTF-8".to_owned())?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let rows: Vec<Row> = lines
        .map(|(at, line)| row(line).ok_or_else(|| format!("is no list of changes: see line {}", at + 1)))
        .collect::<Result<_, _>>()?;
    if rows.is_empty() { Err("is an empty list of changes".to_owned()) } else { Ok(Changes { rows }) }
}

/// Reads `ecosystems.txt`: a name on each line, some with a release (`Alpine:v3.17`), whose records lie with the others'.
///
/// # Errors
/// The list is empty or none.
pub(super) fn ecosystems(bytes: &[u8]) -> Result<Vec<String>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "is no list of ecosystems: it is no UTF-8".to_owned())?;
    let mut names: Vec<String> =
        text.lines().map(|line| without_release(line.trim()).to_owned()).filter(|name| !name.is_empty()).collect();
    names.sort();
    names.dedup();
    if names.is_empty() || names.iter().any(|name| name.starts_with('<')) {
        return Err("is no list of ecosystems".to_owned());
    }
    Ok(names)
}

fn without_release(ecosystem: &str) -> &str {
    ecosystem.split(':').next().unwrap_or(ecosystem)
}

fn row(line: &str) -> Option<Row> {
    let mut cells = line.split(',');
    let modified = cells.next()?.trim().parse().ok()?;
    let id = cells.next()?.trim();
    (!id.is_empty()).then(|| Row { modified, id: id.to_owned() })
}

impl Row {
    /// The record's own identifier, without the ecosystem that stands before it in the list of all.
    pub(super) fn record(&self) -> &str {
        self.id.rsplit('/').next().unwrap_or(&self.id)
    }
}

impl Changes {
    /// The records' own identifiers, each once.
    pub(super) fn ids(&self) -> HashSet<&str> {
        self.rows.iter().map(Row::record).collect()
    }

    /// The ecosystems that stand before the identifiers, without their releases.
    pub(super) fn ecosystems(&self) -> HashSet<&str> {
        self.rows.iter().filter_map(|row| row.id.split_once('/')).map(|(name, _)| without_release(name)).collect()
    }

    /// The newest instant in the list.
    pub(super) fn newest(&self) -> Option<Timestamp> {
        self.rows.iter().map(|row| row.modified).max()
    }

    /// Rows at or after `newest`, without those `known` at that very instant: instants tie.
    pub(super) fn since(&self, newest: Option<Timestamp>, known: &[String]) -> Vec<&Row> {
        let Some(newest) = newest else { return self.rows.iter().collect() };
        let wanted = |row: &&Row| row.modified > newest || row.modified == newest && !known.contains(&row.id);
        self.rows.iter().filter(wanted).collect()
    }

    /// Rows after `newest`.
    pub(super) fn after(&self, newest: Timestamp) -> Vec<&Row> {
        self.rows.iter().filter(|row| row.modified > newest).collect()
    }

    /// Identifiers modified exactly at `newest`.
    pub(super) fn at(&self, newest: Timestamp) -> Vec<String> {
        self.rows.iter().filter(|row| row.modified == newest).map(|row| row.id.clone()).collect()
    }
}
