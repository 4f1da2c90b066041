//! `vex export`, `evidence pack`, `evidence verify`.

use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use app::evidence::{pack, verify, vex};
use serde_json::json;

use crate::cli::{Evidence, Vex, VexFormat};
use crate::context::Context;
use crate::exit;
use crate::output::{self, Format, say};

/// `vex`.
pub(crate) fn vex(context: &Context, verb: Vex) -> Result<()> {
    let Vex::Export { release, kind, output, tlp } = verb;
    let format = match kind {
        VexFormat::Openvex => vex::Format::OpenVex,
        VexFormat::Cyclonedx => vex::Format::CycloneDx,
    };
    let document = vex::export(&mut context.write()?, &release, format, tlp, app::PROGRAM)?;
    match output {
        Some(path) => {
            std::fs::write(&path, &document.bytes).with_context(|| format!("write {}", path.display()))?;
            say(format!(
                "{}: {} statements, {} withheld by their mark",
                path.display(),
                document.statements,
                document.withheld
            ))
        }
        None => Ok(std::io::stdout().write_all(&document.bytes)?),
    }
}

/// `evidence`.
pub(crate) fn evidence(context: &Context, verb: Evidence) -> Result<ExitCode> {
    match verb {
        Evidence::Pack { review, output } => {
            let id = super::review::number(&review)?;
            let path = output.unwrap_or_else(|| format!("{id}.evidence.zip").into());
            let pack = pack::export(&mut context.write()?, id, app::PROGRAM)?;
            std::fs::write(&path, &pack.bytes).with_context(|| format!("write {}", path.display()))?;
            say(format!(
                "{}: {} files, {} advisory revisions as received, {} proven journal entries, {} bytes",
                path.display(),
                pack.files,
                pack.inputs,
                pack.entries,
                pack.bytes.len()
            ))?;
            say(output::faint(&format!(
                "Anybody can verify it: wardround evidence verify {} --key keys/journal.pub",
                path.display()
            )))?;
            Ok(ExitCode::SUCCESS)
        }
        Evidence::Verify { pack, key } => verify_pack(context, &pack, &key),
    }
}

fn verify_pack(context: &Context, path: &Path, key: &Path) -> Result<ExitCode> {
    let bytes = std::fs::read(path).with_context(|| format!("read {}", path.display()))?;
    let key = std::fs::read_to_string(key).with_context(|| format!("read {}", key.display()))?;
    let verdict = verify::verify(&bytes, &key)?;
    if context.format == Format::Table {
        for sentence in &verdict.holds {
            say(format!("{} {sentence}", output::good("ok     ")))?;
        }
        for sentence in &verdict.notes {
            say(format!("{} {sentence}", output::notice("note   ")))?;
        }
        for sentence in &verdict.problems {
            say(format!("{} {sentence}", output::bad("problem")))?;
        }
        say(if verdict.is_sound() {
            output::good("The pack is sound.")
        } else {
            output::bad("The pack is not sound.")
        })?;
    } else {
        output::value(
            &json!({"sound": verdict.is_sound(), "holds": verdict.holds, "problems": verdict.problems, "notes": verdict.notes}),
            context.format,
        )?;
    }
    Ok(if verdict.is_sound() { ExitCode::SUCCESS } else { exit::NEGATIVE.into() })
}
