//! A container uses all the CPU that it may: the kernel makes it wait, and it answers late.

use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Container, Kind, Metrics, Pod, Quantity, Resources};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "cpu-throttled",
    title: "Container at its CPU limit",
    rows: &[37],
    severity: Severity::Medium,
    stage: Stage::Container,
    basis: Basis::Status,
    needs: &[Kind::PodMetrics, Kind::Pod],
    hygiene: false,
    run,
};

/// Percent of the limit from which on a container is held back. The measure is a mean, its peaks are higher.
const FULL: f64 = 95.0;
/// Seconds after which a measurement says nothing about now.
const STALE: i64 = 900;

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for metrics in view.snapshot.pod_metrics.iter().filter(|m| view.is_recent(m.timestamp, STALE)) {
        let Some(pod) = view.pod(&metrics.metadata.namespace, &metrics.metadata.name) else { continue };
        if pod.is_over() || pod.metadata.is_going() {
            continue;
        }
        if let Some(held) = fullest(pod, metrics) {
            verdict.found(fault(pod, &held));
        }
    }
    verdict
}

/// A container that is held back.
struct Held<'v> {
    container: &'v Container,
    usage: &'v Quantity,
    limit: &'v Quantity,
    percent: f64,
}

/// The container of a pod that is nearest to its limit, where that is near enough. One without a limit is held back by nothing but its node.
fn fullest<'v>(pod: &'v Pod, metrics: &'v Metrics) -> Option<Held<'v>> {
    let measured = metrics.containers.iter().filter_map(|m| {
        let container = pod.spec.all_containers().find(|c| c.name == m.name)?;
        let (usage, limit) = (m.usage.get("cpu")?, container.resources.limits.get("cpu")?);
        let percent = 100.0 * cores(&m.usage)? / cores(&container.resources.limits).filter(|limit| *limit > 0.0)?;
        Some(Held { container, usage, limit, percent })
    });
    let full = measured.filter(|held| held.percent >= FULL);
    full.max_by(|a, b| a.percent.total_cmp(&b.percent))
}

fn cores(amounts: &Resources) -> Option<f64> {
    amounts.get("cpu").and_then(Quantity::value)
}

fn fault(pod: &Pod, held: &Held<'_>) -> Fault {
    let name = &held.container.name;
    let used = millicores(held.usage);
    // Work that is to end may use all that it gets.
    let errand = pod.metadata.controller().is_some_and(|owner| owner.kind == "Job");
    let sentence = format!(
        "container {name} uses {used} of its CPU limit {} ({:.0} %), so the kernel slows it down",
        held.limit, held.percent
    );
    let fault = Fault::on(pod.metadata.object(Kind::Pod), &sentence)
        .seen(format!("spec.containers[{name}].resources.limits.cpu"), held.limit.to_string())
        .seen(format!("metrics of container {name}"), format!("cpu usage {used}"))
        .fact("container", name)
        .fact("limit", held.limit.to_string())
        .fact("used", used)
        .fact("node", &pod.spec.node_name);
    if errand { fault.severity(Severity::Low) } else { fault }
}

/// Metrics are served in nanocores, which nobody reads.
fn millicores(amount: &Quantity) -> String {
    amount.value().map_or_else(|| amount.to_string(), |cores| format!("{:.0}m", cores * 1000.0))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, pod, thing};
    use crate::finding::Severity;

    fn web() -> Thing {
        pod("shop/web-0").set("spec.containers.0.resources.limits.cpu", "500m")
    }

    fn measured(cpu: &str) -> Thing {
        thing("metrics.k8s.io/v1beta1", "PodMetrics", "shop/web-0")
            .set("timestamp", "2026-11-26T11:59:30Z")
            .set("containers", json!([{ "name": "web", "usage": { "cpu": cpu, "memory": "90Mi" } }]))
    }

    #[test]
    fn a_container_at_its_limit_is_found() {
        let verdict = cluster().with(web()).with(measured("498765432n")).finds(&CHECK, &["pod shop/web-0"]);
        verdict.says("container web uses 499m of its CPU limit 500m (100 %)");
    }

    #[test]
    fn a_container_with_room_or_without_a_limit_is_fine() {
        cluster().with(web()).with(measured("400m")).is_fine(&CHECK);
        cluster().with(pod("shop/web-0")).with(measured("3900m")).is_fine(&CHECK);
        cluster().with(web()).with(measured("500m").set("timestamp", "2026-11-26T10:00:00Z")).is_fine(&CHECK);
    }

    #[test]
    fn without_metrics_nothing_is_said() {
        cluster().with(web()).is_fine(&CHECK);
    }

    #[test]
    fn a_job_may_use_what_it_gets() {
        let job = web().owned_by("batch/v1", "Job", "load");
        let verdict = cluster().with(job).with(measured("500m")).finds(&CHECK, &["pod shop/web-0"]);
        assert_eq!(verdict.faults[0].severity, Some(Severity::Low));
    }
}
