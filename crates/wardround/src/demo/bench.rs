//! The workspace that the chapters act on, and the steps they share: days, decisions, reviews.
//!
//! A step that does not find what the story expects is an error: the demo never tells what did not happen.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result, ensure};
use app::assess::{self, Actor};
use app::inventory;
use app::review::{self, NewReview};
use app::run::{self, RunReport};
use app::sync::{self, Options, Selection, SyncReport};
use app::workspace::{NewWorkspace, Workspace};
use domain::model::assessment::Status;
use domain::model::finding::FindingId;
use domain::model::journal::Change;
use domain::model::product::{ReleaseId, SbomRevision};
use domain::model::review::{Kind, Meaning, ReviewId};
use domain::model::source::FetchOutcome;
use domain::review::record::ReviewRecord;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use store::records::{FindingFilter, FindingHistory};

use super::clock::StoryClock;
use super::upstream::Upstream;

/// The first day.
const FIRST_DAY: Date = Date::constant(2021, 11, 3);
/// Sources are asked every so many days, as the configuration says.
const RHYTHM_DAYS: i32 = 7;
/// When: a few minutes after the day's records have appeared.
const HOUR: Time = Time::constant(18, 5, 0, 0);

const CONFIG: &str = include_str!("../../../../examples/demo/wardround.toml");

/// Files that the maker receives: SBOMs from its build, a bulletin by mail.
const RECEIVED: [(&str, &str); 6] = [
    ("infusion-pump-2.1.0.cdx.json", include_str!("../../../../examples/demo/sboms/infusion-pump-2.1.0.cdx.json")),
    ("imaging-viewer-5.4.0.spdx.json", include_str!("../../../../examples/demo/sboms/imaging-viewer-5.4.0.spdx.json")),
    ("hospital-gateway-3.0.2.cdx.xml", include_str!("../../../../examples/demo/sboms/hospital-gateway-3.0.2.cdx.xml")),
    (
        "hospital-gateway-3.0.2-patch1.cdx.xml",
        include_str!("../../../../examples/demo/sboms/hospital-gateway-3.0.2-patch1.cdx.xml"),
    ),
    (
        "hospital-gateway-3.0.2-patch2.cdx.xml",
        include_str!("../../../../examples/demo/sboms/hospital-gateway-3.0.2-patch2.cdx.xml"),
    ),
    ("NHS-2022-007.txt", include_str!("../../../../examples/demo/bulletins/NHS-2022-007.txt")),
];

/// Who works here: name, printed name, roles, passphrase. The passphrases are printed, for this is a rehearsal.
pub(super) const PEOPLE: [(&str, &str, &[&str], &str); 2] = [
    ("anna", "Anna Berg", &["reviewer"], "pumps need patience"),
    ("ben", "Ben Cole", &["approver", "reviewer"], "gateways need guards"),
];

/// The workspace and everything around it.
pub(super) struct Bench {
    /// The workspace.
    pub(super) workspace: Workspace,
    /// The upstream it asks.
    pub(super) upstream: Upstream,
    /// Reviewer.
    pub(super) anna: Actor,
    /// Second person.
    pub(super) ben: Actor,
    dir: PathBuf,
    clock: Arc<StoryClock>,
    today: Date,
}

/// One day's work.
pub(super) struct Day {
    /// Every source that was asked.
    pub(super) syncs: Vec<SyncReport>,
    /// The run afterwards.
    pub(super) run: RunReport,
}

/// Some days' work: at least one.
pub(super) struct Days(Vec<Day>);

