//! A workspace: one folder that holds the archive, the knowledge, the records and the configuration.
//!
//! | Path | Holds |
//! |---|---|
//! | `wardround.toml` | the configuration, written by people |
//! | `archive/` | every byte received or imported, by digest |
//! | `knowledge/` | derived: may be deleted and is rebuilt from the archive |
//! | `records.db` | the journal and the tables projected from it |
//! | `inflight/` | what an interrupted fetch had received: the next one goes on there |
//! | `keys/journal.key`, `journal.pub` | the key that signs tree heads, and its public half to be kept elsewhere |

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::clock::Clock;
use domain::model::journal::{Configured, Entry, Event, SourceEntry, WorkspaceCreated};
use domain::model::product::Product;
use domain::model::raw::Digest;
use ed25519_dalek::SigningKey;
use jiff::Timestamp;
use store::archive::Archive;
use store::knowledge::Knowledge;
use store::records::{NewEntry, Records};

use crate::config::{Config, template};
use crate::error::{Error, Result};
use crate::lock::Lock;
use crate::register;
use crate::{PROGRAM, VERSION};

/// Name of the configuration file.
pub const CONFIG_FILE: &str = "wardround.toml";

/// An open workspace.
pub struct Workspace {
    /// Its folder.
    pub dir: PathBuf,
    /// The configuration in force.
    pub config: Config,
    /// SHA-256 of the configuration file in force.
    pub config_digest: Digest,
    /// The journal and the tables.
    pub records: Records,
    /// Bytes by digest.
    pub archive: Arc<Archive>,
    /// Normalised advisories.
    pub knowledge: Knowledge,
    /// Whether this is a rehearsal: its clock may be set and its records are no evidence.
    pub rehearsal: bool,
    clock: Arc<dyn Clock>,
    /// Held while the workspace is open for writing.
    _lock: Option<Lock>,
}

/// What `init` is told.
#[derive(Debug, Clone)]
pub struct NewWorkspace<'a> {
    /// The maker's name.
    pub organisation: &'a str,
    /// Products to begin with.
    pub products: &'a [Product],
    /// A configuration to take instead of the template.
    pub config: Option<&'a str>,
    /// Whether it is a rehearsal.
    pub rehearsal: bool,
}

impl Workspace {
    /// Makes a workspace in an empty or new folder.
    pub fn create(dir: &Path, new: &NewWorkspace<'_>, clock: Arc<dyn Clock>) -> Result<Self> {
        if dir.join(store::records::FILE).exists() || dir.join(CONFIG_FILE).exists() {
            return Err(Error::refused(format!("make a workspace in {}: there is one already", dir.display())));
        }
        let text = new.config.map_or_else(|| template::write(new.organisation, new.products), str::to_owned);
        let config = Config::parse(&text, &dir.join(CONFIG_FILE))?;
        fs::create_dir_all(dir.join("keys")).map_err(Error::file("make the folder", dir.join("keys")))?;
        let key = new_key(&dir.join("keys"))?;
        let origin = origin(&config.organisation)?;
        let mut records = Records::create(dir, &key, &origin)?;
        let verifier = format!("{}\n", records.verifier_key());
        fs::write(dir.join("keys/journal.pub"), verifier)
            .map_err(Error::file("write", dir.join("keys/journal.pub")))?;
        let archive = Archive::open(&dir.join("archive"))?;
        Knowledge::create(&dir.join("knowledge"))?;
        let created = WorkspaceCreated { origin, rehearsal: new.rehearsal, version: VERSION.to_owned() };
        records.append(clock.now(), PROGRAM, Event::WorkspaceCreated(created), &archive)?;
        // Last, so that a killed attempt leaves no folder that looks like a workspace.
        fs::write(dir.join(CONFIG_FILE), text).map_err(Error::file("write", dir.join(CONFIG_FILE)))?;
        drop(records);
        Self::open(dir, clock)
    }

    /// Opens a workspace for writing; one program at a time. A changed configuration takes effect and is recorded.
    pub fn open(dir: &Path, clock: Arc<dyn Clock>) -> Result<Self> {
        let lock = Lock::take(dir, clock.as_ref())?;
        let key = read_key(&dir.join("keys/journal.key"))?;
        let mut records = Records::open_signing(dir, &key)?;
        let archive = Archive::open(&dir.join("archive"))?;
        archive.recover()?;
        records.refresh(&archive)?;
        let mut workspace = Self::assemble(dir, records, archive, clock, Some(lock))?;
        workspace.apply_configuration(PROGRAM, Vec::new())?;
        workspace.mend_knowledge()?;
        Ok(workspace)
    }

