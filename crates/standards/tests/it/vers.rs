//! VERS against the specification's test suite and the GitLab ranges of its reference tool (`vectors/vers` of the shared
//! data).

use std::path::PathBuf;

use crate::shared;
use serde_json::Value;
use standards::vers::native::NativeRange;
use standards::vers::{Comparator, Constraint, Vers, VersError, types};
use standards::versions::{Scheme, compare};

#[expect(clippy::print_stdout, reason = "a test reports its rates to whoever runs it with --no-capture")]
fn report(line: &str) {
    println!("{line}");
}

/// Why a row is not followed to the letter.
#[derive(Debug, PartialEq, Eq)]
enum Excuse {
    /// The expected text breaks clause 5.4: it repeats versions or lists comparators that cannot follow each other.
    InvalidVers,
    /// The reference tool ignores the operator before `1.x`, or the missing numbers of `<=2.1`; node-semver, whose notation
    /// it is, does not.
    NotNodeSemver,
    /// The reference tool forces versions of Composer and Go into SemVer and makes a fourth number build metadata, which
    /// does not count: `<1.9.4.2` would end at 1.9.4.
    FourthNumber,
}

/// The test files of one kind.
fn files(ending: &str) -> Vec<PathBuf> {
    let Some(folder) = shared::path("vectors/vers") else { return Vec::new() };
    let entries = std::fs::read_dir(folder).expect("shared data is readable");
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    found.retain(|path| path.file_name().is_some_and(|name| name.to_string_lossy().ends_with(ending)));
    found.sort();
    found
}

/// Runs the rows of some type in all files whose name ends so; none may fail.
fn run(ending: &str, test: fn(&Value) -> Result<Option<Excuse>, String>) {
    let mut failed = Vec::new();
    for path in files(ending) {
        let name = path.file_name().expect("a file").to_string_lossy().into_owned();
        let rows = shared::json_lines(&format!("vectors/vers/{name}")).expect("the file was listed");
        let (mut passed, mut excused) = (0, 0);
        for row in &rows {
            match test(row) {
                Ok(None) => passed += 1,
                Ok(Some(excuse)) => {
                    excused += 1;
                    report(&format!("{name}: {excuse:?}: {}", row["input"]));
                }
                Err(why) => failed.push(format!("{name}: {}: {why}", row["input"])),
            }
        }
        report(&format!("{name}: {passed} of {} ({excused} excused)", rows.len()));
    }
    assert!(failed.is_empty(), "{} rows fail: {failed:#?}", failed.len());
}

fn text<'a>(row: &'a Value, pointer: &str) -> &'a str {
    row.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn expect_same(found: &str, expected: &str) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("{found} instead of {expected}")) }
}

/// The error that a message of the suite describes.
fn is_meant(message: &str, error: &VersError) -> bool {
    let words: &[&str] = match error {
        VersError::Whitespace(_) => &["whitespace"],
        VersError::LeadingPipe => &["leading pipe"],
        VersError::TrailingPipe => &["trailing pipe"],
        VersError::ConsecutivePipes => &["consecutive pipes"],
        VersError::Unsorted(..) => &["not sorted"],
        VersError::BadPercent(_) => &["invalid percent-encoding"],
        VersError::PercentCase(_) => &["not canonical"],
        VersError::DatetimeCase(_) => &["uppercase T and Z"],
        VersError::DatetimeColons(_) => &["colons"],
        VersError::InvalidType => &["'invalid' is reserved"],
        // Rules of which the suite has no row yet.
        _ => return true,
    };
    words.iter().all(|word| message.contains(word))
}

fn parses(row: &Value) -> Result<Option<Excuse>, String> {
    let parsed = Vers::parse(text(row, "/input"));
    if row["expected_failure"] == true {
        return match parsed {
            Err(error) if is_meant(text(row, "/expected_message"), &error) => Ok(None),
            other => Err(format!("{other:?} instead of {}", row["expected_message"])),
        };
    }
    let parsed = parsed.map_err(|error| error.to_string())?;
    let output = &row["expected_output"];
    let kind = output["type"].as_str().or_else(|| output["scheme"].as_str());
    let expected = output["constraints"].as_array().or_else(|| output["version_constraints"].as_array());
    let same_sign = |sign: &Value, comparator: Comparator| {
        sign == comparator.sign() || comparator == Comparator::Equal && sign == "="
    };
    let is_same = expected.is_some_and(|expected| {
        expected.len() == parsed.constraints().len()
            && expected
                .iter()
                .zip(parsed.constraints())
                .all(|(row, found)| same_sign(&row[0], found.comparator) && row[1] == found.version.as_str())
    });
    if kind == Some(parsed.kind()) && is_same { Ok(None) } else { Err(format!("{parsed:?}")) }
}

/// The suite's own output is the sorted list, redundant or not.
fn validates(row: &Value) -> Result<Option<Excuse>, String> {
    let read = Vers::read(text(row, "/input")).ok_or("unreadable")?;
    expect_same(&read.to_string(), text(row, "/expected_output"))?;
    Ok(None)
}

