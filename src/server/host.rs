//! Which names a server without tokens answers to.
//!
//! A page that a person has open can let its own name lead to 127.0.0.1, and then asks a server there as if it were its own origin (DNS rebinding). The browser tells on it: `Host` is the
//! name of the page. An address, or a name that always leads to this machine, cannot be taken over so.

use std::net::IpAddr;

use axum::http::uri::Authority;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};

use super::problem::Problem;

/// The names that a server answers to besides addresses and `localhost`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hosts(Vec<String>);

impl Hosts {
    /// Answers to these names too.
    #[must_use]
    pub fn of(names: &[String]) -> Self {
        Self(names.iter().map(|name| plain(name)).collect())
    }

    /// Says what to do where a request is meant for somebody else.
    pub(super) fn check(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), Problem> {
        let named = headers.get_all(header::HOST).iter().map(HeaderValue::as_bytes);
        let asked = uri.authority().map(|authority| authority.as_str().as_bytes());
        if named.chain(asked).all(|host| self.knows(host)) {
            return Ok(());
        }
        let detail = "this server has no tokens and answers only to an address or to localhost: call it by one of them, or start it with `--allow-host NAME` for the name in `Host`";
        Err(Problem::new(StatusCode::MISDIRECTED_REQUEST, detail))
    }

    fn knows(&self, host: &[u8]) -> bool {
        let Ok(authority) = Authority::try_from(host) else { return false };
        let host = authority.host();
        let bare = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(host);
        let name = plain(host);
        bare.parse::<IpAddr>().is_ok() || name == "localhost" || name.ends_with(".localhost") || self.0.contains(&name)
    }
}

/// Names differ neither by case nor by the dot at their end.
fn plain(name: &str) -> String {
    name.strip_suffix('.').unwrap_or(name).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::Hosts;

    #[test]
    fn addresses_and_names_of_this_machine_are_known() {
        let hosts = Hosts::of(&["Idp.Internal".to_owned()]);
        for known in [
            "127.0.0.1:8000",
            "[::1]:8000",
            "10.0.0.7",
            "localhost",
            "LOCALHOST.:80",
            "idp.localhost:8000",
            "idp.internal:8000",
            "idp.internal.",
        ] {
            assert!(hosts.knows(known.as_bytes()), "{known}");
        }
        for other in
            ["", "evil.example", "localhost.evil.example", "notlocalhost", "127.0.0.1.evil.example", "a b", "\u{e9}"]
        {
            assert!(!hosts.knows(other.as_bytes()), "{other}");
        }
        assert!(!Hosts::default().knows(b"idp.internal"));
    }
}
