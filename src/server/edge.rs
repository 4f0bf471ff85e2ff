//! The outermost layer: the id of a request, what every answer carries, its line in the log, its metrics.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use hyper::body::Incoming;
use tower::Service as _;

use super::app::App;
use super::guard::{Asker, Peer};
use super::problem::Problem;
use super::routes::Route;
use crate::service::request_id;

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// The id of a request: the caller's, where it is one, else a new one.
#[derive(Clone, Debug)]
pub(super) struct RequestId(pub(super) Arc<str>);

impl RequestId {
    fn of(headers: &HeaderMap) -> Self {
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
        let given = headers.get(&REQUEST_ID).and_then(|value| value.to_str().ok());
        let given = given.filter(|id| (1..=64).contains(&id.len()) && id.bytes().all(plain));
        Self(given.map_or_else(|| request_id().into(), Into::into))
    }
}

/// Answers one request.
pub(super) async fn handle(
    app: Arc<App>,
    mut router: Router,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> Result<Response, Infallible> {
    let begun = Instant::now();
    let mut request = request.map(Body::new);
    let id = RequestId::of(request.headers());
    let route = Route::of(request.uri().path());
    let method = request.method().clone();
    let extensions = request.extensions_mut();
    extensions.insert(id.clone());
    extensions.insert(route);
    extensions.insert(Peer(peer.ip()));
    let misled = app.options.hosts.as_ref().and_then(|hosts| hosts.check(request.uri(), request.headers()).err());
    let response = match misled {
        Some(problem) => problem.into_response(),
        None => router.call(request).await?,
    };
    let response = finish(&app, &id, &method, response);
    tell(&app, &id, route, &method, &response, begun);
    Ok(response)
}

/// Gives an answer what every answer carries; one that is a problem becomes its document.
fn finish(app: &App, id: &RequestId, method: &Method, response: Response) -> Response {
    let mut response = as_problem(id, method, response);
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(&id.0) {
        headers.insert(REQUEST_ID.clone(), value);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    if app.stopping.load(Ordering::Relaxed) {
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

fn as_problem(id: &RequestId, method: &Method, mut response: Response) -> Response {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let problem = response.extensions_mut().remove::<Problem>().unwrap_or_else(|| Problem::of_status(status));
    let text = problem.document(&id.0);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(text.len()));
    if matches!(status, StatusCode::REQUEST_TIMEOUT | StatusCode::PAYLOAD_TOO_LARGE) {
        // The rest of the body is not wanted.
        headers.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    *response.body_mut() = if method == Method::HEAD { Body::empty() } else { text.into() };
    response
}

/// Counts the request and writes its line. Nothing in it is text of the caller but an id that was looked at.
fn tell(app: &App, id: &RequestId, route: Route, method: &Method, response: &Response, begun: Instant) {
    let took = begun.elapsed();
    let status = response.status();
    app.metrics.request(route, method, status, took);
    let caller = response.extensions().get::<Asker>().and_then(|asker| asker.0.as_deref()).unwrap_or("-");
    let milliseconds = took.as_secs_f64() * 1000.0;
    tracing::info!(
        request_id = &*id.0,
        method = super::metrics::method(method),
        route = route.name(),
        status = status.as_u16(),
        ms = (milliseconds * 1000.0).round() / 1000.0,
        caller,
        "request"
    );
}
