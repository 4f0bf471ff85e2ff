//! The settings of `idp serve`. A value out of range is one line that names the variable, the value and what is allowed.

use std::net::{IpAddr, Ipv4Addr};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use super::{Origin, Setting, SettingsError};
use crate::cli::Serve;

/// The table `[serve]` of the configuration file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServeFile {
    /// Address to listen on.
    pub host: Option<String>,
    /// Port to listen on.
    pub port: Option<u32>,
    /// File of tokens.
    pub tokens: Option<PathBuf>,
    /// Origins of pages that may call.
    pub cors_origins: Option<Vec<String>>,
    /// Requests per minute and caller.
    pub rate_limit_requests: Option<u32>,
    /// Requests that are answered at a time.
    pub concurrency: Option<u32>,
    /// How often the cluster is looked at.
    pub look_every: Option<String>,
    /// Least level that is logged.
    pub log_level: Option<String>,
    /// text or json.
    pub log_format: Option<String>,
    /// How long requests may still take after SIGTERM.
    pub drain: Option<String>,
}

/// Who may call from a page of another origin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum CorsOrigins {
    /// Nobody.
    #[default]
    Same,
    /// Every page.
    Any,
    /// Pages of these origins.
    Listed(Vec<String>),
}

/// The least level that is logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogLevel {
    /// Everything.
    Debug,
    /// Each request.
    Info,
    /// What somebody should look at.
    Warning,
    /// What does not work.
    Error,
}

impl LogLevel {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// Settings of `idp serve` in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServeSettings {
    /// Address to listen on.
    pub host: Setting<IpAddr>,
    /// Port to listen on; 0 takes a free one.
    pub port: Setting<u16>,
    /// File of tokens.
    pub tokens: Setting<Option<PathBuf>>,
    /// Origins of pages that may call.
    pub cors_origins: Setting<CorsOrigins>,
    /// Requests per minute and caller; 0 is no limit.
    pub rate_limit_requests: Setting<u32>,
    /// Requests that are answered at a time.
    pub concurrency: Setting<u32>,
    /// How often the cluster is looked at.
    pub look_every: Setting<Duration>,
    /// Least level that is logged.
    pub log_level: Setting<LogLevel>,
    /// Whether the log is JSON.
    pub log_json: Setting<bool>,
    /// How long requests may still take after SIGTERM.
    pub drain: Setting<Duration>,
}

/// Where each value may come from: flag, variable, key.
struct Names {
    flag: &'static str,
    variable: &'static str,
    key: &'static str,
}

/// A value as somebody wrote it, with where it stands.
struct Written {
    text: Option<String>,
    origin: Origin,
    names: Names,
}

impl Written {
    /// Reads it; `read` says what is allowed where it is not.
    fn read<T>(self, default: T, read: impl Fn(&str) -> Result<T, String>) -> Result<Setting<T>, SettingsError> {
        let Some(text) = &self.text else { return Ok(Setting { value: default, origin: Origin::Default }) };
        match read(text.trim()) {
            Ok(value) => Ok(Setting { value, origin: self.origin }),
            Err(allowed) => {
                let name = match self.origin {
                    Origin::Flag => self.names.flag.to_owned(),
                    Origin::Environment => self.names.variable.to_owned(),
                    _ => super::named(self.names.key, self.origin),
                };
                Err(SettingsError::Value { name, what: format!("{text:?} is not allowed: {allowed}") })
            }
        }
    }
}

impl ServeSettings {
    /// Resolves the settings from the flags, the environment and the configuration file. Apart from those of all commands: a variable that is meant for
    /// something else must not stop them.
    ///
    /// # Errors
    /// See [`SettingsError`].
    pub fn resolve(flags: &Serve) -> Result<Self, SettingsError> {
        let file = super::in_force()?.serve;
        Self::merge(flags, |name| std::env::var(name).ok().filter(|v| !v.is_empty()), &file)
    }

