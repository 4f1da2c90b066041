//! Records as the maker's year goes by: the story, the rules that never bend, and the questions people ask.

use domain::assess::work::WorkState;
use domain::index::package_key::keys_of_component;
use domain::model::assessment::{Justification, ReopenReason, Status};
use domain::model::finding::FindingId;
use domain::model::journal::{Change, Event, HeldAccepted, ReleaseAdded};
use domain::model::raw::Digest;
use domain::model::review::{Meaning, ReviewId};
use domain::model::source::{FetchOutcome, SourceId};
use store::records::{Error, FetchFilter, FindingFilter, Records, Refusal, ReviewState, name_hash};

use crate::maker::{
    Judgement, Maker, at, finding, key, lodash, log4j, log4shell, matched, not_affected, product, purl, record,
    refused, release, user,
};

fn appeared(id: u64) -> Change {
    Change::Appeared { finding: Box::new(log4shell(id)) }
}

fn state(maker: &Maker, id: u64) -> WorkState {
    maker.records.finding(FindingId(id)).unwrap().unwrap().row.state
}

fn reopened(id: u64) -> Change {
    let detail = "CVE-2021-44228 known exploited since 2021-12-10".to_owned();
    Change::Reopened { finding: FindingId(id), reason: ReopenReason::KnownExploited, detail }
}

#[test]
fn a_finding_goes_from_run_to_sealed_review() {
    let mut maker = Maker::new();
    maker.fetch(FetchOutcome::Ok);
    maker.run(&[appeared(1)]).unwrap();
    assert_eq!(state(&maker, 1), WorkState::New);

    maker.assess("anna", not_affected(1)).unwrap();
    assert_eq!(state(&maker, 1), WorkState::AwaitingApproval);
    let same = Refusal::SamePerson { finding: FindingId(1), by: "anna".to_owned() };
    assert_eq!(refused(maker.approve("anna", 1)), same);
    maker.approve("ben", 1).unwrap();
    assert_eq!(state(&maker, 1), WorkState::NotAffected);

    maker.run(&[reopened(1)]).unwrap();
    assert_eq!(state(&maker, 1), WorkState::Reopened);
    assert_eq!(refused(maker.approve("ben", 1)), Refusal::NothingToApprove(FindingId(1)));
    let affected = Status::Affected { action: "Update to 2.2.0.".to_owned() };
    maker.assess("ben", Judgement { id: 1, status: affected, rationale: "It is exploited." }).unwrap();
    assert_eq!(state(&maker, 1), WorkState::Affected);

    maker.open_review(&["gateway", "infusion-pump"], "2021-12-01T00:00:00Z", "2022-01-01T00:00:00Z").unwrap();
    maker.conclude(1).unwrap();
    let frozen = Digest::of(&record(1));
    maker.sign(1, "anna", Meaning::Reviewed, frozen).unwrap();
    maker.sign(1, "ben", Meaning::Approved, frozen).unwrap();
    let sealed = maker.seal(1).unwrap();
    let row = maker.records.review(ReviewId(1)).unwrap().unwrap();
    assert!(matches!(&row.state, ReviewState::Sealed { record, seq, .. } if *record == frozen && *seq == sealed.seq));
    assert_eq!(row.state.signatures().len(), 2);
    assert_eq!(maker.records.last_period_end(&product("gateway")).unwrap(), Some(at("2022-01-01T00:00:00Z")));
    maker.open_review(&["gateway", "infusion-pump"], "2022-01-01T00:00:00Z", "2022-02-01T00:00:00Z").unwrap();
    assert_eq!(maker.records.open_review(&product("gateway")).unwrap(), Some(ReviewId(2)));

    let history = maker.records.finding(FindingId(1)).unwrap().unwrap();
    assert_eq!(history.assessments.len(), 2);
    assert_eq!(history.assessments[0].value.approval.as_ref().unwrap().by, "ben");
    assert_eq!(history.reopenings[0].reason, ReopenReason::KnownExploited);
    let kinds: Vec<&str> = history.changes.iter().map(|change| change.kind.as_str()).collect();
    assert_eq!(kinds, ["appeared", "reopened"]);
}

