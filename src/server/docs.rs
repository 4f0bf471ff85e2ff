//! `GET /docs`: Swagger UI out of the binary. `assets/swagger-ui/README.md` says which version it is and how it came here.

use std::io::Read as _;

use axum::extract::{Path, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use flate2::read::GzDecoder;

use super::problem::Problem;
use super::routes::no_query;

const PAGE: &str = "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>idp – API</title>\n\
    <link rel=\"stylesheet\" href=\"docs/swagger-ui.css\">\n<link rel=\"icon\" href=\"data:,\">\n</head>\n<body>\n<div id=\"swagger-ui\"></div>\n\
    <script src=\"docs/swagger-ui-bundle.js\"></script>\n<script src=\"docs/start.js\"></script>\n</body>\n</html>\n";
const START: &str = "SwaggerUIBundle({ url: \"openapi.json\", dom_id: \"#swagger-ui\", validatorUrl: null });\n";
static BUNDLE: &[u8] = include_bytes!("../../assets/swagger-ui/swagger-ui-bundle.js.gz");
static STYLE: &[u8] = include_bytes!("../../assets/swagger-ui/swagger-ui.css.gz");

/// Swagger UI sets styles by itself and draws pictures from data; everything else comes from here.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
    connect-src 'self'; base-uri 'none'; frame-ancestors 'none'";

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";

pub(super) async fn page(request: Request) -> Result<Response, Problem> {
    no_query(&request)?;
    Ok(whole(HTML, PAGE.as_bytes().to_vec()))
}

pub(super) async fn file(Path(name): Path<String>, headers: HeaderMap, request: Request) -> Result<Response, Problem> {
    no_query(&request)?;
    match name.as_str() {
        "start.js" => Ok(whole(SCRIPT, START.as_bytes().to_vec())),
        "swagger-ui-bundle.js" => zipped(&headers, SCRIPT, BUNDLE),
        "swagger-ui.css" => zipped(&headers, "text/css; charset=utf-8", STYLE),
        _ => Err(Problem::new(StatusCode::NOT_FOUND, "there is no such file: the page is at /docs")),
    }
}

fn whole(kind: &'static str, bytes: Vec<u8>) -> Response {
    let headers = [(header::CONTENT_TYPE, kind), (header::CONTENT_SECURITY_POLICY, POLICY)];
    (headers.map(|(name, value)| (name, HeaderValue::from_static(value))), bytes).into_response()
}

/// As it lies in the binary, where the caller can unzip it.
fn zipped(headers: &HeaderMap, kind: &'static str, bytes: &'static [u8]) -> Result<Response, Problem> {
    let takes =
        headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|v| v.to_str().ok()).any(|v| v.contains("gzip"));
    let mut response = if takes {
        whole(kind, bytes.to_vec())
    } else {
        let mut plain = Vec::new();
        let read = GzDecoder::new(bytes).read_to_end(&mut plain);
        read.map_err(|_| Problem::of_status(StatusCode::INTERNAL_SERVER_ERROR))?;
        whole(kind, plain)
    };
    let out = response.headers_mut();
    if takes {
        out.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    out.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=3600"));
    Ok(response)
}
