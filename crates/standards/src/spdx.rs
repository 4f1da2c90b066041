//! SPDX 2.2 and 2.3 (ISO/IEC 5962): the parts of a document that monitoring needs, from JSON and from tag-value.
//!
//! In: text. Out: a [`Document`] whose fields are tolerated one by one ([`crate::lenient`]). Both serialisations fill the
//! same types. Files and snippets are counted, not read: they are no packages, and real documents list tens of thousands.
//! Specification: <https://spdx.github.io/spdx-spec/v2.3/>.

mod tag_value;

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::{IgnoredAny, SeqAccess};

use crate::lenient::{Lax, List, Shape, Text, objects};

pub use tag_value::from_tag_value;

/// Reads the JSON serialisation.
///
/// # Errors
/// When the text is not JSON, is nested deeper than `serde_json` allows, or an object names one of its fields twice.
pub fn from_json(text: &str) -> Result<Document<'_>, serde_json::Error> {
    serde_json::from_str(text)
}

/// An SPDX document.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Document<'a> {
    /// `SPDX-2.3`.
    #[serde(borrow)]
    pub spdx_version: Text<'a>,
    /// Its address, unique to this document.
    #[serde(borrow)]
    pub document_namespace: Text<'a>,
    /// Who made it, and when.
    #[serde(borrow)]
    pub creation_info: Lax<CreationInfo<'a>>,
    /// What is inside.
    #[serde(borrow)]
    pub packages: List<Package<'a>>,
    /// Relations between elements.
    #[serde(borrow)]
    pub relationships: List<Relationship<'a>>,
    /// Elements it describes, up to 2.2 and in some later documents.
    #[serde(borrow)]
    pub document_describes: List<Cow<'a, str>>,
    /// How many files it lists.
    pub files: Lax<Count>,
    /// How many other documents it refers to.
    pub external_document_refs: Lax<Count>,
}

/// Who made a document, and when.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct CreationInfo<'a> {
    /// When.
    #[serde(borrow)]
    pub created: Text<'a>,
    /// `Tool: …`, `Person: …`, `Organization: …`.
    #[serde(borrow)]
    pub creators: List<Cow<'a, str>>,
}

/// A package.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Package<'a> {
    /// Identifier within the document.
    #[serde(borrow, rename = "SPDXID")]
    pub id: Text<'a>,
    /// Name.
    #[serde(borrow)]
    pub name: Text<'a>,
    /// Version.
    #[serde(borrow)]
    pub version_info: Text<'a>,
    /// Who supplied it, with `Organization:` or `Person:` before the name.
    #[serde(borrow)]
    pub supplier: Text<'a>,
    /// The same under the tag-value name, as Yocto writes it.
    #[serde(borrow)]
    pub package_supplier: Text<'a>,
    /// Who made it, when that is another than the supplier.
    #[serde(borrow)]
    pub originator: Text<'a>,
    /// Hashes.
    #[serde(borrow)]
    pub checksums: List<Checksum<'a>>,
    /// Licence as the author of the document concluded it.
    #[serde(borrow)]
    pub license_concluded: Text<'a>,
    /// Licence as the package declares it.
    #[serde(borrow)]
    pub license_declared: Text<'a>,
    /// Identifiers and links.
    #[serde(borrow)]
    pub external_refs: List<ExternalRef<'a>>,
    /// Where it came from, in words.
    #[serde(borrow)]
    pub source_info: Text<'a>,
    /// What it is for (2.3): `LIBRARY`, `OPERATING-SYSTEM`.
    #[serde(borrow)]
    pub primary_package_purpose: Text<'a>,
    /// End of support (2.3).
    #[serde(borrow)]
    pub valid_until_date: Text<'a>,
}

/// A hash of a package.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Checksum<'a> {
    /// `SHA256`.
    #[serde(borrow)]
    pub algorithm: Text<'a>,
    /// Hexadecimal digits.
    #[serde(borrow)]
    pub checksum_value: Text<'a>,
}

/// An external reference. Its category is not read: it comes in several spellings and the type says enough.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ExternalRef<'a> {
    /// `purl`, `cpe22Type`, `cpe23Type`; possibly with the address of the type before it.
    #[serde(borrow)]
    pub reference_type: Text<'a>,
    /// The identifier itself.
    #[serde(borrow)]
    pub reference_locator: Text<'a>,
}

/// A relation between two elements.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Relationship<'a> {
    /// The element it starts from.
    #[serde(borrow)]
    pub spdx_element_id: Text<'a>,
    /// `DEPENDS_ON`, `DESCRIBES`, `GENERATES`.
    #[serde(borrow)]
    pub relationship_type: Text<'a>,
    /// The element it leads to.
    #[serde(borrow)]
    pub related_spdx_element: Text<'a>,
}

objects!(CreationInfo, Package, Checksum, ExternalRef, Relationship);

/// Number of entries of a list that is not read any further.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count(pub u64);

impl<'de> Shape<'de> for Count {
    fn from_list<A: SeqAccess<'de>>(mut list: A) -> Result<Option<Self>, A::Error> {
        let mut count = 0;
        while list.next_element::<IgnoredAny>()?.is_some() {
            count += 1;
        }
        Ok(Some(Self(count)))
    }
}
