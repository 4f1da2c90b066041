//! CycloneDX, JSON and XML.

use super::*;

const PUMP_JSON: &str = r#"{
  "components": [
    {"type": "library", "bom-ref": "log4j", "group": "org.apache.logging.log4j", "name": "log4j-core", "version": "2.14.1",
     "purl": "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1",
     "supplier": {"name": "The Apache Software Foundation & Co"},
     "hashes": [{"alg": "SHA-1", "content": "9141212B8507AB50A45525B545B39D224614528B"}],
     "licenses": [{"license": {"id": "Apache-2.0"}}],
     "properties": [{"name": "Level of Support", "value": "Actively maintained"}, {"name": "End-of-Support", "value": "Open source"}],
     "components": [{"type": "library", "bom-ref": "slf4j", "name": "slf4j-api", "version": "1.7.30", "licenses": [{"expression": "MIT OR BSD-3-Clause"}]}]},
    {"type": "firmware", "bom-ref": "rtos", "name": "FreeRTOS", "version": "10.4.3", "publisher": "Amazon",
     "cpe": "cpe:/o:amazon:freertos:10.4.3"}
  ],
  "dependencies": [{"ref": "log4j", "dependsOn": ["slf4j"]}, {"ref": "slf4j"}],
  "metadata": {"timestamp": "2025-07-23T20:23:25Z",
    "tools": {"components": [{"type": "application", "name": "syft", "version": "1.18.1"}]},
    "authors": [{"name": "Ada", "email": "ada@example.org"}],
    "component": {"type": "device", "name": "Infusion pump", "version": "2.1.0"}},
  "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
  "version": 1, "specVersion": "1.5", "bomFormat": "CycloneDX"
}"#;

const PUMP_XML: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<b:bom xmlns:b="http://cyclonedx.org/schema/bom/1.5" xmlns:x="urn:elsewhere" serialNumber="urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79" version="1">
  <b:metadata>
    <b:timestamp>2025-07-23T20:23:25Z</b:timestamp>
    <b:tools><b:components><b:component type="application"><b:name>syft</b:name><b:version>1.18.1</b:version></b:component></b:components></b:tools>
    <b:authors><b:author><b:name>Ada</b:name><b:email>ada@example.org</b:email></b:author></b:authors>
    <b:component type="device"><b:name>Infusion pump</b:name><b:version>2.1.0</b:version></b:component>
  </b:metadata>
  <b:components>
    <b:component type="library" bom-ref="log4j">
      <b:supplier><b:name>The Apache Software Foundation &amp; Co</b:name></b:supplier>
      <b:group>org.apache.logging.log4j</b:group>
      <b:name>log4j-<!-- a comment -->core</b:name>
      <b:version><![CDATA[2.14.1]]></b:version>
      <x:version>9.9.9</x:version>
      <b:hashes><b:hash alg="SHA-1">9141212B8507AB50A45525B545B39D224614528B</b:hash></b:hashes>
      <b:licenses><b:license><b:id>Apache-2.0</b:id></b:license></b:licenses>
      <b:purl>pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1</b:purl>
      <b:properties><b:property name="Level of Support">Actively maintained</b:property><b:property name="End-of-Support">Open source</b:property></b:properties>
      <b:components><b:component type="library" bom-ref="slf4j"><b:name>slf4j-api</b:name><b:version>1.7.30</b:version>
        <b:licenses><b:expression>MIT OR BSD-3-Clause</b:expression></b:licenses></b:component></b:components>
    </b:component>
    <b:component type="firmware" bom-ref="rtos"><b:publisher>Amazon</b:publisher><b:name>FreeRTOS</b:name><b:version>10.4.3</b:version><b:cpe>cpe:/o:amazon:freertos:10.4.3</b:cpe></b:component>
  </b:components>
  <b:dependencies><b:dependency ref="log4j"><b:dependency ref="slf4j"/></b:dependency><b:dependency ref="slf4j"/></b:dependencies>
</b:bom>"#;

#[test]
fn json_is_read_whatever_the_order_of_its_keys() {
    let read = sbom(PUMP_JSON);
    assert_eq!(read.warnings, []);
    let sbom = read.value;
    assert_eq!(sbom.format, "CycloneDX 1.5 JSON");
    assert_eq!(labels(&sbom), ["log4j-core 2.14.1", "slf4j-api 1.7.30", "FreeRTOS 10.4.3"]);
    assert_eq!(sbom.subject.map(|subject| subject.name), Some("Infusion pump".to_owned()));
    assert_eq!(sbom.creators, ["Tool: syft 1.18.1", "Person: Ada (ada@example.org)"]);
    assert_eq!(sbom.dependencies, 1);
    assert_eq!(sbom.created.map(|time| time.to_string()).as_deref(), Some("2025-07-23T20:23:25Z"));

    let log4j = &sbom.components[0];
    assert_eq!(log4j.supplier.as_deref(), Some("The Apache Software Foundation & Co"));
    assert_eq!(log4j.hashes, ["sha1:9141212b8507ab50a45525b545b39d224614528b"]);
    assert_eq!(log4j.support_level.as_deref(), Some("Actively maintained"));
    assert_eq!(log4j.end_of_support.as_deref(), Some("Open source"));
    let rtos = &sbom.components[2];
    assert_eq!((rtos.kind, rtos.supplier.as_deref()), (Kind::Firmware, Some("Amazon")));
    assert_eq!(rtos.cpes, ["cpe:2.3:o:amazon:freertos:10.4.3:*:*:*:*:*:*:*"]);
}

