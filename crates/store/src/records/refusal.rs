//! Rules that never bend, and what is said when an entry would bend one.

use domain::model::finding::FindingId;
use domain::model::product::{ProductId, ReleaseId};
use domain::model::raw::Digest;
use domain::model::register::GapId;
use domain::model::report::ReportId;
use domain::model::review::ReviewId;
use domain::model::source::SourceId;
use domain::model::watch::WatchId;
use jiff::Timestamp;
use jiff::civil::Date;

/// Why an entry was not appended. Each variant holds the facts to act on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The first entry has to create the workspace.
    #[error("append to a journal whose workspace was not created")]
    NotCreated,
    /// Only the first entry creates it.
    #[error("create a workspace twice")]
    AlreadyCreated,
    /// The workspace names another log.
    #[error("create a workspace as {given:?}: its journal is {needed:?}")]
    Origin {
        /// Name in the entry.
        given: String,
        /// Name of the journal.
        needed: String,
    },
    /// A decision has to be made by the one who makes the entry.
    #[error("record {acting:?} as the one who acts in an entry by {actor:?}")]
    Actor {
        /// Who makes the entry.
        actor: String,
        /// Who acts according to the event.
        acting: String,
    },
    /// Nobody of that name.
    #[error("act as {0:?}: there is no such user")]
    UnknownUser(String),
    /// The name is taken.
    #[error("add user {0:?}: the name is taken")]
    UserExists(String),
    /// The name is reserved or empty.
    #[error("add user {0:?}: the name is empty or the program's own")]
    InvalidUser(String),
    /// No configuration ever named it.
    #[error("use product {0}: no configuration names it")]
    UnknownProduct(ProductId),
    /// There is none.
    #[error("use release {0}: it was never added")]
    UnknownRelease(ReleaseId),
    /// It is there.
    #[error("add release {0}: it was added before")]
    ReleaseExists(ReleaseId),
    /// The same bytes are held against the release already.
    #[error("import an SBOM for {release}: revision {revision} has the same bytes ({original})")]
    SbomExists {
        /// The release.
        release: ReleaseId,
        /// The revision that has them.
        revision: u32,
        /// Their digest.
        original: Digest,
    },
    /// The read form belongs to other bytes.
    #[error("import an SBOM with inventory {inventory}: it was read from {found}, not from {original}")]
    OtherSbom {
        /// Digest of the read form.
        inventory: Digest,
        /// What the read form says it was read from.
        found: Digest,
        /// What the entry says.
        original: Digest,
    },
    /// Numbers are given in order.
    #[error("use number {given} for {what}: the next is {next}")]
    Number {
        /// What is numbered.
        what: &'static str,
        /// The number in the entry.
        given: u64,
        /// The number it must have.
        next: u64,
    },
    /// The count in the entry is not that of the archived list.
    #[error("record {stated} {what}: the archived list has {counted}")]
    Count {
        /// What is counted.
        what: String,
        /// Number in the entry.
        stated: u64,
        /// Number in the list.
        counted: u64,
    },
    /// There is none.
    #[error("use finding {0}: there is none")]
    UnknownFinding(FindingId),
    /// The number is taken.
    #[error("number a new finding {0}: the number is taken")]
    FindingExists(FindingId),
    /// The run names a component of no SBOM.
    #[error("record something about component {0}: no SBOM holds it")]
    UnknownComponent(Digest),
    /// The run ends a candidate that never was.
    #[error("end the candidate {vulnerability} in {release}: there is none")]
    UnknownCandidate {
        /// The release.
        release: ReleaseId,
        /// The vulnerability.
        vulnerability: String,
    },
    /// A judgement needs reasons.
    #[error("assess {0} without a rationale")]
    NoRationale(FindingId),
    /// `affected` needs an action statement.
    #[error("assess {0} as affected without saying what is done about it")]
    NoAction(FindingId),
    /// Approvals are entries of their own.
    #[error("assess and approve {0} in one entry")]
    ApprovedAtOnce(FindingId),
    /// Nothing waits for approval.
    #[error("approve the assessment of {0}: none awaits approval")]
    NothingToApprove(FindingId),
    /// Two persons are needed.
    #[error("approve the assessment of {finding} as {by:?}, who made it: a second person is needed")]
    SamePerson {
        /// The finding.
        finding: FindingId,
        /// Who judged.
        by: String,
    },
    /// A review without products.
    #[error("open {0} without products, or with one product twice")]
    Products(ReviewId),
    /// The period is empty or turned round.
    #[error("open a review from {start} to {end}: a period needs a beginning before its end")]
    EmptyPeriod {
        /// Beginning.
        start: Timestamp,
        /// End.
        end: Timestamp,
    },
    /// The period leaves a hole, or overlaps.
    #[error("open a review of {product} from {start}: its last period ends at {needed}")]
    Period {
        /// The product.
        product: ProductId,
        /// Beginning asked for.
        start: Timestamp,
        /// Where the last period ended.
        needed: Timestamp,
    },
    /// The first period leaves a hole at the beginning.
    #[error("open the first review of {product} from {start}: it is monitored since {since}")]
    FirstPeriod {
        /// The product.
        product: ProductId,
        /// Beginning asked for.
        start: Timestamp,
        /// When its first release was added.
        since: Timestamp,
    },
    /// One at a time.
    #[error("open a review of {product}: {review} is not sealed yet")]
    ReviewOpen {
        /// The product.
        product: ProductId,
        /// The review that covers it.
        review: ReviewId,
    },
    /// There is none.
    #[error("use {0}: there is no such review")]
    UnknownReview(ReviewId),
    /// Its record is not frozen yet.
    #[error("sign or seal {0}: its record was not concluded")]
    NotConcluded(ReviewId),
    /// Its record is frozen.
    #[error("conclude {0}: its record was frozen before")]
    AlreadyConcluded(ReviewId),
    /// Nothing follows a seal.
    #[error("change {0}: it is sealed")]
    Sealed(ReviewId),
    /// A signature or seal on something else.
    #[error("sign or seal record {given} of {review}: its record is {needed}")]
    WrongRecord {
        /// The review.
        review: ReviewId,
        /// Digest in the entry.
        given: Digest,
        /// Digest of the frozen record.
        needed: Digest,
    },
    /// One signature for each user.
    #[error("sign {review} as {user:?} twice")]
    SignedTwice {
        /// The review.
        review: ReviewId,
        /// Who.
        user: String,
    },
    /// The signatures are not complete.
    #[error("seal {0}: it needs one who reviewed and another who approved")]
    SignaturesMissing(ReviewId),
    /// The register has no such source, or it was retired.
    #[error("use source {0}: it is not in the register, or it was retired")]
    NotRegistered(SourceId),
    /// It is there.
    #[error("add source {0} to the register: it is there")]
    SourceRegistered(SourceId),
    /// A change that changes nothing.
    #[error("record a change of source {0}: it says nothing of what changed")]
    NothingChanged(SourceId),
    /// Retiring needs reasons.
    #[error("retire source {0} without a reason")]
    RetiredWithoutReason(SourceId),
    /// Only the newest revision can be approved.
    #[error("approve revision {given} of the record of {id}: the newest is {newest}")]
    NotNewest {
        /// The source.
        id: SourceId,
        /// The revision in the entry.
        given: u32,
        /// The newest.
        newest: u32,
    },
    /// The next look has to lie ahead.
    #[error("approve the record of {id} until {given}: the next review has to be after today, {today}")]
    NextReview {
        /// The source.
        id: SourceId,
        /// The day in the entry.
        given: Date,
        /// The day of the entry.
        today: Date,
    },
    /// There is none, or it is another source's.
    #[error("review {gap} of {id}: that source has no such gap")]
    UnknownGap {
        /// The gap.
        gap: GapId,
        /// The source.
        id: SourceId,
    },
    /// A review of a gap says what follows from it.
    #[error("review {0} without a conclusion")]
    NoConclusion(GapId),
    /// An acceptance needs reasons.
    #[error("accept that {0} shrank without a reason")]
    NoReason(String),
    /// Something has to be said in words.
    #[error("record something about {of} without {what}")]
    Unsaid {
        /// What it is about.
        of: String,
        /// What is missing.
        what: &'static str,
    },
    /// There is none.
    #[error("use {0}: there is no such report")]
    UnknownReport(ReportId),
    /// Awareness comes before the entry.
    #[error("record for {report} that it became known at {aware}: that is later than its entry at {entered}")]
    AwareLater {
        /// The report.
        report: ReportId,
        /// Awareness.
        aware: Timestamp,
        /// When the entry was made.
        entered: Timestamp,
    },
    /// An end needs a reason.
    #[error("close {0} without a reason")]
    CloseReason(ReportId),
    /// So does what undoes it.
    #[error("reopen {0} without a reason")]
    ReopenReason(ReportId),
    /// For named recipients only.
    #[error("record {0} as TLP:RED: that is for named recipients only and stays out of shared records")]
    Red(String),
    /// There is none.
    #[error("use {0}: there is no such manual watch")]
    UnknownWatch(WatchId),
    /// It has ended.
    #[error("change {0}: it has ended")]
    WatchOver(WatchId),
    /// Nobody can count it.
    #[error("watch {watch} every {every:?}: that is no rhythm of days, weeks, months or years")]
    Rhythm {
        /// The watch.
        watch: WatchId,
        /// The rhythm.
        every: String,
    },
    /// It would be overdue at once.
    #[error("let {watch} be due first on {first_due}: that is before today, {today}")]
    FirstDue {
        /// The watch.
        watch: WatchId,
        /// First due day.
        first_due: Date,
        /// Day of the entry.
        today: Date,
    },
    /// Going on over a hole needs a reason.
    #[error("go on over missing fetches of {0} without a reason")]
    HoleReason(SourceId),
}