impl Bench {
    /// Starts the upstream and makes the workspace with its people.
    pub(super) fn set_up(dir: &Path) -> Result<Self> {
        let clock = Arc::new(StoryClock::new(moment(FIRST_DAY)));
        let upstream = Upstream::start(Arc::clone(&clock))?;
        let config = CONFIG.replace("http://UPSTREAM", upstream.url());
        let new = NewWorkspace {
            organisation: "Meridian Medical Devices",
            products: &[],
            config: Some(&config),
            rehearsal: true,
        };
        let mut workspace = Workspace::create(dir, &new, Arc::<StoryClock>::clone(&clock))?;
        for (name, printed, roles, passphrase) in PEOPLE {
            let roles: Vec<String> = roles.iter().map(|role| (*role).to_owned()).collect();
            assess::add_user(&mut workspace, name, printed, &roles, passphrase)?;
        }
        let anna = assess::authenticate(&workspace, PEOPLE[0].0, PEOPLE[0].3)?;
        let ben = assess::authenticate(&workspace, PEOPLE[1].0, PEOPLE[1].3)?;
        let bench = Self { workspace, upstream, anna, ben, dir: dir.to_owned(), clock, today: FIRST_DAY };
        for (name, text) in RECEIVED {
            write(&bench.received(name), text.as_bytes())?;
        }
        Ok(bench)
    }

    /// Path of a file that the maker received.
    pub(super) fn received(&self, name: &str) -> PathBuf {
        self.dir.join("received").join(name)
    }

    /// Writes a file of evidence.
    pub(super) fn keep(&self, name: &str, content: &[u8]) -> Result<()> {
        write(&self.dir.join("evidence").join(name), content)
    }

    /// Adds releases to be monitored, all at one moment, so that their reviews cover the same time.
    pub(super) fn add_releases(&mut self, releases: &[&str]) -> Result<()> {
        self.clock.stand_still(true);
        for release in releases {
            inventory::add_release(&mut self.workspace, &release_id(release)?, &self.anna.user.name)?;
        }
        self.clock.stand_still(false);
        Ok(())
    }

    /// The first day's work.
    pub(super) fn first_day(&mut self) -> Result<Days> {
        Ok(Days(vec![self.work(None)?]))
    }

    /// Passes the days until `day` in the sources' rhythm, then works on that day.
    pub(super) fn until(&mut self, day: &str) -> Result<Days> {
        self.until_without(day, None)
    }

    /// The same while a source is dead.
    pub(super) fn until_without(&mut self, day: &str, dead: Option<&str>) -> Result<Days> {
        let day: Date = day.parse().context("read a day of the story")?;
        let mut days = Vec::new();
        loop {
            let next = self.today.checked_add(RHYTHM_DAYS.days()).context("pass some days")?;
            self.today = next.min(day);
            self.clock.set(moment(self.today));
            days.push(self.work(dead)?);
            if self.today == day {
                return Ok(Days(days));
            }
        }
    }

    /// Asks every source, then holds every release against what is known. Only `dead` may fail.
    fn work(&mut self, dead: Option<&str>) -> Result<Day> {
        // One after the other, so that the story reads the same each time.
        let options = Options { workers: 1, ..Options::default() };
        let syncs = sync::sync_with(&mut self.workspace, &Selection::All, &options, &mut |_, _, _, _| {})?;
        for fetch in syncs.iter().map(|sync| &sync.fetch) {
            let fine = (fetch.outcome == FetchOutcome::Ok) != (Some(fetch.source.0.as_str()) == dead);
            ensure!(fine, "fetch {} as the story expects: {}", fetch.source, fetch.owed.join(" "));
        }
        Ok(Day { syncs, run: run::run(&mut self.workspace)? })
    }

    /// Runs again on the same day, after an SBOM was imported.
    pub(super) fn run_again(&mut self) -> Result<RunReport> {
        Ok(run::run(&mut self.workspace)?)
    }

    /// Imports a received SBOM.
    pub(super) fn import(&mut self, file: &str, release: &str) -> Result<SbomRevision> {
        let path = self.received(file);
        Ok(inventory::import(&mut self.workspace, &path, &release_id(release)?, Some(&self.anna.user.name))?.revision)
    }

