//! What the two formats say about four judgements on an infusion pump.

use serde_json::Value;

use super::{VexHeader, VexLine, cyclonedx, openvex};
use crate::model::assessment::{Justification, Status};
use crate::model::tlp::Tlp;

fn header() -> VexHeader {
    VexHeader {
        id: "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79".to_owned(),
        author: "Example Medical GmbH".to_owned(),
        role: Some("Manufacturer".to_owned()),
        timestamp: "2026-02-03T04:05:06Z".parse().expect("a time stamp"),
        version: 2,
        tooling: "Wardround 0.1.0".to_owned(),
        tlp: Tlp::Amber,
    }
}

fn line(vulnerability: &str, status: Status) -> VexLine {
    VexLine {
        vulnerability: vulnerability.to_owned(),
        aliases: vec!["GHSA-jfh8-c2jp-5v3q".to_owned(), vulnerability.to_owned()],
        product: "infusion-pump@2.1.0".parse().expect("a release"),
        product_name: "Infusion pump".to_owned(),
        component_label: "log4j-core 2.14.1".to_owned(),
        component_purl: Some("pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1".to_owned()),
        component_cpe: None,
        status,
        last_updated: "2026-01-02T03:04:05Z".parse().expect("a time stamp"),
        tlp: Tlp::Clear,
    }
}

fn lines() -> Vec<VexLine> {
    let justification = Justification::ComponentNotPresent;
    let unnamed = VexLine {
        component_purl: None,
        component_label: "Bedside µC".to_owned(),
        ..line("CVE-2020-0601", Status::Fixed)
    };
    vec![
        line("CVE-2021-44228", Status::Affected { action: "Install 2.1.1.".to_owned() }),
        line(
            "CVE-2021-45046",
            Status::NotAffected { justification, impact: Some("The JAR is not shipped.".to_owned()) },
        ),
        line("CVE-2021-45105", Status::UnderInvestigation),
        unnamed,
    ]
}

fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).expect("it is JSON")
}

#[test]
fn the_order_of_the_lines_does_not_matter() {
    let mut reversed = lines();
    reversed.reverse();
    reversed.push(reversed[0].clone());
    assert_eq!(openvex(&header(), &lines()), openvex(&header(), &reversed));
    assert_eq!(cyclonedx(&header(), &lines()), cyclonedx(&header(), &reversed));
}

#[test]
fn openvex_says_what_each_status_must_say() {
    let document = json(&openvex(&header(), &lines()));
    assert_eq!(document["@context"], "https://openvex.dev/ns/v0.2.0");
    assert_eq!(document["tooling"], "Wardround 0.1.0; document marked TLP:AMBER");
    let statements = document["statements"].as_array().expect("a list");
    let fixed = &statements[0];
    assert_eq!((&fixed["status"], &fixed["vulnerability"]["name"]), (&"fixed".into(), &"CVE-2020-0601".into()));
    assert_eq!(fixed["products"][0]["@id"], "pkg:generic/infusion-pump@2.1.0");
    assert_eq!(fixed["products"][0]["subcomponents"][0]["@id"], "pkg:generic/Bedside%20%C2%B5C");
    let affected = &statements[1];
    assert_eq!((&affected["status"], &affected["action_statement"]), (&"affected".into(), &"Install 2.1.1.".into()));
    assert_eq!(affected["vulnerability"]["aliases"], serde_json::json!(["GHSA-jfh8-c2jp-5v3q"]));
    assert_eq!(affected["timestamp"], "2026-01-02T03:04:05Z");
    let subcomponent = &affected["products"][0]["subcomponents"][0];
    assert_eq!(subcomponent["identifiers"]["purl"], "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1");
    let not_affected = &statements[2];
    assert_eq!(not_affected["justification"], "component_not_present");
    assert_eq!(not_affected["impact_statement"], "The JAR is not shipped.");
    assert_eq!(statements[3]["status"], "under_investigation");
}

#[test]
fn cyclonedx_says_the_nearest_word_and_what_it_lacks() {
    let document = json(&cyclonedx(&header(), &lines()));
    assert_eq!((&document["specVersion"], &document["version"]), (&"1.6".into(), &2.into()));
    assert_eq!(document["serialNumber"], "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79");
    let statements = document["vulnerabilities"].as_array().expect("a list");
    let states: Vec<&Value> = statements.iter().map(|one| &one["analysis"]["state"]).collect();
    assert_eq!(states, ["resolved", "exploitable", "not_affected", "in_triage"]);
    assert_eq!(statements[1]["recommendation"], "Install 2.1.1.");
    let not_affected = &statements[2];
    assert_eq!(not_affected["analysis"]["justification"], "code_not_present");
    let detail = not_affected["analysis"]["detail"].as_str().expect("a text");
    assert!(
        detail.starts_with("The JAR is not shipped.\nThe component is not in the product; CycloneDX has no word"),
        "{detail}"
    );
    assert_eq!(not_affected["properties"][1]["value"], "component_not_present");
}

#[test]
fn cyclonedx_lists_every_component_that_it_speaks_about_once() {
    let document = json(&cyclonedx(&header(), &lines()));
    let inside: Vec<&Value> =
        document["components"][0]["components"].as_array().expect("a list").iter().map(|one| &one["bom-ref"]).collect();
    assert_eq!(inside.len(), 2);
    for statement in document["vulnerabilities"].as_array().expect("a list") {
        assert!(inside.contains(&&statement["affects"][0]["ref"]), "{statement}");
    }
}
