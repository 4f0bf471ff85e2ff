//! Configuration, an account or a role that nothing refers to. Off unless asked for: programs also read objects through the API, which nobody sees.

use super::usage::Usage;
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, Meta, Secret};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "object-unused",
    title: "Object that nothing refers to",
    rows: &[122],
    severity: Severity::Low,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[
        Kind::ConfigMap,
        Kind::Secret,
        Kind::ServiceAccount,
        Kind::Role,
        Kind::Pod,
        Kind::Deployment,
        Kind::StatefulSet,
        Kind::DaemonSet,
        Kind::ReplicaSet,
        Kind::Job,
        Kind::CronJob,
        Kind::Ingress,
        Kind::RoleBinding,
        Kind::ClusterRoleBinding,
    ],
    hygiene: true,
    run,
};

/// Who makes pods, and so names configuration and accounts.
const PODS: [Kind; 7] =
    [Kind::Pod, Kind::Deployment, Kind::StatefulSet, Kind::DaemonSet, Kind::ReplicaSet, Kind::Job, Kind::CronJob];

/// Labels and annotations by which programs find objects without naming them, or that say who keeps them.
const FOUND_BY_MARK: [&str; 8] = [
    "grafana_dashboard",
    "grafana_datasource",
    "argocd.argoproj.io/secret-type",
    "control-plane.alpha.kubernetes.io/leader",
    "kubernetes.io/service-account.name",
    "openshift.io/",
    "olm.owner",
    "auth.openshift.io/",
];

/// Types of secrets that need nobody who names them, with the beginning of their names, since types are not always known.
const KEPT_SECRETS: [(&str, &str); 3] = [
    ("helm.sh/release.v1", "sh.helm.release.v1."),
    ("bootstrap.kubernetes.io/token", "bootstrap-token-"),
    ("kubernetes.io/service-account-token", "default-token-"),
];

fn run(view: &View<'_>) -> Verdict {
    let usage = Usage::of(view);
    let mut verdict = Verdict::default();
    for (kind, meta) in candidates(view) {
        if usage.has(kind, &meta.namespace, &meta.name) {
            continue;
        }
        match referrers_were_read(view, kind, &meta.namespace) {
            Ok(()) => verdict.found(fault(kind, meta)),
            Err(why) => verdict.unknown(why),
        }
    }
    verdict
}

fn candidates<'s>(view: &View<'s>) -> Vec<(Kind, &'s Meta)> {
    let snapshot = view.snapshot;
    let maps = snapshot.config_maps.iter().map(|m| (Kind::ConfigMap, &m.metadata));
    let secrets = snapshot.secrets.iter().filter(|s| !is_kept(s)).map(|s| (Kind::Secret, &s.metadata));
    let accounts = snapshot.service_accounts.iter().map(|a| (Kind::ServiceAccount, &a.metadata));
    let roles = snapshot.roles.iter().map(|r| (Kind::Role, &r.metadata));
    let all = maps.chain(secrets).chain(accounts).chain(roles);
    all.filter(|(kind, meta)| is_ours(*kind, meta) && !is_new(view, meta)).collect()
}

fn is_kept(secret: &Secret) -> bool {
    KEPT_SECRETS.iter().any(|(kind, start)| secret.kind == *kind || secret.metadata.name.starts_with(start))
}

/// Whether a person made it: not a controller, the control plane or the platform.
fn is_ours(kind: Kind, meta: &Meta) -> bool {
    let system = ["kube-", "openshift-", "gke-", "gmp-"].iter().any(|start| meta.namespace.starts_with(start));
    !system
        && !is_brought_along(kind, &meta.name)
        && !is_marked(meta)
        && meta.owner_references.is_empty()
        && !meta.is_going()
}

fn is_brought_along(kind: Kind, name: &str) -> bool {
    match kind {
        Kind::ConfigMap => name.ends_with("-ca.crt") || name.ends_with("ca-root-cert"),
        Kind::ServiceAccount => name == "default",
        _ => name.starts_with("system:"),
    }
}

fn is_marked(meta: &Meta) -> bool {
    let mut marks = meta.labels.keys().chain(meta.annotations.0.keys());
    // Argo CD reads its own settings through the API.
    let argo = meta.labels.get("app.kubernetes.io/part-of").is_some_and(|of| of == "argocd");
    argo || marks.any(|mark| FOUND_BY_MARK.iter().any(|known| mark.starts_with(known)))
}

/// What was made a moment ago may still find its user.
fn is_new(view: &View<'_>, meta: &Meta) -> bool {
    meta.creation_timestamp.0.is_some() && view.is_recent(meta.creation_timestamp, view.thresholds.recent)
}

