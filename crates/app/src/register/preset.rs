//! Sources for a typical maker of medical devices, ready to be put into `wardround.toml`.
//!
//! The basic ones suit everybody: what is known about vulnerabilities, what is exploited, the medical and industrial advisories, and
//! the registries of languages. The rest depends on what a product ships. Addresses, rhythms and limits are the kinds' own
//! ([`sources::kind::Facts`]) and the CSAF providers' ([`sources::CSAF_PROVIDERS`]); they are written out, so that a reader of the
//! file sees what is in force.

use std::fmt::Write as _;

use sources::{CSAF_PROVIDERS, Facts, kind};
use toml_edit::Value;

/// Names of presets.
pub const NAMES: [&str; 1] = ["medical-device"];

/// Who needs a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    /// Every maker.
    Basic,
    /// Makers whose products hold packages of these languages.
    Language,
    /// Makers whose products are built on these distributions of Linux.
    Distribution,
    /// Makers whose products are built on these vendors' systems or delivered with them.
    Vendor,
}

impl Group {
    const ALL: [Self; 4] = [Self::Basic, Self::Language, Self::Distribution, Self::Vendor];

    fn heading(self) -> &'static str {
        match self {
            Self::Basic => {
                "For every maker: vulnerabilities, exploitation, advisories on medical and industrial devices"
            }
            Self::Language => {
                "Packages of languages: keep those that your SBOMs name (wardround source coverage says which)"
            }
            Self::Distribution => "Distributions of Linux: keep those that your products are built on",
            Self::Vendor => "Vendors: keep those whose systems your products are built on or delivered with",
        }
    }
}

/// One source of a preset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Row {
    /// Its name.
    pub id: &'static str,
    /// Its kind.
    pub kind: &'static str,
    /// Address, where it is not the kind's own.
    pub url: Option<&'static str>,
    /// Further keys, as they stand in the file.
    pub more: &'static str,
    /// Why it is monitored.
    pub why: &'static str,
    /// Who needs it.
    pub group: Group,
}

const fn row(id: &'static str, kind: &'static str, more: &'static str, why: &'static str, group: Group) -> Row {
    Row { id, kind, url: None, more, why, group }
}

use Group::{Basic, Distribution, Language, Vendor};

const ROWS: &[Row] = &[
    row(
        "cve-list",
        "cve-list",
        "",
        "The CVE Program's own records with CISA's enrichment: the names everyone uses, from the numbering authorities.",
        Basic,
    ),
    row(
        "nvd",
        "nvd",
        "api_key_env = \"NVD_API_KEY\"     # works without, ten times slower",
        "CPE applicability and scores. Not complete since April 2026, so never the only source.",
        Basic,
    ),
    row("cisa-kev", "cisa-kev", "", "Vulnerabilities known to be exploited: reopens decisions.", Basic),
    row("eu-kev", "eu-kev", "", "Vulnerabilities that the EU's CSIRTs know to be exploited.", Basic),
    row("euvd", "euvd", "", "ENISA's database: European identifiers, and the European view of exploitation.", Basic),
    row("gcve", "gcve", "", "Records of numbering authorities outside the CVE Program.", Basic),
    row("epss", "epss", "", "Exploit prediction: orders the work, decides nothing.", Basic),
    row("osv:npm", "osv", "ecosystem = \"npm\"", "Reviewed advisories for npm packages.", Language),
    row("osv:PyPI", "osv", "ecosystem = \"PyPI\"", "Reviewed advisories for Python packages.", Language),
    row("osv:Maven", "osv", "ecosystem = \"Maven\"", "Reviewed advisories for Java packages.", Language),
    row(
        "osv:Go",
        "osv",
        "ecosystem = \"Go\"",
        "Reviewed advisories for Go modules and the Go standard library.",
        Language,
    ),
    row("osv:NuGet", "osv", "ecosystem = \"NuGet\"", "Reviewed advisories for .NET packages.", Language),
    row("osv:crates.io", "osv", "ecosystem = \"crates.io\"", "RustSec advisories.", Language),
    row("osv:RubyGems", "osv", "ecosystem = \"RubyGems\"", "Reviewed advisories for Ruby gems.", Language),
    row("osv:Packagist", "osv", "ecosystem = \"Packagist\"", "Reviewed advisories for PHP packages.", Language),
    row(
        "osv:OSS-Fuzz",
        "osv",
        "ecosystem = \"OSS-Fuzz\"",
        "Faults that continuous fuzzing found in C and C++ libraries, often without a CVE.",
        Language,
    ),
    row(
        "debian",
        "debian",
        "",
        "Debian's own word on its packages: fixed versions differ from upstream's.",
        Distribution,
    ),
    row("ubuntu", "ubuntu", "", "Ubuntu's security notices.", Distribution),
    row(
        "osv:Ubuntu",
        "osv",
        "ecosystem = \"Ubuntu\"",
        "Ubuntu's own word on its packages, open faults included.",
        Distribution,
    ),
    row(
        "alpine",
        "alpine",
        "releases = [\"v3.20\", \"v3.21\", \"v3.22\"]",
        "Alpine's own word on its packages.",
        Distribution,
    ),
    row("red-hat", "red-hat", "", "Red Hat's own word on its packages, as CSAF VEX.", Vendor),
];