fn contains(row: &Value) -> Result<Option<Excuse>, String> {
    let range = Vers::read(text(row, "/input/vers")).ok_or("unreadable")?;
    let found = range.contains(text(row, "/input/version")).map(|found| found.contained);
    let expected = row["expected_output"].as_bool();
    if found == expected { Ok(None) } else { Err(format!("{found:?} instead of {expected:?}")) }
}

fn compares(row: &Value) -> Result<Option<Excuse>, String> {
    let kind = row.pointer("/input/input_scheme").or_else(|| row.pointer("/input/input_type"));
    let scheme = types::scheme_of(kind.and_then(Value::as_str).unwrap_or_default());
    let list = |value: &Value| -> Vec<String> {
        value.as_array().into_iter().flatten().filter_map(|one| one.as_str().map(str::to_owned)).collect()
    };
    let mut versions = list(&row["input"]["versions"]);
    if let Some(expected) = row["expected_output"].as_bool() {
        let is_equal = compare(scheme, &versions[0], &versions[1]).ordering.is_eq();
        return if is_equal == expected { Ok(None) } else { Err(format!("{is_equal}")) };
    }
    versions.sort_by(|left, right| compare(scheme, left, right).ordering);
    expect_same(&versions.join(" "), &list(&row["expected_output"]).join(" "))?;
    Ok(None)
}

fn translates(row: &Value) -> Result<Option<Excuse>, String> {
    let (kind, native) = (text(row, "/input/scheme"), text(row, "/input/native_range"));
    let range = NativeRange::parse(kind, native).ok_or("unreadable")?;
    let found = range.vers();
    means_the_same(&range, &found)?;
    let printed = found.to_string();
    let again = Vers::parse(&printed).map_err(|error| format!("{printed}: {error}"))?;
    if again != found {
        return Err(format!("{printed} is read as {again}"));
    }
    let expected = text(row, "/expected_output");
    match expect_same(&printed, expected) {
        Ok(()) => Ok(None),
        Err(_) if Vers::parse(expected).is_err() => Ok(Some(Excuse::InvalidVers)),
        Err(_) if kind == "npm" && is_beyond_the_reference(native) => Ok(Some(Excuse::NotNodeSemver)),
        Err(_) if has_fourth_number(&found, expected) => Ok(Some(Excuse::FourthNumber)),
        Err(why) => Err(why),
    }
}

/// Both agree on every version that occurs in the range. To pip, `<2.0` has a meaning beyond the order.
fn means_the_same(range: &NativeRange, vers: &Vers) -> Result<(), String> {
    for constraint in vers.constraints().iter().filter(|_| vers.kind() != "pypi") {
        let version = &constraint.version;
        let found = vers.contains(version).map(|found| found.contained);
        if found != Some(range.contains_with_pre_releases(version).contained) {
            return Err(format!("{vers} disagrees about {version}"));
        }
    }
    Ok(())
}

/// The same but for `+` where the version has another number or word.
fn has_fourth_number(found: &Vers, expected: &str) -> bool {
    let Some(expected) = Vers::read(&expected.replace('+', ".")).filter(|_| expected.contains('+')) else {
        return false;
    };
    let is_same = |left: &Constraint, right: &Constraint| {
        let (one, other) = (&left.version, &right.version);
        let are_numbers =
            [one, other].iter().all(|text| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.'));
        let is_equal = one == other || are_numbers && compare(Scheme::Intdot, one, other).ordering.is_eq();
        left.comparator == right.comparator && is_equal
    };
    let (found, expected) = (found.constraints(), expected.constraints());
    found.len() == expected.len() && found.iter().zip(expected).all(|(left, right)| is_same(left, right))
}

/// An operator before a version with wildcards, `<=` or `>` before one with missing numbers.
fn is_beyond_the_reference(native: &str) -> bool {
    let native = native.replace("= ", "=").replace("> ", ">").replace("< ", "<");
    native.split_whitespace().any(|comparison| {
        let is_operator = |sign: char| matches!(sign, '<' | '>' | '=');
        let version = comparison.trim_start_matches(is_operator);
        let sign = &comparison[..comparison.len() - version.len()];
        let is_short = !version.contains('-') && version.split('.').count() < 3;
        !sign.is_empty() && version.split('.').any(|part| part == "x") || matches!(sign, "<=" | ">") && is_short
    })
}

#[test]
fn vectors_of_parsing_hold() {
    run("_parse_test.jsonl", parses);
}

#[test]
fn vectors_of_reserved_types_hold() {
    run("reserved_type_test.jsonl", |row| if row["test_type"] == "parse" { parses(row) } else { contains(row) });
}

#[test]
fn vectors_of_validation_hold() {
    run("_validate_test.jsonl", validates);
    run("_roundtrip_test.jsonl", validates);
}

#[test]
fn vectors_of_containment_hold() {
    run("_containment_test.jsonl", contains);
}

#[test]
fn vectors_of_comparison_hold() {
    run("lexicographic-test.jsonl", compares);
    run("_cmp_test.jsonl", |row| if row["test_type"] == "containment" { contains(row) } else { compares(row) });
}

#[test]
fn vectors_of_native_ranges_hold() {
    run("_from_native_test.jsonl", translates);
    run("_from_native_basic_test.jsonl", translates);
    run("_gitlab_range_from_native.jsonl", translates);
}
