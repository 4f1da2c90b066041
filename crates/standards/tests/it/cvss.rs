//! Scores against the reference implementation's, in every version.

use standards::cvss::{Scores, base_tenths, scores};

use crate::shared;

fn tenths(text: &str) -> Option<u8> {
    let (whole, tenth) = text.split_once('.')?;
    Some(whole.parse::<u8>().ok()? * 10 + tenth.parse::<u8>().ok()?)
}

fn check(file: &str) {
    let Some(lines) = shared::lines(file) else { return };
    let mut wrong = Vec::new();
    for line in &lines[1..] {
        let fields: Vec<&str> = line.split('\t').collect();
        let computed = scores(fields[0]);
        let agrees = computed.as_ref().is_ok_and(|Scores { base, temporal, environmental }| {
            tenths(fields[1]) == Some(*base)
                && tenths(fields[2]).is_none_or(|expected| *temporal == Some(expected))
                && tenths(fields[3]).is_none_or(|expected| *environmental == Some(expected))
        });
        if !agrees {
            wrong.push(format!("{line}: {computed:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), lines.len() - 1, wrong.join("\n"));
}

#[test]
fn version_2_scores_agree_with_the_reference() {
    check("vectors/cvss/v2.0.tsv");
}

#[test]
fn version_3_0_scores_agree_with_the_reference() {
    check("vectors/cvss/v3.0.tsv");
}

#[test]
fn version_3_1_scores_agree_with_the_reference() {
    check("vectors/cvss/v3.1.tsv");
}

#[test]
fn version_4_scores_agree_with_the_reference() {
    check("vectors/cvss/v4.0.tsv");
}

#[test]
fn invalid_vectors_have_no_score() {
    let Some(lines) = shared::lines("vectors/cvss/invalid.tsv") else { return };
    for line in &lines[1..] {
        let vector = line.split('\t').next().unwrap_or_default();
        assert_eq!(base_tenths(vector), None, "{line}");
    }
}
