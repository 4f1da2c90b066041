//! The kinds of source we know how to ask, and the facts about each: one row a kind.

use domain::model::source::Family;
use domain::normalise::Format;
use serde::{Deserialize, Serialize};

/// A kind of source: a protocol and the documents it brings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Kind {
    /// CVE list v5: GitHub releases with a daily baseline and hourly deltas.
    CveList,
    /// NVD API 2.0.
    Nvd,
    /// NVD's yearly and modified feed files with their `.meta`.
    NvdFeeds,
    /// CISA's known exploited vulnerabilities, one file.
    CisaKev,
    /// The EU's known exploited vulnerabilities, one file.
    EuKev,
    /// ENISA's European vulnerability database.
    Euvd,
    /// CVE records of GCVE numbering authorities: a vulnerability-lookup dump.
    Gcve,
    /// FIRST's exploit prediction scores, one file a day.
    Epss,
    /// Any CSAF provider (CSAF 2.0 section 7), CISA's by default.
    Csaf,
    /// Red Hat's CSAF VEX tree: a daily archive, its changes and deletions.
    RedHat,
    /// One ecosystem of OSV's bucket, or all of it.
    Osv {
        /// Its name as OSV spells it: `npm`, `crates.io`, `Rocky Linux`. None: all of the bucket.
        ecosystem: Option<String>,
    },
    /// Debian's security tracker, one file.
    Debian,
    /// Ubuntu's security notices, page by page. What is affected is in OSV's ecosystem `Ubuntu`.
    Ubuntu,
    /// Alpine's secdb: two files for each release.
    Alpine {
        /// Releases as the server spells them: `v3.18`, `edge`.
        releases: Vec<String>,
    },
    /// One file in secdb's form: Wolfi, Chainguard.
    Secdb,
    /// A repository of Amazon Linux: its mirror list, repomd.xml and updateinfo.
    AmazonLinux,
    /// Oracle Linux' OVAL definitions, one file.
    OracleLinux,
    /// AlmaLinux' errata: one file for each release.
    AlmaLinux {
        /// Major releases: `8`, `9`.
        releases: Vec<String>,
    },
    /// Rocky Linux' Apollo API.
    RockyLinux,
    /// Arch Linux' security tracker, one file.
    Arch,
    /// Photon OS' CVE data: one file for each release.
    Photon {
        /// Releases: `4.0`, `5.0`.
        releases: Vec<String>,
    },
    /// Microsoft's monthly CVRF documents.
    Msrc,
    /// The JSON that Yocto's `cve-check` leaves; comes from files or one address.
    YoctoCveCheck,
    /// A collection of a TAXII 2.1 server.
    Taxii {
        /// Identifier or alias of the collection.
        collection: String,
    },
    /// A MISP feed: a manifest and events.
    Misp,
    /// An RSS or Atom feed.
    NewsFeed,
    /// A folder of `.eml` files, filled by whoever receives the mails.
    Mail,
}

/// What holds for a kind of source unless it is configured otherwise. Addresses, rhythms and limits as `docs/sources.md` gives their
/// grounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Facts {
    /// Name in configuration.
    pub name: &'static str,
    /// What it brings, as a fragment.
    pub about: &'static str,
    /// How completeness is judged, as a sentence: against which statement of the provider.
    pub completeness: &'static str,
    /// The family whose coverage it gives.
    pub family: Family,
    /// The format of its documents.
    pub format: Format,
    /// The provider's own address: of a document, an interface or a tree, as the protocol's module says. Empty: there is no public one.
    pub url: &'static str,
    /// Hours between two fetches.
    pub every_hours: u32,
    /// Age in hours from which the last good fetch is stale.
    pub fresh_hours: u32,
    /// Age in hours from which the provider's own time stamp is stale although it answers, where it states one and
    /// publishes on a rhythm. KEV is published on weekdays and has not rested for a week since it began.
    pub data_fresh_hours: Option<u32>,
    /// Share of its live records, in percent, that a full set may lack before a person has to accept it.
    pub shrink_percent: u32,
    /// Largest document in MiB.
    pub document_mib: u64,
    /// Requests that the provider allows, or that are polite, in a rolling 30 s.
    pub rate_per_30_s: Option<u32>,
}