#[test]
fn a_finding_that_goes_and_returns_keeps_its_decision() {
    let mut maker = Maker::new();
    maker.run(&[appeared(1)]).unwrap();
    maker.assess("anna", not_affected(1)).unwrap();
    maker.approve("ben", 1).unwrap();
    let why = "the record was withdrawn".to_owned();
    maker.run(&[Change::Gone { finding: FindingId(1), why: why.clone() }]).unwrap();
    let row = maker.records.finding(FindingId(1)).unwrap().unwrap().row;
    assert_eq!((row.state, row.gone_why), (WorkState::Gone, Some(why)));
    assert_eq!(maker.records.findings_present(&release("infusion-pump@2.1.0")).unwrap(), []);
    assert_eq!(maker.records.findings_gone(&release("infusion-pump@2.1.0")).unwrap().len(), 1);
    maker.run(&[Change::Returned { finding: Box::new(log4shell(1)) }]).unwrap();
    let known = maker.records.findings_present(&release("infusion-pump@2.1.0")).unwrap();
    assert_eq!((known[0].state, &known[0].finding), (WorkState::NotAffected, &log4shell(1)));
}

#[test]
fn a_judgement_needs_a_finding_reasons_and_a_user_acting_for_himself() {
    let mut maker = Maker::new();
    maker.run(&[appeared(1)]).unwrap();
    let judge = |id, status, rationale| Judgement { id, status, rationale };
    assert_eq!(
        refused(maker.assess("anna", judge(2, Status::Fixed, "Updated."))),
        Refusal::UnknownFinding(FindingId(2))
    );
    assert_eq!(refused(maker.assess("anna", judge(1, Status::Fixed, " \n"))), Refusal::NoRationale(FindingId(1)));
    let affected = Status::Affected { action: String::new() };
    assert_eq!(refused(maker.assess("anna", judge(1, affected, "Yes."))), Refusal::NoAction(FindingId(1)));
    let unknown = refused(maker.assess("mallory", judge(1, Status::Fixed, "Updated.")));
    assert_eq!(unknown, Refusal::UnknownUser("mallory".to_owned()));
    assert_eq!(refused(maker.approve("ben", 1)), Refusal::NothingToApprove(FindingId(1)));
    maker.assess("anna", judge(1, Status::Fixed, "Updated.")).unwrap();
    assert_eq!(refused(maker.approve("ben", 1)), Refusal::NothingToApprove(FindingId(1)));
}

#[test]
fn nobody_acts_in_the_name_of_another() {
    let mut maker = Maker::new();
    maker.run(&[appeared(1)]).unwrap();
    let mut assessed = maker.assess("anna", not_affected(1)).unwrap();
    if let Event::Assessed(assessment) = &mut assessed.event {
        assessment.by = "ben".to_owned();
    }
    let actor = Refusal::Actor { actor: "anna".to_owned(), acting: "ben".to_owned() };
    assert_eq!(refused(maker.append("anna", assessed.event)), actor);
}

#[test]
fn review_periods_have_no_hole_and_no_overlap() {
    let mut maker = Maker::new();
    let first = refused(maker.open_review(&["gateway"], "2021-12-02T00:00:00Z", "2022-01-01T00:00:00Z"));
    assert!(matches!(first, Refusal::FirstPeriod { .. }), "{first:?}");
    let empty = refused(maker.open_review(&["gateway"], "2021-12-01T00:00:00Z", "2021-12-01T00:00:00Z"));
    assert!(matches!(empty, Refusal::EmptyPeriod { .. }));
    assert_eq!(
        refused(maker.open_review(&[], "2021-12-01T00:00:00Z", "2022-01-01T00:00:00Z")),
        Refusal::Products(ReviewId(1))
    );
    maker.open_review(&["gateway"], "2021-12-01T00:00:00Z", "2022-01-01T00:00:00Z").unwrap();
    let second = refused(maker.open_review(&["gateway"], "2022-01-01T00:00:00Z", "2022-02-01T00:00:00Z"));
    assert_eq!(second, Refusal::ReviewOpen { product: product("gateway"), review: ReviewId(1) });
    seal(&mut maker, 1);
    for start in ["2021-12-31T00:00:00Z", "2022-01-01T00:00:00.000000001Z"] {
        let refusal = refused(maker.open_review(&["gateway"], start, "2022-02-01T00:00:00Z"));
        let needed = at("2022-01-01T00:00:00Z");
        assert_eq!(refusal, Refusal::Period { product: product("gateway"), start: at(start), needed });
    }
    let together = maker.open_review(&["gateway", "infusion-pump"], "2022-01-01T00:00:00Z", "2022-02-01T00:00:00Z");
    assert!(matches!(refused(together), Refusal::FirstPeriod { .. }), "the pump was never reviewed");
    maker.open_review(&["gateway"], "2022-01-01T00:00:00Z", "2022-02-01T00:00:00Z").unwrap();
}

