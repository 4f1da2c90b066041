//! CSAF documents.

use domain::index::package_key::{keys_of_component, keys_of_target};
use domain::model::advisory::State;
use domain::model::tlp::Tlp;
use domain::normalise::Format;

use super::{lines, only};
use crate::matching::shelf::purl as purl_of;

/// A document with this product tree and these vulnerabilities.
fn with(tree: &str, vulnerabilities: &str) -> String {
    format!(
        r#"{{"document":{{"category":"csaf_security_advisory","title":"Acme Infusion Pump","publisher":{{"name":"CISA"}},
        "distribution":{{"tlp":{{"label":"GREEN"}}}},"notes":[{{"category":"summary","text":"An attacker could change the rate."}}],
        "tracking":{{"id":"ICSMA-24-001-01","status":"final","initial_release_date":"2024-01-02T07:00:00.000000Z","current_release_date":"2024-02-02T07:00:00Z"}}}},
        "product_tree":{tree},"vulnerabilities":[{vulnerabilities}]}}"#
    )
}

const PUMP: &str = r#"{"branches":[{"category":"vendor","name":"Acme","branches":[{"category":"product_name","name":"Pump","branches":[
  {"category":"product_version_range","name":"< V7.0.3","product":{"product_id":"P1","name":"Acme Pump: < V7.0.3"}},
  {"category":"product_version_range","name":"<=the_first_5_digits_of_serial_number_24031","product":{"product_id":"P2","name":"Acme Pump"}},
  {"category":"product_version","name":"1.2","product":{"product_id":"P3","name":"Acme Pump 1.2"}}]}]}]}"#;

#[test]
fn an_ics_advisory_names_products_with_ranges_fixes_and_its_cves() {
    let found = only(
        Format::Csaf,
        &with(
            PUMP,
            r#"{"cve":"CVE-2024-11111","cwe":{"id":"CWE-306","name":"Missing authentication"},"product_status":{"known_affected":["P1","P2","P3"]},
              "scores":[{"cvss_v3":{"vectorString":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"},"products":["P1"]}],
              "remediations":[{"category":"mitigation","details":"Use a firewall.","product_ids":["P1","P2","P3"]},
                {"category":"vendor_fix","details":"Update to V7.0.3 or later version","product_ids":["P1"]},
                {"category":"no_fix_planned","details":"None.","product_ids":["P2"]},
                {"category":"vendor_fix","details":"Acme fixed version 1.2 with an update to 1.3.1.","product_ids":["P3"]}]},
             {"cve":"CVE-2024-22222","product_status":{"known_affected":["P1"]},
              "remediations":[{"category":"vendor_fix","details":"Update.","product_ids":["P1"]}]}"#,
        ),
    );
    assert_eq!(
        lines(&found),
        [
            "Acme/Pump | Affected (, V7.0.3) Generic | else Unaffected | Fixed(\"V7.0.3\")",
            "Acme/Pump | Affected (, ) Generic | else Unaffected | WillNotFix",
            "Acme/Pump | Affected [1.2, 1.2] Generic | else Unaffected | Fixed(\"1.3.1\")",
        ]
    );
    let advisory = &found.value;
    assert_eq!(advisory.affected[0].place, "vulnerabilities[0,1].product_status.known_affected");
    assert_eq!(advisory.related, ["CVE-2024-11111", "CVE-2024-22222"]);
    assert_eq!((advisory.tlp, advisory.title.as_str()), (Tlp::Green, "Acme Infusion Pump"));
    assert_eq!((advisory.scores[0].by.as_str(), advisory.scores[0].tenths), ("CISA", 98));
    assert_eq!(found.warnings.len(), 1);
    assert!(found.warnings[0].reason.contains("cannot be read"));
}

#[test]
fn a_distribution_s_fixed_package_is_affected_below_it() {
    let tree = r#"{"branches":[{"category":"vendor","name":"Red Hat","branches":[
        {"category":"product_name","name":"BaseOS","product":{"product_id":"OS","name":"Red Hat Enterprise Linux BaseOS (v. 8)",
          "product_identification_helper":{"cpe":"cpe:/o:redhat:enterprise_linux:8::baseos"}}},
        {"category":"product_version","name":"openssl-1:1.1.1k-6.el8_5.x86_64","product":{"product_id":"S","name":"openssl",
          "product_identification_helper":{"purl":"pkg:rpm/redhat/openssl@1.1.1k-6.el8_5?arch=x86_64&epoch=1"}}}]},
        {"category":"vendor","name":"SUSE","branches":[{"category":"product_name","name":"L","product":{"product_id":"L","name":"SUSE Linux Enterprise Server 15 SP5"}},
        {"category":"product_version","name":"libcurl4-8.0.1-150400.5.1.x86_64","product":{"product_id":"C","name":"libcurl4-8.0.1-150400.5.1.x86_64"}}]}],
      "relationships":[
        {"category":"default_component_of","product_reference":"S","relates_to_product_reference":"OS","full_product_name":{"product_id":"OS:S","name":"openssl as part of BaseOS"}},
        {"category":"default_component_of","product_reference":"C","relates_to_product_reference":"L","full_product_name":{"product_id":"L:C","name":"libcurl4 as part of SLES"}}]}"#;
    let found = only(
        Format::Csaf,
        &with(tree, r#"{"cve":"CVE-2022-0778","product_status":{"fixed":["OS:S"],"recommended":["L:C"]}}"#),
    );
    assert_eq!(
        lines(&found),
        [
            "Red Hat:enterprise_linux:8::baseos openssl | Affected (, 1:1.1.1k-6.el8_5) Rpm | else Unaffected | Fixed(\"1:1.1.1k-6.el8_5\")",
            "SUSE:Linux Enterprise Server 15 SP5 libcurl4 | Affected (, 8.0.1-150400.5.1) Rpm | else Unaffected | Fixed(\"8.0.1-150400.5.1\")",
        ]
    );
}

