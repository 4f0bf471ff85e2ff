//! The client for everything that is asked over HTTP and is no cluster: proxies of the environment, TLS with the roots of the system.

use std::time::Duration;

use anyhow::Context as _;
use reqwest::Client;
use reqwest::redirect::Policy;

/// Redirections that are followed.
const HOPS: usize = 8;

/// A client whose requests take no longer than `limit`.
pub(super) fn client(limit: Duration) -> anyhow::Result<Client> {
    // The first one counts; a second call changes nothing.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let agent = concat!("idp/", env!("CARGO_PKG_VERSION"));
    let client = Client::builder().user_agent(agent).timeout(limit).redirect(Policy::limited(HOPS)).build();
    client.context("failed to set up HTTP")
}
