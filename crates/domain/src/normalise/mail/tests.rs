use super::*;
use crate::model::source::{Family, SourceId};

fn read(message: &[u8]) -> Result<Translated<Advisory>, String> {
    let source = SourceId("mail".to_owned());
    let context = Context {
        source: &source,
        family: Family::Bulletin,
        object: Digest([7; 32]),
        entry: "",
        from: "",
        tlp: Tlp::Amber,
        document: message,
    };
    let mut found = None;
    split(message, &mut |record| found = Some(translate(&record, &context))).map_err(|fault| fault.to_string())?;
    found.unwrap()
}

fn mail(lines: &str) -> Vec<u8> {
    lines.replace('\n', "\r\n").into_bytes()
}

const BULLETIN: &str = "From: Sharing centre <alerts@isac.example>
To: members@isac.example
Subject: =?utf-8?q?[TLP:GREEN]_Back_door_in_xz_=E2=80=93_check_images?=
Date: Fri, 29 Mar 2024 19:40:00 +0100
Message-ID: <2024-006@isac.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=outer

--outer
Content-Type: multipart/alternative; boundary=inner

--inner
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

CVE-2024-3094 pr=FCfen: xz 5.6.0 and 5.6.1.

--inner
Content-Type: text/html; charset=utf-8

<p>CVE-2024-3094 <a href=\"https://example.org/GHSA-rxwq-x6h5-x525\">more</a></p>

--inner--
--outer
Content-Type: application/json; name=\"bulletin.stix.json\"
Content-Disposition: attachment; filename=\"bulletin.stix.json\"
Content-Transfer-Encoding: base64

eyJ0eXBlIjoiYnVuZGxlIiwiaWQiOiJidW5kbGUtLTEiLCJvYmplY3RzIjpbeyJ0eXBlIjoic29mdHdhcmUiLCJpZCI6InNvZnR3YXJlLS0xIiwibmFtZSI6Inh6IiwidmVuZG9yIjoiVHVrYWFuaSIsInZlcnNpb24iOiI1LjYuMSJ9XX0=

--outer
Content-Type: application/pdf; name=\"bulletin.pdf\"
Content-Disposition: attachment; filename=\"bulletin.pdf\"
Content-Transfer-Encoding: base64

JVBERi0xLjQK

--outer--
";

#[test]
fn a_mail_is_a_bulletin_with_its_attachments_named_and_searched() {
    let found = read(&mail(BULLETIN)).unwrap().value;
    assert_eq!((found.id.as_str(), found.tlp), ("2024-006@isac.example", Tlp::Green));
    assert_eq!(found.title, "[TLP:GREEN] Back door in xz – check images");
    assert_eq!(found.published, "2024-03-29T18:40:00Z".parse().ok());
    assert!(found.description.starts_with("From: Sharing centre <alerts@isac.example>\n\nCVE-2024-3094 prüfen"));
    assert!(
        found.description.contains("- bulletin.stix.json (") && found.description.contains("- bulletin.pdf (9 bytes)")
    );
    let mentions: Vec<&str> = found.mentions.iter().map(|mention| mention.text.as_str()).collect();
    assert_eq!(mentions, ["CVE-2024-3094", "GHSA-rxwq-x6h5-x525", "Tukaani: xz 5.6.1"]);
}

#[test]
fn without_a_message_id_the_digest_is_the_id_and_without_a_mark_the_source_s_counts() {
    let plain = mail("From: a@example.org\nSubject: none\nDate: Tue, 8 Oct 2024 17:30:00 CEST\n\nText\n");
    let found = read(&plain).unwrap().value;
    assert_eq!((found.id, found.tlp), (format!("sha256:{}", Digest::of(&plain)), Tlp::Amber));
    assert_eq!(read(&mail("From: a@example.org\nX-TLP: RED\n\nText")).unwrap().value.tlp, Tlp::Red);
    assert_eq!(read(&mail("From: a@example.org\n\nTLP:AMBER+STRICT\n")).unwrap().value.tlp, Tlp::AmberStrict);
}

#[test]
fn a_forwarded_mail_is_read_too() {
    let inner = "From: b@example.org\nSubject: TLP:RED CVE-2024-0001\n\nCVE-2024-0002\n";
    let outer = format!(
        "From: a@example.org\nSubject: Fwd\nContent-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: message/rfc822\n\n{inner}\n--x--\n"
    );
    let found = read(&mail(&outer)).unwrap().value;
    assert_eq!((found.tlp, found.mentions.len()), (Tlp::Red, 2));
}

#[test]
fn what_is_no_mail_is_refused_and_broken_ones_are_read_as_far_as_they_go() {
    for bytes in [&b""[..], b"\0\0\0", b"{\"objects\":[]}", b"<html>"] {
        assert!(read(bytes).is_err(), "{bytes:?}");
    }
    let whole = mail(BULLETIN);
    for end in (0..whole.len()).step_by(3) {
        let _ = read(&whole[..end]);
    }
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x15;
        let _ = read(&bytes);
    }
    let nested = "Content-Type: multipart/mixed; boundary=b

--b
"
    .repeat(500);
    let _ = read(&mail(&format!("From: a@example.org\n{nested}")));
    let long = format!("From: a@example.org\nSubject: {}\n\n{}", "A".repeat(1 << 20), "B".repeat(1 << 22));
    assert!(read(&mail(&long)).unwrap().value.title.chars().count() < 400);
}