#[test]
fn a_vex_statement_of_not_affected_and_a_withdrawn_document_are_kept_as_such() {
    let document = with(
        PUMP,
        r#"{"cve":"CVE-2021-44228","product_status":{"known_not_affected":["P3"],"under_investigation":["P1"]}}"#,
    );
    let found = only(Format::Csaf, &document.replace("csaf_security_advisory", "csaf_withdrawn"));
    assert_eq!(
        lines(&found),
        [
            "Acme/Pump | Unaffected [1.2, 1.2] Generic | else Unaffected | NotAffected",
            "Acme/Pump | Unknown (, V7.0.3) Generic | else Unaffected | UnderInvestigation",
        ]
    );
    assert!(matches!(found.value.state, State::Withdrawn { at: Some(_) }));
}

#[test]
fn identification_helpers_and_version_2_1_are_read() {
    let tree = r#"{"full_product_names":[{"product_id":"A","name":"curl","product_identification_helper":{"purls":["pkg:deb/debian/curl@7.88.1-10?distro=debian-12"],
        "cpe":"cpe:2.3:a:haxx:curl:7.88.1:*:*:*:*:*:*:*"}}]}"#;
    let found = only(
        Format::Csaf,
        &with(
            tree,
            r#"{"ids":[{"system_name":"Acme","text":"ACME-7"}],"cwes":[{"id":"CWE-122"}],"product_status":{"known_affected":["A","missing"]},
             "metrics":[{"products":["A"],"content":{"cvss_v4":{"vectorString":"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N"}}}]}"#,
        ),
    );
    assert_eq!(found.value.related, ["ACME-7"]);
    assert_eq!((found.value.scores[0].tenths, found.value.weaknesses.join("")), (93, "CWE-122".to_owned()));
    assert!(lines(&found)[0].starts_with("Debian:12 curl"));
    assert!(lines(&found)[1].starts_with("cpe:2.3:a:haxx:curl:7.88.1:"));
    assert!(found.warnings[0].reason.contains("\"missing\" is not in the product tree"));
}

