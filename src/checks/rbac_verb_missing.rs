//! A role lets a program watch objects and not list them, or list and not watch them: clients that keep a cache need both.

use std::collections::{BTreeMap, BTreeSet};

use super::rights::{Grant, rights};
use super::templates::templates;
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, ObjectRef, Role};
use crate::finding::{Fault, Severity};
use crate::text::list;

pub(super) const CHECK: Check = Check {
    id: "rbac-verb-missing",
    title: "Role without list or watch",
    rows: &[36],
    severity: Severity::Medium,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[
        Kind::Role,
        Kind::ClusterRole,
        Kind::RoleBinding,
        Kind::ClusterRoleBinding,
        Kind::Pod,
        Kind::Deployment,
        Kind::StatefulSet,
        Kind::DaemonSet,
        Kind::Job,
        Kind::CronJob,
    ],
    hygiene: false,
    run,
};

/// Resources that a program which watches anything nearly always keeps in a cache.
const CACHED: [&str; 9] = [
    "pods",
    "configmaps",
    "secrets",
    "services",
    "endpointslices",
    "deployments",
    "statefulsets",
    "daemonsets",
    "replicasets",
];
/// Roles that the control plane brings along.
const BROUGHT_ALONG: [&str; 4] = ["cluster-admin", "admin", "edit", "view"];

/// What a role lacks: `list` where it allows `watch`, or the other way round.
type Lacks<'s> = BTreeSet<(&'static str, &'s str)>;

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let mut told: BTreeSet<ObjectRef> = BTreeSet::new();
    for (account, user) in accounts(view) {
        let rights = rights(view, &account.namespace, &account.name, Some(&account.namespace));
        for grant in rights.grants.iter().filter(|g| !is_brought_along(g.role)) {
            let lacks = lacks(grant, &rights.grants);
            match &rights.unseen {
                _ if lacks.is_empty() => {}
                Some(why) => verdict.unknown(why.clone()),
                None if told.insert(grant.object.clone()) => verdict.found(fault(grant, &lacks, &account, &user)),
                None => {}
            }
        }
    }
    verdict
}

/// The accounts that pods run as, each with one of the objects whose pods do. What has no token asks for nothing.
fn accounts(view: &View<'_>) -> BTreeMap<ObjectRef, ObjectRef> {
    let mut accounts = BTreeMap::new();
    for template in templates(view).iter().filter(|t| t.spec.automount_service_account_token != Some(false)) {
        let name = template.spec.service_account_name.as_str();
        let name = if name.is_empty() { "default" } else { name };
        let account = ObjectRef::new(Kind::ServiceAccount, &template.object.namespace, name);
        accounts.entry(account).or_insert_with(|| template.object.clone());
    }
    accounts
}

fn is_brought_along(role: &Role) -> bool {
    let meta = &role.metadata;
    meta.name.starts_with("system:")
        || BROUGHT_ALONG.contains(&meta.name.as_str())
        || meta.labels.contains_key("kubernetes.io/bootstrapping")
}

