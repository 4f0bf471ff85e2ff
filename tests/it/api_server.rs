//! An API server inside the test process that speaks the real wire format: groups, lists in pages, metadata only, logs, and the faults of real ones.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::net::{TcpListener, TcpStream};
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use base64::Engine as _;
use flate2::Compression;
use flate2::write::GzEncoder;
use hyper::body::{Body, Bytes, Frame, Incoming};
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use rustls::pki_types::PrivateKeyDer;
use serde_json::{Value, json};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsAcceptor;

/// What goes wrong with requests for a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// 403.
    Forbidden,
    /// 401.
    Unauthorized,
    /// The second page is 410, once.
    Gone,
    /// 429 with `Retry-After`, once.
    Busy,
    /// 500.
    Broken,
    /// 503, as a server answers for an API that pods serve and that is down.
    Down,
    /// The connection is reset.
    Reset,
    /// The answer begins and never ends.
    Endless,
}

/// A server with its objects.
pub(crate) struct ApiServer {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
    state: Arc<Mutex<State>>,
    /// The kubeconfig, in a folder of its own.
    home: tempfile::TempDir,
}

#[derive(Default)]
struct State {
    /// Objects by the path of their list, without namespaces: `/api/v1/pods`.
    objects: BTreeMap<String, Vec<Value>>,
    /// Pages that are made and zipped already, by the path of their list.
    prepared: BTreeMap<String, Vec<Bytes>>,
    logs: BTreeMap<String, String>,
    troubles: Vec<(String, Trouble)>,
    asked: Arc<Mutex<Vec<String>>>,
    done: Vec<String>,
    /// Every connection is reset.
    down: bool,
}

/// Objects of a page.
const PAGE: usize = 2;
/// Objects of a page of a prepared list, as many as clients ask for.
const PREPARED_PAGE: usize = 500;

/// Builds a server.
#[derive(Default)]
pub(crate) struct Builder {
    state: State,
    tls: bool,
}

impl Builder {
    /// Adds objects, written as YAML documents.
    pub(crate) fn yaml(mut self, text: &str) -> Self {
        for document in text.split("\n---").filter(|d| !d.trim().is_empty()) {
            let object: Value = serde_saphyr::from_str(document).expect("YAML");
            self = self.object(object);
        }
        self
    }

    fn object(mut self, object: Value) -> Self {
        use idp::evidence::cluster::Kind;
        let version = object["apiVersion"].as_str().expect("a version");
        let kind = Kind::of(version, object["kind"].as_str().expect("a kind")).expect("a known kind");
        let root = if version.contains('/') { format!("/apis/{version}") } else { format!("/api/{version}") };
        self.state.objects.entry(format!("{root}/{}", kind.info().plural)).or_default().push(object);
        self
    }

    /// Adds a long list, whose pages are made now and not while somebody waits. Clients have to take gzip.
    pub(crate) fn prepared(mut self, path: &str, kind: &str, items: &[String]) -> Self {
        let version = path.trim_start_matches("/apis/").trim_start_matches("/api/");
        let version = version.rsplit_once('/').map_or("", |(version, _)| version);
        let pages: Vec<&[String]> = if items.is_empty() { vec![items] } else { items.chunks(PREPARED_PAGE).collect() };
        let page = |(at, items): (usize, &&[String])| {
            let next = if at + 1 < pages.len() { (at + 1).to_string() } else { String::new() };
            let items = items.join(",");
            let list = format!(
                r#"{{"kind":"{kind}List","apiVersion":"{version}","metadata":{{"resourceVersion":"7","continue":"{next}"}},"items":[{items}]}}"#
            );
            Bytes::from(zipped(list.as_bytes()))
        };
        self.state.prepared.insert(path.to_owned(), pages.iter().enumerate().map(page).collect());
        self
    }

    /// Adds a log: `log("shop", "web-0", "web", true, "boom\n")`.
    pub(crate) fn log(mut self, namespace: &str, pod: &str, container: &str, previous: bool, text: &str) -> Self {
        let path = format!("/api/v1/namespaces/{namespace}/pods/{pod}/log {container} {previous}");
        self.state.logs.insert(path, text.to_owned());
        self
    }

    /// Requests whose path begins with `path` go wrong.
    pub(crate) fn trouble(mut self, path: &str, trouble: Trouble) -> Self {
        self.state.troubles.push((path.to_owned(), trouble));
        self
    }

