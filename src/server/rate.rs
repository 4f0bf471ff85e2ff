//! How often one caller may ask: a bucket for each, that fills again over a minute.

use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use governor::clock::{Clock as _, DefaultClock};
use governor::middleware::StateInformationMiddleware;
use governor::state::keyed::DefaultKeyedStateStore;
use governor::{Quota, RateLimiter};

use super::app::App;
use super::problem::Problem;

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Caller {
    /// Whoever has this token.
    Token(Arc<str>),
    /// An address of version 4.
    V4([u8; 4]),
    /// A network of version 6: one host has all addresses of it.
    V6([u8; 8]),
    /// All that there is no place for any more.
    Others,
}

impl Caller {
    pub(super) fn of_address(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V4(v4) => Self::V4(v4.octets()),
            IpAddr::V6(v6) => {
                let mut network = [0; 8];
                network.copy_from_slice(&v6.octets()[..8]);
                Self::V6(network)
            }
        }
    }
}

/// Callers that are known at a time.
const MOST: usize = 20_000;
/// How often those are forgotten who were quiet for a minute.
const TIDY: Duration = Duration::from_secs(30);

type Buckets = RateLimiter<Caller, DefaultKeyedStateStore<Caller>, DefaultClock, StateInformationMiddleware>;

/// The buckets of all callers.
pub(super) struct Limiter {
    buckets: Buckets,
    per_minute: NonZeroU32,
    clock: DefaultClock,
}

/// What is left for a caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Left {
    per_minute: u32,
    remaining: u32,
    /// Seconds until there is one more, or until the first where none is left.
    wait: u64,
}

impl Limiter {
    /// Nothing where there is no limit.
    pub(super) fn new(per_minute: u32) -> Option<Self> {
        let per_minute = NonZeroU32::new(per_minute)?;
        let buckets = RateLimiter::keyed(Quota::per_minute(per_minute)).with_middleware();
        Some(Self { buckets, per_minute, clock: DefaultClock::default() })
    }

    /// Takes one from the caller's bucket.
    pub(super) fn take(&self, caller: Caller) -> Result<Left, Left> {
        let caller = if self.buckets.len() >= MOST { Caller::Others } else { caller };
        let per_minute = self.per_minute.get();
        match self.buckets.check_key(&caller) {
            Ok(state) => {
                let wait = (60 / u64::from(per_minute)).max(1);
                Ok(Left { per_minute, remaining: state.remaining_burst_capacity(), wait })
            }
            Err(not_until) => {
                let wait = not_until.wait_time_from(self.clock.now());
                let wait = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
                Err(Left { per_minute, remaining: 0, wait: wait.max(1) })
            }
        }
    }
}

impl Left {
    /// The header fields of the IETF's draft, and those that came before it.
    pub(super) fn tell(self, headers: &mut HeaderMap) {
        let Self { per_minute, remaining, wait } = self;
        let texts = [
            ("ratelimit-policy", format!("\"minute\";q={per_minute};w=60")),
            ("ratelimit", format!("\"minute\";r={remaining};t={wait}")),
            ("ratelimit-limit", per_minute.to_string()),
            ("ratelimit-remaining", remaining.to_string()),
            ("ratelimit-reset", wait.to_string()),
        ];
        for (name, text) in texts {
            if let Ok(value) = HeaderValue::from_str(&text) {
                headers.insert(HeaderName::from_static(name), value);
            }
        }
    }

    pub(super) fn problem(self) -> Problem {
        let Self { per_minute, wait, .. } = self;
        let detail = format!("more than {per_minute} requests in a minute: try again in {wait} s");
        Problem { retry_after: Some(wait), ..Problem::new(StatusCode::TOO_MANY_REQUESTS, detail) }
    }
}

/// Forgets callers who were quiet, again and again.
pub(super) async fn keep_small(app: Arc<App>) {
    let Some(limiter) = &app.limiter else { return };
    loop {
        tokio::time::sleep(TIDY).await;
        limiter.buckets.retain_recent();
        limiter.buckets.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::{Caller, Limiter};

    #[test]
    fn each_caller_has_a_bucket() {
        let limiter = Limiter::new(2).expect("a limit");
        let caller = |text: &str| Caller::of_address(text.parse().expect("an address"));
        assert_eq!(limiter.take(caller("10.0.0.1")).map(|left| left.remaining), Ok(1));
        assert!(limiter.take(caller("::ffff:10.0.0.1")).is_ok());
        let left = limiter.take(caller("10.0.0.1")).expect_err("empty");
        assert!((1..=30).contains(&left.wait), "{left:?}");
        assert!(limiter.take(caller("10.0.0.2")).is_ok());
        assert_eq!(caller("2001:db8::1"), caller("2001:db8::ffff:1"));
        assert!(Limiter::new(0).is_none());
    }
}
