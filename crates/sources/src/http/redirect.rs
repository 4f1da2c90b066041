//! Where a provider may lead us: with TLS anywhere, without it nowhere but to itself.

use reqwest::StatusCode;
use reqwest::blocking::Response;
use reqwest::header;
use url::Url;

use super::failure::{Failure, Reason, shown};

const MOST: usize = 5;

pub(super) fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

/// Whether two addresses have the same scheme, host and port: only then may a key travel along.
pub(crate) fn same_host(a: &Url, b: &Url) -> bool {
    a.scheme() == b.scheme() && a.host() == b.host() && a.port_or_known_default() == b.port_or_known_default()
}

/// The address that `response` points to, if we may go there.
///
/// # Errors
/// `Reason::Redirect`: no address, a loop, too many, another host without TLS, or from TLS to none.
pub(super) fn target(first: &Url, from: &Url, response: &Response, passed: &[Url]) -> Result<Url, Failure> {
    let location = response.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
    allowed(from, location, passed).map_err(|reason| Failure::new(first, Reason::Redirect(reason)))
}

fn allowed(from: &Url, location: Option<&str>, passed: &[Url]) -> Result<Url, String> {
    let location = location.ok_or("leads nowhere: the redirect names no address")?;
    let to = from.join(location).map_err(|error| format!("leads to an address that cannot be read: {error}"))?;
    if to == *from || passed.contains(&to) {
        return Err(format!("leads back to {}: a redirect loop", shown(&to)));
    }
    if passed.len() >= MOST {
        return Err(format!("leads on and on: given up after {MOST} redirects"));
    }
    match to.scheme() {
        "https" => Ok(to),
        "http" if same_host(from, &to) => Ok(to),
        "http" => Err(format!("leads to {} without TLS, which is refused", shown(&to))),
        other => Err(format!("leads to a {other} address, which is refused")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(from: &str, location: &str) -> Result<String, String> {
        allowed(&Url::parse(from).unwrap(), Some(location), &[]).map(String::from)
    }

    #[test]
    fn tls_may_lead_anywhere_and_its_absence_only_to_itself() {
        assert!(check("https://github.com/a", "https://release-assets.githubusercontent.com/b").is_ok());
        assert_eq!(check("http://127.0.0.1:8080/a/b", "../c").as_deref(), Ok("http://127.0.0.1:8080/c"));
        assert!(check("https://github.com/a", "http://github.com/a").is_err());
        assert!(check("http://127.0.0.1:8080/a", "http://localhost:8080/a").is_err());
        assert!(check("http://127.0.0.1:8080/a", "http://127.0.0.1:8081/a").is_err());
        assert!(check("https://github.com/a", "file:///etc/passwd").is_err());
        assert!(check("https://github.com/a", "https://github.com/a").is_err());
    }
}
