//! Wrappers, refusals and hostile files.

use super::*;

#[test]
fn refusals_name_format_and_version() {
    let cases: [(&str, &str); 15] = [
        (r#"{"specFormat": "CycloneDX", "specVersion": "2.0"}"#, "CycloneDX 2.0 is not supported yet: 1.2 to 1.7 are"),
        (r#"{"bomFormat": "CycloneDX", "specVersion": "1.9"}"#, "CycloneDX 1.9 is not supported yet: 1.2 to 1.7 are"),
        (r#"{"bomFormat": "CycloneDX"}"#, "CycloneDX without a specVersion: 1.2 to 1.7 are read"),
        (r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.1"/>"#, "CycloneDX 1.1 is too old: 1.2 to 1.7 are read"),
        (r#"{"spdxVersion": "SPDX-9.1"}"#, "SPDX 9.1 is not supported yet: 2.0 to 2.3 are"),
        (
            r#"{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"}"#,
            "SPDX 3.0.1 is not supported yet: 2.0 to 2.3 are",
        ),
        (
            r#"{"@context": ["https://spdx.org/rdf/3.0.0/spdx-context.json"]}"#,
            "SPDX 3.0.0 is not supported yet: 2.0 to 2.3 are",
        ),
        ("SPDXID: x\nspdxVersion: \"SPDX-2.3\"\n", "SPDX 2.3 YAML is not supported yet: JSON and tag-value are"),
        (
            r#"<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://spdx.org/rdf/terms#"><v>SPDX-2.2</v></rdf:RDF>"#,
            "SPDX 2.2 RDF/XML is not supported yet: JSON and tag-value are",
        ),
        ("<html></html>", "not an SBOM: the XML's root element <html> is no CycloneDX bom"),
        (r#"{"name": "pump"}"#, "not an SBOM: neither bomFormat nor spdxVersion found"),
        ("hello", "not an SBOM: neither bomFormat nor spdxVersion found"),
        ("", "the file is empty"),
        ("[]", "not an SBOM: the JSON document is a list; import its documents one by one"),
        ("PK\u{3}\u{4}", "it is a ZIP file; unpack it and import what is inside"),
    ];
    for (text, reason) in cases {
        assert_eq!(refusal(text.as_bytes()), reason, "{text}");
    }
}

#[test]
fn a_document_that_ends_early_names_line_and_column() {
    let fault =
        read(b"{\"bomFormat\": \"CycloneDX\",\n \"components\": [", "pump.cdx.json").expect_err("it is cut off");
    assert_eq!(fault.reason, "the JSON ends early at line 2 column 16");
    assert_eq!(fault.place, "pump.cdx.json line 2 column 16");
    let fault =
        read(b"<bom xmlns='http://cyclonedx.org/schema/bom/1.4'>\n<components>", "x.xml").expect_err("it is cut off");
    assert!(fault.reason.starts_with("the XML ends early at line 2"), "{fault:?}");
}

#[test]
fn two_documents_in_one_file_are_refused() {
    let text = cyclonedx_with("");
    assert!(
        refusal(format!("{text}\n{text}").as_bytes())
            .starts_with("something follows the end of the JSON document at line 2")
    );
    let text = r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.4"/>"#;
    assert!(refusal(format!("{text}{text}").as_bytes()).starts_with("something follows the end of the XML document"));
}

#[test]
fn wrappers_are_opened() {
    let inner = cyclonedx_with(r#"{"type": "library", "name": "zlib", "version": "1.2.11"}"#);
    let statement = format!(
        r#"{{"_type": "https://in-toto.io/Statement/v1", "predicateType": "https://cyclonedx.org/bom", "predicate": {inner}}}"#
    );
    let data = format!(r#"{{"predicate": {{"Data": {inner}, "Timestamp": ""}}}}"#);
    for wrapped in [format!(r#"{{"sbom": {inner}}}"#), envelope(&inner), envelope(&statement), data] {
        assert_eq!(labels(&sbom(&wrapped).value), ["zlib 1.2.11"], "{wrapped}");
    }
    assert!(sbom(&envelope(&inner)).warnings[0].reason.contains("signatures were not checked"));
}

#[test]
fn a_fault_inside_a_wrapper_says_so() {
    let reason = refusal(envelope("{\"bomFormat\"").as_bytes());
    assert_eq!(reason, "the JSON ends early at line 1 column 12 (inside the DSSE envelope)");
    assert!(refusal(br#"{"payloadType": "x", "payload": "***"}"#).contains("no base64"));
    let endless = (0..20).fold("{}".to_owned(), |inner, _| format!(r#"{{"sbom": {inner}}}"#));
    assert!(refusal(endless.as_bytes()).contains("wrappers"));
}

fn envelope(payload: &str) -> String {
    use base64::Engine;
    let payload = base64::engine::general_purpose::STANDARD.encode(payload);
    format!(r#"{{"payloadType": "application/vnd.in-toto+json", "payload": "{payload}", "signatures": []}}"#)
}

#[test]
fn bottomless_nesting_is_refused_and_does_no_harm() {
    let deep = 200_000;
    assert!(refusal("[".repeat(deep).as_bytes()).contains("list"));
    let json = format!(r#"{{"bomFormat": "CycloneDX", "specVersion": "1.5", "components": {}"#, "[".repeat(deep));
    assert!(refusal(json.as_bytes()).contains("line 1"));
    let components = r#"{"type": "library", "name": "a", "components": ["#.repeat(deep / 100);
    let json = cyclonedx_with(&format!("{components}{}", "]}".repeat(deep / 100)));
    assert!(refusal(json.as_bytes()).starts_with("the JSON is nested too deeply"));
    let xml = format!(r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.5">{}"#, "<components><component>".repeat(deep));
    assert!(refusal(xml.as_bytes()).starts_with("the XML is nested more than 128 levels deep"));
    let xml = format!(r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.5">{}"#, "<x>".repeat(deep));
    assert!(refusal(xml.as_bytes()).starts_with("the XML ends early"));
}

#[test]
fn nesting_as_deep_as_is_allowed_is_read() {
    let levels = 60;
    let json = cyclonedx_with(&format!(
        "{}{}",
        r#"{"type": "library", "name": "a", "components": ["#.repeat(levels),
        "]}".repeat(levels)
    ));
    assert_eq!(sbom(&json).value.components.len(), levels);
}

#[test]
fn entities_are_never_expanded() {
    let bomb = r#"<!DOCTYPE bom [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c SYSTEM "file:///etc/hostname">]>
        <bom xmlns="http://cyclonedx.org/schema/bom/1.5"><components><component type="library"><name>&b;&c;</name></component></components></bom>"#;
    assert!(refusal(bomb.as_bytes()).starts_with("the XML has a document type definition, which is not accepted"));
    let undefined = r#"<bom xmlns="http://cyclonedx.org/schema/bom/1.5"><components><component><name>&b;</name></component></components></bom>"#;
    assert!(refusal(undefined.as_bytes()).starts_with("the XML uses the undefined entity &b;"));
}

#[test]
fn huge_strings_and_strange_bytes_are_only_strings_and_bytes() {
    let name = "a".repeat(5_000_000);
    assert_eq!(only(&format!(r#"{{"type": "library", "name": "{name}"}}"#)).0.name.len(), name.len());
    let mut bytes = cyclonedx_with(r#"{"type": "library", "name": "?"}"#).into_bytes();
    let at = bytes.iter().position(|byte| *byte == b'?').expect("it is there");
    bytes[at] = 0xE9;
    let read = read(&bytes, "x").expect("one byte does not matter");
    assert_eq!(read.value.components[0].name, "\u{fffd}");
    assert_eq!(read.warnings[0].place, "document");
}

#[test]
fn warnings_are_listed_up_to_a_thousand() {
    let many = vec![r#"{"type": "library", "name": "a", "version": "latest"}"#; 1_500].join(",");
    let warnings = sbom(&cyclonedx_with(&many)).warnings;
    assert_eq!(warnings.len(), 1_001);
    assert_eq!(warnings[1_000].reason, "500 more warnings like those above are not listed");
}
