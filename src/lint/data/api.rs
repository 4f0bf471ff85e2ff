//! API versions that Kubernetes no longer serves.
//!
//! From <https://kubernetes.io/docs/reference/using-api/deprecation-guide/>.

/// A kind in a version that is gone.
#[derive(Clone, Copy, Debug)]
pub(in crate::lint) struct Gone {
    pub version: &'static str,
    pub kinds: &'static [&'static str],
    /// The first release without it.
    pub since: &'static str,
    /// The version that serves it now; empty where the kind itself is gone.
    pub now: &'static str,
    /// An object that was valid before is valid after, with the same meaning, once the version is changed.
    pub alike: bool,
}

const fn gone(
    version: &'static str,
    kinds: &'static [&'static str],
    since: &'static str,
    now: &'static str,
    alike: bool,
) -> Gone {
    Gone { version, kinds, since, now, alike }
}

const WORKLOADS: &[&str] = &["Deployment", "DaemonSet", "ReplicaSet", "StatefulSet"];
const RBAC: &[&str] = &["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"];
const HOOKS: &[&str] = &["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"];
const FLOW: &[&str] = &["FlowSchema", "PriorityLevelConfiguration"];
const STORAGE: &[&str] = &["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"];

/// All of them.
pub(in crate::lint) const GONE: &[Gone] = &[
    gone("extensions/v1beta1", &["Deployment", "DaemonSet", "ReplicaSet"], "1.16", "apps/v1", false),
    gone("extensions/v1beta1", &["NetworkPolicy"], "1.16", "networking.k8s.io/v1", true),
    gone("extensions/v1beta1", &["PodSecurityPolicy"], "1.16", "", false),
    gone("extensions/v1beta1", &["Ingress"], "1.22", "networking.k8s.io/v1", false),
    gone("apps/v1beta1", WORKLOADS, "1.16", "apps/v1", false),
    gone("apps/v1beta2", WORKLOADS, "1.16", "apps/v1", false),
    gone("admissionregistration.k8s.io/v1beta1", HOOKS, "1.22", "admissionregistration.k8s.io/v1", false),
    gone("apiextensions.k8s.io/v1beta1", &["CustomResourceDefinition"], "1.22", "apiextensions.k8s.io/v1", false),
    gone("apiregistration.k8s.io/v1beta1", &["APIService"], "1.22", "apiregistration.k8s.io/v1", true),
    gone("authentication.k8s.io/v1beta1", &["TokenReview"], "1.22", "authentication.k8s.io/v1", true),
    gone(
        "authorization.k8s.io/v1beta1",
        &["LocalSubjectAccessReview", "SelfSubjectAccessReview", "SubjectAccessReview"],
        "1.22",
        "authorization.k8s.io/v1",
        false,
    ),
    gone("certificates.k8s.io/v1beta1", &["CertificateSigningRequest"], "1.22", "certificates.k8s.io/v1", false),
    gone("coordination.k8s.io/v1beta1", &["Lease"], "1.22", "coordination.k8s.io/v1", true),
    gone("networking.k8s.io/v1beta1", &["Ingress"], "1.22", "networking.k8s.io/v1", false),
    gone("networking.k8s.io/v1beta1", &["IngressClass"], "1.22", "networking.k8s.io/v1", true),
    gone("rbac.authorization.k8s.io/v1beta1", RBAC, "1.22", "rbac.authorization.k8s.io/v1", true),
    gone("scheduling.k8s.io/v1beta1", &["PriorityClass"], "1.22", "scheduling.k8s.io/v1", true),
    gone("storage.k8s.io/v1beta1", STORAGE, "1.22", "storage.k8s.io/v1", true),
    gone("batch/v1beta1", &["CronJob"], "1.25", "batch/v1", true),
    gone("discovery.k8s.io/v1beta1", &["EndpointSlice"], "1.25", "discovery.k8s.io/v1", false),
    gone("events.k8s.io/v1beta1", &["Event"], "1.25", "events.k8s.io/v1", false),
    gone("autoscaling/v2beta1", &["HorizontalPodAutoscaler"], "1.25", "autoscaling/v2", false),
    gone("autoscaling/v2beta2", &["HorizontalPodAutoscaler"], "1.26", "autoscaling/v2", true),
    // An empty `spec.selector` selects every pod in `policy/v1`; the rule looks for one before it offers the edit.
    gone("policy/v1beta1", &["PodDisruptionBudget"], "1.25", "policy/v1", true),
    gone("policy/v1beta1", &["PodSecurityPolicy"], "1.25", "", false),
    gone("node.k8s.io/v1beta1", &["RuntimeClass"], "1.25", "node.k8s.io/v1", true),
    gone("storage.k8s.io/v1beta1", &["CSIStorageCapacity"], "1.27", "storage.k8s.io/v1", true),
    gone("flowcontrol.apiserver.k8s.io/v1beta1", FLOW, "1.26", "flowcontrol.apiserver.k8s.io/v1", false),
    gone("flowcontrol.apiserver.k8s.io/v1beta2", FLOW, "1.29", "flowcontrol.apiserver.k8s.io/v1", false),
    gone("flowcontrol.apiserver.k8s.io/v1beta3", FLOW, "1.32", "flowcontrol.apiserver.k8s.io/v1", false),
];

/// What is known about `kind` in `version`.
#[must_use]
pub(in crate::lint) fn lookup(version: &str, kind: &str) -> Option<&'static Gone> {
    GONE.iter().find(|g| g.version == version && g.kinds.contains(&kind))
}
