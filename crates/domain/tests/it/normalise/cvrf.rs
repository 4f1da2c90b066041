//! CVRF: Microsoft's monthly documents.

use domain::normalise::Format;

use super::{lines, records, warnings};

/// A month of two vulnerabilities: one of Windows, exploited; one of a product by its name alone.
const MONTH: &str = r#"<?xml version="1.0" encoding="utf-8"?>
<cvrf:cvrfdoc xmlns:cvrf="http://www.icasi.org/CVRF/schema/cvrf/1.1" xmlns:prod="http://www.icasi.org/CVRF/schema/prod/1.1" xmlns:vuln="http://www.icasi.org/CVRF/schema/vuln/1.1">
<cvrf:DocumentTitle>February 2024 Security Updates</cvrf:DocumentTitle>
<cvrf:DocumentTracking><cvrf:Identification><cvrf:ID>2024-Feb</cvrf:ID></cvrf:Identification><cvrf:CurrentReleaseDate>2024-03-01T08:00:00</cvrf:CurrentReleaseDate></cvrf:DocumentTracking>
<prod:ProductTree><prod:Branch Type="Vendor" Name="Microsoft"><prod:Branch Type="Product Family" Name="Windows">
<prod:FullProductName ProductID="11569">Windows 10 Version 1809 for x64-based Systems</prod:FullProductName>
<prod:FullProductName ProductID="10483">Windows Server 2012 R2</prod:FullProductName>
<prod:FullProductName ProductID="11622">Visual Studio Code &amp; more</prod:FullProductName>
</prod:Branch></prod:Branch><prod:FullProductName ProductID="10483">Windows Server 2012 R2</prod:FullProductName><prod:FullProductName ProductID="7" CPE="cpe:/a:example:viewer:2.1">Viewer</prod:FullProductName></prod:ProductTree>
<vuln:Vulnerability Ordinal="1"><vuln:Title>Internet Shortcut Files Security Feature Bypass</vuln:Title>
<vuln:Notes><vuln:Note Title="Description" Type="Description" Ordinal="0">A warning is not shown.</vuln:Note><vuln:Note Title="Microsoft" Type="CNA" Ordinal="1">Microsoft</vuln:Note></vuln:Notes>
<vuln:CVE>CVE-2024-21412</vuln:CVE><vuln:CWE ID="CWE-693">Protection Mechanism Failure</vuln:CWE>
<vuln:ProductStatuses><vuln:Status Type="Known Affected"><vuln:ProductID>11569</vuln:ProductID><vuln:ProductID>10483</vuln:ProductID><vuln:ProductID>99</vuln:ProductID></vuln:Status></vuln:ProductStatuses>
<vuln:Threats><vuln:Threat Type="Exploit Status"><vuln:Description>Publicly Disclosed:No;Exploited:Yes;Latest Software Release:Exploitation Detected</vuln:Description></vuln:Threat></vuln:Threats>
<vuln:CVSSScoreSets><vuln:ScoreSet><vuln:BaseScore>8.1</vuln:BaseScore><vuln:Vector>CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H/E:F/RL:O/RC:C</vuln:Vector><vuln:ProductID>11569</vuln:ProductID></vuln:ScoreSet></vuln:CVSSScoreSets>
<vuln:Remediations><vuln:Remediation Type="Vendor Fix"><vuln:Description>5034768</vuln:Description><vuln:URL>https://catalog.update.microsoft.com/v7/site/Search.aspx?q=KB5034768</vuln:URL><vuln:Supercedence>5034127</vuln:Supercedence><vuln:ProductID>11569</vuln:ProductID><vuln:SubType>Security Update</vuln:SubType><vuln:FixedBuild>10.0.17763.5458</vuln:FixedBuild></vuln:Remediation>
<vuln:Remediation Type="Vendor Fix"><vuln:Description>5034819</vuln:Description><vuln:URL>https://catalog.update.microsoft.com/v7/site/Search.aspx?q=KB5034819</vuln:URL><vuln:ProductID>10483</vuln:ProductID><vuln:FixedBuild>6.3.9600.21813</vuln:FixedBuild></vuln:Remediation></vuln:Remediations>
<vuln:RevisionHistory><vuln:Revision><cvrf:Number>1.0</cvrf:Number><cvrf:Date>2024-02-13T08:00:00</cvrf:Date></vuln:Revision><vuln:Revision><cvrf:Number>1.1</cvrf:Number><cvrf:Date>2024-02-20T08:00:00Z</cvrf:Date></vuln:Revision></vuln:RevisionHistory></vuln:Vulnerability>
<vuln:Vulnerability Ordinal="2"><vuln:Title>Servicing stack updates</vuln:Title><vuln:CVE>ADV990001</vuln:CVE>
<vuln:ProductStatuses><vuln:Status Type="Known Affected"><vuln:ProductID>11622</vuln:ProductID><vuln:ProductID>7</vuln:ProductID></vuln:Status></vuln:ProductStatuses>
<vuln:Remediations><vuln:Remediation Type="Vendor Fix"><vuln:Description>5034857</vuln:Description><vuln:URL>https://support.example/5034857</vuln:URL><vuln:ProductID>11622</vuln:ProductID><vuln:FixedBuild>https://aka.ms/notes</vuln:FixedBuild></vuln:Remediation></vuln:Remediations></vuln:Vulnerability>
</cvrf:cvrfdoc>"#;

