//! Ubuntu's notices, Arch's groups, Photon's entries, secdb of Wolfi, Yocto's recipes: cut and translated.

use domain::model::advisory::State;
use domain::normalise::Format;

use super::{lines, only, records, records_from, warnings};

const PAGE: &str = r#"{"notices":[
  {"id":"USN-6663-1","title":"OpenSSL update","summary":"openssl update","type":"USN","is_hidden":false,
   "published":"2024-02-27T12:56:17.364000","cves":[],"cves_ids":["CVE-2023-5678"],"references":["https://launchpad.net/bugs/2054090"],
   "description":"Invalid padding of PKCS#1 now gives a random result.","related_notices":[],
   "releases":[{"codename":"jammy","support_tag":"LTS","version":"22.04"}],
   "release_packages":{
     "jammy":[{"name":"openssl","version":"3.0.2-0ubuntu1.15","is_source":true,"pocket":"security"},
              {"name":"libssl3","version":"3.0.2-0ubuntu1.15","is_source":false,"pocket":"security"}],
     "xenial":[{"name":"openssl","version":"1.0.2g-1ubuntu4.20+esm12","is_source":true,"pocket":"esm-infra"}],
     "focal":[{"name":"libssl1.1","version":"1.1.1f-1ubuntu2.22","is_source":false,
               "source_link":"https://launchpad.net/ubuntu/+source/openssl","version_link":"https://launchpad.net/ubuntu/+source/openssl/1.1.1f-1ubuntu2.22"}],
     "atlantis":[{"name":"openssl","version":"9","is_source":true}]}},
  {"id":"USN-21-1","title":"libgd vulnerabilities","is_hidden":true,"published":"2004-11-10T08:23:12","cves":[{"id":"CVE-2004-0990","notices_ids":["USN-21-1"]}],
   "release_packages":{"warty":[{"name":"libgd1-xpm","version":"","is_source":false,"source_link":"","version_link":""}]}},
  {"id":"LSN-0101-1","title":"Kernel live patch","published":"2024-02-20T00:00:00","cves_ids":["CVE-2023-6040"],
   "release_packages":{"focal":[{"name":"linux","version":"101.1","is_source":true}]}}],
  "limit":20,"offset":40,"total_results":43}"#;

#[test]
fn a_notice_speaks_of_source_packages_in_each_release_and_of_pro_apart() {
    let (statement, found) = records(Format::UbuntuNotices, PAGE.as_bytes());
    let page = statement.unwrap().page.unwrap();
    assert_eq!((page.start, page.len, page.total), (40, 3, 43));
    let openssl = found[0].as_ref().unwrap();
    assert_eq!(
        lines(openssl),
        [
            "Ubuntu:22.04:LTS openssl | Affected (, 3.0.2-0ubuntu1.15) Deb | else Unaffected | Fixed(\"3.0.2-0ubuntu1.15\")",
            "Ubuntu:Pro:16.04:LTS openssl | Affected (, 1.0.2g-1ubuntu4.20+esm12) Deb | else Unaffected | Fixed(\"1.0.2g-1ubuntu4.20+esm12\")",
            "Ubuntu:16.04:LTS openssl | Affected (, 1.0.2g-1ubuntu4.20+esm12) Deb | else Unaffected | None",
            "Ubuntu:20.04:LTS openssl | Affected (, 1.1.1f-1ubuntu2.22) Deb | else Unaffected | Fixed(\"1.1.1f-1ubuntu2.22\")",
        ]
    );
    let it = &openssl.value;
    assert_eq!((it.related.as_slice(), it.aliases.len()), (["CVE-2023-5678".to_owned()].as_slice(), 0));
    assert_eq!(it.published.unwrap().to_string(), "2024-02-27T12:56:17.364Z");
    assert_eq!(it.references[1].url, "https://ubuntu.com/security/notices/USN-6663-1");
    assert!(warnings(openssl)[0].contains("atlantis"), "{:?}", warnings(openssl));
}

#[test]
fn early_hidden_and_live_patch_notices_say_what_they_can() {
    let (_, found) = records(Format::UbuntuNotices, PAGE.as_bytes());
    let (early, live) = (found[1].as_ref().unwrap(), found[2].as_ref().unwrap());
    assert_eq!(lines(early), ["Ubuntu:4.10 libgd1-xpm | else Unknown | Unknown"]);
    assert_eq!(
        (&early.value.state, early.value.related.join(" ")),
        (&State::Withdrawn { at: None }, "CVE-2004-0990".to_owned())
    );
    assert_eq!((live.value.affected.len(), live.value.related.len()), (0, 1));
}

