use std::path::Path;

use super::*;

fn fault(text: &str) -> String {
    Config::parse(text, Path::new("wardround.toml")).expect_err("the configuration is wrong").to_string()
}

fn with_source(lines: &str) -> String {
    format!("[organisation]\nname = \"Example Medical\"\n\n[review]\nevery = \"1 month\"\n\n[[source]]\n{lines}\n")
}

#[test]
fn the_file_that_init_writes_is_valid_and_names_every_first_source() {
    let text = template::write("Example Medical", &[]);
    let config = Config::parse(&text, Path::new("wardround.toml")).expect("the template is valid");
    let kinds: Vec<_> = config.sources.iter().map(|source| source.fetch.kind.family()).collect();
    for family in ["cve-list", "nvd", "kev", "csaf", "osv", "epss", "os-vendor"] {
        assert!(kinds.iter().any(|kind| kind.name() == family), "{family} is missing");
    }
}

#[test]
fn a_mistyped_key_is_named_with_its_place_and_what_was_meant() {
    let message = fault(
        "[organisation]\nname = \"Example Medical\"\ncontcat = \"psirt@example.com\"\n\n[review]\nevery = \"1 month\"\n",
    );
    assert!(message.contains("wardround.toml:3:1"), "{message}");
    assert!(message.contains("did you mean \"contact\"?"), "{message}");
}

#[test]
fn a_wrong_unit_is_named_with_its_place() {
    let message =
        fault(&with_source("id = \"nvd\"\nkind = \"nvd\"\nwhy = \"x\"\nevery = \"2 fortnights\"\nfresh = \"1 day\""));
    assert!(message.contains("wardround.toml:11:9"), "{message}");
    assert!(message.contains("hours, days or weeks"), "{message}");
}

#[test]
fn a_source_that_can_never_be_fresh_is_refused() {
    let message =
        fault(&with_source("id = \"nvd\"\nkind = \"nvd\"\nwhy = \"x\"\nevery = \"2 days\"\nfresh = \"1 day\""));
    assert!(message.contains("never fresh"), "{message}");
}

#[test]
fn an_unknown_kind_of_source_suggests_the_nearest() {
    let message =
        fault(&with_source("id = \"nvd\"\nkind = \"ndv\"\nwhy = \"x\"\nevery = \"2 hours\"\nfresh = \"1 day\""));
    assert!(message.contains("did you mean \"nvd\"?"), "{message}");
}

#[test]
fn a_product_listed_twice_is_refused() {
    let message = fault(
        "[organisation]\nname = \"E\"\n[[product]]\nid = \"pump\"\nname = \"A\"\n[[product]]\nid = \"pump\"\nname = \"B\"\n[review]\nevery = \"1 month\"\n",
    );
    assert!(message.contains("listed twice"), "{message}");
    assert!(message.contains(":7:6"), "{message}");
}
