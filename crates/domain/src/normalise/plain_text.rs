//! HTML as plain text, for feeds and mails: what a person would read, and where the links lead.
//!
//! No tree is built and no markup is believed: tags end where they end, scripts and styles are left out, whatever cannot be
//! read stands as text. Memory is that of the text.

/// What a piece of HTML says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Plain {
    /// Lines of text, without empty ones at the ends.
    pub(super) text: String,
    /// Addresses of links, in order.
    pub(super) links: Vec<String>,
}

/// Links kept of one text.
const LINKS_KEPT: usize = 200;

/// Reads a piece of HTML.
pub(super) fn of_html(html: &str) -> Plain {
    let mut plain = Plain::default();
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        push_text(&mut plain.text, &rest[..at]);
        rest = &rest[at..];
        rest = if rest.starts_with('&') { entity(rest, &mut plain.text) } else { tag(rest, &mut plain) };
    }
    push_text(&mut plain.text, rest);
    plain.text = tidy(&plain.text);
    plain
}

/// Whether a text has tags in it, so that it is worth reading as HTML.
pub(super) fn is_html(text: &str) -> bool {
    let after = |at: usize| text[at + 1..].bytes().next();
    text.match_indices('<').any(|(at, _)| after(at).is_some_and(|next| next.is_ascii_alphabetic() || next == b'/'))
        && text.contains('>')
        || text.contains("&lt;")
        || text.contains("&amp;")
}

/// Adds text as HTML shows it: white space is one space.
fn push_text(out: &mut String, text: &str) {
    for character in text.chars() {
        let character = if character.is_whitespace() { ' ' } else { character };
        if character != ' ' || !out.ends_with([' ', '\n']) {
            out.push(character);
        }
    }
}

/// Steps over a tag, a comment or a declaration; what looks like a tag and is none stays as text.
fn tag<'h>(rest: &'h str, plain: &mut Plain) -> &'h str {
    if let Some(comment) = rest.strip_prefix("<!--") {
        return comment.split_once("-->").map_or("", |(_, after)| after);
    }
    let opens = rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
    let Some(end) = opens.then(|| end_of_tag(rest)).flatten() else {
        push_text(&mut plain.text, "<");
        return &rest[1..];
    };
    let (inside, after) = (&rest[1..end], &rest[end + 1..]);
    let closes = inside.starts_with('/');
    let name: String =
        inside.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).take(16).collect();
    let name = name.to_ascii_lowercase();
    match name.as_str() {
        "script" | "style" | "head" | "title" if !closes => return after_element(after, &name),
        "br" | "tr" | "hr" | "p" | "div" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "table"
        | "blockquote" | "pre" | "section" | "article" | "dl" | "dt" | "dd" => plain.text.push('\n'),
        "li" if !closes => plain.text.push_str("\n- "),
        "td" | "th" if closes => plain.text.push(' '),
        "a" if !closes && plain.links.len() < LINKS_KEPT => {
            plain.links.extend(attribute(inside, "href").filter(|href| href.contains(':')));
        }
        _ => {}
    }
    after
}

/// Where the tag ends that begins here: at the first `>` outside quotes. Another `<` comes first: it is no tag.
fn end_of_tag(text: &str) -> Option<usize> {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match (byte, quote) {
            (b'>', None) => return Some(at),
            (b'<', None) => return None,
            (b'"' | b'\'', None) if text[..at].ends_with('=') => quote = Some(byte),
            (_, Some(open)) if byte == open => quote = None,
            _ => {}
        }
    }
    // A quote that is never closed is none.
    quote.and_then(|_| text.find('>'))
}

/// What follows the end of an element whose content is not text.
fn after_element<'h>(text: &'h str, name: &str) -> &'h str {
    let mut from = 0;
    while let Some(at) = text[from..].find("</").map(|at| from + at) {
        let tail = &text[at + 2..];
        if tail.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name)) {
            return tail.split_once('>').map_or("", |(_, after)| after);
        }
        from = at + 2;
    }
    ""
}