fn seal(maker: &mut Maker, id: u64) {
    maker.conclude(id).unwrap();
    maker.sign(id, "anna", Meaning::Reviewed, Digest::of(&record(id))).unwrap();
    maker.sign(id, "ben", Meaning::Approved, Digest::of(&record(id))).unwrap();
    maker.seal(id).unwrap();
}

#[test]
fn a_review_is_signed_by_two_on_its_frozen_record_and_then_closed() {
    let mut maker = Maker::new();
    let (id, frozen) = (ReviewId(1), Digest::of(&record(1)));
    assert_eq!(refused(maker.conclude(1)), Refusal::UnknownReview(id));
    maker.open_review(&["gateway"], "2021-12-01T00:00:00Z", "2022-01-01T00:00:00Z").unwrap();
    assert_eq!(refused(maker.sign(1, "anna", Meaning::Reviewed, frozen)), Refusal::NotConcluded(id));
    assert_eq!(refused(maker.seal(1)), Refusal::NotConcluded(id));
    maker.conclude(1).unwrap();
    assert_eq!(refused(maker.conclude(1)), Refusal::AlreadyConcluded(id));
    let other = Digest::of(b"another record");
    let wrong = Refusal::WrongRecord { review: id, given: other, needed: frozen };
    assert_eq!(refused(maker.sign(1, "anna", Meaning::Reviewed, other)), wrong);
    maker.sign(1, "anna", Meaning::Reviewed, frozen).unwrap();
    let twice = Refusal::SignedTwice { review: id, user: "anna".to_owned() };
    assert_eq!(refused(maker.sign(1, "anna", Meaning::Approved, frozen)), twice);
    maker.sign(1, "cora", Meaning::Reviewed, frozen).unwrap();
    assert_eq!(refused(maker.seal(1)), Refusal::SignaturesMissing(id));
    maker.sign(1, "ben", Meaning::Approved, frozen).unwrap();
    maker.seal(1).unwrap();
    assert_eq!(refused(maker.seal(1)), Refusal::Sealed(id));
    assert_eq!(refused(maker.conclude(1)), Refusal::Sealed(id));
}

#[test]
fn nothing_is_added_twice_and_nothing_about_strangers() {
    let mut maker = Maker::new();
    assert_eq!(refused(maker.append("wardround", user("anna"))), Refusal::UserExists("anna".to_owned()));
    assert_eq!(refused(maker.append("wardround", user("wardround"))), Refusal::InvalidUser("wardround".to_owned()));
    let add = |place: &str| Event::ReleaseAdded(ReleaseAdded { release: release(place) });
    assert_eq!(refused(maker.append("anna", add("gateway@1.0.0"))), Refusal::ReleaseExists(release("gateway@1.0.0")));
    assert_eq!(refused(maker.append("anna", add("toaster@1"))), Refusal::UnknownProduct(product("toaster")));
    let again = refused(maker.import("gateway@1.0.0", &[lodash(), log4j()]));
    assert!(matches!(again, Refusal::SbomExists { revision: 1, .. }));
    maker.run(&[appeared(1)]).unwrap();
    assert_eq!(refused(maker.run(&[appeared(1)])), Refusal::FindingExists(FindingId(1)));
    let stranger = finding(2, "gateway@1.0.0", &purl("npm", "express", "4.0.0"), &["CVE-2022-24999"]);
    let unknown = refused(maker.run(&[Change::Appeared { finding: Box::new(stranger.clone()) }]));
    assert_eq!(unknown, Refusal::UnknownComponent(stranger.component));
    let gone = Change::Gone { finding: FindingId(9), why: String::new() };
    assert_eq!(refused(maker.run(&[gone])), Refusal::UnknownFinding(FindingId(9)));
    let reason = Event::HeldAccepted(HeldAccepted { source: SourceId("nvd".to_owned()), reason: " ".to_owned() });
    assert_eq!(refused(maker.append("anna", reason)), Refusal::NoReason("nvd".to_owned()));
}