    /// Opens a workspace for reading: while another program writes, too.
    pub fn open_reading(dir: &Path, clock: Arc<dyn Clock>) -> Result<Self> {
        let archive = Archive::open(&dir.join("archive"))?;
        let mut records = Records::open(dir)?;
        if !records.is_current() {
            // A new version of the program: its tables are built first, for nothing can be read from them before.
            let _lock = Lock::take(dir, clock.as_ref())?;
            Records::open_signing(dir, &read_key(&dir.join("keys/journal.key"))?)?.refresh(&archive)?;
            records = Records::open(dir)?;
        }
        Self::assemble(dir, records, archive, clock, None)
    }

    fn assemble(
        dir: &Path,
        records: Records,
        archive: Archive,
        clock: Arc<dyn Clock>,
        lock: Option<Lock>,
    ) -> Result<Self> {
        let path = dir.join(CONFIG_FILE);
        let text = fs::read_to_string(&path).map_err(Error::file("read", &path))?;
        let config = Config::parse(&text, &path)?;
        let rehearsal = match records.entry(0)?.map(|entry| entry.event) {
            Some(Event::WorkspaceCreated(created)) => created.rehearsal,
            _ => {
                return Err(Error::refused(format!(
                    "read the journal in {}: its first entry is missing",
                    dir.display()
                )));
            }
        };
        let folder = dir.join("knowledge");
        let knowledge = if folder.exists() { Knowledge::open(&folder)? } else { Knowledge::create(&folder)? };
        Ok(Self {
            dir: dir.to_owned(),
            config,
            config_digest: Digest::of(text.as_bytes()),
            records,
            archive: Arc::new(archive),
            knowledge,
            rehearsal,
            clock,
            _lock: lock,
        })
    }

    /// The time, by this workspace's clock.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The clock itself.
    pub fn clock(&self) -> Arc<dyn Clock> {
        Arc::clone(&self.clock)
    }

    /// Sets another clock. Only a rehearsal's clock may be set.
    pub fn set_clock(&mut self, clock: Arc<dyn Clock>) -> Result<()> {
        if !self.rehearsal {
            return Err(Error::refused("set the clock: only a workspace made with `init --rehearsal` allows that"));
        }
        self.clock = clock;
        Ok(())
    }

    /// Appends an entry. Everything it names in the archive is made durable first.
    pub fn append(&mut self, actor: &str, event: Event) -> Result<Entry> {
        self.archive.sync()?;
        Ok(self.records.append(self.clock.now(), actor, event, &self.archive)?)
    }

    /// Appends several entries: all of them or none.
    pub fn append_all(&mut self, actor: &str, events: Vec<Event>) -> Result<Vec<Entry>> {
        self.archive.sync()?;
        let at = self.clock.now();
        let entries = events.into_iter().map(|event| NewEntry { at, actor: actor.to_owned(), event }).collect();
        Ok(self.records.append_all(entries, &self.archive)?)
    }

    /// Archives a value as canonical JSON and returns its digest.
    pub fn archive_json<T: serde::Serialize>(&self, value: &T) -> Result<Digest> {
        Ok(self.archive.put(&standards::canonical_json::to_vec(value)?)?)
    }

    /// Reads an archived JSON value.
    pub fn read_json<T: serde::de::DeserializeOwned>(&self, digest: &Digest) -> Result<T> {
        let bytes = self.archive.read(digest)?;
        serde_json::from_slice(&bytes)
            .map_err(|error| Error::refused(format!("read the archived object {digest}: {error}")))
    }

    /// Puts a changed configuration into force on a person's behalf: the file is replaced, then recorded with what it changes
    /// in the register, and with `also`. The text must be valid as a whole; nothing is changed otherwise.
    pub(crate) fn adopt(&mut self, text: &str, actor: &str, also: Vec<Event>) -> Result<Vec<Entry>> {
        let path = self.dir.join(CONFIG_FILE);
        let config = Config::parse(text, &path)?;
        replace(&path, text)?;
        self.config = config;
        self.config_digest = Digest::of(text.as_bytes());
        self.apply_configuration(actor, also)
    }

