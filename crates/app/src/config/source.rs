//! A source as typed, and what it means: what is not typed is as its kind's facts say.

use std::path::Path;

use domain::model::source::{Family, SourceId};
use domain::model::tlp::Tlp;
use sources::{Kind, Login, Secret, SourceConfig, kind};
use toml::Spanned;

use super::fault::{self, Located};
use super::{ConfiguredSource, duration, raw};

/// Reads a source. `folder` is the workspace, for files it names.
pub(super) fn resolve(raw: raw::Source, folder: &Path) -> Result<ConfiguredSource, Located> {
    let kind = source_kind(&raw)?;
    let facts = kind.facts();
    let every_hours = raw.every.as_ref().map(duration::hours).transpose()?.unwrap_or(facts.every_hours);
    let fresh_hours =
        raw.fresh.as_ref().map(duration::hours).transpose()?.unwrap_or(facts.fresh_hours.max(every_hours));
    if fresh_hours < every_hours {
        let place = raw.fresh.as_ref().or(raw.every.as_ref()).unwrap_or(&raw.kind);
        return Err(Located::at(
            place,
            "a source that may not be older than its own rhythm is never fresh: raise `fresh` or lower `every`"
                .to_owned(),
        ));
    }
    let data_fresh_hours = match &raw.data_fresh {
        Some(off) if off.get_ref().trim() == "off" => None,
        Some(limit) => Some(duration::hours(limit)?),
        // Between two fetches the data grow older, too: the limit is never below the one on fetches.
        None => facts.data_fresh_hours.map(|hours| hours.max(fresh_hours)),
    };
    let shrink_percent = raw.shrink_percent.as_ref().map_or(facts.shrink_percent, |percent| *percent.get_ref());
    if let Some(percent) = raw.shrink_percent.as_ref().filter(|percent| *percent.get_ref() > 100) {
        return Err(Located::at(percent, "a share in percent is 0 to 100".to_owned()));
    }
    let url = raw.url.clone().unwrap_or_else(|| facts.url.to_owned());
    if url.is_empty() {
        return Err(Located::at(&raw.kind, format!("a source of kind {} needs `url`", facts.name)));
    }
    let tlp = match &raw.tlp {
        Some(label) => label.get_ref().parse::<Tlp>().map_err(|error| Located::at(label, error.to_string()))?,
        // What a sharing centre sends unmarked is not free to pass on (TLP 2.0, handling of unmarked information).
        None if facts.family == Family::Bulletin && facts.name != "news-feed" => Tlp::Amber,
        None => Tlp::Clear,
    };
    let mut fetch = SourceConfig::new(SourceId(raw.id.get_ref().clone()), kind, url);
    fetch.api_key = raw.api_key_env.as_deref().and_then(variable).map(Secret::new);
    fetch.login = raw.user.clone().map(|user| Login {
        user,
        password: Secret::new(raw.password_env.as_deref().and_then(variable).unwrap_or_default()),
    });
    fetch.tls.identity = raw.client_certificate.as_ref().map(|file| folder.join(file));
    fetch.tls.trust = raw.trust.as_ref().map(|file| folder.join(file));
    fetch.keys = raw.keys.iter().map(fingerprint).collect::<Result<_, _>>()?;
    fetch.tlp = tlp;
    if let Some(requests) = raw.requests_per_30_s {
        fetch.set_rate_per_30_s(requests);
    }
    let completeness = raw.completeness.unwrap_or_else(|| facts.completeness.to_owned());
    Ok(ConfiguredSource {
        fetch,
        why: raw.why,
        owner: raw.owner,
        completeness,
        every_hours,
        fresh_hours,
        data_fresh_hours,
        shrink_percent,
    })
}

/// A fingerprint of version 4 or 6, in groups or in one piece.
fn fingerprint(text: &Spanned<String>) -> Result<String, Located> {
    let digits = text.get_ref().replace([' ', ':'], "");
    if matches!(digits.len(), 40 | 64) && digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return Ok(digits.to_ascii_uppercase());
    }
    Err(Located::at(text, "a key's fingerprint has 40 or 64 hexadecimal digits".to_owned()))
}

fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn source_kind(raw: &raw::Source) -> Result<Kind, Located> {
    let typed = raw.kind.get_ref().as_str();
    let Some(kind) = kind::all().into_iter().find(|kind| kind.name() == typed) else {
        let known: Vec<&str> = kind::all().iter().map(Kind::name).collect();
        return Err(Located::at(
            &raw.kind,
            format!("unknown kind of source {typed:?}{}", fault::suggestion(typed, &known)),
        ));
    };
    match kind {
        Kind::Osv { .. } => Ok(Kind::Osv { ecosystem: raw.ecosystem.clone() }),
        Kind::Alpine { .. } => Ok(Kind::Alpine { releases: releases(raw, "[\"v3.21\", \"v3.22\"]")? }),
        Kind::AlmaLinux { .. } => Ok(Kind::AlmaLinux { releases: releases(raw, "[\"8\", \"9\"]")? }),
        Kind::Photon { .. } => Ok(Kind::Photon { releases: releases(raw, "[\"4.0\", \"5.0\"]")? }),
        Kind::Taxii { .. } => Ok(Kind::Taxii { collection: needed(raw.collection.as_ref(), &raw.kind)? }),
        kind => Ok(kind),
    }
}

fn releases(raw: &raw::Source, example: &str) -> Result<Vec<String>, Located> {
    if raw.releases.is_empty() {
        let kind = raw.kind.get_ref();
        return Err(Located::at(
            &raw.kind,
            format!("a source of kind {kind} needs `releases`, as in releases = {example}"),
        ));
    }
    Ok(raw.releases.clone())
}

fn needed(collection: Option<&String>, kind: &Spanned<String>) -> Result<String, Located> {
    collection
        .cloned()
        .ok_or_else(|| Located::at(kind, "a taxii source needs `collection`: its identifier or alias".to_owned()))
}