#[test]
fn counts_in_an_entry_are_those_of_its_archived_list() {
    let mut maker = Maker::new();
    let entry = maker.run(&[appeared(1)]).unwrap();
    let Event::RunFinished(mut run) = entry.event else { panic!() };
    run.id = maker.records.next_run_id().unwrap();
    run.change_counts.insert("gone".to_owned(), 3);
    let count = Refusal::Count { what: "changes of kind gone".to_owned(), stated: 3, counted: 0 };
    assert_eq!(refused(maker.append("wardround", Event::RunFinished(run))), count);
}

#[test]
fn the_first_entry_and_no_other_creates_the_workspace() {
    let mut maker = Maker::empty();
    assert_eq!(refused(maker.append("wardround", user("anna"))), Refusal::NotCreated);
    let mut maker = Maker::new();
    let created = maker.records.entry(0).unwrap().unwrap().event;
    assert_eq!(refused(maker.append("wardround", created)), Refusal::AlreadyCreated);
}

#[test]
fn a_store_is_made_once_and_written_with_its_own_key() {
    let maker = Maker::new();
    let dir = maker.dir.path();
    assert!(matches!(Records::create(dir, &key(), "acme.example/journal"), Err(Error::Exists { .. })));
    let stranger = ed25519_dalek::SigningKey::from_bytes(&[8; 32]);
    assert!(matches!(Records::open_signing(dir, &stranger), Err(Error::WrongKey { .. })));
    let mut reader = Records::open(dir).unwrap();
    assert!(matches!(reader.append(maker.now, "wardround", user("dora"), &maker.blobs), Err(Error::ReadOnly)));
    assert!(matches!(Records::open(&dir.join("elsewhere")), Err(Error::Missing { .. })));
    assert_eq!(Records::open_signing(dir, &key()).unwrap().tree_size().unwrap(), maker.records.tree_size().unwrap());
}

#[test]
fn components_are_found_by_key_identity_and_text_in_every_revision() {
    let mut maker = Maker::new();
    let pump = release("infusion-pump@2.1.0");
    maker.import("infusion-pump@2.1.0", &[purl("npm", "left-pad", "1.3.0")]).unwrap();
    let digest = log4j().identity();
    let keys: Vec<u64> = keys_of_component(&log4j()).iter().map(|found| found.key.hash64()).collect();
    assert_eq!(maker.records.components_with_keys(&keys).unwrap(), [digest]);
    assert_eq!(maker.records.releases_of_component(&digest).unwrap(), [release("gateway@1.0.0")]);
    let uses = maker.records.component_find("LOG4J").unwrap();
    let places: Vec<_> =
        uses.iter().map(|found| (found.release.to_string(), found.current, found.occurrences)).collect();
    assert_eq!(places, [("gateway@1.0.0".to_owned(), true, 1), ("infusion-pump@2.1.0".to_owned(), false, 2)]);
    let inventory = maker.records.inventory(&pump, 1).unwrap();
    assert_eq!(
        inventory.iter().map(|row| &row.component).collect::<Vec<_>>(),
        [&log4j(), &purl("npm", "left-pad", "1.3.0"), &log4j()]
    );
    assert_eq!(maker.records.current_sbom(&pump).unwrap().unwrap().value.revision, 2);
    let first = maker.records.sbom_revisions(&pump).unwrap()[0].clone();
    assert_eq!(maker.records.sbom_by_original(&pump, &first.value.original).unwrap(), Some(first));
    assert_eq!(maker.records.component(&digest).unwrap().unwrap().name, "log4j-core");
}

