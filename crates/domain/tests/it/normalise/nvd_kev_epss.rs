//! NVD pages, the known exploited vulnerabilities, and exploit prediction scores.

use domain::model::advisory::State;
use domain::normalise::{Format, Page, epss, epss_of};

use super::{lines, records};

const PAGE: &str = r#"{"resultsPerPage":2,"startIndex":2000,"totalResults":250000,"format":"NVD_CVE","version":"2.0","timestamp":"2024-10-15T08:00:00.123",
"vulnerabilities":[{"cve":{"id":"CVE-2022-0778","sourceIdentifier":"openssl-security@openssl.org","vulnStatus":"Modified",
  "published":"2022-03-15T17:15:08.513","lastModified":"2024-06-21T19:15:19.580","cisaExploitAdd":"2022-04-01","cisaActionDue":"2022-04-22",
  "descriptions":[{"lang":"es","value":"Bucle."},{"lang":"en","value":"A square root never ends. More."}],
  "metrics":{"cvssMetricV31":[{"source":"nvd@nist.gov","type":"Primary","cvssData":{"vectorString":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"}}],
    "cvssMetricV2":[{"source":"nvd@nist.gov","cvssData":{"vectorString":"AV:N/AC:L/Au:N/C:N/I:N/A:P"}}]},
  "weaknesses":[{"source":"nvd@nist.gov","description":[{"lang":"en","value":"CWE-835"}]},{"description":[{"lang":"en","value":"NVD-CWE-noinfo"}]}],
  "configurations":[
   {"nodes":[{"operator":"OR","negate":false,"cpeMatch":[
     {"vulnerable":true,"criteria":"cpe:2.3:a:openssl:openssl:*:*:*:*:*:*:*:*","versionStartIncluding":"1.1.1","versionEndExcluding":"1.1.1n"},
     {"vulnerable":true,"criteria":"cpe:2.3:o:debian:debian_linux:9.0:*:*:*:*:*:*:*"}]}]},
   {"operator":"AND","nodes":[
     {"operator":"OR","cpeMatch":[{"vulnerable":true,"criteria":"cpe:2.3:o:netapp:a250_firmware:-:*:*:*:*:*:*:*"}]},
     {"operator":"OR","cpeMatch":[{"vulnerable":false,"criteria":"cpe:2.3:h:netapp:a250:-:*:*:*:*:*:*:*"}]}]}],
  "references":[{"url":"https://www.openssl.org/news/secadv/20220315.txt","tags":["Vendor Advisory"]}]}},
 {"cve":{"id":"CVE-2022-9999","vulnStatus":"Rejected","descriptions":[{"lang":"en","value":"Rejected reason: unused."}]}}]}"#;

#[test]
fn a_page_says_where_it_stands_in_the_whole() {
    let (statement, found) = records(Format::NvdPage, PAGE.as_bytes());
    let statement = statement.unwrap();
    assert_eq!(statement.page, Some(Page { start: 2000, len: 2, total: 250_000 }));
    assert_eq!((statement.stated_total, statement.records), (Some(250_000), 2));
    assert_eq!(statement.data_timestamp.unwrap().to_string(), "2024-10-15T08:00:00.123Z");
    let advisory = found[0].as_ref().unwrap();
    let cut = usize::try_from(advisory.value.raw.offset).unwrap();
    assert!(PAGE[cut..].starts_with("{\"cve\":{\"id\":\"CVE-2022-0778\""));
    assert!(PAGE[..cut + usize::try_from(advisory.value.raw.length).unwrap()].ends_with("\"]}]}}"));
}

#[test]
fn configurations_become_criteria_with_what_else_must_hold() {
    let (_, found) = records(Format::NvdPage, PAGE.as_bytes());
    let found = found[0].as_ref().unwrap();
    assert_eq!(
        lines(found),
        [
            "cpe:2.3:a:openssl:openssl:*:*:*:*:*:*:*:* | Affected [1.1.1, 1.1.1n) Generic | else Unaffected | Unknown",
            "cpe:2.3:o:debian:debian_linux:9.0:*:*:*:*:*:*:* | Affected (, ) Generic | else Unaffected | Unknown",
            "cpe:2.3:o:netapp:a250_firmware:-:*:*:*:*:*:*:* | Affected (, ) Generic | else Unaffected | Unknown \
             | together with any of: cpe:2.3:h:netapp:a250:-:*:*:*:*:*:*:*",
        ]
    );
    assert_eq!(found.value.affected[2].place, "configurations[1].nodes[0].cpeMatch[0]");
    let scores: Vec<_> = found.value.scores.iter().map(|score| score.tenths).collect();
    assert_eq!(scores, [75, 50]);
    assert_eq!(
        (found.value.title.as_str(), found.value.weaknesses.join(" ")),
        ("A square root never ends", "CWE-835".to_owned())
    );
    assert_eq!(found.value.exploitation.as_ref().unwrap().due.as_deref(), Some("2022-04-22"));
}

#[test]
fn a_rejected_record_is_kept_as_rejected() {
    let (_, found) = records(Format::NvdPage, PAGE.as_bytes());
    assert!(matches!(&found[1].as_ref().unwrap().value.state, State::Rejected { reason } if reason.contains("unused")));
}

#[test]
fn one_broken_record_costs_only_itself() {
    let mut page = PAGE.as_bytes().to_vec();
    let at = PAGE.find("Bucle").unwrap();
    page[at] = 0xFF;
    let (statement, found) = records(Format::NvdPage, &page);
    assert_eq!(statement.unwrap().records, 2);
    assert!(found[0].as_ref().unwrap_err().contains("byte"));
    assert_eq!(found[1].as_ref().unwrap().value.id, "CVE-2022-9999");
}

#[test]
fn a_record_whose_date_of_change_is_no_text_is_set_aside_with_the_field() {
    let page = r#"{"startIndex":0,"resultsPerPage":1,"totalResults":1,"vulnerabilities":[
        {"cve":{"id":"CVE-2024-9680","lastModified":{"unexpected":true},"descriptions":[{"lang":"en","value":42}]}}]}"#;
    let (statement, found) = records(Format::NvdPage, page.as_bytes());
    assert_eq!(statement.unwrap().records, 1);
    assert_eq!(found[0].as_ref().unwrap_err(), "`cve.lastModified` is an object where a date belongs.");
}

