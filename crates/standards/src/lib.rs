//! What others defined: one module per specification. Pure: no input or output, no clock, and no word of our own model.
//!
//! | Module | Specification |
//! |---|---|
//! | [`lenient`] | JSON (RFC 8259), read tolerantly: shared by the documents below |
//! | [`purl`] | Package URL (purl-spec, ECMA-427) |
//! | [`cpe`] | CPE 2.3 naming and matching (NISTIR 7695, 7696) |
//! | [`cvss`] | CVSS 2.0 to 4.0 (FIRST) |
//! | [`versions`] | Version orders of the ecosystems, one file per scheme |
//! | [`vers`] | VERS, the version range specifier (vers-spec), and the ecosystems' own ranges |
//! | [`osv`] | OSV schema 1.x (OpenSSF) |
//! | [`cve`] | CVE Record Format 5.x (CVE Program) |
//! | [`nvd`] | NVD CVE API 2.0 |
//! | [`csaf`] | CSAF 2.0 and 2.1 (OASIS), read tolerantly |
//! | [`kev`] | CISA known exploited vulnerabilities catalogue |
//! | [`epss`] | FIRST EPSS daily scores |
//! | [`euvd`] | ENISA's EUVD and EU KEV |
//! | [`debian`] | Debian security tracker JSON |
//! | [`secdb`] | Alpine security database JSON |
//! | [`usn`] | Ubuntu security notices |
//! | [`arch`] | Arch Linux security tracker JSON |
//! | [`photon`] | Photon OS CVE data |
//! | [`yocto`] | Yocto `cve-check` JSON |
//! | [`cvrf`] | CVRF 1.1 and 1.2 (ICASI, OASIS) |
//! | [`updateinfo`], [`repomd`] | Metadata of RPM repositories: what was updated, and where it stands |
//! | [`oval`] | OVAL 5 definitions, as distributions publish patches |
//! | [`rpm_errata`] | AlmaLinux' errata file and Rocky Linux' Apollo API |
//! | [`stix`] | STIX 2.1 objects and TLP markings (OASIS) |
//! | [`taxii`] | TAXII 2.1 resources (OASIS) |
//! | [`misp`] | MISP core format |
//! | [`news_feed`] | RSS 2.0, RSS 1.0, Atom (RFC 4287) |
//! | [`xml`] | XML 1.0, read event by event: shared by the documents above |
//! | [`cyclonedx`] | CycloneDX 1.2 to 1.7, JSON and XML |
//! | [`spdx`] | SPDX 2.2 and 2.3 JSON |
//! | [`openvex`] | OpenVEX 0.2.0 |
//! | [`canonical_json`] | JSON Canonicalization Scheme (RFC 8785), integers only |
//! | [`tlog`] | Merkle tree (RFC 6962), signed notes and checkpoints (C2SP) |

pub mod arch;
pub mod canonical_json;
pub mod cpe;
pub mod csaf;
pub mod cve;
pub mod cvrf;
pub mod cvss;
pub mod cyclonedx;
pub mod debian;
pub mod epss;
pub mod euvd;
pub mod kev;
pub mod lenient;
pub mod misp;
pub mod news_feed;
pub mod nvd;
pub mod openvex;
pub mod osv;
pub mod oval;
pub mod photon;
pub mod purl;
pub mod repomd;
pub mod rpm_errata;
pub mod secdb;
pub mod spdx;
pub mod stix;
pub mod taxii;
pub mod tlog;
pub mod updateinfo;
pub mod usn;
pub mod vers;
pub mod versions;
pub mod xml;
pub mod yocto;
