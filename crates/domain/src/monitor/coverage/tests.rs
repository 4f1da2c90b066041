use super::*;

fn component(name: &str, purl: Option<&str>, supplier: Option<&str>) -> Component {
    Component {
        reference: String::new(),
        kind: Kind::Library,
        group: None,
        name: name.to_owned(),
        version: Some("1.0".to_owned()),
        supplier: supplier.map(str::to_owned),
        purl: purl.map(str::to_owned),
        cpes: Vec::new(),
        hashes: Vec::new(),
        licences: Vec::new(),
        source_package: None,
        distribution: None,
        support_level: None,
        end_of_support: None,
    }
}

fn speaker(source: &str, kind: &str, part: &[&str], url: &str) -> Speaker {
    let part: Vec<String> = part.iter().map(|part| (*part).to_owned()).collect();
    Speaker::new(source, kind, &part, url)
}

fn supplier<'c>(coverage: &'c Coverage, name: &str) -> &'c Supplier {
    coverage.suppliers.iter().find(|supplier| supplier.name == name).expect("the supplier is listed")
}

#[test]
fn suppliers_components_and_ecosystems_without_source_are_named() {
    let components = [
        component("lodash", Some("pkg:npm/lodash@4.17.20"), Some("OpenJS Foundation")),
        component("serde", Some("pkg:cargo/serde@1.0.0"), Some("serde-rs")),
        component("openssl", Some("pkg:deb/debian/openssl@3.0.11-1?distro=debian-12"), Some("Debian OpenSSL Team")),
        component("Nucleus RTOS", None, Some("Siemens AG")),
        component("motor controller", None, Some("Motion Works GmbH")),
        component("display driver", None, Some("Glass & Light B.V.")),
        component("build stamp", None, None),
    ];
    let speakers = [
        speaker("osv:npm", "osv", &["npm"], "https://osv-vulnerabilities.storage.googleapis.com"),
        speaker("debian", "debian", &[], "https://security-tracker.debian.org/tracker/data/json"),
        speaker("siemens", "csaf", &[], "https://cert-portal.siemens.com/productcert/csaf/provider-metadata.json"),
    ];
    let watched = [Watched { supplier: "Motion Works".to_owned(), components: Vec::new() }];
    let held = components.iter().map(|component| (component, "pump@2.1.0"));
    let coverage = coverage(held.clone().chain(held), &speakers, &watched);

    let totals = coverage.totals;
    assert_eq!((totals.components, totals.served, totals.without_source), (7, 2, 1), "{coverage:?}");
    assert_eq!((totals.watched, totals.without_identity_or_watch), (1, 3));
    assert_eq!(coverage.ecosystems_without_source.get("crates.io"), Some(&1));
    assert_eq!(supplier(&coverage, "OpenJS Foundation").sources, ["osv:npm"]);
    assert_eq!(supplier(&coverage, "Debian").sources, ["debian"], "the distribution answers for its packages");
    assert_eq!(supplier(&coverage, "Siemens AG").sources, ["siemens"], "its own channel");
    assert!(supplier(&coverage, "Motion Works GmbH").watched);
    let lacking: Vec<&str> = coverage
        .suppliers
        .iter()
        .take_while(|one| one.sources.is_empty() && !one.watched)
        .map(|one| &*one.name)
        .collect();
    assert_eq!(lacking, ["Glass & Light B.V.", "serde-rs"]);
    let bare: Vec<&str> = coverage.bare.iter().map(|bare| &*bare.component).collect();
    assert_eq!(bare, ["Nucleus RTOS 1.0", "build stamp 1.0", "display driver 1.0"]);
    assert_eq!(coverage.bare[0].releases, ["pump@2.1.0"]);
}

#[test]
fn a_cpe_is_served_by_nvd_and_the_cve_list_only() {
    let mut zlib = component("zlib", None, None);
    zlib.cpes.push("cpe:2.3:a:zlib:zlib:1.2.11:*:*:*:*:*:*:*".to_owned());
    let held = [(&zlib, "pump@2.1.0")];
    assert_eq!(coverage(held, &[speaker("osv", "osv", &[], "")], &[]).totals.without_source, 1);
    let with = coverage(held, &[speaker("nvd", "nvd", &[], "")], &[]);
    assert_eq!((with.totals.served, with.suppliers[0].name.as_str()), (1, "zlib"));
}

#[test]
fn a_watch_of_a_component_covers_it_without_covering_its_supplier() {
    let held = component("Scanner SDK", None, Some("Optics Ltd"));
    let watched = [Watched { supplier: String::new(), components: vec!["scanner sdk".to_owned()] }];
    let coverage = coverage([(&held, "viewer@5")], &[], &watched);
    assert_eq!((coverage.totals.watched, coverage.totals.suppliers_without), (1, 1));
}