#[test]
fn a_page_that_breaks_off_is_refused_as_a_whole() {
    for end in [PAGE.len() - 1, PAGE.len() - 3, PAGE.len() / 2, 10, 0] {
        let (statement, found) = records(Format::NvdPage, &PAGE.as_bytes()[..end]);
        let fault = statement.unwrap_err();
        assert!(found.is_empty() && fault.reason.contains("breaks off"), "{end}: {fault}");
    }
}

const KEV: &str = "\u{feff}{\"title\":\"Catalog\",\"catalogVersion\":\"2024.10.15\",\"dateReleased\":\"2024-10-15T14:00:13.1234Z\",\"count\":1,
\"vulnerabilities\":[ {\"cveID\":\"CVE-2021-44228\",\"vendorProject\":\"Apache\",\"product\":\"Log4j2\",\"vulnerabilityName\":\"Log4j2 Remote Code Execution\",
\"dateAdded\":\"2021-12-10\",\"shortDescription\":\"Lookups run code.\",\"requiredAction\":\"Update.\",\"dueDate\":\"2021-12-24\",
\"knownRansomwareCampaignUse\":\"Known\",\"notes\":\"https://logging.apache.org/ ; https://nvd.nist.gov/vuln/detail/CVE-2021-44228\",\"cwes\":[\"CWE-20\"]} ]}";

#[test]
fn a_catalogue_entry_states_exploitation_and_no_product() {
    let (statement, found) = records(Format::Kev, KEV.as_bytes());
    let statement = statement.unwrap();
    assert_eq!(statement.stated_total, Some(1));
    assert_eq!(statement.data_timestamp.unwrap().to_string(), "2024-10-15T14:00:13.1234Z");
    let advisory = &found[0].as_ref().unwrap().value;
    let exploitation = advisory.exploitation.as_ref().unwrap();
    assert_eq!((exploitation.known_since.as_deref(), exploitation.ransomware), (Some("2021-12-10"), Some(true)));
    assert_eq!((advisory.affected.len(), advisory.references.len()), (0, 2));
}

#[test]
fn a_catalogue_whose_count_is_wrong_is_refused() {
    let (statement, found) = records(Format::Kev, KEV.replace("\"count\":1", "\"count\":2").as_bytes());
    assert_eq!(statement.unwrap_err().reason, "the catalogue states 2 entries and holds 1");
    assert!(found.is_empty());
}

#[test]
fn a_description_nested_too_deep_sets_its_record_aside() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let page = PAGE.replace(r#""A square root never ends. More.""#, &deep);
    let (statement, found) = records(Format::NvdPage, page.as_bytes());
    assert_eq!(statement.unwrap().records, 2);
    assert!(found[0].as_ref().unwrap_err().contains("recursion limit") && found[1].is_ok(), "nested too deep");
}

