//! The kinds of objects that are looked at: how the API names them, and how people do.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

/// What the API says about a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KindInfo {
    /// The kind.
    pub kind: Kind,
    /// `kind:` of its objects.
    pub name: &'static str,
    /// Its API group; empty for the core group.
    pub group: &'static str,
    /// Versions that are read, the preferred first.
    pub versions: &'static [&'static str],
    /// Name in paths of the API.
    pub plural: &'static str,
    /// Whether its objects live in namespaces.
    pub namespaced: bool,
    /// Whether it comes with an add-on, so that a cluster without it is complete too.
    pub optional: bool,
}

macro_rules! kinds {
    ($($kind:ident $group:literal $versions:expr, $plural:literal $scope:ident $from:ident;)*) => {
        /// A kind of object.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[expect(missing_docs, reason = "they are the kinds of the API, by their names")]
        pub enum Kind { $($kind,)* }

        /// Every kind that is looked at.
        pub const KINDS: &[KindInfo] = &[$(KindInfo {
            kind: Kind::$kind,
            name: stringify!($kind),
            group: $group,
            versions: &$versions,
            plural: $plural,
            namespaced: kinds!(@scope $scope),
            optional: kinds!(@from $from),
        },)*];
    };
    (@scope namespaced) => { true };
    (@scope cluster) => { false };
    (@from core) => { false };
    (@from addon) => { true };
}

