//! Namespaces that belong to the platform: whoever runs workloads on it does not set the requests and budgets there.

/// Beginnings of their names: Kubernetes itself, `OpenShift`, Google's and Azure's managed parts.
const PLATFORM: [&str; 5] = ["kube-", "openshift-", "gke-", "gmp-", "aks-"];

/// Whether a namespace belongs to the platform.
pub(super) fn is_platform(namespace: &str) -> bool {
    PLATFORM.iter().any(|start| namespace.starts_with(start)) || namespace == "openshift"
}
