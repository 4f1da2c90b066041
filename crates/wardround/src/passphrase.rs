//! Passphrases: asked for without echo, or taken from the environment or a file for unattended use.

use anyhow::{Context as _, Result};

/// The passphrase of `user`: `WARDROUND_PASSPHRASE`, else the file `WARDROUND_PASSPHRASE_FILE`, else asked for.
pub(crate) fn of(user: &str) -> Result<String> {
    if let Ok(passphrase) = std::env::var("WARDROUND_PASSPHRASE") {
        return Ok(passphrase);
    }
    if let Ok(path) = std::env::var("WARDROUND_PASSPHRASE_FILE") {
        let text = std::fs::read_to_string(&path).with_context(|| format!("read the passphrase file {path}"))?;
        return Ok(text.trim_end_matches(['\r', '\n']).to_owned());
    }
    rpassword::prompt_password(format!("Passphrase of {user}: "))
        .context("ask for a passphrase: there is no terminal; set WARDROUND_PASSPHRASE")
}

/// A new passphrase, asked for twice.
pub(crate) fn new(user: &str) -> Result<String> {
    let first = of(user)?;
    if std::env::var_os("WARDROUND_PASSPHRASE").is_some() || std::env::var_os("WARDROUND_PASSPHRASE_FILE").is_some() {
        return Ok(first);
    }
    let second = rpassword::prompt_password("Once more: ").context("ask for a passphrase")?;
    anyhow::ensure!(first == second, "take this passphrase: the two are not the same");
    Ok(first)
}
