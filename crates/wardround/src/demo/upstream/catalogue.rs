//! The records of every source, with the day on which each appeared: `examples/demo/upstream/SOURCE/DAY/NAME`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;

/// A record as a source published it on a day. A later day's record of the same name takes its place.
pub(super) struct Document {
    source: &'static str,
    day: &'static str,
    /// File name.
    pub(super) name: &'static str,
    /// The record, in the source's own format.
    pub(super) text: &'static str,
}

macro_rules! documents {
    ($($source:literal $day:literal $name:literal,)*) => {
        /// All of them, sorted by source and day.
        static DOCUMENTS: &[Document] = &[$(Document {
            source: $source,
            day: $day,
            name: $name,
            text: include_str!(concat!("../../../../../examples/demo/upstream/", $source, "/", $day, "/", $name)),
        }),*];
    };
}

documents! {
    "cisa-csaf" "2021-10-21" "icsma-21-294-01.json",
    "cisa-csaf" "2021-12-21" "icsma-21-355-01.json",
    "cisa-kev" "2021-11-03" "CVE-2021-40444.json",
    "cisa-kev" "2021-12-10" "CVE-2021-44228.json",
    "cisa-kev" "2022-04-25" "CVE-2022-0847.json",
    "cve-list" "2021-08-24" "CVE-2021-3711.json",
    "cve-list" "2021-11-15" "CVE-2021-42386.json",
    "cve-list" "2021-12-10" "CVE-2021-44228.json",
    "cve-list" "2021-12-14" "CVE-2021-45046.json",
    "cve-list" "2021-12-18" "CVE-2021-45046.json",
    "cve-list" "2021-12-18" "CVE-2021-45105.json",
    "cve-list" "2022-01-10" "CVE-2022-22817.json",
    "cve-list" "2022-01-21" "CVE-2022-0329.json",
    "cve-list" "2022-02-03" "CVE-2022-0329.json",
    "cve-list" "2022-03-10" "CVE-2022-0847.json",
    "cve-list" "2022-03-15" "CVE-2022-0778.json",
    "cve-list" "2022-03-17" "CVE-2021-44906.json",
    "cve-list" "2022-03-25" "CVE-2018-25032.json",
    "debian" "2021-08-24" "openssl.json",
    "debian" "2022-03-15" "openssl.json",
    "debian" "2022-04-01" "zlib.json",
    "epss" "2021-11-02" "scores.csv",
    "epss" "2021-12-11" "scores.csv",
    "epss" "2022-03-26" "scores.csv",
    "nvd" "2021-08-24" "CVE-2021-3711.json",
    "nvd" "2021-11-16" "CVE-2021-42386.json",
    "nvd" "2021-12-10" "CVE-2021-44228.json",
    "nvd" "2022-01-10" "CVE-2022-22817.json",
    "nvd" "2022-03-10" "CVE-2022-0847.json",
    "nvd" "2022-03-15" "CVE-2022-0778.json",
    "nvd" "2022-03-25" "CVE-2018-25032.json",
    "osv/Maven" "2020-06-05" "GHSA-vwqq-5vrc-xw9h.json",
    "osv/Maven" "2021-12-10" "GHSA-jfh8-c2jp-5v3q.json",
    "osv/Maven" "2021-12-14" "GHSA-7rjr-3q55-vv33.json",
    "osv/Maven" "2021-12-18" "GHSA-7rjr-3q55-vv33.json",
    "osv/Maven" "2021-12-18" "GHSA-p6xc-xr62-6r2g.json",
    "osv/Maven" "2021-12-22" "GHSA-jfh8-c2jp-5v3q.json",
    "osv/PyPI" "2021-09-07" "GHSA-98vv-pw6r-q6q4.json",
    "osv/PyPI" "2022-01-12" "GHSA-8vj2-vxx3-667w.json",
    "osv/PyPI" "2022-01-29" "GHSA-cvp7-c586-cmf4.json",
    "osv/PyPI" "2022-02-01" "GHSA-cvp7-c586-cmf4.json",
    "osv/npm" "2020-04-03" "GHSA-vh95-rmgr-6w4m.json",
    "osv/npm" "2022-03-18" "GHSA-xvch-5gv4-984h.json",
}

/// Hour of the day at which a day's records appear, in UTC.
const APPEARS: Time = Time::constant(18, 0, 0, 0);

impl Document {
    /// The day on which it appeared.
    pub(super) fn day(&self) -> Date {
        self.day.parse().expect("folders are named by days, which a test checks")
    }

    fn appears(&self) -> Timestamp {
        TimeZone::UTC.to_timestamp(self.day().to_datetime(APPEARS)).unwrap_or(Timestamp::MAX)
    }
}

/// The records a source shows at a moment, by name.
pub(super) fn shown(source: &str, now: Timestamp) -> BTreeMap<&'static str, &'static Document> {
    let there = DOCUMENTS.iter().filter(|document| document.source == source && document.appears() <= now);
    let mut there: Vec<&Document> = there.collect();
    there.sort_by_key(|document| document.day());
    there.into_iter().map(|document| (document.name, document)).collect()
}

/// The day of a moment, in UTC.
pub(super) fn day_of(now: Timestamp) -> Date {
    TimeZone::UTC.to_datetime(now).date()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn every_file_of_the_examples_is_carried_under_the_day_it_lies_in() {
        let mut found = Vec::new();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/demo/upstream");
        list(&root, &root, &mut found);
        found.sort();
        let mut carried: Vec<String> = DOCUMENTS.iter().map(|d| format!("{}/{}/{}", d.source, d.day, d.name)).collect();
        carried.sort();
        assert_eq!(carried, found);
        assert!(DOCUMENTS.iter().all(|document| document.day.parse::<Date>().is_ok()));
    }

    fn list(root: &Path, folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            if entry.path().is_dir() {
                list(root, &entry.path(), found);
            } else {
                let path = entry.path().strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                found.push(path);
            }
        }
    }

    #[test]
    fn a_later_record_takes_the_place_of_the_earlier_one() {
        let text = |at: &str| shown("osv/PyPI", at.parse().unwrap())["GHSA-cvp7-c586-cmf4.json"].text;
        assert!(!text("2022-01-31T18:00:00Z").contains("withdrawn\":"));
        assert!(text("2022-02-01T18:00:00Z").contains("withdrawn\":"));
    }
}
