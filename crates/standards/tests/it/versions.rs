//! Version orders against the published vectors of each ecosystem (`vectors/versions` of the shared data).
//!
//! Every row that states a norm must hold in both directions. Rows where a side is no version of its scheme at all are
//! compared by the generic order, whose result no norm describes: they are counted apart.

use std::cmp::Ordering;

use crate::shared;
use standards::versions::{Scheme, compare, is_valid};

#[expect(clippy::print_stdout, reason = "a test reports its rates to whoever runs it with --no-capture")]
fn report(line: &str) {
    println!("{line}");
}

/// The cells of a table without its heading; none without shared data.
fn rows(table: &str) -> Vec<Vec<String>> {
    let lines = shared::lines(&format!("vectors/versions/{table}")).unwrap_or_default();
    let unescape = |cell: &str| cell.replace("\\t", "\t").replace("\\n", "\n");
    lines.iter().skip(1).map(|line| line.split('\t').map(unescape).collect()).collect()
}

fn holds(operator: &str, ordering: Ordering) -> bool {
    match operator {
        "<" => ordering.is_lt(),
        "=" => ordering.is_eq(),
        "!=" => ordering.is_ne(),
        _ => false,
    }
}

/// Rows that fail in either direction, and the number of rows.
fn failures(table: &str, scheme: Scheme, adapt: fn(&str) -> String) -> (Vec<String>, usize) {
    let rows = rows(table);
    let mut failed = Vec::new();
    let mut foreign = 0;
    for row in &rows {
        let (left, right) = (adapt(&row[0]), adapt(&row[2]));
        let there = compare(scheme, &left, &right);
        let back = compare(scheme, &right, &left);
        foreign += usize::from(!there.native);
        if !(holds(&row[1], there.ordering) && there.ordering == back.ordering.reverse()) {
            failed.push(format!("{left} {} {right} (native: {}; {})", row[1], there.native, row[3]));
        }
    }
    let passed = rows.len() - failed.len();
    report(&format!("{table}: {passed} of {} ({foreign} by the generic order)", rows.len()));
    (failed, rows.len())
}

/// All rows hold, but for the listed ones, whose reasons stand beside them.
fn check(table: &str, scheme: Scheme, known: &[&str]) {
    check_adapted(table, scheme, str::to_owned, known);
}

fn check_adapted(table: &str, scheme: Scheme, adapt: fn(&str) -> String, known: &[&str]) {
    let (failed, _) = failures(table, scheme, adapt);
    let unexpected: Vec<_> = failed.iter().filter(|row| !known.iter().any(|known| row.starts_with(known))).collect();
    assert!(unexpected.is_empty(), "{table}: {} rows fail: {unexpected:#?}", unexpected.len());
}

/// No versions by apk's grammar: one suite records how its own parser happens to sort them.
const APK_EXCEPTIONS: [&str; 7] = [
    ".1 < 1 ",
    "0.8.21.r2 < 0.8.21r2 ",
    "1-r-0 < 1-r0 ",
    "1-r-1 < 1-r0 ",
    "1-r-2 = 1-r0-1 ",
    "1-r0-ruff1 = 1-r0-ruff2 ",
    "1-ruff < 1 ",
];

/// Recorded with `version_compare` on the bare text; Composer fills up to four numbers first, takes `stable` for the
/// release and knows stabilities in any case, so `3.0.0-beta` comes before `3.0`.
const COMPOSER_EXCEPTIONS: [&str; 8] = [
    "5.1.0-stable < 5.1.0-beta2 ",
    "v1.9.0-ALPHA.1 = v1.9.0-BETA.1 ",
    "v1.9.0-BETA.1 < v1.9.0-ALPHA.2 ",
    "v3.0 < v3.0.0-beta ",
    "v3.4 < v3.4.0-alpha ",
    "v4-beta4 < v4.0-alpha ",
    "v4.4 < v4.4.0-beta ",
    "v6.6 < v6.6.0-beta ",
];

/// Conda reads `-` as `_`: the two are equal, and a sorted list says nothing else.
const CONDA_EXCEPTIONS: [&str; 1] = ["0.5_5 < 0.5-5 "];

/// Recorded with Maven 3, which read a word with a number behind it (`sec10`, `beta.6`) in other ways than Maven 4 does.
const MAVEN_EXCEPTIONS: [&str; 13] = [
    "1-1 = 1-ga-1 ",
    "1.0.0-beta11 < 1.0.0-beta.6 ",
    "1.0.0rc0 < 1.0.beta8 ",
    "1.1.31.sec10 < 1.1.31_noneautotype ",
    "1.1.34.sec10 < 1.1.34_noneautotype ",
    "1.1.46.sec10 < 1.1.46_noneautotype ",
    "1.2.31.sec10 < 1.2.31_noneautotype ",
    "1.2.54.sec10 < 1.2.54_noneautotype ",
    "1.2.57.sec10 < 1.2.57_noneautotype ",
    "1.2.60.sec10 < 1.2.60_noneautotype ",
    "1.2.8.sec10_noneautotype < 1.2.8_noneautotype ",
    "3.5.0-CR-2 < 3.5.0.Beta-1 ",
    "v3.7.0rc2 < v3.7.0-rc.3 ",
];

