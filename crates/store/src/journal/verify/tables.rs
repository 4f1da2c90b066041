//! The stored tables against the replayed ones: definitions, then every row in order of its primary key.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use domain::model::raw::Digest;
use rusqlite::types::Value;
use rusqlite::{Connection, Rows};

use super::Report;
use crate::journal::replay::projected_tables;
use crate::records::error::Result;
use crate::records::sql;

/// Longest part of a value that a sentence shows.
const SHOWN: usize = 60;

/// SQLite's own check of the file: pages, indexes, types.
pub(super) fn file(stored: &Connection, report: &mut Report) -> Result<()> {
    for line in sql::all(stored, "PRAGMA integrity_check(20)", [], |row| Ok(row.get::<_, String>(0)?))? {
        if line != "ok" {
            report.problem(format!("the file: {line}"));
        }
    }
    Ok(())
}

/// Tables, indexes and triggers are the program's.
pub(super) fn schema(stored: &Connection, replayed: &Connection, report: &mut Report) -> Result<()> {
    let (stored, needed) = (definitions(stored)?, definitions(replayed)?);
    for (name, definition) in &needed {
        match stored.get(name) {
            None => report.problem(format!("the {} {} is missing", name.0, name.1)),
            Some(found) if found != definition => {
                report.problem(format!("the {} {} is not the program's", name.0, name.1));
            }
            Some(_) => {}
        }
    }
    for name in stored.keys().filter(|name| !needed.contains_key(*name)) {
        report.problem(format!("the {} {} is not the program's", name.0, name.1));
    }
    Ok(())
}

/// SQL of everything in the schema, by kind and name.
fn definitions(connection: &Connection) -> Result<BTreeMap<(String, String), Option<String>>> {
    let select = "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'";
    let found = sql::all(connection, select, [], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))?;
    Ok(found.into_iter().collect())
}

/// Compares every projected table.
pub(super) fn compare(stored: &Connection, replayed: &Connection, report: &mut Report) -> Result<()> {
    for name in projected_tables(replayed)? {
        report.tables += 1;
        Table::describe(replayed, name)?.compare(stored, replayed, report)?;
    }
    Ok(())
}

/// A table that is compared.
struct Table {
    name: String,
    columns: Vec<String>,
    /// Places of the primary key among the columns, in the key's order.
    key: Vec<usize>,
}

impl Table {
    fn describe(connection: &Connection, name: String) -> Result<Self> {
        let select = "SELECT name, pk FROM pragma_table_info(?1) ORDER BY cid";
        let found = sql::all(connection, select, [&name], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?)))?;
        let mut key: Vec<(i64, usize)> =
            found.iter().enumerate().filter(|(_, (_, pk))| *pk > 0).map(|(place, (_, pk))| (*pk, place)).collect();
        key.sort_unstable();
        let key = key.into_iter().map(|(_, place)| place).collect();
        Ok(Self { name, columns: found.into_iter().map(|(name, _)| name).collect(), key })
    }

    fn query(&self) -> String {
        let quote = |column: &String| format!("\"{column}\"");
        let columns: Vec<String> = self.columns.iter().map(quote).collect();
        let key: Vec<String> = self.key.iter().map(|place| quote(&self.columns[*place])).collect();
        format!("SELECT {} FROM \"{}\" ORDER BY {}", columns.join(", "), self.name, key.join(", "))
    }

    /// Walks both tables in order of their keys.
    fn compare(&self, stored: &Connection, replayed: &Connection, report: &mut Report) -> Result<()> {
        let query = self.query();
        let (mut stored, mut replayed) = (stored.prepare(&query)?, replayed.prepare(&query)?);
        let (mut stored, mut replayed) = (stored.query([])?, replayed.query([])?);
        let (mut found, mut needed) = (self.next(&mut stored)?, self.next(&mut replayed)?);
        loop {
            let order = match (&found, &needed) {
                (None, None) => return Ok(()),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (Some(found), Some(needed)) => self.order(found, needed),
            };
            report.rows += 1;
            match (&found, &needed) {
                (Some(found), _) if order == Ordering::Less => {
                    report.problem(format!("{}: the journal knows no such row", self.place(found)));
                }
                (_, Some(needed)) if order == Ordering::Greater => {
                    report.problem(format!("{}: the row is missing", self.place(needed)));
                }
                (Some(found), Some(needed)) if found != needed => report.problem(self.difference(found, needed)),
                _ => {}
            }
            if order.is_le() {
                found = self.next(&mut stored)?;
            }
            if order.is_ge() {
                needed = self.next(&mut replayed)?;
            }
        }
    }

    fn next(&self, rows: &mut Rows<'_>) -> Result<Option<Vec<Value>>> {
        let Some(row) = rows.next()? else { return Ok(None) };
        let values: Result<_, rusqlite::Error> = (0..self.columns.len()).map(|place| row.get(place)).collect();
        Ok(Some(values?))
    }

    fn order(&self, a: &[Value], b: &[Value]) -> Ordering {
        self.key
            .iter()
            .map(|place| value_order(&a[*place], &b[*place]))
            .find(|order| order.is_ne())
            .unwrap_or(Ordering::Equal)
    }

    fn place(&self, row: &[Value]) -> String {
        let key: Vec<String> =
            self.key.iter().map(|place| format!("{} {}", self.columns[*place], show(&row[*place]))).collect();
        format!("table {}, {}", self.name, key.join(", "))
    }

    fn difference(&self, found: &[Value], needed: &[Value]) -> String {
        let columns = self.columns.iter().zip(found.iter().zip(needed)).filter(|(_, (found, needed))| found != needed);
        let columns: Vec<String> = columns
            .map(|(column, (found, needed))| format!("{column} is {}, the journal says {}", show(found), show(needed)))
            .collect();
        format!("{}: {}", self.place(found), columns.join("; "))
    }
}

/// The order in which SQLite sorts the values of one strict column.
fn value_order(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Integer(a), Value::Integer(b)) => a.cmp(b),
        (Value::Text(a), Value::Text(b)) => a.as_bytes().cmp(b.as_bytes()),
        (Value::Blob(a), Value::Blob(b)) => a.cmp(b),
        _ => rank(a).cmp(&rank(b)),
    }
}

fn rank(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Integer(_) | Value::Real(_) => 1,
        Value::Text(_) => 2,
        Value::Blob(_) => 3,
    }
}

fn show(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number.to_string(),
        Value::Text(text) if text.chars().count() <= SHOWN => format!("{text:?}"),
        Value::Text(text) => format!("{:?}…", text.chars().take(SHOWN).collect::<String>()),
        Value::Blob(bytes) => match <[u8; 32]>::try_from(bytes.as_slice()) {
            Ok(hash) => Digest(hash).to_string(),
            Err(_) => format!("{} bytes", bytes.len()),
        },
    }
}