/// What a role lacks, and no other role of the account makes good. Rules about single objects and wildcards ask for no pair.
fn lacks<'s>(grant: &Grant<'s>, all: &[Grant<'_>]) -> Lacks<'s> {
    let missed = |verb: &str, group: &str, resource: &str| {
        !all.iter().any(|other| other.holds_in(grant.place) && other.allows(verb, group, resource))
    };
    let watches = grant.role.rules.iter().any(|rule| rule.verbs.iter().any(|v| v == "watch"));
    let mut lacks = Lacks::new();
    for rule in grant.role.rules.iter().filter(|rule| rule.resource_names.is_empty()) {
        let has = |verb: &str| rule.verbs.iter().any(|v| v == verb);
        let plain = rule.resources.iter().filter(|r| !r.contains(['*', '/']));
        for resource in plain.map(String::as_str) {
            let missed = |verb: &str| rule.api_groups.iter().any(|group| missed(verb, group, resource));
            if has("watch") && missed("list") {
                lacks.insert(("list", resource));
            }
            if has("list") && watches && CACHED.contains(&resource) && missed("watch") {
                lacks.insert(("watch", resource));
            }
        }
    }
    lacks
}

fn fault(grant: &Grant<'_>, lacks: &Lacks<'_>, account: &ObjectRef, user: &ObjectRef) -> Fault {
    let of = |verb: &str| lacks.iter().filter(|(v, _)| *v == verb).map(|(_, r)| (*r).to_owned()).collect::<Vec<_>>();
    let (unlisted, unwatched) = (of("list"), of("watch"));
    let part = |given: &str, lacking: &str, resources: &[String]| {
        (!resources.is_empty()).then(|| format!("{given} on {} without {lacking}", list(resources)))
    };
    let parts = [part("watch", "list", &unlisted), part("list", "watch", &unwatched)];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    let sentence = format!("it gives {} to {account} of {user}, and a cache needs both verbs", list(&parts));
    let first = lacks.first();
    let fault =
        parts.iter().fold(Fault::on(grant.object.clone(), &sentence), |fault, p| fault.seen("rules", p.as_str()));
    let fault = fault
        .fact("role", &grant.role.metadata.name)
        .fact("serviceaccount", &account.name)
        .fact("action", first.map_or("", |(verb, _)| verb))
        .fact("resource", first.map_or("", |(_, resource)| resource))
        .involving(account.clone())
        .involving(user.clone());
    // Who only lists may want no more than a list.
    if unlisted.is_empty() { fault.severity(Severity::Low) } else { fault }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, thing, workload};
    use crate::evidence::cluster::Kind;
    use crate::finding::Severity;

    fn web() -> Thing {
        workload("Deployment", "shop/web", 1).set("spec.template.spec.serviceAccountName", "web")
    }

    fn role(name: &str, rules: &Value) -> Thing {
        thing("rbac.authorization.k8s.io/v1", "ClusterRole", name).set("rules", rules.clone())
    }

    fn bound(name: &str) -> Thing {
        thing("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", name)
            .set("roleRef", json!({ "kind": "ClusterRole", "name": name }))
            .set("subjects", json!([{ "kind": "ServiceAccount", "name": "web", "namespace": "shop" }]))
    }

    fn rule(resource: &str, verbs: &[&str]) -> Value {
        json!({ "apiGroups": [""], "resources": [resource], "verbs": verbs })
    }

    #[test]
    fn a_watch_without_a_list_is_found() {
        let all = cluster().with(web()).with(role("web", &json!([rule("pods", &["get", "watch"])]))).with(bound("web"));
        let verdict = all.finds(&CHECK, &["clusterrole web"]);
        verdict.says("it gives watch on pods without list to serviceaccount shop/web of deployment shop/web");
        assert_eq!(verdict.faults[0].severity, None);
    }

    #[test]
    fn a_list_without_a_watch_counts_where_the_role_watches() {
        let listing = rule("pods", &["get", "list"]);
        let only = json!([listing]);
        cluster().with(web()).with(role("web", &only)).with(bound("web")).is_fine(&CHECK);
        let also = json!([listing, rule("configmaps", &["get", "list", "watch"])]);
        let verdict =
            cluster().with(web()).with(role("web", &also)).with(bound("web")).finds(&CHECK, &["clusterrole web"]);
        assert_eq!(verdict.says("list on pods without watch").faults[0].severity, Some(Severity::Low));
        // Nodes are often listed once.
        let nodes = json!([rule("nodes", &["list"]), rule("configmaps", &["get", "list", "watch"])]);
        cluster().with(web()).with(role("web", &nodes)).with(bound("web")).is_fine(&CHECK);
    }

    #[test]
    fn what_another_rule_or_role_gives_is_not_missing() {
        let split = json!([rule("pods", &["watch"]), rule("pods", &["list"])]);
        cluster().with(web()).with(role("web", &split)).with(bound("web")).is_fine(&CHECK);
        let all = cluster().with(web()).with(role("a", &json!([rule("pods", &["watch"])]))).with(bound("a"));
        all.with(role("b", &json!([rule("pods", &["list"])]))).with(bound("b")).is_fine(&CHECK);
    }

    #[test]
    fn built_in_roles_wildcards_and_single_objects_are_fine() {
        let watch = json!([rule("pods", &["watch"])]);
        cluster().with(web()).with(role("system:x", &watch)).with(bound("system:x")).is_fine(&CHECK);
        for rules in [json!([rule("*", &["*"])]), json!([rule("pods", &["*"])]), json!([rule("*", &["watch"])])] {
            cluster().with(web()).with(role("web", &rules)).with(bound("web")).is_fine(&CHECK);
        }
        let one = json!([{ "apiGroups": [""], "resources": ["configmaps"], "verbs": ["get", "watch"], "resourceNames": ["lock"] }]);
        cluster().with(web()).with(role("web", &one)).with(bound("web")).is_fine(&CHECK);
        cluster().with(role("web", &watch)).with(bound("web")).is_fine(&CHECK);
    }

    #[test]
    fn bindings_that_may_not_be_read_may_give_what_is_missing() {
        let all = cluster().with(web()).with(role("web", &json!([rule("pods", &["watch"])]))).with(bound("web"));
        all.without(Kind::RoleBinding).cannot_say(&CHECK, "rolebindings: forbidden");
    }
}
