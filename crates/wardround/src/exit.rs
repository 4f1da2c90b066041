//! Exit codes, documented in the manual page and in `docs/reference/exit-codes.md`.

use std::process::ExitCode;

/// The command was understood but could not be carried out.
pub(crate) const FAILED: u8 = 2;

/// The command was carried out and its answer is "no": findings over the threshold, a pack that is not sound, a source that
/// is not fresh, a problem the doctor found.
pub(crate) const NEGATIVE: u8 = 1;

/// Shows help or a mistake in the arguments: help is success, a mistake is [`FAILED`].
pub(crate) fn of_arguments(error: &clap::Error) -> ExitCode {
    // Nothing can be done when even the message cannot be shown.
    let _ = error.print();
    if error.use_stderr() { FAILED.into() } else { ExitCode::SUCCESS }
}

/// Whether the reader of our output went away, as in `wardround finding list | head`: no error.
pub(crate) fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
    })
}