/// Every kind, in the order in which a person is shown them. Kinds with parameters have empty ones.
pub fn all() -> Vec<Kind> {
    vec![
        Kind::CveList,
        Kind::Nvd,
        Kind::NvdFeeds,
        Kind::CisaKev,
        Kind::EuKev,
        Kind::Euvd,
        Kind::Gcve,
        Kind::Epss,
        Kind::Csaf,
        Kind::RedHat,
        Kind::Osv { ecosystem: None },
        Kind::Debian,
        Kind::Ubuntu,
        Kind::Alpine { releases: Vec::new() },
        Kind::Secdb,
        Kind::AmazonLinux,
        Kind::OracleLinux,
        Kind::AlmaLinux { releases: Vec::new() },
        Kind::RockyLinux,
        Kind::Arch,
        Kind::Photon { releases: Vec::new() },
        Kind::Msrc,
        Kind::YoctoCveCheck,
        Kind::Taxii { collection: String::new() },
        Kind::Misp,
        Kind::NewsFeed,
        Kind::Mail,
    ]
}

impl Kind {
    /// The name used in configuration.
    pub fn name(&self) -> &'static str {
        self.facts().name
    }

    /// The family whose coverage it gives. A distribution's ecosystem in OSV is an export of its own tracker.
    pub fn family(&self) -> Family {
        match self {
            Self::Osv { ecosystem: Some(ecosystem) } if is_distribution(ecosystem) => Family::OsVendor,
            _ => self.facts().family,
        }
    }

    /// The format of its documents.
    pub fn format(&self) -> Format {
        self.facts().format
    }

    /// The facts about this kind.
    #[expect(clippy::too_many_lines, reason = "one row for each kind: a table")]
    pub fn facts(&self) -> Facts {
        match self {
            Self::CveList => Facts {
                name: "cve-list",
                about: "CVE records with CISA's enrichment",
                completeness: "Sizes that the release states; as many records as baseline and deltas hold.",
                family: Family::CveList,
                format: Format::CveRecord,
                url: "https://api.github.com/repos/CVEProject/cvelistV5",
                every_hours: 1,
                fresh_hours: 48,
                data_fresh_hours: Some(48),
                shrink_percent: 2,
                document_mib: 64,
                rate_per_30_s: None,
            },
            Self::Nvd => Facts {
                name: "nvd",
                about: "NIST's applicability statements and scores",
                completeness: "totalResults of the whole, and of each window and year.",
                family: Family::Nvd,
                format: Format::NvdPage,
                url: "https://services.nvd.nist.gov/rest/json/cves/2.0",
                every_hours: 2,
                fresh_hours: 48,
                data_fresh_hours: None,
                shrink_percent: 2,
                document_mib: 256,
                rate_per_30_s: Some(5),
            },
            Self::NvdFeeds => Facts {
                name: "nvd-feeds",
                about: "the same as files, for networks that the API does not reach",
                completeness: "Size and SHA-256 in each .meta file; records in each feed.",
                family: Family::Nvd,
                format: Format::NvdPage,
                url: "https://nvd.nist.gov/feeds/json/cve/2.0",
                every_hours: 2,
                fresh_hours: 48,
                data_fresh_hours: Some(48),
                shrink_percent: 2,
                document_mib: 1024,
                rate_per_30_s: None,
            },
            Self::CisaKev => Facts {
                name: "cisa-kev",
                about: "vulnerabilities known to be exploited",
                completeness: "The catalogue's own `count`.",
                family: Family::Kev,
                format: Format::Kev,
                url: "https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json",
                every_hours: 1,
                fresh_hours: 48,
                data_fresh_hours: Some(7 * 24),
                shrink_percent: 5,
                document_mib: 64,
                rate_per_30_s: None,
            },
            Self::EuKev => Facts {
                name: "eu-kev",
                about: "vulnerabilities known to be exploited, by the EU's CSIRTs",
                completeness: "The file is read to its end.",
                family: Family::Kev,
                format: Format::EuKev,
                url: "https://raw.githubusercontent.com/enisaeu/CNW/main/eukev/eukev.json",
                every_hours: 12,
                fresh_hours: 96,
                data_fresh_hours: None,
                shrink_percent: 5,
                document_mib: 64,
                rate_per_30_s: None,
            },
            Self::Euvd => Facts {
                name: "euvd",
                about: "ENISA's European vulnerability database",
                completeness: "The search's own total; distinct identifiers.",
                family: Family::National,
                format: Format::Euvd,
                url: "https://euvdservices.enisa.europa.eu",
                every_hours: 4,
                fresh_hours: 72,
                data_fresh_hours: Some(96),
                shrink_percent: 5,
                document_mib: 64,
                rate_per_30_s: Some(30),
            },
            Self::Gcve => Facts {
                name: "gcve",
                about: "records of GCVE's numbering authorities",
                completeness: "The dump is read to its end.",
                family: Family::National,
                format: Format::CveRecord,
                url: "https://vulnerability.circl.lu/dumps/gna-1.ndjson",
                every_hours: 12,
                fresh_hours: 96,
                data_fresh_hours: None,
                shrink_percent: 5,
                document_mib: 1024,
                rate_per_30_s: None,
            },
            Self::Epss => Facts {
                name: "epss",
                about: "daily exploit prediction scores",
                completeness: "The file is read to its end, with no fewer rows than before.",
                family: Family::Epss,
                format: Format::EpssCsv,
                url: "https://epss.empiricalsecurity.com/epss_scores-current.csv.gz",
                every_hours: 24,
                fresh_hours: 72,
                data_fresh_hours: Some(72),
                shrink_percent: 10,
                document_mib: 256,
                rate_per_30_s: None,
            },
            Self::Csaf => Facts {
                name: "csaf",
                about: "CSAF advisories of any provider; CISA's ICS and ICS-Medical by default",
                completeness: "Every document that index, changes list or ROLIE feed name; digest and signature of each.",
                family: Family::Csaf,
                format: Format::Csaf,
                url: "https://www.cisa.gov/sites/default/files/csaf/provider-metadata.json",
                every_hours: 4,
                fresh_hours: 48,
                data_fresh_hours: None,
                shrink_percent: 5,
                document_mib: 64,
                rate_per_30_s: None,
            },
            Self::RedHat => Facts {
                name: "red-hat",
                about: "Red Hat's own word on its packages, as CSAF VEX",
                completeness: "Every path that archive, changes and deletions leave; digest and signature of each document read alone.",
                family: Family::OsVendor,
                format: Format::Csaf,
                url: "https://security.access.redhat.com/data/csaf/v2/vex/",
                every_hours: 6,
                fresh_hours: 48,
                data_fresh_hours: Some(96),
                shrink_percent: 5,
                document_mib: 64,
                rate_per_30_s: None,
            },
            Self::Osv { .. } => Facts {
                name: "osv",
                about: "advisories for packages, by ecosystem",
                completeness: "Rows of modified_id.csv, and the archive's checksum.",
                family: Family::Osv,
                format: Format::Osv,
                url: "https://osv-vulnerabilities.storage.googleapis.com",
                every_hours: 1,
                fresh_hours: 48,
                data_fresh_hours: None,
                shrink_percent: 10,
                document_mib: 64,
                rate_per_30_s: None,
            },
            Self::Debian => Facts {
                name: "debian",
                about: "Debian's security tracker",
                completeness: "The file is read to its end, with no fewer entries than before.",
                family: Family::OsVendor,
                format: Format::DebianTracker,
                url: "https://security-tracker.debian.org/tracker/data/json",
                every_hours: 6,
                fresh_hours: 48,
                data_fresh_hours: None,
                shrink_percent: 10,
                document_mib: 1024,
                rate_per_30_s: None,
            },
            Self::Ubuntu => Facts {
                name: "ubuntu",
                about: "Ubuntu's security notices",
                completeness: "The listing's own `total_results`.",
                family: Family::OsVendor,
                format: Format::UbuntuNotices,
                url: "https://ubuntu.com/security/notices.json",
                every_hours: 6,
                fresh_hours: 96,
                data_fresh_hours: None,
                shrink_percent: 5,
                document_mib: 64,
                rate_per_30_s: Some(30),
            },
            Self::Alpine { .. } => Facts {
                name: "alpine",
                about: "Alpine's fixed versions, by release",
                completeness: "Both files of every release; packages in each.",
                family: Family::OsVendor,
                format: Format::AlpineSecdb,
                url: "https://secdb.alpinelinux.org",
                every_hours: 6,
                fresh_hours: 48,
                data_fresh_hours: None,
                shrink_percent: 10,
                document_mib: 64,
                rate_per_30_s: None,
            },
            Self::Secdb => Facts {
                name: "secdb",
                about: "Wolfi's fixed versions; Chainguard's by its address",
                completeness: "The file is read to its end; packages in it.",
                family: Family::OsVendor,
                format: Format::AlpineSecdb,
                url: "https://packages.wolfi.dev/os/security.json",
                every_hours: 6,
                fresh_hours: 48,
                data_fresh_hours: None,
                shrink_percent: 10,
                document_mib: 256,
                rate_per_30_s: None,
            },
            Self::AmazonLinux => Facts {
                name: "amazon-linux",
                about: "Amazon Linux' updates, by repository",
                completeness: "The checksum in repomd.xml; updates in the file.",
                family: Family::OsVendor,
                format: Format::UpdateInfo,
                url: "https://cdn.amazonlinux.com/2/core/latest/x86_64/mirror.list",
                every_hours: 6,
                fresh_hours: 72,
                data_fresh_hours: None,
                shrink_percent: 5,
                document_mib: 256,
                rate_per_30_s: None,
            },
            Self::OracleLinux => Facts {
                name: "oracle-linux",
                about: "Oracle Linux' errata, as OVAL",
                completeness: "The file is read to its end, with no fewer definitions than before.",
                family: Family::OsVendor,
                format: Format::Oval,
                url: "https://linux.oracle.com/security/oval/com.oracle.elsa-all.xml.bz2",
                every_hours: 12,
                fresh_hours: 96,
                data_fresh_hours: None,
                shrink_percent: 5,
                document_mib: 2048,
                rate_per_30_s: None,
            },
            Self::AlmaLinux { .. } => Facts {
                name: "alma-linux",
                about: "AlmaLinux' errata, by release",
                completeness: "Every release's file is read to its end.",
                family: Family::OsVendor,
                format: Format::AlmaErrata,
                url: "https://errata.almalinux.org",
                every_hours: 6,
                fresh_hours: 72,
                data_fresh_hours: None,
                shrink_percent: 5,
                document_mib: 512,
                rate_per_30_s: None,
            },
            Self::RockyLinux => Facts {
                name: "rocky-linux",
                about: "Rocky Linux' errata",
                completeness: "The listing's own total.",
                family: Family::OsVendor,
                format: Format::RockyErrata,
                url: "https://apollo.build.resf.org/api/v3/advisories/",
                every_hours: 6,
                fresh_hours: 72,
                data_fresh_hours: None,
                shrink_percent: 5,
                document_mib: 64,
                rate_per_30_s: Some(30),
            },
            Self::Arch => Facts {
                name: "arch",
                about: "Arch Linux' security tracker",
                completeness: "The file is read to its end, with no fewer groups than before.",
                family: Family::OsVendor,
                format: Format::ArchGroups,
                url: "https://security.archlinux.org/all.json",
                every_hours: 6,
                fresh_hours: 72,
                data_fresh_hours: None,
                shrink_percent: 10,
                document_mib: 64,
                rate_per_30_s: None,
            },
            Self::Photon { .. } => Facts {
                name: "photon",
                about: "Photon OS' fixed versions, by release",
                completeness: "Every release's file is read to its end.",
                family: Family::OsVendor,
                format: Format::PhotonCves,
                url: "https://packages.broadcom.com/photon/photon_cve_metadata",
                every_hours: 6,
                fresh_hours: 72,
                data_fresh_hours: None,
                shrink_percent: 10,
                document_mib: 64,
                rate_per_30_s: None,
            },
            Self::Msrc => Facts {
                name: "msrc",
                about: "Microsoft's monthly security updates",
                completeness: "Every month that the list of updates names.",
                family: Family::OsVendor,
                format: Format::Cvrf,
                url: "https://api.msrc.microsoft.com/cvrf/v3.0/updates",
                every_hours: 6,
                fresh_hours: 96,
                data_fresh_hours: None,
                shrink_percent: 5,
                document_mib: 256,
                rate_per_30_s: None,
            },
            Self::YoctoCveCheck => Facts {
                name: "yocto-cve-check",
                about: "what a Yocto build says about its own recipes",
                completeness: "The file is read to its end.",
                family: Family::OsVendor,
                format: Format::YoctoCveCheck,
                url: "file:///",
                every_hours: 24,
                fresh_hours: 720,
                data_fresh_hours: None,
                shrink_percent: 50,
                document_mib: 256,
                rate_per_30_s: None,
            },
            Self::Taxii { .. } => Facts {
                name: "taxii",
                about: "STIX objects of a sharing centre (ISAC)",
                completeness: "Every object of the collection's manifest.",
                family: Family::Bulletin,
                format: Format::Stix,
                url: "",
                every_hours: 1,
                fresh_hours: 24,
                data_fresh_hours: None,
                shrink_percent: 5,
                document_mib: 64,
                rate_per_30_s: None,
            },
            Self::Misp => Facts {
                name: "misp",
                about: "MISP events of a sharing centre",
                completeness: "Every event of the manifest.",
                family: Family::Bulletin,
                format: Format::MispEvent,
                url: "",
                every_hours: 1,
                fresh_hours: 48,
                data_fresh_hours: None,
                shrink_percent: 10,
                document_mib: 64,
                rate_per_30_s: None,
            },
            Self::NewsFeed => Facts {
                name: "news-feed",
                about: "bulletins by RSS or Atom",
                completeness: "Entries since the last one known: a feed that has moved past it is a gap.",
                family: Family::Bulletin,
                format: Format::NewsFeed,
                url: "",
                every_hours: 1,
                fresh_hours: 48,
                data_fresh_hours: None,
                shrink_percent: 100,
                document_mib: 64,
                rate_per_30_s: None,
            },
            Self::Mail => Facts {
                name: "mail",
                about: "bulletins by mail: a folder of .eml files",
                completeness: "Every message in the folder.",
                family: Family::Bulletin,
                format: Format::Mail,
                url: "file:///",
                every_hours: 1,
                fresh_hours: 168,
                data_fresh_hours: None,
                shrink_percent: 100,
                document_mib: 64,
                rate_per_30_s: None,
            },
        }
    }
}

fn is_distribution(ecosystem: &str) -> bool {
    const DISTRIBUTIONS: [&str; 16] = [
        "AlmaLinux",
        "Alpaquita",
        "Alpine",
        "Azure Linux",
        "BellSoft Hardened Containers",
        "Chainguard",
        "Debian",
        "MinimOS",
        "Mageia",
        "Photon OS",
        "Red Hat",
        "Rocky Linux",
        "SUSE",
        "Ubuntu",
        "Wolfi",
        "openSUSE",
    ];
    let name = ecosystem.split(':').next().unwrap_or(ecosystem);
    DISTRIBUTIONS.contains(&name) || name == "openEuler"
}
