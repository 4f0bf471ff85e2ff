//! A workload uses far more, or far less, than it asks for: the scheduler plans with wrong numbers.

use std::collections::BTreeMap;

use super::amount::amount;
use super::platform::is_platform;
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, Metrics, ObjectRef, Pod, Quantity};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "allocation-out-of-proportion",
    title: "Requests far from what is used",
    rows: &[68],
    severity: Severity::Low,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::PodMetrics, Kind::Pod],
    hygiene: true,
    run,
};

/// More than this share of the request is far more, less than that far less.
const MUCH: f64 = 2.0;
const LITTLE: f64 = 0.5;

/// Differences smaller than this, summed over a workload, are not worth a change: half a core, 512Mi.
const WORTH: [(&str, f64); 2] = [("cpu", 0.5), ("memory", 536_870_912.0)];

type Measured<'s> = Vec<(&'s Pod, &'s Metrics)>;

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for (workload, pods) in workloads(view) {
        let odd: Vec<String> = WORTH.iter().filter_map(|(resource, worth)| odd(resource, *worth, &pods)).collect();
        if !odd.is_empty() {
            let message = format!("the pods ({} measured) {}", pods.len(), odd.join(", and "));
            verdict.found(Fault::on(workload, &message));
        }
    }
    verdict
}

/// Pods that have run for a while, with what they use now, by the workload that they belong to. Jobs come and go too fast to be weighed.
fn workloads<'s>(view: &View<'s>) -> BTreeMap<ObjectRef, Measured<'s>> {
    let mut all: BTreeMap<ObjectRef, Measured<'s>> = BTreeMap::new();
    for metrics in view.snapshot.pod_metrics.iter().filter(|m| view.is_recent(m.timestamp, view.thresholds.settle)) {
        let Some(pod) = view.pod(&metrics.metadata.namespace, &metrics.metadata.name) else { continue };
        if let Some(workload) = workload(view, pod).filter(|_| is_settled(view, pod)) {
            all.entry(workload).or_default().push((pod, metrics));
        }
    }
    all
}

fn workload(view: &View<'_>, pod: &Pod) -> Option<ObjectRef> {
    let known = view.owners(&pod.metadata).into_iter().rfind(|o| o.kind.is_workload())?;
    (!matches!(known.kind, Kind::Job | Kind::CronJob) && !is_platform(&known.namespace)).then_some(known)
}

fn is_settled(view: &View<'_>, pod: &Pod) -> bool {
    !pod.is_over() && !pod.metadata.is_going() && view.lasts(pod.status.start_time, view.thresholds.settle)
}

/// What is odd about a resource, if it is.
fn odd(resource: &str, worth: f64, pods: &Measured<'_>) -> Option<String> {
    let asked: f64 = pods.iter().map(|(pod, _)| pod.spec.request(resource)).sum();
    let used: f64 = pods.iter().map(|(_, metrics)| usage(metrics, resource)).sum();
    let share = used / asked;
    let off = !(LITTLE..=MUCH).contains(&share);
    (asked > 0.0 && off && (used - asked).abs() >= worth).then(|| {
        format!("ask for {} and use {} ({:.0} %)", amount(resource, asked), amount(resource, used), share * 100.0)
    })
}

fn usage(metrics: &Metrics, resource: &str) -> f64 {
    metrics.containers.iter().filter_map(|c| c.usage.get(resource).and_then(Quantity::value)).sum()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Cluster, Thing, cluster, pod, thing, workload};

    fn uses(pod: &str, cpu: &str, memory: &str) -> Thing {
        thing("metrics.k8s.io/v1beta1", "PodMetrics", pod)
            .set("timestamp", "2026-11-26T11:59:30Z")
            .set("containers", json!([{ "name": "web", "usage": { "cpu": cpu, "memory": memory } }]))
    }

    /// Two pods of a deployment, each of which asks for 1 cpu and 1Gi.
    fn pair(namespace: &str, cpu: &str, memory: &str) -> Cluster {
        let name = |pod: &str| format!("{namespace}/{pod}");
        let set = workload("ReplicaSet", &name("web-5d"), 2).owned_by("apps/v1", "Deployment", "web");
        let cluster = cluster().with(workload("Deployment", &name("web"), 2)).with(set);
        ["web-5d-a", "web-5d-b"].into_iter().fold(cluster, |cluster, pod_name| {
            let asks = json!({ "requests": { "cpu": "1", "memory": "1Gi" } });
            let pod = pod(&name(pod_name)).owned_by("apps/v1", "ReplicaSet", "web-5d");
            cluster.with(pod.set("spec.containers.0.resources", asks)).with(uses(&name(pod_name), cpu, memory))
        })
    }

    #[test]
    fn far_less_and_far_more_are_told_once_for_the_workload() {
        pair("shop", "20m", "900Mi")
            .finds(&CHECK, &["deployment shop/web"])
            .says("the pods (2 measured) ask for 2 cpu and use 0.04 cpu (2 %)");
        pair("shop", "900m", "3Gi").finds(&CHECK, &["deployment shop/web"]).says("ask for 2Gi and use 6Gi (300 %)");
    }

    #[test]
    fn about_right_little_in_sum_and_no_request_are_fine() {
        pair("shop", "700m", "800Mi").is_fine(&CHECK);
        let small = pod("shop/db-0").owned_by("apps/v1", "StatefulSet", "db");
        cluster().with(small.clone()).with(uses("shop/db-0", "1m", "4Mi")).is_fine(&CHECK);
        let free = small.unset("spec.containers.0.resources");
        cluster().with(free).with(uses("shop/db-0", "3", "4Gi")).is_fine(&CHECK);
    }

    #[test]
    fn starts_jobs_and_the_platform_are_not_weighed() {
        let asks = json!({ "requests": { "cpu": "4" } });
        let idle = pod("shop/x").set("spec.containers.0.resources", asks);
        let young =
            idle.clone().owned_by("apps/v1", "StatefulSet", "x").set("status.startTime", "2026-11-26T11:59:00Z");
        cluster().with(young).with(uses("shop/x", "1m", "4Mi")).is_fine(&CHECK);
        cluster().with(idle.owned_by("batch/v1", "Job", "x")).with(uses("shop/x", "1m", "4Mi")).is_fine(&CHECK);
        pair("kube-system", "20m", "900Mi").is_fine(&CHECK);
    }
}