#[test]
fn what_red_hat_says_of_a_package_meets_the_package_of_that_release() {
    let tree = r#"{"branches":[{"category":"vendor","name":"Red Hat","branches":[
        {"category":"product_name","name":"RHEL 9","product":{"product_id":"OS9","name":"Red Hat Enterprise Linux BaseOS (v. 9)",
          "product_identification_helper":{"cpe":"cpe:/o:redhat:enterprise_linux:9::baseos"}}},
        {"category":"product_name","name":"RHEL 9.2 EUS","product":{"product_id":"EUS","name":"Red Hat Enterprise Linux BaseOS EUS (v. 9.2)",
          "product_identification_helper":{"cpe":"cpe:/o:redhat:rhel_eus:9.2::baseos"}}},
        {"category":"product_name","name":"RHEL 10","product":{"product_id":"OS10","name":"Red Hat Enterprise Linux 10.0",
          "product_identification_helper":{"cpe":"cpe:/o:redhat:enterprise_linux:10.0"}}},
        {"category":"product_version","name":"gnutls-0:3.7.6-23.el9_3.4.x86_64","product":{"product_id":"F","name":"gnutls-0:3.7.6-23.el9_3.4.x86_64",
          "product_identification_helper":{"purl":"pkg:rpm/redhat/gnutls@3.7.6-23.el9_3.4?arch=x86_64"}}},
        {"category":"product_version","name":"nodejs","product":{"product_id":"M","name":"nodejs",
          "product_identification_helper":{"purl":"pkg:rpm/redhat/nodejs?arch=src&rpmmod=nodejs:18:8090020240301110609:63b34585"}}},
        {"category":"product_version","name":"gnutls","product":{"product_id":"U","name":"gnutls",
          "product_identification_helper":{"purl":"pkg:rpm/redhat/gnutls?arch=src"}}}]}],
      "relationships":[
        {"category":"default_component_of","product_reference":"F","relates_to_product_reference":"OS9","full_product_name":{"product_id":"OS9:F","name":"gnutls of 9"}},
        {"category":"default_component_of","product_reference":"F","relates_to_product_reference":"EUS","full_product_name":{"product_id":"EUS:F","name":"gnutls of 9.2"}},
        {"category":"default_component_of","product_reference":"M","relates_to_product_reference":"OS9","full_product_name":{"product_id":"OS9:M","name":"nodejs of 9"}},
        {"category":"default_component_of","product_reference":"U","relates_to_product_reference":"OS10","full_product_name":{"product_id":"OS10:U","name":"gnutls of 10"}}]}"#;
    let found = only(
        Format::Csaf,
        &with(
            tree,
            r#"{"cve":"CVE-2024-28834","product_status":{"fixed":["OS9:F","EUS:F"],"known_affected":["OS10:U","OS9:M"]},
            "remediations":[{"category":"no_fix_planned","details":"Out of support scope","product_ids":["OS9:M"]},
            {"category":"none_available","details":"Affected","product_ids":["OS10:U"]}]}"#,
        ),
    );
    assert_eq!(
        lines(&found),
        [
            "Red Hat:enterprise_linux:9::baseos gnutls | Affected (, 3.7.6-23.el9_3.4) Rpm | else Unaffected | Fixed(\"3.7.6-23.el9_3.4\")",
            "Red Hat:rhel_eus:9.2::baseos gnutls | Affected (, 3.7.6-23.el9_3.4) Rpm | else Unaffected | Fixed(\"3.7.6-23.el9_3.4\")",
            "Red Hat:enterprise_linux:10.0 gnutls | Affected (, ) Rpm | else Unaffected | None",
            "Red Hat:enterprise_linux:9::baseos nodejs | Affected (, ) Rpm | else Unaffected | WillNotFix",
        ]
    );
    let meets = |purl: &str, at: usize| {
        let component = purl_of(purl);
        let theirs = keys_of_target(&found.value.affected[at].target);
        keys_of_component(&component).iter().any(|key| theirs.contains(&key.key))
    };
    assert!(meets("pkg:rpm/redhat/gnutls@3.7.6-21.el9?arch=x86_64&distro=rhel-9.2", 0));
    assert!(meets(
        "pkg:rpm/redhat/gnutls-utils@3.7.6-21.el9?arch=x86_64&distro=rhel-9.2&upstream=gnutls-3.7.6-21.el9.src.rpm",
        0
    ));
    assert!(!meets("pkg:rpm/redhat/gnutls@3.7.6-21.el9?arch=x86_64&distro=rhel-9.2", 1), "another stream (R5)");
    assert!(meets("pkg:rpm/redhat/gnutls@3.8.9-9.el10?arch=x86_64&distro=rhel-10.1", 2));
    assert!(!meets("pkg:rpm/redhat/gnutls@3.7.6-21.el9?arch=x86_64&distro=rhel-9.2", 2));
    assert!(meets("pkg:rpm/redhat/nodejs@18.19.1-1.module%2Bel9?arch=x86_64&distro=rhel-9.3&rpmmod=nodejs:18:9", 3));
}

