//! Package URLs: `pkg:type/namespace/name@version?qualifiers#subpath` (purl-spec 1.0, ECMA-427).
//!
//! In: the text of an SBOM or advisory. Out: a [`Purl`] whose parts are decoded and normalised as its type asks, so that
//! equal purls have equal parts; [`Display`](fmt::Display) gives the canonical form.
//!
//! Two liberties are taken for the sake of real documents. Qualifier keys in capitals are read in lower case: the suite of
//! the specification wants that for `maven` and forbids it for `gem` and `rpm`. A namespace that a type requires may be
//! missing (`pkg:golang/stdlib`) unless the name alone says nothing, see [`types`](self).

mod encoding;
mod types;

use std::fmt;

/// A parsed package URL.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Purl {
    /// Package type, lower case: `npm`, `deb`.
    pub kind: String,
    /// Namespace, decoded, segments joined by `/`: `@babel`, `org.apache.logging.log4j`, `debian`.
    pub namespace: Option<String>,
    /// Name, decoded; never empty.
    pub name: String,
    /// Version, decoded; never empty.
    pub version: Option<String>,
    /// Qualifiers, decoded, keys in lower case, sorted by key; no key twice, no empty value.
    pub qualifiers: Vec<(String, String)>,
    /// Path inside the package, decoded, without `.`, `..` and empty segments.
    pub subpath: Option<String>,
}

/// Why a text is not a package URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PurlError {
    /// It does not begin with `pkg:`.
    #[error("read it as a package URL: it does not begin with pkg:")]
    Scheme,
    /// The type is missing, begins with a digit or has a character outside `a-z 0-9 . + -`.
    #[error("read the package URL's type {0:?}: letters, digits, '.', '+' and '-' are allowed, a letter first")]
    Type(String),
    /// There is no name.
    #[error("read the package URL: it has no name")]
    Name,
    /// A qualifier has no value separator or a key that is no identifier.
    #[error("read the package URL's qualifier {0:?}: a key of letters, digits, '.', '-' and '_', then '=' is needed")]
    Qualifier(String),
    /// A part is not UTF-8 after decoding.
    #[error("decode the package URL's part {0:?}: it is not UTF-8")]
    Encoding(String),
    /// The definition of the type forbids it.
    #[error("read it as a package URL of type {kind}: {rule}")]
    Rule {
        /// The type.
        kind: String,
        /// What is wrong, as a sentence fragment.
        rule: &'static str,
    },
}

impl Purl {
    /// Parses a package URL and normalises its parts as its type asks.
    ///
    /// # Errors
    /// [`PurlError`] when the text has no scheme, type or name, or breaks a rule of its type.
    pub fn parse(text: &str) -> Result<Self, PurlError> {
        let rest = after_scheme(text.trim()).ok_or(PurlError::Scheme)?;
        let (rest, subpath) = cut_last(rest, '#');
        let (rest, qualifiers) = cut_last(rest, '?');
        let rest = rest.trim_matches('/');
        let (kind, path) = rest.split_once('/').ok_or_else(|| no_path(rest))?;
        let (path, version) = cut_version(path);
        let mut segments: Vec<String> =
            path.split('/').filter(|s| !s.is_empty()).map(encoding::decode).collect::<Result<_, _>>()?;
        // A trailing slash stands where the name should be.
        let name = if path.ends_with('/') { None } else { segments.pop() };
        Self {
            kind: kind.to_owned(),
            namespace: Some(segments.join("/")),
            name: name.ok_or(PurlError::Name)?,
            version: version.map(encoding::decode).transpose()?,
            qualifiers: qualifiers.map(parse_qualifiers).transpose()?.unwrap_or_default(),
            subpath: subpath.map(parse_subpath).transpose()?,
        }
        .normalised()
    }

