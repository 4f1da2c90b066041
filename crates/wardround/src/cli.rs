//! The arguments: nouns, then verbs.

pub(crate) mod bundle;
pub(crate) mod report;
mod source;
pub(crate) mod watch;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use domain::model::finding::FindingId;
use domain::model::product::{ProductId, ReleaseId};
use domain::model::source::SourceId;
use domain::model::tlp::Tlp;
use jiff::Timestamp;

use crate::output::Format;

pub(crate) use source::{Gap, Source};

/// Post-market vulnerability monitoring for makers of medical devices: IEC 81001-5-1 clause 6.2.1 as a running system.
#[derive(Debug, Parser)]
#[command(name = "wardround", version, propagate_version = true, arg_required_else_help = true, max_term_width = 100)]
#[command(
    after_help = "Exit codes: 0 done; 1 done, and the answer is no (findings over the threshold, a pack that is not sound); \
                        2 could not be done.\nThe demo shows everything in half a minute: wardround demo"
)]
pub(crate) struct Cli {
    /// Folder of the workspace.
    #[arg(short = 'C', long, global = true, value_name = "DIR", default_value = ".", env = "WARDROUND_WORKSPACE")]
    pub(crate) workspace: PathBuf,
    /// How results are shown.
    #[arg(long, global = true, value_enum, default_value = "table")]
    pub(crate) format: Format,
    /// Show no progress.
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Set the clock (RFC 3339). Only in a workspace made with `init --rehearsal`, whose records are no evidence.
    #[arg(long, global = true, value_name = "TIME", hide_short_help = true)]
    pub(crate) at: Option<Timestamp>,
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Live through six months of an invented maker, on loopback only.
    Demo {
        /// Folder to make; must not exist.
        #[arg(default_value = "demo")]
        dir: PathBuf,
    },
    /// Make a workspace with a commented wardround.toml.
    Init(Init),
    /// Say what is wrong with the workspace, and how to mend it.
    Doctor,
    /// Match one SBOM against what is known, without products: for builds. Exits with 1 over the threshold.
    Check(Check),
    /// Sources of vulnerability information.
    #[command(subcommand)]
    Source(Source),
    /// The normalised knowledge.
    #[command(subcommand)]
    Knowledge(Knowledge),
    /// Releases of products.
    #[command(subcommand)]
    Release(Release),
    /// SBOMs.
    #[command(subcommand)]
    Sbom(Sbom),
    /// Components over all releases.
    #[command(subcommand)]
    Component(Component),
    /// Ask sources for what is new; those that are due if none is named. As `source sync`, for timers.
    Sync(Sync),
    /// Stay in the foreground: ask sources when they are due, hold every release against what changed.
    Serve(Serve),
    /// Hold every release against what is known, and record the run.
    Run(Run),
    /// Findings.
    #[command(subcommand)]
    Finding(Finding),
    /// Bulletins of sharing centres, suppliers, researchers.
    #[command(subcommand)]
    Bulletin(Bulletin),
    /// Reports of your own channels: researchers, complaints, service, testers, suppliers.
    #[command(subcommand)]
    Report(report::Report),
    /// Suppliers watched by hand.
    #[command(subcommand)]
    Watch(watch::Watch),
    /// The recurring review.
    #[command(subcommand)]
    Review(Review),
    /// VEX documents.
    #[command(subcommand)]
    Vex(Vex),
    /// Evidence for auditors.
    #[command(subcommand)]
    Evidence(Evidence),
    /// The journal of everything observed and decided.
    #[command(subcommand)]
    Journal(Journal),
    /// People who act and sign.
    #[command(subcommand)]
    User(User),
    /// Print a completion script for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the manual page.
    Man,
}

/// `init`.
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// Folder to make the workspace in; the one of -C if absent.
    pub(crate) dir: Option<PathBuf>,
    /// The maker's name.
    #[arg(long, default_value = "My organisation")]
    pub(crate) organisation: String,
    /// A product to begin with, as in `infusion-pump=Infusion pump`. May be given several times.
    #[arg(long = "product", value_name = "ID=NAME", value_parser = product)]
    pub(crate) products: Vec<(String, String)>,
    /// Take this configuration instead of the template.
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// Make a rehearsal: its clock may be set, and everything it produces says that it is no evidence.
    #[arg(long)]
    pub(crate) rehearsal: bool,
}

fn product(text: &str) -> Result<(String, String), String> {
    let (id, name) = text.split_once('=').ok_or("ID=NAME is needed, as in infusion-pump=Infusion pump")?;
    Ok((id.trim().to_owned(), name.trim().to_owned()))
}

