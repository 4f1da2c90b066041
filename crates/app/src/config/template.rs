//! The commented `wardround.toml` that `wardround init` writes.

use std::fmt::Write as _;

use domain::model::product::Product;

/// The file's text for a maker and its products. Without products, an example stands there as a comment.
pub fn write(organisation: &str, products: &[Product]) -> String {
    let mut text = String::from(HEAD);
    let _ = write!(text, "\n[organisation]\nname = {}\n", toml::Value::from(organisation));
    text.push_str("# Where vulnerability reports reach you; stands as contact in VEX documents.\ncontact = \"\"\n\n");
    text.push_str(PRODUCTS);
    for product in products {
        let id = toml::Value::from(product.id.0.as_str());
        let name = toml::Value::from(product.name.as_str());
        let _ = write!(text, "\n[[product]]\nid = {id}\nname = {name}\n");
    }
    text.push_str(REST);
    text
}

const HEAD: &str = r"# Wardround: what is monitored, from where, how often, and by which rules.
# Every change of this file takes effect with the next command and is recorded in the journal, with the file itself.
";

const PRODUCTS: &str = r#"# One block per product. Releases and their SBOMs are added on the command line:
#   wardround release add infusion-pump@2.1.0
#   wardround sbom import pump.cdx.json --release infusion-pump@2.1.0
# [[product]]
# id = "infusion-pump"          # lower-case letters, digits, - . _
# name = "Infusion pump IP-200"
"#;

const REST: &str = r#"
[review]
name = "Recurring vulnerability review"
every = "1 month"               # days, weeks, months or years; periods join without hole or overlap
procedure = ""                  # your procedure and its revision, as in "SOP-042 rev. 3"

[policy]
# A closed decision reopens by itself when its ground moves. All rules are on by default.
reopen = ["known_exploited", "withdrawn", "advisory_changed"]

[check]
fail_at = 7.0                   # `wardround check FILE` exits with 1 from this CVSS base score on

# ── Sources ──────────────────────────────────────────────────────────────────────────────────────────────────────────
# kind            cve-list, nvd, cisa-kev, csaf, osv (with ecosystem), epss, debian, alpine (with releases)
# url             base address; the provider's own where absent
# every, fresh    rhythm, and the age from which the data are stale
# shrink_percent  share of live records that may vanish in one fetch before a person has to accept it
# api_key_env     name of an environment variable that holds a key; keys never stand in this file

[[source]]
id = "cve-list"
kind = "cve-list"
why = "The CVE Program's own records with CISA's enrichment: the names everyone uses, from the numbering authorities."
every = "1 hour"
fresh = "2 days"

[[source]]
id = "nvd"
kind = "nvd"
why = "CPE applicability and scores for prioritised CVEs."
api_key_env = "NVD_API_KEY"     # works without, ten times slower
every = "2 hours"
fresh = "2 days"

[[source]]
id = "cisa-kev"
kind = "cisa-kev"
why = "Vulnerabilities known to be exploited: reopens decisions."
every = "1 hour"
fresh = "4 days"                # published on weekdays

[[source]]
id = "cisa-csaf"
kind = "csaf"
why = "CISA's ICS and ICS-Medical advisories: medical devices and industrial components."
every = "4 hours"
fresh = "5 days"                # published on Tuesdays and Thursdays

[[source]]
id = "epss"
kind = "epss"
why = "Exploit prediction: orders the work, decides nothing."
every = "1 day"
fresh = "3 days"
shrink_percent = 20

[[source]]
id = "osv:npm"
kind = "osv"
ecosystem = "npm"
why = "Reviewed advisories for npm packages."
every = "2 hours"
fresh = "2 days"

[[source]]
id = "osv:PyPI"
kind = "osv"
ecosystem = "PyPI"
why = "Reviewed advisories for Python packages."
every = "2 hours"
fresh = "2 days"

[[source]]
id = "osv:Maven"
kind = "osv"
ecosystem = "Maven"
why = "Reviewed advisories for Java packages."
every = "2 hours"
fresh = "2 days"

[[source]]
id = "osv:Go"
kind = "osv"
ecosystem = "Go"
why = "Reviewed advisories for Go modules and the Go standard library."
every = "2 hours"
fresh = "2 days"

[[source]]
id = "osv:NuGet"
kind = "osv"
ecosystem = "NuGet"
why = "Reviewed advisories for .NET packages."
every = "2 hours"
fresh = "2 days"

[[source]]
id = "osv:crates.io"
kind = "osv"
ecosystem = "crates.io"
why = "RustSec advisories."
every = "2 hours"
fresh = "2 days"

[[source]]
id = "debian"
kind = "debian"
why = "Debian's own word on its packages: fixed versions differ from upstream's."
every = "6 hours"
fresh = "2 days"

[[source]]
id = "alpine"
kind = "alpine"
releases = ["v3.18", "v3.19", "v3.20", "v3.21", "v3.22"]
why = "Alpine's own word on its packages."
every = "6 hours"
fresh = "2 days"
"#;
