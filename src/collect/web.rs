//! Asks whether addresses in the web still lead somewhere: once each, a few at a time, with limits, through the proxy that the environment names.
//!
//! Dead is what says so itself – 404, 410 – or has no name any more while other servers are heard. Everything else (an outage, a server that wants a login, one that does not like
//! programs) is open: it says nothing about the address.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use http::header::{ACCEPT, LOCATION, USER_AGENT};
use http::{Method, Request, StatusCode, Uri};
use http_body_util::Empty;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::proxy::matcher::Matcher;
use hyper_util::rt::TokioExecutor;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// What is known of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Something is there.
    Alive,
    /// Nothing is there any more, because …
    Dead(String),
    /// Nobody knows, because …
    Open(String),
}

/// How long and how much at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Addresses that are asked at the same time.
    pub at_a_time: usize,
    /// For one request.
    pub request: Duration,
    /// For everything.
    pub overall: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { at_a_time: 8, request: Duration::from_secs(10), overall: Duration::from_mins(3) }
    }
}

/// Redirections that are followed.
const HOPS: usize = 8;

/// Names that belong to nobody or to a network of one's own, by their end.
const RESERVED: [&str; 9] =
    ["example", "test", "invalid", "localhost", "local", "internal", "example.com", "example.org", "example.net"];

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Heard {
    Status(StatusCode),
    /// Nobody has that name.
    NoName,
    Nothing(String),
}

/// Asks every address of `urls`.
pub async fn ask(urls: Vec<String>, limits: Limits) -> BTreeMap<String, Answer> {
    let mut heard: BTreeMap<String, Heard> = BTreeMap::new();
    let (doors, visitor) = (Arc::new(Semaphore::new(limits.at_a_time)), Arc::new(Visitor::new(limits.request)));
    let mut asked = JoinSet::new();
    for url in urls.into_iter().filter(|url| is_public(url)) {
        heard.insert(url.clone(), Heard::Nothing("it was not asked within the time limit".into()));
        let (doors, visitor) = (Arc::clone(&doors), Arc::clone(&visitor));
        asked.spawn(async move {
            let _door = doors.acquire().await;
            let answer = visitor.visit(&url).await;
            (url, answer)
        });
    }
    let gather = async {
        while let Some(done) = asked.join_next().await {
            heard.extend(done.ok());
        }
    };
    // What was not answered by then stays open.
    let _ = tokio::time::timeout(limits.overall, gather).await;
    judged(heard)
}

/// What the answers say of the addresses. Where no server at all was heard, names may resolve for others.
fn judged(heard: BTreeMap<String, Heard>) -> BTreeMap<String, Answer> {
    let connected = heard.values().any(|h| matches!(h, Heard::Status(_)));
    let answer = |heard| match heard {
        Heard::Status(status @ (StatusCode::NOT_FOUND | StatusCode::GONE)) => {
            Answer::Dead(format!("the server says {}", status.as_u16()))
        }
        Heard::Status(status) if refuses(status) => Answer::Open(format!("the server says {}", status.as_u16())),
        Heard::Status(_) => Answer::Alive,
        Heard::NoName if connected => Answer::Dead("its name does not resolve".into()),
        Heard::NoName => Answer::Open("its name does not resolve, but no other server was heard either".into()),
        Heard::Nothing(why) => Answer::Open(why),
    };
    heard.into_iter().map(|(url, heard)| (url, answer(heard))).collect()
}

fn refuses(status: StatusCode) -> bool {
    status.is_client_error() || status.is_server_error()
}

/// Whether the address is one that everybody can ask: no example, no template, no name of a network of one's own.
fn is_public(url: &str) -> bool {
    let plain = !url.contains(['{', '}', '<', '>', '$', '|', '"', ' ']);
    let host = url.parse::<Uri>().ok().and_then(|uri| uri.host().map(str::to_ascii_lowercase));
    let Some(host) = host.filter(|_| plain) else { return false };
    let reserved = RESERVED.iter().any(|end| host == *end || host.strip_suffix(end).is_some_and(|h| h.ends_with('.')));
    host.contains(['.', ':']) && !reserved && !host.starts_with("169.254.")
}

