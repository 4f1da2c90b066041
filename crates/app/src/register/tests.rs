use std::path::Path;
use std::sync::Arc;

use domain::clock::FixedClock;
use tempfile::TempDir;

use super::*;
use crate::config::{Config, template};
use crate::workspace::NewWorkspace;

const PASSPHRASE: &str = "correct horse battery";

const CONFIG: &str = "[organisation]
name = \"Example Medical\"

[review]
every = \"1 month\"

# Exploitation.

[[source]]
id = \"cisa-kev\"
kind = \"cisa-kev\"
why = \"Reopens decisions.\"   # SOP-042
every = \"1 hour\"
";

struct Bed {
    folder: TempDir,
    workspace: Workspace,
}

impl Bed {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let new =
            NewWorkspace { organisation: "Example Medical", products: &[], config: Some(CONFIG), rehearsal: true };
        let workspace = Workspace::create(folder.path(), &new, clock("2024-10-09T06:00:00Z")).expect("a workspace");
        Self { folder, workspace }
    }

    fn person(&mut self, name: &str, role: &str) -> Actor {
        crate::assess::add_user(&mut self.workspace, name, name, &[role.to_owned()], PASSPHRASE).expect("a user");
        crate::assess::authenticate(&self.workspace, name, PASSPHRASE).expect("the passphrase is right")
    }

    fn file(&self) -> String {
        std::fs::read_to_string(self.folder.path().join(CONFIG_FILE)).expect("the file")
    }

    /// Writes the file by hand and opens the workspace again.
    fn edit(self, text: &str) -> Self {
        let Self { folder, workspace } = self;
        drop(workspace);
        std::fs::write(folder.path().join(CONFIG_FILE), text).expect("the file is written");
        let workspace = Workspace::open(folder.path(), clock("2024-10-10T06:00:00Z")).expect("the workspace opens");
        Self { folder, workspace }
    }

    fn history(&self, id: &str) -> Vec<(String, u32, String)> {
        let id = SourceId(id.to_owned());
        let records = self.workspace.records.source_records(&id).expect("the register is readable");
        let told = |record: store::records::Recorded<SourceRecord>| {
            let what = match record.value.change {
                RegisterChange::Added => "added".to_owned(),
                RegisterChange::Changed { what } => what.join(" "),
                RegisterChange::Retired { reason } => format!("retired: {reason}"),
            };
            (record.actor, record.value.revision, what)
        };
        records.into_iter().map(told).collect()
    }
}

fn clock(at: &str) -> Arc<FixedClock> {
    Arc::new(FixedClock(at.parse().expect("a timestamp")))
}

fn program(revision: u32, what: &str) -> (String, u32, String) {
    (crate::PROGRAM.to_owned(), revision, what.to_owned())
}

#[test]
fn what_a_person_writes_into_the_file_becomes_a_revision_by_itself() {
    let bed = Bed::new();
    assert_eq!(bed.history("cisa-kev"), [program(1, "added")]);
    let bed = bed.edit(&CONFIG.replace("1 hour", "2 hours"));
    let bed = bed.edit(&CONFIG.replace("1 hour", "2 hours").replace("# Exploitation.", "# Exploited."));
    assert_eq!(
        bed.history("cisa-kev"),
        [program(1, "added"), program(2, "The rhythm changed from 1 h to 2 h.")],
        "a comment changes nothing"
    );
}

#[test]
fn a_block_that_vanishes_retires_nothing_until_a_person_says_why() {
    let bed = Bed::new();
    let without = CONFIG.split("# Exploitation.").next().expect("a beginning").to_owned();
    let mut bed = bed.edit(&without);
    assert_eq!(bed.history("cisa-kev").len(), 1);
    let reports = crate::monitor::reports(&bed.workspace).expect("reports");
    assert!(!reports[0].configured);
    assert!(reports[0].status.why.contains("not in wardround.toml"), "{}", reports[0].status.why);

    let anna = bed.person("anna", "reviewer");
    let id = SourceId("cisa-kev".to_owned());
    assert!(retire(&mut bed.workspace, &anna, &id, " ").is_err(), "a reason is needed");
    retire(&mut bed.workspace, &anna, &id, "EU KEV replaces it.").expect("she may");
    assert_eq!(bed.history("cisa-kev")[1], ("anna".to_owned(), 2, "retired: EU KEV replaces it.".to_owned()));
    assert!(crate::monitor::reports(&bed.workspace).expect("reports").is_empty());
}

