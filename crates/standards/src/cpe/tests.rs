use super::*;

fn cpe(text: &str) -> Cpe {
    Cpe::parse(text).expect("a CPE name")
}

#[test]
fn a_formatted_string_loses_its_escapes_and_gets_them_back() {
    let name = cpe("cpe:2.3:a:Joomla:joomla\\!:3.9.0:-:*:*:*:*:*:*");
    assert_eq!(name.product.plain(), Some("joomla!"));
    assert_eq!(name.update, Value::Na);
    assert_eq!(name.to_formatted(), "cpe:2.3:a:joomla:joomla\\!:3.9.0:-:*:*:*:*:*:*");
}

#[test]
fn a_uri_with_a_packed_edition_becomes_a_formatted_string() {
    let name = cpe("cpe:/a:hp:insight_diagnostics:7.4.0.1570::~~online~win2003~x64~");
    assert_eq!(name.to_formatted(), "cpe:2.3:a:hp:insight_diagnostics:7.4.0.1570:*:*:*:online:win2003:x64:*");
}

#[test]
fn a_short_uri_leaves_the_rest_open() {
    assert_eq!(cpe("cpe:/o:microsoft:windows_10").to_formatted(), "cpe:2.3:o:microsoft:windows_10:*:*:*:*:*:*:*:*");
}

#[test]
fn an_empty_vendor_is_repaired_and_reported() {
    let text = "cpe:2.3:a::libjpeg:9e:*:*:*:*:*:*:*";
    assert!(Cpe::parse(text).is_err());
    let (name, repairs) = Cpe::repair(text).expect("a name that can be repaired");
    assert_eq!(name.vendor, Value::Any);
    assert_eq!(repairs, [Repair::Empty("vendor")]);
}

#[test]
fn unescaped_author_names_are_taken_literally_and_reported() {
    let (name, repairs) =
        Cpe::repair("cpe:2.3:a:jane@example.org:some+lib:1.0:*:*:*:*:*:*:*").expect("a name that can be repaired");
    assert_eq!(name.vendor.plain(), Some("jane@example.org"));
    assert_eq!(repairs, [Repair::Unescaped("vendor"), Repair::Unescaped("product")]);
}

#[test]
fn missing_attributes_at_the_end_count_as_any() {
    let (name, repairs) = Cpe::repair("cpe:2.3:a:zlib:zlib:1.2.11").expect("a name that can be repaired");
    assert_eq!(name.other, Value::Any);
    assert_eq!(repairs, [Repair::Padded(7)]);
}

#[test]
fn what_is_no_name_at_all_is_refused() {
    for text in
        ["", "cpe:2.3:", "cpe:2.3:z:a:b", "cpe:2.4:a:b:c", "NOASSERTION", "cpe:/x:y", "cpe:2.3:a:b:c:1:2:3:4:5:6:7:8:9"]
    {
        assert!(Cpe::repair(text).is_err(), "{text}");
    }
}

#[test]
fn not_applicable_is_not_any() {
    let criteria = cpe("cpe:2.3:o:intel:2000e_firmware:-:*:*:*:*:*:*:*");
    assert!(matches(&criteria, &cpe("cpe:2.3:o:intel:2000e_firmware:-:*:*:*:*:*:*:*")));
    assert!(!matches(&criteria, &cpe("cpe:2.3:o:intel:2000e_firmware:1.0:*:*:*:*:*:*:*")));
}

#[test]
fn a_plugin_criterion_does_not_cover_another_platform() {
    let criteria = cpe("cpe:2.3:a:exampleplugin:forms:1.0:*:*:*:*:wordpress:*:*");
    assert!(!matches(&criteria, &cpe("cpe:2.3:a:exampleplugin:forms:1.0:*:*:*:*:drupal:*:*")));
}

#[test]
fn question_marks_stand_for_at_most_as_many_characters() {
    let source = cpe("cpe:2.3:a:microsoft:ie:8.??:*:*:*:*:*:*:*");
    for (version, expected) in
        [("8.0", Relation::Superset), ("8.01", Relation::Superset), ("8.012", Relation::Disjoint)]
    {
        let target = cpe(&format!("cpe:2.3:a:microsoft:ie:{version}:*:*:*:*:*:*:*"));
        assert_eq!(source.relation(&target), expected, "{version}");
    }
}

#[test]
fn a_lone_hyphen_that_was_escaped_stays_a_text() {
    let name = cpe("cpe:2.3:a:v:\\-:1:*:*:*:*:*:*:*");
    assert_eq!(name.product.plain(), Some("-"));
    assert_eq!(cpe(&name.to_formatted()), name);
}

#[test]
fn letters_beyond_ascii_are_escaped_when_written() {
    let name = cpe("cpe:2.3:a:m\\üller:pumpe:1.1A-\\ԇ:*:*:*:*:*:*:*");
    assert_eq!(name.to_formatted(), "cpe:2.3:a:m\\üller:pumpe:1.1a-\\ԇ:*:*:*:*:*:*:*");
    assert_eq!(cpe(&name.to_formatted()), name);
}
