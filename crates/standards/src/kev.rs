//! CISA known exploited vulnerabilities (`known_exploited_vulnerabilities_schema.json`): one entry, all fields tolerated.

use std::borrow::Cow;

use serde::Deserialize;

use crate::lenient::{List, Text};

/// One element of `vulnerabilities`. Catalogues before 2023 lack `cwes` and `known_ransomware_campaign_use`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct Entry<'a> {
    /// CVE identifier.
    #[serde(rename = "cveID")]
    pub cve_id: Text<'a>,
    /// Vendor or project.
    pub vendor_project: Text<'a>,
    /// Product.
    pub product: Text<'a>,
    /// One line.
    pub vulnerability_name: Text<'a>,
    /// Date of the entry.
    pub date_added: Text<'a>,
    /// Description.
    pub short_description: Text<'a>,
    /// What federal agencies have to do.
    pub required_action: Text<'a>,
    /// Until when.
    pub due_date: Text<'a>,
    /// `Known` or `Unknown`.
    pub known_ransomware_campaign_use: Text<'a>,
    /// Free text with addresses separated by semicolons.
    pub notes: Text<'a>,
    /// CWE identifiers.
    pub cwes: List<Cow<'a, str>>,
}
