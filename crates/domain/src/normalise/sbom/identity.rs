//! By what a component can be found: its package URL and its CPE names, checked where they come in.

use std::fmt::Display;

use standards::cpe::Cpe;
use standards::purl::Purl;

use super::{Notes, placeholder};

/// Identifiers of one component.
#[derive(Debug, Default)]
pub(in crate::normalise) struct Identity {
    /// The purl as stated, and its parts.
    pub(in crate::normalise) purl: Option<(String, Purl)>,
    /// CPE 2.3 names in order, each once.
    pub(in crate::normalise) cpes: Vec<String>,
    /// Other purls that were stated and do not count.
    more_purls: u64,
}

impl Identity {
    /// Takes a purl. The first that parses counts; see [`Identity::report`].
    pub(in crate::normalise) fn take_purl(&mut self, text: &str, place: &dyn Display, notes: &mut Notes) {
        let text = text.trim();
        if text.is_empty() || placeholder(text).is_some_and(|_| !text.starts_with("pkg:")) {
            return;
        }
        match (Purl::parse(text), &self.purl) {
            (Ok(purl), None) => {
                if text.contains("%24%7B") || text.contains("${") {
                    notes.warn(place, format!("the purl {text:?} holds an unresolved property"));
                }
                self.purl = Some((text.to_owned(), purl));
            }
            (Ok(_), Some((first, _))) if first == text => {}
            (Ok(_), Some(_)) => self.more_purls += 1,
            (Err(error), _) => notes.warn(place, format!("could not {error}; {text:?} was left out")),
        }
    }

    /// Says how many purls were left out.
    pub(in crate::normalise) fn report(&self, place: &dyn Display, notes: &mut Notes) {
        if let (1.., Some((first, _))) = (self.more_purls, &self.purl) {
            notes.warn(place, format!("states {} more purls, which were left out; {first:?} counts", self.more_purls));
        }
    }

    /// Takes a CPE name in either form.
    pub(in crate::normalise) fn take_cpe(&mut self, text: &str, place: &dyn Display, notes: &mut Notes) {
        if let Some(name) = cpe(text, place, notes)
            && !self.cpes.contains(&name)
        {
            self.cpes.push(name);
        }
    }
}

/// A CPE as a formatted string of 2.3. One that can be repaired is, with a warning; one that cannot is left out.
pub(in crate::normalise) fn cpe(text: &str, place: &dyn Display, notes: &mut Notes) -> Option<String> {
    let text = text.trim();
    if text.is_empty() || placeholder(text).is_some() {
        return None;
    }
    match Cpe::repair(text) {
        Ok((_, repairs)) if repairs.is_empty() && text.starts_with("cpe:2.3:") => Some(text.to_owned()),
        Ok((cpe, repairs)) => {
            let formatted = cpe.to_formatted();
            if let Some(repair) = repairs.first() {
                notes.warn(place, format!("the CPE {text:?} is malformed: {repair}; read as {formatted}"));
            }
            Some(formatted)
        }
        Err(error) => {
            notes.warn(place, format!("could not {error}; left out"));
            None
        }
    }
}
