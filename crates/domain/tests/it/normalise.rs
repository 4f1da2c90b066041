//! Documents of every format, cut and translated. The fixtures state facts of real vulnerabilities in our own words.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod bulletins;
mod cve;
mod cvrf;
mod distributions;
mod hostile;
mod national;
mod nvd_kev_epss;
mod osv;
mod rpm;
mod trackers;
mod vendors;

use domain::model::advisory::{Advisory, Affected, Target};
use domain::model::raw::{Digest, Translated};
use domain::model::source::{Family, SourceId};
use domain::model::tlp::Tlp;
use domain::normalise::{Context, Fault, Format, Statement, split_named, translate};

/// A record translated, or why it could not be.
pub(crate) type Found = Result<Translated<Advisory>, String>;

/// Every record of a document, translated.
pub(crate) fn records(format: Format, document: &[u8]) -> (Result<Statement, Fault>, Vec<Found>) {
    records_from(format, "", document)
}

/// As [`records`], for a document that came from `from`.
pub(crate) fn records_from(format: Format, from: &str, document: &[u8]) -> (Result<Statement, Fault>, Vec<Found>) {
    let source = SourceId("test".to_owned());
    let context = Context {
        source: &source,
        family: family(format),
        object: Digest([7; 32]),
        entry: "member.json",
        from,
        tlp: Tlp::Clear,
        document,
    };
    let mut found = Vec::new();
    let statement = split_named(format, from, document, &mut |record| found.push(translate(format, &record, &context)));
    (statement, found)
}

fn family(format: Format) -> Family {
    match format {
        Format::Osv => Family::Osv,
        Format::CveRecord => Family::CveList,
        Format::NvdPage => Family::Nvd,
        Format::Kev | Format::EuKev => Family::Kev,
        Format::Csaf => Family::Csaf,
        Format::EpssCsv => Family::Epss,
        Format::Euvd => Family::National,
        Format::Stix | Format::MispEvent | Format::NewsFeed | Format::Mail => Family::Bulletin,
        Format::UbuntuNotices
        | Format::UpdateInfo
        | Format::Oval
        | Format::AlmaErrata
        | Format::RockyErrata
        | Format::ArchGroups
        | Format::PhotonCves
        | Format::Cvrf
        | Format::YoctoCveCheck
        | Format::DebianTracker
        | Format::AlpineSecdb => Family::OsVendor,
    }
}

/// The only record of a document.
pub(crate) fn only(format: Format, document: &str) -> Translated<Advisory> {
    let (statement, mut found) = records(format, document.as_bytes());
    assert_eq!(statement.unwrap().records, 1);
    found.remove(0).unwrap()
}

/// Warnings as `place: reason`.
pub(crate) fn warnings(found: &Translated<Advisory>) -> Vec<String> {
    found.warnings.iter().map(|warning| format!("{}: {}", warning.place, warning.reason)).collect()
}

/// What is said about one target in one line: `npm lodash | [1, 2) semver | else unaffected | fixed 2`.
pub(crate) fn line(said: &Affected) -> String {
    let mut parts = vec![match &said.target {
        Target::Package { ecosystem, name, .. } => format!("{ecosystem} {name}"),
        Target::Cpe(pattern) => pattern.clone(),
        Target::Named { vendor, product } => format!("{vendor}/{product}"),
        Target::Repository(url) => url.clone(),
    }];
    for rule in &said.rules {
        let lower = rule
            .lower
            .as_ref()
            .map_or("(".to_owned(), |it| format!("{}{}", if it.inclusive { '[' } else { '(' }, it.version));
        let upper = rule
            .upper
            .as_ref()
            .map_or(")".to_owned(), |it| format!("{}{}", it.version, if it.inclusive { ']' } else { ')' }));
        let changes: Vec<String> = rule.changes.iter().map(|(at, to)| format!(" {at}→{to:?}")).collect();
        let changes = changes.concat();
        parts.push(format!("{:?} {lower}, {upper} {:?}{changes}", rule.standing, rule.scheme));
    }
    if !said.exact.is_empty() {
        parts.push(format!("exactly {}", said.exact.join(" ")));
    }
    parts.push(format!("else {:?}", said.default));
    parts.push(format!("{:?}", said.fix));
    parts.extend(said.conditions.iter().cloned());
    parts.join(" | ")
}

/// All lines of an advisory.
pub(crate) fn lines(found: &Translated<Advisory>) -> Vec<String> {
    found.value.affected.iter().map(line).collect()
}
