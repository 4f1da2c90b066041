//! How results are shown: a table for people, JSON, JSON lines or CSV for programs.

use std::io::Write as _;

use anyhow::Result;
use comfy_table::{ContentArrangement, Table, TableStyle};
use owo_colors::OwoColorize as _;
use serde_json::{Map, Value};

/// An output format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// A table for people.
    Table,
    /// One JSON value.
    Json,
    /// One JSON value a line.
    Jsonl,
    /// Comma-separated values with a heading.
    Csv,
}

/// A list with the same columns in every format.
pub(crate) struct List {
    columns: Vec<&'static str>,
    rows: Vec<Vec<Value>>,
}

impl List {
    /// An empty list. Column names are also the keys in JSON.
    pub(crate) fn new(columns: &[&'static str]) -> Self {
        Self { columns: columns.to_vec(), rows: Vec::new() }
    }

    /// Adds a row: one value for each column.
    pub(crate) fn row(&mut self, values: impl IntoIterator<Item = Value>) {
        self.rows.push(values.into_iter().collect());
    }

    /// Number of rows.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Shows the list. `empty` is what a person reads when there is nothing.
    pub(crate) fn show(&self, format: Format, empty: &str) -> Result<()> {
        let mut out = anstream::stdout();
        match format {
            Format::Table if self.rows.is_empty() => writeln!(out, "{empty}")?,
            Format::Table => writeln!(out, "{}", self.table())?,
            Format::Json => writeln!(out, "{}", serde_json::to_string_pretty(&self.objects())?)?,
            Format::Jsonl => {
                for object in self.objects() {
                    writeln!(out, "{}", serde_json::to_string(&object)?)?;
                }
            }
            Format::Csv => {
                let mut csv = csv::Writer::from_writer(out);
                csv.write_record(&self.columns)?;
                for row in &self.rows {
                    csv.write_record(row.iter().map(text))?;
                }
                csv.flush()?;
            }
        }
        Ok(())
    }

    fn objects(&self) -> Vec<Value> {
        let object = |row: &Vec<Value>| {
            let fields = self.columns.iter().zip(row).map(|(column, value)| (column.replace(' ', "_"), value.clone()));
            Value::Object(fields.collect::<Map<_, _>>())
        };
        self.rows.iter().map(object).collect()
    }

    fn table(&self) -> Table {
        let mut table = Table::new();
        table.load_style(TableStyle::new()).set_content_arrangement(ContentArrangement::Dynamic);
        if !table.is_tty() {
            table.set_width(160);
        }
        table.set_header(self.columns.iter().map(|column| column.to_uppercase()));
        for row in &self.rows {
            table.add_row(row.iter().map(text));
        }
        for column in table.column_iter_mut() {
            column.set_padding((0, 2));
        }
        table
    }
}

/// A value as a cell.
fn text(value: &Value) -> String {
    match value {
        Value::Null => "–".to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(values) => values.iter().map(text).collect::<Vec<_>>().join(", "),
        other => other.to_string(),
    }
}

/// A serialisable value in the formats that hold one, pretty for people.
pub(crate) fn value<T: serde::Serialize>(value: &T, format: Format) -> Result<()> {
    let mut out = anstream::stdout();
    match format {
        Format::Jsonl => writeln!(out, "{}", serde_json::to_string(value)?)?,
        _ => writeln!(out, "{}", serde_json::to_string_pretty(value)?)?,
    }
    Ok(())
}

/// A line for people.
pub(crate) fn say(line: impl std::fmt::Display) -> Result<()> {
    Ok(writeln!(anstream::stdout(), "{line}")?)
}

/// Words in lines of at most `width` characters; a longer word has a line of its own.
pub(crate) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let line = lines.last_mut().expect("there is always a line, from the first on");
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

/// Widest line of text for people, in characters.
pub(crate) const WIDTH: usize = 98;

/// A paragraph below a heading, indented.
pub(crate) fn paragraph(indent: usize, text: &str) -> Result<()> {
    for line in wrapped(text, WIDTH - indent) {
        say(format!("{:indent$}{line}", ""))?;
    }
    Ok(())
}

/// Good news, in green where colours are shown.
pub(crate) fn good(words: &str) -> String {
    words.green().to_string()
}

/// Bad news, in red where colours are shown.
pub(crate) fn bad(words: &str) -> String {
    words.red().bold().to_string()
}

/// What wants attention, in yellow where colours are shown.
pub(crate) fn notice(words: &str) -> String {
    words.yellow().to_string()
}

/// A heading.
pub(crate) fn heading(words: &str) -> String {
    words.bold().to_string()
}

/// What may be skipped when reading.
pub(crate) fn faint(words: &str) -> String {
    words.dimmed().to_string()
}
