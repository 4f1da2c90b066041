//! CycloneDX 1.2 to 1.7 (ECMA-424): the parts of a bill of materials that monitoring needs, from JSON and from XML.
//!
//! In: text. Out: a [`Bom`] whose fields are tolerated one by one ([`crate::lenient`]); text is borrowed where it holds no
//! escapes. Both forms fill the same types, so that a document says the same in either. Writing is limited to
//! vulnerability statements, see [`vex`]. Specification: <https://cyclonedx.org/specification/overview/>.

pub mod vex;
pub mod xml;

use std::borrow::Cow;

use serde::Deserialize;
use serde::de::{IgnoredAny, MapAccess, SeqAccess};

use crate::lenient::{Lax, List, Shape, Text, objects};

/// Reads the JSON form.
///
/// # Errors
/// When the text is not JSON, is nested deeper than `serde_json` allows, or an object names one of its fields twice.
pub fn from_json(text: &str) -> Result<Bom<'_>, serde_json::Error> {
    serde_json::from_str(text)
}

/// A bill of materials.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Bom<'a> {
    /// Always `CycloneDX`; absent in XML.
    #[serde(borrow)]
    pub bom_format: Text<'a>,
    /// Version of the specification, `1.5`; from the namespace in XML.
    #[serde(borrow)]
    pub spec_version: Text<'a>,
    /// `urn:uuid:…`.
    #[serde(borrow)]
    pub serial_number: Text<'a>,
    /// Who made it, when, and what it describes.
    #[serde(borrow)]
    pub metadata: Lax<Metadata<'a>>,
    /// What is inside.
    #[serde(borrow)]
    pub components: List<Component<'a>>,
    /// Edges between components.
    #[serde(borrow)]
    pub dependencies: List<Dependency<'a>>,
    /// How many services it lists.
    pub services: Lax<Count>,
    /// How many vulnerabilities it lists.
    pub vulnerabilities: Lax<Count>,
}

/// Facts about the document.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Metadata<'a> {
    /// When it was made.
    #[serde(borrow)]
    pub timestamp: Text<'a>,
    /// What made it.
    #[serde(borrow)]
    pub tools: Lax<Tools<'a>>,
    /// Who made it.
    #[serde(borrow)]
    pub authors: List<Contact<'a>>,
    /// What it describes.
    #[serde(borrow)]
    pub component: Lax<Box<Component<'a>>>,
    /// The organisation that made the document (1.6) or, up to 1.5 as `manufacture`, the product.
    #[serde(borrow)]
    pub manufacturer: Lax<Organisations<'a>>,
    /// The same up to 1.5.
    #[serde(borrow)]
    pub manufacture: Lax<Organisations<'a>>,
    /// The organisation that supplied the product.
    #[serde(borrow)]
    pub supplier: Lax<Organisations<'a>>,
}

/// One component. Field names are those of the JSON form.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Component<'a> {
    /// `library`, `application`, `operating-system` and others.
    #[serde(borrow, rename = "type")]
    pub kind: Text<'a>,
    /// Identifier within the document.
    #[serde(borrow, rename = "bom-ref")]
    pub bom_ref: Text<'a>,
    /// The organisation that supplied it.
    #[serde(borrow)]
    pub supplier: Lax<Organisations<'a>>,
    /// The organisation that made it (1.6).
    #[serde(borrow)]
    pub manufacturer: Lax<Organisations<'a>>,
    /// The persons who made it (1.6).
    #[serde(borrow)]
    pub authors: List<Contact<'a>>,
    /// The person who made it, up to 1.5.
    #[serde(borrow)]
    pub author: Text<'a>,
    /// Who published it.
    #[serde(borrow)]
    pub publisher: Text<'a>,
    /// Group or namespace.
    #[serde(borrow)]
    pub group: Text<'a>,
    /// Name.
    #[serde(borrow)]
    pub name: Text<'a>,
    /// Version.
    #[serde(borrow)]
    pub version: Text<'a>,
    /// Hashes.
    #[serde(borrow)]
    pub hashes: List<Hash<'a>>,
    /// Licences.
    #[serde(borrow)]
    pub licenses: List<LicenceChoice<'a>>,
    /// CPE 2.2 or 2.3 name.
    #[serde(borrow)]
    pub cpe: Text<'a>,
    /// Package URL.
    #[serde(borrow)]
    pub purl: Text<'a>,
    /// Free names and values.
    #[serde(borrow)]
    pub properties: List<Property<'a>>,
    /// Components inside this one.
    #[serde(borrow)]
    pub components: List<Component<'a>>,
}

