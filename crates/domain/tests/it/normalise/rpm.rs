//! Errata of RPM distributions: updateinfo, OVAL, AlmaLinux, Rocky Linux (R1, R5 to R8).

use domain::model::advisory::{State, Target};
use domain::model::raw::Translated;
use domain::normalise::Format;
use serde_json::json;

use super::{Found, lines, records, records_from, warnings};
use crate::shared;

const ALAS: &str = r#"<?xml version="1.0" ?>
<updates><update status="final" version="1.4" author="linux-security@amazon.com" type="security" from="linux-security@amazon.com">
<id>ALAS2023-2023-001</id><title>Amazon Linux 2023 - ALAS2023-2023-001: Important priority package update for rsyslog</title>
<issued date="2023-02-17 20:41:00" /><updated date="2023-02-22 23:22:00" /><severity>Important</severity>
<description>A long line over TCP overflows a buffer of rsyslog &amp; its modules.</description>
<references><reference href="https://example.org/CVE-2022-24903" title="" id="CVE-2022-24903" type="cve" /></references>
<pkglist><collection short="amazon-linux-2023"><name>Amazon Linux 2023</name>
<package name="rsyslog" version="8.2204.0" release="3.amzn2023.0.2" epoch="0" arch="x86_64"><filename>a.rpm</filename></package>
<package name="rsyslog" version="8.2204.0" release="3.amzn2023.0.2" epoch="0" arch="aarch64"><filename>b.rpm</filename></package>
<package name="bind" version="9.16.27" release="1.amzn2023" epoch="32" arch="x86_64"/>
</collection></pkglist></update>
<update type="bugfix"><id>ALBUG-1</id><title>A menu is in the right place</title>
<pkglist><collection><name>Amazon Linux 2023</name><package name="menu" version="1" release="2" epoch="" arch="noarch"/></collection></pkglist>
</update></updates>"#;

fn one(found: &mut [Found], at: usize) -> &Translated<domain::model::advisory::Advisory> {
    found[at].as_ref().unwrap()
}

#[test]
fn an_update_of_amazon_linux_covers_its_cves_and_says_which_builds_have_the_fix() {
    let (statement, mut found) = records(Format::UpdateInfo, ALAS.as_bytes());
    assert_eq!(statement.unwrap().records, 2);
    let alas = one(&mut found, 0);
    assert_eq!(
        (alas.value.id.as_str(), alas.value.related.as_slice()),
        ("ALAS2023-2023-001", &["CVE-2022-24903".to_owned()][..])
    );
    assert!(alas.value.aliases.is_empty(), "an erratum is a container (R1)");
    assert_eq!(alas.value.published.unwrap().to_string(), "2023-02-17T20:41:00Z");
    assert_eq!(alas.value.modified.unwrap().to_string(), "2023-02-22T23:22:00Z");
    assert_eq!(alas.value.description, "A long line over TCP overflows a buffer of rsyslog & its modules.");
    assert_eq!(
        lines(alas),
        [
            "Amazon Linux:2023 bind | Affected (, 32:9.16.27-1.amzn2023) Rpm | else Unaffected | Fixed(\"32:9.16.27-1.amzn2023\")",
            "Amazon Linux:2023 rsyslog | Affected (, 8.2204.0-3.amzn2023.0.2) Rpm | else Unaffected | Fixed(\"8.2204.0-3.amzn2023.0.2\")",
        ]
    );
    assert_eq!(warnings(alas), Vec::<String>::new());
    assert!(one(&mut found, 1).value.affected.is_empty(), "a bug fix is no vulnerability");
}