/// A development snapshot comes before the release that it prepares; one suite compares the letters and the word as text.
const OPENSSL_EXCEPTIONS: [&str; 1] = ["1.0.2zc < 1.0.2zc-dev "];

/// No versions by PEP 440: `packaging` sorted them below all others until it stopped reading them (22.0). By the generic
/// order `2.0.0-final` comes after `0.10`, which is what its authors meant.
const PYPI_EXCEPTIONS: [&str; 5] = [
    "0.4.0-p1 < 0.0.1 ",
    "0.7.4.svn.r2010 < 0.6.4 ",
    "2.0.0-final < 0.10 ",
    "2.0.1rc2-git < 0.8 ",
    "2014-01-12T15-52-10 < 0.2016.3.21 ",
];

macro_rules! vectors {
    ($($test:ident: $table:literal by $scheme:ident $(except $known:expr)?;)+) => {$(
        #[test]
        fn $test() {
            let known: &[&str] = &[];
            $(let known: &[&str] = { let _ = known; &$known };)?
            check(concat!($table, ".tsv"), Scheme::$scheme, known);
        }
    )+};
}

vectors! {
    alpm_vectors_hold: "alpm" by Alpm;
    apk_vectors_hold: "apk" by Apk except APK_EXCEPTIONS;
    cargo_vectors_hold: "cargo" by Semver;
    composer_vectors_hold: "composer" by Composer except COMPOSER_EXCEPTIONS;
    conan_vectors_hold: "conan" by Conan;
    conda_vectors_hold: "conda" by Conda except CONDA_EXCEPTIONS;
    cran_vectors_hold: "cran" by Cran;
    datetime_vectors_hold: "datetime" by Datetime;
    deb_vectors_hold: "deb" by Deb;
    gem_vectors_hold: "gem" by Gem;
    gentoo_vectors_hold: "gentoo" by Gentoo;
    go_vectors_hold: "golang" by Go;
    hackage_vectors_hold: "hackage" by Hackage;
    hex_vectors_hold: "hex" by Semver;
    jvm_vectors_hold: "jvm" by Jvm;
    lexicographic_vectors_hold: "lexicographic" by Lexicographic;
    maven_vectors_hold: "maven" by Maven except MAVEN_EXCEPTIONS;
    npm_vectors_hold: "npm" by Semver;
    npm_loose_vectors_hold: "npm-loose" by Semver;
    nuget_vectors_hold: "nuget" by Nuget;
    openssl_vectors_hold: "openssl" by Openssl except OPENSSL_EXCEPTIONS;
    pub_vectors_hold: "pub" by Pub;
    pypi_vectors_hold: "pypi" by Pep440 except PYPI_EXCEPTIONS;
    rpm_vectors_hold: "rpm" by Rpm;
    semver_vectors_hold: "semver" by Semver;
}

#[test]
fn rpm_segment_vectors_hold() {
    // With a release of its own behind it, the whole segment is read as the version.
    check_adapted("rpm-segment.tsv", Scheme::Rpm, |segment| format!("{segment}-1"), &[]);
}

#[test]
fn generic_order_agrees_with_most_of_the_advice() {
    let (failed, total) = failures("generic.tsv", Scheme::Generic, str::to_owned);
    report(&format!("generic disagreements: {failed:#?}"));
    assert!(failed.len() * 100 <= total * 5, "{} of {total} disagree: {failed:#?}", failed.len());
}

#[test]
fn grammars_accept_and_reject_as_the_reference_parsers() {
    // SemVer 2.0.0 has no bound on numbers; Elixir's suite has one.
    // One Debian parser takes the underscore that dpkg refuses.
    let known = ["hex 1.0.0-100000000000000", "deb 6.0-4.el6.x86_64"];
    let rows = rows("_validity.tsv");
    let mut failed = Vec::new();
    for row in &rows {
        let scheme = match row[0].as_str() {
            "hex" | "npm" => Scheme::Semver,
            other => Scheme::of_purl_type(other),
        };
        let label = format!("{} {}", row[0], row[1]);
        if is_valid(scheme, &row[1]) != (row[2] == "valid") && !known.contains(&label.as_str()) {
            failed.push(format!("{label}: {}", row[2]));
        }
    }
    report(&format!("_validity.tsv: {} of {}", rows.len() - failed.len(), rows.len()));
    assert!(failed.is_empty(), "{} rows fail: {failed:#?}", failed.len());
}