#[test]
fn product_paths_flags_models_and_first_exploitation_are_read() {
    let tree = r#"{"branches":[{"category":"vendor","name":"Acme","branches":[{"category":"product_name","name":"Pump","branches":[
        {"category":"product_version_range","name":"vers:generic/>=1.0|<2.0|!=1.5","product":{"product_id":"P","name":"Acme Pump",
          "product_identification_helper":{"model_numbers":["AP-2000-X1","AP-2*","??"]}}}]},
        {"category":"product_name","name":"Rack","product":{"product_id":"R","name":"Acme Rack"}},
        {"category":"product_name","name":"Ward","product":{"product_id":"W","name":"Acme Ward Server"}}]}],
      "product_paths":[{"beginning_product_reference":"P","full_product_name":{"product_id":"P:R:W","name":"Pump in rack"},
        "subpaths":[{"category":"installed_on","next_product_reference":"R"},{"category":"installed_with","next_product_reference":"W"}]}],
      "product_groups":[{"group_id":"G","product_ids":["W"]}]}"#;
    let found = only(
        Format::Csaf,
        &with(
            tree,
            r#"{"cve":"CVE-2024-11111","product_status":{"known_affected":["P:R:W"],"known_not_affected":["W"],"unknown":["R"]},
            "flags":[{"label":"vulnerable_code_not_present","group_ids":["G"]}],
            "first_known_exploitation_dates":[{"date":"2024-03-02T00:00:00Z","exploitation_date":"2024-02-20T10:00:00Z"},
              {"date":"2024-03-02T00:00:00Z","exploitation_date":"2024-02-10T10:00:00Z"}]}"#,
        ),
    );
    assert_eq!(
        lines(&found),
        [
            "Acme/Pump | Affected [1.0, 1.5) Generic | Affected (1.5, 2.0) Generic | else Unaffected | Unknown | as part of Acme Rack | as part of Acme Ward Server",
            "Acme/AP-2000-X1 | Affected [1.0, 1.5) Generic | Affected (1.5, 2.0) Generic | else Unaffected | Unknown | as part of Acme Rack | as part of Acme Ward Server",
            "Acme/Ward | Unaffected (, ) Generic | else Unaffected | NotAffected",
            "Acme/Rack | Unknown (, ) Generic | else Unaffected | UnderInvestigation",
        ]
    );
    let affected = &found.value.affected;
    assert_eq!(affected[0].conditions, ["as part of Acme Rack", "as part of Acme Ward Server"]);
    assert!(affected[2].place.ends_with("known_not_affected (vulnerable_code_not_present)"), "{}", affected[2].place);
    let known_since = found.value.exploitation.as_ref().and_then(|facts| facts.known_since.as_deref());
    assert_eq!(known_since, Some("2024-02-10"));
}