#[test]
fn the_release_comes_from_the_collection_the_title_the_build_or_the_address() {
    let update = |collection: &str, release: &str, title: &str| {
        format!(
            r#"<updates><update type="security"><id>A-1</id><title>{title}</title><pkglist><collection><name>{collection}</name>
            <package name="p" version="1" release="{release}" epoch="0" arch="noarch"/></collection></pkglist></update></updates>"#
        )
    };
    let ecosystem = |document: &str, from: &str| {
        let (_, mut found) = records_from(Format::UpdateInfo, from, document.as_bytes());
        match one(&mut found, 0).value.affected.first().map(|said| said.target.clone()) {
            Some(Target::Package { ecosystem, .. }) => ecosystem,
            _ => String::new(),
        }
    };
    for (collection, release, title, from, expected) in [
        ("Amazon Linux 2", "1", "", "", "Amazon Linux:2"),
        ("Amazon Linux AMI", "1.18.amzn1", "", "", "Amazon Linux:1"),
        ("rocky-linux-9-x86-64-appstream-rpms", "1.el9", "", "", "Rocky Linux:9"),
        ("almalinux-9-for-x86_64-baseos-rpms__9_1_default", "8.el9_0", "", "", "AlmaLinux:9"),
        ("Fedora 39", "1.fc39", "", "", "Fedora:39"),
        ("", "1", "Amazon Linux 2023 - ALAS2023-2023-001: for p", "", "Amazon Linux:2023"),
        ("", "38.79.amzn2", "", "", "Amazon Linux:2"),
        (
            "",
            "1",
            "",
            "https://cdn.amazonlinux.com/al2023/core/guids/46ff/x86_64/repodata/updateinfo.xml.gz",
            "Amazon Linux:2023",
        ),
        (
            "",
            "1",
            "",
            "https://cdn.amazonlinux.com/2/core/2.0/x86_64/221a/repodata/updateinfo.xml.gz",
            "Amazon Linux:2",
        ),
        (
            "",
            "1",
            "",
            "https://dl.example.org/pub/rocky/8.6/BaseOS/x86_64/os/repodata/updateinfo.xml.gz",
            "Rocky Linux:8",
        ),
        ("", "1", "", "https://yum.example.com/repo/OracleLinux/OL8/baseos/latest/x86_64/", "Oracle Linux:8"),
        ("", "1", "", "https://example.org/updateinfo.xml", ""),
    ] {
        assert_eq!(
            ecosystem(&update(collection, release, title), from),
            expected,
            "{collection:?} {release} {title:?} {from}"
        );
    }
}

#[test]
fn a_repository_beside_the_distributions_own_counts_from_its_line_on_and_on_condition() {
    let document = r#"<updates><update type="security"><id>ALAS2KERNEL-5.15-2022-001</id><title>t</title>
        <references><reference id="CVE-2022-1015" type="cve" href=""/></references>
        <pkglist><collection short="s"><name>Amazon Linux 2 - Kernel-5.15</name>
        <package name="kernel" version="5.15.43" release="20.123.amzn2" epoch="0" arch="x86_64"/></collection></pkglist></update></updates>"#;
    let (_, mut found) = records(Format::UpdateInfo, document.as_bytes());
    assert_eq!(
        lines(one(&mut found, 0)),
        [
            "Amazon Linux:2 kernel | Affected [5.15, 5.15.43-20.123.amzn2) Rpm | else Unaffected | Fixed(\"5.15.43-20.123.amzn2\") | the package is from the repository Kernel-5.15"
        ]
    );
}

/// CVE-2022-24903 was fixed on Oracle Linux 7 in different builds for the two architectures.
fn oracle(second: &str) -> String {
    format!(
        r#"<?xml version="1.0"?><oval_definitions xmlns="http://oval.mitre.org/XMLSchema/oval-definitions-5" xmlns:oval="http://oval.mitre.org/XMLSchema/oval-common-5">
<generator><oval:timestamp>2022-06-01T06:35:16</oval:timestamp></generator><definitions>
<definition id="oval:com.oracle.elsa:def:20224803" version="501" class="patch"><metadata>
<title>
ELSA-2022-4803:  rsyslog security update (IMPORTANT)
</title>
<affected family="unix"><platform>Oracle Linux 7</platform></affected>
<reference source="elsa" ref_id="ELSA-2022-4803" ref_url="https://linux.oracle.com/errata/ELSA-2022-4803.html"/>
<reference source="CVE" ref_id="CVE-2022-24903" ref_url="https://linux.oracle.com/cve/CVE-2022-24903.html"/>
<description>An overflow in the TCP server.</description>
<!-- details --><advisory><severity>IMPORTANT</severity><issued date="2022-05-31"/>
<cve cvss3="8.1/CVSS:3.0/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H" cwe="CWE-120" public="20220506">CVE-2022-24903</cve></advisory></metadata>
<criteria operator="AND">
<criterion test_ref="t:1" comment="Oracle Linux 7 is installed"/>
<criteria operator="OR">
<criteria operator="AND"><criterion test_ref="t:2" comment="Oracle Linux arch is aarch64"/>
<criteria operator="OR"><criteria operator="AND">
<criterion test_ref="t:3" comment="rsyslog is earlier than 0:8.24.0-57.0.4.el7_9.3"/>
<criterion test_ref="t:4" comment="rsyslog is signed with the Oracle Linux 7 key"/></criteria></criteria></criteria>
<criteria operator="AND"><criterion test_ref="t:5" comment="Oracle Linux arch is x86_64"/>
<criteria operator="OR"><criteria operator="AND">
<criterion test_ref="t:6" comment="rsyslog is earlier than {second}"/>
<criterion test_ref="t:4" comment="rsyslog is signed with the Oracle Linux 7 key"/></criteria></criteria></criteria>
</criteria></criteria></definition></definitions><tests><rpminfo_test id="t:1"/></tests></oval_definitions>"#
    )
}

