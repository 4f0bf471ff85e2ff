//! `idp config`.

use std::io::{self, Write};
use std::path::Path;

use clap::ValueEnum;

use super::{Advice, Status};
use crate::cli::{ConfigCommand, Serve};
use crate::diagnosis::cluster::Ignore;
use crate::finding::Severity;
use crate::settings::{self, Flags, ServeSettings, Settings};

pub(super) fn run(command: ConfigCommand, flags: Flags) -> anyhow::Result<Status> {
    let mut out = io::stdout().lock();
    match command {
        ConfigCommand::Path => {
            let path = settings::path().ok_or_else(|| Advice {
                what: "this platform names no configuration directory".into(),
                help: "name a file with the environment variable IDP_CONFIG".into(),
            })?;
            writeln!(out, "{}", path.display())?;
        }
        ConfigCommand::Show => {
            show(&Settings::resolve(flags)?, &ServeSettings::resolve(&Serve::default())?, &mut out)?;
        }
    }
    Ok(Status::Ran)
}

/// TOML that could be a configuration file, each value with where it comes from.
fn show(settings: &Settings, serve: &ServeSettings, out: &mut dyn Write) -> io::Result<()> {
    let word = |value: &dyn Fn() -> Option<String>| value().map_or("(not set)".to_owned(), |v| format!("{v:?}"));
    let color = || settings.color.value.to_possible_value().map(|v| v.get_name().to_owned());
    let output = || settings.output.value.to_possible_value().map(|v| v.get_name().to_owned());
    let fail_on = || settings.fail_on.value.map(|s: Severity| s.word().to_lowercase());
    let runbook_dir = || settings.runbook_dir.value.as_deref().map(|p: &Path| p.display().to_string());
    let rows = [
        ("color", word(&color), settings.color.origin),
        ("output", word(&output), settings.output.origin),
        ("fail_on", word(&fail_on), settings.fail_on.origin),
        ("top", settings.top.value.to_string(), settings.top.origin),
        ("runbook_dir", word(&runbook_dir), settings.runbook_dir.origin),
        ("embeddings_url", word(&|| settings.embeddings_url.value.clone()), settings.embeddings_url.origin),
        ("embeddings_model", word(&|| settings.embeddings_model.value.clone()), settings.embeddings_model.origin),
        ("chroma_url", word(&|| settings.chroma_url.value.clone()), settings.chroma_url.origin),
    ];
    for (key, value, origin) in rows {
        let comment = if value == "(not set)" { "# " } else { "" };
        writeln!(out, "{comment}{key} = {value}  # {}", origin.word())?;
    }
    for (key, value, origin) in serve.rows() {
        let comment = if value.is_none() { "# " } else { "" };
        let value = value.unwrap_or_else(|| "(not set)".into());
        writeln!(out, "{comment}serve.{key} = {value}  # {}", origin.word())?;
    }
    for ignore in &settings.ignores {
        let until = ignore.until.map_or(String::new(), |until| format!(", until = {:?}", until.to_string()));
        let Ignore { check, object, reason, .. } = ignore;
        writeln!(
            out,
            "[[ignore]]  # file\ncheck = {check:?}\nobject = {object:?}\nreason = {reason:?}{}",
            until.replace(", ", "\n")
        )?;
    }
    Ok(())
}