    /// Speaks TLS, with a certificate that only its own kubeconfig vouches for.
    pub(crate) fn with_tls(mut self) -> Self {
        self.tls = true;
        self
    }

    /// Starts it on a free port of this machine; it ends with the test process.
    pub(crate) fn start(self) -> ApiServer {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        listener.set_nonblocking(true).expect("set");
        let certificate =
            self.tls.then(|| rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).expect("a certificate"));
        let authority = certificate.as_ref().map(|c| c.cert.pem());
        let scheme = if self.tls { "https" } else { "http" };
        let address = format!("{scheme}://{}", listener.local_addr().expect("bound"));
        let asked = self.state.asked.clone();
        let state = Arc::new(Mutex::new(self.state));
        let kept = state.clone();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(serve(listener, certificate.as_ref().map(acceptor), state));
        });
        let started = ApiServer { address, asked, state: kept, home: tempfile::tempdir().expect("a folder") };
        started.write("config", "token: secret-token-1", "shop", authority.as_deref());
        started
    }
}

async fn serve(listener: TcpListener, tls: Option<TlsAcceptor>, state: Arc<Mutex<State>>) {
    let listener = tokio::net::TcpListener::from_std(listener).expect("a listener");
    while let Ok((stream, _)) = listener.accept().await {
        let (state, tls) = (state.clone(), tls.clone());
        tokio::spawn(async move {
            match tls {
                None => connection(stream, state).await,
                // A client that does not believe the certificate goes.
                Some(tls) => {
                    if let Ok(stream) = tls.accept(stream).await {
                        connection(stream, state).await;
                    }
                }
            }
        });
    }
}

async fn connection(stream: impl AsyncRead + AsyncWrite + Unpin, state: Arc<Mutex<State>>) {
    let service = service_fn(move |request| {
        let answer = answer(&request, &state);
        async move { answer }
    });
    // A client that goes, or a connection that is reset on purpose, is none of the server's business.
    let _ = hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await;
}

fn acceptor(certificate: &rcgen::CertifiedKey<rcgen::KeyPair>) -> TlsAcceptor {
    let key = PrivateKeyDer::Pkcs8(certificate.signing_key.serialize_der().into());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config =
        rustls::ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().expect("versions");
    let config =
        config.with_no_client_auth().with_single_cert(vec![certificate.cert.der().clone()], key).expect("a pair");
    TlsAcceptor::from(Arc::new(config))
}

impl ApiServer {
    pub(crate) fn build() -> Builder {
        Builder::default()
    }

    /// The path of the kubeconfig.
    pub(crate) fn kubeconfig(&self) -> String {
        self.home.path().join("config").display().to_string()
    }

    /// Writes another kubeconfig with this user, that vouches for nobody, and returns its path.
    pub(crate) fn write_kubeconfig(&self, name: &str, user: &str, namespace: &str) -> String {
        self.write(name, user, namespace, None)
    }

    fn write(&self, name: &str, user: &str, namespace: &str, authority: Option<&str>) -> String {
        let encoded = authority.map(|pem| base64::prelude::BASE64_STANDARD.encode(pem));
        let authority = encoded.map_or(String::new(), |data| format!(", certificate-authority-data: {data}"));
        let path = self.home.path().join(name);
        let text = format!(
            "apiVersion: v1\nkind: Config\ncurrent-context: test\ncontexts:\n- name: test\n  context: {{cluster: test, user: test, namespace: {namespace}}}\n\
             clusters:\n- name: test\n  cluster: {{server: '{}'{authority}}}\nusers:\n- name: test\n  user:\n    {user}\n",
            self.address
        );
        std::fs::write(&path, text).expect("written");
        path.display().to_string()
    }

    /// Goes away, or comes back.
    pub(crate) fn down(&self, down: bool) {
        self.state.lock().expect("no panic").down = down;
    }

    /// What was asked, in order: path and query, and what was accepted.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no panic").clone()
    }
}

