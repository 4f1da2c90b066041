//! Naming and matching vectors of CPE 2.3, gathered from public test suites.

use serde_json::Value as Json;
use standards::cpe::{Cpe, CpeError, Relation, Value, matches};

use crate::shared;

/// Attribute values written as a well-formed name writes them: quoted like a formatted string, but more often.
fn from_wfn(object: &Json) -> Result<Cpe, CpeError> {
    let names = [
        "part",
        "vendor",
        "product",
        "version",
        "update",
        "edition",
        "language",
        "sw_edition",
        "target_sw",
        "target_hw",
        "other",
    ];
    let bound: Vec<String> = names.iter().map(|name| bind(object[*name].as_str().unwrap_or("ANY"))).collect();
    Cpe::repair(&format!("cpe:2.3:{}", bound.join(":"))).map(|(cpe, _)| cpe)
}

fn bind(value: &str) -> String {
    match value {
        "ANY" => "*".to_owned(),
        "NA" => "-".to_owned(),
        other => other.to_owned(),
    }
}

fn attribute(value: &str) -> Value {
    Cpe::repair(&format!("cpe:2.3:a:{}:p", bind(value))).expect("an attribute is a vendor").0.vendor
}

#[test]
fn criteria_cover_the_targets_that_the_naming_standard_says() {
    let Some(rows) = shared::json_lines("vectors/cpe/criteria_vs_target.jsonl") else { return };
    let mut wrong = Vec::new();
    // The ranges of these rows do not decide any of them: names alone do.
    for row in rows.iter().filter(|row| row["policy"].is_null()) {
        let [criteria, target] = ["criteria", "target"].map(|key| Cpe::parse(row[key].as_str().unwrap_or_default()));
        let (Ok(criteria), Ok(target)) = (criteria, target) else {
            wrong.push(format!("{row}"));
            continue;
        };
        if matches(&criteria, &target) != (row["matches"] == true) {
            wrong.push(format!("{row}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

#[test]
fn names_relate_as_the_vectors_say() {
    let Some(rows) = shared::json_lines("vectors/cpe/name_relation.jsonl") else { return };
    for row in rows {
        let relation = from_wfn(&row["source"])
            .and_then(|source| Ok(source.relation(&from_wfn(&row["target"])?)))
            .expect("both names are well-formed");
        assert_eq!(relation == Relation::Disjoint, row["isdisjoint"] == true, "{row}: {relation:?}");
        assert_eq!(relation == Relation::Equal, row["isequal"] == true, "{row}: {relation:?}");
        let part = matches!(relation, Relation::Subset | Relation::Equal);
        assert_eq!(part, row["issubset"] == true, "{row}: {relation:?}");
        let whole = matches!(relation, Relation::Superset | Relation::Equal);
        assert_eq!(whole, row["issuperset"] == true, "{row}: {relation:?}");
    }
}

#[test]
fn attributes_relate_as_the_vectors_say() {
    let Some(rows) = shared::lines("vectors/cpe/attribute_relation.tsv") else { return };
    // NISTIR 7696 section 6.3: a `?` at the end stands for at most one character, so "fo??" contains "foo".
    let deviation = "fo??\tfoo\tDISJOINT";
    for row in rows[1..].iter().filter(|row| !row.starts_with(deviation)) {
        let fields: Vec<&str> = row.split('\t').collect();
        let quoted = |text: &str| text.replace("\\\\", "\\");
        let relation = attribute(&quoted(fields[0])).relation(&attribute(&quoted(fields[1])));
        assert_eq!(format!("{relation:?}").to_uppercase(), fields[2], "{row}");
    }
}

#[test]
fn names_are_read_and_written_as_the_vectors_say() {
    let Some(rows) = shared::json_lines("vectors/cpe/naming.jsonl") else { return };
    let mut wrong = Vec::new();
    let mut checked = 0;
    for row in &rows {
        let input = row["input"].as_str().unwrap_or_default();
        let agrees = match row["kind"].as_str().unwrap_or_default() {
            "UnbindURI" | "UnbindFS" if row["error"] == true => Cpe::parse(input).is_err(),
            "UnbindURI" | "UnbindFS" => Cpe::parse(input).ok() == from_wfn(&row["wfn"]).ok(),
            "URI" | "FS" => Cpe::parse(input).is_ok() == (row["valid"] == true),
            "FS->as_fs" => Cpe::parse(input).is_ok_and(|cpe| cpe.to_formatted() == row["output"]),
            "BindToFS" if row["wfn"]["vendor"].is_null() => {
                from_wfn(&row["wfn"]).is_ok_and(|cpe| cpe.to_formatted() == row["output"])
            }
            _ => continue,
        };
        checked += 1;
        if !agrees {
            wrong.push(format!("{row}: {:?}", Cpe::parse(input)));
        }
    }
    assert!(wrong.is_empty(), "{} of {checked} differ:\n{}", wrong.len(), wrong.join("\n"));
}
