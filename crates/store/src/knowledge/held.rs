//! How many records of a source are held: what its provider's own totals are compared with.

use domain::model::source::SourceId;
use jiff::Timestamp;

use super::Knowledge;
use super::tables::Row;
use super::view::Part;

impl Knowledge {
    /// Number of records of a source, live or not, except those that are gone.
    pub fn held(&self, source: &SourceId) -> u64 {
        self.rows_of(source).count() as u64
    }

    /// When each of these records was published, as far as it says so. Reads every record of the source.
    pub fn published(&self, source: &SourceId) -> Vec<Option<Timestamp>> {
        let advisory = |(part, row): (&Part, &Row)| self.view.note(part.segment.advisory(row));
        self.rows_of(source).filter_map(advisory).map(|advisory| advisory.published).collect()
    }

    fn rows_of(&self, source: &SourceId) -> impl Iterator<Item = (&Part, &Row)> {
        let rows = self.view.parts.iter().flat_map(|part| part.current().map(move |(_, row)| (part, row)));
        rows.filter(move |(part, row)| {
            !row.is_gone() && self.view.note(part.segment.source(row)).is_some_and(|(name, _)| name == source)
        })
    }
}