    /// Records the configuration file if it is not the one in force, and what it says otherwise than the register does.
    fn apply_configuration(&mut self, actor: &str, also: Vec<Event>) -> Result<Vec<Entry>> {
        let mut events = Vec::new();
        if self.records.configuration()?.is_none_or(|known| known.value.file != self.config_digest) {
            events.push(Event::Configured(self.configured()?));
        }
        events.extend(register::changes(self)?);
        events.extend(also);
        if events.is_empty() { Ok(Vec::new()) } else { self.append_all(actor, events) }
    }

    /// What the configuration file says, with the file archived.
    fn configured(&self) -> Result<Configured> {
        let path = self.dir.join(CONFIG_FILE);
        let bytes = fs::read(&path).map_err(Error::file("read", &path))?;
        let mut sources: Vec<SourceEntry> = self
            .config
            .sources
            .iter()
            .map(|source| SourceEntry {
                id: source.fetch.id.clone(),
                family: source.fetch.kind.family(),
                url: source.fetch.url.clone(),
                why: source.why.clone(),
                every_hours: source.every_hours,
                fresh_hours: source.fresh_hours,
                shrink_percent: source.shrink_percent,
            })
            .collect();
        sources.sort_by(|a, b| a.id.cmp(&b.id));
        Ok(Configured {
            file: self.archive.put(&bytes)?,
            organisation: self.config.organisation.clone(),
            products: self.config.products.clone(),
            sources,
        })
    }

    /// Rebuilds the knowledge when it is not the one that the journal's last fetch left: it was deleted, or the program
    /// was killed between publishing the knowledge and recording the fetch.
    fn mend_knowledge(&mut self) -> Result<()> {
        let Some(last) = self.records.newest_fetch()? else { return Ok(()) };
        if last.value.knowledge == self.knowledge.digest() {
            return Ok(());
        }
        tracing::warn!(
            "the knowledge is not the one that the journal's last fetch left; rebuilding it from the archive"
        );
        crate::rebuild::in_place(self, &mut |_, _, _| {})?;
        Ok(())
    }
}

/// Replaces a file as a whole: readers see the old text or the new one.
fn replace(path: &Path, text: &str) -> Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(Error::file("make a file in", folder))?;
    file.write_all(text.as_bytes()).map_err(Error::file("write", path))?;
    if let Ok(known) = fs::metadata(path) {
        file.as_file().set_permissions(known.permissions()).map_err(Error::file("write", path))?;
    }
    file.as_file().sync_all().map_err(Error::file("write", path))?;
    file.persist(path).map_err(|error| Error::file("write", path)(error.error))?;
    Ok(())
}

fn random<const N: usize>() -> Result<[u8; N]> {
    let mut bytes = [0_u8; N];
    getrandom::fill(&mut bytes).map_err(|error| Error::refused(format!("make a key: {error}")))?;
    Ok(bytes)
}

/// Makes the journal's key, or takes the one that a killed attempt left.
fn new_key(folder: &Path) -> Result<SigningKey> {
    let path = folder.join("journal.key");
    if path.exists() {
        return read_key(&path);
    }
    let seed = random::<32>()?;
    let mut options = fs::File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&path).map_err(Error::file("make", &path))?;
    writeln!(file, "{}", STANDARD.encode(seed)).and_then(|()| file.sync_all()).map_err(Error::file("write", &path))?;
    Ok(SigningKey::from_bytes(&seed))
}

fn read_key(path: &Path) -> Result<SigningKey> {
    let text = fs::read_to_string(path).map_err(Error::file("read", path))?;
    let seed = STANDARD.decode(text.trim()).ok().and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
    seed.map(|seed| SigningKey::from_bytes(&seed))
        .ok_or_else(|| Error::refused(format!("read the key {}: it is not 32 bytes in base64", path.display())))
}

/// Name of the journal's key: the maker's name as a slug, and eight random digits, so that no two journals share one.
fn origin(organisation: &str) -> Result<String> {
    let slug: String =
        organisation.to_lowercase().chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let slug = slug.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-");
    let random = u32::from_be_bytes(random::<4>()?);
    Ok(format!("wardround/{}/{random:08x}", if slug.is_empty() { "workspace" } else { &slug }))
}
