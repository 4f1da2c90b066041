use super::*;

#[test]
fn log4shell_is_critical() {
    let scores = scores("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H").expect("a complete vector");
    assert_eq!((scores.base, scores.temporal, scores.environmental), (100, Some(100), Some(100)));
    assert_eq!(severity(scores.base).word(), "Critical");
}

#[test]
fn heartbleed_in_version_2_with_nvds_parentheses() {
    assert_eq!(base_tenths("(AV:N/AC:L/Au:N/C:P/I:N/A:N)"), Some(50));
}

#[test]
fn a_version_3_vector_without_availability_has_no_score() {
    let vector = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H";
    assert_eq!(scores(vector), Err(CvssError::Missing { vector: vector.to_owned(), metric: "A" }));
}

#[test]
fn temporal_metrics_lower_the_temporal_score_only() {
    let scores = scores("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:P/RL:O/RC:C").expect("a complete vector");
    assert_eq!((scores.base, scores.temporal), (98, Some(88)));
}

#[test]
fn version_4_has_one_score() {
    let vector = "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N";
    assert_eq!(scores(vector).expect("a complete vector"), Scores { base: 93, temporal: None, environmental: None });
}

#[test]
fn words_follow_the_rating_scale() {
    let words: Vec<&str> = [0, 1, 39, 40, 69, 70, 89, 90, 100].map(|tenths| severity(tenths).word()).to_vec();
    assert_eq!(words, ["None", "Low", "Low", "Medium", "Medium", "High", "High", "Critical", "Critical"]);
}