/// `sync`.
#[derive(Debug, Args)]
pub(crate) struct Sync {
    /// Which; those that are due if none is named.
    pub(crate) sources: Vec<String>,
    /// Ask those that are due. It is what happens without arguments, too; said in a timer, it speaks for itself.
    #[arg(long, conflicts_with_all = ["sources", "all"])]
    pub(crate) due: bool,
    /// Ask all, due or not.
    #[arg(long, conflicts_with = "sources")]
    pub(crate) all: bool,
    /// Sources asked at the same time, at most.
    #[arg(long, value_name = "N", default_value_t = app::sync::Options::WORKERS)]
    pub(crate) workers: usize,
}

/// `serve`.
#[derive(Debug, Args)]
pub(crate) struct Serve {
    /// Do what is due now, and end.
    #[arg(long)]
    pub(crate) once: bool,
    /// Sources asked at the same time, at most.
    #[arg(long, value_name = "N", default_value_t = app::sync::Options::WORKERS)]
    pub(crate) workers: usize,
}

/// `check`.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The SBOM.
    pub(crate) file: PathBuf,
    /// Folder of the knowledge; the workspace's if absent.
    #[arg(long, value_name = "DIR")]
    pub(crate) knowledge: Option<PathBuf>,
    /// CVSS base score from which the check fails; the configured one, else 7.0.
    #[arg(long, value_name = "SCORE")]
    pub(crate) fail_at: Option<f64>,
    /// Write SARIF 2.1.0 instead.
    #[arg(long)]
    pub(crate) sarif: bool,
    /// Show candidates, too: names agree, a person would have to confirm.
    #[arg(long)]
    pub(crate) candidates: bool,
}

/// `knowledge`.
#[derive(Debug, Subcommand)]
pub(crate) enum Knowledge {
    /// Records by source, and the digest.
    Status,
    /// Identifiers of a source's live records, sorted.
    List {
        /// The source.
        source: String,
    },
    /// What every source says about a vulnerability.
    Show {
        /// CVE, GHSA or any other name.
        id: String,
    },
    /// How a CVE's EPSS scores have changed, newest day first, from the archived tables.
    Epss {
        /// The CVE.
        cve: String,
        /// The oldest day to be shown.
        #[arg(long, value_name = "DATE")]
        since: Option<jiff::civil::Date>,
    },
    /// Derive the knowledge again from the archive.
    Rebuild {
        /// As it was at a moment; needs --into.
        #[arg(long, value_name = "TIME", requires = "into")]
        as_of: Option<Timestamp>,
        /// Into a new folder, beside the present one.
        #[arg(long, value_name = "DIR")]
        into: Option<PathBuf>,
    },
}

/// `release`.
#[derive(Debug, Subcommand)]
pub(crate) enum Release {
    /// Add a release to be monitored.
    Add {
        /// PRODUCT@VERSION.
        release: ReleaseId,
    },
    /// Products and releases.
    List,
}

/// `sbom`.
#[derive(Debug, Subcommand)]
pub(crate) enum Sbom {
    /// Import SBOMs for a release. The original bytes are kept; the same file twice changes nothing.
    Import {
        /// CycloneDX or SPDX files. Several become revisions in this order.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// PRODUCT@VERSION.
        #[arg(long)]
        release: ReleaseId,
    },
    /// SBOM revisions of all releases.
    List,
    /// Components of a release's SBOM in force.
    Show {
        /// PRODUCT@VERSION.
        release: ReleaseId,
    },
}

/// `component`.
#[derive(Debug, Subcommand)]
pub(crate) enum Component {
    /// Where do we ship it? Over all releases and SBOM revisions.
    Find {
        /// Part of a name, version or purl.
        text: String,
    },
    /// Components that no source can identify.
    Unidentified,
}

/// `run`.
#[derive(Debug, Args)]
pub(crate) struct Run {
    /// Ask sources that are due first.
    #[arg(long)]
    pub(crate) sync: bool,
    /// Show past runs instead.
    #[command(subcommand)]
    pub(crate) verb: Option<RunVerb>,
}

/// What else `run` does.
#[derive(Debug, Subcommand)]
pub(crate) enum RunVerb {
    /// Runs, the last ones first.
    List,
    /// One run: sources, outcomes, changes.
    Show {
        /// Number, as in 7 or RUN-7.
        run: String,
    },
}

/// `finding`.
#[derive(Debug, Subcommand)]
pub(crate) enum Finding {
    /// Findings, what needs a person first.
    List(FindingList),
    /// A finding with its history.
    Show {
        /// F-NUMBER.
        finding: FindingId,
    },
    /// Why it is a finding: component, records, ranges, versions compared.
    Explain {
        /// F-NUMBER.
        finding: FindingId,
        /// Show the very bytes of the records, too.
        #[arg(long)]
        raw: bool,
    },
    /// Judge a finding.
    Assess(Assess),
    /// Approve a judgement as second person.
    Approve {
        /// F-NUMBER. Several may be named.
        #[arg(required = true)]
        findings: Vec<FindingId>,
        /// Who approves.
        #[arg(long = "as", value_name = "USER")]
        user: String,
    },
    /// Candidates: names agree or a doubt remains; a person has to confirm.
    Candidates,
}

