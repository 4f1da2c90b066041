//! A maker of medical devices with three products, whose days the tests play.

use std::collections::{BTreeMap, HashMap};

use domain::model::advisory::FixState;
use domain::model::assessment::{Assessment, Justification, Status};
use domain::model::finding::{Confidence, Finding, FindingId, Match, Reason};
use domain::model::journal::{
    AssessmentApproved, Bulletin, Change, Configured, Entry, Event, Fetched, ReleaseAdded, ReviewConcluded,
    ReviewSealed, ReviewSigned, SourceEntry, User, WorkspaceCreated,
};
use domain::model::product::{Product, ProductId, ReleaseId, SbomRevision};
use domain::model::raw::{Digest, RawRef};
use domain::model::review::{Kind as ReviewKind, Meaning, Review, ReviewId, Signature};
use domain::model::run::{ReleaseOutcome, Run};
use domain::model::sbom::{Component, Kind, Sbom};
use domain::model::source::{Counts, Family, Fetch, FetchOutcome, SourceId};
use domain::model::tlp::Tlp;
use ed25519_dalek::SigningKey;
use jiff::{SignedDuration, Timestamp};
use standards::canonical_json;
use store::records::{Error, Records, Refusal};
use tempfile::TempDir;

pub(crate) const ORIGIN: &str = "acme.example/journal";

pub(crate) fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn release(text: &str) -> ReleaseId {
    text.parse().unwrap()
}

pub(crate) fn product(name: &str) -> ProductId {
    ProductId(name.to_owned())
}

pub(crate) fn purl(kind: &str, name: &str, version: &str) -> Component {
    Component {
        reference: format!("{name}-{version}"),
        kind: Kind::Library,
        group: None,
        name: name.rsplit('/').next().unwrap().to_owned(),
        version: Some(version.to_owned()),
        supplier: None,
        purl: Some(format!("pkg:{kind}/{name}@{version}")),
        cpes: Vec::new(),
        hashes: Vec::new(),
        licences: Vec::new(),
        source_package: None,
        distribution: None,
        support_level: None,
        end_of_support: None,
    }
}

pub(crate) fn log4j() -> Component {
    purl("maven", "org.apache.logging.log4j/log4j-core", "2.14.1")
}

pub(crate) fn lodash() -> Component {
    purl("npm", "lodash", "4.17.20")
}

pub(crate) fn matched(names: &[&str], component: &Component) -> Match {
    let reason = Reason {
        source: SourceId("osv:maven".to_owned()),
        family: Family::Osv,
        record: names[names.len() - 1].to_owned(),
        revision: Digest::of(b"revision 1"),
        raw: RawRef { object: Digest::of(b"all.zip"), entry: String::new(), offset: 0, length: 10 },
        place: "affected[0]".to_owned(),
        key: format!("package|{}", component.name),
        identity: component.purl.clone().unwrap(),
        version: component.version.clone().unwrap(),
        range: ">= 2.0.0, < 2.15.0".to_owned(),
        order: "maven".to_owned(),
        fix: (&FixState::Fixed("2.15.0".to_owned())).into(),
        confidence: Confidence::Exact,
        rule: "R4".to_owned(),
        notes: Vec::new(),
        tlp: Tlp::Clear,
    };
    Match {
        vulnerability: names[0].to_owned(),
        aliases: names.iter().map(|name| (*name).to_owned()).collect(),
        reasons: vec![reason],
        dissent: Vec::new(),
        confidence: Confidence::Exact,
        score_tenths: Some(100),
        title: format!("A fault in {}", component.name),
        known_exploited: None,
        epss_millionths: Some(943_580),
    }
}

pub(crate) fn finding(id: u64, place: &str, component: &Component, names: &[&str]) -> Finding {
    Finding {
        id: FindingId(id),
        release: release(place),
        component: component.identity(),
        component_label: component.label(),
        matched: matched(names, component),
    }
}

pub(crate) fn log4shell(id: u64) -> Finding {
    finding(id, "infusion-pump@2.1.0", &log4j(), &["CVE-2021-44228", "GHSA-jfh8-c2jp-5v3q"])
}

pub(crate) fn not_affected(id: u64) -> Judgement {
    Judgement {
        id,
        status: Status::NotAffected { justification: Justification::VulnerableCodeNotInExecutePath, impact: None },
        rationale: "JNDI lookups are compiled out of our build.",
    }
}

/// A judgement without its maker and time.
pub(crate) struct Judgement {
    pub(crate) id: u64,
    pub(crate) status: Status,
    pub(crate) rationale: &'static str,
}

/// Asserts that a rule refused.
#[track_caller]
pub(crate) fn refused<T: std::fmt::Debug>(answer: Result<T, Error>) -> Refusal {
    match answer {
        Err(Error::Refused(refusal)) => refusal,
        other => panic!("a refusal was expected: {other:?}"),
    }
}