    /// Checks and normalises parts that were put together by hand, as [`Purl::parse`] does for text.
    ///
    /// # Errors
    /// As [`Purl::parse`].
    pub fn normalised(mut self) -> Result<Self, PurlError> {
        if !valid_kind(&self.kind) {
            return Err(PurlError::Type(self.kind));
        }
        self.kind.make_ascii_lowercase();
        self.namespace = self.namespace.map(|text| text.trim_matches('/').to_owned()).filter(|text| !text.is_empty());
        self.version = self.version.filter(|text| !text.is_empty());
        self.subpath = self.subpath.map(|text| clean_subpath(&text)).filter(|text| !text.is_empty());
        for (key, _) in &mut self.qualifiers {
            if !valid_key(key) {
                return Err(PurlError::Qualifier(key.clone()));
            }
            key.make_ascii_lowercase();
        }
        self.qualifiers.retain(|(_, value)| !value.is_empty());
        self.qualifiers.sort();
        self.qualifiers.dedup_by(|later, first| later.0 == first.0);
        types::normalise(&mut self);
        if self.name.is_empty() {
            return Err(PurlError::Name);
        }
        match types::broken_rule(&self) {
            Some(rule) => Err(PurlError::Rule { kind: self.kind, rule }),
            None => Ok(self),
        }
    }

    /// The value of a qualifier; `key` in lower case.
    pub fn qualifier(&self, key: &str) -> Option<&str> {
        self.qualifiers.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }
}

/// The canonical form (purl-spec, "How to build a purl string from its components").
impl fmt::Display for Purl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "pkg:{}/", self.kind)?;
        if let Some(namespace) = &self.namespace {
            encoding::write_path(f, namespace)?;
            f.write_str("/")?;
        }
        // Only `git` has names of several segments; everywhere else a slash in a name is an escaped one.
        if self.kind == "git" {
            encoding::write_path(f, &self.name)?;
        } else {
            encoding::write(f, &self.name)?;
        }
        if let Some(version) = &self.version {
            f.write_str("@")?;
            encoding::write(f, version)?;
        }
        for (position, (key, value)) in self.qualifiers.iter().enumerate() {
            write!(f, "{}{key}=", if position == 0 { '?' } else { '&' })?;
            encoding::write(f, value)?;
        }
        if let Some(subpath) = &self.subpath {
            f.write_str("#")?;
            encoding::write_path(f, subpath)?;
        }
        Ok(())
    }
}

fn after_scheme(text: &str) -> Option<&str> {
    let (scheme, rest) = text.split_once(':')?;
    scheme.eq_ignore_ascii_case("pkg").then(|| rest.trim_start_matches('/'))
}

fn cut_last(text: &str, mark: char) -> (&str, Option<&str>) {
    match text.rsplit_once(mark) {
        Some((before, after)) => (before, Some(after)),
        None => (text, None),
    }
}

/// Cuts at the last `@`, unless it opens a segment: then it belongs to an npm scope that nobody escaped.
fn cut_version(path: &str) -> (&str, Option<&str>) {
    match path.rsplit_once('@') {
        Some((before, after)) if !opens_scope(before, after) => (before, Some(after)),
        _ => (path, None),
    }
}

fn opens_scope(before: &str, after: &str) -> bool {
    (before.is_empty() || before.ends_with('/')) && after.contains('/')
}

fn no_path(kind: &str) -> PurlError {
    if valid_kind(kind) { PurlError::Name } else { PurlError::Type(kind.to_owned()) }
}

fn parse_qualifiers(text: &str) -> Result<Vec<(String, String)>, PurlError> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('=').ok_or_else(|| PurlError::Qualifier(pair.to_owned()))?;
            Ok((key.to_owned(), encoding::decode(value)?))
        })
        .collect()
}

fn parse_subpath(text: &str) -> Result<String, PurlError> {
    let segments: Vec<String> = text.split('/').map(encoding::decode).collect::<Result<_, _>>()?;
    Ok(segments.join("/"))
}

fn clean_subpath(text: &str) -> String {
    let segments: Vec<&str> = text.split('/').filter(|segment| !matches!(*segment, "" | "." | "..")).collect();
    segments.join("/")
}

fn valid_kind(kind: &str) -> bool {
    kind.starts_with(|c: char| c.is_ascii_alphabetic())
        && kind.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '+' | '-'))
}

fn valid_key(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
}

#[cfg(test)]
mod tests;