/// `finding list`.
#[derive(Debug, Args)]
pub(crate) struct FindingList {
    /// Of a release.
    #[arg(long)]
    pub(crate) release: Option<ReleaseId>,
    /// Of a product.
    #[arg(long, value_parser = |text: &str| Ok::<_, std::convert::Infallible>(ProductId(text.to_owned())))]
    pub(crate) product: Option<ProductId>,
    /// In these states; all but `gone` if none is named.
    #[arg(long = "state", value_enum)]
    pub(crate) states: Vec<State>,
    /// Of a vulnerability, by any of its names.
    #[arg(long)]
    pub(crate) vulnerability: Option<String>,
    /// With at least this CVSS base score.
    #[arg(long, value_name = "SCORE")]
    pub(crate) min_score: Option<f64>,
    /// Only known exploited ones.
    #[arg(long)]
    pub(crate) known_exploited: bool,
}

/// Work states, as words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum State {
    /// Closed once, and its ground moved.
    Reopened,
    /// Nobody has judged it.
    New,
    /// Waits for a second person.
    AwaitingApproval,
    /// Somebody is looking.
    UnderInvestigation,
    /// Affected.
    Affected,
    /// Not affected, approved.
    NotAffected,
    /// Fixed.
    Fixed,
    /// Holds no longer.
    Gone,
}

/// `finding assess`.
#[derive(Debug, Args)]
pub(crate) struct Assess {
    /// F-NUMBER. Several may be named.
    #[arg(required = true)]
    pub(crate) findings: Vec<FindingId>,
    /// VEX status.
    #[arg(long, value_enum)]
    pub(crate) status: Status,
    /// Why, in your words.
    #[arg(long)]
    pub(crate) rationale: String,
    /// For not_affected: which of the five reasons.
    #[arg(long, value_enum, required_if_eq("status", "not_affected"))]
    pub(crate) justification: Option<Justification>,
    /// For not_affected: impact statement, published in VEX.
    #[arg(long)]
    pub(crate) impact: Option<String>,
    /// For affected: what you do and what users should do, published in VEX.
    #[arg(long, required_if_eq("status", "affected"))]
    pub(crate) action: Option<String>,
    /// Who judges.
    #[arg(long = "as", value_name = "USER")]
    pub(crate) user: String,
}

/// VEX statuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum Status {
    /// Being looked at.
    UnderInvestigation,
    /// Affected; needs --action.
    Affected,
    /// Not affected; needs --justification and a second person.
    NotAffected,
    /// Fixed in this release.
    Fixed,
}

/// Justifications of `not_affected`, as OpenVEX and CSAF spell them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum Justification {
    /// The component is not in the product.
    ComponentNotPresent,
    /// The vulnerable code is not.
    VulnerableCodeNotPresent,
    /// The code is never run.
    VulnerableCodeNotInExecutePath,
    /// An adversary cannot control it.
    VulnerableCodeCannotBeControlledByAdversary,
    /// Built-in mitigations that users cannot switch off.
    InlineMitigationsAlreadyExist,
}

/// `bulletin`.
#[derive(Debug, Subcommand)]
pub(crate) enum Bulletin {
    /// Enter a bulletin. What it names is mentioned, never matched.
    Add {
        /// The file, as received: a text, a mail, a STIX bundle, a PDF.
        file: PathBuf,
        /// A file that belongs to it. May be given more than once.
        #[arg(long = "attach", value_name = "FILE")]
        attachments: Vec<PathBuf>,
        /// Who published it.
        #[arg(long)]
        provider: String,
        /// Its title; the one it has or its first line if absent.
        #[arg(long)]
        title: Option<String>,
        /// Its mark; the one it states, else AMBER.
        #[arg(long)]
        tlp: Option<Tlp>,
    },
    /// Bulletins entered by hand and those of sources, the latest first, with what of ours they mention.
    List {
        /// Only those that mention a finding or a component of ours.
        #[arg(long)]
        mentions_ours: bool,
        /// Also the parts of bulletins: every object of a TAXII collection.
        #[arg(long)]
        parts: bool,
    },
    /// A bulletin with its text and every edition, each under the mark of its time.
    Show {
        /// `B-1`, or a source and the record's identifier as the list has them: `isac/report--…`.
        bulletin: String,
    },
}

