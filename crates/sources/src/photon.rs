//! Photon OS' CVE data: `cve_data_photonRELEASE.json` of each release, below one address.

use url::Url;

use crate::delivery::End;
use crate::session::Session;
use crate::whole_files;

pub(crate) fn run(session: Session<'_>, releases: &[String]) -> End {
    let urls = session.base().and_then(|base| addresses(&base, releases));
    whole_files::run(session, urls)
}

fn addresses(base: &Url, releases: &[String]) -> Result<Vec<Url>, String> {
    whole_files::below(base, releases.iter().map(|release| vec![format!("cve_data_photon{release}.json")]))
}