#[test]
fn findings_are_listed_by_urgency_and_found_by_any_name() {
    let mut maker = Maker::new();
    let mut quiet = finding(1, "gateway@1.0.0", &lodash(), &["CVE-2021-23337", "GHSA-35jh-r3h4-6jhm"]);
    quiet.matched.score_tenths = None;
    let mut exploited = finding(2, "gateway@1.0.0", &lodash(), &["CVE-2020-8203"]);
    exploited.matched.score_tenths = Some(74);
    exploited.matched.known_exploited = Some("2022-01-02".to_owned());
    let changes = [quiet, exploited, log4shell(3)].map(|finding| Change::Appeared { finding: Box::new(finding) });
    maker.run(&changes).unwrap();
    let ids = |maker: &Maker, filter: &FindingFilter| -> Vec<u64> {
        maker.records.findings(filter).unwrap().iter().map(|row| row.id.0).collect()
    };
    let all = FindingFilter::default();
    assert_eq!(ids(&maker, &all), [2, 3, 1]);
    assert_eq!(ids(&maker, &FindingFilter { known_exploited: true, ..all.clone() }), [2]);
    assert_eq!(ids(&maker, &FindingFilter { min_score_tenths: Some(90), ..all.clone() }), [3, 1]);
    assert_eq!(ids(&maker, &FindingFilter { product: Some(product("gateway")), ..all.clone() }), [2, 1]);
    assert_eq!(ids(&maker, &FindingFilter { release: Some(release("infusion-pump@2.1.0")), ..all.clone() }), [3]);
    assert_eq!(ids(&maker, &FindingFilter { component: Some(lodash().identity()), ..all.clone() }), [2, 1]);
    assert_eq!(ids(&maker, &FindingFilter { states: vec![WorkState::Gone], ..all.clone() }), [0_u64; 0]);
    let alias = FindingFilter { vulnerability: Some("GHSA-jfh8-c2jp-5v3q".to_owned()), ..all.clone() };
    assert_eq!(ids(&maker, &alias), [3]);
    let mut renamed = log4shell(3);
    renamed.matched = matched(&["CVE-2021-44228"], &log4j());
    maker.run(&[Change::Changed { finding: Box::new(renamed), what: vec!["an alias went".to_owned()] }]).unwrap();
    assert_eq!(ids(&maker, &alias), [0_u64; 0]);
    let names = [name_hash("CVE-2021-44228"), name_hash("CVE-2020-8203")];
    assert_eq!(maker.records.findings_with_names(&names).unwrap(), [FindingId(2), FindingId(3)]);
    assert_eq!(maker.records.next_finding_id().unwrap(), FindingId(4));
}

#[test]
fn candidates_come_and_go_and_stay_in_the_history() {
    let mut maker = Maker::new();
    let (gateway, component) = (release("gateway@1.0.0"), lodash().identity());
    let candidate = Change::CandidateAppeared {
        release: gateway.clone(),
        component,
        component_label: lodash().label(),
        matched: Box::new(matched(&["CVE-2018-3721"], &lodash())),
    };
    maker.run(std::slice::from_ref(&candidate)).unwrap();
    assert_eq!(maker.records.candidates(&gateway).unwrap()[0].matched.vulnerability, "CVE-2018-3721");
    let gone = Change::CandidateGone { release: gateway.clone(), component, vulnerability: "CVE-2018-3721".to_owned() };
    maker.run(&[gone]).unwrap();
    assert_eq!(maker.records.candidates(&gateway).unwrap(), []);
    maker.run(&[candidate]).unwrap();
    assert_eq!(maker.records.candidates(&gateway).unwrap().len(), 1);
    let since = at("2021-12-01T00:00:00Z");
    let kinds: Vec<String> =
        maker.records.changes_between(since, maker.now).unwrap().into_iter().map(|change| change.kind).collect();
    assert_eq!(kinds, ["candidate_appeared", "candidate_gone", "candidate_appeared"]);
}

