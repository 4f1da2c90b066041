//! Dates as feeds and mails write them: RFC 3339, RFC 822 with whatever zone, and what lies between.

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;

use super::common::timestamp;

/// Names of zones beyond those of RFC 822, with their offsets. Ambiguous ones are left out.
const ZONES: [(&str, &str); 16] = [
    ("UTC", "+0000"),
    ("Z", "+0000"),
    ("WET", "+0000"),
    ("BST", "+0100"),
    ("CET", "+0100"),
    ("MEZ", "+0100"),
    ("WEST", "+0100"),
    ("CEST", "+0200"),
    ("MESZ", "+0200"),
    ("EET", "+0200"),
    ("EEST", "+0300"),
    ("MSK", "+0300"),
    ("JST", "+0900"),
    ("KST", "+0900"),
    ("AEST", "+1000"),
    ("AEDT", "+1100"),
];

/// An instant in any of these spellings.
pub(super) fn timestamp_of_any_kind(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.is_empty() || text.len() > 100 {
        return None;
    }
    timestamp(text).or_else(|| without_seconds(text)).or_else(|| rfc822(text))
}

/// `2024-01-05T10:00+09:00`: a W3C date without seconds.
fn without_seconds(text: &str) -> Option<Timestamp> {
    let (day, rest) = text.split_once('T')?;
    let zone = rest.find(['+', '-', 'Z'])?;
    (rest[..zone].len() == 5).then(|| format!("{day}T{}:00{}", &rest[..zone], &rest[zone..]).parse().ok())?
}

/// `Tue, 8 Oct 2024 17:30:00 CEST` and its relatives.
fn rfc822(text: &str) -> Option<Timestamp> {
    let parser = DateTimeParser::new().relaxed_weekday(true);
    // A zone that it does not know counts as UTC there (RFC 2822 section 4.3), so ours come first.
    let is_ours = |word: &str| ZONES.iter().any(|(name, _)| name.eq_ignore_ascii_case(word));
    if !text.split_whitespace().any(is_ours)
        && let Ok(instant) = parser.parse_timestamp(text)
    {
        return Some(instant);
    }
    // The day of the week is not needed, and often in another language.
    let rest = text.split_once(',').map_or(text, |(_, rest)| rest);
    let mut words: Vec<&str> = rest.split_whitespace().filter(|word| !word.starts_with('(')).collect();
    let zone = words.last()?.trim_end_matches('.');
    let offset = zone.trim_start_matches("GMT").trim_start_matches("UTC").replace(':', "");
    if let Some((_, known)) = ZONES.iter().find(|(name, _)| name.eq_ignore_ascii_case(zone)) {
        *words.last_mut()? = known;
    } else if offset.len() == 5 && offset.starts_with(['+', '-']) {
        *words.last_mut()? = &offset;
    } else if zone.contains(':') {
        words.push("+0000");
    }
    let month = words.get(1)?.get(..3)?;
    let mut line = words.clone();
    line[1] = month;
    parser.parse_timestamp(line.join(" ")).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_read_in_the_spellings_of_the_wild() {
        let expected: Timestamp = "2024-10-08T17:30:00Z".parse().unwrap();
        for text in [
            "2024-10-08T17:30:00Z",
            "2024-10-08T19:30+02:00",
            "Tue, 08 Oct 2024 17:30:00 GMT",
            "Tue, 08 Oct 2024 17:30:00 +0000",
            "Tue, 8 Oct 2024 13:30:00 EDT",
            "Di, 08 Oct 2024 19:30:00 CEST",
            "Mon, 08 Oct 2024 17:30:00 UTC",
            "08 Oct 2024 17:30 Z",
            "Tue, 08 October 2024 17:30:00",
            "Tue, 08 Oct 2024 19:30:00 +02:00",
            "Tue, 08 Oct 2024 19:30:00 GMT+02:00",
            "Tue, 08 Oct 24 17:30:00 UT",
            "Tue, 08 Oct 2024 17:30:00 +0000 (Coordinated Universal Time)",
        ] {
            assert_eq!(timestamp_of_any_kind(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in ["", "32 Foo 2024 99:99:99 GMT", "yesterday", "T", "+", "Tue,", "ß, ä ß ö", "2024-13-45T99:99:99"]
        {
            assert_eq!(timestamp_of_any_kind(text), None, "{text}");
        }
    }
}
