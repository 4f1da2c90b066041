//! Reading what breaks the rules but is plain to understand.

use super::{Comparator, Constraint, Vers, percent, types};
use crate::versions::{Scheme, compare};

/// Reads tolerantly; see [`Vers::read`].
pub(super) fn read(text: &str) -> Option<Vers> {
    let text = text.trim();
    let (scheme, specifier) = text.split_once(':')?;
    let (kind, list) = specifier.split_once('/')?;
    let kind = kind.trim().to_ascii_lowercase();
    if !scheme.trim().eq_ignore_ascii_case("vers") || !types::is_valid(&kind) || kind == "invalid" {
        return None;
    }
    let parts = || list.split('|').map(str::trim).filter(|part| !part.is_empty());
    parts().next()?;
    if parts().any(|part| part == "*") {
        return Some(Vers { kind, constraints: Vec::new() });
    }
    let mut constraints = parts().map(constraint).collect::<Option<Vec<_>>>()?;
    sort(types::scheme_of(&kind), &mut constraints, |constraint| &constraint.version);
    Some(Vers { kind, constraints })
}

fn constraint(text: &str) -> Option<Constraint> {
    let (comparator, encoded) = match text.get(..2) {
        Some("=>") => (Comparator::GreaterOrEqual, &text[2..]),
        Some("=<") => (Comparator::LessOrEqual, &text[2..]),
        Some("==") => (Comparator::Equal, &text[2..]),
        _ => Comparator::split(text.strip_prefix('=').unwrap_or(text)),
    };
    let version = percent::decode_tolerantly(encoded.trim())?;
    let has_sign = encoded.contains(['<', '>', '=', '!', '*']);
    (!version.is_empty() && !has_sign).then(|| Constraint { comparator, version: version.into_owned() })
}

/// Sorts by version, keeping the order of equal ones: in the scheme's order if it reads all of them, else in the generic
/// order, since a mixture of both would be no order.
pub(super) fn sort<T>(scheme: Scheme, items: &mut [T], version: impl Fn(&T) -> &str) {
    let is_native = |item: &T| compare(scheme, version(item), version(item)).native;
    let scheme = if items.iter().all(is_native) { scheme } else { Scheme::Generic };
    items.sort_by(|left, right| compare(scheme, version(left), version(right)).ordering);
}
