//! `init`, `doctor`.

use std::process::ExitCode;

use anyhow::{Context as _, Result};
use app::doctor::{self, Gravity};
use app::workspace::{NewWorkspace, Workspace};
use domain::model::product::{Product, ProductId};
use serde_json::json;

use crate::cli;
use crate::context::Context;
use crate::exit;
use crate::output::{self, Format, List, say};

/// Makes a workspace.
pub(crate) fn init(context: &Context, arguments: &cli::Init) -> Result<()> {
    let dir = arguments.dir.as_ref().unwrap_or(&context.dir);
    let products: Vec<Product> =
        arguments.products.iter().map(|(id, name)| Product { id: ProductId(id.clone()), name: name.clone() }).collect();
    let read =
        |path: &std::path::PathBuf| std::fs::read_to_string(path).with_context(|| format!("read {}", path.display()));
    let config = arguments.config.as_ref().map(read).transpose()?;
    let new = NewWorkspace {
        organisation: &arguments.organisation,
        products: &products,
        config: config.as_deref(),
        rehearsal: arguments.rehearsal,
    };
    let workspace = Workspace::create(dir, &new, context.clock())?;
    say(format!("A workspace was made in {}.", dir.display()))?;
    say(format!(
        "Keep its public key elsewhere; with it anybody can verify your evidence:\n  {}",
        workspace.records.verifier_key()
    ))?;
    let at = if dir == std::path::Path::new(".") { String::new() } else { format!(" -C {}", dir.display()) };
    say(format!(
        "\nNext:\n  edit {}/wardround.toml           products and sources\n  wardround{at} user add anna --name \"Anna Berg\" --role reviewer\n  wardround{at} source sync --all\n  wardround{at} doctor",
        dir.display()
    ))
}

/// Says what is wrong and how to mend it.
pub(crate) fn doctor(context: &Context) -> Result<ExitCode> {
    let workspace = context.read()?;
    let found = doctor::examine(&workspace, workspace.now())?;
    let worst = found.iter().map(|diagnosis| diagnosis.gravity).max().unwrap_or(Gravity::Fine);
    if context.format == Format::Table {
        for diagnosis in &found {
            let mark = match diagnosis.gravity {
                Gravity::Fine => output::good("ok      "),
                Gravity::Notice => output::notice("notice  "),
                Gravity::Problem => output::bad("problem "),
            };
            say(format!("{mark} {}: {}", diagnosis.subject, diagnosis.finding))?;
            if !diagnosis.remedy.is_empty() {
                say(format!("           {}", output::faint(&diagnosis.remedy)))?;
            }
        }
    } else {
        let mut list = List::new(&["gravity", "subject", "finding", "remedy"]);
        for diagnosis in &found {
            let gravity = match diagnosis.gravity {
                Gravity::Fine => "fine",
                Gravity::Notice => "notice",
                Gravity::Problem => "problem",
            };
            list.row([json!(gravity), json!(diagnosis.subject), json!(diagnosis.finding), json!(diagnosis.remedy)]);
        }
        list.show(context.format, "")?;
    }
    Ok(if worst == Gravity::Problem { exit::NEGATIVE.into() } else { ExitCode::SUCCESS })
}
