//! What is counted, for `GET /metrics`. Values of labels are from short lists, whatever is asked for.

use std::sync::atomic::AtomicU64;
use std::time::Duration;

use axum::http::{Method, StatusCode};
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use super::routes::Route;

type Label = (&'static str, &'static str);

/// Bounds of the latency histogram, in seconds.
const BOUNDS: [f64; 11] = [0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.05, 0.25, 1.0, 5.0];

/// Everything that is counted.
pub(super) struct Metrics {
    registry: Registry,
    requests: Family<[Label; 3], Counter>,
    seconds: Family<[Label; 1], Histogram>,
    diagnoses: Family<[(&'static str, String); 1], Counter>,
    collections: Family<[Label; 1], Counter>,
    /// Requests over a caller's rate.
    pub(super) rate_limited: Counter,
    /// Requests for which there was no place.
    pub(super) shed: Counter,
    /// Connections that are open.
    pub(super) connections: Gauge,
    age: Gauge<f64, AtomicU64>,
    /// Runbooks in force.
    pub(super) runbooks: Gauge,
}

impl Metrics {
    pub(super) fn new() -> Self {
        let mut metrics = Self {
            registry: Registry::with_prefix("idp"),
            requests: Family::default(),
            seconds: Family::new_with_constructor(|| Histogram::new(BOUNDS)),
            diagnoses: Family::default(),
            collections: Family::default(),
            rate_limited: Counter::default(),
            shed: Counter::default(),
            connections: Gauge::default(),
            age: Gauge::default(),
            runbooks: Gauge::default(),
        };
        let registry = &mut metrics.registry;
        registry.register("http_requests", "Requests by route, method and status", metrics.requests.clone());
        registry.register("http_request_seconds", "Time until an answer began", metrics.seconds.clone());
        registry.register("diagnoses", "Diagnoses by category", metrics.diagnoses.clone());
        registry.register("cluster_collections", "Looks at the cluster by outcome", metrics.collections.clone());
        registry.register("rate_limited", "Requests over the rate of their caller", metrics.rate_limited.clone());
        registry.register("shed", "Requests for which there was no place", metrics.shed.clone());
        registry.register("connections", "Connections that are open", metrics.connections.clone());
        registry.register(
            "cluster_age_seconds",
            "Age of what is known of the cluster; -1 for nothing",
            metrics.age.clone(),
        );
        registry.register("runbooks", "Runbooks in force", metrics.runbooks.clone());
        metrics
    }

    pub(super) fn request(&self, route: Route, by: &Method, status: StatusCode, took: Duration) {
        let labels = [("route", route.name()), ("method", method(by)), ("status", code(status))];
        self.requests.get_or_create(&labels).inc();
        self.seconds.get_or_create(&[("route", route.name())]).observe(took.as_secs_f64());
    }

    /// What never became a request: nobody knows where it was going.
    pub(super) fn refused(&self, status: StatusCode) {
        let labels = [("route", Route::Unknown.name()), ("method", "other"), ("status", code(status))];
        self.requests.get_or_create(&labels).inc();
    }

    /// Categories are those of the taxonomy: a runbook with another one is not loaded.
    pub(super) fn diagnosis(&self, category: &str) {
        self.diagnoses.get_or_create(&[("category", category.to_owned())]).inc();
    }

    pub(super) fn collection(&self, worked: bool) {
        self.collections.get_or_create(&[("outcome", if worked { "ok" } else { "error" })]).inc();
    }

    /// Everything, in the text format.
    pub(super) fn text(&self, age: Option<Duration>) -> String {
        self.age.set(age.map_or(-1.0, |age| age.as_secs_f64()));
        let mut text = String::new();
        // Writing to a string does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

/// The method, or that it is another one.
pub(super) fn method(method: &Method) -> &'static str {
    match method.as_str() {
        "GET" => "GET",
        "HEAD" => "HEAD",
        "POST" => "POST",
        "OPTIONS" => "OPTIONS",
        "PUT" => "PUT",
        "DELETE" => "DELETE",
        "PATCH" => "PATCH",
        _ => "other",
    }
}

fn code(status: StatusCode) -> &'static str {
    match status.as_u16() {
        200 => "200",
        400 => "400",
        401 => "401",
        404 => "404",
        405 => "405",
        408 => "408",
        413 => "413",
        414 => "414",
        415 => "415",
        421 => "421",
        422 => "422",
        429 => "429",
        431 => "431",
        500 => "500",
        503 => "503",
        _ => "other",
    }
}
