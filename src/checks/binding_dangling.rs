//! A binding names a role or a service account that does not exist: it gives nothing to anybody, until somebody creates what it names.

use super::{Basis, Check, Lookup, Stage, Verdict, View};
use crate::evidence::cluster::{Binding, CrossRef, Kind, Meta, ObjectRef};
use crate::finding::{Fault, Severity};
use crate::text::Count;

pub(super) const CHECK: Check = Check {
    id: "binding-dangling",
    title: "Binding to a missing role or account",
    rows: &[124],
    severity: Severity::Medium,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[Kind::RoleBinding, Kind::ClusterRoleBinding, Kind::Role, Kind::ClusterRole, Kind::ServiceAccount],
    hygiene: true,
    run,
};

/// Roles that every cluster brings along; manifests refer to them without having them.
const BROUGHT_ALONG: [&str; 4] = ["cluster-admin", "admin", "edit", "view"];

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let local = view.snapshot.role_bindings.iter().map(|b| (Kind::RoleBinding, b));
    let all = local.chain(view.snapshot.cluster_role_bindings.iter().map(|b| (Kind::ClusterRoleBinding, b)));
    for (kind, binding) in all.filter(|(_, b)| !b.metadata.is_going() && !is_brought_along(&b.metadata)) {
        let named = named(binding).into_iter().filter(|(_, object)| !comes_from_elsewhere(view, object));
        for (field, object) in named {
            match view.lookup(object.kind, &object.namespace, &object.name) {
                Lookup::Found => {}
                Lookup::Unknown(why) => verdict.unknown(why),
                Lookup::Missing => verdict.found(fault(kind, binding, field, object)),
            }
        }
    }
    verdict
}

/// Bindings of the control plane name accounts that are made only when a controller needs them.
fn is_brought_along(meta: &Meta) -> bool {
    meta.name.starts_with("system:") || meta.labels.contains_key("kubernetes.io/bootstrapping")
}

/// The role and the accounts; users and groups are no objects.
fn named(binding: &Binding) -> Vec<(&'static str, ObjectRef)> {
    let namespace = binding.metadata.namespace.as_str();
    let role = match binding.role_ref.kind.as_str() {
        "Role" => Some(Kind::Role),
        "ClusterRole" => Some(Kind::ClusterRole),
        _ => None,
    };
    let role = role.map(|kind| ("roleRef", ObjectRef::new(kind, namespace, &binding.role_ref.name)));
    let accounts = binding.subjects.iter().filter(|s| s.kind == "ServiceAccount");
    let account = |subject: &CrossRef| {
        let of = if subject.namespace.is_empty() { namespace } else { &subject.namespace };
        ("subjects", ObjectRef::new(Kind::ServiceAccount, of, &subject.name))
    };
    role.into_iter().chain(accounts.map(account)).collect()
}

/// Whether it is not to be expected among manifests: built-in roles, default accounts, and accounts of a namespace that these manifests do not fill.
fn comes_from_elsewhere(view: &View<'_>, object: &ObjectRef) -> bool {
    if !view.is_manifests() {
        return false;
    }
    match object.kind {
        Kind::ServiceAccount => {
            let mut accounts = view.snapshot.service_accounts.iter();
            object.name == "default" || !accounts.any(|a| a.metadata.namespace == object.namespace)
        }
        _ => object.name.starts_with("system:") || BROUGHT_ALONG.contains(&object.name.as_str()),
    }
}

fn fault(kind: Kind, binding: &Binding, field: &str, object: ObjectRef) -> Fault {
    let fact = if object.kind == Kind::ServiceAccount { "serviceaccount" } else { "role" };
    let message = match object.kind {
        Kind::ServiceAccount => {
            format!("it gives {} {} to {object}, which does not exist", binding.role_ref.kind, binding.role_ref.name)
        }
        _ => format!("it gives {object}, which does not exist, to {}", Count(binding.subjects.len() as u64, "subject")),
    };
    Fault::on(binding.metadata.object(kind), &message)
        .seen(field, object.to_string())
        .fact(fact, &object.name)
        .fact("role", &binding.role_ref.name)
        .because_of(object)
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
    fn a_missing_role_and_a_missing_account_are_found() {
        let verdict = cluster().with(binding()).finds(&CHECK, &["rolebinding shop/deploy", "rolebinding shop/deploy"]);
        verdict.says("gives role shop/deployer, which does not exist").blames("role shop/deployer");
        verdict.says("to serviceaccount shop/robot, which does not exist");
    }

    #[test]
    fn what_is_there_and_what_the_control_plane_binds_is_fine() {
        let role = thing(RBAC, "Role", "shop/deployer");
        cluster().with(binding()).with(role).with(thing("v1", "ServiceAccount", "shop/robot")).is_fine(&CHECK);
        let own = thing(RBAC, "ClusterRoleBinding", "system:controller:ttl-controller")
            .set("roleRef", json!({ "kind": "ClusterRole", "name": "system:controller:ttl-controller" }));
        cluster().with(own).is_fine(&CHECK);
    }

    #[test]
    fn what_may_not_be_read_is_not_missing() {
        let blind = cluster().with(binding()).without(Kind::Role).without(Kind::ServiceAccount);
        blind.cannot_say(&CHECK, "roles: forbidden");
    }

    #[test]
    fn manifests_refer_to_what_every_cluster_has() {
        let viewer = binding()
            .set("roleRef", json!({ "kind": "ClusterRole", "name": "view" }))
            .set("subjects", json!([{ "kind": "ServiceAccount", "name": "prometheus", "namespace": "monitoring" }]));
        cluster().with(viewer).with(thing("v1", "ServiceAccount", "shop/robot")).as_manifests().is_fine(&CHECK);
    }
}
