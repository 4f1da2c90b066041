//! How names and addresses are folded, so that different spellings of one thing are one key.

/// Words that say how a company is organised, not which one it is.
const LEGAL_FORMS: &[&str] = &[
    "inc",
    "incorporated",
    "gmbh",
    "mbh",
    "corp",
    "corporation",
    "co",
    "company",
    "ltd",
    "limited",
    "llc",
    "plc",
    "ag",
    "se",
    "sa",
    "sas",
    "srl",
    "spa",
    "bv",
    "nv",
    "ab",
    "as",
    "oy",
    "kg",
    "kgaa",
    "foundation",
    "the",
];

/// A vendor's name: folded as a product's, without legal forms (unless nothing else is left).
pub(super) fn vendor(name: &str) -> String {
    // `B.V.` and `S.p.A.` are one word each.
    let folded = product(&name.replace('.', ""));
    let words: Vec<&str> = folded.split(' ').filter(|word| !LEGAL_FORMS.contains(word)).collect();
    if words.is_empty() { folded } else { words.join(" ") }
}

/// A product's name: lower case, every run of other characters than letters and digits as one space.
pub(super) fn product(name: &str) -> String {
    let lower = name.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// Whether a stated vendor or product is a placeholder.
pub(super) fn names_nothing(name: &str) -> bool {
    matches!(
        product(name).as_str(),
        "" | "n a" | "na" | "none" | "unknown" | "unspecified" | "noassertion" | "multiple vendors"
    )
}

/// A repository's address: host and path in lower case, without scheme, user, port, `.git`, revision and query.
pub(super) fn repository(url: &str) -> String {
    let url = url.trim();
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let rest = rest.split(['?', '#']).next().unwrap_or(rest);
    let (authority, path) = split_authority(rest);
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host).trim_start_matches("www.");
    // A revision may follow the path: `repo.git@4345abcd`.
    let path = path.rsplit_once('@').map_or(path, |(before, _)| before).trim_matches('/');
    let path = path.split("/-/").next().unwrap_or(path);
    let path = on_github(host).then(|| owner_and_name(path)).flatten().unwrap_or(path);
    let path = path.trim_end_matches('/');
    format!("{host}/{}", path.strip_suffix(".git").unwrap_or(path)).to_lowercase()
}

/// Splits `host/path`, `host:port/path` and scp's `user@host:path`.
fn split_authority(rest: &str) -> (&str, &str) {
    let end = rest.find('/').unwrap_or(rest.len());
    match rest[..end].split_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => (host, &rest[end..]),
        Some((host, _)) => (host, &rest[host.len() + 1..]),
        None => (&rest[..end], &rest[end..]),
    }
}

fn on_github(host: &str) -> bool {
    host.eq_ignore_ascii_case("github.com")
}

/// The first two segments: what follows (`/tree/main`) is inside the repository.
fn owner_and_name(path: &str) -> Option<&str> {
    let owner = path.find('/')?;
    let name = path[owner + 1..].find('/')?;
    Some(&path[..owner + 1 + name])
}
