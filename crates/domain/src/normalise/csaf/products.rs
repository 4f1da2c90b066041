//! Products of a CSAF document: product identifier → what they are and which versions.
//!
//! A package URL or a CPE is used where the document gives one. RPM file names as SUSE writes them name a package of the
//! distribution that the relationship tells. Everything else is vendor and product by name. For versions every branch
//! on the way to the product counts: `product_version` is exact, `product_version_range` is read tolerantly.

use std::collections::HashMap;

use standards::csaf::{Branch, FullProductName, Helper, ProductTree, Relationship};
use standards::lenient::Lax;
use standards::purl::Purl;

use super::super::common::{Notes, add_once};
use super::super::packages::{cpe_pattern, cpe_version, from_purl, package, with_any_version};
use crate::model::advisory::Target;

/// Model numbers of a product by which it is looked for.
const MODELS_NAMED: usize = 16;

/// The products of a document.
#[derive(Debug, Default)]
pub(super) struct Products<'x> {
    /// By product identifier.
    pub(super) by_id: HashMap<&'x str, Product>,
    /// Members of product groups.
    pub(super) groups: HashMap<&'x str, Vec<&'x str>>,
}

/// One product.
#[derive(Debug, Clone, Default)]
pub(super) struct Product {
    /// What it is, in every way the document tells.
    pub(super) targets: Vec<Target>,
    /// Which versions of it.
    pub(super) versions: Versions,
    /// What it is part of, in words.
    pub(super) conditions: Vec<String>,
    /// Distribution it belongs to when it is the whole of a relationship: `SUSE:Linux Enterprise Server 15 SP5`.
    distribution: Option<String>,
    pub(super) name: String,
}

/// Versions of a product as stated.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum Versions {
    /// None in particular.
    #[default]
    All,
    /// This one.
    Exact(String),
    /// A range in words.
    Range(String),
}

/// What the branches above a product say.
#[derive(Debug, Clone, Copy, Default)]
struct Above<'x> {
    vendor: &'x str,
    product: &'x str,
    version: Option<&'x str>,
    range: Option<&'x str>,
}

/// Reads the product tree.
pub(super) fn read<'x>(tree: &'x Lax<ProductTree<'_>>, notes: &mut Notes) -> Products<'x> {
    let mut products = Products::default();
    let Some(tree) = notes.read(tree, "product_tree") else { return products };
    for (_, branch) in notes.list(&tree.branches, "product_tree.branches") {
        walk(branch, Above::default(), &mut products, notes);
    }
    for (_, full) in notes.list(&tree.full_product_names, "product_tree.full_product_names") {
        add(full, Above::default(), &mut products, notes);
    }
    for (_, Relationship { full_product_name, product_reference, relates_to_product_reference, .. }) in
        notes.list(&tree.relationships, "product_tree.relationships")
    {
        let wholes = std::iter::once(relates_to_product_reference.as_str());
        relate(full_product_name, product_reference.as_str(), wholes, &mut products);
    }
    for (index, path) in notes.list(&tree.product_paths, "product_tree.product_paths") {
        let place = format!("product_tree.product_paths[{index}].subpaths");
        let wholes = notes.list(&path.subpaths, place).map(|(_, step)| step.next_product_reference.as_str());
        relate(&path.full_product_name, path.beginning_product_reference.as_str(), wholes, &mut products);
    }
    for (_, group) in notes.list(&tree.product_groups, "product_tree.product_groups") {
        let members = group.product_ids.values().map(|(_, id)| id.as_ref()).collect();
        products.groups.insert(group.group_id.as_str(), members);
    }
    products
}

/// Goes down the tree; as deep as the JSON reader allowed.
fn walk<'x>(branch: &'x Branch<'_>, mut above: Above<'x>, products: &mut Products<'x>, notes: &mut Notes) {
    let name = branch.name.as_str().trim();
    match branch.category.as_str() {
        "vendor" => above.vendor = name,
        "product_name" => above.product = name,
        // The family is only used where no branch names the product itself.
        "product_family" if above.product.is_empty() => above.product = name,
        "product_version" => above.version = Some(name),
        "product_version_range" => above.range = Some(name),
        _ => {}
    }
    if let Some(full) = notes.read(&branch.product, "product_tree.branches.product") {
        add(full, above, products, notes);
    }
    for (_, child) in notes.list(&branch.branches, "product_tree.branches.branches") {
        walk(child, above, products, notes);
    }
}