/// CSAF providers of the preset, by their names among [`CSAF_PROVIDERS`].
const PROVIDERS: &[(&str, Group)] = &[
    ("cisa-csaf", Basic),
    ("siemens-csaf", Basic),
    ("cert-bund-csaf", Basic),
    ("ncsc-nl-csaf", Basic),
    ("suse-csaf", Vendor),
    ("microsoft-csaf", Vendor),
    ("cisco-csaf", Vendor),
];

/// Sources that need a contract or a mailbox: shown as comments.
const EXAMPLES: &str = r#"# ── Sharing centres: fill in what your membership gives you ──────────────────────────────────────────────
# [[source]]
# id = "health-isac"
# kind = "taxii"
# url = "https://…"                # API root of the TAXII 2.1 server
# collection = "…"                 # identifier or alias
# user = "…"
# password_env = "HEALTH_ISAC_PASSWORD"
# tlp = "AMBER"                    # mark of what carries none itself
# why = "Health-ISAC's bulletins and indicators; evidence of taking part in an ISAO."
# owner = ""
# every = "1 hour"
# fresh = "1 day"

# [[source]]
# id = "supplier-mail"
# kind = "mail"
# url = "file:///srv/wardround/mail"   # a folder of .eml files
# tlp = "AMBER"
# why = "Notices of suppliers that publish by mail only."
# owner = ""
# every = "1 hour"
# fresh = "1 week"
"#;

/// The sources for a typical maker of medical devices, basic ones first.
pub fn medical_device() -> Vec<Row> {
    let provider = |(id, group): &(&str, Group)| {
        let (id, url, why) = *CSAF_PROVIDERS.iter().find(|(known, _, _)| known == id)?;
        Some(Row { id, kind: "csaf", url: Some(url), more: "", why, group: *group })
    };
    let mut rows: Vec<Row> = ROWS.iter().copied().chain(PROVIDERS.iter().filter_map(provider)).collect();
    rows.sort_by_key(|row| row.group as u8);
    rows
}

/// The preset as text for the configuration file, with `owner` responsible for each. Sources that depend on what a product ships
/// are comments where `commented` says so.
pub fn text(owner: &str, commented: fn(Group) -> bool) -> String {
    let rows = medical_device();
    let mut text = String::new();
    for group in Group::ALL {
        let _ = writeln!(text, "# ── {} ──", group.heading());
        for row in rows.iter().filter(|row| row.group == group) {
            let block = row.block(owner);
            for line in block.lines() {
                let _ = if commented(group) { writeln!(text, "# {line}") } else { writeln!(text, "{line}") };
            }
            text.push('\n');
        }
    }
    text.push_str(EXAMPLES);
    text
}

impl Row {
    /// Its block for the configuration file.
    pub fn block(&self, owner: &str) -> String {
        let facts = self.facts();
        let mut text = format!("[[source]]\nid = \"{}\"\nkind = \"{}\"\n", self.id, self.kind);
        if let Some(url) = self.url {
            let _ = writeln!(text, "url = \"{url}\"");
        }
        if !self.more.is_empty() {
            let _ = writeln!(text, "{}", self.more);
        }
        let _ = writeln!(text, "why = {}", Value::from(self.why));
        let _ = writeln!(text, "owner = {}", Value::from(owner));
        if let Some(facts) = facts {
            let _ = writeln!(text, "every = \"{}\"", rhythm(facts.every_hours));
            let _ = writeln!(text, "fresh = \"{}\"", rhythm(facts.fresh_hours));
            if let Some(hours) = facts.data_fresh_hours {
                let _ = writeln!(text, "data_fresh = \"{}\"", rhythm(hours));
            }
        }
        text
    }

    fn facts(&self) -> Option<Facts> {
        kind::all().into_iter().find(|kind| kind.name() == self.kind).map(|kind| kind.facts())
    }
}

/// Hours as the configuration writes them.
pub fn rhythm(hours: u32) -> String {
    match hours {
        1 => "1 hour".to_owned(),
        24 => "1 day".to_owned(),
        168 => "1 week".to_owned(),
        hours if hours % 24 == 0 => format!("{} days", hours / 24),
        hours => format!("{hours} hours"),
    }
}