#[test]
fn the_notices_database_has_the_same_numbers() {
    let database = r#"{"4011-1":{"id":"4011-1","title":"Jinja2 vulnerabilities","timestamp":1559221265.4,"cves":["CVE-2019-10906","https://launchpad.net/bugs/1"],
      "releases":{"xenial":{"sources":{"jinja2":{"version":"2.8-1ubuntu0.1"}},"allbinaries":{"python-jinja2":{"pocket":"security","version":"2.8-1ubuntu0.1"}}},
                  "bionic":{"sources":{"linux":{"version":"4.15.0-216.227"}},"allbinaries":{"linux-doc":{"pocket":"esm-infra","source":"linux","version":"4.15.0-216.227"}}},
                  "trusty":{"binaries":{"jinja":{"source":"jinja2","version":"2.7.2-2ubuntu0.1"}}}}},
      "broken":7}"#;
    let (statement, found) = records(Format::UbuntuNotices, database.as_bytes());
    assert_eq!(statement.unwrap().records, 2);
    let it = found[0].as_ref().unwrap();
    assert_eq!((it.value.id.as_str(), it.value.related.join(" ")), ("USN-4011-1", "CVE-2019-10906".to_owned()));
    assert_eq!(it.value.published.unwrap().to_string(), "2019-05-30T13:01:05Z");
    let said = lines(it);
    assert_eq!(said.len(), 4, "{said:#?}");
    assert!(said[0].starts_with("Ubuntu:16.04:LTS jinja2 | Affected (, 2.8-1ubuntu0.1)"));
    assert!(said[1].starts_with("Ubuntu:Pro:18.04:LTS linux") && said[2].ends_with("None"));
    assert!(said[3].starts_with("Ubuntu:14.04:LTS jinja2"));
    assert!(found[1].is_err());
}

#[test]
fn a_group_of_arch_relates_to_its_cves() {
    let group = |status: &str, fixed: &str| {
        let text = format!(
            r#"[{{"name":"AVG-2847","packages":["openssl","lib32-openssl"],"status":"{status}","severity":"High","type":"denial of service",
               "affected":"3.0.7-2","fixed":{fixed},"ticket":null,"issues":["CVE-2023-0286","CVE-2022-4304"],"advisories":["ASA-202302-1"]}}]"#
        );
        let found = only(Format::ArchGroups, &text);
        assert_eq!((found.value.related.len(), found.value.aliases.len(), found.value.references.len()), (2, 0, 2));
        assert_eq!(found.value.title, "openssl, lib32-openssl: denial of service (AVG-2847)");
        lines(&found)[1].replace("Arch Linux lib32-openssl | ", "")
    };
    let fixed = r#""3.0.8-1""#;
    assert_eq!(group("Fixed", fixed), "Affected (, 3.0.8-1) Alpm | else Unaffected | Fixed(\"3.0.8-1\")");
    assert_eq!(group("Testing", fixed), "Affected (, 3.0.8-1) Alpm | else Unaffected | None");
    assert_eq!(group("Vulnerable", "null"), "Affected (, ) Alpm | else Unaffected | None");
    assert_eq!(group("Not affected", "null"), "else Unaffected | NotAffected");
    assert_eq!(group("Unknown", fixed), "Unknown (, 3.0.8-1) Alpm | else Unaffected | UnderInvestigation");
    assert_eq!(group("Unknown", "null"), "else Unknown | UnderInvestigation");
    assert_eq!(group("Fixed", "null"), "else Unknown | UnderInvestigation");
}

