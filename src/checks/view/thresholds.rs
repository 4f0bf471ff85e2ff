//! From when on something counts.

/// From when on something counts; times in seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// What is under way may take so long before something is wrong with it: a load balancer, a claim, an end.
    pub settle: i64,
    /// Events that are older say nothing about now.
    pub recent: i64,
    /// A crash that is older is over where the container runs again.
    pub crash: i64,
    /// More restarts than this are many.
    pub restarts: i64,
    /// More percent of what there is are much.
    pub usage: i64,
    /// A certificate that ends within so many seconds is about to.
    pub certificate: i64,
    /// A Helm release that is pending for longer hangs.
    pub release: i64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { settle: 300, recent: 3600, crash: 900, restarts: 5, usage: 80, certificate: 14 * 86_400, release: 900 }
    }
}