kinds! {
    Node "" ["v1"], "nodes" cluster core;
    Namespace "" ["v1"], "namespaces" cluster core;
    Pod "" ["v1"], "pods" namespaced core;
    Service "" ["v1"], "services" namespaced core;
    ConfigMap "" ["v1"], "configmaps" namespaced core;
    Secret "" ["v1"], "secrets" namespaced core;
    ServiceAccount "" ["v1"], "serviceaccounts" namespaced core;
    PersistentVolumeClaim "" ["v1"], "persistentvolumeclaims" namespaced core;
    PersistentVolume "" ["v1"], "persistentvolumes" cluster core;
    Event "" ["v1"], "events" namespaced core;
    ResourceQuota "" ["v1"], "resourcequotas" namespaced core;
    LimitRange "" ["v1"], "limitranges" namespaced core;
    ReplicationController "" ["v1"], "replicationcontrollers" namespaced core;
    Deployment "apps" ["v1"], "deployments" namespaced core;
    ReplicaSet "apps" ["v1"], "replicasets" namespaced core;
    StatefulSet "apps" ["v1"], "statefulsets" namespaced core;
    DaemonSet "apps" ["v1"], "daemonsets" namespaced core;
    Job "batch" ["v1"], "jobs" namespaced core;
    CronJob "batch" ["v1"], "cronjobs" namespaced core;
    HorizontalPodAutoscaler "autoscaling" ["v2"], "horizontalpodautoscalers" namespaced core;
    PodDisruptionBudget "policy" ["v1"], "poddisruptionbudgets" namespaced core;
    Ingress "networking.k8s.io" ["v1"], "ingresses" namespaced core;
    IngressClass "networking.k8s.io" ["v1"], "ingressclasses" cluster core;
    NetworkPolicy "networking.k8s.io" ["v1"], "networkpolicies" namespaced core;
    EndpointSlice "discovery.k8s.io" ["v1"], "endpointslices" namespaced core;
    StorageClass "storage.k8s.io" ["v1"], "storageclasses" cluster core;
    VolumeAttachment "storage.k8s.io" ["v1"], "volumeattachments" cluster core;
    PriorityClass "scheduling.k8s.io" ["v1"], "priorityclasses" cluster core;
    Role "rbac.authorization.k8s.io" ["v1"], "roles" namespaced core;
    ClusterRole "rbac.authorization.k8s.io" ["v1"], "clusterroles" cluster core;
    RoleBinding "rbac.authorization.k8s.io" ["v1"], "rolebindings" namespaced core;
    ClusterRoleBinding "rbac.authorization.k8s.io" ["v1"], "clusterrolebindings" cluster core;
    ValidatingWebhookConfiguration "admissionregistration.k8s.io" ["v1"], "validatingwebhookconfigurations" cluster core;
    MutatingWebhookConfiguration "admissionregistration.k8s.io" ["v1"], "mutatingwebhookconfigurations" cluster core;
    APIService "apiregistration.k8s.io" ["v1"], "apiservices" cluster core;
    CustomResourceDefinition "apiextensions.k8s.io" ["v1"], "customresourcedefinitions" cluster core;
    NodeMetrics "metrics.k8s.io" ["v1beta1"], "nodes" cluster addon;
    PodMetrics "metrics.k8s.io" ["v1beta1"], "pods" namespaced addon;
    Certificate "cert-manager.io" ["v1"], "certificates" namespaced addon;
    CertificateRequest "cert-manager.io" ["v1"], "certificaterequests" namespaced addon;
    Issuer "cert-manager.io" ["v1"], "issuers" namespaced addon;
    ClusterIssuer "cert-manager.io" ["v1"], "clusterissuers" cluster addon;
    Application "argoproj.io" ["v1alpha1"], "applications" namespaced addon;
    HelmRelease "helm.toolkit.fluxcd.io" ["v2", "v2beta2", "v2beta1"], "helmreleases" namespaced addon;
    Kustomization "kustomize.toolkit.fluxcd.io" ["v1", "v1beta2"], "kustomizations" namespaced addon;
    GitRepository "source.toolkit.fluxcd.io" ["v1", "v1beta2"], "gitrepositories" namespaced addon;
    HelmRepository "source.toolkit.fluxcd.io" ["v1", "v1beta2"], "helmrepositories" namespaced addon;
    OCIRepository "source.toolkit.fluxcd.io" ["v1", "v1beta2"], "ocirepositories" namespaced addon;
    PolicyReport "wgpolicyk8s.io" ["v1alpha2", "v1beta1"], "policyreports" namespaced addon;
    ClusterPolicyReport "wgpolicyk8s.io" ["v1alpha2", "v1beta1"], "clusterpolicyreports" cluster addon;
    Constraint "constraints.gatekeeper.sh" ["v1beta1"], "" cluster addon;
    ExternalSecret "external-secrets.io" ["v1", "v1beta1"], "externalsecrets" namespaced addon;
    SecretStore "external-secrets.io" ["v1", "v1beta1"], "secretstores" namespaced addon;
    ClusterSecretStore "external-secrets.io" ["v1", "v1beta1"], "clustersecretstores" cluster addon;
    ScaledObject "keda.sh" ["v1alpha1"], "scaledobjects" namespaced addon;
    ScaledJob "keda.sh" ["v1alpha1"], "scaledjobs" namespaced addon;
    VerticalPodAutoscaler "autoscaling.k8s.io" ["v1", "v1beta2"], "verticalpodautoscalers" namespaced addon;
    NodePool "karpenter.sh" ["v1", "v1beta1"], "nodepools" cluster addon;
    NodeClaim "karpenter.sh" ["v1", "v1beta1"], "nodeclaims" cluster addon;
    Gateway "gateway.networking.k8s.io" ["v1", "v1beta1"], "gateways" namespaced addon;
    GatewayClass "gateway.networking.k8s.io" ["v1", "v1beta1"], "gatewayclasses" cluster addon;
    HTTPRoute "gateway.networking.k8s.io" ["v1", "v1beta1"], "httproutes" namespaced addon;
    GRPCRoute "gateway.networking.k8s.io" ["v1", "v1alpha2"], "grpcroutes" namespaced addon;
    ReferenceGrant "gateway.networking.k8s.io" ["v1", "v1beta1"], "referencegrants" namespaced addon;
    Prometheus "monitoring.coreos.com" ["v1"], "prometheuses" namespaced addon;
    ServiceMonitor "monitoring.coreos.com" ["v1"], "servicemonitors" namespaced addon;
    PrometheusRule "monitoring.coreos.com" ["v1"], "prometheusrules" namespaced addon;
    ClusterServiceVersion "operators.coreos.com" ["v1alpha1"], "clusterserviceversions" namespaced addon;
    Subscription "operators.coreos.com" ["v1alpha1"], "subscriptions" namespaced addon;
    InstallPlan "operators.coreos.com" ["v1alpha1"], "installplans" namespaced addon;
    CatalogSource "operators.coreos.com" ["v1alpha1"], "catalogsources" namespaced addon;
    OperatorGroup "operators.coreos.com" ["v1", "v1alpha2"], "operatorgroups" namespaced addon;
    ClusterCatalog "olm.operatorframework.io" ["v1"], "clustercatalogs" cluster addon;
    ClusterExtension "olm.operatorframework.io" ["v1"], "clusterextensions" cluster addon;
    CiliumIdentity "cilium.io" ["v2"], "ciliumidentities" cluster addon;
    CiliumEndpoint "cilium.io" ["v2"], "ciliumendpoints" namespaced addon;
}