#[test]
fn adding_changing_and_retiring_edit_the_file_and_record_the_person() {
    let mut bed = Bed::new();
    let anna = bed.person("anna", "reviewer");
    let id = SourceId("osv:npm".to_owned());
    let mut fields = Fields {
        id: id.0.clone(),
        kind: Some("osv".to_owned()),
        ecosystem: Some("npm".to_owned()),
        why: Some("Our viewer is built on npm packages.".to_owned()),
        owner: Some("Anna Berg".to_owned()),
        ..Fields::default()
    };
    let added = add(&mut bed.workspace, &anna, &fields).expect("it is valid");
    assert_eq!((added.revision, added.part.as_str()), (1, "npm"));
    assert!(bed.workspace.config.source(&id).is_some());

    fields = Fields { id: id.0.clone(), fresh: Some("3 days".to_owned()), ..Fields::default() };
    let changed = change(&mut bed.workspace, &anna, &fields).expect("it is valid");
    assert_eq!((changed.revision, changed.fresh_hours), (2, 72));
    assert!(change(&mut bed.workspace, &anna, &fields).is_err(), "nothing changes");
    assert!(bed.file().starts_with(CONFIG), "what was there stays: {}", bed.file());

    retire(&mut bed.workspace, &anna, &id, "No npm packages any more.").expect("she may");
    assert_eq!(bed.file().trim_end(), CONFIG.trim_end());
    let actors: Vec<String> = bed.history("osv:npm").into_iter().map(|(actor, ..)| actor).collect();
    assert_eq!(actors, ["anna", "anna", "anna"]);
    let again = Fields { kind: Some("osv".to_owned()), why: Some("Again.".to_owned()), ..fields };
    assert_eq!(add(&mut bed.workspace, &anna, &again).expect("it may come back").revision, 4);
}

#[test]
fn a_file_that_would_be_wrong_is_not_written() {
    let mut bed = Bed::new();
    let anna = bed.person("anna", "reviewer");
    let size = bed.workspace.records.tree_size().expect("a size");
    let fields = Fields { id: "cisa-kev".to_owned(), every: Some("3 fortnights".to_owned()), ..Fields::default() };
    let refused = change(&mut bed.workspace, &anna, &fields).expect_err("no such unit").to_string();
    assert!(refused.contains("hours, days or weeks"), "{refused}");
    assert_eq!(bed.file(), CONFIG);
    assert_eq!(bed.workspace.records.tree_size().expect("a size"), size);
}

#[test]
fn only_an_approver_approves_and_only_an_administrator_without_content_is_refused_to_edit() {
    let mut bed = Bed::new();
    let (anna, ben, root) =
        (bed.person("anna", "reviewer"), bed.person("ben", "approver"), bed.person("root", "administrator"));
    let id = SourceId("cisa-kev".to_owned());
    let next: Date = "2025-10-01".parse().expect("a day");
    assert!(approve(&mut bed.workspace, &anna, &id, next, "").is_err());
    approve(&mut bed.workspace, &ben, &id, next, "As planned.").expect("he may");
    assert!(
        approve(&mut bed.workspace, &ben, &id, "2024-10-09".parse().expect("a day"), "").is_err(),
        "today is too soon"
    );
    assert!(retire(&mut bed.workspace, &root, &id, "Why not.").is_err());

    let row = row(&bed.workspace, &id, "read").expect("it is there");
    assert_eq!(row.in_force().map(|approval| approval.actor.as_str()), Some("ben"));
    let fields = Fields { id: id.0.clone(), owner: Some("Anna Berg".to_owned()), ..Fields::default() };
    change(&mut bed.workspace, &anna, &fields).expect("she may");
    let row = super::row(&bed.workspace, &id, "read").expect("it is there");
    assert!(row.in_force().is_none() && row.approval.is_some(), "the new revision is not approved");
}

#[test]
fn the_preset_is_a_valid_configuration_and_is_applied_once() {
    let text = format!(
        "[organisation]\nname = \"E\"\n[review]\nevery = \"1 month\"\n{}",
        preset::text("Anna Berg", |_| false)
    );
    let config = Config::parse(&text, Path::new("wardround.toml")).expect("the preset is valid");
    assert_eq!(config.sources.len(), preset::medical_device().len());
    assert!(config.sources.iter().all(|source| source.owner == "Anna Berg" && !source.why.is_empty()));
    let template = template::write("Example Medical", &[]);
    let config = Config::parse(&template, Path::new("wardround.toml")).expect("the template is valid");
    assert!(config.sources.iter().all(|source| source.fetch.id.0 != "suse-csaf"), "that depends on what is shipped");

    let mut bed = Bed::new();
    let anna = bed.person("anna", "reviewer");
    let added = apply_preset(&mut bed.workspace, &anna, "Anna Berg").expect("it is valid");
    assert_eq!(added.len() + 1, preset::medical_device().len(), "cisa-kev was there");
    assert!(apply_preset(&mut bed.workspace, &anna, "Anna Berg").expect("nothing is left").is_empty());
    assert!(bed.file().starts_with(CONFIG));
}
