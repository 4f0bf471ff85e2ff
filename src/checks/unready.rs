//! Pods that are not ready, and since when.

use super::View;
use crate::evidence::cluster::{ObjectRef, Pod, PodContainer, Time, condition};

/// The pods of a workload that should get traffic and do not. Pods that are over or going are replaced, they say nothing of the workload.
pub(super) fn unready<'v>(view: &'v View<'_>, workload: &ObjectRef) -> impl Iterator<Item = &'v Pod> {
    let all = view.pods_of(workload).iter().copied();
    all.filter(|pod| !pod.is_over() && !pod.metadata.is_going() && !pod.is_ready())
}

/// Since when a pod that is not ready has not been.
///
/// A pod that backs off was ready for seconds between its crashes: it counts from its beginning. One that is deleted may take its grace.
pub(super) fn unready_since(pod: &Pod) -> Time {
    let created = pod.metadata.creation_timestamp;
    if pod.metadata.is_going() {
        return pod.metadata.deletion_timestamp;
    }
    let said = condition(&pod.status.conditions, "Ready").map(|c| c.last_transition_time);
    said.filter(|since| since.0.is_some() && !backs_off(pod)).unwrap_or(created)
}

fn backs_off(pod: &Pod) -> bool {
    let waiting = |c: PodContainer<'_>| c.status.state.waiting.as_ref().is_some_and(|w| w.reason == "CrashLoopBackOff");
    pod.each_container().any(waiting)
}

/// The earliest of the times that are known.
pub(super) fn earliest(times: impl IntoIterator<Item = Time>) -> Time {
    Time(times.into_iter().filter_map(|time| time.0).min())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{earliest, unready_since};
    use crate::checks::testing::{Thing, pod};
    use crate::evidence::cluster::{Pod, Time};

    fn since(pod: Thing) -> Time {
        let pod: Pod = serde_json::from_value(pod.0).expect("a pod");
        unready_since(&pod)
    }

    fn at(time: &str) -> Time {
        Time(Some(time.parse().expect("a time")))
    }

    #[test]
    fn the_condition_tells_since_when_and_before_it_the_creation() {
        let waits = pod("shop/web-0").condition("Ready", "False", "ContainersNotReady");
        assert_eq!(since(waits), at("2026-11-26T11:00:00Z"));
        assert_eq!(since(pod("shop/web-0").unset("status.conditions")), at("2026-11-20T08:00:00Z"));
    }

    #[test]
    fn a_crash_loop_counts_from_the_beginning_and_an_end_from_its_grace() {
        let crashes = pod("shop/web-0")
            .condition("Ready", "False", "ContainersNotReady")
            .set("status.containerStatuses.0.state", json!({ "waiting": { "reason": "CrashLoopBackOff" } }));
        assert_eq!(since(crashes), at("2026-11-20T08:00:00Z"));
        let going = pod("shop/web-0").set("metadata.deletionTimestamp", "2026-11-26T12:00:30Z");
        assert_eq!(since(going), at("2026-11-26T12:00:30Z"));
    }

    #[test]
    fn the_earliest_ignores_what_is_not_known() {
        let (early, late) = (at("2026-11-26T10:00:00Z"), at("2026-11-26T11:00:00Z"));
        assert_eq!(earliest([late, Time::default(), early]), early);
        assert_eq!(earliest([Time::default()]), Time::default());
    }
}
