//! What was typed means this: flag before environment before configuration file before default, resolved in one place.

mod serve;

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use directories::ProjectDirs;
use jiff::Timestamp;
use serde::Deserialize;

use crate::checks::CHECKS;
use crate::cli::{ColorChoice, OutputFormat};
use crate::diagnosis::cluster::Ignore;
use crate::finding::Severity;

pub use serve::{CorsOrigins, LogLevel, ServeFile, ServeSettings};

/// The configuration file as it is written. Every key is documented in `docs/configuration.md`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// When colour is used.
    pub color: Option<ColorChoice>,
    /// How a diagnosis is printed.
    pub output: Option<OutputFormat>,
    /// Severity from which the exit status is 1.
    pub fail_on: Option<String>,
    /// Alternatives shown.
    pub top: Option<usize>,
    /// Directory whose runbooks are added to the built-in ones.
    pub runbook_dir: Option<PathBuf>,
    /// Base address of a server that turns texts into vectors, or `gemini`.
    pub embeddings_url: Option<String>,
    /// Model that it is asked for.
    pub embeddings_model: Option<String>,
    /// Address of a Chroma server that keeps the vectors.
    pub chroma_url: Option<String>,
    /// Findings of `cluster-health` that nobody wants to hear of.
    #[serde(default)]
    pub ignore: Vec<IgnoreEntry>,
    /// What `idp serve` does.
    #[serde(default)]
    pub serve: ServeFile,
}

/// Findings that nobody wants to hear of, as they are written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IgnoreEntry {
    /// Id of the check; every one when it is left out.
    #[serde(default)]
    pub check: String,
    /// Object, as in `pod shop/web-*` or `shop/*`; every one when it is left out.
    #[serde(default)]
    pub object: String,
    /// Why. Needed.
    pub reason: String,
    /// Until when: a date.
    pub until: Option<String>,
}

/// The configuration cannot be used. A mistake of the person who wrote it.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// The file does not parse or has an unknown key.
    #[error("configuration file {path}: {what}")]
    File {
        /// Where it is.
        path: String,
        /// One line with the place.
        what: String,
    },
    /// The file is there and cannot be read.
    #[error("cannot read the configuration file {path}")]
    Unreadable {
        /// Where it is.
        path: String,
        /// What the system says.
        #[source]
        error: io::Error,
    },
    /// A value that is not allowed.
    #[error("{name}: {what}")]
    Value {
        /// Flag, variable or key.
        name: String,
        /// One sentence.
        what: String,
    },
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Typed.
    Flag,
    /// An environment variable.
    Environment,
    /// The configuration file.
    File,
    /// Nobody said anything.
    Default,
}

impl Origin {
    /// A word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Flag => "flag",
            Self::Environment => "environment",
            Self::File => "file",
            Self::Default => "default",
        }
    }
}

/// A value with where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// Where it comes from.
    pub origin: Origin,
}

impl<T> Setting<T> {
    fn first(flag: Option<T>, environment: Option<T>, file: Option<T>, default: T) -> Self {
        let from = |origin| move |value| Self { value, origin };
        flag.map(from(Origin::Flag))
            .or_else(|| environment.map(from(Origin::Environment)))
            .or_else(|| file.map(from(Origin::File)))
            .unwrap_or(Self { value: default, origin: Origin::Default })
    }
}

/// What the flags of a subcommand say about settings that have other sources too.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flags {
    /// `--color`.
    pub color: Option<ColorChoice>,
    /// `--output`.
    pub output: Option<OutputFormat>,
    /// `--fail-on`.
    pub fail_on: Option<String>,
    /// `--top`.
    pub top: Option<usize>,
}

