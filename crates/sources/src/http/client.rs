//! Connections: one pool for each way of securing them. This machine itself is never asked through a proxy.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use reqwest::blocking::Client;
use reqwest::{Certificate, Identity};
use url::{Host, Url};

use super::Settings;
use super::failure::chain;
use crate::config::Tls;

#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
struct Way {
    loopback: bool,
    tls: Tls,
}

/// The pools made so far.
pub(super) struct Clients(Mutex<HashMap<Way, Client>>);

impl Clients {
    /// With the pool that most sources use.
    ///
    /// # Errors
    /// Why there can be none.
    pub(super) fn new(settings: &Settings) -> Result<Self, String> {
        let common = Way::default();
        let client = build(&common, settings)?;
        Ok(Self(Mutex::new(HashMap::from([(common, client)]))))
    }

    /// The pool for an address, with the certificates of a source where it has any.
    ///
    /// # Errors
    /// A file of certificates that cannot be used, as the end of a sentence.
    pub(super) fn of(&self, url: &Url, tls: Option<&Tls>, settings: &Settings) -> Result<Client, String> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(format!("{} addresses are not asked over HTTP", url.scheme()));
        }
        let way = Way { loopback: is_loopback(url), tls: tls.cloned().unwrap_or_default() };
        let mut clients = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&way) {
            return Ok(client.clone());
        }
        let client = build(&way, settings)?;
        clients.insert(way, client.clone());
        Ok(client)
    }
}

/// Whether an address is on this machine.
pub(super) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

fn build(way: &Way, settings: &Settings) -> Result<Client, String> {
    let mut builder = Client::builder()
        .user_agent(concat!("wardround/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .timeout(settings.read_timeout)
        .connect_timeout(settings.connect_timeout);
    if way.loopback {
        builder = builder.no_proxy();
    }
    if let Some(path) = &way.tls.identity {
        let identity = Identity::from_pem(&read(path)?).map_err(|error| unusable(path, &error))?;
        builder = builder.identity(identity);
    }
    if let Some(path) = &way.tls.trust {
        let certificates = Certificate::from_pem_bundle(&read(path)?).map_err(|error| unusable(path, &error))?;
        if certificates.is_empty() {
            return Err(format!("{} holds no certificate", path.display()));
        }
        builder = builder.tls_certs_merge(certificates);
    }
    builder.build().map_err(|error| chain(&error))
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    fs::read(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))
}

fn unusable(path: &Path, error: &reqwest::Error) -> String {
    format!("{} cannot be used: {}", path.display(), chain(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(url: &str, tls: &Tls) -> Result<Client, String> {
        let settings = Settings::default();
        Clients::new(&settings).unwrap().of(&Url::parse(url).unwrap(), Some(tls), &settings)
    }

    #[test]
    fn this_machine_is_told_by_its_names_and_addresses() {
        for url in
            ["http://localhost:8/", "http://127.0.0.1/", "http://127.8.0.1/", "http://[::1]:80/", "http://a.localhost/"]
        {
            assert!(is_loopback(&Url::parse(url).unwrap()), "{url}");
        }
        for url in ["http://localhost.example.org/", "http://10.0.0.1/", "https://nvd.nist.gov/", "file:///etc"] {
            assert!(!is_loopback(&Url::parse(url).unwrap()), "{url}");
        }
    }

    #[test]
    fn certificates_that_cannot_be_used_are_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("isac.pem");
        let tls = Tls { identity: Some(path.clone()), trust: None };
        assert!(client("https://example.org/", &tls).unwrap_err().contains("isac.pem cannot be read"));
        fs::write(&path, "no certificate").unwrap();
        assert!(client("https://example.org/", &tls).unwrap_err().contains("isac.pem cannot be used"));
        let tls = Tls { identity: None, trust: Some(path) };
        assert!(client("https://example.org/", &tls).unwrap_err().contains("isac.pem holds no certificate"));
    }

    #[test]
    fn only_http_is_asked_over_http() {
        assert!(client("file:///var/mail", &Tls::default()).unwrap_err().contains("not asked over HTTP"));
    }
}