#[test]
fn xml_says_the_same_as_json() {
    let (json, xml) = (sbom(PUMP_JSON).value, sbom(PUMP_XML).value);
    assert_eq!(xml.format, "CycloneDX 1.5 XML");
    assert_eq!(Sbom { original: json.original, format: json.format.clone(), ..xml }, json);
}

#[test]
fn utf16_with_a_byte_order_mark_is_read_as_powershell_writes_it() {
    let mut bytes = vec![0xFF, 0xFE];
    bytes.extend(PUMP_JSON.encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(read(&bytes, "pump.json").map(|read| read.value.components.len()), Ok(3));
}

#[test]
fn utf8_byte_order_mark_is_no_part_of_the_document() {
    assert_eq!(sbom(&format!("\u{feff}{PUMP_JSON}")).value.components.len(), 3);
    assert_eq!(sbom(&format!("\u{feff}{PUMP_XML}")).value.components.len(), 3);
}

#[test]
fn components_nested_in_the_subject_count() {
    let text = r#"{"bomFormat": "CycloneDX", "specVersion": "1.4",
        "metadata": {"component": {"type": "application", "name": "viewer", "components": [{"type": "library", "name": "dicom-core", "version": "0.7.0"}]}}}"#;
    assert_eq!(labels(&sbom(text).value), ["dicom-core 0.7.0"]);
}

#[test]
fn duplicates_are_kept_as_occurrences() {
    let one = r#"{"type": "library", "name": "zlib", "version": "1.2.11"}"#;
    assert_eq!(sbom(&cyclonedx_with(&format!("{one}, {one}"))).value.components.len(), 2);
}

#[test]
fn tools_of_the_old_shape_name_their_vendor() {
    let text = r#"{"bomFormat": "CycloneDX", "specVersion": "1.4", "metadata": {"tools": [{"vendor": "aquasecurity", "name": "trivy", "version": "0.50"}]}, "components": []}"#;
    assert_eq!(sbom(text).value.creators, ["Tool: aquasecurity trivy 0.50"]);
}