#[test]
fn photon_says_its_release_in_the_files_name() {
    let list = r#"[{"cve_id":"CVE-2023-38545","pkg":"curl","cve_score":9.8,"aff_ver":"all versions before 7.88.1-4.ph4 are vulnerable","res_ver":"7.88.1-4.ph4","status":"Fixed"},
      {"cve_id":"CVE-2023-38545","pkg":"curl","cve_score":9.8,"aff_ver":"all versions before 7.88.1-5.ph4 are vulnerable","res_ver":"7.88.1-5.ph4","status":"Fixed"},
      {"cve_id":"CVE-2023-44487","pkg":"httpd","cve_score":7.5,"aff_ver":"","res_ver":"NA","status":"Not Affected"},
      {"cve_id":"CVE-2023-50447","pkg":"python3","cve_score":null,"aff_ver":"NA","res_ver":"NA","status":"Fixed"},
      {"cve_id":"CVE-2024-10001","pkg":"linux","cve_score":5,"aff_ver":"all versions are vulnerable","res_ver":"NA","status":"Not Fixed"},
      {"cve_id":"UNK-1","pkg":"curl","cve_score":6.7,"aff_ver":"NA","res_ver":"NA","status":"Not Affected"},
      {"cve_id":"","pkg":"ansible","res_ver":"2.7.6-2.ph4"}]"#;
    let from = "https://packages.broadcom.com/photon/photon_cve_metadata/cve_data_photon4.0.json";
    let (statement, found) = records_from(Format::PhotonCves, from, list.as_bytes());
    assert_eq!(statement.unwrap().records, 7);
    let all: Vec<String> = found[..6]
        .iter()
        .map(|found| found.as_ref().unwrap())
        .map(|found| format!("{} {}", found.value.id, lines(found)[0].replace("Photon OS:4.0 ", "")))
        .collect();
    assert_eq!(
        all,
        [
            "CVE-2023-38545/curl/Photon OS:4.0 curl | Affected (, 7.88.1-4.ph4) Rpm | else Unaffected | Fixed(\"7.88.1-4.ph4\")",
            "CVE-2023-38545/curl/Photon OS:4.0#2 curl | Affected (, 7.88.1-5.ph4) Rpm | else Unaffected | Fixed(\"7.88.1-5.ph4\")",
            "CVE-2023-44487/httpd/Photon OS:4.0 httpd | else Unaffected | NotAffected",
            "CVE-2023-50447/python3/Photon OS:4.0 python3 | else Unknown | Unknown",
            "CVE-2024-10001/linux/Photon OS:4.0 linux | Affected (, ) Rpm | else Unaffected | None",
            "UNK-1@curl/curl/Photon OS:4.0 curl | else Unaffected | NotAffected",
        ]
    );
    assert!(found[6].is_err());
    let (_, elsewhere) = records_from(Format::PhotonCves, "data.json", list.as_bytes());
    assert_eq!(elsewhere[0].as_ref().unwrap().value.id, "CVE-2023-38545/curl/Photon OS:4.0", "by .ph4");
}

#[test]
fn a_secdb_record_is_the_versions_under_which_a_name_stands() {
    let database = r#"{"urlprefix":"https://packages.cgr.dev","reponame":"chainguard","packages":[{"pkg":{"name":"curl","secfixes":{
      "8.4.0-r0":["CVE-2023-38545"], "8.6.0-r1" : ["CVE-2024-2004","CVE-2023-38545"],"8.7.0-r0":["GHSA-xxxx-yyyy-0001"]}}}]}"#;
    let (_, found) = records(Format::AlpineSecdb, database.as_bytes());
    let found: Vec<_> = found.iter().map(|found| found.as_ref().unwrap()).collect();
    let part = |index: usize| {
        let raw = &found[index].value.raw;
        let start = usize::try_from(raw.offset).unwrap();
        &database[start..start + usize::try_from(raw.length).unwrap()]
    };
    assert_eq!(found[0].value.id, "CVE-2023-38545/curl/Chainguard");
    assert!(part(0).starts_with("\"8.4.0-r0\"") && part(0).ends_with("\"CVE-2023-38545\"]"), "{}", part(0));
    assert_eq!(part(1), r#""8.6.0-r1" : ["CVE-2024-2004","CVE-2023-38545"]"#);
    assert_eq!(
        lines(found[0])[0],
        "Chainguard curl | Affected (, 8.6.0-r1) Apk | else Unaffected | Fixed(\"8.6.0-r1\")"
    );
    assert_eq!((found[2].value.related.join(" "), found[2].value.aliases.len()), ("GHSA-xxxx-yyyy-0001".to_owned(), 0));
}