fn answer(request: &Request<Incoming>, state: &Mutex<State>) -> io::Result<Response<Answer>> {
    let url = request.uri().to_string();
    let (path, query) = url.split_once('?').unwrap_or((&url, ""));
    let accept = header(request, "accept");
    let mut state = state.lock().expect("no panic");
    state.asked.lock().expect("no panic").push(format!("{url} {accept}"));
    if state.down {
        return Err(io::Error::other("gone"));
    }
    match trouble(&mut state, path, query) {
        None if state.prepared.contains_key(path) => {
            let at: usize = pairs(query).get("continue").and_then(|c| c.parse().ok()).unwrap_or(0);
            Ok(zipped_response(200, state.prepared[path][at].clone()))
        }
        None => {
            let (status, body) = body(&state, path, query, &accept);
            Ok(respond(request, status, body))
        }
        Some(Trouble::Forbidden) => Ok(respond(request, 403, status(403, "forbidden: User \"test\" cannot list"))),
        Some(Trouble::Unauthorized) => Ok(respond(request, 401, status(401, "Unauthorized"))),
        Some(Trouble::Gone) => Ok(respond(request, 410, status(410, "The provided continue parameter is too old"))),
        Some(Trouble::Busy) => {
            let mut busy = respond(request, 429, status(429, "too many requests"));
            busy.headers_mut().insert("retry-after", "0".parse().expect("valid"));
            Ok(busy)
        }
        Some(Trouble::Broken) => Ok(respond(request, 500, status(500, "etcdserver: request timed out"))),
        Some(Trouble::Down) => Ok(respond(request, 503, b"service unavailable".to_vec())),
        Some(Trouble::Reset) => Err(io::Error::other("reset on purpose")),
        Some(Trouble::Endless) => Ok(Response::new(Answer::Endless { begun: false })),
    }
}

/// Faults that come once are done with afterwards.
fn trouble(state: &mut State, path: &str, query: &str) -> Option<Trouble> {
    // `/api/v1/namespaces?` is the list of namespaces and nothing below it.
    let fits = |prefix: &str| prefix.strip_suffix('?').map_or(path.starts_with(prefix), |whole| path == whole);
    let (prefix, trouble) = state.troubles.iter().find(|(prefix, _)| fits(prefix)).cloned()?;
    let once = matches!(trouble, Trouble::Gone | Trouble::Busy);
    if once && (state.done.contains(&prefix) || (trouble == Trouble::Gone && !query.contains("continue="))) {
        return None;
    }
    state.done.push(prefix);
    Some(trouble)
}

fn pairs(query: &str) -> BTreeMap<&str, &str> {
    query.split('&').filter_map(|p| p.split_once('=')).collect()
}

fn body(state: &State, path: &str, query: &str, accept: &str) -> (u16, Vec<u8>) {
    let pairs = pairs(query);
    if path == "/version" {
        return (200, json!({ "major": "1", "minor": "33", "gitVersion": "v1.33.2" }).to_string().into_bytes());
    }
    if path == "/api" {
        return (200, json!({ "kind": "APIVersions", "versions": ["v1"] }).to_string().into_bytes());
    }
    if path == "/apis" {
        return (200, groups(state).to_string().into_bytes());
    }
    if let Some(resources) = resources(path) {
        return (200, resources.to_string().into_bytes());
    }
    if let Some(log) = path.ends_with("/log").then(|| format!("{path} {} {}", pairs["container"], pairs["previous"])) {
        return state
            .logs
            .get(&log)
            .map_or((400, status(400, "previous terminated container not found")), |l| (200, l.clone().into_bytes()));
    }
    let (list, namespace) = without_namespace(path);
    let Some(all) = state.objects.get(&list).cloned().or_else(|| is_core(&list).then(Vec::new)) else {
        return (404, status(404, "the server could not find the requested resource"));
    };
    let mine = |o: &&Value| namespace.as_deref().is_none_or(|n| o["metadata"]["namespace"] == n);
    let objects: Vec<&Value> = all.iter().filter(mine).collect();
    let from: usize = pairs.get("continue").and_then(|c| c.parse().ok()).unwrap_or(0);
    let end = (from + PAGE).min(objects.len());
    let next = if end < objects.len() { end.to_string() } else { String::new() };
    let items: Vec<Value> = objects[from..end]
        .iter()
        .map(|o| if accept.contains("PartialObjectMetadataList") { metadata_only(o) } else { without_kind(o) })
        .collect();
    (200, json!({ "kind": "List", "apiVersion": "v1", "metadata": { "resourceVersion": "7", "continue": next }, "items": items }).to_string().into_bytes())
}

/// Items of a list carry no kind.
fn without_kind(object: &Value) -> Value {
    let mut object = object.clone();
    let fields = object.as_object_mut().expect("an object");
    fields.remove("kind");
    fields.remove("apiVersion");
    object
}

fn metadata_only(object: &Value) -> Value {
    json!({ "metadata": object["metadata"] })
}