fn places(found: &Translated<domain::model::advisory::Advisory>) -> Vec<&str> {
    found.value.affected.iter().map(|said| said.place.as_str()).collect()
}

#[test]
fn an_erratum_of_oracle_is_said_by_architecture_only_where_the_fixes_differ() {
    let (statement, mut found) = records(Format::Oval, oracle("0:8.24.0-57.0.4.el7_9.3").as_bytes());
    assert_eq!(statement.unwrap().data_timestamp.unwrap().to_string(), "2022-06-01T06:35:16Z");
    let elsa = one(&mut found, 0);
    assert_eq!(
        (elsa.value.id.as_str(), elsa.value.title.as_str()),
        ("ELSA-2022-4803", "rsyslog security update (IMPORTANT)")
    );
    assert_eq!(elsa.value.related, ["CVE-2022-24903"]);
    assert_eq!((elsa.value.scores[0].tenths, elsa.value.weaknesses.as_slice()), (81, &["CWE-120".to_owned()][..]));
    assert_eq!(
        lines(elsa),
        [
            "Oracle Linux:7 rsyslog | Affected (, 8.24.0-57.0.4.el7_9.3) Rpm | else Unaffected | Fixed(\"8.24.0-57.0.4.el7_9.3\")"
        ]
    );
    assert_eq!(warnings(elsa), Vec::<String>::new());
    let (_, mut found) = records(Format::Oval, oracle("0:8.24.0-57.0.1.el7_9.3").as_bytes());
    let elsa = one(&mut found, 0);
    assert_eq!(places(elsa), ["criteria[Oracle Linux:7/rsyslog.aarch64]", "criteria[Oracle Linux:7/rsyslog.x86_64]"]);
}

#[test]
fn criteria_give_modules_and_any_of_several_products() {
    let criteria = |body: &str| {
        let document = format!(
            r#"<oval_definitions><definitions><definition id="oval:x:def:1" class="patch"><metadata><title>CVE-2018-5383</title></metadata>{body}</definition></definitions></oval_definitions>"#
        );
        let (_, found) = records(Format::Oval, document.as_bytes());
        found.into_iter().next().unwrap().unwrap()
    };
    let module = criteria(
        r#"<criteria operator="AND"><criterion comment="Oracle Linux 8 is installed"/><criterion comment="Module virt:kvm_utils is enabled"/>
        <criteria operator="OR"><criterion comment="hivex is earlier than 0:1.3.18-21.module+el8.7.0+21037+8ee66348"/></criteria></criteria>"#,
    );
    let Target::Package { qualifiers, .. } = &module.value.affected[0].target else { panic!("a package") };
    assert_eq!(qualifiers, &[("rpmmod".to_owned(), "virt:kvm_utils".to_owned())]);
    assert_eq!(module.value.aliases, ["CVE-2018-5383"], "SUSE defines vulnerabilities, not errata");
    let suse = criteria(
        r#"<criteria operator="AND"><criteria operator="OR"><criterion comment="SUSE Linux Enterprise Server 15 SP1 is installed"/>
        <criterion comment="openSUSE Leap 15.1 is installed"/></criteria>
        <criteria operator="OR"><criterion comment="libpng16-16-1.6.8-2.1 is installed"/><criterion comment="x is green"/></criteria></criteria>"#,
    );
    assert_eq!(
        places(&suse),
        ["criteria[SUSE:Linux Enterprise Server 15 SP1/libpng16-16]", "criteria[openSUSE:Leap 15.1/libpng16-16]"]
    );
    assert_eq!(warnings(&suse), ["criteria: The criterion \"x is green\" is not understood."]);
    let nowhere = criteria(
        r#"<criteria><criterion comment="a is earlier than 0:1-1"/><criterion negate="true" comment="b is earlier than 0:1-1"/></criteria>"#,
    );
    assert!(nowhere.value.affected.is_empty() && warnings(&nowhere).len() == 2, "{:?}", warnings(&nowhere));
}

