//! The lines as OpenVEX 0.2.0: one statement each, the release as product, the component as its subcomponent.

use std::collections::BTreeSet;

use standards::openvex::{CONTEXT, Document, Identifiers, Product, Statement, Subcomponent, Vulnerability};

use super::{VexHeader, VexLine, generic_purl, product_purl};
use crate::model::assessment::Status;

/// Writes an OpenVEX document.
pub fn openvex(header: &VexHeader, lines: &[VexLine]) -> Vec<u8> {
    let statements: BTreeSet<Statement> = lines.iter().map(statement).collect();
    let document = Document {
        context: CONTEXT,
        id: header.id.clone(),
        author: header.author.clone(),
        role: header.role.clone(),
        timestamp: header.timestamp.to_string(),
        version: header.version,
        tooling: Some(format!("{}; document marked {}", header.tooling, header.tlp)),
        statements: statements.into_iter().collect(),
    };
    document.to_json()
}

fn statement(line: &VexLine) -> Statement {
    let (justification, impact_statement, action_statement) = match &line.status {
        Status::NotAffected { justification, impact } => (Some(justification.word()), impact.clone(), None),
        Status::Affected { action } => (None, None, Some(action.clone())),
        Status::UnderInvestigation | Status::Fixed => (None, None, None),
    };
    Statement {
        vulnerability: Vulnerability {
            name: line.vulnerability.clone(),
            aliases: line.other_names().into_iter().map(ToOwned::to_owned).collect(),
        },
        timestamp: line.last_updated.to_string(),
        products: vec![product(line)],
        status: line.status.word(),
        status_notes: Some(format!(
            "{} in {} {}; {}",
            line.component_label, line.product_name, line.product.version, line.tlp
        )),
        justification,
        impact_statement,
        action_statement,
    }
}

fn product(line: &VexLine) -> Product {
    let purl = product_purl(&line.product);
    Product {
        id: purl.clone(),
        identifiers: Some(Identifiers { purl: Some(purl), cpe23: None }),
        subcomponents: vec![subcomponent(line)],
    }
}

/// By purl, else by CPE, else by a generic purl made of its label: the schema wants an identifier.
fn subcomponent(line: &VexLine) -> Subcomponent {
    let (purl, cpe23) = (line.component_purl.clone(), line.component_cpe.clone());
    if purl.is_none() && cpe23.is_none() {
        return Subcomponent { id: Some(generic_purl(&line.component_label, None)), identifiers: None };
    }
    Subcomponent { id: purl.clone(), identifiers: Some(Identifiers { purl, cpe23 }) }
}
