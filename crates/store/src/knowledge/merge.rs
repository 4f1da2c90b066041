//! Merging segments: current rows of several become one, blobs copied as they are.

use std::path::Path;

use super::builder::{Builder, NewRow};
use super::error::Result;
use super::manifest::SegmentEntry;
use super::view::Part;

/// Each lookup asks every segment; beyond this many, small ones are merged.
const MOST: usize = 8;

/// How many are left after a merge, so that the next is a while off.
const LEFT: usize = 4;

/// Which segments a commit should merge: those that are mostly dead, and the smallest while there are too many.
/// Numbers of parts, ascending; large segments are rewritten seldom.
pub(super) fn due(parts: &[Part]) -> Vec<usize> {
    let mut due: Vec<usize> = Vec::new();
    let (mut by_size, mut count): (Vec<usize>, _) = ((0..parts.len()).collect(), parts.len());
    by_size.sort_by_key(|part| parts[*part].entry.bytes());
    for part in by_size {
        let entry = &parts[part].entry;
        let too_many = parts.len() > MOST && count > LEFT;
        if too_many || entry.current() < entry.rows / 2 {
            count -= usize::from(!due.is_empty());
            due.push(part);
        }
    }
    due.sort_unstable();
    due
}

/// Writes the current rows of `parts` as segment `number`; none if there are no such rows.
pub(super) fn merge(folder: &Path, number: u64, parts: &[&Part]) -> Result<Option<SegmentEntry>> {
    if parts.iter().all(|part| part.entry.current() == 0) {
        return Ok(None);
    }
    let mut builder = Builder::create(folder, number)?;
    for part in parts {
        let moved = copy_rows(&mut builder, part)?;
        copy_tables(&mut builder, part, &moved);
    }
    builder.finish().map(Some)
}

/// Copies rows and blobs; for each old row its number in `builder`.
fn copy_rows(builder: &mut Builder, part: &Part) -> Result<Vec<Option<u32>>> {
    let segment = &part.segment;
    let mut moved = vec![None; segment.rows().len()];
    for (number, row) in part.current() {
        let (source, family) = segment.source(row)?;
        let (first, count) = (row.affected.get(), row.affected_count.get());
        let new = NewRow {
            source,
            family: *family,
            identity: row.identity,
            revision: row.revision,
            state: row.state,
            modified: row.modified(),
            detail: segment.detail(row)?,
            affected: segment.affected_bytes(first, count)?,
        };
        moved[number as usize] = Some(builder.row(&new, ends(part, first, count)?.into_iter())?);
    }
    Ok(moved)
}

/// Where the blobs of a row end, from the beginning of its first.
pub(super) fn ends(part: &Part, first: u32, count: u32) -> Result<Vec<usize>> {
    (1..=count).map(|upto| Ok(part.segment.affected_bytes(first, upto)?.len())).collect()
}

fn copy_tables(builder: &mut Builder, part: &Part, moved: &[Option<u32>]) {
    let place = |row: u32| moved.get(row as usize).copied().flatten();
    for posting in part.segment.postings() {
        let (old, affected) = (posting.row.get(), posting.affected.get());
        let nth = part.row(old).and_then(|row| affected.checked_sub(row.affected.get()));
        if let (Some(row), Some(nth)) = (place(old), nth) {
            builder.posting(posting.key.get(), row, nth);
        }
    }
    for name in part.segment.names() {
        if let Some(row) = place(name.row.get()) {
            builder.name(name.name.get(), row);
        }
    }
}