/// A client with what it does not change.
struct Visitor {
    /// For what goes straight; none where the system's certificates cannot be read.
    direct: Option<HttpsConnector<HttpConnector>>,
    proxies: Matcher,
    limit: Duration,
}

/// Why nothing came back.
type Failure = Box<dyn Error + Send + Sync>;

impl Visitor {
    fn new(limit: Duration) -> Self {
        Self { direct: secured(plain()).ok(), proxies: Matcher::from_env(), limit }
    }

    /// Asks for the head; a server that does not like that is asked for the page.
    async fn visit(&self, url: &str) -> Heard {
        let mut answer = self.follow(Method::HEAD, url).await;
        if matches!(answer, Ok(status) if refuses(status)) {
            answer = self.follow(Method::GET, url).await;
        }
        answer.map_or_else(|error| unanswered(error.as_ref()), Heard::Status)
    }

    /// The status at the end of all redirections.
    async fn follow(&self, method: Method, url: &str) -> Result<StatusCode, Failure> {
        let mut uri: Uri = url.parse()?;
        for _ in 0..HOPS {
            let (status, next) = tokio::time::timeout(self.limit, self.send(method.clone(), uri.clone()))
                .await
                .map_err(|_| "no answer in time")??;
            let Some(next) = next.filter(|_| status.is_redirection()) else { return Ok(status) };
            uri = resolved(&uri, &next).ok_or("it leads on to what is no address")?;
        }
        Err("it leads on and on".into())
    }

    async fn send(&self, method: Method, uri: Uri) -> Result<(StatusCode, Option<String>), Failure> {
        let agent = concat!("idp/", env!("CARGO_PKG_VERSION"), " (runbook lint)");
        let proxy = self.proxies.intercept(&uri);
        // A tunnel without a port is one for TLS.
        let uri = if proxy.is_some() { ported(uri) } else { uri };
        let request = Request::builder().method(method).uri(uri);
        let request = request.header(USER_AGENT, agent).header(ACCEPT, "*/*").body(Empty::<&[u8]>::new())?;
        let response = match proxy {
            None => {
                let direct = self.direct.clone().ok_or("the system's certificates cannot be read")?;
                Client::builder(TokioExecutor::new()).build(direct).request(request).await?
            }
            Some(proxy) => {
                let tunnel = Tunnel::new(proxy.uri().clone(), plain());
                let tunnel = match proxy.basic_auth() {
                    Some(auth) => tunnel.with_auth(auth.clone()),
                    None => tunnel,
                };
                Client::builder(TokioExecutor::new()).build(secured(tunnel)?).request(request).await?
            }
        };
        let next = response.headers().get(LOCATION).and_then(|v| v.to_str().ok()).map(str::to_owned);
        Ok((response.status(), next))
    }
}

/// The address with the port that its scheme stands for.
fn ported(uri: Uri) -> Uri {
    let authority = uri.authority().filter(|a| a.port().is_none() && uri.scheme_str() == Some("http"));
    let named = authority.and_then(|a| format!("http://{a}:80{}", uri.path_and_query()?).parse().ok());
    named.unwrap_or(uri)
}

/// Connections that TLS may be put over.
fn plain() -> HttpConnector {
    let mut connector = HttpConnector::new();
    connector.enforce_http(false);
    connector
}

/// TLS with the certificates that the system trusts.
fn secured<C>(connector: C) -> Result<HttpsConnector<C>, Failure> {
    Ok(HttpsConnectorBuilder::new().with_native_roots()?.https_or_http().enable_http1().wrap_connector(connector))
}