fn without_namespace(path: &str) -> (String, Option<String>) {
    match path.split_once("/namespaces/").and_then(|(root, rest)| Some((root, rest.split_once('/')?))) {
        Some((root, (namespace, plural))) => (format!("{root}/{plural}"), Some(namespace.to_owned())),
        None => (path.to_owned(), None),
    }
}

fn is_core(list: &str) -> bool {
    let core = idp::evidence::cluster::KINDS.iter().filter(|info| !info.optional);
    let mut paths = core.map(|i| {
        if i.group.is_empty() {
            format!("/api/v1/{}", i.plural)
        } else {
            format!("/apis/{}/{}/{}", i.group, i.versions[0], i.plural)
        }
    });
    paths.any(|path| path == list)
}

fn groups(state: &State) -> Value {
    let mut groups: BTreeMap<String, String> = BTreeMap::new();
    for info in idp::evidence::cluster::KINDS.iter().filter(|i| !i.optional && !i.group.is_empty()) {
        groups.insert(info.group.to_owned(), info.versions[0].to_owned());
    }
    for path in state.objects.keys() {
        if let Some((group, rest)) = path.strip_prefix("/apis/").and_then(|p| p.split_once('/')) {
            groups.insert(group.to_owned(), rest.split('/').next().unwrap_or_default().to_owned());
        }
    }
    let groups: Vec<Value> = groups.into_iter().map(|(name, version)| json!({ "name": name, "versions": [{ "groupVersion": format!("{name}/{version}"), "version": version }] })).collect();
    json!({ "kind": "APIGroupList", "apiVersion": "v1", "groups": groups })
}

/// What a version of a group serves, as other clients ask before they list.
fn resources(path: &str) -> Option<Value> {
    let version = path.strip_prefix("/apis/").or_else(|| path.strip_prefix("/api/"))?;
    let of = |info: &&idp::evidence::cluster::KindInfo| {
        info.versions
            .iter()
            .any(|v| if info.group.is_empty() { *v == version } else { format!("{}/{v}", info.group) == version })
    };
    let resources: Vec<Value> = idp::evidence::cluster::KINDS
        .iter()
        .filter(of)
        .map(|info| json!({ "name": info.plural, "singularName": "", "namespaced": info.namespaced, "kind": format!("{:?}", info.kind), "verbs": ["get", "list"] }))
        .collect();
    (!resources.is_empty()).then(
        || json!({ "kind": "APIResourceList", "apiVersion": "v1", "groupVersion": version, "resources": resources }),
    )
}

fn status(code: u16, message: &str) -> Vec<u8> {
    json!({ "kind": "Status", "apiVersion": "v1", "status": "Failure", "message": message, "code": code })
        .to_string()
        .into_bytes()
}

fn header(request: &Request<Incoming>, name: &str) -> String {
    request.headers().get(name).map_or(String::new(), |value| value.to_str().unwrap_or_default().to_owned())
}

fn respond(request: &Request<Incoming>, status: u16, body: Vec<u8>) -> Response<Answer> {
    let gzip = header(request, "accept-encoding").contains("gzip") && body.len() > 512;
    if gzip {
        return zipped_response(status, zipped(&body).into());
    }
    let response = Response::builder().status(status).header("content-type", "application/json");
    response.body(Answer::Whole(Some(body.into()))).expect("valid")
}

fn zipped_response(status: u16, body: Bytes) -> Response<Answer> {
    let response = Response::builder().status(status).header("content-type", "application/json");
    response.header("content-encoding", "gzip").body(Answer::Whole(Some(body))).expect("valid")
}

fn zipped(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(body).expect("in memory");
    encoder.finish().expect("in memory")
}

/// The body of an answer.
enum Answer {
    Whole(Option<Bytes>),
    /// Begins, and then nothing comes for longer than anybody waits.
    Endless {
        begun: bool,
    },
}

impl Body for Answer {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        match self.get_mut() {
            Self::Whole(bytes) => Poll::Ready(bytes.take().map(|b| Ok(Frame::data(b)))),
            Self::Endless { begun: true } => Poll::Pending,
            Self::Endless { begun } => {
                *begun = true;
                Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(b"{\"items\":[")))))
            }
        }
    }
}

/// Whether somebody listens there, for tests that want a port without a server.
pub(crate) fn nobody() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("bound");
    drop(listener);
    assert!(TcpStream::connect(address).is_err());
    format!("http://{address}")
}
