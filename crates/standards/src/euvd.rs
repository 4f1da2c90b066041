//! ENISA's EUVD (euvd.enisa.europa.eu/apidoc) and the EU's known exploited vulnerabilities (enisaeu/CNW, `eukev`).
//!
//! The shape of EUVD's records is undocumented: what is here is what the interface answers. Its dates are US English, its
//! lists of references and aliases are one text with a line for each.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde::de::SeqAccess;

use crate::lenient::{Lax, List, Shape, Text, objects};

/// One element of a search's `items`, or the answer of `/api/enisaid`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct Record<'a> {
    /// `EUVD-2025-0001`.
    pub id: Text<'a>,
    /// The description.
    pub description: Text<'a>,
    /// See [`instant`].
    pub date_published: Text<'a>,
    /// See [`instant`].
    pub date_updated: Text<'a>,
    /// See [`instant`]; only where exploitation is known.
    pub exploited_since: Text<'a>,
    /// CVSS vector of whatever version.
    pub base_score_vector: Text<'a>,
    /// Addresses, one on each line.
    pub references: Text<'a>,
    /// Other identifiers, one on each line.
    pub aliases: Text<'a>,
    /// The numbering authority.
    pub assigner: Text<'a>,
    /// Products with a version or range each.
    pub enisa_id_product: List<ProductEntry<'a>>,
    /// Vendors; nothing says which product is whose.
    pub enisa_id_vendor: List<VendorEntry<'a>>,
}

/// A product with a version or range.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct ProductEntry<'a> {
    /// The product.
    pub product: Lax<Named<'a>>,
    /// A version, or a range in words: `5.1 <5.1.5`, `2.0 ≤2.4`, `patch: 1.2`.
    pub product_version: Text<'a>,
}

/// A vendor.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct VendorEntry<'a> {
    /// The vendor.
    pub vendor: Lax<Named<'a>>,
}

/// Something with a name.
#[derive(Debug, Default, Deserialize)]
#[serde(default, bound(deserialize = "'de: 'a"))]
pub struct Named<'a> {
    /// The name.
    pub name: Text<'a>,
}

/// An entry of the EU's known exploited vulnerabilities: of `eukev.json`, or of the interface's consolidated `/api/kev/dump`
/// (the latter with `cveId`, `euvdId`, `dateAdded` and `sources` only). `-` and `tbc` stand for nothing.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase", bound(deserialize = "'de: 'a"))]
pub struct Exploited<'a> {
    /// CVE identifier.
    #[serde(rename = "cveID", alias = "cveId", alias = "CVE")]
    pub cve_id: Text<'a>,
    /// EUVD identifier.
    #[serde(rename = "euvdID", alias = "euvdId", alias = "EUVD")]
    pub euvd_id: Text<'a>,
    /// Vendor or project.
    pub vendor_project: Text<'a>,
    /// Product.
    pub product: Text<'a>,
    /// One line.
    pub vulnerability_name: Text<'a>,
    /// See [`day`].
    pub date_reported: Text<'a>,
    /// See [`day`].
    pub date_added: Text<'a>,
    /// Who saw it first.
    pub origin_source: Text<'a>,
    /// Catalogues that list it: `cisa_kev`, `eu_kev`.
    pub sources: Lax<Words<'a>>,
    /// Description.
    pub short_description: Text<'a>,
    /// `ransomware`, `APT`, `cybercrime`, `unknown`: one text until 2025, a list since.
    pub exploitation_type: Lax<Words<'a>>,
    /// CWE identifiers: one text until 2025, a list since.
    pub cwes: Lax<Words<'a>>,
    /// Free text with addresses.
    pub notes: Text<'a>,
}

objects!(ProductEntry, VendorEntry, Named);

/// Words in a list, or in one text with commas between them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Words<'a>(pub Vec<Cow<'a, str>>);

impl<'de: 'a, 'a> Shape<'de> for Words<'a> {
    fn from_text(text: Cow<'de, str>) -> Option<Self> {
        Some(Self(text.split([',', ';']).map(|word| Cow::Owned(word.trim().to_owned())).collect()))
    }

    fn from_list<A: SeqAccess<'de>>(mut list: A) -> Result<Option<Self>, A::Error> {
        let mut words = Vec::new();
        while let Some(word) = list.next_element::<Text<'a>>()? {
            if let Lax::Value(word) = word {
                words.push(word);
            }
        }
        Ok(Some(Self(words)))
    }
}

/// An instant as EUVD writes it, in UTC: `Aug 7, 2025, 7:05:08 PM`. Newer Java puts a narrow space before `PM`.
pub fn instant(text: &str) -> Option<Timestamp> {
    let text: String = text.trim().chars().map(|letter| if letter.is_whitespace() { ' ' } else { letter }).collect();
    let local = DateTime::strptime("%b %d, %Y, %I:%M:%S %p", &text).ok()?;
    TimeZone::UTC.to_timestamp(local).ok()
}

/// A day as EU KEV writes it: `17/01/25` (day, month, year) until 2025, `2026/09/22` or `2025-01-17` since.
pub fn day(text: &str) -> Option<Date> {
    let text = text.trim();
    let year_first = text.get(..4).is_some_and(|year| year.bytes().all(|byte| byte.is_ascii_digit()));
    let forms = if year_first { ["%Y-%m-%d", "%Y/%m/%d"] } else { ["%d/%m/%y", "%d/%m/%Y"] };
    forms.iter().find_map(|form| Date::strptime(form, text).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_us_english() {
        let at = |text: &str| instant(text).map(|at| at.to_string());
        assert_eq!(at("Aug 7, 2025, 7:05:08 PM").as_deref(), Some("2025-08-07T19:05:08Z"));
        assert_eq!(at("Jan 14, 2025, 12:00:00 AM").as_deref(), Some("2025-01-14T00:00:00Z"));
        assert_eq!(at("Jan 14, 2025, 12:30:00\u{202f}PM").as_deref(), Some("2025-01-14T12:30:00Z"));
        assert_eq!(at("2025-01-14"), None);
    }

    #[test]
    fn days_are_written_in_three_ways_and_never_month_first() {
        let on = |text: &str| day(text).map(|day| day.to_string());
        assert_eq!(on("17/01/25").as_deref(), Some("2025-01-17"));
        assert_eq!(on("2026/09/22").as_deref(), Some("2026-09-22"));
        assert_eq!(on("2025-01-17").as_deref(), Some("2025-01-17"));
        assert_eq!((on("-"), on("tbc"), on("01/17/25")), (None, None, None));
    }
}
