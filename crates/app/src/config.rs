//! `wardround.toml`: what the maker configures. What was typed ([`raw`]) and what it means ([`Config`]) are two types.
//!
//! An unknown key or a wrong value is an error that names line, column and, where one is near, what was probably meant.

pub mod duration;
pub mod fault;
pub mod raw;
mod source;
pub mod template;

use std::collections::BTreeSet;
use std::path::Path;

use domain::model::assessment::ReopenReason;
use domain::model::product::{Product, ProductId};
use domain::model::source::SourceId;
use domain::monitor::Limits;
use sources::{Kind, SourceConfig};

use fault::{ConfigFault, Located};

/// The configuration in force.
#[derive(Debug, Clone)]
pub struct Config {
    /// The maker's name.
    pub organisation: String,
    /// Where reports are received; goes into VEX documents as the author's contact.
    pub contact: String,
    /// Products, sorted by id.
    pub products: Vec<Product>,
    /// Sources, in the file's order.
    pub sources: Vec<ConfiguredSource>,
    /// The review plan.
    pub review: ReviewPlan,
    /// Reopen rules that are on.
    pub reopen: BTreeSet<ReopenReason>,
    /// Base score in tenths from which `wardround check` fails.
    pub check_fail_tenths: u8,
}

/// A source and how it is judged.
#[derive(Debug, Clone)]
pub struct ConfiguredSource {
    /// What to fetch.
    pub fetch: SourceConfig,
    /// Why it is monitored.
    pub why: String,
    /// Who is responsible for it; empty while nobody is named.
    pub owner: String,
    /// How completeness is judged, as a sentence.
    pub completeness: String,
    /// Hours between fetches.
    pub every_hours: u32,
    /// Hours after the last good fetch from which its data are stale.
    pub fresh_hours: u32,
    /// Age in hours from which its data are stale by the provider's own time stamp; none where that is not judged.
    pub data_fresh_hours: Option<u32>,
    /// Share of live records, in percent, that may vanish before a person is asked.
    pub shrink_percent: u32,
}

impl ConfiguredSource {
    /// The limits it is held against.
    pub fn limits(&self) -> Limits {
        Limits { every_hours: self.every_hours, fresh_hours: self.fresh_hours, data_fresh_hours: self.data_fresh_hours }
    }

    /// Which part of the provider's data is asked for: an ecosystem, releases, a collection; empty: all of it.
    pub fn part(&self) -> Vec<String> {
        match &self.fetch.kind {
            Kind::Osv { ecosystem } => ecosystem.iter().cloned().collect(),
            Kind::Alpine { releases } | Kind::AlmaLinux { releases } | Kind::Photon { releases } => releases.clone(),
            Kind::Taxii { collection } => vec![collection.clone()],
            _ => Vec::new(),
        }
    }
}

/// The recurring review, as planned.
#[derive(Debug, Clone)]
pub struct ReviewPlan {
    /// Its name.
    pub name: String,
    /// Rhythm.
    pub every: jiff::Span,
    /// Rhythm as typed.
    pub every_words: String,
    /// Reference to the maker's procedure.
    pub procedure: String,
}

impl Config {
    /// Reads a configuration file's text. `file` is its name in errors.
    pub fn parse(text: &str, file: &Path) -> Result<Self, ConfigFault> {
        let raw: raw::File = toml::from_str(text).map_err(|error| ConfigFault::from_toml(file, text, &error))?;
        resolve(raw, file.parent().unwrap_or(Path::new(""))).map_err(|located| located.in_file(file, text))
    }

    /// The configured source of a name.
    pub fn source(&self, id: &SourceId) -> Option<&ConfiguredSource> {
        self.sources.iter().find(|source| source.fetch.id == *id)
    }

    /// The configured product of an id.
    pub fn product(&self, id: &ProductId) -> Option<&Product> {
        self.products.iter().find(|product| product.id == *id)
    }
}

fn resolve(raw: raw::File, folder: &Path) -> Result<Config, Located> {
    let mut products = Vec::new();
    for product in raw.product {
        let id = product_id(&product.id)?;
        if products.iter().any(|known: &Product| known.id == id) {
            return Err(Located::at(&product.id, format!("product {id} is listed twice")));
        }
        products.push(Product { id, name: product.name });
    }
    products.sort_by(|a, b| a.id.cmp(&b.id));
    let mut sources: Vec<ConfiguredSource> = Vec::new();
    for source in raw.source {
        let span = source.id.span();
        let source = source::resolve(source, folder)?;
        if sources.iter().any(|known| known.fetch.id == source.fetch.id) {
            return Err(Located { span, reason: format!("source {} is listed twice", source.fetch.id) });
        }
        sources.push(source);
    }
    Ok(Config {
        organisation: raw.organisation.name,
        contact: raw.organisation.contact,
        products,
        sources,
        review: ReviewPlan {
            every: duration::span(&raw.review.every)?,
            every_words: raw.review.every.into_inner(),
            name: raw.review.name,
            procedure: raw.review.procedure,
        },
        reopen: raw.policy.reopen.iter().map(reopen_rule).collect::<Result<_, _>>()?,
        check_fail_tenths: fail_score(&raw.check.fail_at)?,
    })
}

fn product_id(id: &toml::Spanned<String>) -> Result<ProductId, Located> {
    let text = id.get_ref();
    let fine = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '.' | '_');
    if text.is_empty() || !text.chars().all(fine) {
        return Err(Located::at(
            id,
            format!("product id {text:?} may hold lower-case letters, digits, `-`, `.` and `_` only"),
        ));
    }
    Ok(ProductId(text.clone()))
}

fn reopen_rule(rule: &toml::Spanned<String>) -> Result<ReopenReason, Located> {
    match rule.get_ref().as_str() {
        "known_exploited" => Ok(ReopenReason::KnownExploited),
        "withdrawn" => Ok(ReopenReason::Withdrawn),
        "advisory_changed" => Ok(ReopenReason::AdvisoryChanged),
        other => {
            let known = ["known_exploited", "withdrawn", "advisory_changed"];
            Err(Located::at(rule, format!("unknown reopen rule {other:?}{}", fault::suggestion(other, &known))))
        }
    }
}

fn fail_score(score: &toml::Spanned<f64>) -> Result<u8, Located> {
    let tenths = (score.get_ref() * 10.0).round();
    if !(0.0..=100.0).contains(&tenths) {
        return Err(Located::at(score, "a CVSS score is 0.0 to 10.0".to_owned()));
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be 0 to 100 above")]
    Ok(tenths as u8)
}

#[cfg(test)]
mod tests;