    /// Every key of `[serve]` with its value as TOML, and where that comes from.
    #[must_use]
    pub fn rows(&self) -> Vec<(&'static str, Option<String>, Origin)> {
        let quoted = |text: &dyn std::fmt::Display| Some(format!("\"{text}\""));
        let seconds = |length: Duration| Some(format!("\"{}s\"", length.as_secs()));
        let origins = match &self.cors_origins.value {
            CorsOrigins::Same => None,
            CorsOrigins::Any => Some("[\"*\"]".to_owned()),
            CorsOrigins::Listed(listed) => Some(format!("{listed:?}")),
        };
        let tokens = self.tokens.value.as_ref().map(|path| format!("{:?}", path.display().to_string()));
        vec![
            ("host", quoted(&self.host.value), self.host.origin),
            ("port", Some(self.port.value.to_string()), self.port.origin),
            ("tokens", tokens, self.tokens.origin),
            ("cors_origins", origins, self.cors_origins.origin),
            ("rate_limit_requests", Some(self.rate_limit_requests.value.to_string()), self.rate_limit_requests.origin),
            ("concurrency", Some(self.concurrency.value.to_string()), self.concurrency.origin),
            ("look_every", seconds(self.look_every.value), self.look_every.origin),
            ("log_level", quoted(&self.log_level.value.word()), self.log_level.origin),
            ("log_format", quoted(&if self.log_json.value { "json" } else { "text" }), self.log_json.origin),
            ("drain", seconds(self.drain.value), self.drain.origin),
        ]
    }

    fn merge(
        flags: &Serve,
        environment: impl Fn(&str) -> Option<String>,
        file: &ServeFile,
    ) -> Result<Self, SettingsError> {
        let from = |flag: &Option<String>,
                    variable: &'static str,
                    in_file: Option<String>,
                    names: (&'static str, &'static str)| {
            let variable_text = if variable.is_empty() { None } else { environment(variable) };
            let (text, origin) = match (flag.clone(), variable_text, in_file) {
                (Some(text), _, _) => (Some(text), Origin::Flag),
                (None, Some(text), _) => (Some(text), Origin::Environment),
                (None, None, text) => (text, Origin::File),
            };
            Written { text, origin, names: Names { flag: names.0, variable, key: names.1 } }
        };
        let number = |n: Option<u32>| n.map(|n| n.to_string());
        let origins = file.cors_origins.as_ref().map(|o| o.join(","));
        let host = from(&flags.host, "APP_HOST", file.host.clone(), ("--host", "serve.host"));
        let port = from(&flags.port, "APP_PORT", number(file.port), ("--port", "serve.port"));
        let cors = from(&flags.cors_origins, "CORS_ORIGINS", origins, ("--cors-origins", "serve.cors_origins"));
        let rate = number(file.rate_limit_requests);
        let rate = from(&flags.rate_limit, "RATE_LIMIT_REQUESTS", rate, ("--rate-limit", "serve.rate_limit_requests"));
        let concurrency =
            from(&flags.concurrency, "", number(file.concurrency), ("--concurrency", "serve.concurrency"));
        let look = from(&flags.look_every, "", file.look_every.clone(), ("--look-every", "serve.look_every"));
        let level = from(&flags.log_level, "LOG_LEVEL", file.log_level.clone(), ("--log-level", "serve.log_level"));
        let format = from(&flags.log_format, "", file.log_format.clone(), ("--log-format", "serve.log_format"));
        let drain = from(&flags.drain, "", file.drain.clone(), ("--drain", "serve.drain"));
        let seconds = |range: RangeInclusive<u64>| move |text: &str| length(text, range.clone());
        Ok(Self {
            host: host.read(IpAddr::V4(Ipv4Addr::LOCALHOST), address)?,
            port: port.read(8000, |text| Ok(u16::try_from(whole(text, 0..=65535)?).unwrap_or_default()))?,
            tokens: Setting::first(
                flags.tokens.clone().map(Some),
                environment("APP_TOKENS_FILE").map(|path| Some(path.into())),
                file.tokens.clone().map(Some),
                None,
            ),
            cors_origins: cors.read(CorsOrigins::Same, origins_of)?,
            rate_limit_requests: rate.read(60, |text| whole(text, 0..=1_000_000))?,
            concurrency: concurrency.read(2048, |text| whole(text, 1..=100_000))?,
            look_every: look.read(Duration::from_secs(30), seconds(1..=86_400))?,
            log_level: level.read(LogLevel::Info, level_of)?,
            log_json: format.read(false, format_of)?,
            drain: drain.read(Duration::from_secs(20), seconds(1..=600))?,
        })
    }
}

fn whole(text: &str, range: RangeInclusive<u32>) -> Result<u32, String> {
    let allowed = || format!("use a whole number from {} to {}", range.start(), range.end());
    text.parse().ok().filter(|n| range.contains(n)).ok_or_else(allowed)
}

fn length(text: &str, range: RangeInclusive<u64>) -> Result<Duration, String> {
    let allowed = || format!("use a time such as 30s or 2m, from {} s to {} s", range.start(), range.end());
    let read = text.parse::<jiff::SignedDuration>().ok().and_then(|d| Duration::try_from(d).ok());
    read.filter(|d| range.contains(&d.as_secs())).ok_or_else(allowed)
}