/// Adds a product with its identifier.
fn add<'x>(full: &'x FullProductName<'_>, above: Above<'x>, products: &mut Products<'x>, notes: &mut Notes) {
    let id = full.product_id.as_str();
    let mut product = Product { name: full.name.as_str().trim().to_owned(), ..Product::default() };
    product.versions = match (above.range, above.version) {
        (Some(range), _) => Versions::Range(range.to_owned()),
        // Red Hat names the component where a version belongs.
        (None, Some(version)) if version == above.product || !version.bytes().any(|byte| byte.is_ascii_digit()) => {
            if version.contains(['*', '<', '>']) {
                Versions::Range(version.to_owned())
            } else {
                Versions::All
            }
        }
        (None, Some(version)) => Versions::Exact(version.to_owned()),
        (None, None) => Versions::All,
    };
    if let Some(helper) = notes.read(&full.product_identification_helper, "product_identification_helper") {
        helped(helper, id, &mut product, notes);
    }
    if product.targets.is_empty()
        && let Versions::Exact(text) = &product.versions
        && let Some((name, version)) = rpm_file(text)
    {
        // The distribution comes from the relationship; until then the vendor stands for it.
        product.targets.push(package(if above.vendor.is_empty() { "SUSE" } else { above.vendor }, name));
        product.versions = Versions::Exact(version.to_owned());
    }
    let is_named = product.targets.is_empty();
    if is_named {
        let component = above.version.filter(|_| product.versions == Versions::All);
        let named = component.or(Some(above.product)).filter(|name| !name.is_empty());
        let name = named.unwrap_or(full.name.as_str().trim());
        product.targets.push(Target::Named { vendor: above.vendor.to_owned(), product: name.to_owned() });
    }
    if is_named && let Some(helper) = full.product_identification_helper.value() {
        let models = helper.model_numbers.values().map(|(_, model)| model.trim()).filter(|model| is_model(model));
        let named = |model: &str| Target::Named { vendor: above.vendor.to_owned(), product: model.to_owned() };
        product.targets.extend(models.take(MODELS_NAMED).map(named));
    }
    product.distribution = product.distribution.or_else(|| suse(&product.name));
    products.by_id.insert(id, product);
}

/// Whether a model number names one model (`6ES7 215-1AG40-0XB0`): neither a pattern nor a word.
fn is_model(model: &str) -> bool {
    let letters = model.chars().filter(|c| c.is_alphanumeric()).count();
    letters >= 5 && model.len() <= 64 && model.contains(|c: char| c.is_ascii_digit()) && !model.contains(['*', '?'])
}

/// Package URLs and CPE of a product.
fn helped(helper: &Helper<'_>, id: &str, product: &mut Product, notes: &mut Notes) {
    let purls = helper.purls.values().map(|(_, purl)| purl.as_ref());
    for text in purls.chain([helper.purl.as_str()]).filter(|text| !text.is_empty()) {
        match from_purl(text) {
            Ok((mut target, version)) => {
                if let Some(version) = version {
                    product.versions = Versions::Exact(version);
                }
                if let Target::Package { qualifiers, .. } = &mut target {
                    qualifiers.extend(module(text).map(|module| ("rpmmod".to_owned(), module)));
                }
                if !product.targets.contains(&target) {
                    product.targets.push(target);
                }
            }
            // Container images and generic packages belong to no ecosystem: the name is used.
            Err(_) if text.starts_with("pkg:oci/") || text.starts_with("pkg:generic/") => {}
            Err(why) => notes.add(format_args!("product {id}"), format!("{text:?} is not used: {why}.")),
        }
    }
    let cpe = helper.cpe.as_str();
    if cpe.is_empty() {
        return;
    }
    product.distribution = red_hat(cpe);
    match cpe_pattern(cpe) {
        Ok((pattern, _)) => {
            let version = cpe_version(&pattern);
            let is_in_words = version.contains("prior") || version.contains("version") || version.contains("earlier");
            if is_in_words {
                // NVIDIA writes the range into the product's name: `All driver versions prior to 546.01`.
                product.versions = Versions::Range(product.name.clone());
            }
            let pattern = if is_in_words || matches!(product.versions, Versions::Range(_)) {
                with_any_version(pattern)
            } else {
                if !matches!(version, "*" | "-" | "") {
                    // The pattern's own version decides.
                    product.versions = Versions::All;
                }
                pattern
            };
            product.targets.push(Target::Cpe(pattern));
        }
        Err(why) => notes.add(format_args!("product {id}"), format!("The CPE is not used: could not {why}.")),
    }
}

