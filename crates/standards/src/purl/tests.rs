use super::*;

fn purl(text: &str) -> Purl {
    Purl::parse(text).expect("a package URL")
}

fn canonical(text: &str) -> String {
    purl(text).to_string()
}

#[test]
fn an_npm_scope_is_a_namespace_escaped_or_not() {
    let escaped = purl("pkg:npm/%40babel/core@7.23.2");
    assert_eq!(escaped.namespace.as_deref(), Some("@babel"));
    assert_eq!(escaped.version.as_deref(), Some("7.23.2"));
    assert_eq!(purl("pkg:npm/@babel/core@7.23.2"), escaped);
    assert_eq!(purl("pkg:npm/@babel/core").version, None);
}

#[test]
fn a_debian_epoch_stays_readable_and_a_plus_is_escaped() {
    let text = "pkg:deb/Debian/attr@1:2.4.47-2%2Bb1?distro=debian-12&arch=amd64";
    assert_eq!(canonical(text), "pkg:deb/debian/attr@1:2.4.47-2%2Bb1?arch=amd64&distro=debian-12");
}

#[test]
fn an_escaped_go_module_path_is_one_name() {
    let module = purl("pkg:golang/github.com%2Fsirupsen%2Flogrus@v1.9.0");
    assert_eq!((module.namespace.as_deref(), module.name.as_str()), (None, "github.com/sirupsen/logrus"));
}

#[test]
fn an_empty_qualifier_is_none() {
    assert_eq!(canonical("pkg:rpm/almalinux/openssl@3.0.7?arch=&epoch=1"), "pkg:rpm/almalinux/openssl@3.0.7?epoch=1");
}

#[test]
fn a_stray_percent_sign_stands_for_itself() {
    assert_eq!(purl("pkg:generic/100%25@50%").version.as_deref(), Some("50%"));
}

#[test]
fn what_names_no_package_is_refused() {
    for text in
        ["", "pkg:", "pkg:npm", "pkg:npm/", "npm/lodash", "pkg:swift/Alamofire@5.4.3", "pkg:pypi/a/b", "pkg:deb/%FF"]
    {
        assert!(Purl::parse(text).is_err(), "{text}");
    }
}