    /// The finding of a vulnerability in a release.
    pub(super) fn finding(&self, vulnerability: &str, release: &str) -> Result<FindingHistory> {
        let filter = FindingFilter {
            vulnerability: Some(vulnerability.to_owned()),
            release: Some(release_id(release)?),
            ..FindingFilter::default()
        };
        let row = self.workspace.records.findings(&filter)?.into_iter().next();
        let row = row.with_context(|| format!("find {vulnerability} in {release}, which the story expects"))?;
        self.workspace.records.finding(row.id)?.with_context(|| format!("find {}", row.id))
    }

    /// Anna judges.
    pub(super) fn judge(&mut self, finding: FindingId, status: Status, rationale: &str) -> Result<()> {
        assess::judge(&mut self.workspace, &self.anna, finding, status, rationale)?;
        Ok(())
    }

    /// Ben approves Anna's judgement.
    pub(super) fn approve(&mut self, finding: FindingId) -> Result<()> {
        Ok(assess::approve(&mut self.workspace, &self.ben, finding)?)
    }

    /// A scheduled review of everything up to now: Anna performs and signs it, Ben approves it, and it is sealed.
    pub(super) fn review(&mut self, conclusion: &str) -> Result<(ReviewId, ReviewRecord)> {
        let new = NewReview { products: Vec::new(), kind: Kind::Scheduled, trigger: None, until: None };
        let id = review::open(&mut self.workspace, &self.anna, &new)?.id;
        let (record, _) = review::conclude(&mut self.workspace, &self.anna, id, conclusion)?;
        review::sign(&mut self.workspace, &self.anna, id, Meaning::Reviewed)?;
        let (_, sealed) = review::sign(&mut self.workspace, &self.ben, id, Meaning::Approved)?;
        ensure!(sealed, "seal {id}: two signatures were not enough");
        Ok((id, record))
    }
}

impl Days {
    /// The last day.
    pub(super) fn last(&self) -> &Day {
        self.0.last().expect("a stretch of days holds the day it leads to")
    }

    /// Details of the first change of a kind about a finding.
    pub(super) fn detail(&self, finding: FindingId, kind: &str) -> Result<String> {
        let found = self.0.iter().find_map(|day| detail(&day.run, finding, kind).ok());
        found.with_context(|| format!("see {finding} {kind}, which the story expects"))
    }
}

impl Day {
    /// Records that were new, changed or withdrawn.
    pub(super) fn news(&self) -> u64 {
        self.syncs
            .iter()
            .map(|sync| sync.fetch.counts.new + sync.fetch.counts.changed + sync.fetch.counts.withdrawn)
            .sum()
    }

    /// The fetch of a source.
    pub(super) fn fetch(&self, source: &str) -> Result<&SyncReport> {
        self.syncs
            .iter()
            .find(|sync| sync.fetch.source.0 == source)
            .with_context(|| format!("find the fetch of {source}"))
    }
}

/// Details of the first change of a kind about a finding in one run.
pub(super) fn detail(run: &RunReport, finding: FindingId, kind: &str) -> Result<String> {
    let words = |change: &Change| match change {
        Change::Changed { finding: now, what } if now.id == finding => Some(what.join("; ")),
        Change::Gone { finding: id, why } if *id == finding => Some(why.clone()),
        Change::Reopened { finding: id, reason, detail } if *id == finding => {
            Some(format!("{}: {detail}", reason.sentence()))
        }
        _ => None,
    };
    let found = run.changes.iter().filter(|change| change.kind() == kind).find_map(words);
    found.with_context(|| format!("see {finding} {kind} in {}, which the story expects", run.run.id))
}

/// A release by its name.
pub(super) fn release_id(text: &str) -> Result<ReleaseId> {
    text.parse().with_context(|| format!("read the release {text}"))
}

fn moment(day: Date) -> Timestamp {
    TimeZone::UTC.to_timestamp(day.to_datetime(HOUR)).unwrap_or(Timestamp::MAX)
}

fn write(path: &Path, content: &[u8]) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).with_context(|| format!("make the folder {}", folder.display()))?;
    }
    fs::write(path, content).with_context(|| format!("write {}", path.display()))
}
