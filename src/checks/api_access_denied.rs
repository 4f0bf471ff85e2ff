//! A program asks the API server for what its service account may not do, and says so in its last words, a condition or an event.

use std::collections::{BTreeMap, BTreeSet};

use super::complaints::complaints;
use super::denial::{Denial, denials};
use super::rights::{Grant, Rights, names, rights};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, ObjectRef};
use crate::finding::{Fault, Severity};
use crate::text::list;

pub(super) const CHECK: Check = Check {
    id: "api-access-denied",
    title: "Request to the API refused",
    rows: &[36],
    severity: Severity::Medium,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::Pod, Kind::Event, Kind::RoleBinding, Kind::ClusterRoleBinding, Kind::Role, Kind::ClusterRole],
    hygiene: false,
    run,
};

/// What one object says about one account.
type Said<'s> = (BTreeSet<Denial>, Vec<(String, &'s str)>);

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for ((object, account), (denials, told)) in refused(view) {
        let why = worst(view, &denials);
        if let Why::Unknown(unseen) = &why {
            verdict.unknown(unseen.clone());
        }
        verdict.found(fault(object, account, &denials, &told, &why));
    }
    verdict
}

/// The refusals by the object that tells of them and the account that was refused.
fn refused<'s>(view: &View<'s>) -> BTreeMap<(ObjectRef, ObjectRef), Said<'s>> {
    let mut all: BTreeMap<(ObjectRef, ObjectRef), Said<'s>> = BTreeMap::new();
    for (object, field, text) in complaints(view).into_iter().filter(|(.., text)| text.contains("serviceaccount:")) {
        for denial in denials(text) {
            let account = ObjectRef::new(Kind::ServiceAccount, &denial.home, &denial.account);
            let (denials, told) = all.entry((object.clone(), account)).or_default();
            denials.insert(denial);
            told.push((field.clone(), text));
        }
    }
    all
}

/// Why a request was refused, as far as roles and bindings tell.
enum Why {
    /// No role allows it, with what there is instead.
    Lacking(String),
    /// A role was added since.
    AllowedByNow,
    /// Not all roles and bindings were seen, because …
    Unknown(String),
}

fn why(view: &View<'_>, denial: &Denial) -> Why {
    let place = denial.namespace.as_deref();
    let Rights { grants, unseen } = rights(view, &denial.home, &denial.account, place);
    let allows = |g: &&Grant<'_>| g.allows(&denial.verb, &denial.group, &denial.resource);
    let (here, elsewhere): (Vec<&Grant<'_>>, Vec<&Grant<'_>>) = grants.iter().partition(|g| g.holds_in(place));
    if here.iter().any(allows) {
        return Why::AllowedByNow;
    }
    if let Some(unseen) = unseen {
        return Why::Unknown(unseen);
    }
    let other = elsewhere.into_iter().find(allows);
    Why::Lacking(other.map_or_else(
        || lacking(&here, denial),
        |grant| format!("{} allows it in namespace {} only", grant.object, grant.place.unwrap_or_default()),
    ))
}

/// The reason that still holds, if there is one among several refusals.
fn worst(view: &View<'_>, denials: &BTreeSet<Denial>) -> Why {
    let mut all = denials.iter().map(|denial| why(view, denial));
    all.find(|why| !matches!(why, Why::AllowedByNow)).unwrap_or(Why::AllowedByNow)
}

