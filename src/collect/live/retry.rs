//! Which answers are worth another try: those of a server that is busy, not those of an API that somebody else serves and that is down.

use std::time::Duration;

use http::{Request, Response, StatusCode};
use kube::client::Body;
use kube::client::retry::{InvalidBackoff, RetryPolicy};
use tokio::time::Sleep;
use tower::BoxError;
use tower::retry::Policy;

/// Where an API lies that a pod of the cluster serves: while it is down, the server answers 503 at once, and will tomorrow.
const SERVED_BY_PODS: &str = "/apis/metrics.k8s.io/";

/// The policy of the library, but for what is down.
#[derive(Clone)]
pub(super) struct Retry(RetryPolicy);

impl Retry {
    /// Waits of 0.25 to 5 seconds, or as long as the server asks for, four times.
    pub(super) fn new() -> Result<Self, InvalidBackoff> {
        RetryPolicy::new(Duration::from_millis(250), Duration::from_secs(5), 4, true).map(Self)
    }
}

impl<R> Policy<Request<Body>, Response<R>, BoxError> for Retry {
    type Future = Sleep;

    fn retry(
        &mut self,
        request: &mut Request<Body>,
        result: &mut Result<Response<R>, BoxError>,
    ) -> Option<Self::Future> {
        let down = |answer: &Response<R>| answer.status() == StatusCode::SERVICE_UNAVAILABLE;
        let is_down = request.uri().path().starts_with(SERVED_BY_PODS) && result.as_ref().is_ok_and(down);
        if is_down { None } else { self.0.retry(request, result) }
    }

    fn clone_request(&mut self, request: &Request<Body>) -> Option<Request<Body>> {
        <RetryPolicy as Policy<Request<Body>, Response<R>, BoxError>>::clone_request(&mut self.0, request)
    }
}
