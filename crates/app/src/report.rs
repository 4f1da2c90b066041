//! Own channels: what researchers, complaints, service, testers and suppliers report, in one register, tracked to closure.
//!
//! A report is entered once and never changed; every later step, correction and reason is an entry of its own. What a report
//! names are mentions: which of them are findings, the portfolio says ([`portfolio`]).

use std::path::{Path, PathBuf};

use domain::model::journal::Event;
use domain::model::product::ReleaseId;
use domain::model::raw::Digest;
use domain::model::report::{Channel, Report, ReportId, ReportState, ReportStep};
use domain::model::tlp::Tlp;
use jiff::Timestamp;
use store::records::{FindingFilter, FindingRow, ReportRow};

use crate::assess::Actor;
use crate::bulletin;
use crate::error::{Error, Result};
use crate::workspace::Workspace;

/// What is said about a report when it is entered.
#[derive(Debug, Clone)]
pub struct NewReport<'a> {
    /// How it came.
    pub channel: Channel,
    /// Who reported it; a role is enough.
    pub from: &'a str,
    /// One line.
    pub title: &'a str,
    /// The report in words.
    pub text: &'a str,
    /// When the maker became aware; now if none.
    pub aware: Option<Timestamp>,
    /// Who has to see to it; the one who enters it if none.
    pub owner: Option<&'a str>,
    /// Its mark; the strictest that it states itself, else AMBER (TLP 2.0, unmarked private reports).
    pub tlp: Option<Tlp>,
    /// Releases it is about, as far as known.
    pub releases: &'a [ReleaseId],
    /// Attachments.
    pub files: &'a [PathBuf],
}

/// What a step says. What is none or empty stays as it was.
#[derive(Debug, Clone, Default)]
pub struct NewStep<'a> {
    /// Where the report stands now; as before if none.
    pub state: Option<ReportState>,
    /// What was done or found; the reason where the report is closed, reopened or corrected.
    pub note: &'a str,
    /// Who has to see to it from here on.
    pub owner: Option<&'a str>,
    /// Vulnerabilities it turned out to be about.
    pub vulnerabilities: &'a [String],
    /// Releases it turned out to be about.
    pub releases: &'a [ReleaseId],
    /// Attachments.
    pub files: &'a [PathBuf],
    /// The awareness time, corrected.
    pub aware: Option<Timestamp>,
    /// The mark, corrected.
    pub tlp: Option<Tlp>,
}

/// Enters a report. TLP:RED is refused, as for bulletins: it is for named recipients and stays out of a shared store.
pub fn add(workspace: &mut Workspace, actor: &Actor, new: &NewReport<'_>) -> Result<Report> {
    let now = workspace.now();
    let aware = new.aware.unwrap_or(now);
    if aware > now {
        return Err(Error::refused(format!(
            "enter a report of which the maker became aware at {aware}: that is in the future"
        )));
    }
    let attached = Attached::read(workspace, new.files)?;
    let words = [new.title, new.text].into_iter().chain(attached.texts.iter().map(String::as_str));
    let words: Vec<&str> = words.collect();
    let stated = words.iter().filter_map(|text| domain::normalise::stated_mark(text)).max();
    let tlp = new.tlp.or(stated).unwrap_or(Tlp::Amber);
    if tlp == Tlp::Red {
        return Err(Error::refused(
            "enter a report marked TLP:RED: it is for named recipients only and stays out of shared records; \
             enter that it exists, without its content and with the mark AMBER+STRICT",
        ));
    }
    let report = Report {
        id: workspace.records.next_report_id()?,
        channel: new.channel,
        from: new.from.trim().to_owned(),
        title: new.title.trim().to_owned(),
        text: new.text.trim().to_owned(),
        aware,
        tlp,
        owner: new.owner.unwrap_or(&actor.user.name).to_owned(),
        releases: sorted(new.releases.to_vec()),
        mentions: sorted(words.iter().flat_map(|text| bulletin::vulnerabilities(text)).collect()),
        files: attached.files,
    };
    workspace.append(&actor.user.name, Event::ReportReceived(Box::new(report.clone())))?;
    Ok(report)
}

/// Records a step and returns the report as it stands after it.
pub fn step(workspace: &mut Workspace, actor: &Actor, id: ReportId, new: &NewStep<'_>) -> Result<ReportRow> {
    let before = find(workspace, id)?.standing();
    let attached = Attached::read(workspace, new.files)?;
    let step = ReportStep {
        report: id,
        state: new.state.unwrap_or(before.state),
        note: new.note.trim().to_owned(),
        owner: new.owner.map(str::to_owned),
        vulnerabilities: sorted(new.vulnerabilities.iter().map(|name| spelt(name)).collect()),
        files: attached.files,
        releases: (!new.releases.is_empty()).then(|| sorted(new.releases.to_vec())),
        aware: new.aware,
        tlp: new.tlp,
    };
    workspace.append(&actor.user.name, Event::ReportMoved(step))?;
    find(workspace, id)
}

/// A report, or a refusal that says it does not exist.
pub fn find(workspace: &Workspace, id: ReportId) -> Result<ReportRow> {
    workspace.records.report(id)?.ok_or_else(|| Error::refused(format!("find {id}: there is no such report")))
}

/// The vulnerabilities that a report names or turned out to be about, each with the findings of all releases about it.
pub fn portfolio(workspace: &Workspace, row: &ReportRow) -> Result<Vec<(String, Vec<FindingRow>)>> {
    let mut names = row.standing().vulnerabilities;
    names.extend(row.report.value.mentions.iter().cloned());
    let findings = |name: String| {
        let filter = FindingFilter { vulnerability: Some(name.clone()), ..FindingFilter::default() };
        Ok((name, workspace.records.findings(&filter)?))
    };
    sorted(names).into_iter().map(findings).collect()
}

/// A vulnerability's name as its publisher spells it, so that it is found: `CVE-2021-44228`, `GHSA-jfh8-c2jp-5v3q`.
fn spelt(name: &str) -> String {
    let upper = name.trim().to_ascii_uppercase();
    if upper.starts_with("CVE-") {
        upper
    } else if let Some(rest) = upper.strip_prefix("GHSA-") {
        format!("GHSA-{}", rest.to_ascii_lowercase())
    } else {
        name.trim().to_owned()
    }
}

fn sorted<T: Ord>(mut list: Vec<T>) -> Vec<T> {
    list.sort();
    list.dedup();
    list
}

/// Attachments, archived, and what can be read of them.
struct Attached {
    files: Vec<(String, Digest)>,
    texts: Vec<String>,
}

impl Attached {
    fn read(workspace: &Workspace, paths: &[PathBuf]) -> Result<Self> {
        let mut attached = Self { files: Vec::new(), texts: Vec::new() };
        for path in paths {
            let (name, digest, bytes) = archive(workspace, path)?;
            attached.files.push((name, digest));
            attached.texts.push(String::from_utf8_lossy(&bytes).into_owned());
        }
        Ok(attached)
    }
}

/// Archives a file that a person attaches: its name, digest and bytes.
pub(crate) fn archive(workspace: &Workspace, path: &Path) -> Result<(String, Digest, Vec<u8>)> {
    let size = path.metadata().map_err(Error::file("read", path))?.len();
    if size > bulletin::LARGEST {
        let largest = bulletin::LARGEST;
        return Err(Error::refused(format!("take in {}: it has {size} bytes, the limit is {largest}", path.display())));
    }
    let bytes = std::fs::read(path).map_err(Error::file("read", path))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok((name, workspace.archive.put(&bytes)?, bytes))
}
