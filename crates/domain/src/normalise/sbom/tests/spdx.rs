//! SPDX, JSON and tag-value.

use super::*;

const PUMP_JSON: &str = r#"{
  "files": [{"SPDXID": "SPDXRef-File-a", "fileName": "./a"}],
  "spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "name": "pump", "documentNamespace": "https://example.org/pump",
  "creationInfo": {"created": "2025-07-23T20:23:25Z", "creators": ["Tool: syft-1.18.1", "Organization: Example"]},
  "packages": [
    {"SPDXID": "SPDXRef-pump", "name": "Infusion pump", "versionInfo": "2.1.0"},
    {"SPDXID": "SPDXRef-libssl3", "name": "libssl3", "versionInfo": "3.0.20-1~deb12u2", "supplier": "Organization: Debian OpenSSL Team (team@example.org)",
     "licenseConcluded": "NOASSERTION", "licenseDeclared": "Apache-2.0",
     "checksums": [{"algorithm": "SHA256", "checksumValue": "231D7E7A14F0EA88942F926F13F1BB3F49404201DEE2229CB16D664F96902D86"}],
     "sourceInfo": "built package from: openssl 3.0.20-1~deb12u2", "validUntilDate": "2028-06-30T00:00:00Z",
     "externalRefs": [
       {"referenceCategory": "PACKAGE_MANAGER", "referenceType": "purl", "referenceLocator": "pkg:deb/debian/libssl3@3.0.20-1~deb12u2?arch=amd64&distro=debian-12.15"},
       {"referenceCategory": "SECURITY", "referenceType": "cpe22Type", "referenceLocator": "cpe:/a:openssl:openssl:3.0.20"},
       {"referenceCategory": "SECURITY", "referenceType": "http://spdx.org/rdf/references/cpe23Type", "referenceLocator": "cpe:2.3:a:openssl:openssl:3.0.20:*:*:*:*:*:*:*"}]},
    {"SPDXID": "SPDXRef-os", "name": "debian", "versionInfo": "12.15", "primaryPackagePurpose": "OPERATING-SYSTEM", "supplier": "Person: N/A ()"}
  ],
  "relationships": [
    {"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBE", "relatedSpdxElement": "SPDXRef-pump"},
    {"spdxElementId": "SPDXRef-pump", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "SPDXRef-libssl3"},
    {"spdxElementId": "SPDXRef-libssl3", "relationshipType": "DEPENDS_ON", "relatedSpdxElement": "NONE"}
  ]
}"#;

const PUMP_TAG_VALUE: &str = "# made by hand
SPDXVersion: SPDX-2.3
SPDXID: SPDXRef-DOCUMENT
DocumentName: pump
DocumentNamespace: https://example.org/pump
Creator: Tool: syft-1.18.1
Creator: Organization: Example
Created: 2025-07-23T20:23:25Z

PackageName: Infusion pump
SPDXID: SPDXRef-pump
PackageVersion: 2.1.0

PackageName: libssl3
SPDXID: SPDXRef-libssl3
PackageVersion: 3.0.20-1~deb12u2
PackageSupplier: Organization: Debian OpenSSL Team (team@example.org)
PackageChecksum: SHA256: 231D7E7A14F0EA88942F926F13F1BB3F49404201DEE2229CB16D664F96902D86
PackageSourceInfo: <text>built package from: openssl 3.0.20-1~deb12u2</text>
PackageDescription: <text>a text with
PackageName: a trap
in it</text>
PackageLicenseConcluded: NOASSERTION
PackageLicenseDeclared: Apache-2.0
ExternalRef: PACKAGE-MANAGER purl pkg:deb/debian/libssl3@3.0.20-1~deb12u2?arch=amd64&distro=debian-12.15
ExternalRef: SECURITY cpe22Type cpe:/a:openssl:openssl:3.0.20
ExternalRef: SECURITY cpe23Type cpe:2.3:a:openssl:openssl:3.0.20:*:*:*:*:*:*:*
ValidUntilDate: 2028-06-30T00:00:00Z

PackageName: debian
SPDXID: SPDXRef-os
PackageVersion: 12.15
PackageSupplier: Person: N/A ()
PrimaryPackagePurpose: OPERATING-SYSTEM

FileName: ./a
SPDXID: SPDXRef-File-a
FileChecksum: SHA1: d6a770ba38583ed4bb4525bd96e50461655d2758

Relationship: SPDXRef-DOCUMENT DESCRIBES SPDXRef-pump
Relationship: SPDXRef-pump DEPENDS_ON SPDXRef-libssl3
Relationship: SPDXRef-libssl3 DEPENDS_ON NONE
";

