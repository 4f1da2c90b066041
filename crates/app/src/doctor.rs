//! The doctor: what is wrong with a workspace, and how to mend it.

use domain::model::source::SourceState;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use store::records::GapFilter;

use crate::error::Result;
use crate::evidence::page::counted;
use crate::sync::status;
use crate::workspace::Workspace;

/// How bad something is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gravity {
    /// In order.
    Fine,
    /// Wants attention.
    Notice,
    /// Monitoring or records are not what they should be.
    Problem,
}

/// One thing the doctor looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// What was looked at.
    pub subject: String,
    /// How it is.
    pub gravity: Gravity,
    /// What was found, as a sentence.
    pub finding: String,
    /// What to do; empty where there is nothing to do.
    pub remedy: String,
}

impl Diagnosis {
    fn new(subject: &str, gravity: Gravity, finding: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { subject: subject.to_owned(), gravity, finding: finding.into(), remedy: remedy.into() }
    }
}

/// Looks at everything: configuration, products, people, sources, knowledge, journal, archive, reviews.
pub fn examine(workspace: &Workspace, now: Timestamp) -> Result<Vec<Diagnosis>> {
    let mut found = Vec::new();
    products(workspace, &mut found)?;
    people(workspace, &mut found)?;
    sources(workspace, now, &mut found)?;
    register(workspace, now, &mut found)?;
    gaps(workspace, now, &mut found)?;
    runs(workspace, &mut found)?;
    knowledge(workspace, &mut found)?;
    journal(workspace, &mut found)?;
    archive(workspace, &mut found);
    reviews(workspace, now, &mut found)?;
    Ok(found)
}

fn products(workspace: &Workspace, found: &mut Vec<Diagnosis>) -> Result<()> {
    if workspace.config.products.is_empty() {
        found.push(Diagnosis::new(
            "products",
            Gravity::Problem,
            "No product is configured.",
            "Add [[product]] blocks to wardround.toml.",
        ));
    }
    for product in &workspace.config.products {
        let releases = workspace.records.releases(Some(&product.id))?;
        if releases.is_empty() {
            let remedy = format!("wardround release add {}@VERSION", product.id);
            found.push(Diagnosis::new(
                &format!("product {}", product.id),
                Gravity::Notice,
                "It has no release, so nothing of it is monitored.",
                remedy,
            ));
        }
        for release in releases.iter().filter(|release| release.sbom_revision.is_none()) {
            let remedy = format!("wardround sbom import FILE --release {}", release.release);
            found.push(Diagnosis::new(
                &format!("release {}", release.release),
                Gravity::Problem,
                "It has no SBOM, so nothing of it is monitored.",
                remedy,
            ));
        }
    }
    Ok(())
}

fn people(workspace: &Workspace, found: &mut Vec<Diagnosis>) -> Result<()> {
    let users = workspace.records.users()?;
    let with = |role: &str| users.iter().filter(|user| user.value.roles.iter().any(|has| has == role)).count();
    if with("reviewer") == 0 || with("approver") == 0 || users.len() < 2 {
        found.push(Diagnosis::new(
            "people",
            Gravity::Problem,
            "A review needs a reviewer and an approver, two persons.",
            "wardround user add NAME --name \"Printed Name\" --role reviewer",
        ));
    } else {
        found.push(Diagnosis::new(
            "people",
            Gravity::Fine,
            format!("{} and {}.", counted(with("reviewer"), "reviewer"), counted(with("approver"), "approver")),
            "",
        ));
    }
    Ok(())
}

fn sources(workspace: &Workspace, now: Timestamp, found: &mut Vec<Diagnosis>) -> Result<()> {
    let statuses = status::all(workspace, now)?;
    let ok = statuses.iter().filter(|status| status.state == SourceState::Ok).count();
    for status in statuses.iter().filter(|status| status.state != SourceState::Ok) {
        let remedy = match status.state {
            SourceState::Held => {
                format!("Look at what is missing, then: wardround source accept {} --reason \"…\"", status.source)
            }
            _ => format!("wardround source sync {}", status.source),
        };
        let finding = format!("{}: {}", status.state.word(), status.why);
        found.push(Diagnosis::new(&format!("source {}", status.source), Gravity::Problem, finding, remedy));
    }
    let gravity = if ok == statuses.len() { Gravity::Fine } else { Gravity::Notice };
    found.push(Diagnosis::new(
        "sources",
        gravity,
        format!("{ok} of {} are ok: fresh and complete.", statuses.len()),
        "",
    ));
    Ok(())
}

fn register(workspace: &Workspace, now: Timestamp, found: &mut Vec<Diagnosis>) -> Result<()> {
    let today = now.to_zoned_datetime(TimeZone::UTC).date();
    let mut open = 0;
    for row in workspace.records.register()?.iter().filter(|row| !row.is_retired()) {
        let id = &row.record.value.source;
        let subject = format!("register: {id}");
        open += usize::from(row.in_force().is_none());
        if workspace.config.source(id).is_none() {
            let remedy = format!("Put it back, or: wardround source retire {id} --reason \"…\" --as USER");
            found.push(Diagnosis::new(&subject, Gravity::Problem, "It is no longer in wardround.toml.", remedy));
        }
        if let Some(approval) = row.approval.as_ref().filter(|approval| approval.value.next_review < today) {
            let remedy = format!("wardround source approve {id} --next-review DAY --as USER");
            let finding = format!("Its review was due on {}.", approval.value.next_review);
            found.push(Diagnosis::new(&subject, Gravity::Problem, finding, remedy));
        }
    }
    if open > 0 {
        let finding = format!("{} of sources wait for approval.", counted(open, "record"));
        found.push(Diagnosis::new("register", Gravity::Notice, finding, "wardround source register"));
    }
    Ok(())
}

