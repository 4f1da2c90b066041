//! The types of VERS: which order each stands for (5.3.2; vers-spec, "Version schemes").

use crate::versions::Scheme;

/// The order of a type's versions: a package URL type's, or that of a type of VERS' own. [`Scheme::Generic`] if unknown.
pub fn scheme_of(kind: &str) -> Scheme {
    match kind {
        "semver" | "nginx" | "apache" | "mattermost" | "mozilla" | "github" => Scheme::Semver,
        "intdot" => Scheme::Intdot,
        "lexicographic" => Scheme::Lexicographic,
        "datetime" => Scheme::Datetime,
        "openssl" => Scheme::Openssl,
        "jvm" => Scheme::Jvm,
        // Names of older editions and of tools that write VERS.
        "alpine" => Scheme::Apk,
        "archlinux" | "arch" => Scheme::Alpm,
        "gentoo" => Scheme::Gentoo,
        "dart" => Scheme::Pub,
        "go" => Scheme::Go,
        _ => Scheme::of_purl_type(kind),
    }
}

/// Whether the type is reserved for documents and tests and so defines no order (5.3.2.1).
pub fn is_reserved(kind: &str) -> bool {
    matches!(kind, "example" | "invalid" | "test")
}

/// Whether the type is `all` or `none`, whose only range is `*`.
pub fn is_extreme(kind: &str) -> bool {
    matches!(kind, "all" | "none")
}

/// Whether the text is a type: lower-case letters, digits, `.` and `-`, beginning with a letter.
pub fn is_valid(kind: &str) -> bool {
    let belongs = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b".-".contains(&byte);
    kind.starts_with(|first: char| first.is_ascii_lowercase()) && kind.bytes().all(belongs)
}