#[test]
fn packages_are_components_and_files_are_not() {
    let read = sbom(PUMP_JSON);
    let sbom = read.value;
    assert_eq!(sbom.format, "SPDX 2.3 JSON");
    assert_eq!(labels(&sbom), ["libssl3 3.0.20-1~deb12u2", "debian 12.15"]);
    assert_eq!(
        sbom.subject.map(|subject| (subject.name, subject.version)),
        Some(("Infusion pump".to_owned(), Some("2.1.0".to_owned())))
    );
    assert_eq!((sbom.dependencies, sbom.creators.len()), (1, 2));
    assert_eq!(
        read.warnings,
        [Warning::new("files", "1 files are listed beside the packages; files are not components")]
    );

    let libssl = &sbom.components[0];
    assert_eq!(libssl.supplier.as_deref(), Some("Debian OpenSSL Team (team@example.org)"));
    assert_eq!(libssl.source_package, Some(("openssl".to_owned(), Some("3.0.20-1~deb12u2".to_owned()))));
    assert_eq!(libssl.distribution.as_deref(), Some("Debian:12"));
    assert_eq!(libssl.cpes, ["cpe:2.3:a:openssl:openssl:3.0.20:*:*:*:*:*:*:*"]);
    assert_eq!(libssl.licences, ["Apache-2.0"]);
    assert_eq!(libssl.end_of_support.as_deref(), Some("2028-06-30T00:00:00Z"));
    assert_eq!((sbom.components[1].kind, sbom.components[1].supplier.as_deref()), (Kind::OperatingSystem, None));
}

#[test]
fn tag_value_says_the_same_as_json() {
    let (json, tags) = (sbom(PUMP_JSON), sbom(PUMP_TAG_VALUE));
    assert_eq!(tags.value.format, "SPDX 2.3 tag-value");
    let tags_as_json = Sbom { original: json.value.original, format: json.value.format.clone(), ..tags.value };
    assert_eq!(tags_as_json, json.value);
    assert_eq!(tags.warnings, json.warnings);
    for line_end in ["\r\n", "\r"] {
        assert_eq!(sbom(&PUMP_TAG_VALUE.replace('\n', line_end)).value.components, json.value.components);
    }
}

#[test]
fn a_text_without_end_does_not_swallow_the_packages_behind_it() {
    let text = "SPDXVersion: SPDX-2.2\nPackageName: a\nPackageComment: <text>never closed\nPackageName: b\n";
    assert_eq!(labels(&sbom(text).value), ["a -", "b -"]);
}

#[test]
fn several_described_packages_all_stay_components() {
    let text = r#"{"spdxVersion": "SPDX-2.2", "documentDescribes": ["SPDXRef-a", "SPDXRef-b"],
        "packages": [{"SPDXID": "SPDXRef-a", "name": "a"}, {"SPDXID": "SPDXRef-b", "name": "b"}]}"#;
    let sbom = sbom(text).value;
    assert_eq!((labels(&sbom), sbom.subject), (vec!["a -".to_owned(), "b -".to_owned()], None));
}

#[test]
fn the_only_package_is_subject_and_component() {
    let text = r#"{"spdxVersion": "SPDX-2.2", "documentDescribes": ["SPDXRef-a"], "packages": [{"SPDXID": "SPDXRef-a", "name": "openssl", "versionInfo": "1.1.1"}]}"#;
    let sbom = sbom(text).value;
    assert_eq!((labels(&sbom), sbom.subject.is_some()), (vec!["openssl 1.1.1".to_owned()], true));
}

#[test]
fn source_packages_are_found_by_generates() {
    let text = r#"{"spdxVersion": "SPDX-2.3", "packages": [
        {"SPDXID": "SPDXRef-s", "name": "boost1.74", "versionInfo": "1.74.0+ds1-21", "primaryPackagePurpose": "SOURCE"},
        {"SPDXID": "SPDXRef-b", "name": "libboost-iostreams1.74.0", "versionInfo": "1.74.0+ds1-21"}],
        "relationships": [{"spdxElementId": "SPDXRef-s", "relationshipType": "GENERATES", "relatedSpdxElement": "SPDXRef-b"}]}"#;
    let source = sbom(text).value.components[1].source_package.clone();
    assert_eq!(source, Some(("boost1.74".to_owned(), Some("1.74.0+ds1-21".to_owned()))));
}

#[test]
fn a_time_without_zone_is_read_as_utc_and_reported() {
    let text = r#"{"spdxVersion": "SPDX-2.2", "creationInfo": {"created": "2022-02-09T05:12:12"}, "packages": [{"name": "a"}]}"#;
    let read = sbom(text);
    assert_eq!(read.value.created.map(|time| time.to_string()).as_deref(), Some("2022-02-09T05:12:12Z"));
    assert_eq!(read.warnings[0].place, "creationInfo.created");
}

#[test]
fn relationships_with_spaces_in_identifiers_keep_their_type() {
    let text = "SPDXVersion: SPDX-2.2\nPackageName: x\nRelationship: SPDXRef-a b c DEPENDS_ON SPDXRef-d e\n";
    assert_eq!(sbom(text).value.dependencies, 1);
}