#[test]
fn scores_are_read_in_both_layouts() {
    let today = "#model_version:v2023.03.01,score_date:2024-10-15T00:00:00+0000\ncve,epss,percentile\nCVE-2021-44228,0.97565,0.99996\nCVE-1999-0001,1e-05,0.0\n";
    let found = epss(today.as_bytes(), "epss_scores-current.csv").unwrap();
    let scores = &found.value;
    assert_eq!((scores.model.as_str(), scores.date.as_str(), found.warnings.len()), ("v2023.03.01", "2024-10-15", 0));
    let numbers: Vec<_> =
        scores.rows.iter().map(|row| (row.probability_millionths, row.percentile_millionths)).collect();
    assert_eq!(numbers, [(975_650, 999_960), (10, 0)]);

    let old = "cve,epss\r\nCVE-2020-0001,0.5\r\nCVE-2020-0002,2.0\r\nCVE-2020-0003,0.25";
    let found = epss(old.as_bytes(), "epss_scores-2021-08-25.csv").unwrap();
    assert_eq!((found.value.date.as_str(), found.value.unread.len()), ("2021-08-25", 1));
    let unread = &found.value.unread[0];
    assert_eq!((unread.cve.as_str(), unread.offset, unread.length), ("CVE-2020-0002", 29, 17));
    assert_eq!(unread.reason, "\"2.0\" is no number between 0 and 1; the row is left out.");
    assert_eq!(found.value.rows[0].percentile_millionths, 1_000_000);
    assert_eq!(found.value.rows[1].percentile_millionths, 500_000);
}

#[test]
fn a_row_of_other_bytes_costs_itself_and_a_table_of_them_is_none() {
    let rows: Vec<String> = (1..=20).map(|number| format!("CVE-2020-{number:04},0.5,0.5\n")).collect();
    let mut table = format!("cve,epss,percentile\n{}", rows.concat()).into_bytes();
    table.extend(b"CVE-2020-0021,\xff\xfe,0.5\nCVE-2020-0022,0.5,0.5\n");
    let found = epss(&table, "epss_scores-2024-10-15.csv").unwrap().value;
    assert_eq!((found.rows.len(), found.unread.len(), found.unread[0].cve.as_str()), (21, 1, "CVE-2020-0021"));
    let swapped = "cve,epss,percentile\n0.5,CVE-2020-0001,0.5\n0.5,CVE-2020-0002,0.5\n";
    assert!(epss(swapped.as_bytes(), "x").unwrap_err().reason.starts_with("2 of 2 rows cannot be read"));
}

#[test]
fn one_cves_score_is_found_without_reading_the_rest() {
    let table = "#model_version:v2023.03.01,score_date:2024-10-15T00:00:00+0000\ncve,epss,percentile\nCVE-1999-0001,1e-05,0.0\nCVE-2021-44228,0.97565,0.99996\n";
    let mut rest = table.as_bytes();
    let point = epss_of(&mut rest, "x", "CVE-1999-0001").unwrap().unwrap();
    assert_eq!(
        (point.date.as_str(), point.model.as_str(), point.score),
        ("2024-10-15", "v2023.03.01", Some((10, Some(0))))
    );
    assert!(rest.starts_with(b"CVE-2021-44228"));
    let point = epss_of(&mut table.as_bytes(), "x", "CVE-2021-4422").unwrap().unwrap();
    assert_eq!(point.score, None);
    let old = "cve,epss\r\nCVE-2020-0001,0.5\r\n";
    let point = epss_of(&mut old.as_bytes(), "epss_scores-2021-08-25.csv.gz", "CVE-2020-0001").unwrap().unwrap();
    assert_eq!((point.date.as_str(), point.score), ("2021-08-25", Some((500_000, None))));
    assert!(epss_of(&mut "<html>".as_bytes(), "x", "CVE-2020-0001").unwrap().is_err());
    assert!(epss_of(&mut "".as_bytes(), "x", "CVE-2020-0001").unwrap().is_err());
}

#[test]
fn a_table_that_is_none_or_breaks_off_is_refused() {
    assert!(epss(b"<html>", "x").is_err());
    assert!(epss(b"", "x").is_err());
    assert!(epss(b"cve,epss\nCVE-2020-0001,0.5\nCVE-20", "x").unwrap_err().reason.contains("breaks off"));
}
