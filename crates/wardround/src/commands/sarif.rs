//! SARIF 2.1.0 (OASIS): findings of a check for code scanning services.

use std::collections::BTreeMap;
use std::path::Path;

use app::check::{Checked, Hit};
use serde_json::{Value, json};

use super::check::{place, uri};

/// A SARIF log with one run: a rule for each vulnerability, a result for each finding.
pub(super) fn log(checked: &Checked, file: &Path) -> Value {
    let mut rules: BTreeMap<&str, Value> = BTreeMap::new();
    for hit in &checked.hits {
        rules.entry(&hit.matched.vulnerability).or_insert_with(|| rule(hit));
    }
    let index: BTreeMap<&str, usize> = rules.keys().enumerate().map(|(index, id)| (*id, index)).collect();
    let results: Vec<Value> =
        checked.hits.iter().map(|hit| result(hit, index[hit.matched.vulnerability.as_str()], file)).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": app::PROGRAM,
                "version": app::VERSION,
                "semanticVersion": app::VERSION,
                "rules": rules.into_values().collect::<Vec<_>>(),
            }},
            "results": results,
            "columnKind": "unicodeCodePoints",
        }],
    })
}

fn rule(hit: &Hit) -> Value {
    let matched = &hit.matched;
    let score = matched.score_tenths.map(|tenths| format!("{}.{}", tenths / 10, tenths % 10));
    let mut properties = json!({"tags": ["security", "vulnerability"]});
    if let Some(score) = score {
        // The property that code scanning services sort by.
        properties["security-severity"] = json!(score);
    }
    json!({
        "id": matched.vulnerability,
        "shortDescription": {"text": if matched.title.is_empty() { &matched.vulnerability } else { &matched.title }},
        "help": {"text": format!("Also known as {}.", matched.aliases.join(", "))},
        "properties": properties,
    })
}

fn result(hit: &Hit, rule: usize, file: &Path) -> Value {
    let matched = &hit.matched;
    let because = matched.reasons.first().map(|reason| {
        format!(
            " {} says so: {} lies in {} ({} order); {}.",
            reason.record, reason.version, reason.range, reason.order, reason.fix.0
        )
    });
    let level = match matched.score_tenths {
        Some(70..) => "error",
        Some(40..=69) | None => "warning",
        Some(_) => "note",
    };
    let level = if matched.known_exploited.is_some() { "error" } else { level };
    json!({
        "ruleId": matched.vulnerability,
        "ruleIndex": rule,
        "level": level,
        "message": {"text": format!("{} is affected by {}.{}", hit.component.label(), matched.vulnerability, because.unwrap_or_default())},
        "locations": [{
            "physicalLocation": {"artifactLocation": {"uri": uri(file)}, "region": {"startLine": 1}},
            "logicalLocations": [{"fullyQualifiedName": place(hit), "kind": "module"}],
        }],
        "partialFingerprints": {"component/vulnerability/v1": format!("{}/{}", hit.component.identity().short(), matched.vulnerability)},
    })
}