/// The maker's workspace. Every entry is made a minute after the one before.
pub(crate) struct Maker {
    pub(crate) dir: TempDir,
    pub(crate) records: Records,
    pub(crate) blobs: HashMap<Digest, Vec<u8>>,
    pub(crate) now: Timestamp,
}

impl Maker {
    /// A workspace with nothing in it.
    pub(crate) fn empty() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let records = Records::create(dir.path(), &key(), ORIGIN).unwrap();
        Self { dir, records, blobs: HashMap::new(), now: at("2021-12-01T08:00:00Z") }
    }

    /// A workspace with configuration, users, three releases and their SBOMs.
    pub(crate) fn new() -> Self {
        let mut maker = Self::empty();
        let created = WorkspaceCreated { origin: ORIGIN.to_owned(), rehearsal: false, version: "0.1.0".to_owned() };
        maker.append("wardround", Event::WorkspaceCreated(created)).unwrap();
        let configured = maker.configured(&["gateway", "infusion-pump", "patient-monitor"]);
        maker.append("wardround", configured).unwrap();
        for name in ["anna", "ben", "cora"] {
            maker.append("wardround", user(name)).unwrap();
        }
        for place in ["infusion-pump@2.1.0", "gateway@1.0.0", "patient-monitor@3.2"] {
            maker.append("anna", Event::ReleaseAdded(ReleaseAdded { release: release(place) })).unwrap();
        }
        maker.import("infusion-pump@2.1.0", &[log4j(), purl("npm", "left-pad", "1.3.0"), log4j()]).unwrap();
        maker.import("gateway@1.0.0", &[lodash(), log4j()]).unwrap();
        maker.import("patient-monitor@3.2", &[lodash()]).unwrap();
        maker
    }

    pub(crate) fn append(&mut self, actor: &str, event: Event) -> Result<Entry, Error> {
        self.now += SignedDuration::from_mins(1);
        self.records.append(self.now, actor, event, &self.blobs)
    }

    pub(crate) fn archive(&mut self, bytes: Vec<u8>) -> Digest {
        let digest = Digest::of(&bytes);
        self.blobs.insert(digest, bytes);
        digest
    }

    pub(crate) fn configured(&mut self, products: &[&str]) -> Event {
        let file = self.archive(format!("products = {products:?}").into_bytes());
        let products =
            products.iter().map(|name| Product { id: product(name), name: format!("Acme {name}") }).collect();
        let source = SourceEntry {
            id: SourceId("osv:maven".to_owned()),
            family: Family::Osv,
            url: "https://feeds.example/maven".to_owned(),
            why: "packages of Java".to_owned(),
            every_hours: 6,
            fresh_hours: 48,
            shrink_percent: 5,
        };
        Event::Configured(Configured { file, organisation: "Acme Medical".to_owned(), products, sources: vec![source] })
    }

    pub(crate) fn import(&mut self, place: &str, components: &[Component]) -> Result<Entry, Error> {
        let labels: Vec<String> = components.iter().map(Component::label).collect();
        let original = self.archive(format!("SBOM of {place}: {labels:?}").into_bytes());
        let sbom = Sbom {
            original,
            format: "CycloneDX 1.5 JSON".to_owned(),
            serial: None,
            created: None,
            creators: Vec::new(),
            subject: None,
            components: components.to_vec(),
            dependencies: 0,
        };
        let inventory = self.archive(canonical_json::to_vec(&sbom).unwrap());
        let release = release(place);
        let revisions = self.records.sbom_revisions(&release).unwrap();
        let revision = SbomRevision {
            revision: revisions.last().map_or(0, |last| last.value.revision) + 1,
            release,
            original,
            inventory,
            file_name: "bom.json".to_owned(),
            format: sbom.format,
            components: components.len() as u64,
            imported: self.now,
        };
        self.append("anna", Event::SbomImported(revision))
    }

    pub(crate) fn fetch(&mut self, outcome: FetchOutcome) -> Entry {
        let fetch = Fetch {
            source: SourceId("osv:maven".to_owned()),
            family: Family::Osv,
            started: self.now,
            finished: self.now + SignedDuration::from_secs(20),
            exchanges: Vec::new(),
            counts: Counts::default(),
            live: 5_000,
            stated: None,
            data_timestamp: Some(self.now),
            newest: None,
            quarantined: Vec::new(),
            retracted: Vec::new(),
            outcome,
            owed: Vec::new(),
            cursor: Some("2021-12-10".to_owned()),
            checks: Vec::new(),
            limits: None,
            tlp: None,
            origin: None,
            origin_entry: None,
            resumed: None,
            gone: Vec::new(),
            full_set: true,
        };
        let fetched = Fetched { fetch, knowledge: Digest::of(b"knowledge") };
        self.append("wardround", Event::Fetched(Box::new(fetched))).unwrap()
    }

    pub(crate) fn bulletin(&mut self, title: &str) -> Result<Entry, Error> {
        let bulletin = Bulletin {
            number: self.records.next_bulletin_number().unwrap(),
            file: self.archive(title.as_bytes().to_vec()),
            file_name: "bulletin.txt".to_owned(),
            provider: "Health-ISAC".to_owned(),
            title: title.to_owned(),
            tlp: Tlp::Amber,
            received: self.now,
            mentions: vec!["CVE-2021-44228".to_owned()],
            attachments: Vec::new(),
        };
        self.append("anna", Event::BulletinAdded(bulletin))
    }

    /// A run over all releases that have an SBOM, which changed this.
    pub(crate) fn run(&mut self, changes: &[Change]) -> Result<Entry, Error> {
        let mut change_counts = BTreeMap::new();
        for change in changes {
            *change_counts.entry(change.kind().to_owned()).or_insert(0) += 1;
        }
        let releases = self.records.releases(None).unwrap().into_iter().filter(|row| row.sbom_revision.is_some());
        let releases = releases.map(|row| ReleaseOutcome {
            release: row.release,
            sbom_revision: row.sbom_revision.unwrap(),
            sbom: Digest::of(b"sbom"),
            sbom_format: "CycloneDX 1.5 JSON".to_owned(),
            components: 2,
            unidentified: 0,
            totals: BTreeMap::new(),
            matrix: Digest::of(b"matrix"),
        });
        let run = Run {
            id: self.records.next_run_id().unwrap(),
            started: self.now,
            finished: self.now + SignedDuration::from_secs(1),
            matcher: "matcher/1".to_owned(),
            knowledge: Digest::of(b"knowledge"),
            sources: Vec::new(),
            releases: releases.collect(),
            changes: self.archive(canonical_json::to_vec(changes).unwrap()),
            change_counts,
        };
        self.append("wardround", Event::RunFinished(Box::new(run)))
    }

    pub(crate) fn assess(&mut self, by: &str, judgement: Judgement) -> Result<Entry, Error> {
        let Judgement { id, status, rationale } = judgement;
        let (finding, rationale, by, at) = (FindingId(id), rationale.to_owned(), by.to_owned(), self.now);
        let assessment = Assessment { finding, status, rationale, by: by.clone(), at, approval: None };
        self.append(&by, Event::Assessed(assessment))
    }

    pub(crate) fn approve(&mut self, by: &str, id: u64) -> Result<Entry, Error> {
        let approved = AssessmentApproved { finding: FindingId(id), by: by.to_owned() };
        self.append(by, Event::AssessmentApproved(approved))
    }

    pub(crate) fn open_review(&mut self, products: &[&str], start: &str, end: &str) -> Result<Entry, Error> {
        let review = Review {
            id: self.records.next_review_id().unwrap(),
            plan: "monthly".to_owned(),
            plan_revision: Digest::of(b"plan"),
            kind: ReviewKind::Scheduled,
            trigger: None,
            products: products.iter().map(|name| product(name)).collect(),
            period_start: at(start),
            period_end: at(end),
            opened_by: "anna".to_owned(),
            opened_at: self.now,
        };
        self.append("anna", Event::ReviewOpened(review))
    }

    pub(crate) fn conclude(&mut self, id: u64) -> Result<Entry, Error> {
        let record = self.archive(record(id));
        let concluded = ReviewConcluded { review: ReviewId(id), record, tlp: Tlp::Amber };
        self.append("anna", Event::ReviewConcluded(concluded))
    }

    pub(crate) fn sign(&mut self, id: u64, user: &str, meaning: Meaning, record: Digest) -> Result<Entry, Error> {
        let signature = Signature {
            user: user.to_owned(),
            printed_name: user.to_uppercase(),
            meaning,
            at: self.now,
            record,
            ed25519: "c2lnbmF0dXJl".to_owned(),
        };
        self.append(user, Event::ReviewSigned(ReviewSigned { review: ReviewId(id), signature }))
    }

    pub(crate) fn seal(&mut self, id: u64) -> Result<Entry, Error> {
        let record = Digest::of(&record(id));
        self.append("anna", Event::ReviewSealed(ReviewSealed { review: ReviewId(id), record }))
    }
}

/// The record of a review, as archived.
pub(crate) fn record(id: u64) -> Vec<u8> {
    format!("{{\"review\":{id}}}").into_bytes()
}

pub(crate) fn user(name: &str) -> Event {
    Event::UserAdded(User {
        name: name.to_owned(),
        printed_name: name.to_uppercase(),
        roles: vec!["reviewer".to_owned()],
        public_key: "a2V5".to_owned(),
        salt: "c2FsdA==".to_owned(),
        argon2: (65_536, 3, 1),
    })
}
