//! Which pages of other origins may call. Never with credentials of the browser.

use std::time::Duration;

use axum::http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::{AllowOrigin, CorsLayer};

/// Who may call from a page of another origin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Origins {
    /// Nobody.
    #[default]
    Same,
    /// Every page.
    Any,
    /// Pages of these origins, as in `https://portal.example.com`.
    Listed(Vec<String>),
}

/// How long a browser remembers what it may do.
const REMEMBERED: Duration = Duration::from_mins(10);

/// What browsers are told, where there is something to tell.
pub(super) fn layer(origins: &Origins) -> Option<CorsLayer> {
    let allowed = match origins {
        Origins::Same => return None,
        Origins::Any => AllowOrigin::any(),
        Origins::Listed(origins) => AllowOrigin::list(origins.iter().filter_map(|o| HeaderValue::from_str(o).ok())),
    };
    let told = ["ratelimit", "ratelimit-policy", "retry-after", "x-request-id"].map(HeaderName::from_static);
    let layer = CorsLayer::new().allow_origin(allowed).allow_methods([Method::GET, Method::POST]);
    let sent = [header::AUTHORIZATION, header::CONTENT_TYPE, HeaderName::from_static("x-request-id")];
    Some(layer.allow_headers(sent).expose_headers(told).max_age(REMEMBERED))
}
