//! One file per noun; each function is one verb: call the use case, show what it returns.

mod bulletin;
mod bundle;
mod check;
mod evidence;
mod finding;
mod inventory;
mod journal;
mod knowledge;
mod report;
mod review;
mod run;
mod sarif;
mod serve;
mod source;
mod user;
mod watch;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;
use clap::CommandFactory as _;

use crate::cli::{Cli, Command};
use crate::context::Context;

/// Carries out a command.
pub(crate) fn run(cli: Cli) -> Result<ExitCode> {
    let context = Context { dir: cli.workspace, format: cli.format, quiet: cli.quiet, at: cli.at };
    match cli.command {
        Command::Demo { dir } => done(crate::demo::run(&dir, &mut anstream::stdout())),
        Command::Init(arguments) => done(workspace::init(&context, &arguments)),
        Command::Doctor => workspace::doctor(&context),
        Command::Check(arguments) => check::check(&context, &arguments),
        Command::Source(verb) => source::source(&context, verb),
        Command::Knowledge(verb) => knowledge::knowledge(&context, verb),
        Command::Release(verb) => done(inventory::release(&context, verb)),
        Command::Sbom(verb) => done(inventory::sbom(&context, verb)),
        Command::Component(verb) => done(inventory::component(&context, verb)),
        Command::Sync(arguments) => source::sync_due(&context, &arguments),
        Command::Serve(arguments) => serve::serve(&context, &arguments),
        Command::Run(arguments) => done(run::run(&context, arguments)),
        Command::Finding(verb) => done(finding::finding(&context, verb)),
        Command::Bulletin(verb) => done(bulletin::bulletin(&context, verb)),
        Command::Report(verb) => report::report(&context, verb),
        Command::Watch(verb) => watch::watch(&context, verb),
        Command::Review(verb) => done(review::review(&context, verb)),
        Command::Vex(verb) => done(evidence::vex(&context, verb)),
        Command::Evidence(verb) => evidence::evidence(&context, verb),
        Command::Journal(verb) => journal::journal(&context, verb),
        Command::User(verb) => done(user::user(&context, verb)),
        Command::Completions { shell } => done(completions(shell)),
        Command::Man => done(man()),
    }
}

fn done(result: Result<()>) -> Result<ExitCode> {
    result.map(|()| ExitCode::SUCCESS)
}

fn completions(shell: clap_complete::Shell) -> Result<()> {
    use clap_complete::Generator as _;
    let mut command = Cli::command();
    command.set_bin_name("wardround");
    command.build();
    Ok(shell.try_generate(&command, &mut std::io::stdout())?)
}

fn man() -> Result<()> {
    Ok(clap_mangen::Man::new(Cli::command()).render(&mut std::io::stdout())?)
}
