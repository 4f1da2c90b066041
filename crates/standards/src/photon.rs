//! Photon OS' CVE data (`cve_data_photonX.Y.json`): one vulnerability in one package of one release.

use serde::Deserialize;

use crate::lenient::Text;

/// An element of the list.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Entry<'a> {
    /// A CVE, or another's number for what has none (`BDSA-2025-13833`, `UNK-1`).
    pub cve_id: Text<'a>,
    /// Name of the package.
    #[serde(rename = "pkg")]
    pub package: Text<'a>,
    /// Which versions are affected, in words: `all versions before 1.2.8-5.ph1 are vulnerable`, `NA`.
    #[serde(rename = "aff_ver")]
    pub affected: Text<'a>,
    /// The version without the fault, or `NA`.
    #[serde(rename = "res_ver")]
    pub resolved: Text<'a>,
    /// `Fixed`, `Not Affected`; older files have none.
    pub status: Text<'a>,
}
