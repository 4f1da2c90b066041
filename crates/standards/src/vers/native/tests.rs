//! Ranges in the notations of their ecosystems.

use super::NativeRange;

fn vers(kind: &str, text: &str) -> String {
    NativeRange::parse(kind, text).map_or("unreadable".to_owned(), |range| range.vers().to_string())
}

fn is_in(kind: &str, text: &str, version: &str) -> bool {
    NativeRange::parse(kind, text).expect(text).contains(version).contained
}

#[test]
fn each_ecosystem_has_its_own_notation() {
    assert_eq!(vers("npm", "^1.1.7 || >= 2.0.1"), "vers:npm/>=1.1.7|<2.0.0|>=2.0.1");
    assert_eq!(vers("npm", "2.0.x || 2.1.x"), "vers:npm/>=2.0.0|<2.2.0");
    assert_eq!(vers("cargo", "1.2, <1.5"), "vers:cargo/>=1.2.0|<1.5.0");
    assert_eq!(vers("hex", "~> 3.5 and != 3.6.1"), "vers:hex/>=3.5.0|!=3.6.1|<4.0.0");
    assert_eq!(vers("composer", "~1.2.3 | 3.*"), "vers:composer/>=1.2.3|<1.3.0|>=3.0.0|<4.0.0");
    assert_eq!(vers("gem", "~> 2.0.8"), "vers:gem/>=2.0.8|<2.1");
    assert_eq!(vers("pypi", "~=2.2, !=2.3.*"), "vers:pypi/>=2.2|<2.3|>=2.4|<3");
    assert_eq!(vers("pypi", "<v1.09-ALPHA"), "vers:pypi/<1.9a0");
    assert_eq!(vers("maven", "(,1.0],[1.2,),[0.9]"), "vers:maven/<=1.0|>=1.2");
    assert_eq!(vers("nuget", "[1.0.0, 2.0.0)"), "vers:nuget/>=1.0.0|<2.0.0");
    assert_eq!(vers("conda", "1.7.*|2013a*"), "vers:conda/>=1.7|<1.8|>=2013a|<2013b");
    assert_eq!(vers("conan", "~2.5"), "vers:conan/>=2.5|<2.6-");
    assert_eq!(vers("nginx", "1.21.0+, 1.20.1+"), "vers:nginx/>=1.20.1");
    assert_eq!(vers("golang", "<v0.33.1||>v0.33.1 <v0.34.1"), "vers:golang/!=0.33.1|<0.34.1");
    assert_eq!(vers("deb", ">= 1:1.2~rc1, << 1:2.0"), "vers:deb/>=1:1.2~rc1|<1:2.0");
}

#[test]
fn what_can_never_hold_is_no_version() {
    assert_eq!(vers("npm", ">2.0.0 <1.0.0"), "vers:none/*");
    assert_eq!(vers("maven", "(1.0)"), "vers:none/*");
    assert_eq!(vers("nginx", "none"), "vers:none/*");
    assert_eq!(vers("npm", ">=0.0.0"), "vers:npm/>=0.0.0");
    assert_eq!(vers("npm", ""), "vers:npm/*");
}

#[test]
fn pre_releases_count_where_the_tool_counts_them() {
    assert!(!is_in("npm", "^1.2.0", "1.3.0-beta"));
    assert!(!is_in("npm", "^1.2.0", "2.0.0-alpha"));
    assert!(is_in("npm", ">=1.3.0-alpha <2", "1.3.0-beta"));
    assert!(is_in("composer", "^1.2.3", "1.2.3-beta"));
    assert!(!is_in("gem", "~> 2.0.8", "2.1.0.rc1"));
    assert!(!is_in("pypi", "<2.0", "2.0rc1"));
    assert!(is_in("pypi", "<2.0rc2", "2.0rc1"));
    let caret = NativeRange::parse("npm", "^1.2.0").expect("npm");
    assert!(caret.contains_with_pre_releases("1.3.0-beta").contained);
    assert!(!caret.contains_with_pre_releases("2.0.0-alpha").contained);
}

#[test]
fn versions_without_meaning_to_the_ecosystem_are_flagged() {
    let range = NativeRange::parse("pypi", "<2.0").expect("a specifier");
    assert!(range.contains("1.0").native);
    assert!(!range.contains("one").native);
    assert!(!NativeRange::parse("acme", "<2.0").expect("a comparison").contains("1.0").native);
}

#[test]
fn what_is_no_range_is_refused() {
    for (kind, text) in [
        ("npm", "see references"),
        ("npm", "!1.0.0"),
        ("npm", ">="),
        ("pypi", ">=2.*"),
        ("maven", "[1.0,2.0"),
        ("maven", "1.0]"),
        ("gem", "~> x"),
        ("npm", "^99999999999999999999.0.0"),
    ] {
        assert_eq!(NativeRange::parse(kind, text), None, "{kind} {text}");
    }
}