#[test]
fn an_erratum_of_almalinux_keeps_module_epoch_and_the_release_of_its_own_page() {
    let document = json!({"schema_version": "1.0", "data": [
        {"id": "ALSA-2019:3708", "issued_date": 1_572_912_000, "updated_date": 1_572_912_001, "severity": "Moderate", "type": "security",
         "title": "mariadb:10.3 security update", "description": "Several faults of the server.",
         "packages": [
            {"name": "mariadb", "epoch": "3", "version": "10.3.17", "release": "1.module_el8.1.0+217+4d875839", "arch": "x86_64",
             "src": "mariadb-10.3.17-1.module_el8.1.0+217+4d875839.src.rpm", "module": "mariadb:10.3:8010020191114033549:cdc1202b:x86_64"},
            {"name": "Judy", "epoch": "0", "version": "1.0.5", "release": "18.el8", "arch": "x86_64"},
            {"name": "", "version": "1"}],
         "references": [{"id": "CVE-2019-2510", "type": "cve", "href": "https://example.org/CVE-2019-2510"},
            {"id": "ALSA-2019:3708", "type": "self", "href": "https://errata.almalinux.org/8/ALSA-2019-3708.html"}]},
        {"id": "ALBA-2021:3049", "type": "bugfix", "packages": [{"name": "a", "version": "1", "release": "1.el8"}]},
        {"packages": []}
    ]});
    let (statement, mut found) = records_from(
        Format::AlmaErrata,
        "https://errata.almalinux.org/9/errata.full.json",
        document.to_string().as_bytes(),
    );
    assert_eq!(statement.unwrap().records, 3);
    let alsa = one(&mut found, 0);
    assert_eq!((alsa.value.related.as_slice(), alsa.value.aliases.len()), (&["CVE-2019-2510".to_owned()][..], 0));
    assert_eq!(alsa.value.modified.unwrap().to_string(), "2019-11-05T00:00:01Z");
    assert_eq!(places(alsa), ["packages[AlmaLinux:8/Judy]", "packages[AlmaLinux:8/mariadb@mariadb:10.3]"]);
    assert!(lines(alsa)[1].contains("3:10.3.17-1.module_el8.1.0+217+4d875839"));
    assert_eq!(warnings(alsa), ["packages[2]: The package has no name or no version; it is left out."]);
    assert!(one(&mut found, 1).value.affected.is_empty());
    assert!(found[2].as_ref().unwrap_err().contains("no `id`"));
}

