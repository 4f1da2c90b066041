use super::*;

fn reason(record: &str, confidence: Confidence, tlp: Tlp) -> Reason {
    Reason {
        source: SourceId("csaf".to_owned()),
        family: Family::Csaf,
        record: record.to_owned(),
        revision: Digest::of(record.as_bytes()),
        raw: RawRef { object: Digest::of(record.as_bytes()), entry: String::new(), offset: 0, length: 0 },
        place: String::new(),
        key: "cpe|a|openssl|openssl".to_owned(),
        identity: "cpe:2.3:a:openssl:openssl:3.0.1:*:*:*:*:*:*:*".to_owned(),
        version: "3.0.1".to_owned(),
        range: "< 3.0.2".to_owned(),
        order: "openssl".to_owned(),
        fix: FixStateText("fixed in 3.0.2".to_owned()),
        confidence,
        rule: "R14".to_owned(),
        notes: Vec::new(),
        tlp,
    }
}

fn found(reasons: Vec<Reason>) -> Match {
    let confidence = reasons.iter().map(|why| why.confidence).max().unwrap();
    Match {
        vulnerability: "CVE-2022-0778".to_owned(),
        aliases: vec!["CVE-2022-0778".to_owned(), "MEMBERS-2022-17".to_owned()],
        reasons,
        dissent: Vec::new(),
        confidence,
        score_tenths: None,
        title: String::new(),
        known_exploited: None,
        epss_millionths: None,
    }
}

#[test]
fn a_finding_is_marked_as_the_freest_record_that_makes_it_one() {
    let members = reason("MEMBERS-2022-17", Confidence::Exact, Tlp::Amber);
    assert_eq!(found(vec![members.clone()]).tlp(), Tlp::Amber);
    let both = found(vec![members.clone(), reason("CVE-2022-0778", Confidence::Derived, Tlp::Clear)]);
    assert_eq!((both.tlp(), both.strictest_tlp()), (Tlp::Clear, Tlp::Amber));
    let candidate = found(vec![members, reason("ICSA-22-101-01", Confidence::Candidate, Tlp::Clear)]);
    assert_eq!(candidate.tlp(), Tlp::Amber, "what is no finding by itself tells nothing");
    assert_eq!(found(vec![reason("ICSA-22-101-01", Confidence::Candidate, Tlp::Green)]).tlp(), Tlp::Green);
}

#[test]
fn the_identifier_of_a_restricted_record_is_no_free_name() {
    let members = reason("MEMBERS-2022-17", Confidence::Exact, Tlp::Amber);
    let both = found(vec![members, reason("CVE-2022-0778", Confidence::Exact, Tlp::Clear)]);
    assert_eq!(both.names_up_to(Tlp::Green), ["CVE-2022-0778"]);
    assert_eq!(both.names_up_to(Tlp::Amber).len(), 2);
}

#[test]
fn a_mark_is_written_only_where_it_restricts() {
    let free = serde_json::to_string(&reason("A", Confidence::Exact, Tlp::Clear)).unwrap();
    let held = serde_json::to_string(&reason("A", Confidence::Exact, Tlp::AmberStrict)).unwrap();
    assert!(!free.contains("tlp") && held.contains("AMBER+STRICT"));
    assert_eq!(serde_json::from_str::<Reason>(&free).unwrap().tlp, Tlp::Clear);
}
