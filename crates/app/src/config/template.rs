//! The commented `wardround.toml` that `wardround init` writes.

use std::fmt::Write as _;

use domain::model::product::Product;

use crate::register::preset;

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
    text.push_str(&preset::text("", |group| group == preset::Group::Vendor));
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
# kind            `wardround source kinds` lists them all
# url             address; the provider's own where absent
# why, owner      stand in the source register (wardround source register), which a person approves
# every, fresh    rhythm, and the age of the last good fetch from which the data are stale
# data_fresh      age from which the data are stale by the provider's own time stamp, or "off"
# shrink_percent  share of live records that may vanish in one fetch before a person has to accept it
# api_key_env     name of an environment variable that holds a key; keys never stand in this file
# A line of comment before a block switches nothing on: take the # away from those you need.

"#;
