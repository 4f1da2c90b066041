//! The source register and the ledger of gaps: who may record what, and that a replay gives the same.

use domain::model::journal::{Entry, Event, Fetched};
use domain::model::raw::Digest;
use domain::model::register::{GapId, GapReviewed, RegisterChange, SourceApproved, SourceRecord};
use domain::model::source::{Family, FetchOutcome, SourceId};
use domain::model::tlp::Tlp;
use domain::monitor::gaps::{GapKind, Reach};
use jiff::SignedDuration;
use store::records::{Error, GapFilter, Records, Refusal};

use crate::maker::{Maker, at, key, refused};

fn osv() -> SourceId {
    SourceId("osv:maven".to_owned())
}

fn record(revision: u32, change: RegisterChange) -> Event {
    Event::SourceRecorded(Box::new(SourceRecord {
        source: osv(),
        revision,
        change,
        kind: "osv".to_owned(),
        family: Family::Osv,
        url: "https://feeds.example/maven".to_owned(),
        part: "Maven".to_owned(),
        why: "packages of Java".to_owned(),
        owner: "Anna Berg".to_owned(),
        every_hours: 6,
        fresh_hours: 48,
        data_fresh_hours: Some(168),
        completeness: "Rows of modified_id.csv.".to_owned(),
        shrink_percent: 5,
        tlp: Tlp::Clear,
    }))
}

fn changed() -> RegisterChange {
    RegisterChange::Changed { what: vec!["The rhythm changed from 2 h to 6 h.".to_owned()] }
}

fn retired(reason: &str) -> RegisterChange {
    RegisterChange::Retired { reason: reason.to_owned() }
}

fn approve(maker: &mut Maker, by: &str, revision: u32, next_review: &str) -> Result<Entry, Error> {
    let next_review = next_review.parse().unwrap();
    let approved = SourceApproved { source: osv(), revision, next_review, remark: String::new() };
    maker.append(by, Event::SourceApproved(approved))
}

fn review(maker: &mut Maker, by: &str, gap: u64, conclusion: &str) -> Result<Entry, Error> {
    let reviewed = GapReviewed { gap: GapId(gap), source: osv(), conclusion: conclusion.to_owned() };
    maker.append(by, Event::GapReviewed(reviewed))
}

/// A fetch so many hours later.
fn later(maker: &mut Maker, hours: i64, outcome: FetchOutcome) -> Entry {
    maker.now += SignedDuration::from_hours(hours);
    maker.fetch(outcome)
}

fn is_sound(maker: &Maker) -> bool {
    let report = maker.records.verify(&maker.blobs, maker.records.verifier_key(), &[]).unwrap();
    assert_eq!(report.problems, Vec::<String>::new());
    report.is_sound()
}

#[test]
fn a_record_is_added_changed_approved_and_retired_in_order_and_by_persons() {
    let mut maker = Maker::new();
    assert_eq!(refused(maker.append("wardround", record(1, changed()))), Refusal::NotRegistered(osv()));
    maker.append("wardround", record(1, RegisterChange::Added)).unwrap();
    assert_eq!(refused(maker.append("wardround", record(2, RegisterChange::Added))), Refusal::SourceRegistered(osv()));
    let nothing = RegisterChange::Changed { what: Vec::new() };
    assert_eq!(refused(maker.append("wardround", record(2, nothing))), Refusal::NothingChanged(osv()));
    let number = Refusal::Number { what: "a revision of a source's record", given: 3, next: 2 };
    assert_eq!(refused(maker.append("wardround", record(3, changed()))), number);

    assert_eq!(
        refused(approve(&mut maker, "wardround", 1, "2022-06-01")),
        Refusal::UnknownUser("wardround".to_owned())
    );
    approve(&mut maker, "ben", 1, "2022-06-01").unwrap();
    maker.append("wardround", record(2, changed())).unwrap();
    let newest = Refusal::NotNewest { id: osv(), given: 1, newest: 2 };
    assert_eq!(refused(approve(&mut maker, "ben", 1, "2022-06-01")), newest);
    assert!(matches!(refused(approve(&mut maker, "ben", 2, "2021-12-01")), Refusal::NextReview { .. }));
    let row = &maker.records.register().unwrap()[0];
    assert!(row.in_force().is_none() && row.approval.is_some() && !row.is_retired());
    approve(&mut maker, "ben", 2, "2022-06-01").unwrap();
    assert!(maker.records.register().unwrap()[0].in_force().is_some());

    let unknown = Refusal::UnknownUser("wardround".to_owned());
    assert_eq!(refused(maker.append("wardround", record(3, retired("It moved.")))), unknown);
    assert_eq!(refused(maker.append("anna", record(3, retired(" ")))), Refusal::RetiredWithoutReason(osv()));
    maker.append("anna", record(3, retired("It moved."))).unwrap();
    assert_eq!(refused(approve(&mut maker, "ben", 3, "2022-06-01")), Refusal::NotRegistered(osv()));
    maker.append("wardround", record(4, RegisterChange::Added)).unwrap();
    assert_eq!(maker.records.source_records(&osv()).unwrap().len(), 4);
    assert_eq!(maker.records.source_approvals(&osv()).unwrap().len(), 2);
    let then = maker.records.register_at(at("2021-12-01T08:00:30Z")).unwrap();
    assert_eq!(then.len(), 0, "nothing was registered yet");
    assert!(is_sound(&maker));
}