fn gaps(workspace: &Workspace, now: Timestamp, found: &mut Vec<Diagnosis>) -> Result<()> {
    let rows = workspace.records.gaps(&GapFilter::default())?;
    let waiting =
        rows.iter().filter(|row| row.gap.closed.is_some() && row.gap.exceeds_limit(now) && row.review().is_none());
    let waiting = waiting.count();
    if waiting > 0 {
        let finding =
            format!("{} beyond the limits of sources wait for a person's conclusion.", counted(waiting, "gap"));
        found.push(Diagnosis::new("gaps", Gravity::Notice, finding, "wardround source gaps"));
    }
    Ok(())
}

fn runs(workspace: &Workspace, found: &mut Vec<Diagnosis>) -> Result<()> {
    let last = workspace.records.runs(1)?.pop();
    let newest = workspace.records.newest_fetch()?;
    match (last, newest) {
        (None, _) => {
            found.push(Diagnosis::new("runs", Gravity::Problem, "No monitoring run has taken place.", "wardround run"));
        }
        (Some(run), Some(fetch)) if fetch.seq > run.seq => {
            found.push(Diagnosis::new(
                "runs",
                Gravity::Notice,
                format!("Sources were fetched after {}.", run.value.id),
                "wardround run",
            ));
        }
        (Some(run), _) => found.push(Diagnosis::new(
            "runs",
            Gravity::Fine,
            format!("{} looked at everything fetched.", run.value.id),
            "",
        )),
    }
    Ok(())
}

fn knowledge(workspace: &Workspace, found: &mut Vec<Diagnosis>) -> Result<()> {
    let expected = workspace.records.newest_fetch()?.map(|fetch| fetch.value.knowledge);
    let digest = workspace.knowledge.digest();
    if expected.is_some_and(|expected| expected != digest) {
        found.push(Diagnosis::new(
            "knowledge",
            Gravity::Problem,
            "It is not the one that the last fetch left.",
            "wardround knowledge rebuild",
        ));
    } else {
        found.push(Diagnosis::new(
            "knowledge",
            Gravity::Fine,
            format!("It is the one that the journal states ({}).", digest.short()),
            "",
        ));
    }
    Ok(())
}

fn journal(workspace: &Workspace, found: &mut Vec<Diagnosis>) -> Result<()> {
    let path = workspace.dir.join("keys/journal.pub");
    let kept = std::fs::read_to_string(&path).unwrap_or_default();
    let key = match kept.trim().parse() {
        Ok(key) => key,
        Err(error) => {
            found.push(Diagnosis::new(
                "journal",
                Gravity::Problem,
                format!("{} cannot be read: {error}.", path.display()),
                "Restore it from where you keep it.",
            ));
            return Ok(());
        }
    };
    let report = workspace.records.verify(&workspace.archive, &key, &[])?;
    if report.is_sound() {
        found.push(Diagnosis::new(
            "journal",
            Gravity::Fine,
            format!("{} entries verify, and replaying them gives these tables.", report.entries),
            "",
        ));
    }
    for problem in report.problems {
        found.push(Diagnosis::new(
            "journal",
            Gravity::Problem,
            problem,
            "Restore the workspace from a backup, and keep this one for inquiry.",
        ));
    }
    Ok(())
}

fn archive(workspace: &Workspace, found: &mut Vec<Diagnosis>) {
    let problems = workspace.archive.verify_all(&|_, _| {});
    for problem in &problems {
        found.push(Diagnosis::new(
            "archive",
            Gravity::Problem,
            format!("{}: {}.", problem.path.display(), problem.reason),
            "Restore the file from a backup.",
        ));
    }
    if problems.is_empty() {
        found.push(Diagnosis::new("archive", Gravity::Fine, "Every object has the bytes that its name says.", ""));
    }
}

fn reviews(workspace: &Workspace, now: Timestamp, found: &mut Vec<Diagnosis>) -> Result<()> {
    for product in &workspace.config.products {
        if workspace.records.releases(Some(&product.id))?.is_empty() {
            continue;
        }
        let due = crate::review::next_due(workspace, &product.id)?;
        let subject = format!("review of {}", product.id);
        let day = due.strftime("%Y-%m-%d");
        if due < now {
            let remedy = format!("wardround review open {}", product.id);
            found.push(Diagnosis::new(&subject, Gravity::Problem, format!("It was due on {day}."), remedy));
        } else {
            found.push(Diagnosis::new(&subject, Gravity::Fine, format!("The next one is due on {day}."), ""));
        }
    }
    Ok(())
}
