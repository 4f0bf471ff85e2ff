//! Who answers names in the cluster: `CoreDNS` or kube-dns in kube-system, the DNS operator's pods on `OpenShift`.

use std::collections::BTreeSet;

use super::View;
use crate::evidence::cluster::{Kind, Service, Workload};

/// Namespaces in which the servers of names live.
pub(super) const NAMESPACES: [&str; 2] = ["kube-system", "openshift-dns"];

/// The services that pods ask for names, the usual one first; of several with the same pods (GKE has two) only one.
pub(super) fn services<'s>(view: &View<'s>) -> Vec<&'s Service> {
    let near = NAMESPACES.iter().flat_map(|namespace| view.services_in(namespace)).copied();
    let mut found: Vec<&Service> = near.filter(|s| !s.spec.selector.is_empty() && serves_names(s)).collect();
    found.sort_by_key(|s| s.metadata.name != "kube-dns");
    let mut known = BTreeSet::new();
    found.retain(|s| known.insert((&s.metadata.namespace, &s.spec.selector)));
    found
}

fn serves_names(service: &Service) -> bool {
    let meta = &service.metadata;
    let labelled = meta.labels.get("k8s-app").is_some_and(|app| app == "kube-dns");
    match meta.namespace.as_str() {
        "openshift-dns" => meta.name == "dns-default",
        _ => meta.name == "kube-dns" || labelled,
    }
}

/// The controllers of the servers of names.
pub(super) fn workloads<'s>(view: &View<'s>) -> Vec<(Kind, &'s Workload)> {
    let known = |w: &Workload| match w.metadata.namespace.as_str() {
        "kube-system" => matches!(w.metadata.name.as_str(), "coredns" | "kube-dns"),
        "openshift-dns" => w.metadata.name == "dns-default",
        _ => false,
    };
    view.snapshot.workloads().filter(|(kind, w)| *kind != Kind::ReplicaSet && known(w)).collect()
}

/// Whether the nodes are of a kind on which the provider may answer names itself (Cloud DNS of GKE, EKS Auto Mode).
pub(super) fn is_managed(view: &View<'_>) -> bool {
    view.snapshot.nodes.iter().map(|n| &n.metadata.labels).any(|labels| {
        labels.contains_key("cloud.google.com/gke-nodepool")
            || labels.get("eks.amazonaws.com/compute-type").is_some_and(|kind| kind == "auto")
    })
}

/// The service of the names and a pod behind it, in kube-system.
#[cfg(test)]
pub(super) fn dns(ready: &str) -> super::testing::Cluster {
    use super::testing::{cluster, pod, service};
    let labels = serde_json::json!({ "k8s-app": "kube-dns" });
    let server = pod("kube-system/coredns-0").set("metadata.labels", labels.clone()).condition("Ready", ready, "");
    cluster().with(service("kube-system/kube-dns").set("spec.selector", labels)).with(server)
}