#[test]
fn fetches_runs_and_bulletins_are_found_by_time() {
    let mut maker = Maker::new();
    let source = SourceId("osv:maven".to_owned());
    let good = maker.fetch(FetchOutcome::Ok);
    let failed = maker.fetch(FetchOutcome::Failed);
    assert_eq!(maker.records.last_fetch(&source).unwrap().unwrap().seq, failed.seq);
    assert_eq!(maker.records.last_good_fetch(&source).unwrap().unwrap().seq, good.seq);
    let filter = FetchFilter { outcome: Some(FetchOutcome::Failed), ..FetchFilter::default() };
    assert_eq!(maker.records.fetches(&filter, 10).unwrap().len(), 1);
    let begin = maker.now;
    maker.run(&[]).unwrap();
    maker.bulletin("Log4Shell in the wild").unwrap();
    let runs = maker.records.runs_between(begin, maker.now).unwrap();
    assert_eq!(runs.len(), 1);
    assert_eq!(maker.records.runs_between(maker.now, maker.now).unwrap(), []);
    assert_eq!(maker.records.last_run_of(&release("gateway@1.0.0")).unwrap().unwrap().value, runs[0].value);
    assert_eq!(maker.records.bulletins_between(begin, maker.now).unwrap()[0].value.title, "Log4Shell in the wild");
}

#[test]
fn what_a_configuration_no_longer_names_stays_readable() {
    let mut maker = Maker::new();
    let smaller = maker.configured(&["infusion-pump"]);
    maker.append("wardround", smaller).unwrap();
    let configured: Vec<_> =
        maker.records.products().unwrap().into_iter().map(|row| (row.product.id.0, row.configured)).collect();
    let expected = [("gateway", false), ("infusion-pump", true), ("patient-monitor", false)];
    assert_eq!(configured, expected.map(|(name, configured)| (name.to_owned(), configured)));
    assert_eq!(maker.records.configuration().unwrap().unwrap().value.products.len(), 1);
    assert_eq!(maker.records.releases(None).unwrap().len(), 3);
}

#[test]
fn an_sbom_of_ten_thousand_components_and_a_run_of_twenty_thousand_changes_are_taken_whole() {
    let mut maker = Maker::new();
    let components: Vec<_> = (0..10_000).map(|n| purl("npm", &format!("package-{n}"), "1.0.0")).collect();
    maker.import("patient-monitor@3.2", &components).unwrap();
    let changes: Vec<_> = (0..20_000_u64)
        .map(|n| {
            let name = format!("CVE-2021-{}", 10_000 + n);
            let component = &components[usize::try_from(n).unwrap() / 2];
            Change::Appeared { finding: Box::new(finding(n + 1, "patient-monitor@3.2", component, &[&name])) }
        })
        .collect();
    maker.run(&changes).unwrap();
    let monitor = release("patient-monitor@3.2");
    assert_eq!(maker.records.inventory(&monitor, 2).unwrap().len(), 10_000);
    assert_eq!(maker.records.findings_present(&monitor).unwrap().len(), 20_000);
    let filter = FindingFilter { release: Some(monitor), ..FindingFilter::default() };
    assert_eq!(maker.records.findings(&filter).unwrap()[0].id, FindingId(1));
}

#[test]
fn all_justifications_are_told_apart_in_history() {
    let mut maker = Maker::new();
    maker.run(&[appeared(1)]).unwrap();
    for justification in Justification::ALL {
        let status = Status::NotAffected { justification, impact: Some("None.".to_owned()) };
        maker.assess("anna", Judgement { id: 1, status, rationale: "Looked at again." }).unwrap();
    }
    let history = maker.records.finding(FindingId(1)).unwrap().unwrap();
    let found: Vec<_> = history.assessments.into_iter().map(|recorded| recorded.value.status).collect();
    let status = |justification| Status::NotAffected { justification, impact: Some("None.".to_owned()) };
    assert_eq!(found, Justification::ALL.map(status));
}