/// Settings in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// When colour is used.
    pub color: Setting<ColorChoice>,
    /// How a diagnosis is printed.
    pub output: Setting<OutputFormat>,
    /// Severity from which the exit status is 1.
    pub fail_on: Setting<Option<Severity>>,
    /// Alternatives shown.
    pub top: Setting<usize>,
    /// Directory whose runbooks are added to the built-in ones.
    pub runbook_dir: Setting<Option<PathBuf>>,
    /// Findings of `cluster-health` that nobody wants to hear of.
    pub ignores: Vec<Ignore>,
    /// Base address of a server that turns texts into vectors, or `gemini`; searches go by words alone without it.
    pub embeddings_url: Setting<Option<String>>,
    /// Model that it is asked for.
    pub embeddings_model: Setting<Option<String>>,
    /// Key for that server. Never shown.
    pub embeddings_key: Option<Secret>,
    /// Address of a Chroma server that keeps the vectors; a file of the cache without it.
    pub chroma_url: Setting<Option<String>>,
    /// The folder for what can be made again, such as the search index; none where the platform has none.
    pub cache: Option<PathBuf>,
}

/// A value that nobody may see.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(pub String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("(secret)")
    }
}

/// Alternatives shown when nobody says how many.
const TOP: usize = 3;

impl Settings {
    /// Resolves the settings from the flags, the environment and the configuration file.
    ///
    /// # Errors
    /// See [`SettingsError`].
    pub fn resolve(flags: Flags) -> Result<Self, SettingsError> {
        Self::merge(flags, |name| env::var(name).ok().filter(|v| !v.is_empty()), in_force()?)
    }

    fn merge(flags: Flags, environment: impl Fn(&str) -> Option<String>, file: File) -> Result<Self, SettingsError> {
        let no_color = environment("NO_COLOR").map(|_| ColorChoice::Never);
        let fail_on = Setting::first(flags.fail_on.map(Some), None, file.fail_on.map(Some), None);
        let severity = match &fail_on.value {
            Some(word) => Some(
                word.parse().map_err(|what| SettingsError::Value { name: named("fail_on", fail_on.origin), what })?,
            ),
            None => None,
        };
        let word =
            |name: &str, file: Option<String>| Setting::first(None, environment(name).map(Some), file.map(Some), None);
        let key = environment("EMBEDDINGS_API_KEY").or_else(|| environment("GOOGLE_API_KEY"));
        let ignores = file.ignore.into_iter().map(ignore).collect::<Result<_, _>>()?;
        Ok(Self {
            ignores,
            embeddings_url: word("EMBEDDINGS_URL", file.embeddings_url),
            embeddings_model: word("EMBEDDINGS_MODEL", file.embeddings_model),
            embeddings_key: key.map(Secret),
            chroma_url: word("CHROMA_URL", file.chroma_url),
            cache: ProjectDirs::from("", "", "idp").map(|dirs| dirs.cache_dir().join("search")),
            color: Setting::first(flags.color, no_color, file.color, ColorChoice::Auto),
            output: Setting::first(flags.output, None, file.output, OutputFormat::Human),
            fail_on: Setting { value: severity, origin: fail_on.origin },
            top: Setting::first(flags.top, None, file.top, TOP),
            runbook_dir: Setting::first(
                None,
                environment("RUNBOOK_DIR").map(|d| Some(d.into())),
                file.runbook_dir.map(Some),
                None,
            ),
        })
    }
}

/// Reads an entry; one without a reason, or about everything, hides what nobody meant to hide.
fn ignore(entry: IgnoreEntry) -> Result<Ignore, SettingsError> {
    let fault = |what: String| SettingsError::Value { name: named("ignore", Origin::File), what };
    if entry.reason.trim().is_empty() {
        return Err(fault("an entry has no reason: say why it is to be ignored".into()));
    }
    if entry.check.is_empty() && entry.object.is_empty() {
        return Err(fault("an entry names neither a check nor an object".into()));
    }
    if !entry.check.is_empty() && !CHECKS.iter().any(|c| c.id == entry.check) {
        return Err(fault(format!("there is no check {:?}; docs/checks.md lists them", entry.check)));
    }
    let until = entry.until.as_deref().map(date).transpose().map_err(fault)?;
    Ok(Ignore { check: entry.check, object: entry.object, reason: entry.reason, until })
}

