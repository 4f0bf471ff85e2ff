//! `idp serve`, as it is typed.

use std::path::PathBuf;

use clap::Args;

/// `idp serve`.
#[derive(Debug, Default, Args)]
#[command(after_help = "\
Examples:
  idp serve
  idp serve --port 9000 --log-format json
  idp serve --host 0.0.0.0 --tokens /etc/idp/tokens

A line of the token file is the SHA-256 of a token and a name for it:
  printf %s \"$TOKEN\" | sha256sum | cut -d' ' -f1    # then a space and a name
Tokens and runbooks are read again when they change, and on SIGHUP. SIGTERM finishes
what was begun. The API is described at /docs and /openapi.json.")]
pub struct Serve {
    /// Address to listen on; any but one of this machine needs --tokens or --insecure-no-auth [default: 127.0.0.1, env: `APP_HOST`]
    #[arg(long, value_name = "ADDRESS", help_heading = "Where it listens")]
    pub host: Option<String>,
    /// Port to listen on, 0 for a free one [default: 8000, env: `APP_PORT`]
    #[arg(long, value_name = "PORT", help_heading = "Where it listens")]
    pub port: Option<String>,

    /// File of the tokens that may call: a SHA-256 and a name on each line [env: `APP_TOKENS_FILE`]
    #[arg(long, value_name = "FILE", help_heading = "Who may call")]
    pub tokens: Option<PathBuf>,
    /// Let everybody call who reaches the address.
    #[arg(long, conflicts_with = "tokens", help_heading = "Who may call")]
    pub insecure_no_auth: bool,
    /// A name to answer to besides addresses and localhost, where there are no tokens and it listens on this machine alone. May be repeated.
    #[arg(long, value_name = "NAME", value_parser = host_name, help_heading = "Who may call")]
    pub allow_host: Vec<String>,
    /// Origins of pages that may call, by commas, or `*` [default: none, env: `CORS_ORIGINS`]
    #[arg(long, value_name = "ORIGINS", help_heading = "Who may call")]
    pub cors_origins: Option<String>,
    /// Requests per minute and caller on what costs, 0 for no limit [default: 60, env: `RATE_LIMIT_REQUESTS`]
    #[arg(long, value_name = "N", help_heading = "Who may call")]
    pub rate_limit: Option<String>,
    /// Requests that are answered at a time; more are told to come again [default: 2048]
    #[arg(long, value_name = "N", help_heading = "Who may call")]
    pub concurrency: Option<String>,

    /// Context of the kubeconfig; the current one when none is named.
    #[arg(long, value_name = "NAME", help_heading = "Which cluster")]
    pub context: Option<String>,
    /// Kubeconfig to use instead of `KUBECONFIG` or the one of the home directory.
    #[arg(long, value_name = "FILE", help_heading = "Which cluster")]
    pub kubeconfig: Option<PathBuf>,
    /// How often the cluster is looked at: `30s`, `2m` [default: 30s]
    #[arg(long, value_name = "TIME", help_heading = "Which cluster")]
    pub look_every: Option<String>,

    /// Least level that is logged: debug, info, warning or error [default: info, env: `LOG_LEVEL`]
    #[arg(long, value_name = "LEVEL", help_heading = "How it runs")]
    pub log_level: Option<String>,
    /// How the log looks: text or json [default: text]
    #[arg(long, value_name = "FORMAT", help_heading = "How it runs")]
    pub log_format: Option<String>,
    /// How long requests may still take after SIGTERM: `20s` [default: 20s]
    #[arg(long, value_name = "TIME", help_heading = "How it runs")]
    pub drain: Option<String>,
}

/// A name as `Host` has it, without a port.
fn host_name(text: &str) -> Result<String, String> {
    let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
    let shaped = !text.is_empty() && text.len() <= 253 && text.bytes().all(plain);
    if shaped { Ok(text.to_owned()) } else { Err("use a name such as idp.internal, without a scheme or a port".into()) }
}
