//! Microsoft's Security Update Guide (CVRF API 3.0): the list of months, then each month's CVRF document that has changed.
//!
//! The list (`…/updates`, OData) states for each month when it was last revised and where its document is. A month's document
//! holds everything of it; what has gone from one is noticed only where all months are read, which is done once in a while.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::delivery::{Content, End};
use crate::session::{Problem, Session};

/// After so long, all months are read again.
const WHOLE_AGAIN: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Where the last fetch ended.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Cursor {
    /// Month → when it was last revised, as the list stated it when its document came in.
    months: BTreeMap<String, String>,
    /// When all months were last asked for together.
    #[serde(skip_serializing_if = "Option::is_none")]
    whole: Option<Timestamp>,
}

/// The list of updates.
#[derive(Debug, Deserialize)]
struct Updates {
    value: Vec<Month>,
    /// Where the list goes on (OData 4.0, 11.2.6.7).
    #[serde(rename = "@odata.nextLink", default)]
    next: Option<String>,
}

/// A month.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Month {
    #[serde(rename = "ID")]
    id: String,
    #[serde(rename = "CurrentReleaseDate")]
    revised: String,
    #[serde(rename = "CvrfUrl", default)]
    url: String,
}

/// Pages of the list that are followed; it has had one.
const PAGES: usize = 20;

pub(crate) fn run(mut session: Session<'_>) -> End {
    let list = match session.base() {
        Ok(url) => url,
        Err(sentence) => return session.end_with(sentence),
    };
    let mut cursor: Cursor = session.cursor();
    let months = match months(&mut session, &list) {
        Ok(months) => months,
        Err(problem) => return session.end_with(format!("{problem}.")),
    };
    let now = session.clock.now();
    let is_gone = cursor.months.keys().any(|id| !months.iter().any(|month| month.id == *id));
    let is_due = cursor.whole.is_none_or(|whole| now < whole || now.duration_since(whole) > WHOLE_AGAIN);
    if is_due || is_gone {
        cursor.months.clear();
        cursor.whole = Some(now);
    }
    let wanted: Vec<&Month> =
        months.iter().filter(|month| cursor.months.get(&month.id) != Some(&month.revised)).collect();
    let mut missing = 0;
    for (done, month) in wanted.iter().enumerate() {
        if take(&mut session, &list, month) {
            cursor.months.insert(month.id.clone(), month.revised.clone());
        } else {
            missing += 1;
        }
        session.progress(done + 1, Some(wanted.len()), "months");
    }
    session.data_timestamp =
        session.data_timestamp.max(months.iter().filter_map(|month| month.revised.parse().ok()).max());
    session.full_set = wanted.len() == months.len() && missing == 0 && !session.owes();
    session.check("months in the list of updates", months.len(), cursor.months.len());
    session.end(&cursor)
}

/// The list, which has to name at least one month, none of them twice.
fn months(session: &mut Session<'_>, list: &Url) -> Result<Vec<Month>, Problem> {
    let mut months: Vec<Month> = Vec::new();
    let mut next = Some(list.clone());
    for _ in 0..PAGES {
        let Some(url) = next.take() else { break };
        let mut request = session.document(url);
        request.accept = "application/json";
        let Some((page, _)) = session.index(&request, &read_list)? else { break };
        for month in page.value {
            if !months.iter().any(|known| known.id == month.id) {
                months.push(month);
            }
        }
        // Only where it was asked: a list leads to no other host.
        next = page.next.and_then(|link| list.join(&link).ok()).filter(|url| url.origin() == list.origin());
    }
    Ok(months)
}

fn read_list(bytes: &[u8]) -> Result<Updates, String> {
    let updates: Updates = serde_json::from_slice(bytes).map_err(|error| format!("is no list of updates: {error}"))?;
    if updates.value.is_empty() {
        return Err("is a list of updates that names no month".to_owned());
    }
    Ok(updates)
}

/// Takes a month's document in. Whether all of it is in.
fn take(session: &mut Session<'_>, list: &Url, month: &Month) -> bool {
    let Some(url) = address(list, month) else {
        session.owe(format!("The month {:?} has no address below {list}.", month.id));
        return false;
    };
    let mut request = session.document(url);
    request.accept = "application/xml";
    let content = Content::Document(session.config.kind.format());
    let check = |download: &crate::http::Download| is_of(month, download);
    match session.deliver(&request, content, &check) {
        Ok(Some(delivered)) => delivered.taken.quarantined == 0,
        Ok(None) => false,
        Err(problem) => {
            session.owe_document(&problem);
            false
        }
    }
}

/// The document has to name its month, and no older revision than the list states.
fn is_of(month: &Month, download: &crate::http::Download) -> Result<(), String> {
    const HEAD: usize = 64 << 10;
    let bytes = download.bytes().map_err(|error| format!("could not be read from the spool: {error}"))?;
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]).into_owned();
    let text = |name: &str| {
        let (_, rest) = head.split_once(&format!("{name}>"))?;
        rest.split_once('<').map(|(text, _)| text.trim().to_owned())
    };
    let named = text(":ID").unwrap_or_default();
    if named != month.id {
        return Err(format!("is the document of {named:?}, not of {}", month.id));
    }
    let instant = |text: &str| text.trim_end_matches('Z').get(..19).map(str::to_owned);
    let (stated, found) = (instant(&month.revised), text(":CurrentReleaseDate").and_then(|text| instant(&text)));
    match (stated, found) {
        (Some(stated), Some(found)) if found < stated => {
            Err(format!("is of {found}, and the list of updates states {stated}"))
        }
        _ => Ok(()),
    }
}

/// Where the month's document is: as the list says if that is the host that was asked, else beside the list.
fn address(list: &Url, month: &Month) -> Option<Url> {
    let stated = list.join(&month.url).ok().filter(|url| !month.url.is_empty() && url.origin() == list.origin());
    stated.or_else(|| {
        let mut url = list.clone();
        url.path_segments_mut().ok()?.pop_if_empty().pop().extend(["cvrf", &month.id]);
        Some(url)
    })
}
