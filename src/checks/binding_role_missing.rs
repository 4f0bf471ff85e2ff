//! A binding names a role that does not exist: it gives nothing to anybody.

use super::binding_dangling::bindings;
use super::{Basis, Check, Lookup, Stage, Verdict, View};
use crate::evidence::cluster::{Binding, Kind, ObjectRef};
use crate::finding::{Fault, Severity};
use crate::text::Count;

pub(super) const CHECK: Check = Check {
    id: "binding-role-missing",
    title: "Binding to a missing role",
    rows: &[124],
    severity: Severity::Medium,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[Kind::RoleBinding, Kind::ClusterRoleBinding, Kind::Role, Kind::ClusterRole],
    hygiene: false,
    run,
};

/// Roles that every cluster brings along; manifests refer to them without having them.
const BROUGHT_ALONG: [&str; 4] = ["cluster-admin", "admin", "edit", "view"];

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for (kind, binding) in bindings(view).filter(|(_, b)| !view.is_fresh(&b.metadata)) {
        // Who is given nothing by nothing misses nothing.
        let Some(role) = role(binding).filter(|_| !binding.subjects.is_empty()) else { continue };
        if comes_from_elsewhere(view, &role) {
            continue;
        }
        match view.lookup(role.kind, &role.namespace, &role.name) {
            Lookup::Found => {}
            Lookup::Unknown(why) => verdict.unknown(why),
            Lookup::Missing => verdict.found(fault(kind, binding, role)),
        }
    }
    verdict
}

fn role(binding: &Binding) -> Option<ObjectRef> {
    let kind = match binding.role_ref.kind.as_str() {
        "Role" => Kind::Role,
        "ClusterRole" => Kind::ClusterRole,
        _ => return None,
    };
    Some(ObjectRef::new(kind, &binding.metadata.namespace, &binding.role_ref.name))
}

fn comes_from_elsewhere(view: &View<'_>, role: &ObjectRef) -> bool {
    view.is_manifests() && (role.name.starts_with("system:") || BROUGHT_ALONG.contains(&role.name.as_str()))
}

fn fault(kind: Kind, binding: &Binding, role: ObjectRef) -> Fault {
    let to = Count(binding.subjects.len() as u64, "subject");
    Fault::on(binding.metadata.object(kind), &format!("it gives {role}, which does not exist, to {to}"))
        .seen("roleRef", role.to_string())
        .fact("role", &role.name)
        .because_of(role)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, thing};
    use crate::evidence::cluster::Kind;

    const RBAC: &str = "rbac.authorization.k8s.io/v1";

    fn binding() -> Thing {
        thing(RBAC, "RoleBinding", "shop/deploy")
            .set("roleRef", json!({ "kind": "Role", "name": "deployer" }))
            .set("subjects", json!([{ "kind": "ServiceAccount", "name": "robot" }]))
    }

    #[test]
    fn a_role_that_does_not_exist_is_to_blame() {
        let verdict = cluster().with(binding()).finds(&CHECK, &["rolebinding shop/deploy"]);
        verdict.says("gives role shop/deployer, which does not exist, to 1 subject").blames("role shop/deployer");
        let whole = binding().set("roleRef", json!({ "kind": "ClusterRole", "name": "deployer" }));
        cluster().with(whole).finds(&CHECK, &["rolebinding shop/deploy"]).blames("clusterrole deployer");
    }

    #[test]
    fn what_is_there_is_new_or_comes_with_the_control_plane_is_fine() {
        cluster().with(binding()).with(thing(RBAC, "Role", "shop/deployer")).is_fine(&CHECK);
        let own = thing(RBAC, "ClusterRoleBinding", "system:controller:ttl-controller")
            .set("roleRef", json!({ "kind": "ClusterRole", "name": "system:controller:ttl-controller" }));
        cluster().with(own).is_fine(&CHECK);
        cluster().with(binding().set("metadata.creationTimestamp", "2026-11-26T11:59:50Z")).is_fine(&CHECK);
        cluster().with(binding().set("subjects", json!([]))).is_fine(&CHECK);
    }

    #[test]
    fn what_may_not_be_read_is_not_missing() {
        cluster().with(binding()).without(Kind::Role).cannot_say(&CHECK, "roles: forbidden");
    }

    #[test]
    fn manifests_refer_to_what_every_cluster_has() {
        let viewer = binding().set("roleRef", json!({ "kind": "ClusterRole", "name": "view" }));
        cluster().with(viewer).as_manifests().is_fine(&CHECK);
        cluster().with(binding()).as_manifests().finds(&CHECK, &["rolebinding shop/deploy"]);
    }
}