/// Short names that `kubectl` takes too.
const SHORT: &[(&str, Kind)] = &[
    ("po", Kind::Pod),
    ("no", Kind::Node),
    ("ns", Kind::Namespace),
    ("svc", Kind::Service),
    ("cm", Kind::ConfigMap),
    ("sa", Kind::ServiceAccount),
    ("pvc", Kind::PersistentVolumeClaim),
    ("pv", Kind::PersistentVolume),
    ("ev", Kind::Event),
    ("quota", Kind::ResourceQuota),
    ("rc", Kind::ReplicationController),
    ("deploy", Kind::Deployment),
    ("rs", Kind::ReplicaSet),
    ("sts", Kind::StatefulSet),
    ("ds", Kind::DaemonSet),
    ("cj", Kind::CronJob),
    ("hpa", Kind::HorizontalPodAutoscaler),
    ("pdb", Kind::PodDisruptionBudget),
    ("ing", Kind::Ingress),
    ("netpol", Kind::NetworkPolicy),
    ("sc", Kind::StorageClass),
    ("pc", Kind::PriorityClass),
    ("cert", Kind::Certificate),
    ("app", Kind::Application),
    ("hr", Kind::HelmRelease),
    ("ks", Kind::Kustomization),
    ("es", Kind::ExternalSecret),
    ("so", Kind::ScaledObject),
    ("vpa", Kind::VerticalPodAutoscaler),
    ("gtw", Kind::Gateway),
];

impl KindInfo {
    /// Its plural, as it is told from another of the same name: usage of pods is `pods` of another group.
    #[must_use]
    pub fn label(&self) -> Cow<'static, str> {
        if self.group == "metrics.k8s.io" {
            format!("{}.{}", self.plural, self.group).into()
        } else {
            self.plural.into()
        }
    }
}

impl Kind {
    /// What the API says about it.
    #[must_use]
    pub fn info(self) -> &'static KindInfo {
        // The list is in the order of the enum.
        &KINDS[self as usize]
    }

    /// `kind:` of its objects.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.info().name
    }

    /// As `kubectl` names one object of it: `pod`, `persistentvolumeclaim`.
    #[must_use]
    pub fn word(self) -> String {
        self.name().to_ascii_lowercase()
    }

    /// The kind with this `kind:` in this `apiVersion:` (any version of its group).
    #[must_use]
    pub fn of(api_version: &str, kind: &str) -> Option<Self> {
        let group = api_version.rsplit_once('/').map_or("", |(group, _)| group);
        if group == Self::Constraint.info().group {
            return Some(Self::Constraint);
        }
        let fits = |info: &&KindInfo| {
            let known = group == info.group
                || (info.kind == Self::Event && group == "events.k8s.io")
                || (info.kind == Self::Ingress && group == "extensions");
            info.name == kind && known && info.kind != Self::Constraint
        };
        KINDS.iter().find(fits).map(|info| info.kind)
    }

    /// The kind that a person means: `pod`, `pods`, `po`, `Deployment`, `deployments.apps`, `sts`.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        let word = word.to_ascii_lowercase();
        let (plain, group) = word.split_once('.').map_or((word.as_str(), None), |(plain, group)| (plain, Some(group)));
        let short = SHORT.iter().find(|(short, _)| *short == plain).map(|(_, kind)| *kind);
        short.or_else(|| {
            let fits = |info: &&KindInfo| {
                let named = info.plural == plain || info.name.eq_ignore_ascii_case(plain);
                // The metrics of a pod are no pod that a person means.
                named && info.group != "metrics.k8s.io" && group.is_none_or(|g| g.starts_with(info.group))
            };
            KINDS.iter().find(fits).map(|info| info.kind)
        })
    }

    /// Whether pods come from it.
    #[must_use]
    pub fn is_workload(self) -> bool {
        use Kind::{CronJob, DaemonSet, Deployment, Job, ReplicaSet, ReplicationController, StatefulSet};
        matches!(self, Deployment | StatefulSet | DaemonSet | ReplicaSet | ReplicationController | Job | CronJob)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::{KINDS, Kind};

    #[test]
    fn the_list_is_in_the_order_of_the_kinds() {
        assert!(KINDS.iter().all(|info| info.kind.info() == info));
    }

    #[test]
    fn kinds_are_known_by_api_version_and_by_the_words_of_people() {
        assert_eq!(Kind::of("v1", "Pod"), Some(Kind::Pod));
        assert_eq!(Kind::of("events.k8s.io/v1", "Event"), Some(Kind::Event));
        assert_eq!(Kind::of("constraints.gatekeeper.sh/v1beta1", "K8sRequiredLabels"), Some(Kind::Constraint));
        assert_eq!(Kind::of("serving.knative.dev/v1", "Service"), None);
        for (word, kind) in
            [("po", Kind::Pod), ("Deployments.apps", Kind::Deployment), ("pvc", Kind::PersistentVolumeClaim)]
        {
            assert_eq!(Kind::from_word(word), Some(kind));
        }
        assert_eq!(Kind::from_word("nothing"), None);
    }
}
