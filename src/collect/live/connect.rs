//! From a kubeconfig, or from inside a pod, to a client.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::time::Duration;

use kube::Client;
use kube::client::ClientBuilder;
use kube::config::{Config, ExecInteractiveMode, KubeConfigOptions, Kubeconfig};
use tower::buffer::BufferLayer;
use tower::retry::RetryLayer;

use super::request::{self, Failure};
use super::retry::Retry;
use super::{Limits, LiveError};

/// How a cluster is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Access {
    /// The kubeconfig; the usual places when nobody names one.
    pub kubeconfig: Option<PathBuf>,
    /// The context; the current one when nobody names one.
    pub context: Option<String>,
    /// How long things may take.
    pub limits: Limits,
}

/// A cluster that answers.
#[derive(Clone)]
pub struct Cluster {
    pub(super) client: Client,
    pub(super) limits: Limits,
    /// The name of its context.
    pub context: String,
    /// Its address.
    pub server: String,
    /// Its version, as in `v1.33.2`.
    pub version: Option<String>,
    /// The namespace of the context.
    pub namespace: String,
}

/// How long it may take to open a connection.
const CONNECT: Duration = Duration::from_secs(10);
/// How long a plugin may take to get credentials: a person may have to confirm something.
const PLUGIN: Duration = Duration::from_secs(30);

/// The names of all contexts of the kubeconfig.
///
/// # Errors
/// It is missing or cannot be read.
pub fn contexts(kubeconfig: Option<&Path>) -> Result<Vec<String>, LiveError> {
    Ok(read(kubeconfig)?.contexts.into_iter().map(|c| c.name).collect())
}

fn read(path: Option<&Path>) -> Result<Kubeconfig, LiveError> {
    let read = path.map_or_else(Kubeconfig::read, Kubeconfig::read_from);
    read.map_err(|error| LiveError::Config(format!("the kubeconfig cannot be used: {error}")))
}

impl Access {
    async fn config(&self) -> Result<(Config, String), LiveError> {
        let inside = std::env::var_os("KUBERNETES_SERVICE_HOST").is_some();
        let nothing_named =
            self.kubeconfig.is_none() && self.context.is_none() && std::env::var_os("KUBECONFIG").is_none();
        let file = match read(self.kubeconfig.as_deref()) {
            Ok(file) => file,
            Err(_) if nothing_named && inside => {
                let config = Config::incluster().map_err(|error| {
                    LiveError::Config(format!("the service account of this pod cannot be used: {error}"))
                })?;
                return Ok((config, "in-cluster".into()));
            }
            Err(error) => return Err(error),
        };
        let name = self.context.clone().or_else(|| file.current_context.clone().filter(|c| !c.is_empty()));
        let Some(name) = name else {
            return Err(LiveError::Config("the kubeconfig names no current context".into()));
        };
        if !file.contexts.iter().any(|c| c.name == name) {
            let known: Vec<&str> = file.contexts.iter().map(|c| c.name.as_str()).take(8).collect();
            return Err(LiveError::Config(format!(
                "the kubeconfig has no context {name:?}; it has {}",
                known.join(", ")
            )));
        }
        let options = KubeConfigOptions { context: Some(name.clone()), ..KubeConfigOptions::default() };
        let config = Config::from_custom_kubeconfig(file, &options).await;
        Ok((config.map_err(|error| LiveError::Config(format!("context {name:?} cannot be used: {error}")))?, name))
    }

    /// Connects and asks for the version, so that what keeps everything from working is known at once.
    ///
    /// # Errors
    /// See [`LiveError`].
    pub async fn connect(&self) -> Result<Cluster, LiveError> {
        let (mut config, context) = self.config().await?;
        config.connect_timeout = Some(CONNECT.min(self.limits.request));
        config.read_timeout = Some(self.limits.request);
        config.default_retry = false;
        if let Some(exec) = config.auth_info.exec.as_mut().filter(|_| !io::stdin().is_terminal()) {
            // A plugin that asks questions would read the log that is piped in.
            exec.interactive_mode = Some(ExecInteractiveMode::Never);
        }
        let server = config.cluster_url.to_string().trim_end_matches('/').to_owned();
        let namespace = config.default_namespace.clone();
        let plugin = config.auth_info.exec.as_ref().and_then(|e| e.command.clone());
        let client = build(config, plugin.as_deref()).await?;
        let mut cluster = Cluster { client, limits: self.limits, context, server, version: None, namespace };
        cluster.version = cluster.ask_version(plugin.as_deref()).await?;
        Ok(cluster)
    }
}

/// Builds the client; a plugin runs here, in a thread of its own, because it may take its time.
async fn build(config: Config, plugin: Option<&str>) -> Result<Client, LiveError> {
    let credentials = |why: String| {
        LiveError::Credentials(match plugin {
            Some(plugin) => format!("the credential plugin {plugin:?} does not work: {why}"),
            None => format!("the credentials of the kubeconfig cannot be used: {why}"),
        })
    };
    let building = tokio::task::spawn_blocking(move || ClientBuilder::try_from(config));
    let built = tokio::time::timeout(PLUGIN, building).await;
    let built = built.map_err(|_| credentials(format!("it has not answered for {} s", PLUGIN.as_secs())))?;
    let builder =
        built.map_err(|error| credentials(error.to_string()))?.map_err(|error| credentials(request::reason(&error)))?;
    let policy = Retry::new().map_err(|error| LiveError::Config(error.to_string()))?;
    Ok(builder.with_layer(&BufferLayer::new(64)).with_layer(&RetryLayer::new(policy)).build())
}

impl Cluster {
    async fn ask_version(&self, plugin: Option<&str>) -> Result<Option<String>, LiveError> {
        let server = self.server.clone();
        match self.get("/version", request::JSON).await {
            Ok(text) => {
                let version: serde_json::Value = serde_json::from_slice(&text).unwrap_or_default();
                Ok(version["gitVersion"].as_str().map(ToOwned::to_owned))
            }
            // Some do not let everybody ask for the version; the lists will tell.
            Err(Failure::Forbidden(_) | Failure::NotFound) => Ok(None),
            Err(Failure::Unauthorized(why)) => Err(LiveError::Unauthorized { server, why }),
            Err(Failure::Credentials(why)) => Err(LiveError::Credentials(format!(
                "the credential plugin {:?} does not work: {why}",
                plugin.unwrap_or_default()
            ))),
            Err(failure) => Err(LiveError::Unreachable { server, why: failure.to_string() }),
        }
    }
}
