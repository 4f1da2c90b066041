//! Which edition of a document this is, and whether it may replace another (CSAF 2.0, 3.2.1.12.9: `version` only grows).

use std::cmp::Ordering;

use standards::csaf::Record;
use standards::lenient::Lax;
use standards::versions::{Scheme, compare};

use super::super::common::parse;

/// What tells the editions of a document apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Edition {
    /// Namespace of the publisher, without the slash at its end; identifiers are unique inside it.
    pub namespace: String,
    /// `tracking.version`: a number, or three of them (semantic versioning).
    pub version: String,
}

/// Reads the edition of a document; `None` if it is no CSAF document.
pub fn edition(bytes: &[u8]) -> Option<Edition> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let csaf: Record<'_> = parse(bytes).ok()?;
    let Lax::Value(document) = &csaf.document else { return None };
    let Lax::Value(tracking) = &document.tracking else { return None };
    let namespace = document.publisher.value().map_or("", |publisher| publisher.namespace.as_str());
    Some(Edition {
        namespace: namespace.trim().trim_end_matches('/').to_ascii_lowercase(),
        version: tracking.version.as_str().trim().to_owned(),
    })
}

impl Edition {
    /// Whether it may take the place of `held`.
    ///
    /// # Errors
    /// Why not, as a sentence.
    pub fn may_replace(&self, held: &Self) -> Result<(), String> {
        if !self.namespace.is_empty() && !held.namespace.is_empty() && self.namespace != held.namespace {
            return Err(format!(
                "It is of {}, and a document of {} is known under this identifier; two such providers need two sources.",
                self.namespace, held.namespace
            ));
        }
        if self.order(held) == Some(Ordering::Less) {
            let (new, known) = (&self.version, &held.version);
            return Err(format!("It is version {new}, and version {known} is known; it does not replace that."));
        }
        Ok(())
    }

    /// The order of the versions; `None` where one is missing or they are of different kinds.
    fn order(&self, held: &Self) -> Option<Ordering> {
        if let (Ok(new), Ok(known)) = (self.version.parse::<u64>(), held.version.parse::<u64>()) {
            return Some(new.cmp(&known));
        }
        let both = self.version.contains('.') && held.version.contains('.');
        both.then(|| compare(Scheme::Semver, &self.version, &held.version).ordering)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(version: &str) -> Edition {
        let text = format!(
            r#"{{"document":{{"publisher":{{"name":"PSIRT","namespace":"https://vendor.example/"}},
            "tracking":{{"id":"VENDOR-1","version":"{version}"}}}}}}"#
        );
        edition(text.as_bytes()).unwrap()
    }

    #[test]
    fn a_lower_version_does_not_replace_a_higher_one() {
        let (ninth, tenth) = (of("9"), of("10"));
        assert!(tenth.may_replace(&ninth).is_ok() && tenth.may_replace(&tenth).is_ok());
        assert!(ninth.may_replace(&tenth).unwrap_err().contains("version 9, and version 10"));
        assert!(of("1.10.0").may_replace(&of("1.9.0")).is_ok() && of("1.9.0").may_replace(&of("1.10.0")).is_err());
        assert!(of("").may_replace(&tenth).is_ok() && of("2.0.0").may_replace(&tenth).is_ok(), "not to be compared");
    }

    #[test]
    fn another_publishers_document_of_the_same_identifier_is_no_edition() {
        let ours = of("1");
        let theirs = Edition { namespace: "https://other.example".to_owned(), ..of("2") };
        assert!(theirs.may_replace(&ours).unwrap_err().contains("https://other.example"));
        assert_eq!(ours.namespace, "https://vendor.example");
        assert_eq!(edition(b"[]"), None);
    }
}