/// The beginning of a day in UTC, or a time.
fn date(text: &str) -> Result<Timestamp, String> {
    let day = text.parse::<jiff::civil::Date>().ok().and_then(|d| d.to_zoned(jiff::tz::TimeZone::UTC).ok());
    let read = text.parse().ok().or(day.map(|d| d.timestamp()));
    read.ok_or_else(|| format!("{text:?} is neither a date such as 2027-01-31 nor a time"))
}

fn named(key: &str, origin: Origin) -> String {
    match origin {
        Origin::Flag => format!("--{}", key.replace('_', "-")),
        _ => format!("configuration file {}: {key}", path().unwrap_or_default().display()),
    }
}

/// Where the configuration file is, if the platform says where such files belong. `IDP_CONFIG` names another one.
#[must_use]
pub fn path() -> Option<PathBuf> {
    let named = env::var_os("IDP_CONFIG").filter(|v| !v.is_empty()).map(PathBuf::from);
    named.or_else(|| ProjectDirs::from("", "", "idp").map(|dirs| dirs.config_dir().join("config.toml")))
}

/// The configuration file in force.
fn in_force() -> Result<File, SettingsError> {
    match path() {
        Some(path) => read(&path, env::var_os("IDP_CONFIG").is_some_and(|v| !v.is_empty())),
        None => Ok(File::default()),
    }
}

/// A file that somebody named must be there; the usual one may be missing.
fn read(path: &Path, named: bool) -> Result<File, SettingsError> {
    let shown = || path.display().to_string();
    match fs::read_to_string(path) {
        Ok(text) => {
            toml::from_str(&text).map_err(|error| SettingsError::File { path: shown(), what: place(&error, &text) })
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound && !named => Ok(File::default()),
        Err(error) => Err(SettingsError::Unreadable { path: shown(), error }),
    }
}

fn place(error: &toml::de::Error, text: &str) -> String {
    let line = error.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
    format!("line {line}: {}", error.message().split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{File, Flags, Origin, Settings};
    use crate::cli::{ColorChoice, OutputFormat};
    use crate::finding::Severity;

    fn file(text: &str) -> File {
        toml::from_str(text).expect("valid")
    }

    #[test]
    fn a_flag_wins_over_the_environment_and_that_over_the_file() {
        let flags = Flags { output: Some(OutputFormat::Json), ..Flags::default() };
        let environment = |name: &str| (name == "RUNBOOK_DIR").then(|| "/env".to_owned());
        let settings = Settings::merge(
            flags,
            environment,
            file("output = \"yaml\"\nrunbook_dir = \"/file\"\ntop = 9\nfail_on = \"High\""),
        )
        .expect("valid");
        assert_eq!((settings.output.value, settings.output.origin), (OutputFormat::Json, Origin::Flag));
        assert_eq!(settings.runbook_dir.value.as_deref(), Some(Path::new("/env")));
        assert_eq!((settings.top.value, settings.top.origin), (9, Origin::File));
        assert_eq!(settings.fail_on.value, Some(Severity::High));
        assert_eq!(settings.color.origin, Origin::Default);
    }

    #[test]
    fn no_color_is_heard() {
        let settings =
            Settings::merge(Flags::default(), |name| (name == "NO_COLOR").then(|| "1".into()), File::default())
                .expect("valid");
        assert_eq!(settings.color.value, ColorChoice::Never);
    }

    #[test]
    fn a_wrong_value_names_itself() {
        let flags = Flags { fail_on: Some("urgent".into()), ..Flags::default() };
        let error = Settings::merge(flags, |_| None, File::default()).expect_err("wrong");
        assert!(error.to_string().starts_with("--fail-on: \"urgent\""), "{error}");
    }
}