#[test]
fn placeholders_are_no_versions() {
    for word in ["", "NOASSERTION", "UNKNOWN", "latest", "(devel)", "${project.version}"] {
        let (component, _) = only(&format!(r#"{{"type": "library", "name": "zlib", "version": "{word}"}}"#));
        assert_eq!(component.version, None, "{word}");
    }
    let (_, warnings) = only(r#"{"type": "library", "name": "zlib", "version": "(devel)"}"#);
    assert_eq!(
        warnings,
        [Warning::new("components[0].version", "\"(devel)\" names no version; the version is unknown")]
    );
}

#[test]
fn a_version_that_only_the_purl_states_is_taken_from_it() {
    let (component, warnings) = only(r#"{"type": "library", "name": "zlib", "purl": "pkg:generic/zlib@1.2.11"}"#);
    assert_eq!(component.version.as_deref(), Some("1.2.11"));
    assert_eq!(warnings[0].place, "components[0].version");
}

#[test]
fn malformed_identifiers_leave_a_warning_and_keep_the_component() {
    let (component, warnings) =
        only(r#"{"type": "library", "name": "libspdm", "version": "1", "purl": "libspdm", "cpe": "dmtf libspdm"}"#);
    assert_eq!((component.purl, component.cpes.len()), (None, 0));
    let places: Vec<&str> = warnings.iter().map(|warning| warning.place.as_str()).collect();
    assert_eq!(places, ["components[0].purl", "components[0].cpe"]);
}

#[test]
fn every_cpe_guess_is_kept_once() {
    let guess = |number: u8| {
        format!(r#"{{"name": "syft:cpe23", "value": "cpe:2.3:a:guess{number}:zlib:1.2.11:*:*:*:*:*:*:*"}}"#)
    };
    let guesses = (0..46).map(guess).collect::<Vec<_>>().join(", ");
    let (component, _) = only(&format!(
        r#"{{"type": "library", "name": "zlib", "version": "1.2.11", "cpe": "cpe:2.3:a:guess0:zlib:1.2.11:*:*:*:*:*:*:*",
            "properties": [{{"name": "syft:package:type", "value": "deb"}}, {guesses}]}}"#
    ));
    assert_eq!(component.cpes.len(), 46);
}

#[test]
fn fields_of_the_wrong_type_cost_only_themselves() {
    let (component, warnings) = only(
        r#"{"type": "library", "name": "zlib", "version": 12, "purl": {"x": 1}, "hashes": "none", "licenses": [[], {"license": {"name": "zlib"}}]}"#,
    );
    assert_eq!(component.version.as_deref(), Some("12"));
    assert_eq!(component.licences, ["zlib"]);
    assert_eq!(warnings.len(), 3, "{warnings:?}");
}

#[test]
fn entries_that_are_no_components_keep_the_numbers_of_the_others() {
    let read = sbom(&cyclonedx_with(r#""zlib", {"type": "library", "name": "zlib", "version": "latest"}"#));
    let places: Vec<&str> = read.warnings.iter().map(|warning| warning.place.as_str()).collect();
    assert_eq!(places, ["components[0]", "components[1].version"]);
}

#[test]
fn source_package_comes_from_purl_or_properties() {
    let source = |component: &str| only(component).0.source_package;
    let named = |name: &str, version: Option<&str>| Some((name.to_owned(), version.map(ToOwned::to_owned)));
    assert_eq!(
        source(
            r#"{"type": "library", "name": "libc6", "version": "2.36-9", "purl": "pkg:deb/debian/libc6@2.36-9?upstream=glibc%402.36-9"}"#
        ),
        named("glibc", Some("2.36-9"))
    );
    assert_eq!(
        source(
            r#"{"type": "library", "name": "bash", "version": "5.1", "purl": "pkg:rpm/redhat/bash@5.1.8-6.el9?upstream=bash-5.1.8-6.el9.src.rpm"}"#
        ),
        named("bash", Some("5.1.8-6.el9"))
    );
    assert_eq!(
        source(
            r#"{"type": "library", "name": "libssl3", "version": "3", "properties": [
            {"name": "aquasecurity:trivy:SrcName", "value": "openssl"}, {"name": "aquasecurity:trivy:SrcVersion", "value": "3.0.20"},
            {"name": "aquasecurity:trivy:SrcRelease", "value": "1~deb12u2"}, {"name": "aquasecurity:trivy:SrcEpoch", "value": "1"}]}"#
        ),
        named("openssl", Some("1:3.0.20-1~deb12u2"))
    );
    assert_eq!(
        source(
            r#"{"type": "library", "name": "libssl3", "version": "3", "properties": [{"name": "syft:metadata:originPackage", "value": "openssl"}]}"#
        ),
        named("openssl", None)
    );
}

#[test]
fn a_package_built_from_a_listed_source_package_knows_it() {
    let text = r#"{"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [
        {"type": "library", "bom-ref": "s", "name": "openssl", "version": "3.0.20-1", "purl": "pkg:deb/debian/openssl@3.0.20-1?arch=source&distro=bookworm"},
        {"type": "library", "bom-ref": "b", "name": "libssl3", "version": "3.0.20-1", "purl": "pkg:deb/debian/libssl3@3.0.20-1?arch=amd64&distro=bookworm"}],
        "dependencies": [{"ref": "b", "dependsOn": ["s"]}]}"#;
    let components = sbom(text).value.components;
    assert_eq!(components[1].source_package, Some(("openssl".to_owned(), Some("3.0.20-1".to_owned()))));
    assert_eq!(components[1].distribution.as_deref(), Some("Debian:12"));
}

#[test]
fn the_listed_operating_system_is_the_distribution_of_its_packages_only() {
    let read = sbom(&cyclonedx_with(
        r#"{"type": "operating-system", "name": "alpine", "version": "3.18.4"},
           {"type": "library", "name": "busybox", "version": "1.36.1-r2", "purl": "pkg:apk/alpine/busybox@1.36.1-r2"},
           {"type": "library", "name": "lodash", "version": "4.17.20", "purl": "pkg:npm/lodash@4.17.20"}"#,
    ));
    let distributions: Vec<_> = read.value.components.iter().map(|one| one.distribution.as_deref()).collect();
    assert_eq!(distributions, [None, Some("Alpine:v3.18"), None]);
}

#[test]
fn two_operating_systems_of_one_family_decide_nothing() {
    let read = sbom(&cyclonedx_with(
        r#"{"type": "operating-system", "name": "debian", "version": "11"}, {"type": "operating-system", "name": "debian", "version": "12"},
           {"type": "library", "name": "zlib1g", "version": "1", "purl": "pkg:deb/debian/zlib1g@1"}"#,
    ));
    assert_eq!(read.value.components[2].distribution, None);
    assert!(read.warnings[0].reason.contains("Debian:11, Debian:12"), "{:?}", read.warnings);
}

#[test]
fn packages_without_release_and_source_are_reported_once() {
    let package = |number: usize| {
        format!(
            r#"{{"type": "library", "name": "lib{number}", "version": "1", "purl": "pkg:deb/debian/lib{number}@1"}}"#
        )
    };
    let packages = (0..12).map(package).collect::<Vec<_>>().join(", ");
    let reasons: Vec<String> =
        sbom(&cyclonedx_with(&packages)).warnings.into_iter().map(|warning| warning.reason).collect();
    assert_eq!(reasons.len(), 2, "{reasons:?}");
    assert_eq!(reasons[0], "12 Debian packages do not say their release, and the SBOM names none");
    assert!(reasons[1].starts_with("none of the 12 distribution packages says which source package"), "{reasons:?}");
}