#[test]
fn a_gap_is_found_closed_with_its_reach_and_reviewed_by_a_person() {
    let mut maker = Maker::new();
    maker.append("wardround", record(1, RegisterChange::Added)).unwrap();
    let good = later(&mut maker, 1, FetchOutcome::Ok);
    let found = later(&mut maker, 6, FetchOutcome::Failed);
    later(&mut maker, 60, FetchOutcome::Failed);
    let open = maker.records.gaps(&GapFilter { open: true, ..GapFilter::default() }).unwrap();
    assert_eq!(open[0].gap.id, Some(GapId(found.seq)));
    assert_eq!((open[0].gap.kind, open[0].gap.attempts), (GapKind::Failed, 2));
    let Event::Fetched(last) = good.event else { panic!("a fetch") };
    assert_eq!(open[0].gap.from, last.fetch.finished);

    review(&mut maker, "anna", found.seq, "Looked at their page by hand meanwhile.").unwrap();
    assert!(maker.records.gap(GapId(found.seq)).unwrap().unwrap().review().is_some());
    let closing = later(&mut maker, 1, FetchOutcome::Ok);
    let row = maker.records.gap(GapId(found.seq)).unwrap().unwrap();
    let closed = row.gap.closed.unwrap();
    assert_eq!((closed.entry, closed.reach), (closing.seq, Reach::FullSet));
    assert!(row.gap.exceeds_limit(maker.now) && row.review().is_none(), "it has to be reviewed as a whole");

    assert!(matches!(refused(review(&mut maker, "anna", 3, "There is none.")), Refusal::UnknownGap { .. }));
    assert_eq!(refused(review(&mut maker, "anna", found.seq, "")), Refusal::NoConclusion(GapId(found.seq)));
    let unknown = Refusal::UnknownUser("wardround".to_owned());
    assert_eq!(refused(review(&mut maker, "wardround", found.seq, "Fine.")), unknown);
    review(&mut maker, "anna", found.seq, "Nothing was missed: the full set was shown.").unwrap();
    let row = maker.records.gap(GapId(found.seq)).unwrap().unwrap();
    assert_eq!((row.reviews.len(), row.review().map(|review| review.actor.as_str())), (2, Some("anna")));
    assert!(is_sound(&maker));
}

#[test]
fn downtime_and_old_data_are_gaps_too_and_retiring_closes_what_is_open() {
    let mut maker = Maker::new();
    maker.append("wardround", record(1, RegisterChange::Added)).unwrap();
    later(&mut maker, 1, FetchOutcome::Ok);
    let back = later(&mut maker, 100, FetchOutcome::Ok);
    let gaps = maker.records.gaps(&GapFilter::default()).unwrap();
    assert_eq!((gaps.len(), gaps[0].gap.kind, gaps[0].gap.id), (1, GapKind::Silent, Some(GapId(back.seq))));
    assert_eq!(gaps[0].gap.closed.map(|closing| closing.entry), Some(back.seq));

    // Answers as before, with data of ten days ago.
    let Event::Fetched(mut fetched) = back.event else { panic!("a fetch") };
    maker.now += SignedDuration::from_hours(1);
    fetched.fetch.finished = maker.now;
    fetched.fetch.data_timestamp = Some(maker.now - SignedDuration::from_hours(240));
    let fetched = Fetched { knowledge: Digest::of(b"knowledge"), ..*fetched };
    let found = maker.append("wardround", Event::Fetched(Box::new(fetched))).unwrap();
    let open = maker.records.gaps(&GapFilter { open: true, ..GapFilter::default() }).unwrap();
    assert_eq!((open[0].gap.kind, open[0].gap.id), (GapKind::OldData, Some(GapId(found.seq))));
    assert_eq!(maker.records.standing(&osv()).unwrap().open, Some(GapId(found.seq)));

    let end = maker.append("anna", record(2, retired("It moved."))).unwrap();
    let row = maker.records.gap(GapId(found.seq)).unwrap().unwrap();
    assert_eq!(row.gap.closed.map(|closing| (closing.entry, closing.reach)), Some((end.seq, Reach::Retired)));
    maker.append("wardround", record(3, RegisterChange::Added)).unwrap();
    later(&mut maker, 24, FetchOutcome::Ok);
    assert_eq!(maker.records.gaps(&GapFilter::default()).unwrap().len(), 2, "what was before does not count");
    assert!(is_sound(&maker));
}

#[test]
fn light_queries_say_what_the_entries_say_and_a_second_reader_sees_the_same() {
    let mut maker = Maker::new();
    let first = later(&mut maker, 1, FetchOutcome::Ok);
    let second = later(&mut maker, 6, FetchOutcome::Incomplete);
    let (last, good) = maker.records.last_attempts(&osv(), None).unwrap();
    assert_eq!(last.map(|last| last.entry), Some(second.seq));
    assert_eq!(good.map(|good| good.entry), Some(first.seq));
    let before = maker.now - SignedDuration::from_hours(1);
    assert_eq!(maker.records.last_attempts(&osv(), Some(before)).unwrap().0.map(|last| last.entry), Some(first.seq));
    let all = maker.records.attempts(&osv(), jiff::Timestamp::MIN, jiff::Timestamp::MAX).unwrap();
    assert_eq!(all.iter().map(|attempt| attempt.entry).collect::<Vec<_>>(), [first.seq, second.seq]);
    let reader = Records::open(maker.dir.path()).unwrap();
    assert!(reader.is_current());
    assert_eq!(reader.attempts(&osv(), jiff::Timestamp::MIN, jiff::Timestamp::MAX).unwrap(), all);
    drop(Records::open_signing(maker.dir.path(), &key()).unwrap());
}
