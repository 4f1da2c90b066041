//! ENISA's EUVD, the EU's known exploited vulnerabilities, GCVE's records, and CISA's decisions in CVE records.

use domain::model::advisory::{State, Target};
use domain::normalise::Format;

use super::{lines, records, records_from};

const PAGE: &str = r#"{"items":[
 {"id":"EUVD-2021-34567","enisaUuid":"6f0b","description":"A lookup in a log message runs code. More.",
  "datePublished":"Dec 10, 2021, 10:15:09 AM","dateUpdated":"Nov 15, 2025, 8:55:25 PM","exploitedSince":"Dec 10, 2021, 12:00:00 AM",
  "baseScore":10.0,"baseScoreVersion":"3.1","baseScoreVector":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H",
  "references":"https://logging.apache.org/security.html\nhttps://nvd.nist.gov/vuln/detail/CVE-2021-44228\n",
  "aliases":"CVE-2021-44228\nGHSA-jfh8-c2jp-5v3q\nRHSA-2021:5138\n","assigner":"apache","epss":94.36,
  "enisaIdProduct":[{"id":"a","product":{"name":"Apache Log4j2"},"product_version":"2.0-beta9 <2.15.0"},
    {"id":"b","product":{"name":"Apache Log4j2"},"product_version":"patch: 2.15.0"},
    {"id":"c","product":{"name":"operator"},"product_version":"patch: sha256:b8e9e8ba"},{"id":"d","product":{"name":"n/a"},"product_version":""}],
  "enisaIdVendor":[{"id":"e","vendor":{"name":"Apache Software Foundation"}}]},
 {"id":"EUVD-2022-9","description":"** REJECTED ** Never used.","datePublished":"yesterday","dateUpdated":{"unexpected":true},"aliases":"CVE-2022-0001\nCVE-2022-0002"},
 {"description":"nameless"}],"total":450486}"#;

#[test]
fn a_page_of_euvd_states_its_total_and_holds_records() {
    let (statement, found) = records(Format::Euvd, PAGE.as_bytes());
    let statement = statement.unwrap();
    assert_eq!((statement.stated_total, statement.records), (Some(450_486), 3));
    let log4j = found[0].as_ref().unwrap();
    let advisory = &log4j.value;
    assert_eq!(
        (advisory.id.as_str(), advisory.title.as_str()),
        ("EUVD-2021-34567", "A lookup in a log message runs code")
    );
    assert_eq!(
        (&advisory.aliases[..], &advisory.related[..]),
        (&["CVE-2021-44228".to_owned(), "GHSA-jfh8-c2jp-5v3q".to_owned()][..], &["RHSA-2021:5138".to_owned()][..])
    );
    assert_eq!(advisory.published.unwrap().to_string(), "2021-12-10T10:15:09Z");
    assert_eq!(advisory.modified.unwrap().to_string(), "2025-11-15T20:55:25Z");
    assert_eq!(advisory.exploitation.as_ref().unwrap().known_since.as_deref(), Some("2021-12-10"));
    assert_eq!((advisory.scores.len(), advisory.scores[0].by.as_str(), advisory.scores[0].tenths), (1, "apache", 100));
    assert_eq!(advisory.references.len(), 2);
    assert_eq!(log4j.warnings.len(), 1, "a digest is no version: {:?}", log4j.warnings);
    assert_eq!(advisory.affected.len(), 2, "{:?}", lines(log4j));
    let named = Target::Named { vendor: "Apache Software Foundation".to_owned(), product: "Apache Log4j2".to_owned() };
    assert_eq!((&advisory.affected[0].target, advisory.affected[0].rules.len()), (&named, 2));
    assert!(found[2].is_err(), "a record without a number is set aside");
}

