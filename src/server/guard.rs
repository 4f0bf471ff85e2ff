//! Who may ask, how often, and how many at a time.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::app::App;
use super::problem::Problem;
use super::rate::Caller;
use super::routes::{Access, Route};

/// Who asks, for the log: the name of the token, where callers have one.
#[derive(Clone, Debug, Default)]
pub(super) struct Asker(pub(super) Option<Arc<str>>);

/// Where a request comes from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(pub(super) IpAddr);

/// Lets a request through to its handler, or says why not.
pub(super) async fn guard(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let route = request.extensions().get::<Route>().copied().unwrap_or(Route::Unknown);
    if route.access() == Access::Open {
        return next.run(request).await;
    }
    let Ok(_place) = app.places.try_acquire() else {
        app.metrics.shed.inc();
        return Problem::busy("the server has as many requests as it can answer: try again in a second")
            .into_response();
    };
    let asker = match asker(&app, request.headers()) {
        Ok(asker) => asker,
        Err(problem) => return problem.into_response(),
    };
    let left = match limit(&app, route, &asker, &request) {
        Ok(left) => left,
        Err(left) => {
            app.metrics.rate_limited.inc();
            let mut response = left.problem().into_response();
            left.tell(response.headers_mut());
            return response;
        }
    };
    let mut response = next.run(request).await;
    if let Some(left) = left {
        left.tell(response.headers_mut());
    }
    if asker.0.is_some() {
        response.extensions_mut().insert(asker);
    }
    response
}

fn limit(
    app: &App,
    route: Route,
    asker: &Asker,
    request: &Request,
) -> Result<Option<super::rate::Left>, super::rate::Left> {
    let Some(limiter) = app.limiter.as_ref().filter(|_| route.access() == Access::Limited) else { return Ok(None) };
    let address = request.extensions().get::<Peer>().map(|peer| Caller::of_address(peer.0));
    let caller = asker.0.clone().map(Caller::Token).or(address).unwrap_or(Caller::Others);
    limiter.take(caller).map(Some)
}

/// Whose token the request carries, where callers need one.
fn asker(app: &App, headers: &HeaderMap) -> Result<Asker, Problem> {
    let Some(tokens) = app.tokens() else { return Ok(Asker::default()) };
    let denied = |detail: &str| Problem::new(StatusCode::UNAUTHORIZED, detail);
    let value = headers.get(header::AUTHORIZATION);
    let token = value.map(HeaderValue::to_str).and_then(Result::ok).and_then(bearer);
    let token =
        token.ok_or_else(|| denied("send `Authorization: Bearer TOKEN` with a token that this server knows"))?;
    let name = tokens.name_of(token);
    name.map(|name| Asker(Some(name)))
        .ok_or_else(|| denied("the token is not known here: ask whoever runs this server"))
}

fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    Some(token.trim()).filter(|token| scheme.eq_ignore_ascii_case("bearer") && !token.is_empty())
}
