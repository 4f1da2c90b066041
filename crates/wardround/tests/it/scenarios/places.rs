//! Where the double serves each source, as a source of ours.

use serde_json::Value;

use crate::bed::source;

/// Our name of a source of the double: the same, as its names fit ours.
pub(super) fn id(source: &str) -> String {
    source.to_owned()
}

/// The configuration of a source of the double at `url`.
pub(super) fn block(name: &str, url: &str, options: &Value) -> String {
    let at = |path: &str| format!("url = \"{url}{path}\"\n");
    let (family, rest) = name.split_once(':').unwrap_or((name, ""));
    let (kind, more) = match (family, rest) {
        ("kev", _) => ("cisa-kev", at("/cisa/sites/default/files/feeds/known_exploited_vulnerabilities.json")),
        ("nvd", _) => ("nvd", at("/nvd/rest/json/cves/2.0") + &rate(options)),
        ("cvelist", _) => ("cve-list", at("/cvelist-api")),
        ("epss", _) => ("epss", at("/epss/epss_scores-current.csv.gz")),
        ("euvd", _) => ("euvd", at("/euvd") + "requests_per_30_s = 0\n"),
        ("osv", "") => ("osv", at("/osv")),
        ("osv", ecosystem) => ("osv", at("/osv") + &format!("ecosystem = \"{ecosystem}\"\n")),
        ("csaf", "cisa") => ("csaf", at("/cisa/sites/default/files/csaf/provider-metadata.json")),
        ("csaf", "suse") => ("csaf", at("/suse/.well-known/csaf/provider-metadata.json")),
        ("csaf", "microsoft") => ("csaf", at("/msrc/csaf/provider-metadata.json")),
        ("csaf", provider) => ("csaf", at(&format!("/csaf/{provider}/.well-known/csaf/provider-metadata.json"))),
        ("redhat", tree) => ("red-hat", at(&format!("/redhat/data/csaf/v2/{tree}/"))),
        ("msrc", _) => ("msrc", at("/msrc/cvrf/v3.0/updates")),
        ("taxii", collection) => ("taxii", taxii(url, collection)),
        ("misp", feed) => ("misp", at(&format!("/misp/{feed}"))),
        ("bulletins", "cisa") => ("news-feed", at("/cisa/cybersecurity-advisories/all.xml")),
        ("bulletins", _) => ("news-feed", at("/bulletins/rss.xml")),
        ("distro", distribution) => distro(url, distribution),
        _ => panic!("the double's source {name} is not known here"),
    };
    source(name, kind, &more)
}

/// The rate of the scenario. Where it says nothing, NVD's real one holds, and we come with a key.
fn rate(options: &Value) -> String {
    let Some(limit) = options["nvd_limit"].as_str() else {
        return "api_key_env = \"WARDROUND_TEST_NVD_KEY\"\n".to_owned();
    };
    let parts = limit.split_once('/').and_then(|(n, s)| Some((n.parse::<u32>().ok()?, s.parse::<u32>().ok()?)));
    let rate = parts.map_or(0, |(requests, seconds)| requests * 30 / seconds);
    format!("requests_per_30_s = {rate}\n")
}

fn taxii(url: &str, collection: &str) -> String {
    let root = if collection == "attack-ics" { "reference" } else { "health" };
    format!(
        "url = \"{url}/taxii2/{root}/\"\ncollection = \"{collection}\"\nuser = \"member\"\npassword_env = \"WARDROUND_TEST_TAXII_PASSWORD\"\n"
    )
}

fn distro(url: &str, name: &str) -> (&'static str, String) {
    let at = |path: &str| format!("url = \"{url}{path}\"\n");
    match name {
        "debian" => ("debian", at("/debian/tracker/data/json")),
        "ubuntu" => ("ubuntu", at("/ubuntu/security/notices.json") + "requests_per_30_s = 0\n"),
        "alpine" => ("alpine", at("/alpine") + "releases = [\"v3.15\"]\n"),
        "wolfi" => ("secdb", at("/wolfi/os/security.json")),
        "chainguard" => ("secdb", at("/chainguard/chainguard/security.json")),
        "arch" => ("arch", at("/arch/all.json")),
        "amazon" => ("amazon-linux", at("/amazon/2/core/latest/x86_64/mirror.list")),
        "alma" => ("alma-linux", at("/alma") + "releases = [\"8\", \"9\"]\n"),
        "rocky" => ("rocky-linux", at("/rocky/api/v3/advisories/") + "requests_per_30_s = 0\n"),
        "oracle" => ("oracle-linux", at("/oracle/security/oval/com.oracle.elsa-all.xml.bz2")),
        "photon" => ("photon", at("/photon/photon/photon_cve_metadata") + "releases = [\"4.0\"]\n"),
        other => panic!("the double's distribution {other} is not known here"),
    }
}
