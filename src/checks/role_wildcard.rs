//! A role allows everything with something, or something with everything: whoever gets hold of a pod that has it owns more than the pod needs.

use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, Meta, PolicyRule, Role};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "role-wildcard",
    title: "Role with a wildcard",
    rows: &[125],
    severity: Severity::Low,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[Kind::ClusterRole, Kind::Role],
    hygiene: true,
    run,
};

/// Groups where a wildcard gives away secrets, pods or rights. All resources of its own group is what an operator needs.
const DELICATE: [&str; 5] =
    ["*", "", "rbac.authorization.k8s.io", "admissionregistration.k8s.io", "certificates.k8s.io"];
/// Roles and prefixes of roles that the control plane or the platform brings along.
const BROUGHT_ALONG: [&str; 4] = ["cluster-admin", "admin", "edit", "view"];
const PREFIXES: [&str; 5] = ["system:", "kubeadm:", "eks:", "gce:", "aks:"];

fn run(view: &View<'_>) -> Verdict {
    let local = view.snapshot.roles.iter().map(|r| (Kind::Role, r));
    let all = view.snapshot.cluster_roles.iter().map(|r| (Kind::ClusterRole, r)).chain(local);
    let faults = all.filter(|(_, role)| !is_brought_along(role)).filter_map(|(kind, role)| fault(kind, role));
    Verdict { faults: faults.collect(), ..Verdict::default() }
}

/// Roles that nobody here wrote: of the control plane, gathered from others, or kept by an operator.
fn is_brought_along(role: &Role) -> bool {
    let Meta { name, labels, owner_references, .. } = &role.metadata;
    BROUGHT_ALONG.contains(&name.as_str())
        || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        || labels.contains_key("kubernetes.io/bootstrapping")
        || labels.contains_key("olm.owner")
        || !owner_references.is_empty()
        || role.aggregation_rule.is_some()
}

fn is_wild(rule: &PolicyRule) -> bool {
    let has = |words: &[String]| words.iter().any(|w| w == "*");
    let delicate = rule.api_groups.iter().any(|g| DELICATE.contains(&g.as_str()));
    delicate && rule.resource_names.is_empty() && (has(&rule.verbs) || has(&rule.resources))
}

fn fault(kind: Kind, role: &Role) -> Option<Fault> {
    let wild: Vec<&PolicyRule> = role.rules.iter().filter(|r| is_wild(r)).collect();
    let worst = wild.iter().max_by_key(|r| stars(r))?;
    let more = if wild.len() > 1 { format!(" (and {} more such rules)", wild.len() - 1) } else { String::new() };
    let fault = Fault::on(role.metadata.object(kind), &format!("it allows {}{more}", words(worst)));
    let fault = wild.into_iter().fold(fault, |fault, rule| fault.seen("rules", words(rule)));
    Some(fault.fact("role", &role.metadata.name))
}

fn stars(rule: &PolicyRule) -> usize {
    [&rule.verbs, &rule.resources, &rule.api_groups].into_iter().flatten().filter(|w| *w == "*").count()
}

/// A rule in words: `get, list on * of group *`.
fn words(rule: &PolicyRule) -> String {
    let groups: Vec<&str> = rule.api_groups.iter().map(|g| if g.is_empty() { "core" } else { g }).collect();
    format!("{} on {} of group {}", rule.verbs.join(", "), rule.resources.join(", "), groups.join(", "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, thing};

    fn role(name: &str, groups: &[&str], resources: &[&str], verbs: &[&str]) -> Thing {
        thing("rbac.authorization.k8s.io/v1", "ClusterRole", name)
            .set("rules", json!([{ "apiGroups": groups, "resources": resources, "verbs": verbs }]))
    }

    #[test]
    fn everything_with_something_and_something_with_everything_are_found() {
        cluster()
            .with(role("robot", &["*"], &["*"], &["*"]))
            .finds(&CHECK, &["clusterrole robot"])
            .says("* on * of group *");
        cluster()
            .with(role("robot", &[""], &["secrets"], &["*"]))
            .finds(&CHECK, &["clusterrole robot"])
            .says("* on secrets of group core");
        cluster()
            .with(role("robot", &[""], &["*"], &["get", "list"]))
            .finds(&CHECK, &["clusterrole robot"])
            .says("get, list on *");
    }

    #[test]
    fn a_narrow_role_and_the_own_group_of_an_operator_are_fine() {
        cluster().with(role("robot", &[""], &["pods"], &["get", "list"])).is_fine(&CHECK);
        cluster().with(role("operator", &["db.example.com"], &["*"], &["*"])).is_fine(&CHECK);
        let one = role("robot", &[""], &["configmaps"], &["*"]).set("rules.0.resourceNames", json!(["lock"]));
        cluster().with(one).is_fine(&CHECK);
    }

    #[test]
    fn roles_that_nobody_here_wrote_are_fine() {
        for name in ["cluster-admin", "admin", "system:controller:x", "eks:node-manager"] {
            cluster().with(role(name, &["*"], &["*"], &["*"])).is_fine(&CHECK);
        }
        let gathered =
            role("all", &["*"], &["*"], &["*"]).set("aggregationRule", json!({ "clusterRoleSelectors": [] }));
        cluster().with(gathered).is_fine(&CHECK);
    }
}