/// Whether everybody was seen who could name such an object.
fn referrers_were_read(view: &View<'_>, kind: Kind, namespace: &str) -> Result<(), String> {
    let others: &[Kind] = match kind {
        Kind::Secret => &[Kind::ServiceAccount, Kind::Ingress],
        Kind::ServiceAccount => &[Kind::RoleBinding, Kind::ClusterRoleBinding],
        Kind::Role => &[Kind::RoleBinding],
        _ => &[],
    };
    let pods: &[Kind] = if kind == Kind::Role { &[] } else { &PODS };
    let namespace_of = |kind: Kind| if kind.info().namespaced { namespace } else { "" };
    pods.iter().chain(others).try_for_each(|k| view.snapshot.reads.complete(*k, namespace_of(*k)))
}

fn fault(kind: Kind, meta: &Meta) -> Fault {
    let users = if kind == Kind::Role { "no binding" } else { "no pod, workload or route" };
    let fact = match kind {
        Kind::ConfigMap => "configmap",
        Kind::Secret => "secret",
        Kind::ServiceAccount => "serviceaccount",
        _ => "role",
    };
    Fault::on(meta.object(kind), &format!("{users} that was read refers to it"))
        .fact(fact, &meta.name)
        .since(meta.creation_timestamp)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{cluster, pod, thing, workload};
    use crate::evidence::cluster::Kind;

    #[test]
    fn what_nothing_refers_to_is_told_only_when_asked_for() {
        // k8sgpt reports unused ConfigMaps by default, as errors.
        const { assert!(CHECK.hygiene) };
        let all = cluster().with(thing("v1", "ConfigMap", "shop/old")).with(thing("v1", "Secret", "shop/old"));
        let all = all.with(thing("v1", "ServiceAccount", "shop/old"));
        let all = all.with(thing("rbac.authorization.k8s.io/v1", "Role", "shop/old"));
        all.finds(&CHECK, &["configmap shop/old", "secret shop/old", "serviceaccount shop/old", "role shop/old"]);
    }

    #[test]
    fn every_way_to_use_an_object_counts() {
        let map = || cluster().with(thing("v1", "ConfigMap", "shop/settings"));
        let from = json!([{ "configMapRef": { "name": "settings", "optional": true } }]);
        map().with(pod("shop/web-0").set("spec.containers.0.envFrom", from)).is_fine(&CHECK);
        map()
            .with(pod("shop/web-0").set("spec.containers.0.args", json!(["--configmap=$(NS)/settings"])))
            .is_fine(&CHECK);
        map()
            .with(pod("shop/web-0").set("spec.containers.0.env", json!([{ "name": "CM", "value": "settings" }])))
            .is_fine(&CHECK);
        let volume = json!([{ "name": "conf", "configMap": { "name": "settings" } }]);
        map().with(workload("ReplicaSet", "shop/web-old", 0).set("spec.template.spec.volumes", volume)).is_fine(&CHECK);
        let secret = thing("v1", "Secret", "shop/tls");
        let ingress =
            thing("networking.k8s.io/v1", "Ingress", "shop/web").set("spec.tls", json!([{ "secretName": "tls" }]));
        cluster().with(secret.clone()).with(ingress).is_fine(&CHECK);
        let issuer = thing("cert-manager.io/v1", "Issuer", "shop/ca").set("spec.ca.secretName", "tls");
        cluster().with(secret).with(issuer).is_fine(&CHECK);
    }

    #[test]
    fn what_a_controller_or_the_control_plane_keeps_is_fine() {
        let root = thing("v1", "ConfigMap", "shop/kube-root-ca.crt");
        let release = thing("v1", "Secret", "shop/sh.helm.release.v1.web.v3");
        let token = thing("v1", "Secret", "shop/robot-x")
            .set("metadata.annotations", json!({ "kubernetes.io/service-account.name": "robot" }));
        let owned = thing("v1", "ConfigMap", "shop/rules").owned_by("example.com/v1", "Operator", "x");
        let all = cluster().with(root).with(release).with(token).with(owned);
        all.with(thing("v1", "ServiceAccount", "shop/default"))
            .with(thing("v1", "ConfigMap", "kube-system/coredns"))
            .is_fine(&CHECK);
    }

    #[test]
    fn nobody_can_say_where_workloads_may_not_be_read() {
        let map = || cluster().with(thing("v1", "ConfigMap", "shop/settings"));
        map().without(Kind::CronJob).cannot_say(&CHECK, "cronjobs: forbidden");
        map().without(Kind::Pod).cannot_say(&CHECK, "pods: forbidden");
    }
}