/// A hash of a component's file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Hash<'a> {
    /// `SHA-256`.
    #[serde(borrow)]
    pub alg: Text<'a>,
    /// Hexadecimal digits.
    #[serde(borrow)]
    pub content: Text<'a>,
}

/// One entry of `licenses`: a licence or an expression.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct LicenceChoice<'a> {
    /// A licence.
    #[serde(borrow)]
    pub license: Lax<Licence<'a>>,
    /// An SPDX expression.
    #[serde(borrow)]
    pub expression: Text<'a>,
}

/// A licence by SPDX identifier or by name.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Licence<'a> {
    /// SPDX identifier.
    #[serde(borrow)]
    pub id: Text<'a>,
    /// Name of a licence without identifier.
    #[serde(borrow)]
    pub name: Text<'a>,
    /// Address of its text.
    #[serde(borrow)]
    pub url: Text<'a>,
}

/// A property: free name, free value.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Property<'a> {
    /// Name.
    #[serde(borrow)]
    pub name: Text<'a>,
    /// Value.
    #[serde(borrow)]
    pub value: Text<'a>,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Contact<'a> {
    /// Name.
    #[serde(borrow)]
    pub name: Text<'a>,
    /// Address.
    #[serde(borrow)]
    pub email: Text<'a>,
}

/// A tool, in the shape of 1.4 (`vendor`) or as a component (1.5).
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Tool<'a> {
    /// Who made the tool, up to 1.4.
    #[serde(borrow)]
    pub vendor: Text<'a>,
    /// Name.
    #[serde(borrow)]
    pub name: Text<'a>,
    /// Version.
    #[serde(borrow)]
    pub version: Text<'a>,
}

/// What one component needs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Dependency<'a> {
    /// The component's reference.
    #[serde(borrow, rename = "ref")]
    pub reference: Text<'a>,
    /// References of what it needs.
    #[serde(borrow)]
    pub depends_on: List<Cow<'a, str>>,
}

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Organisation<'a> {
    /// Name.
    #[serde(borrow)]
    pub name: Text<'a>,
}

objects!(Metadata, Component, Hash, LicenceChoice, Licence, Property, Contact, Tool, Dependency, Organisation);

/// One organisation, or several where BSI TR-03183-2's mapping table was followed to the letter.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Organisations<'a>(pub Vec<Lax<Organisation<'a>>>);

impl<'de: 'a, 'a> Shape<'de> for Organisations<'a> {
    fn from_list<A: SeqAccess<'de>>(list: A) -> Result<Option<Self>, A::Error> {
        Ok(Vec::from_list(list)?.map(Self))
    }

    fn from_object<A: MapAccess<'de>>(object: A) -> Result<Option<Self>, A::Error> {
        Ok(Organisation::from_object(object)?.map(|one| Self(vec![Lax::Value(one)])))
    }
}

/// Tools: a list up to 1.4, from 1.5 also an object that holds components.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tools<'a>(pub Vec<Lax<Tool<'a>>>);

impl<'de: 'a, 'a> Shape<'de> for Tools<'a> {
    fn from_list<A: SeqAccess<'de>>(list: A) -> Result<Option<Self>, A::Error> {
        Ok(Vec::from_list(list)?.map(Self))
    }

    fn from_object<A: MapAccess<'de>>(mut object: A) -> Result<Option<Self>, A::Error> {
        let mut tools = Self::default();
        while let Some(name) = object.next_key::<Text<'a>>()? {
            if matches!(name.as_str(), "components" | "services") {
                let list = object.next_value::<List<Tool<'a>>>()?;
                if let Lax::Value(list) = list {
                    tools.0.extend(list);
                }
            } else {
                object.next_value::<IgnoredAny>()?;
            }
        }
        Ok(Some(tools))
    }
}

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
