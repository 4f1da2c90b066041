//! The `wardround` program: arguments in, use cases called, results shown, exit codes out.

mod cli;
mod commands;
mod context;
mod demo;
mod exit;
mod interrupt;
mod output;
mod passphrase;
mod progress;

use std::io::Write as _;
use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return exit::of_arguments(&error),
    };
    logging(if matches!(cli.command, cli::Command::Serve(_)) { "info" } else { "warn" });
    match commands::run(cli) {
        Ok(code) => code,
        Err(error) if exit::is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            let words: Vec<String> = error.chain().map(ToString::to_string).collect();
            let mut stderr = anstream::stderr();
            // Nothing can be done when even the error cannot be shown.
            let _ = writeln!(stderr, "{} could not {}", output::bad("wardround:"), words.join(": "));
            exit::FAILED.into()
        }
    }
}

/// Logs go to standard error, quiet by default but for the service; `WARDROUND_LOG=info` shows more.
fn logging(default: &str) {
    let filter = tracing_subscriber::EnvFilter::try_from_env("WARDROUND_LOG").unwrap_or_else(|_| default.into());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(false)
        .without_time()
        .init();
}