/// A product as part of others: the part, in the distribution that a whole is.
fn relate<'x>(
    full: &'x Lax<FullProductName<'_>>,
    part: &str,
    wholes: impl Iterator<Item = &'x str>,
    products: &mut Products<'x>,
) {
    let Some(full) = full.value() else { return };
    let mut product = products.by_id.get(part).cloned().unwrap_or_default();
    full.name.as_str().trim().clone_into(&mut product.name);
    if product.targets.is_empty() {
        product.targets.push(Target::Named { vendor: String::new(), product: product.name.clone() });
    }
    for whole in wholes.filter_map(|whole| products.by_id.get(whole)) {
        place_in(&mut product, whole);
    }
    products.by_id.insert(full.product_id.as_str(), product);
}

/// Names a package by the distribution it is part of; of anything else it is said what it is part of.
fn place_in(product: &mut Product, whole: &Product) {
    let is_package = |target: &Target| matches!(target, Target::Package { ecosystem, .. } if is_rpm(ecosystem));
    if let (Some(distribution), true) = (&whole.distribution, product.targets.iter().any(is_package)) {
        for target in &mut product.targets {
            if let Target::Package { ecosystem, .. } = target {
                ecosystem.clone_from(distribution);
            }
        }
    } else if !whole.name.is_empty() {
        add_once(&mut product.conditions, &format!("as part of {}", whole.name));
    }
}

fn is_rpm(ecosystem: &str) -> bool {
    ["Red Hat", "SUSE", "openSUSE", "openEuler"].iter().any(|name| ecosystem.starts_with(name))
}

/// The module of an RPM package, as `nodejs:18`: Red Hat writes its build and context behind (R6).
fn module(purl: &str) -> Option<String> {
    let purl = purl.contains("rpmmod=").then(|| Purl::parse(purl).ok()).flatten()?;
    let mut parts = purl.qualifier("rpmmod")?.split(':');
    let (name, stream) = (parts.next()?, parts.next()?);
    (!name.is_empty() && !stream.is_empty()).then(|| format!("{name}:{stream}"))
}

/// OSV's name of a Red Hat product: `Red Hat:enterprise_linux:8::baseos` of `cpe:/o:redhat:enterprise_linux:8::baseos`.
fn red_hat(cpe: &str) -> Option<String> {
    let rest = cpe.strip_prefix("cpe:/")?.split_once(":redhat:")?.1;
    Some(format!("Red Hat:{rest}"))
}

/// OSV's name of a SUSE product: `SUSE:Linux Enterprise Server 15 SP5`, `openSUSE:Leap 15.5`.
fn suse(name: &str) -> Option<String> {
    let open = name.strip_prefix("openSUSE ").map(|rest| format!("openSUSE:{rest}"));
    open.or_else(|| name.strip_prefix("SUSE ").map(|rest| format!("SUSE:{rest}")))
}

/// Name and version of an RPM file name: `unbound-1.20.0-150600.23.3.1.x86_64`.
fn rpm_file(text: &str) -> Option<(&str, &str)> {
    let (rest, arch) = text.rsplit_once('.')?;
    let known =
        ["x86_64", "aarch64", "noarch", "ppc64le", "s390x", "i586", "i686", "armv7hl", "armv6hl", "riscv64", "src"];
    if !known.contains(&arch) {
        return None;
    }
    let (before, _) = rest.rsplit_once('-')?;
    let (name, _) = before.rsplit_once('-')?;
    Some((name, &rest[name.len() + 1..]))
}