/// Where a redirection leads.
fn resolved(from: &Uri, to: &str) -> Option<Uri> {
    let to = to.split('#').next()?;
    if to.starts_with("http://") || to.starts_with("https://") {
        return to.parse().ok();
    }
    let (scheme, authority) = (from.scheme_str()?, from.authority()?);
    if let Some(rest) = to.strip_prefix("//") {
        return format!("{scheme}://{rest}").parse().ok();
    }
    let folder = from.path().rsplit_once('/').map_or("", |(folder, _)| folder);
    let path = if to.starts_with('/') { to.to_owned() } else { format!("{folder}/{to}") };
    format!("{scheme}://{authority}{path}").parse().ok()
}

/// That nobody has a name: the system's code for it does not survive, so these are the words of glibc, musl, BSD and Windows.
const NO_NAME: [&str; 4] =
    ["name or service not known", "name does not resolve", "nodename nor servname provided", "no such host is known"];

/// Whether nobody has the name, or something else keeps an answer away.
fn unanswered(error: &(dyn Error + 'static)) -> Heard {
    let chain: Vec<String> =
        std::iter::successors(Some(error), |e| (*e).source()).map(|e| e.to_string().to_lowercase()).collect();
    if chain.iter().any(|text| NO_NAME.iter().any(|words| text.contains(words))) {
        return Heard::NoName;
    }
    Heard::Nothing(chain.last().cloned().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::io;

    use super::{Answer, Heard, StatusCode, Uri, is_public, judged, resolved, unanswered};

    #[test]
    fn redirections_are_read_in_every_spelling() {
        let from: Uri = "https://host.dev/a/b?c".parse().expect("an address");
        let to = |next| resolved(&from, next).map(|uri| uri.to_string());
        assert_eq!(to("http://other.dev/x#y").as_deref(), Some("http://other.dev/x"));
        assert_eq!(to("/x").as_deref(), Some("https://host.dev/x"));
        assert_eq!(to("x?y").as_deref(), Some("https://host.dev/a/x?y"));
        assert_eq!(to("//other.dev/x").as_deref(), Some("https://other.dev/x"));
    }

    #[test]
    fn examples_templates_and_own_networks_are_not_asked() {
        for url in [
            "https://example.com/x",
            "https://a.example.org",
            "http://localhost:9090",
            "http://grafana/x",
            "http://a.local",
            "https://host.dev/{id}",
            "http://169.254.169.254/latest",
            "https://<host>.dev/",
        ] {
            assert!(!is_public(url), "{url}");
        }
        assert!(is_public("https://kubernetes.io/docs") && is_public("http://127.0.0.1:8080/x"));
    }

    #[test]
    fn a_name_that_nobody_has_is_told_from_other_trouble() {
        let error = |text: &str| unanswered(&io::Error::other(text.to_owned()));
        assert_eq!(error("failed to lookup address information: Name or service not known"), Heard::NoName);
        for text in ["failed to lookup address information: Temporary failure in name resolution", "connection refused"]
        {
            assert_eq!(error(text), Heard::Nothing(text.to_lowercase()));
        }
    }

    #[test]
    fn without_a_network_no_name_is_dead() {
        let of = |status: u16| Heard::Status(StatusCode::from_u16(status).expect("a status"));
        let judge =
            |heard: &[(&str, Heard)]| judged(heard.iter().map(|(url, h)| ((*url).to_owned(), h.clone())).collect());
        let alone = judge(&[("a", Heard::NoName), ("b", Heard::Nothing("connection refused".into()))]);
        assert!(alone.values().all(|answer| matches!(answer, Answer::Open(_))), "{alone:?}");
        let beside = judge(&[("a", Heard::NoName), ("b", of(403)), ("c", of(404)), ("d", of(200))]);
        assert_eq!(beside["a"], Answer::Dead("its name does not resolve".into()));
        assert_eq!((&beside["c"], &beside["d"]), (&Answer::Dead("the server says 404".into()), &Answer::Alive));
        assert!(matches!(beside["b"], Answer::Open(_)));
    }
}
