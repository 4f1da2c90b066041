//! What comes in by hand or across an air gap: reports, manual watches, bundles; and the rules that they keep.

use domain::model::journal::{BundleHole, BundleImported, Event, Fetched};
use domain::model::raw::Digest;
use domain::model::report::{Channel, Report, ReportId, ReportState, ReportStep};
use domain::model::source::{FetchOutcome, SourceId};
use domain::model::tlp::Tlp;
use domain::model::watch::{Watch, WatchEnded, WatchId, WatchLooked};
use jiff::civil::Date;
use store::records::Refusal;

use crate::maker::{Maker, at, key, refused, release};

fn is_sound(maker: &Maker) -> bool {
    let report = maker.records.verify(&maker.blobs, maker.records.verifier_key(), &[]).unwrap();
    assert!(
        report.is_sound() || report.problems.iter().all(|problem| problem.contains("archived object")),
        "{report:?}"
    );
    report.is_sound()
}

fn report(maker: &mut Maker) -> Report {
    Report {
        id: maker.records.next_report_id().unwrap(),
        channel: Channel::Researcher,
        from: "security researcher, through the CERT".to_owned(),
        title: "Log files of the gateway evaluate look-ups".to_owned(),
        text: "The gateway logs names of devices. See CVE-2021-44228.".to_owned(),
        aware: maker.now,
        tlp: Tlp::Amber,
        owner: "anna".to_owned(),
        releases: vec![release("gateway@1.0.0")],
        mentions: vec!["CVE-2021-44228".to_owned()],
        files: vec![("mail.eml".to_owned(), maker.archive(b"From: researcher".to_vec()))],
    }
}

fn step(id: u64, state: ReportState, note: &str) -> ReportStep {
    ReportStep {
        report: ReportId(id),
        state,
        note: note.to_owned(),
        owner: None,
        vulnerabilities: Vec::new(),
        files: Vec::new(),
        releases: None,
        aware: None,
        tlp: None,
    }
}

fn received(report: Report) -> Event {
    Event::ReportReceived(Box::new(report))
}

