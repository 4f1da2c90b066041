use super::*;

#[test]
fn a_build_shows_its_stream_and_its_release() {
    for (evr, stream_of, major) in [
        ("30:9.3.3-8.el5", "el5", Some("5")),
        ("1.2.11-16.el8_2", "el8_2", Some("8")),
        ("8.24.0-57.0.4.el7_9.3", "el7_9", Some("7")),
        ("10.5.16-2.module+el9.1.0+13358+56c3b6a3", "el9.1.0", Some("9")),
        ("1.0.5-18.module_el8.5.0+2632+14ced695", "el8.5.0", Some("8")),
        ("2:1.1.1g-15.ksplice1.el8_3", "el8_3", Some("8")),
        ("1.25.2-1.el10_1", "el10_1", Some("10")),
        ("8.2204.0-3.amzn2023.0.2", "", None),
        ("1.elephant", "el", None),
        ("", "", None),
    ] {
        assert_eq!((stream(evr), major_of_build(evr)), (stream_of, major), "{evr}");
    }
}

#[test]
fn names_versions_and_architectures_are_separated_from_the_right() {
    let read = |text| nevra(text).map(|(name, evr, arch)| format!("{name} {evr} {arch}"));
    assert_eq!(read("delve-0:1.25.2-1.el10_1.aarch64.rpm").as_deref(), Some("delve 1.25.2-1.el10_1 aarch64"));
    let java = "java-11-openjdk-headless-1:11.0.20.0.8-3.el9.x86_64.rpm";
    assert_eq!(read(java).as_deref(), Some("java-11-openjdk-headless 1:11.0.20.0.8-3.el9 x86_64"));
    for text in ["", "a", "a-1.noarch.rpm", "-1-1.noarch.rpm", "a-1-1"] {
        assert_eq!(read(text), None, "{text}");
    }
}

fn fixes(of: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut fixes = Fixes::default();
    for (arch, evr) in of {
        let (ecosystem, name) = ("Rocky Linux:8".to_owned(), "p".to_owned());
        fixes.add(Fix { ecosystem, name, arch: (*arch).to_owned(), evr: (*evr).to_owned(), ..Fix::default() });
    }
    let affected = fixes.into_affected("packages", &mut Notes::default());
    affected.into_iter().map(|said| (said.place, said.rules[0].fixed.clone().unwrap())).collect()
}

fn said(place: &str, evr: &str) -> (String, String) {
    (format!("packages[Rocky Linux:8/p{place}]"), evr.to_owned())
}

#[test]
fn one_fix_for_every_architecture_is_said_once() {
    assert_eq!(fixes(&[("x86_64", "1-1.el8"), ("aarch64", "1-1.el8"), ("src", "1-1.el8")]), [said("", "1-1.el8")]);
    assert_eq!(fixes(&[("src", "1-1.el8")]), [said("", "1-1.el8")]);
    assert_eq!(
        fixes(&[("x86_64", "1-2.el8"), ("aarch64", "1-1.el8"), ("src", "9-9.el8")]),
        [said(".aarch64", "1-1.el8"), said(".x86_64", "1-2.el8")]
    );
}

#[test]
fn of_several_builds_of_a_stream_the_first_counts_and_every_stream_has_its_own() {
    assert_eq!(fixes(&[("noarch", "1-10.el8"), ("noarch", "1-9.el8")]), [said("", "1-9.el8")]);
    assert_eq!(
        fixes(&[("noarch", "1-9.el8_6"), ("noarch", "1-5.el8_4")]),
        [said(" el8_4", "1-5.el8_4"), said(" el8_6", "1-9.el8_6")]
    );
}

#[test]
fn dates_come_in_three_spellings() {
    for text in ["2023-02-17 20:41:00", "2023-02-17 20:41", "1676666460", "2023-02-17T20:41:00Z"] {
        assert_eq!(instant(text).map(|at| at.to_string()).as_deref(), Some("2023-02-17T20:41:00Z"), "{text}");
    }
    assert_eq!(instant("99999999999999999999"), None);
    assert_eq!(instant("soon"), None);
}