/// `review`.
#[derive(Debug, Subcommand)]
pub(crate) enum Review {
    /// Open a review. Its period begins where the last one ended.
    Open {
        /// Products; all if none is named.
        products: Vec<String>,
        /// Why it takes place.
        #[arg(long, value_enum, default_value = "scheduled")]
        kind: ReviewKind,
        /// What triggered it, for all but scheduled ones.
        #[arg(long)]
        trigger: Option<String>,
        /// End of the period; now if absent.
        #[arg(long, value_name = "TIME")]
        until: Option<Timestamp>,
        /// Who opens it.
        #[arg(long = "as", value_name = "USER")]
        user: String,
    },
    /// Reviews.
    List,
    /// The agenda of an open review, or the record of a concluded one.
    Show {
        /// Number, as in 3 or REV-3.
        review: String,
    },
    /// Freeze the record. Refused while a finding needs a decision.
    Conclude {
        /// Number, as in 3 or REV-3.
        review: String,
        /// The conclusion, in your words.
        #[arg(long)]
        conclusion: String,
        /// Who concludes it.
        #[arg(long = "as", value_name = "USER")]
        user: String,
    },
    /// Sign the record. With a performer's and another person's approval it is sealed.
    Sign {
        /// Number, as in 3 or REV-3.
        review: String,
        /// What the signature means.
        #[arg(long, value_enum)]
        meaning: Meaning,
        /// Who signs.
        #[arg(long = "as", value_name = "USER")]
        user: String,
    },
    /// Write the record as HTML, PDF/A and JSON.
    Export {
        /// Number, as in 3 or REV-3.
        review: String,
        /// Folder to write into.
        #[arg(short, long, default_value = ".")]
        output: PathBuf,
    },
}

/// Kinds of reviews.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[value(rename_all = "snake_case")]
pub(crate) enum ReviewKind {
    /// By the plan's rhythm.
    Scheduled,
    /// Because something happened.
    OutOfCycle,
    /// Before a release.
    ReleaseGate,
    /// For a time that was missed.
    Backfill,
}

/// Meanings of signatures (21 CFR 11.50).
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Meaning {
    /// I performed this review.
    Reviewed,
    /// I approve this record.
    Approved,
}

/// `vex`.
#[derive(Debug, Subcommand)]
pub(crate) enum Vex {
    /// Write what you say about each finding of a release.
    Export {
        /// PRODUCT@VERSION.
        release: ReleaseId,
        /// The document's format.
        #[arg(long = "as-format", value_enum, default_value = "openvex")]
        kind: VexFormat,
        /// File to write; standard output if absent.
        #[arg(short, long)]
        output: Option<PathBuf>,
        /// Highest mark its readers may see.
        #[arg(long, default_value = "CLEAR")]
        tlp: Tlp,
    },
}

/// VEX formats.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum VexFormat {
    /// OpenVEX 0.2.0.
    Openvex,
    /// CycloneDX 1.6.
    Cyclonedx,
}

/// `evidence`.
#[derive(Debug, Subcommand)]
pub(crate) enum Evidence {
    /// Write the evidence pack of a sealed review.
    Pack {
        /// Number, as in 3 or REV-3.
        review: String,
        /// File to write; REV-N.evidence.zip if absent.
        #[arg(short, long)]
        output: Option<PathBuf>,
    },
    /// Verify a pack offline. Exits with 1 if it is not sound.
    Verify {
        /// The pack.
        pack: PathBuf,
        /// File with the journal's public key, kept apart from the pack.
        #[arg(long, value_name = "FILE")]
        key: PathBuf,
    },
}

/// `journal`.
#[derive(Debug, Subcommand)]
pub(crate) enum Journal {
    /// Entries, the last ones first.
    Log {
        /// At most so many.
        #[arg(long, default_value_t = 30)]
        limit: u64,
    },
    /// One entry, whole.
    Show {
        /// Its number.
        entry: u64,
    },
    /// Check every entry and tree head, replay the journal, and compare all tables. Exits with 1 on a problem.
    Verify {
        /// File with the public key; the workspace's own if absent, which proves less.
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
        /// Signed tree heads kept elsewhere: the journal must still agree with them.
        #[arg(long = "kept", value_name = "FILE")]
        kept: Vec<PathBuf>,
    },
    /// The newest signed tree head, to be kept elsewhere.
    Head,
    /// The public key, to be kept elsewhere.
    Key,
}

/// `user`.
#[derive(Debug, Subcommand)]
pub(crate) enum User {
    /// Add a person. The passphrase is asked for, or taken from WARDROUND_PASSPHRASE or WARDROUND_PASSPHRASE_FILE.
    Add {
        /// Short name.
        name: String,
        /// Name printed on records.
        #[arg(long = "name", value_name = "PRINTED NAME")]
        printed_name: String,
        /// Roles: reviewer, approver, risk_manager, administrator.
        #[arg(long = "role", required = true, value_delimiter = ',')]
        roles: Vec<String>,
    },
    /// People.
    List,
}

/// Parses source names.
pub(crate) fn sources(names: &[String]) -> Vec<SourceId> {
    names.iter().map(|name| SourceId(name.clone())).collect()
}
