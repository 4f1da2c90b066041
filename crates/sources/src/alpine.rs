//! Alpine's security database: `RELEASE/main.json` and `RELEASE/community.json` (secdb.alpinelinux.org).

use url::Url;

use crate::delivery::End;
use crate::session::Session;
use crate::whole_files;

const REPOSITORIES: [&str; 2] = ["main", "community"];

pub(crate) fn run(session: Session<'_>, releases: &[String]) -> End {
    let urls = session.base().and_then(|base| addresses(&base, releases));
    whole_files::run(session, urls)
}

fn addresses(base: &Url, releases: &[String]) -> Result<Vec<Url>, String> {
    let files = releases
        .iter()
        .flat_map(|release| REPOSITORIES.map(|repository| vec![release.clone(), format!("{repository}.json")]));
    whole_files::below(base, files)
}
