//! The servers of names are not ready: nothing in the cluster finds anything by its name any more.

use super::cluster_dns::{is_managed, services, workloads};
use super::service_endpoints::{endpoints, is_settling, live_pods, names, unready_since};
use super::{Basis, Check, Stage, Verdict, View, told};
use crate::evidence::cluster::{Kind, LabelSelector, Pod, Service, Workload};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "coredns-unhealthy",
    title: "Cluster DNS is not ready",
    rows: &[92],
    severity: Severity::Critical,
    stage: Stage::Service,
    basis: Basis::Status,
    needs: &[Kind::Service, Kind::Pod, Kind::Deployment],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let services = services(view);
    for service in &services {
        match look(view, service) {
            Ok(found) => verdict.faults.extend(found),
            Err(why) => verdict.unknown(why),
        }
    }
    // Who may not read the service, or has another one, still sees the controller.
    if services.is_empty() {
        verdict.faults.extend(workloads(view).into_iter().filter_map(|(kind, w)| unavailable(view, kind, w)));
    }
    verdict
}

fn look(view: &View<'_>, service: &Service) -> Result<Option<Fault>, String> {
    let ready = endpoints(view, service)?.ready;
    view.snapshot.reads.complete(Kind::Pod, &service.metadata.namespace)?;
    let pods = live_pods(view, service);
    if ready > 0 {
        return Ok(some_unready(view, service, &pods));
    }
    if is_settling(view, service) || served_elsewhere(view, &pods)? {
        return Ok(None);
    }
    let said = match pods.len() {
        0 => "there is no pod".to_owned(),
        _ => names(&pods),
    };
    Ok(Some(fault(view, service, &pods, &format!("no server of cluster DNS is ready: {said}"))))
}

/// Without a pod, and without a workload that wants one, the provider may answer names itself.
fn served_elsewhere(view: &View<'_>, pods: &[&Pod]) -> Result<bool, String> {
    if !pods.is_empty() || workloads(view).iter().any(|(_, w)| w.wanted() > 0) {
        return Ok(false);
    }
    view.snapshot.reads.complete(Kind::Node, "")?;
    Ok(is_managed(view))
}

/// Names are still found, with fewer servers.
fn some_unready(view: &View<'_>, service: &Service, pods: &[&Pod]) -> Option<Fault> {
    let lasting = |p: &&Pod| !p.is_ready() && view.lasts(unready_since(p), view.thresholds.settle);
    let bad: Vec<&Pod> = pods.iter().copied().filter(lasting).collect();
    let message = format!("{} of {} servers of cluster DNS are not ready: {}", bad.len(), pods.len(), names(&bad));
    (!bad.is_empty()).then(|| fault(view, service, &bad, &message).severity(Severity::High))
}

fn fault(view: &View<'_>, service: &Service, pods: &[&Pod], message: &str) -> Fault {
    let selector = LabelSelector { match_labels: service.spec.selector.clone(), ..LabelSelector::default() };
    let fault = Fault::on(service.metadata.object(Kind::Service), message)
        .fact("service", &service.metadata.name)
        .fact("selector", selector.to_string())
        .since(pods.iter().map(|p| unready_since(p)).max().unwrap_or_default());
    pods.iter().take(told::PODS).fold(fault, |fault, pod| told::pod(fault, view, pod))
}

fn unavailable(view: &View<'_>, kind: Kind, workload: &Workload) -> Option<Fault> {
    let status = &workload.status;
    let (wanted, ready) = match kind {
        Kind::DaemonSet => (status.desired_number_scheduled, status.number_ready),
        _ => (workload.wanted(), status.ready_replicas),
    };
    let young = !view.lasts(workload.metadata.creation_timestamp, view.thresholds.settle);
    if wanted == 0 || ready > 0 || young {
        return None;
    }
    let message = format!("none of {wanted} servers of cluster DNS is ready");
    Some(told::bad_states(Fault::on(workload.metadata.object(kind), &message), &status.conditions))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::cluster_dns::dns;
    use crate::checks::testing::{cluster, endpoints, node, pod, service, workload};
    use crate::evidence::cluster::Kind;
    use crate::finding::Severity;

    const DNS: &[&str] = &["service kube-system/kube-dns"];

    #[test]
    fn no_ready_server_is_critical_and_some_are_high() {
        let slices = || endpoints("kube-system/kube-dns", 0, 1);
        let verdict = dns("False").with(slices()).finds(&CHECK, DNS);
        assert_eq!(verdict.says("no server of cluster DNS is ready: coredns-0").faults[0].severity, None);
        let second = pod("kube-system/coredns-1").set("metadata.labels", json!({ "k8s-app": "kube-dns" }));
        let verdict = dns("False").with(second).with(endpoints("kube-system/kube-dns", 1, 1)).finds(&CHECK, DNS);
        assert_eq!(verdict.says("1 of 2 servers").faults[0].severity, Some(Severity::High));
    }

    #[test]
    fn a_healthy_cluster_and_a_provider_that_answers_itself_are_fine() {
        dns("True").with(endpoints("kube-system/kube-dns", 1, 0)).is_fine(&CHECK);
        let alone = || service("kube-system/kube-dns").set("spec.selector", json!({ "k8s-app": "kube-dns" }));
        let gke = node("gke-1").set("metadata.labels.cloud~google~com/gke-nodepool", "default");
        cluster().with(alone()).with(gke).is_fine(&CHECK);
        cluster().with(alone()).with(node("worker-1")).finds(&CHECK, DNS).says("there is no pod");
        cluster().with(alone()).without(Kind::Node).cannot_say(&CHECK, "nodes: forbidden");
    }

    #[test]
    fn without_the_service_the_controller_tells() {
        let down = workload("Deployment", "kube-system/coredns", 2).set("status.readyReplicas", 0);
        cluster().with(down).finds(&CHECK, &["deployment kube-system/coredns"]).says("none of 2 servers");
        cluster().with(workload("Deployment", "kube-system/coredns", 2)).is_fine(&CHECK);
    }
}
