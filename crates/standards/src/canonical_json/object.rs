//! Objects in canonical JSON: members are written as they come and put in order when the object closes.
//!
//! Members that arrive in order, as those of a `BTreeMap` with ASCII keys do, are not moved at all.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::ops::Range;

use serde::Serialize;
use serde::ser::{SerializeMap, SerializeStruct, SerializeStructVariant};
use serde_json::Value;

use super::Error;
use super::serializer::{Serializer, string};

/// An object being written.
pub(super) struct Object<'a> {
    out: &'a mut Vec<u8>,
    /// Where the first member begins in `out`.
    start: usize,
    members: Vec<Member>,
    closing: &'static str,
}

/// A member's name, and where it lies in `out`, name and value, without commas.
struct Member {
    name: Cow<'static, str>,
    text: Range<usize>,
}

impl<'a> Object<'a> {
    pub(super) fn open(out: &'a mut Vec<u8>, closing: &'static str) -> Self {
        out.push(b'{');
        let start = out.len();
        Self { out, start, members: Vec::with_capacity(16), closing }
    }

    fn name(&mut self, name: Cow<'static, str>) {
        if !self.members.is_empty() {
            self.out.push(b',');
        }
        let start = self.out.len();
        string(self.out, &name);
        self.out.push(b':');
        self.members.push(Member { name, text: start..start });
    }

    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        value.serialize(Serializer { out: &mut *self.out })?;
        if let Some(member) = self.members.last_mut() {
            member.text.end = self.out.len();
        }
        Ok(())
    }

    fn close(mut self) -> Result<(), Error> {
        if !self.members.is_sorted_by(|a, b| order(&a.name, &b.name) == Ordering::Less) {
            self.rearrange()?;
        }
        self.out.extend_from_slice(self.closing.as_bytes());
        Ok(())
    }

    fn rearrange(&mut self) -> Result<(), Error> {
        self.members.sort_unstable_by(|a, b| order(&a.name, &b.name));
        if let Some(pair) = self.members.windows(2).find(|pair| pair[0].name == pair[1].name) {
            return Err(Error::DuplicateMember(pair[0].name.clone().into_owned()));
        }
        let written = self.out.split_off(self.start);
        for (index, member) in self.members.iter().enumerate() {
            if index > 0 {
                self.out.push(b',');
            }
            self.out.extend_from_slice(&written[member.text.start - self.start..member.text.end - self.start]);
        }
        Ok(())
    }
}

/// RFC 8785 section 3.2.3: as arrays of UTF-16 code units, independent of locale.
fn order(a: &str, b: &str) -> Ordering {
    if a.is_ascii() && b.is_ascii() { a.cmp(b) } else { a.encode_utf16().cmp(b.encode_utf16()) }
}

impl SerializeMap for Object<'_> {
    type Ok = ();
    type Error = Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), Error> {
        match serde_json::to_value(key).map_err(|error| Error::Value(error.to_string()))? {
            Value::String(name) => self.name(name.into()),
            Value::Number(number) if !number.is_f64() => self.name(number.to_string().into()),
            _ => return Err(Error::Key),
        }
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Error> {
        self.value(value)
    }

    fn end(self) -> Result<(), Error> {
        self.close()
    }
}

macro_rules! fields {
    ($($trait:ident),*) => {
        $(impl $trait for Object<'_> {
            type Ok = ();
            type Error = Error;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Error> {
                self.name(name.into());
                self.value(value)
            }

            fn end(self) -> Result<(), Error> {
                self.close()
            }
        })*
    };
}

fields!(SerializeStruct, SerializeStructVariant);
