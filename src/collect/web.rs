//! Asks whether addresses in the web still lead somewhere: once each, a few at a time, with limits, through the proxy that the environment names.
//!
//! Dead is what says so itself – 404, 410 – or has no name any more while other servers are heard. Everything else (an outage, a server that wants a login, one that does not like
//! programs) is open: it says nothing about the address.

use std::collections::BTreeMap;
use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use reqwest::{Client, Method, StatusCode, Url};
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

/// Asks every address of `urls`, with a client that follows redirections and the proxies of the environment.
pub async fn ask(client: &Client, urls: Vec<String>, limits: Limits) -> BTreeMap<String, Answer> {
    let mut heard: BTreeMap<String, Heard> = BTreeMap::new();
    let doors = Arc::new(Semaphore::new(limits.at_a_time));
    let mut asked = JoinSet::new();
    for url in urls.into_iter().filter(|url| is_public(url)) {
        heard.insert(url.clone(), Heard::Nothing("it was not asked within the time limit".into()));
        let (doors, client) = (Arc::clone(&doors), client.clone());
        asked.spawn(async move {
            let _door = doors.acquire().await;
            let answer = visit(&client, &url).await;
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
    let host = Url::parse(url).ok().and_then(|url| url.host_str().map(str::to_ascii_lowercase));
    let Some(host) = host.filter(|_| plain) else { return false };
    let reserved = RESERVED.iter().any(|end| host == *end || host.strip_suffix(end).is_some_and(|h| h.ends_with('.')));
    host.contains(['.', ':']) && !reserved && !host.starts_with("169.254.")
}

/// Asks for the head; a server that does not like that is asked for the page.
async fn visit(client: &Client, url: &str) -> Heard {
    let mut answer = status(client, Method::HEAD, url).await;
    if matches!(answer, Ok(status) if refuses(status)) {
        answer = status(client, Method::GET, url).await;
    }
    answer.map_or_else(|error| unanswered(&error), Heard::Status)
}

/// The status at the end of all redirections.
async fn status(client: &Client, method: Method, url: &str) -> reqwest::Result<StatusCode> {
    Ok(client.request(method, url).header("accept", "*/*").send().await?.status())
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

    use super::{Answer, Heard, StatusCode, is_public, judged, unanswered};

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