#[test]
fn a_rejected_record_counts_no_more_and_several_cves_are_not_one() {
    let (_, found) = records(Format::Euvd, PAGE.as_bytes());
    let Ok(rejected) = &found[1] else {
        // A date of another type sets a record aside.
        return;
    };
    assert!(matches!(rejected.value.state, State::Rejected { .. }));
    assert_eq!((rejected.value.aliases.len(), rejected.value.related.len()), (0, 2));
}

#[test]
fn one_record_of_euvd_stands_alone_and_an_empty_page_is_the_end() {
    let start = PAGE.find(r#"{"id""#).unwrap();
    let end = PAGE
        .find(
            r#",
 {"id":"EUVD-2022-9""#,
        )
        .unwrap();
    let (statement, found) = records(Format::Euvd, &PAGE.as_bytes()[start..end]);
    assert_eq!((statement.unwrap().records, found[0].as_ref().unwrap().value.id.as_str()), (1, "EUVD-2021-34567"));
    let (statement, found) = records(Format::Euvd, br#"{"items":[],"total":450486}"#);
    assert_eq!((statement.unwrap().stated_total, found.len()), (Some(450_486), 0));
}

const EU_KEV: &str = r#"[
 {"cveID":"CVE-2024-9380","euvdID":"EUVD-2024-49898","vendorProject":"Ivanti","product":"CSA","vulnerabilityName":"-","dateReported":"17/01/25",
  "patchedSince":"tbc","originSource":"cnw","shortDescription":"-","exploitationType":"-","threatActorsExploiting":"-","cwes":"-","notes":"-"},
 {"cveID":"CVE-2026-20079","euvdID":"EUVD-2026-9438","vendorProject":"Cisco","product":"Cisco Secure Firewall Management Center","dateReported":"2026/09/09",
  "shortDescription":"The web interface lets anyone in.","exploitationType":["ransomware"],"cwes":["CWE-288"],"notes":"https://blog.talosintelligence.com/fmc/, and more"},
 {"cveId":"CVE-2021-22555","euvdId":"EUVD-2021-9696","dateAdded":"2025-10-06","sources":["cisa_kev"]},
 {"cveID":"-","euvdID":"EUVD-2025-1","dateReported":"soon"}, {"cveID":"-","euvdID":"-"}]"#;

#[test]
fn entries_of_eu_kev_are_read_in_every_layout_so_far() {
    let (statement, found) = records(Format::EuKev, EU_KEV.as_bytes());
    assert_eq!(statement.unwrap().records, 5);
    let entry = |index: usize| &found[index].as_ref().unwrap().value;
    let since = |index: usize| entry(index).exploitation.as_ref().unwrap().known_since.clone();
    assert_eq!(
        (entry(0).id.as_str(), entry(0).title.as_str(), since(0).as_deref()),
        ("CVE-2024-9380", "Ivanti CSA", Some("2025-01-17"))
    );
    assert_eq!(
        (entry(0).aliases.as_slice(), entry(0).description.as_str()),
        (["EUVD-2024-49898".to_owned()].as_slice(), "")
    );
    let fmc = entry(1);
    assert_eq!((since(1).as_deref(), fmc.exploitation.as_ref().unwrap().ransomware), (Some("2026-09-09"), Some(true)));
    assert_eq!((fmc.weaknesses.join(" "), fmc.references.len(), fmc.affected.len()), ("CWE-288".to_owned(), 1, 0));
    assert_eq!(fmc.title, "Cisco Secure Firewall Management Center");
    assert_eq!((entry(2).id.as_str(), since(2).as_deref()), ("CVE-2021-22555", Some("2025-10-06")));
    assert_eq!((entry(3).id.as_str(), since(3), found[3].as_ref().unwrap().warnings.len()), ("EUVD-2025-1", None, 1));
    assert!(found[4].is_err());
}

#[test]
fn the_table_of_eu_kev_names_its_columns() {
    let table = "\u{feff}CVE,EUVD,vendorProject,product,vulnerabilityName,dateReported,exploitationType,shortDescription,cwes\r\n\
        CVE-2024-55591,EUVD-2024-52819,Fortinet,FortiOS/FortiProxy,-,13/02/25,ransomware,\"Bypass, by another \"\"path\"\"\nor channel\",CWE-288\r\n\
        \r\nCVE 2024-8190,-,Ivanti,CSA,-,17/01/25,-,-,-\r\n";
    let (statement, found) = records(Format::EuKev, table.as_bytes());
    assert_eq!(statement.unwrap().records, 2);
    let fortinet = &found[0].as_ref().unwrap().value;
    assert_eq!((fortinet.id.as_str(), fortinet.aliases.join(" ")), ("CVE-2024-55591", "EUVD-2024-52819".to_owned()));
    assert_eq!(fortinet.description, "Bypass, by another \"path\"\nor channel");
    assert_eq!(fortinet.exploitation.as_ref().unwrap().known_since.as_deref(), Some("2025-02-13"));
    let ivanti = found[1].as_ref().unwrap();
    assert_eq!(
        (ivanti.value.id.as_str(), ivanti.warnings.len()),
        ("CVE-2024-8190", 1),
        "a misspelt number is repaired, with a note"
    );
    for other in ["name,product\na,b\n", "", "[]", "<html>", "cveID,product\nCVE-2024-1,\"open"] {
        assert!(records(Format::EuKev, other.as_bytes()).0.is_err(), "{other:?}");
    }
}

/// GCVE-BCP-05's shape; no record of a numbering authority was at hand.
const GCVE: &str = r#"{"dataType":"CVE_RECORD","dataVersion":"5.2","cveMetadata":{"vulnId":"GCVE-1-2025-0018","state":"PUBLISHED","dateUpdated":"2025-11-18T20:39:45Z"},"containers":{"cna":{"title":"A form lets scripts through","x_gcve":[{"vulnId":"GCVE-1-2025-0018","relationships":[{"destId":"CVE-2025-65095","type":"equal"},{"destId":"GCVE-2-2025-0001","type":"superset"},{"destId":"CVE-2020-0001","type":"not equal"}]}]}}}"#;

#[test]
fn records_of_gcve_have_a_number_of_their_own_and_say_what_they_equal() {
    let (_, found) = records(Format::CveRecord, GCVE.as_bytes());
    let advisory = &found[0].as_ref().unwrap().value;
    assert_eq!((advisory.id.as_str(), advisory.aliases.join(" ")), ("GCVE-1-2025-0018", "CVE-2025-65095".to_owned()));
    assert_eq!(advisory.related, ["GCVE-2-2025-0001"]);
    // Without a number in its metadata, the one of GCVE's object counts; with a CVE there, that does.
    let (_, found) =
        records(Format::CveRecord, GCVE.replace(r#""vulnId":"GCVE-1-2025-0018","state""#, r#""state""#).as_bytes());
    assert_eq!(found[0].as_ref().unwrap().value.id, "GCVE-1-2025-0018");
    let (_, found) = records(
        Format::CveRecord,
        GCVE.replace(r#""vulnId":"GCVE-1-2025-0018","state""#, r#""cveId":"CVE-2025-65095","state""#).as_bytes(),
    );
    let advisory = &found[0].as_ref().unwrap().value;
    assert_eq!((advisory.id.as_str(), advisory.aliases.join(" ")), ("CVE-2025-65095", "GCVE-1-2025-0018".to_owned()));
    let (_, found) = records(Format::CveRecord, GCVE.replace("GCVE-1-2025-0018", "GCVE-0-2025-65095").as_bytes());
    assert_eq!(found[0].as_ref().unwrap().value.aliases, ["CVE-2025-65095"], "authority 0 is the CVE programme");
}

#[test]
fn a_dump_has_a_record_on_each_line_where_its_name_says_so() {
    let dump = format!("{GCVE}\n\n{}\n{{\"broken\n{}", GCVE.replace("0018", "0019"), GCVE.replace("0018", "0020"));
    let name = "https://vulnerability.circl.lu/dumps/gna-1.ndjson";
    let (statement, found) = records_from(Format::CveRecord, name, dump.as_bytes());
    assert_eq!(statement.unwrap().records, 4);
    let ids: Vec<&str> = found.iter().flatten().map(|record| record.value.id.as_str()).collect();
    assert_eq!(ids, ["GCVE-1-2025-0018", "GCVE-1-2025-0019", "GCVE-1-2025-0020"]);
    let second = &found[1].as_ref().unwrap().value.raw;
    let (start, length) = (usize::try_from(second.offset).unwrap(), usize::try_from(second.length).unwrap());
    assert!(dump[start..start + length].contains("0019") && dump[start..].starts_with('{'));
    let (statement, found) = records_from(Format::CveRecord, name, &dump.as_bytes()[..dump.len() - 20]);
    assert!(statement.is_err() && found.is_empty(), "a dump that breaks off is refused");
}

#[test]
fn all_of_cisas_decision_is_kept() {
    let record = r#"{"cveMetadata":{"cveId":"CVE-2024-3094","state":"PUBLISHED"},"containers":{"cna":{},"adp":[{"title":"CISA ADP Vulnrichment","providerMetadata":{"shortName":"CISA-ADP"},
        "affected":[{"vendor":"tukaani","product":"xz","cpes":["cpe:2.3:a:tukaani:xz:5.6.0:*:*:*:*:*:*:*"],"defaultStatus":"unknown","versions":[{"version":"5.6.0","status":"affected"}]}],
        "metrics":[{"other":{"type":"ssvc","content":{"id":"CVE-2024-3094","role":"CISA Coordinator","options":[{"Exploitation":"none"},{"Automatable":"yes"},{"Technical Impact":"Total"}],"version":"2.0.3"}}},
          {"other":{"type":"kev","content":{"dateAdded":"2024-04-01","reference":"https://www.cisa.gov/known-exploited-vulnerabilities-catalog?field_cve=CVE-2024-3094"}}}]}]}}"#;
    let (_, found) = records(Format::CveRecord, record.as_bytes());
    let advisory = &found[0].as_ref().unwrap().value;
    let stated = advisory.exploitation.as_ref().unwrap();
    assert_eq!(
        (stated.ssvc.as_deref(), stated.automatable.as_deref(), stated.technical_impact.as_deref()),
        (Some("none"), Some("yes"), Some("total"))
    );
    assert_eq!((stated.known_since.as_deref(), advisory.references.len()), (Some("2024-04-01"), 1));
    assert!(advisory.affected.iter().any(|said| matches!(&said.target, Target::Cpe(_))));
}

#[test]
fn no_truncation_and_no_flipped_byte_makes_a_national_reader_panic() {
    let table = "cveID,euvdID,product\nCVE-2024-0001,\"EUVD-2024-1\",\"a \"\"b\"\"\"\n";
    for (format, from, document) in [
        (Format::Euvd, "", PAGE),
        (Format::EuKev, "", EU_KEV),
        (Format::EuKev, "", table),
        (Format::CveRecord, "a.ndjson", GCVE),
    ] {
        for end in 0..document.len() {
            let _ = records_from(format, from, &document.as_bytes()[..end]);
        }
        for at in 0..document.len() {
            for flip in [0x01, 0x20, 0x80, 0xFF] {
                let mut bytes = document.as_bytes().to_vec();
                bytes[at] ^= flip;
                let _ = records_from(format, from, &bytes);
            }
        }
        let deep = "[".repeat(200_000);
        for hostile in
            [deep.clone(), format!("{{\"items\":[{deep}"), format!("[{{\"cveID\":{deep}"), "{\"a\":".repeat(100_000)]
        {
            let _ = records_from(format, from, hostile.as_bytes());
        }
    }
}
