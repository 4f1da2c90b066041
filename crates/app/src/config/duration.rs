//! Rhythms and limits as people write them: `2 hours`, `1 day`, `3 months`.

use jiff::Span;
use toml::Spanned;

use super::fault::Located;

/// Hours of a rhythm or limit: minutes are not a rhythm for feeds, months not a limit for freshness.
pub fn hours(text: &Spanned<String>) -> Result<u32, Located> {
    let (number, unit) = split(text)?;
    let hours = match unit {
        "h" | "hour" | "hours" => Some(number),
        "d" | "day" | "days" => number.checked_mul(24),
        "week" | "weeks" => number.checked_mul(168),
        _ => return Err(Located::at(text, format!("unknown unit {unit:?}: hours, days or weeks"))),
    };
    hours
        .filter(|hours| *hours > 0)
        .ok_or_else(|| Located::at(text, "must be at least one hour and not absurdly long".to_owned()))
}

/// A calendar span for reviews: days, weeks, months or years.
pub fn span(text: &Spanned<String>) -> Result<Span, Located> {
    let (number, unit) = split(text)?;
    let number = i64::from(number);
    let span = match unit {
        "d" | "day" | "days" => Span::new().try_days(number),
        "week" | "weeks" => Span::new().try_weeks(number),
        "month" | "months" => Span::new().try_months(number),
        "year" | "years" => Span::new().try_years(number),
        _ => return Err(Located::at(text, format!("unknown unit {unit:?}: days, weeks, months or years"))),
    };
    span.ok()
        .filter(|_| number > 0)
        .ok_or_else(|| Located::at(text, "must be at least one day and not absurdly long".to_owned()))
}

fn split(text: &Spanned<String>) -> Result<(u32, &str), Located> {
    let trimmed = text.get_ref().trim();
    let digits = trimmed.find(|c: char| !c.is_ascii_digit()).unwrap_or(trimmed.len());
    match trimmed[..digits].parse() {
        Ok(number) => Ok((number, trimmed[digits..].trim())),
        Err(_) => Err(Located::at(
            text,
            format!("{trimmed:?} is no rhythm: write a number and a unit, as in \"2 hours\" or \"1 month\""),
        )),
    }
}