#[test]
fn a_yocto_build_speaks_of_the_version_it_built() {
    let report = r#"{"version":"1","package":[
      {"name":"linux-yocto","layer":"meta","version":"6.6.21+git","products":[{"product":"linux_kernel","cvesInRecord":"Yes"}],"issue":[
        {"id":"CVE-2024-1086","status":"Patched","detail":"version-not-in-range","summary":"nf_tables","link":"https://nvd.nist.gov/vuln/detail/CVE-2024-1086"},
        {"id":"CVE-2023-1077","status":"Unpatched","detail":"version-in-range"},
        {"id":"CVE-2010-4563","status":"Ignored","detail":"disputed"},
        {"id":"CVE-2020-11935","status":"Ignored","detail":"not-applicable-config"},
        {"id":"CVE-2019-14899","status":"Ignored","detail":"upstream-wontfix"},
        {"id":"CVE-2019-14899","status":"Patched"},
        {"id":"CVE-2021-3759","status":"Mended"}]},
      {"name":"openssl-native","version":"3.2.3","cpes":["cpe:2.3:*:openssl:openssl:3.2.3:*:*:*:*:*:*:*"],"issue":[{"id":"CVE-2024-5535","status":"Patched"}]},
      {"version":"1"}]}"#;
    let (statement, found) = records(Format::YoctoCveCheck, report.as_bytes());
    assert_eq!(statement.unwrap().records, 3);
    let kernel = found[0].as_ref().unwrap();
    assert_eq!((kernel.value.id.as_str(), kernel.value.related.len()), ("linux-yocto/6.6.21+git", 6));
    let said = lines(kernel);
    assert_eq!(said.len(), 12, "the recipe, and the CPE that its SBOM has");
    assert_eq!(said[0], "Yocto linux-yocto | Unaffected [6.6.21+git, 6.6.21+git] Generic | else Unknown | Unknown");
    assert_eq!(
        said[1],
        "cpe:2.3:*:*:linux_kernel:*:*:*:*:*:*:*:* | Unaffected [6.6.21, 6.6.21] Generic | else Unknown | Unknown"
    );
    let of_recipe: Vec<&str> = said.iter().step_by(2).map(|line| &line[20..]).collect();
    for (number, word) in [(1, "Affected"), (2, "Unknown"), (3, "Unaffected"), (4, "Affected"), (5, "Unknown")] {
        assert!(of_recipe[number].trim_start_matches("| ").starts_with(word), "{number} {}", of_recipe[number]);
    }
    assert!(said[8].ends_with("WillNotFix"));
    assert_eq!(kernel.value.affected[2].place, "vulnerabilities[1].issue[1]");
    assert_eq!(kernel.value.affected[10].place, "vulnerabilities[5].issue[6]", "one that stands twice is left out");
    assert_eq!(found[1].as_ref().unwrap().value.affected.len(), 1, "no CPE of the device's for a tool of the build");
    assert!(found[2].is_err());
}

const FORMATS: [(Format, &str); 4] = [
    (Format::UbuntuNotices, PAGE),
    (
        Format::ArchGroups,
        r#"[{"name":"AVG-1","packages":["a"],"status":"Fixed","fixed":"1-1","issues":["CVE-2016-6352"]}]"#,
    ),
    (Format::PhotonCves, r#"[{"cve_id":"CVE-2016-9843","pkg":"zlib","aff_ver":"NA","res_ver":"1.2.8-5.ph1"}]"#),
    (
        Format::YoctoCveCheck,
        r#"{"version":"1","package":[{"name":"acl","version":"2.3.2","products":[{"product":"acl"}],"issue":[{"id":"CVE-2009-4411","status":"Patched"}]}]}"#,
    ),
];

#[test]
fn broken_trackers_are_faults_or_cost_a_record() {
    for (format, document) in FORMATS {
        for end in 0..document.trim_end().len() {
            let (statement, found) = records(format, &document.as_bytes()[..end]);
            assert!(statement.is_err() && found.is_empty(), "{format:?} {end}");
        }
        for at in 0..document.len() {
            for flip in [0x01, 0x20, 0x80, 0xFF] {
                let mut bytes = document.as_bytes().to_vec();
                bytes[at] ^= flip;
                let _ = records(format, &bytes);
            }
        }
        let deep = "[".repeat(100_000);
        let closed = format!("{deep}{}", "]".repeat(100_000));
        let huge = "x".repeat(5 << 20);
        for value in [deep.clone(), closed.clone(), format!("\"{huge}\"")] {
            for place in ["notices", "package", "name", "id", "release_packages", "issue", "packages"] {
                let object = format!(r#"{{"{place}":{value}}}"#);
                let _ = records(format, object.as_bytes());
                let _ = records(format, format!("[{object}]").as_bytes());
                let _ = records(format, format!(r#"{{"notices":[{object}],"package":[{object}]}}"#).as_bytes());
            }
        }
        for page in ["<!DOCTYPE html><title>503</title>", "", "  ", "{}", "[]", "null", r#"{"errors":"no"}"#] {
            let (statement, found) = records(format, page.as_bytes());
            assert!(statement.is_err() && found.is_empty(), "{format:?} {page:?}");
        }
    }
}
