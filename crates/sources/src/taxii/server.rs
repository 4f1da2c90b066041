//! What is asked of a TAXII server besides pages: where a collection is, and what its refusals mean.

use serde::de::DeserializeOwned;
use standards::taxii::{Collections, Discovery, MEDIA_TYPE};
use url::Url;

use crate::http::{Failure, Request, same_host};
use crate::session::{Problem, Session};

/// A request in TAXII's media type, with the source's token if it goes to the source's own host.
pub(super) fn request(session: &Session<'_>, url: Url) -> Request {
    let own_host = session.base().is_ok_and(|base| same_host(&base, &url));
    let mut request = session.document(url);
    request.accept = MEDIA_TYPE;
    request.refusal_is_final = true;
    if let Some(key) = session.config.api_key.as_ref().filter(|_| own_host) {
        request.secret = Some(("authorization", key.bearer()));
    }
    request
}

/// What a problem means here, as a sentence.
pub(super) fn words(problem: &Problem) -> String {
    let status = match problem {
        Problem::Failed(failure) => failure.status(),
        Problem::Unusable { .. } => None,
    };
    let meaning = match status {
        Some(401) => "the credentials are missing, wrong or expired; they were tried once, because accounts lock",
        Some(403) => "these credentials may not read it; they were tried once, because accounts lock",
        Some(404 | 410) => "there is no such API root or collection; check `url` and `collection`",
        Some(406 | 415) => "the server does not speak TAXII 2.1 here",
        Some(413) => "the server finds the question too large",
        Some(429) => "the server asks to be asked less often",
        _ => return format!("{problem}."),
    };
    format!("{problem}: {meaning}.")
}

/// Whether a collection that was found earlier is still there. Only its absence is an answer.
pub(super) fn is_there(session: &mut Session<'_>, collection: &Url) -> Result<bool, String> {
    let request = request(session, collection.clone());
    match session.index(&request, &|bytes| read::<serde_json::Value>(bytes)) {
        Ok(_) => Ok(true),
        Err(problem) if problem.is_absence() => Ok(false),
        Err(problem) => Err(words(&problem)),
    }
}

/// Finds a collection by its identifier, alias or title, below the discovery resource or in an API root.
pub(super) fn collection(session: &mut Session<'_>, wanted: &str) -> Result<Url, String> {
    let base = folder(session.base()?);
    let mut offered = Vec::new();
    let mut problems = Vec::new();
    for root in roots(session, &base)? {
        let list = join(&root, "collections")?;
        match collections(session, list.clone()) {
            Ok(found) => match found.iter().find(|collection| collection.is_named(wanted)) {
                Some(collection) if collection.can_read => return join(&list, &collection.id),
                Some(_) => return Err(format!("The collection {wanted:?} may not be read with these credentials.")),
                None => offered.extend(found.into_iter().filter(|it| it.can_read).map(Offered::name)),
            },
            Err(problem) if refused(&problem) => return Err(words(&problem)),
            Err(problem) => problems.push(words(&problem)),
        }
    }
    offered.truncate(20);
    problems.insert(0, format!("No collection {wanted:?} is offered below {base}; there are: {}.", offered.join(", ")));
    Err(problems.join(" "))
}

fn refused(problem: &Problem) -> bool {
    matches!(problem, Problem::Failed(failure) if Failure::is_refusal(failure))
}

/// The API roots: those that a discovery resource names, its default first; else `base` is one.
fn roots(session: &mut Session<'_>, base: &Url) -> Result<Vec<Url>, String> {
    let request = request(session, base.clone());
    let resource = &|bytes: &[u8]| {
        let discovery: Discovery<'_> = serde_json::from_slice(bytes).map_err(|_| not_json())?;
        let named = discovery.api_roots.values().map(|(_, root)| root.as_ref());
        Ok(std::iter::once(discovery.default.as_str()).chain(named).map(str::to_owned).collect::<Vec<_>>())
    };
    let named = session.index(&request, resource).map_err(|problem| words(&problem))?;
    let mut roots: Vec<Url> = Vec::new();
    for text in named.map(|(named, _)| named).unwrap_or_default().iter().filter(|text| !text.is_empty()).take(50) {
        let Ok(root) = base.join(text) else { continue };
        let root = folder(root);
        // Without TLS nobody is led to another host.
        if !roots.contains(&root) && (same_host(base, &root) || root.scheme() == "https") {
            roots.push(root);
        }
    }
    if roots.is_empty() {
        roots.push(base.clone());
    }
    Ok(roots)
}

/// A collection as it is offered.
struct Offered {
    id: String,
    alias: String,
    title: String,
    can_read: bool,
}

impl Offered {
    fn is_named(&self, wanted: &str) -> bool {
        self.id.eq_ignore_ascii_case(wanted) || self.alias == wanted || self.title == wanted
    }

    fn name(self) -> String {
        [self.alias, self.title, self.id].into_iter().find(|name| !name.is_empty()).unwrap_or_default()
    }
}

fn collections(session: &mut Session<'_>, list: Url) -> Result<Vec<Offered>, Problem> {
    let request = request(session, folder(list));
    let read = &|bytes: &[u8]| {
        let found: Collections<'_> = serde_json::from_slice(bytes).map_err(|_| not_json())?;
        let offered = found.collections.values().map(|(_, collection)| Offered {
            id: collection.id.as_str().to_owned(),
            alias: collection.alias.as_str().to_owned(),
            title: collection.title.as_str().to_owned(),
            can_read: collection.can_read.value().copied().unwrap_or(true),
        });
        Ok(offered.filter(|collection| !collection.id.is_empty()).collect::<Vec<_>>())
    };
    Ok(session.index(&request, read)?.map(|(found, _)| found).unwrap_or_default())
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, String> {
    serde_json::from_slice(bytes).map_err(|_| not_json())
}

pub(super) fn not_json() -> String {
    "is no TAXII resource".to_owned()
}

/// The address with a slash at its end, as every resource of TAXII has one.
pub(super) fn folder(mut url: Url) -> Url {
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    url
}

/// The address of what is below `url`.
pub(super) fn join(url: &Url, name: &str) -> Result<Url, String> {
    let mut below = url.clone();
    below
        .path_segments_mut()
        .map_err(|()| format!("The address {url} cannot be the base of others."))?
        .pop_if_empty()
        .push(name)
        .push("");
    Ok(below)
}
