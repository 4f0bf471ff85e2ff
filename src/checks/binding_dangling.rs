//! A binding names a service account that does not exist: it gives nothing to anybody, until somebody creates what it names.

use super::{Basis, Check, Lookup, Stage, Verdict, View};
use crate::evidence::cluster::{Binding, CrossRef, Kind, Meta, ObjectRef};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "binding-dangling",
    title: "Binding to a missing account",
    rows: &[124],
    severity: Severity::Medium,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[Kind::RoleBinding, Kind::ClusterRoleBinding, Kind::ServiceAccount],
    hygiene: true,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for (kind, binding) in bindings(view) {
        for account in accounts(binding).into_iter().filter(|account| !comes_from_elsewhere(view, account)) {
            match view.lookup(account.kind, &account.namespace, &account.name) {
                Lookup::Found => {}
                Lookup::Unknown(why) => verdict.unknown(why),
                Lookup::Missing => verdict.found(fault(kind, binding, account)),
            }
        }
    }
    verdict
}

/// Every binding that somebody made. Those of the control plane name accounts that are made only when a controller needs them.
pub(super) fn bindings<'s>(view: &View<'s>) -> impl Iterator<Item = (Kind, &'s Binding)> {
    let local = view.snapshot.role_bindings.iter().map(|b| (Kind::RoleBinding, b));
    let all = local.chain(view.snapshot.cluster_role_bindings.iter().map(|b| (Kind::ClusterRoleBinding, b)));
    let brought_along =
        |meta: &Meta| meta.name.starts_with("system:") || meta.labels.contains_key("kubernetes.io/bootstrapping");
    all.filter(move |(_, b)| !b.metadata.is_going() && !brought_along(&b.metadata))
}

/// The accounts; users and groups are no objects.
fn accounts(binding: &Binding) -> Vec<ObjectRef> {
    let namespace = binding.metadata.namespace.as_str();
    let account = |subject: &CrossRef| {
        let of = if subject.namespace.is_empty() { namespace } else { &subject.namespace };
        ObjectRef::new(Kind::ServiceAccount, of, &subject.name)
    };
    binding.subjects.iter().filter(|s| s.kind == "ServiceAccount").map(account).collect()
}

/// Whether it is not to be expected among manifests: default accounts, and accounts of a namespace that these manifests do not fill.
fn comes_from_elsewhere(view: &View<'_>, account: &ObjectRef) -> bool {
    let mut known = view.snapshot.service_accounts.iter();
    view.is_manifests() && (account.name == "default" || !known.any(|a| a.metadata.namespace == account.namespace))
}

fn fault(kind: Kind, binding: &Binding, account: ObjectRef) -> Fault {
    let role = &binding.role_ref;
    let message = format!("it gives {} {} to {account}, which does not exist", role.kind, role.name);
    Fault::on(binding.metadata.object(kind), &message)
        .seen("subjects", account.to_string())
        .fact("serviceaccount", &account.name)
        .fact("role", &role.name)
        .because_of(account)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, thing};
    use crate::evidence::cluster::Kind;

    const RBAC: &str = "rbac.authorization.k8s.io/v1";

    fn binding() -> Thing {
        thing(RBAC, "RoleBinding", "shop/deploy").set("roleRef", json!({ "kind": "Role", "name": "deployer" })).set(
            "subjects",
            json!([{ "kind": "ServiceAccount", "name": "robot" }, { "kind": "User", "name": "nobody" }]),
        )
    }

    #[test]
    fn a_missing_account_is_found() {
        let verdict = cluster().with(binding()).finds(&CHECK, &["rolebinding shop/deploy"]);
        verdict.says("gives Role deployer to serviceaccount shop/robot, which does not exist");
        verdict.blames("serviceaccount shop/robot");
    }

    #[test]
    fn what_is_there_and_what_the_control_plane_binds_is_fine() {
        cluster().with(binding()).with(thing("v1", "ServiceAccount", "shop/robot")).is_fine(&CHECK);
        let own = thing(RBAC, "ClusterRoleBinding", "system:controller:ttl-controller").set(
            "subjects",
            json!([{ "kind": "ServiceAccount", "name": "ttl-controller", "namespace": "kube-system" }]),
        );
        cluster().with(own).is_fine(&CHECK);
    }

    #[test]
    fn what_may_not_be_read_is_not_missing() {
        let blind = cluster().with(binding()).without(Kind::ServiceAccount);
        blind.cannot_say(&CHECK, "serviceaccounts: forbidden");
    }

    #[test]
    fn manifests_refer_to_what_every_cluster_has() {
        let viewer = binding()
            .set("subjects", json!([{ "kind": "ServiceAccount", "name": "prometheus", "namespace": "monitoring" }]));
        cluster().with(viewer).with(thing("v1", "ServiceAccount", "shop/robot")).as_manifests().is_fine(&CHECK);
    }
}
