//! How ecosystems spell names, so that one package has one name (R21). Nothing here guesses: two names that stay different
//! are different packages.

use super::{Spelling, base_name, distribution, named_language};

/// The name as its ecosystem spells it: PEP 503 for PyPI, lower case for NuGet, Composer and Debian, and so on.
///
/// An unknown ecosystem's names stay as they are.
pub fn normalise_name(osv_ecosystem: &str, name: &str) -> String {
    let base = base_name(osv_ecosystem);
    let name = name.trim();
    match named_language(base) {
        Some(ecosystem) => spell(ecosystem.spelling, name),
        None if distribution::named(base).is_some_and(|found| found.lower_names) => name.to_lowercase(),
        None => name.to_owned(),
    }
}

fn spell(spelling: Spelling, name: &str) -> String {
    match spelling {
        Spelling::Exact => name.to_owned(),
        Spelling::Lower => name.to_lowercase(),
        Spelling::Pep503 => pep503(name),
        Spelling::Crate => name.to_lowercase().replace('_', "-"),
        Spelling::Go => name.replace('!', "").trim_end_matches('/').to_lowercase(),
        Spelling::Repository => repository(name),
    }
}

/// PEP 503, "Normalized Names". An extra in brackets is no part of the name.
fn pep503(name: &str) -> String {
    let name = name.split('[').next().unwrap_or(name).trim();
    let mut spelled = String::with_capacity(name.len());
    for c in name.chars() {
        if !matches!(c, '-' | '_' | '.') {
            spelled.extend(c.to_lowercase());
        } else if !spelled.ends_with('-') {
            spelled.push('-');
        }
    }
    spelled
}

fn repository(name: &str) -> String {
    let address = name.split_once("://").map_or(name, |(_, rest)| rest).trim_end_matches('/');
    address.strip_suffix(".git").unwrap_or(address).to_lowercase()
}
