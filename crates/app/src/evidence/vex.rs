//! VEX of a release: what its maker says about each finding, in the formats that others read.

use domain::assess::work::WorkState;
use domain::evidence::vex::{VexHeader, VexLine, cyclonedx, openvex};
use domain::model::assessment::Status;
use domain::model::journal::{Event, Exported};
use domain::model::product::ReleaseId;
use domain::model::raw::Digest;
use domain::model::tlp::Tlp;
use store::records::{FindingFilter, FindingHistory};

use crate::error::{Error, Result};
use crate::workspace::Workspace;

/// A VEX format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// OpenVEX 0.2.0.
    OpenVex,
    /// CycloneDX 1.6 with `vulnerabilities`.
    CycloneDx,
}

impl Format {
    /// The word used on the command line and in the journal.
    pub fn word(self) -> &'static str {
        match self {
            Self::OpenVex => "openvex",
            Self::CycloneDx => "cyclonedx",
        }
    }
}

/// A VEX document as written.
#[derive(Debug)]
pub struct Document {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Statements in it.
    pub statements: usize,
    /// Findings left out because they are marked above the audience's limit.
    pub withheld: usize,
}

/// Writes the VEX document of a release for readers who may see up to `limit`, and records that it left.
pub fn export(
    workspace: &mut Workspace,
    release: &ReleaseId,
    format: Format,
    limit: Tlp,
    actor: &str,
) -> Result<Document> {
    let document = write(workspace, release, format, limit)?;
    let exported = Exported {
        kind: format!("{}_vex", format.word()),
        about: release.to_string(),
        digest: Digest::of(&document.bytes),
        tlp: limit,
    };
    workspace.append(actor, Event::Exported(exported))?;
    Ok(document)
}

/// Writes the VEX document of a release.
pub fn write(workspace: &Workspace, release: &ReleaseId, format: Format, limit: Tlp) -> Result<Document> {
    if limit == Tlp::Red {
        return Err(Error::refused("export for readers of TLP:RED: what is RED is never exported"));
    }
    if !workspace.records.has_release(release)? {
        return Err(Error::refused(format!("write VEX for {release}: there is no such release")));
    }
    let filter = FindingFilter { release: Some(release.clone()), ..FindingFilter::default() };
    let mut lines = Vec::new();
    for row in workspace.records.findings(&filter)? {
        if row.state == WorkState::Gone {
            continue;
        }
        if let Some(history) = workspace.records.finding(row.id)? {
            lines.push(line(workspace, &history, limit)?);
        }
    }
    let all = lines.len();
    lines.retain(|line| line.tlp <= limit);
    if lines.is_empty() && format == Format::OpenVex {
        // OpenVEX 0.2.0: a document has at least one statement.
        return Err(Error::refused(format!(
            "write OpenVEX for {release}: there is no finding its readers may see, and the format knows no empty document"
        )));
    }
    let last = lines.iter().map(|line| line.last_updated).max();
    let version = workspace
        .records
        .exports(&release.to_string())?
        .iter()
        .filter(|export| export.value.kind.starts_with(format.word()))
        .count();
    let header = VexHeader {
        id: format!("urn:wardround:{}:{release}:vex", workspace.records.verifier_key().name()),
        author: author(workspace),
        role: Some("manufacturer".to_owned()),
        timestamp: last.unwrap_or_else(|| workspace.now()),
        version: u32::try_from(version).unwrap_or(u32::MAX - 1) + 1,
        tooling: format!("{} {}", crate::PROGRAM, crate::VERSION),
        tlp: lines.iter().map(|line| line.tlp).max().unwrap_or(Tlp::Clear),
    };
    let bytes = match format {
        Format::OpenVex => openvex(&header, &lines),
        Format::CycloneDx => cyclonedx(&header, &lines),
    };
    Ok(Document { bytes, statements: lines.len(), withheld: all - lines.len() })
}

fn author(workspace: &Workspace) -> String {
    let config = &workspace.config;
    if config.contact.is_empty() {
        config.organisation.clone()
    } else {
        format!("{} <{}>", config.organisation, config.contact)
    }
}

fn line(workspace: &Workspace, history: &FindingHistory, limit: Tlp) -> Result<VexLine> {
    let row = &history.row;
    let component = workspace.records.component(&row.component)?;
    let name = workspace
        .config
        .product(&row.release.product)
        .map_or_else(|| row.release.product.to_string(), |product| product.name.clone());
    let judged = history.assessments.last();
    // What a second person has not approved, or what was reopened, is published as being looked at: nothing else stands.
    let status = match (row.state, judged) {
        (WorkState::Affected | WorkState::NotAffected | WorkState::Fixed, Some(judged)) => judged.value.status.clone(),
        _ => Status::UnderInvestigation,
    };
    let last_change = history
        .changes
        .last()
        .and_then(|change| workspace.records.run(change.run).ok().flatten())
        .map(|run| run.value.finished);
    let judged_at = judged.map(|judged| judged.value.approval.as_ref().map_or(judged.value.at, |approval| approval.at));
    Ok(VexLine {
        vulnerability: row.vulnerability.clone(),
        aliases: history.matched.names_up_to(limit),
        product: row.release.clone(),
        product_name: name,
        component_label: row.component_label.clone(),
        component_purl: component.as_ref().and_then(|component| component.purl.clone()),
        component_cpe: component.and_then(|component| component.cpes.into_iter().next()),
        status,
        last_updated: judged_at.max(last_change).unwrap_or_else(|| workspace.now()),
        tlp: history.matched.tlp(),
    })
}
