//! Ranges in the ecosystems' own notations against published vectors (`vectors/constraints` of the shared data).

use crate::shared;
use standards::vers::native::NativeRange;

#[expect(clippy::print_stdout, reason = "a test reports its rates to whoever runs it with --no-capture")]
fn report(line: &str) {
    println!("{line}");
}

/// Rows that fail, and the number of rows.
fn failures(table: &str, kind: &str, with_pre_releases: bool) -> (Vec<String>, usize) {
    let lines = shared::lines(&format!("vectors/constraints/{table}")).unwrap_or_default();
    let mut failed = Vec::new();
    for line in lines.iter().skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let range = NativeRange::parse(kind, cells[1]);
        let found = range.is_some_and(|range| {
            let contains =
                if with_pre_releases { NativeRange::contains_with_pre_releases } else { NativeRange::contains };
            contains(&range, cells[0]).contained
        });
        if found != (cells[2] == "1") {
            failed.push(format!("{} in {:?} should be {} ({})", cells[0], cells[1], !found, cells[3]));
        }
    }
    let rows = lines.len().saturating_sub(1);
    report(&format!("{table}: {} of {rows}", rows - failed.len()));
    (failed, rows)
}

/// All rows hold, but for the listed ones, whose reasons stand beside them.
fn check(table: &str, kind: &str, known: &[&str]) {
    let (mut failed, _) = failures(table, kind, false);
    failed.retain(|row| !known.iter().any(|known| row.starts_with(known)));
    assert!(failed.is_empty(), "{table}: {} rows fail: {failed:#?}", failed.len());
}

/// A bare version is a soft requirement to Maven, which any version meets. As a range, and in all other rows of this suite,
/// it is that version.
const MAVEN_EXCEPTIONS: [&str; 1] = ["0.1 in \"1.0\" "];

/// By PEP 440, `<2.0` leaves out the pre-releases of 2.0, and `>2.0.0+local` is no specifier; one scanner orders as text.
const PYPI_EXCEPTIONS: [&str; 3] =
    ["1.1.1-pre2 in \"> 1.1.1-pre1, < 1.1.1\" ", "2.0-beta-3 in \">1.0, <2.0\" ", "2.0.0+cgr.12 in \"> 2.0.0+cgr.2\" "];

macro_rules! vectors {
    ($($test:ident: $table:literal as $kind:literal $(except $known:expr)?;)+) => {$(
        #[test]
        fn $test() {
            let known: &[&str] = &[];
            $(let known: &[&str] = { let _ = known; &$known };)?
            check(concat!($table, ".tsv"), $kind, known);
        }
    )+};
}

vectors! {
    cargo_requirement_vectors_hold: "cargo-reqs" as "cargo";
    composer_constraint_vectors_hold: "composer-constraints" as "composer";
    conda_specification_vectors_hold: "conda-specs" as "conda";
    gem_requirement_vectors_hold: "gem-requirements" as "gem";
    hex_requirement_vectors_hold: "hex-requirements" as "hex";
    maven_range_vectors_hold: "maven-ranges" as "maven" except MAVEN_EXCEPTIONS;
    npm_range_vectors_hold: "npm-ranges" as "npm";
    npm_loose_range_vectors_hold: "npm-ranges-loose" as "npm";
    npm_range_vectors_of_a_second_suite_hold: "npm-ranges-aqua" as "npm";
    nuget_range_vectors_hold: "nuget-ranges" as "nuget";
    pypi_specifier_vectors_hold: "pypi-specifiers" as "pypi";
    comparison_vectors_of_apk_hold: "grype-apk" as "apk";
    comparison_vectors_of_deb_hold: "grype-deb" as "deb";
    comparison_vectors_of_rpm_hold: "grype-rpm" as "rpm";
    comparison_vectors_of_gentoo_hold: "grype-gentoo" as "gentoo";
    comparison_vectors_of_bitnami_hold: "grype-bitnami" as "bitnami";
    comparison_vectors_of_java_runtimes_hold: "grype-jvm" as "jvm";
    comparison_vectors_of_go_hold: "grype-golang" as "golang";
    comparison_vectors_of_maven_hold: "grype-maven" as "maven";
    comparison_vectors_of_gem_hold: "grype-gem" as "gem";
    comparison_vectors_of_pypi_hold: "grype-pypi" as "pypi" except PYPI_EXCEPTIONS;
    comparison_vectors_of_semver_hold: "grype-semver" as "apache";
}

#[test]
fn npm_range_vectors_with_pre_releases_hold() {
    let (failed, _) = failures("npm-ranges-includeprerelease.tsv", "npm", true);
    assert!(failed.is_empty(), "{failed:#?}");
}
