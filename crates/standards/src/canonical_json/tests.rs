use std::collections::{BTreeMap, HashMap};

use proptest::prelude::*;
use serde::Serialize;
use serde_json::{Value, json};

use super::{Error, to_string, to_vec};

fn check(value: &impl Serialize, expected: &str) {
    assert_eq!(to_string(value).unwrap(), expected);
}

#[test]
fn literals_and_strings_of_rfc_8785_section_3_2_2_are_spelt_as_there() {
    let value = json!({ "literals": [null, true, false], "string": "\u{20ac}$\u{f}\nA'B\"\\\\\"/" });
    check(&value, "{\"literals\":[null,true,false],\"string\":\"\u{20ac}$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
}

#[test]
fn members_are_sorted_by_utf_16_code_units_as_in_rfc_8785_section_3_2_3() {
    let names = HashMap::from([
        ("\u{20ac}", "Euro Sign"),
        ("\r", "Carriage Return"),
        ("\u{fb33}", "Hebrew Letter Dalet With Dagesh"),
        ("1", "One"),
        ("\u{1f600}", "Emoji: Grinning Face"),
        ("\u{80}", "Control"),
        ("\u{f6}", "Latin Small Letter O With Diaeresis"),
    ]);
    check(
        &names,
        "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u{80}\":\"Control\",\"\u{f6}\":\"Latin Small Letter O With Diaeresis\",\
         \"\u{20ac}\":\"Euro Sign\",\"\u{1f600}\":\"Emoji: Grinning Face\",\"\u{fb33}\":\"Hebrew Letter Dalet With Dagesh\"}",
    );
}

#[test]
fn every_control_character_has_its_shortest_escape() {
    check(&"\u{0}\u{7}\u{8}\t\n\u{b}\u{c}\r\u{1f}\u{7f}", "\"\\u0000\\u0007\\b\\t\\n\\u000b\\f\\r\\u001f\u{7f}\"");
}

#[test]
fn integers_are_exact_or_refused() {
    check(
        &[i64::from(i32::MIN), 0, 9_007_199_254_740_991, -9_007_199_254_740_991],
        "[-2147483648,0,9007199254740991,-9007199254740991]",
    );
    assert_eq!(to_vec(&9_007_199_254_740_992_u64), Err(Error::UnsafeInteger(9_007_199_254_740_992)));
    assert_eq!(to_vec(&u128::MAX), Err(Error::UnsafeInteger(i128::MAX)));
    assert_eq!(to_vec(&i128::MIN), Err(Error::UnsafeInteger(i128::MIN)));
}

#[test]
fn floats_are_refused_even_when_they_are_whole() {
    assert_eq!(to_vec(&1.0_f64), Err(Error::Float));
    assert_eq!(to_vec(&json!({ "score": 9.8 })), Err(Error::Float));
}

#[derive(Serialize)]
struct Package {
    version: Option<&'static str>,
    name: &'static str,
    #[serde(flatten)]
    more: BTreeMap<&'static str, u8>,
}

#[derive(Serialize)]
enum Shape {
    Unit,
    Newtype(u8),
    Tuple(u8, u8),
    Struct { b: u8, a: u8 },
}

#[test]
fn structs_lose_the_order_of_their_declaration() {
    let package = Package { version: None, name: "zlib", more: BTreeMap::from([("epoch", 1)]) };
    check(&package, r#"{"epoch":1,"name":"zlib","version":null}"#);
}

#[test]
fn enums_are_tagged_as_serde_json_tags_them() {
    let shapes = [Shape::Unit, Shape::Newtype(1), Shape::Tuple(1, 2), Shape::Struct { b: 1, a: 2 }];
    check(&shapes, r#"["Unit",{"Newtype":1},{"Tuple":[1,2]},{"Struct":{"a":2,"b":1}}]"#);
}

#[test]
fn a_member_that_appears_twice_is_refused() {
    let package = Package { version: None, name: "zlib", more: BTreeMap::from([("name", 1)]) };
    assert_eq!(to_vec(&package), Err(Error::DuplicateMember("name".to_owned())));
}

#[test]
fn raw_json_is_refused_because_it_brings_its_own_spelling() {
    let raw: Box<serde_json::value::RawValue> = serde_json::from_str("{ }").unwrap();
    assert_eq!(to_vec(&raw), Err(Error::Raw));
}

#[test]
fn keys_that_are_numbers_become_text_and_others_are_refused() {
    check(&BTreeMap::from([(10, "b"), (9, "a")]), r#"{"10":"b","9":"a"}"#);
    assert_eq!(to_vec(&BTreeMap::from([([1, 2], "a")])), Err(Error::Key));
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (-9_007_199_254_740_991_i64..=9_007_199_254_740_991).prop_map(Value::from),
        ".*".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(".*", inner, 0..6).prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn canonical_json_reads_back_as_the_same_value_and_is_a_fixed_point(value in any_json()) {
        let bytes = to_vec(&value).unwrap();
        let back: Value = serde_json::from_slice(&bytes).unwrap();
        prop_assert_eq!(&back, &value);
        prop_assert_eq!(to_vec(&back).unwrap(), bytes);
    }
}
