//! JSON read tolerantly: a field of the wrong type is a fact about the document, not the end of reading it.
//!
//! Shape: a field of type [`Lax<T>`] never fails on the type of what it finds. It is absent (or `null`), wrong, or a
//! value; whoever uses it decides what to say about a wrong one. Text is borrowed from the document where it holds no
//! escapes. Syntax errors still end the reading (RFC 8259), and so does nesting deeper than `serde_json` allows.

use std::borrow::Cow;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A field as found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Lax<T> {
    /// Not there, or `null`.
    #[default]
    Absent,
    /// There, but of another type: `a number`, `a list`.
    Wrong(&'static str),
    /// As it should be.
    Value(T),
}

/// Text, borrowed where possible. Whole numbers are taken as their digits.
pub type Text<'a> = Lax<Cow<'a, str>>;

/// A list whose elements are each tolerated.
pub type List<T> = Lax<Vec<Lax<T>>>;

impl<T> Lax<T> {
    /// The value, if there is a good one.
    pub fn value(&self) -> Option<&T> {
        match self {
            Self::Value(value) => Some(value),
            Self::Absent | Self::Wrong(_) => None,
        }
    }
}

impl Text<'_> {
    /// The text; empty if there is none.
    pub fn as_str(&self) -> &str {
        self.value().map_or("", AsRef::as_ref)
    }
}

impl<T> Lax<Vec<Lax<T>>> {
    /// The good elements with their index.
    pub fn values(&self) -> impl Iterator<Item = (usize, &T)> {
        let elements = self.value().map_or(&[][..], Vec::as_slice);
        elements.iter().enumerate().filter_map(|(index, element)| Some((index, element.value()?)))
    }
}

/// An object with free names, in the document's order.
pub type Members<'a, T> = Lax<Vec<(Cow<'a, str>, T)>>;

/// A type that knows which JSON values it can be made of; all others it lets pass.
pub trait Shape<'de>: Sized {
    /// From a string.
    fn from_text(_text: Cow<'de, str>) -> Option<Self> {
        None
    }

    /// From a number without sign and fraction.
    fn from_whole(_number: u64) -> Option<Self> {
        None
    }

    /// From a number with a fraction.
    fn from_fraction(_number: f64) -> Option<Self> {
        None
    }

    /// From `true` or `false`.
    fn from_bool(_value: bool) -> Option<Self> {
        None
    }

    /// From a list, which has to be read to its end.
    fn from_list<A: SeqAccess<'de>>(mut list: A) -> Result<Option<Self>, A::Error> {
        while list.next_element::<Passed>()?.is_some() {}
        Ok(None)
    }

    /// From an object, which has to be read to its end.
    fn from_object<A: MapAccess<'de>>(mut object: A) -> Result<Option<Self>, A::Error> {
        while object.next_entry::<IgnoredAny, Passed>()?.is_some() {}
        Ok(None)
    }
}

impl<'de: 'a, 'a> Shape<'de> for Cow<'a, str> {
    fn from_text(text: Cow<'de, str>) -> Option<Self> {
        Some(text)
    }

    fn from_whole(number: u64) -> Option<Self> {
        Some(Cow::Owned(number.to_string()))
    }
}

impl Shape<'_> for u64 {
    fn from_whole(number: u64) -> Option<Self> {
        Some(number)
    }
}

impl Shape<'_> for bool {
    fn from_bool(value: bool) -> Option<Self> {
        Some(value)
    }
}

impl<'de, T: Shape<'de>> Shape<'de> for Vec<Lax<T>> {
    fn from_list<A: SeqAccess<'de>>(mut list: A) -> Result<Option<Self>, A::Error> {
        let mut elements = Self::new();
        while let Some(element) = list.next_element()? {
            elements.push(element);
        }
        Ok(Some(elements))
    }
}

/// An object with free names, in the document's order. A name that stands twice is kept twice.
impl<'de: 'a, 'a, T: Shape<'de>> Shape<'de> for Vec<(Cow<'a, str>, Lax<T>)> {
    fn from_object<A: MapAccess<'de>>(mut object: A) -> Result<Option<Self>, A::Error> {
        let mut members = Self::new();
        while let Some(name) = object.next_key::<Lax<Cow<'a, str>>>()? {
            let value = object.next_value()?;
            if let Lax::Value(name) = name {
                members.push((name, value));
            }
        }
        Ok(Some(members))
    }
}

impl<'de, T: Shape<'de>> Shape<'de> for Box<T> {
    fn from_object<A: MapAccess<'de>>(object: A) -> Result<Option<Self>, A::Error> {
        Ok(T::from_object(object)?.map(Box::new))
    }
}

impl<'de, T: Shape<'de>> Deserialize<'de> for Lax<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue(PhantomData))
    }
}

struct AnyValue<T>(PhantomData<T>);

impl<T> AnyValue<T> {
    fn or_wrong(value: Option<T>, found: &'static str) -> Lax<T> {
        value.map_or(Lax::Wrong(found), Lax::Value)
    }
}

impl<'de, T: Shape<'de>> Visitor<'de> for AnyValue<T> {
    type Value = Lax<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Lax<T>, E> {
        Ok(Self::or_wrong(T::from_text(Cow::Borrowed(text)), "text"))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Lax<T>, E> {
        Ok(Self::or_wrong(T::from_text(Cow::Owned(text.to_owned())), "text"))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Lax<T>, E> {
        Ok(Self::or_wrong(T::from_whole(number), "a number"))
    }

    fn visit_i64<E: Error>(self, _number: i64) -> Result<Lax<T>, E> {
        Ok(Lax::Wrong("a negative number"))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Lax<T>, E> {
        Ok(Self::or_wrong(T::from_fraction(number), "a fraction"))
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Lax<T>, E> {
        Ok(Self::or_wrong(T::from_bool(value), "true or false"))
    }

    fn visit_unit<E: Error>(self) -> Result<Lax<T>, E> {
        Ok(Lax::Absent)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, list: A) -> Result<Lax<T>, A::Error> {
        Ok(Self::or_wrong(T::from_list(list)?, "a list"))
    }

    fn visit_map<A: MapAccess<'de>>(self, object: A) -> Result<Lax<T>, A::Error> {
        Ok(Self::or_wrong(T::from_object(object)?, "an object"))
    }
}

/// A value that nobody needs, in a field that has a meaning. Unlike [`IgnoredAny`] it counts its nesting, so that a field
/// with a hundred thousand brackets ends the reading instead of being of another type.
struct Passed;

impl<'de> Deserialize<'de> for Passed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for Passed {
    type Value = Self;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any value")
    }

    fn visit_str<E: Error>(self, _text: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E: Error>(self, _number: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E: Error>(self, _number: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E: Error>(self, _number: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_bool<E: Error>(self, _value: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_unit<E: Error>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self, A::Error> {
        while list.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Self, A::Error> {
        while object.next_entry::<IgnoredAny, Self>()?.is_some() {}
        Ok(self)
    }
}

/// Makes structs that derive `Deserialize` usable inside [`Lax`].
macro_rules! objects {
    ($($name:ident),+ $(,)?) => {$(
        impl<'de: 'a, 'a> $crate::lenient::Shape<'de> for $name<'a> {
            fn from_object<A: serde::de::MapAccess<'de>>(object: A) -> Result<Option<Self>, A::Error> {
                let object = serde::de::value::MapAccessDeserializer::new(object);
                serde::Deserialize::deserialize(object).map(Some)
            }
        }
    )+};
}
pub(crate) use objects;
