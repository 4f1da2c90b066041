use super::*;

const TEMPLATE: &str = r#"
#let data = json("data.json")
#set document(title: data.title)
= #data.title
#table(columns: 2, ..data.rows.flatten())
"#;

fn pages<'a>(template: &'a str, data: &'a str) -> Pages<'a> {
    Pages { template, data, identifier: "REV-1", created: (2022, 1, 3, 9, 30, 0) }
}

#[test]
fn a_record_becomes_pdf_a_2u_and_the_same_bytes_every_time() {
    let data = r#"{"title": "Review REV-1", "rows": [["CVE-2021-44228", "affected"]]}"#;
    let first = pdf_a(&pages(TEMPLATE, data)).expect("the pages are set");
    let second = pdf_a(&pages(TEMPLATE, data)).expect("the pages are set");
    assert!(first.starts_with(b"%PDF-"));
    let text = String::from_utf8_lossy(&first);
    assert!(text.contains("pdfaid:part>2<"), "the PDF/A part is marked");
    assert!(text.contains("pdfaid:conformance>U<"), "the conformance level is marked");
    assert_eq!(first, second);
}

#[test]
fn a_name_that_no_font_can_show_costs_no_record() {
    let data = r#"{"title": "Reviewed by 張偉", "rows": [["CVE-2021-44228", "affected"]]}"#;
    assert!(pdf_a(&pages(TEMPLATE, data)).is_ok());
}

#[test]
fn a_template_that_reaches_for_another_file_is_refused() {
    let error = pdf_a(&pages("#read(\"../secret.txt\")", "{}")).expect_err("no other file may be read");
    assert!(matches!(error, SetError::Template(_)), "{error}");
}