#[test]
fn windows_is_compared_by_build_within_its_branch() {
    let (statement, found) = records(Format::Cvrf, MONTH.as_bytes());
    let statement = statement.unwrap();
    assert_eq!(
        (statement.records, statement.data_timestamp.unwrap().to_string()),
        (2, "2024-03-01T08:00:00Z".to_owned())
    );
    let shortcut = found[0].as_ref().unwrap();
    let it = &shortcut.value;
    assert_eq!((it.id.as_str(), it.aliases.join(" ")), ("CVE-2024-21412/2024-Feb", "CVE-2024-21412".to_owned()));
    assert_eq!(
        lines(shortcut),
        [
            "cpe:2.3:o:microsoft:windows_10_1809:*:*:*:*:*:*:x64:* | Affected (, 10.0.17763.5458) Generic | else Unaffected | Fixed(\"10.0.17763.5458\")",
            "cpe:2.3:o:microsoft:windows_server_2012:r2:*:*:*:*:*:*:* | Affected (, ) Generic | else Unaffected | Fixed(\"6.3.9600.21813\") | its build is below 6.3.9600.21813",
        ]
    );
    assert_eq!(it.exploitation.as_ref().unwrap().ssvc.as_deref(), Some("active"));
    assert_eq!((it.scores[0].by.as_str(), it.scores[0].tenths), ("Microsoft", 81));
    assert_eq!(
        (it.weaknesses.join(" "), it.references[0].kind.as_str()),
        ("CWE-693".to_owned(), "KB5034768, replaces 5034127")
    );
    let dates = [it.published, it.modified].map(|date| date.unwrap().to_string());
    assert_eq!(dates, ["2024-02-13T08:00:00Z", "2024-02-20T08:00:00Z"]);
    assert!(warnings(shortcut)[0].contains("no product \"99\""));
}

#[test]
fn an_update_without_a_build_is_a_condition() {
    let (_, found) = records(Format::Cvrf, MONTH.as_bytes());
    let stack = found[1].as_ref().unwrap();
    assert_eq!((stack.value.id.as_str(), stack.value.exploitation.is_none()), ("ADV990001/2024-Feb", true));
    assert_eq!(
        lines(stack),
        [
            "Microsoft/Visual Studio Code & more | Affected (, ) Generic | else Unaffected | Fixed(\"KB5034857\") | KB5034857 is not installed",
            "cpe:2.3:a:example:viewer:2.1:*:*:*:*:*:*:* | Affected (, ) Generic | else Unaffected | None",
        ]
    );
    assert_eq!(stack.value.modified.unwrap().to_string(), "2024-03-01T08:00:00Z", "the document's own date");
}

#[test]
fn a_broken_vulnerability_costs_itself_and_a_broken_document_all() {
    let mut bytes = MONTH.as_bytes().to_vec();
    let at = MONTH.find("A warning").unwrap();
    bytes[at] = 0xFF;
    let (statement, found) = records(Format::Cvrf, &bytes);
    assert_eq!(statement.unwrap().records, 2);
    assert!(found[0].as_ref().unwrap_err().contains("UTF-8") && found[1].is_ok());
    let (_, found) = records(Format::Cvrf, MONTH.replace("<vuln:CVE>ADV990001</vuln:CVE>", "").as_bytes());
    assert!(found[1].is_err());
    let entity = MONTH.replace("A warning", "&lol; A warning");
    let (_, found) = records(Format::Cvrf, entity.as_bytes());
    assert!(found[0].as_ref().unwrap_err().contains("undefined entity") && found[1].is_ok());
    let bomb = MONTH.replacen("<cvrf:cvrfdoc", "<!DOCTYPE a [<!ENTITY lol \"lol\">]><cvrf:cvrfdoc", 1);
    assert!(records(Format::Cvrf, bomb.as_bytes()).0.is_err());
    for end in 0..MONTH.len() {
        let (statement, found) = records(Format::Cvrf, &MONTH.as_bytes()[..end]);
        assert!(statement.is_err() && found.is_empty(), "{end}");
    }
    for at in (0..MONTH.len()).step_by(3) {
        for flip in [0x01, 0x20, 0x80] {
            let mut bytes = MONTH.as_bytes().to_vec();
            bytes[at] ^= flip;
            let _ = records(Format::Cvrf, &bytes);
        }
    }
    for page in ["<!DOCTYPE html><title>503</title>", "<html></html>", "", "{}", "[]"] {
        assert!(records(Format::Cvrf, page.as_bytes()).0.is_err(), "{page:?}");
    }
}

#[test]
fn depth_and_length_cost_no_more_than_a_record() {
    for (place, deep) in [("vuln:Threats", "vuln:Threat"), ("prod:ProductTree", "prod:Branch")] {
        let many = format!(
            "<{place}>{}{}</{place}>",
            format!("<{deep}>").repeat(100_000),
            format!("</{deep}>").repeat(100_000)
        );
        let text = MONTH.replacen(&format!("<{place}>"), &format!("{many}<{place}>"), 1);
        let (_, found) = records(Format::Cvrf, text.as_bytes());
        assert_eq!(found.len(), 2);
    }
    let long = MONTH.replace("A warning", &"x".repeat(5 << 20));
    assert!(records(Format::Cvrf, long.as_bytes()).1[0].is_ok());
}