/// The value of an attribute in a tag's inside.
fn attribute(inside: &str, name: &str) -> Option<String> {
    let at = inside.to_ascii_lowercase().find(&format!("{name}="))? + name.len() + 1;
    let value = &inside[at..];
    let raw = match value.chars().next()? {
        quote @ ('"' | '\'') => value[1..].split(quote).next()?,
        _ => value.split(|c: char| c.is_whitespace() || c == '>').next()?,
    };
    Some(without_entities(raw.trim()))
}

/// The text with its entities resolved.
pub(super) fn without_entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = entity(&rest[at..], &mut out);
    }
    out.push_str(rest);
    out
}

/// Resolves the reference that begins here; an unknown one stays as it is.
fn entity<'h>(rest: &'h str, out: &mut String) -> &'h str {
    let name_end = rest.bytes().take(12).position(|byte| byte == b';');
    if let Some(text) = name_end.and_then(|end| resolve(&rest[1..end])) {
        out.push_str(&text);
        return &rest[name_end.map_or(1, |end| end + 1)..];
    }
    out.push('&');
    &rest[1..]
}

/// The character that a reference stands for (HTML, "named character references": those that bulletins use).
pub(super) fn resolve(name: &str) -> Option<String> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|found| *found != '\0').map(String::from);
    }
    let text = match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        "nbsp" | "ensp" | "emsp" | "thinsp" => " ",
        "ndash" => "–",
        "mdash" => "—",
        "hellip" => "…",
        "lsquo" => "‘",
        "rsquo" => "’",
        "ldquo" => "“",
        "rdquo" => "”",
        "laquo" => "«",
        "raquo" => "»",
        "bull" => "•",
        "middot" => "·",
        "copy" => "©",
        "reg" => "®",
        "trade" => "™",
        "deg" => "°",
        "shy" | "zwnj" | "zwj" => "",
        "auml" => "ä",
        "ouml" => "ö",
        "uuml" => "ü",
        "Auml" => "Ä",
        "Ouml" => "Ö",
        "Uuml" => "Ü",
        "szlig" => "ß",
        "eacute" => "é",
        "egrave" => "è",
        "ecirc" => "ê",
        "agrave" => "à",
        "aacute" => "á",
        "ccedil" => "ç",
        "ntilde" => "ñ",
        "times" => "×",
        "le" => "≤",
        "ge" => "≥",
        "euro" => "€",
        "sect" => "§",
        "rarr" => "→",
        _ => return None,
    };
    Some(text.to_owned())
}

/// Lines without white space at their ends, and no more than one empty line between them.
pub(super) fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty = 0_u32;
    for line in text.lines().map(str::trim) {
        if line.is_empty() {
            empty += 1;
            continue;
        }
        if !out.is_empty() {
            out.push_str(if empty > 0 { "\n\n" } else { "\n" });
        }
        out.push_str(line);
        empty = 0;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_reads_as_a_person_would_read_it() {
        let html = "<h1>Pumps &amp; gateways</h1><p>Update  to\n2.1.<br>See <a href='https://example.org/a?b=1&amp;c'>this</a></p><ul><li>one</li><li>two</li></ul><script>alert(1)</script><!-- x --><td>a</td><td>b</td>";
        let plain = of_html(html);
        assert_eq!(plain.text, "Pumps & gateways\n\nUpdate to 2.1.\nSee this\n\n- one\n- two\na b");
        assert_eq!(plain.links, ["https://example.org/a?b=1&c"]);
    }

    #[test]
    fn what_is_no_markup_stays_text() {
        assert_eq!(
            of_html("versions < 2.0 and > 1.0 &unknown; &#x43;VE").text,
            "versions < 2.0 and > 1.0 &unknown; CVE"
        );
        assert_eq!(of_html("a <b unclosed").text, "a <b unclosed");
        assert_eq!(of_html("it's <a href=\"x:y>text").text, "it's text");
    }

    #[test]
    fn hostile_markup_costs_no_more_than_its_length() {
        for piece in ["<", "<a ", "<!--", "<script", "&", "&#", "</", "<a href=\"", "<p>"] {
            let _ = of_html(&piece.repeat(50_000));
        }
    }
}