#[test]
fn a_page_of_rocky_says_where_it_stands_and_its_errata_leave_legacy_products_aside() {
    let package = |nevra: &str, product: &str, module: Option<(&str, &str)>| json!({"nevra": nevra, "product_name": product, "module_name": module.map(|it| it.0), "module_stream": module.map(|it| it.1)});
    let document = json!({"total": 8019, "page": 3, "size": 100, "last_updated_at": "2025-11-27T09:00:19Z", "advisories": [
        {"name": "RLSA-2025:21816", "kind": "Security", "severity": "Moderate", "synopsis": "Moderate: delve security update",
         "published_at": "2025-11-27T09:11:22.820964+00:00", "updated_at": "2025-11-27T09:12:41.644151+00:00",
         "cves": [{"cve": "CVE-2025-58183", "cvss3_scoring_vector": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", "cwe": "CWE-770"},
                  {"cve": "CVE-2025-58185", "cvss3_scoring_vector": "UNKNOWN", "cwe": "UNKNOWN"}],
         "packages": [
            package("delve-0:1.25.2-1.el10_1.aarch64.rpm", "Rocky Linux 10 aarch64", None),
            package("delve-0:1.25.2-1.el10_1.x86_64.rpm", "Rocky Linux 10 x86_64", None),
            package("delve-0:1.25.2-1.el10_1.src.rpm", "Rocky Linux 10 x86_64", None),
            package("runc-1:1.0.0-56.rc5.module+el8.5.0+557+48ba8b2f.x86_64.rpm", "Rocky Linux 8.5 x86_64 (Legacy)", Some(("container-tools", "1.0"))),
            package("runc-1:1.0.0-57.rc5.module+el8.6.0+600+48ba8b2f.x86_64.rpm", "Rocky Linux 8 x86_64", Some(("container-tools", "1.0"))),
            package("nonsense", "Rocky Linux 8 x86_64", None)]}
    ]});
    let (statement, mut found) = records(Format::RockyErrata, document.to_string().as_bytes());
    let statement = statement.unwrap();
    let page = statement.page.unwrap();
    assert_eq!((page.start, page.len, page.total, statement.records), (200, 100, 8019, 1));
    let rlsa = one(&mut found, 0);
    assert_eq!(rlsa.value.related, ["CVE-2025-58183", "CVE-2025-58185"]);
    assert_eq!((rlsa.value.scores.len(), rlsa.value.scores[0].tenths), (1, 75));
    assert_eq!(
        lines(rlsa),
        [
            "Rocky Linux:10 delve | Affected (, 1.25.2-1.el10_1) Rpm | else Unaffected | Fixed(\"1.25.2-1.el10_1\")",
            "Rocky Linux:8 runc | Affected (, 1:1.0.0-57.rc5.module+el8.6.0+600+48ba8b2f) Rpm | else Unaffected | Fixed(\"1:1.0.0-57.rc5.module+el8.6.0+600+48ba8b2f\")",
        ]
    );
    assert_eq!(warnings(rlsa), ["packages[5]: \"nonsense\" is no name, version and architecture; it is left out."]);
}

#[test]
fn a_deprecated_definition_is_withdrawn() {
    let document = r#"<oval_definitions><definitions><definition id="oval:x:def:1" class="patch" deprecated="true"><metadata><title>t</title></metadata></definition></definitions></oval_definitions>"#;
    let (_, mut found) = records(Format::Oval, document.as_bytes());
    assert_eq!(one(&mut found, 0).value.state, State::Withdrawn { at: None });
}

#[test]
fn a_broken_update_costs_itself_and_a_broken_document_all() {
    let good = "<update type=\"security\"><id>A-1</id></update>";
    for bad in [
        "<update><id>B-1</id><description>\u{1}&undefined;</description></update>",
        "<update><id>B-1</id><description>",
        "<update><id>B-1</id></description></update>",
        "<update><title>no identifier</title></update>",
        &format!("<update><id>B-1</id>{}</update>", "<a>".repeat(100_000)),
        &format!("<update><id>B-1</id><pkglist>{}</update>", "<collection>".repeat(100_000)),
    ] {
        let document = format!("<updates>{bad}{good}{bad}{good}</updates>");
        let (statement, found) = records(Format::UpdateInfo, document.as_bytes());
        assert_eq!(statement.unwrap().records, 4, "{}", &bad[..60.min(bad.len())]);
        assert_eq!(found.iter().filter(|record| record.is_ok()).count(), 2, "{}", &bad[..60.min(bad.len())]);
    }
    let mut bytes = format!("<updates>{good}").into_bytes();
    bytes.extend(b"<update><id>C-1</id><title>\xff\xfe\xc3\x28</title></update></updates>");
    let (_, found) = records(Format::UpdateInfo, &bytes);
    assert!(found[0].is_ok() && found[1].as_ref().unwrap_err().contains("no UTF-8"));
    let bomb = r#"<!DOCTYPE updates [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><updates><update><id>&b;</id></update></updates>"#;
    for document in [
        bomb,
        "<updates><update><id>A-1</id></update>",
        "<updates/><updates/>",
        "<html><body>503</body></html>",
        "<updates><!-- <update>",
    ] {
        let (statement, found) = records(Format::UpdateInfo, document.as_bytes());
        assert!(statement.is_err() && found.is_empty(), "{document}");
    }
}

#[test]
fn no_truncation_no_flipped_byte_and_no_depth_makes_a_reader_of_errata_panic() {
    let alma = json!({"data": [{"id": "A-1", "type": "security", "issued_date": 1, "packages": [{"name": "n", "epoch": "1", "version": "2",
        "release": "3.el8_4", "module": "m:s:1"}], "references": [{"id": "CVE-2024-0001", "type": "cve"}]}]});
    let rocky = json!({"total": 1, "page": 1, "size": 1, "advisories": [{"name": "A-1", "kind": "Security", "cves": [{"cve": "CVE-2024-0001"}],
        "packages": [{"nevra": "n-1:2-3.el8.noarch.rpm", "product_name": "Rocky Linux 8 x86_64"}]}]});
    for (format, text) in [
        (Format::UpdateInfo, ALAS.to_owned()),
        (Format::Oval, oracle("0:8.24.0-57.0.1.el7_9.3")),
        (Format::AlmaErrata, alma.to_string()),
        (Format::RockyErrata, rocky.to_string()),
    ] {
        let end_of_document = text.trim_end().len();
        for end in 0..end_of_document {
            let (statement, found) = records(format, &text.as_bytes()[..end]);
            assert!(statement.is_err() && found.is_empty(), "{format:?} {end}");
        }
        for at in 0..text.len() {
            for flip in [0x01, 0x20, 0x80, 0xFF] {
                let mut bytes = text.clone().into_bytes();
                bytes[at] ^= flip;
                let _ = records(format, &bytes);
            }
        }
        for deep in [
            "<a>".repeat(100_000),
            "[".repeat(100_000),
            "<updates>".repeat(100_000),
            "<![CDATA[".to_owned(),
            "<a b='".to_owned(),
        ] {
            let (statement, found) = records(format, deep.as_bytes());
            assert!(statement.is_err() && found.is_empty());
        }
    }
    let criteria = "<criteria>".repeat(100_000);
    let deep = format!(
        "<oval_definitions><definitions><definition id=\"d\">{criteria}</definition></definitions></oval_definitions>"
    );
    let (_, found) = records(Format::Oval, deep.as_bytes());
    assert!(found[0].is_err());
}

#[test]
fn real_errata_are_read_without_loss() {
    let Some(files) = shared::samples(&["amazon", "alma", "oracle", "rocky"]) else { return };
    let mut counted = 0;
    for (name, bytes) in &files {
        let (format, mark) = match name.as_str() {
            name if name.contains("updateinfo") && name.ends_with(".xml.gz") => (Format::UpdateInfo, "<update "),
            name if name.ends_with("errata.full.json") => (Format::AlmaErrata, "\"issued_date\""),
            name if name.contains("rocky/vuls/errata/happy") => (Format::RockyErrata, "\"published_at\""),
            name if name.contains("mock_per_arch_data") || name.contains("mock_ksplice_data") => {
                (Format::Oval, "<definition ")
            }
            _ => continue,
        };
        let Some(bytes) = shared::unpacked(bytes) else { continue };
        let stated = String::from_utf8_lossy(&bytes).matches(mark).count() as u64;
        let mut records = Vec::new();
        let Ok(statement) = domain::normalise::split(format, &bytes, &mut |record| records.push(record)) else {
            assert!(name.contains("invalid") || name.contains("badid") || name.contains("corrupt"), "{name}");
            continue;
        };
        assert_eq!(statement.records, stated, "{name}");
        counted += stated;
        let (_, found) = records_from(format, name, &bytes);
        for record in found {
            let Ok(record) = record else {
                assert!(name.contains("invalid") || name.contains("badid"), "{name}: {record:?}");
                continue;
            };
            let is_security = !record.value.related.is_empty();
            assert!(
                !is_security || !record.value.affected.is_empty(),
                "{name}: {} {:?}",
                record.value.id,
                record.warnings
            );
        }
    }
    assert!(counted >= 30, "{counted} errata in the samples");
}
