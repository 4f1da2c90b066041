//! The demo.
pub(crate) fn run(_dir: &std::path::Path, _out: &mut dyn std::io::Write) -> anyhow::Result<()> { Ok(()) }