fn address(text: &str) -> Result<IpAddr, String> {
    let bare = text.trim_start_matches('[').trim_end_matches(']');
    if bare == "localhost" {
        return Ok(IpAddr::V4(Ipv4Addr::LOCALHOST));
    }
    bare.parse().map_err(|_| "use an address such as 127.0.0.1, 0.0.0.0 or ::1".to_owned())
}

fn level_of(text: &str) -> Result<LogLevel, String> {
    match text.to_ascii_lowercase().as_str() {
        "debug" => Ok(LogLevel::Debug),
        "info" => Ok(LogLevel::Info),
        "warning" | "warn" => Ok(LogLevel::Warning),
        "error" => Ok(LogLevel::Error),
        _ => Err("use DEBUG, INFO, WARNING or ERROR".into()),
    }
}

fn format_of(text: &str) -> Result<bool, String> {
    match text {
        "text" => Ok(false),
        "json" => Ok(true),
        _ => Err("use text or json".into()),
    }
}

fn origins_of(text: &str) -> Result<CorsOrigins, String> {
    let allowed = "use origins such as https://portal.example.com, by commas, or * alone";
    let listed: Vec<String> = text.split(',').map(str::trim).filter(|o| !o.is_empty()).map(Into::into).collect();
    match listed.as_slice() {
        [] => Ok(CorsOrigins::Same),
        [only] if only == "*" => Ok(CorsOrigins::Any),
        all if all.iter().all(|o| is_origin(o)) => Ok(CorsOrigins::Listed(listed)),
        _ => Err(allowed.into()),
    }
}

/// Scheme, host and perhaps a port, as browsers send it.
fn is_origin(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.' | b':' | b'[' | b']');
    !host.is_empty() && host.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::{CorsOrigins, LogLevel, Serve, ServeFile, ServeSettings};
    use crate::settings::{Origin, SettingsError};

    fn merge(flags: &Serve, variables: &[(&str, &str)], file: &str) -> Result<ServeSettings, SettingsError> {
        let file: ServeFile = toml::from_str(file).expect("valid");
        let of = |name: &str| variables.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned());
        ServeSettings::merge(flags, of, &file)
    }

    #[test]
    fn a_flag_wins_over_a_variable_and_that_over_the_file() {
        let flags = Serve { port: Some("1".into()), ..Serve::default() };
        let variables = [("APP_PORT", "2"), ("RATE_LIMIT_REQUESTS", "0"), ("LOG_LEVEL", "WARNING")];
        let settings = merge(&flags, &variables, "port = 3\nrate_limit_requests = 9\nhost = \"::1\"").expect("valid");
        assert_eq!((settings.port.value, settings.port.origin), (1, Origin::Flag));
        assert_eq!((settings.rate_limit_requests.value, settings.rate_limit_requests.origin), (0, Origin::Environment));
        assert_eq!((settings.host.value.to_string().as_str(), settings.host.origin), ("::1", Origin::File));
        assert_eq!(settings.log_level.value, LogLevel::Warning);
        assert_eq!((settings.drain.value.as_secs(), settings.drain.origin), (20, Origin::Default));
    }

    #[test]
    fn a_value_out_of_range_names_its_variable_and_the_range() {
        for (name, value, allowed) in [
            ("APP_PORT", "65536", "from 0 to 65535"),
            ("APP_PORT", "x", "from 0 to 65535"),
            ("APP_HOST", "here", "0.0.0.0"),
            ("RATE_LIMIT_REQUESTS", "-1", "from 0 to 1000000"),
            ("LOG_LEVEL", "loud", "DEBUG, INFO, WARNING or ERROR"),
            ("CORS_ORIGINS", "*, https://a.example", "* alone"),
            ("CORS_ORIGINS", "https://a.example/x", "https://portal.example.com"),
        ] {
            let error = merge(&Serve::default(), &[(name, value)], "").expect_err(value).to_string();
            assert!(error.starts_with(&format!("{name}: {value:?}")) && error.contains(allowed), "{error}");
            assert!(!error.contains('\n'));
        }
        let error = merge(&Serve::default(), &[], "port = 70000").expect_err("range").to_string();
        assert!(error.contains("serve.port: \"70000\""), "{error}");
    }

    #[test]
    fn origins_are_listed_by_commas() {
        let settings =
            merge(&Serve::default(), &[("CORS_ORIGINS", "https://a.example, http://b:80")], "").expect("valid");
        assert_eq!(
            settings.cors_origins.value,
            CorsOrigins::Listed(vec!["https://a.example".into(), "http://b:80".into()])
        );
    }
}
