//! A container uses almost all the memory that it may: the kernel kills it at the next step up.

use super::amount::amount;
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{ContainerMetrics, Kind, Metrics, Pod, Quantity, Time};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "container-usage-high",
    title: "Container is near its memory limit",
    rows: &[129],
    severity: Severity::Medium,
    stage: Stage::Container,
    basis: Basis::Status,
    needs: &[Kind::PodMetrics, Kind::Pod],
    hygiene: false,
    run,
};

/// This share of the limit is near. Below it, caches of files that the kernel gives back make up the difference.
const NEAR: f64 = 0.9;

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for metrics in view.snapshot.pod_metrics.iter().filter(|m| view.is_recent(m.timestamp, view.thresholds.settle)) {
        let Some(pod) = view.pod(&metrics.metadata.namespace, &metrics.metadata.name) else { continue };
        let mut full = full(pod, metrics);
        full.sort_by(|a, b| b.share().total_cmp(&a.share()));
        if !full.is_empty() && !pod.is_over() && !pod.metadata.is_going() {
            verdict.found(fault(pod, metrics, &full));
        }
    }
    verdict
}

/// What a container uses of its memory limit, in bytes.
struct Filling<'p> {
    container: &'p str,
    used: f64,
    limit: f64,
}

impl Filling<'_> {
    fn share(&self) -> f64 {
        self.used / self.limit
    }
}

fn full<'m>(pod: &Pod, metrics: &'m Metrics) -> Vec<Filling<'m>> {
    let measured = metrics.containers.iter().filter(|c| is_same_life(pod, c, metrics.timestamp));
    measured.filter_map(|c| filling(pod, c)).filter(|f| f.share() > NEAR).collect()
}

fn filling<'m>(pod: &Pod, measured: &'m ContainerMetrics) -> Option<Filling<'m>> {
    let container = pod.spec.all_containers().find(|c| c.name == measured.name)?;
    let limit = container.resources.limits.get("memory").and_then(Quantity::value).filter(|limit| *limit > 0.0)?;
    let used = measured.usage.get("memory").and_then(Quantity::value)?;
    Some(Filling { container: &measured.name, used, limit })
}

/// Whether the container still runs as it was measured; after a restart the old number says nothing.
fn is_same_life(pod: &Pod, measured: &ContainerMetrics, when: Time) -> bool {
    let mut all = pod.each_container().filter(|c| c.status.name == measured.name);
    let began = all.next().and_then(|c| c.status.state.running.as_ref()).map(|running| running.started_at);
    began.is_some_and(|began| began.0.zip(when.0).is_none_or(|(began, when)| began <= when))
}

fn fault(pod: &Pod, metrics: &Metrics, full: &[Filling<'_>]) -> Fault {
    let one = |f: &Filling<'_>| {
        let (used, limit) = (amount("memory", f.used), amount("memory", f.limit));
        format!("container {} uses {used} of the {limit} that it may ({:.0} %)", f.container, f.share() * 100.0)
    };
    let all: Vec<String> = full.iter().map(one).collect();
    let fullest = full.first();
    Fault::on(pod.metadata.object(Kind::Pod), &all.join("; "))
        .fact("container", fullest.map_or("", |f| f.container))
        .fact("limit", fullest.map(|f| amount("memory", f.limit)).unwrap_or_default())
        .fact("used", fullest.map(|f| amount("memory", f.used)).unwrap_or_default())
        .fact("resource", "memory")
        .since(metrics.timestamp)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, pod, thing};

    const RUNNING: &str = "status.containerStatuses.0.state";

    fn uses(memory: &str) -> Thing {
        thing("metrics.k8s.io/v1beta1", "PodMetrics", "shop/web-0")
            .set("timestamp", "2026-11-26T11:59:30Z")
            .set("containers", json!([{ "name": "web", "usage": { "cpu": "900m", "memory": memory } }]))
    }

    #[test]
    fn memory_near_the_limit_is_found() {
        cluster()
            .with(pod("shop/web-0"))
            .with(uses("250000Ki"))
            .finds(&CHECK, &["pod shop/web-0"])
            .says("container web uses 244.14Mi of the 256Mi that it may (95 %)");
    }

    #[test]
    fn use_above_the_request_or_without_a_limit_is_fine() {
        // popeye warns at 80 % of the request of a burstable pod; that is what bursting is for.
        cluster().with(pod("shop/web-0")).with(uses("200Mi")).is_fine(&CHECK);
        let free = pod("shop/web-0").unset("spec.containers.0.resources.limits");
        let free = free.set("spec.containers.0.resources.requests.memory", "64Mi");
        cluster().with(free).with(uses("2Gi")).is_fine(&CHECK);
    }

    #[test]
    fn a_number_from_before_a_restart_or_from_yesterday_says_nothing() {
        let again = pod("shop/web-0").set(RUNNING, json!({ "running": { "startedAt": "2026-11-26T11:59:50Z" } }));
        cluster().with(again).with(uses("250Mi")).is_fine(&CHECK);
        let dead = pod("shop/web-0").set(RUNNING, json!({ "waiting": { "reason": "CrashLoopBackOff" } }));
        cluster().with(dead).with(uses("250Mi")).is_fine(&CHECK);
        let old = uses("250Mi").set("timestamp", "2026-11-25T11:59:30Z");
        cluster().with(pod("shop/web-0")).with(old).is_fine(&CHECK);
    }

    #[test]
    fn sidecars_count_and_a_pod_is_told_once() {
        let sidecar =
            json!({ "name": "log", "restartPolicy": "Always", "resources": { "limits": { "memory": "64Mi" } } });
        let status = json!({ "name": "log", "state": { "running": { "startedAt": "2026-11-20T08:00:00Z" } } });
        let two = pod("shop/web-0").set("spec.initContainers.0", sidecar).set("status.initContainerStatuses.0", status);
        let both = uses("250Mi").set("containers.1", json!({ "name": "log", "usage": { "memory": "63Mi" } }));
        let verdict = cluster().with(two).with(both).finds(&CHECK, &["pod shop/web-0"]);
        verdict.says("container log uses 63Mi of the 64Mi that it may (98 %); container web uses 250Mi");
    }
}