fn watch(id: u64) -> Watch {
    Watch {
        id: WatchId(id),
        supplier: "Green Hills Software".to_owned(),
        components: vec!["INTEGRITY-178".to_owned()],
        page: "customer portal, section security bulletins".to_owned(),
        person: "ben".to_owned(),
        every: "1 month".to_owned(),
        first_due: "2021-12-31".parse().unwrap(),
        why: "no feed; bulletins are behind a login".to_owned(),
    }
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

#[test]
fn a_report_is_tracked_to_its_closure_and_may_be_reopened_with_a_reason() {
    let mut maker = Maker::new();
    let report = report(&mut maker);
    maker.append("anna", received(report.clone())).unwrap();
    let mut confirmed = step(1, ReportState::Confirmed, "Reproduced on a device in the laboratory.");
    confirmed.owner = Some("ben".to_owned());
    confirmed.vulnerabilities = vec!["CVE-2021-44228".to_owned(), "CVE-2021-45046".to_owned()];
    maker.append("anna", Event::ReportMoved(confirmed)).unwrap();

    let silent = step(1, ReportState::Closed, " ");
    assert_eq!(refused(maker.append("ben", Event::ReportMoved(silent))), Refusal::CloseReason(ReportId(1)));
    maker.append("ben", Event::ReportMoved(step(1, ReportState::Closed, "Fixed in 1.0.1."))).unwrap();
    let row = maker.records.report(ReportId(1)).unwrap().unwrap();
    assert_eq!(row.report.value, report);
    assert_eq!((row.standing().state, row.standing().owner.as_str()), (ReportState::Closed, "ben"));
    assert!(row.standing().closed.is_some());

    let silent = step(1, ReportState::InTriage, "");
    assert_eq!(refused(maker.append("ben", Event::ReportMoved(silent))), Refusal::ReopenReason(ReportId(1)));
    maker.append("ben", Event::ReportMoved(step(1, ReportState::InTriage, "The fix is incomplete."))).unwrap();
    let about = maker.records.reports_about("CVE-2021-45046").unwrap();
    assert_eq!(about.len(), 1);
    assert_eq!(about[0].standing().state, ReportState::InTriage);
    assert_eq!(about[0].steps.len(), 3);
    assert!(is_sound(&maker));
}

#[test]
fn reports_of_every_channel_share_one_series_of_numbers() {
    let mut maker = Maker::new();
    let mut first = report(&mut maker);
    first.id = ReportId(2);
    assert_eq!(
        refused(maker.append("anna", received(first.clone()))),
        Refusal::Number { what: "a report", given: 2, next: 1 }
    );
    first.id = ReportId(1);
    maker.append("anna", received(first.clone())).unwrap();
    first.channel = Channel::Complaint;
    assert!(matches!(refused(maker.append("anna", received(first.clone()))), Refusal::Number { next: 2, .. }));
    first.id = ReportId(2);
    maker.append("anna", received(first)).unwrap();
    assert_eq!(maker.records.reports().unwrap().len(), 2);
}

#[test]
fn nobody_becomes_aware_after_the_entry_and_a_correction_needs_a_reason() {
    let mut maker = Maker::new();
    let mut late = report(&mut maker);
    late.aware = at("2022-01-01T00:00:00Z");
    assert!(matches!(refused(maker.append("anna", received(late.clone()))), Refusal::AwareLater { .. }));
    late.aware = at("2021-11-30T00:00:00Z");
    maker.append("anna", received(late)).unwrap();
    let mut correction = step(1, ReportState::Received, "");
    correction.aware = Some(at("2021-11-28T00:00:00Z"));
    let unsaid = refused(maker.append("anna", Event::ReportMoved(correction.clone())));
    assert_eq!(unsaid, Refusal::Unsaid { of: "REP-1".to_owned(), what: "the reason of a correction" });
    correction.note = "Service knew two days earlier.".to_owned();
    maker.append("anna", Event::ReportMoved(correction.clone())).unwrap();
    let row = maker.records.report(ReportId(1)).unwrap().unwrap();
    assert_eq!(row.standing().aware, at("2021-11-28T00:00:00Z"));
    assert_eq!(row.report.value.aware, at("2021-11-30T00:00:00Z"), "what was recorded first stays");
    correction.aware = Some(at("2022-02-01T00:00:00Z"));
    assert!(matches!(refused(maker.append("anna", Event::ReportMoved(correction))), Refusal::AwareLater { .. }));
}

#[test]
fn reports_name_only_people_and_releases_that_exist_and_are_never_red() {
    let mut maker = Maker::new();
    let good = report(&mut maker);
    assert_eq!(
        refused(maker.append("wardround", received(good.clone()))),
        Refusal::UnknownUser("wardround".to_owned())
    );
    let stranger = Report { owner: "dora".to_owned(), ..good.clone() };
    assert_eq!(refused(maker.append("anna", received(stranger))), Refusal::UnknownUser("dora".to_owned()));
    let elsewhere = Report { releases: vec![release("gateway@9.9")], ..good.clone() };
    assert_eq!(refused(maker.append("anna", received(elsewhere))), Refusal::UnknownRelease(release("gateway@9.9")));
    let red = Report { tlp: Tlp::Red, ..good.clone() };
    assert_eq!(refused(maker.append("anna", received(red))), Refusal::Red("REP-1".to_owned()));
    let untitled = Report { title: " ".to_owned(), ..good.clone() };
    assert!(matches!(refused(maker.append("anna", received(untitled))), Refusal::Unsaid { what: "a title", .. }));
    let unknown = step(7, ReportState::InTriage, "Looked at.");
    assert_eq!(refused(maker.append("anna", Event::ReportMoved(unknown))), Refusal::UnknownReport(ReportId(7)));
    maker.append("anna", received(good)).unwrap();
    let nothing = step(1, ReportState::Received, "");
    assert!(matches!(refused(maker.append("anna", Event::ReportMoved(nothing))), Refusal::Unsaid { .. }));
    maker.append("anna", Event::ReportMoved(step(1, ReportState::InTriage, ""))).unwrap();
}

#[test]
fn a_missing_attachment_is_found_when_the_journal_is_verified() {
    let mut maker = Maker::new();
    let report = report(&mut maker);
    let file = report.files[0].1;
    maker.append("anna", received(report)).unwrap();
    assert!(is_sound(&maker));
    maker.blobs.remove(&file);
    assert!(!is_sound(&maker));
}

#[test]
fn a_watch_is_looked_at_in_its_rhythm_until_it_ends() {
    let mut maker = Maker::new();
    maker.append("anna", Event::WatchSet(watch(1))).unwrap();
    let row = maker.records.watch(WatchId(1)).unwrap().unwrap();
    assert_eq!(row.schedule(None, day("2021-12-30")).next, Some(day("2021-12-31")));

    maker.now = at("2022-01-03T09:00:00Z");
    let mut look = WatchLooked { watch: WatchId(1), found: true, note: String::new(), copy: None };
    assert!(matches!(refused(maker.append("ben", Event::WatchLooked(look.clone()))), Refusal::Unsaid { .. }));
    look.note = "Bulletin GHS-2022-01".to_owned();
    look.copy = Some(("portal.pdf".to_owned(), maker.archive(b"%PDF-1.7".to_vec())));
    maker.append("ben", Event::WatchLooked(look.clone())).unwrap();
    let row = &maker.records.watches().unwrap()[0];
    let schedule = row.schedule(None, day("2022-01-04"));
    assert_eq!(schedule.dues[0].late_days(day("2022-01-04")), 3);
    assert_eq!(schedule.next, Some(day("2022-01-31")));
    let before = row.schedule(Some(at("2022-01-02T00:00:00Z")), day("2022-01-02"));
    assert_eq!(before.next, Some(day("2021-12-31")), "as of the day before the look it was overdue");

    let changed = Watch { page: "https://example.com/security".to_owned(), ..watch(1) };
    maker.append("anna", Event::WatchSet(changed.clone())).unwrap();
    assert_eq!(maker.records.watch(WatchId(1)).unwrap().unwrap().watch(), &changed);

    let end = |reason: &str| Event::WatchEnded(WatchEnded { watch: WatchId(1), reason: reason.to_owned() });
    assert!(matches!(refused(maker.append("anna", end(""))), Refusal::Unsaid { .. }));
    maker.append("anna", end("The supplier has a CSAF feed now.")).unwrap();
    assert_eq!(refused(maker.append("ben", Event::WatchLooked(look))), Refusal::WatchOver(WatchId(1)));
    assert_eq!(refused(maker.append("ben", Event::WatchSet(changed))), Refusal::WatchOver(WatchId(1)));
    let row = maker.records.watch(WatchId(1)).unwrap().unwrap();
    assert_eq!(row.schedule(None, day("2022-06-01")).next, None, "what has ended is never overdue");
    assert!(is_sound(&maker));
}

#[test]
fn a_watch_needs_a_person_a_rhythm_and_a_first_day_that_is_not_past() {
    let mut maker = Maker::new();
    let set = |watch: Watch| Event::WatchSet(watch);
    assert!(matches!(refused(maker.append("anna", set(watch(2)))), Refusal::Number { next: 1, .. }));
    let nobody = Watch { person: "dora".to_owned(), ..watch(1) };
    assert_eq!(refused(maker.append("anna", set(nobody))), Refusal::UnknownUser("dora".to_owned()));
    let never = Watch { every: "now and then".to_owned(), ..watch(1) };
    assert!(matches!(refused(maker.append("anna", set(never))), Refusal::Rhythm { .. }));
    let past = Watch { first_due: day("2021-11-30"), ..watch(1) };
    assert!(matches!(refused(maker.append("anna", set(past))), Refusal::FirstDue { .. }));
    let look = WatchLooked { watch: WatchId(1), found: false, note: String::new(), copy: None };
    assert_eq!(refused(maker.append("anna", Event::WatchLooked(look))), Refusal::UnknownWatch(WatchId(1)));
    assert!(maker.records.watch(WatchId(1)).unwrap().is_none());
}

#[test]
fn bundles_note_how_far_each_source_of_an_origin_has_come() {
    let mut maker = Maker::new();
    let origin = "acme.example/outside+00000000+key".to_owned();
    let source = SourceId("osv:maven".to_owned());
    let Event::Fetched(mut fetched) = maker.fetch(FetchOutcome::Ok).event else { panic!("a fetch was recorded") };
    fetched.fetch.origin = Some(origin.clone());
    for entry in [4, 9] {
        fetched.fetch.origin_entry = Some(entry);
        maker.append("wardround", Event::Fetched(Box::new(Fetched::clone(&fetched)))).unwrap();
    }
    // Held back here: it may be imported again.
    fetched.fetch.origin_entry = None;
    fetched.fetch.outcome = FetchOutcome::Held;
    maker.append("wardround", Event::Fetched(fetched)).unwrap();
    assert_eq!(maker.records.last_imported(&origin, &source).unwrap(), Some(9));
    assert!(maker.records.is_imported(&origin, &source, 4).unwrap());
    assert!(!maker.records.is_imported(&origin, &source, 5).unwrap());
    assert_eq!(maker.records.last_imported("another", &source).unwrap(), None);

    let hole = BundleHole { source, last: Some(4), missing: 8, reason: String::new() };
    let mut bundle = BundleImported {
        manifest: maker.archive(b"manifest".to_vec()),
        origin,
        exported: maker.now,
        entries: (0, 10),
        fetches: 2,
        holes: vec![hole],
    };
    assert!(matches!(refused(maker.append("anna", Event::BundleImported(bundle.clone()))), Refusal::HoleReason(_)));
    bundle.holes[0].reason = "The medium of 3 January was lost.".to_owned();
    let nobody = refused(maker.append("wardround", Event::BundleImported(bundle.clone())));
    assert_eq!(nobody, Refusal::UnknownUser("wardround".to_owned()));
    maker.append("anna", Event::BundleImported(bundle.clone())).unwrap();
    assert_eq!(maker.records.bundles().unwrap()[0].value, bundle);
    assert!(is_sound(&maker));
}

#[test]
fn a_signed_note_is_never_a_tree_head() {
    let maker = Maker::new();
    let note = maker.records.sign_note("wardround/source-bundle/1\nabc\n").unwrap();
    assert_eq!(maker.records.verifier_key().open(&note).unwrap(), "wardround/source-bundle/1\nabc\n");
    assert!(standards::tlog::Checkpoint::open(&note, maker.records.verifier_key()).is_err());
    let root = standards::tlog::Signer::new(crate::maker::ORIGIN, key()).unwrap();
    assert!(maker.records.sign_note(&format!("{}\n7\n{}\n", root.name(), Digest::of(b"root"))).is_err());
}
