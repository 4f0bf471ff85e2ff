//! Pods that ended badly and stay as a record: when, whose they were, and whether others have taken their place.

use std::collections::BTreeMap;

use super::View;
use super::job_outcome::is_settled;
use crate::evidence::cluster::{Kind, ObjectRef, Pod, Time, condition};

/// Seconds after which an end is history.
pub(super) const DAY: i64 = 86_400;

/// Pods of one owner that ended alike, the newest first.
pub(super) struct Ended<'v> {
    /// The workload at the top, or the pod itself where nobody manages it.
    pub(super) owner: ObjectRef,
    /// The pods.
    pub(super) pods: Vec<&'v Pod>,
}

/// Pods that ended in a certain way, by their owners. An attempt of a job that was made good matters no longer.
pub(super) fn by_owner<'v>(view: &View<'v>, is: impl Fn(&Pod) -> bool) -> Vec<Ended<'v>> {
    let mut all: BTreeMap<ObjectRef, Vec<&Pod>> = BTreeMap::new();
    let pods = view.snapshot.pods.iter().filter(|pod| !pod.metadata.is_going() && is(pod));
    for pod in pods.filter(|pod| !is_settled(view, pod)) {
        all.entry(view.top(&pod.metadata.object(Kind::Pod))).or_default().push(pod);
    }
    let ended = all.into_iter().map(|(owner, mut pods)| {
        pods.sort_by_key(|pod| (std::cmp::Reverse(when(pod)), &pod.metadata.name));
        Ended { owner, pods }
    });
    ended.collect()
}

impl<'v> Ended<'v> {
    /// The pod that ended last.
    pub(super) fn newest(&self) -> Option<&'v Pod> {
        self.pods.first().copied()
    }

    /// When that was.
    pub(super) fn when(&self) -> Time {
        self.newest().map(when).unwrap_or_default()
    }

    /// `the pod` or `3 pods`.
    pub(super) fn count(&self) -> String {
        match self.pods.len() {
            1 => "one pod".to_owned(),
            many => format!("{many} pods"),
        }
    }

    /// The node, where all of them were on one.
    pub(super) fn node(&self) -> Option<ObjectRef> {
        let name = self.newest()?.spec.node_name.as_str();
        let same = !name.is_empty() && self.pods.iter().all(|pod| pod.spec.node_name == name);
        same.then(|| ObjectRef::new(Kind::Node, "", name))
    }
}

/// When a pod ended: what tells the end itself comes before what tells its beginning. A pod that was turned away ended when it began.
pub(super) fn when(pod: &Pod) -> Time {
    let status = &pod.status;
    let target = condition(&status.conditions, "DisruptionTarget").map(|c| c.last_transition_time);
    let statuses = status.container_statuses.iter().filter_map(|s| s.state.terminated.as_ref());
    let containers = statuses.map(|end| end.finished_at).max();
    let ready = condition(&status.conditions, "Ready").map(|c| c.last_transition_time);
    let times = [target, containers, ready, Some(status.start_time), Some(pod.metadata.creation_timestamp)];
    times.into_iter().flatten().find(|time| time.0.is_some()).unwrap_or_default()
}

/// Whether the owner has all the pods that it wants, so that the one that ended is missed no longer. That they are not ready yet, others tell.
pub(super) fn is_replaced(view: &View<'_>, owner: &ObjectRef) -> bool {
    let pods = view.pods_of(owner);
    let Some(workload) = view.workload(owner) else { return pods.iter().any(|pod| pod.is_ready() && !pod.is_over()) };
    let (ready, wanted) = match owner.kind {
        Kind::DaemonSet => (workload.status.number_ready, workload.status.desired_number_scheduled),
        _ => (workload.status.ready_replicas, workload.wanted()),
    };
    let lives = |pod: &&&Pod| matches!(pod.status.phase.as_str(), "Pending" | "Running") && !pod.metadata.is_going();
    ready >= wanted || i64::try_from(pods.iter().filter(lives).count()).is_ok_and(|living| living >= wanted)
}