/// What the roles that hold there give instead of what was asked. Those that the control plane gives to everybody are no answer.
fn lacking(here: &[&Grant<'_>], denial: &Denial) -> String {
    let named = |g: &&&Grant<'_>| g.role.rules.iter().any(|r| names(r, &denial.group, &denial.resource));
    if let Some(grant) = here.iter().find(named) {
        return format!("{} allows other verbs on {}, but not {}", grant.object, denial.resource, denial.verb);
    }
    let own = here.iter().filter(|g| !g.object.name.starts_with("system:"));
    let roles: BTreeSet<String> = own.map(|g| g.object.to_string()).collect();
    match roles.len() {
        0 => "no role is bound to it there".to_owned(),
        1 => format!("its role there, {}, does not name {}", list(&Vec::from_iter(roles)), denial.resource),
        _ => format!("none of its roles there ({}) names {}", list(&Vec::from_iter(roles)), denial.resource),
    }
}

fn fault(
    object: ObjectRef,
    account: ObjectRef,
    denials: &BTreeSet<Denial>,
    told: &[(String, &str)],
    why: &Why,
) -> Fault {
    let requests: Vec<String> = denials.iter().take(3).map(Denial::request).collect();
    let more = denials.len().saturating_sub(3);
    let more = if more == 0 { String::new() } else { format!(" (and {more} more)") };
    let reason = match why {
        Why::AllowedByNow => "; its roles allow it by now".to_owned(),
        Why::Unknown(_) => String::new(),
        Why::Lacking(reason) => format!("; {reason}"),
    };
    let sentence = format!("{account} was refused to {}{more}{reason}", list(&requests));
    let fault =
        told.iter().fold(Fault::on(object, &sentence), |fault, (field, text)| fault.seen(field.as_str(), *text));
    let first = denials.first();
    let fault = fault
        .fact("serviceaccount", &account.name)
        .fact("resource", first.map_or("", |d| d.resource.as_str()))
        .fact("action", first.map_or("", |d| d.verb.as_str()))
        .fact("sa_namespace", &account.namespace)
        .because_of(account);
    if matches!(why, Why::AllowedByNow) { fault.severity(Severity::Low) } else { fault }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, pod, thing, warning};
    use crate::evidence::cluster::Kind;
    use crate::finding::Severity;

    const REFUSED: &str = "panic: pods is forbidden: User \"system:serviceaccount:shop:web\" cannot list resource \"pods\" in API group \"\" in the namespace \"shop\"";

    fn crashed() -> Thing {
        let end = json!({ "exitCode": 1, "reason": "Error", "message": REFUSED, "finishedAt": "2026-11-26T11:55:00Z" });
        pod("shop/web-0")
            .set("status.containerStatuses.0.state", json!({ "waiting": { "reason": "CrashLoopBackOff" } }))
            .set("status.containerStatuses.0.lastState.terminated", end)
    }

    fn role(verbs: &[&str]) -> Thing {
        thing("rbac.authorization.k8s.io/v1", "Role", "shop/reader")
            .set("rules", json!([{ "apiGroups": [""], "resources": ["pods"], "verbs": verbs }]))
    }

    fn bound(namespace: &str) -> Thing {
        thing("rbac.authorization.k8s.io/v1", "RoleBinding", &format!("{namespace}/reader"))
            .set("roleRef", json!({ "kind": "Role", "name": "reader" }))
            .set("subjects", json!([{ "kind": "ServiceAccount", "name": "web", "namespace": "shop" }]))
    }

    #[test]
    fn last_words_and_events_blame_the_account() {
        let everybody = thing("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", "system:discovery")
            .set("roleRef", json!({ "kind": "ClusterRole", "name": "system:discovery" }))
            .set("subjects", json!([{ "kind": "Group", "name": "system:authenticated" }]));
        let discovery = thing("rbac.authorization.k8s.io/v1", "ClusterRole", "system:discovery");
        let all = cluster().with(crashed()).with(everybody).with(discovery);
        let verdict = all.finds(&CHECK, &["pod shop/web-0"]);
        verdict
            .says("serviceaccount shop/web was refused to list pods in namespace shop; no role is bound to it there");
        verdict.blames("serviceaccount shop/web");
        let event = warning("ReplicaSet", "shop/web-5d7f", "FailedSync", REFUSED);
        cluster().with(event).finds(&CHECK, &["replicaset shop/web-5d7f"]);
    }

    #[test]
    fn the_role_that_lacks_the_verb_is_named() {
        let all = cluster().with(crashed()).with(role(&["get"])).with(bound("shop"));
        all.finds(&CHECK, &["pod shop/web-0"]).says("role shop/reader allows other verbs on pods, but not list");
        let elsewhere = role(&["list"]).set("metadata.namespace", "ops");
        let all = cluster().with(crashed()).with(elsewhere).with(bound("ops"));
        all.finds(&CHECK, &["pod shop/web-0"]).says("role ops/reader allows it in namespace ops only");
        let all = cluster().with(crashed()).with(role(&["list"])).with(bound("shop"));
        let verdict = all.finds(&CHECK, &["pod shop/web-0"]);
        assert_eq!(verdict.says("allow it by now").faults[0].severity, Some(Severity::Low));
    }

    #[test]
    fn roles_that_may_not_be_read_are_not_missing() {
        let verdict = cluster().with(crashed()).without(Kind::ClusterRoleBinding).finds(&CHECK, &["pod shop/web-0"]);
        assert_eq!(verdict.unknown.len(), 1);
        assert!(!verdict.faults[0].message.as_str().contains("no role is bound"));
    }

    #[test]
    fn refusals_of_long_ago_and_other_words_are_none() {
        let well = crashed()
            .set("status.containerStatuses.0.state", json!({ "running": { "startedAt": "2026-11-20T08:00:05Z" } }))
            .set("status.containerStatuses.0.lastState.terminated.finishedAt", "2026-11-20T08:00:00Z");
        cluster().with(well).is_fine(&CHECK);
        let quota = "pods \"web\" is forbidden: exceeded quota: compute, requested: pods=1";
        cluster()
            .with(warning("ReplicaSet", "shop/web-5d7f", "FailedCreate", quota))
            .with(pod("shop/web-0"))
            .is_fine(&CHECK);
    }
}
