//! `serve`: the service in the foreground. What it does is in the journal; what it says goes to standard error.

use std::process::ExitCode;

use anyhow::Result;
use app::service::Service;
use domain::model::source::FetchOutcome;

use crate::cli;
use crate::context::Context;
use crate::{exit, interrupt};

/// Serves until it is told to stop; with `--once`, does what is due.
pub(crate) fn serve(context: &Context, arguments: &cli::Serve) -> Result<ExitCode> {
    context.check_clock()?;
    let service = Service {
        dir: context.dir.clone(),
        clock: context.clock(),
        stop: interrupt::flag()?,
        workers: arguments.workers,
    };
    let turn = service.run(arguments.once)?;
    let good = turn.syncs.iter().all(|report| report.fetch.outcome == FetchOutcome::Ok);
    Ok(if good || !arguments.once { ExitCode::SUCCESS } else { exit::NEGATIVE.into() })
}
