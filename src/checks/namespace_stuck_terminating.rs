//! A namespace that is to go does not go: something in it stays, or a group of the API does not answer.

use super::claim_in_use::is_protection;
use super::gist::gist;
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Condition, Kind, Namespace, ObjectRef};
use crate::finding::{Fault, Severity};
use crate::text::Span;

pub(super) const CHECK: Check = Check {
    id: "namespace-stuck-terminating",
    title: "Namespace does not go away",
    rows: &[120],
    severity: Severity::Medium,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::Namespace],
    hygiene: false,
    run,
};

/// By which the controller says what it waits for, the most telling first: where a finalizer holds something, that is the reason, whatever else is wrong.
const WAITS_FOR: [&str; 5] =
    [FINALIZERS, SILENT, "NamespaceDeletionGroupVersionParsingFailure", "NamespaceDeletionContentFailure", CONTENT];

const FINALIZERS: &str = "NamespaceFinalizersRemaining";
const SILENT: &str = "NamespaceDeletionDiscoveryFailure";
const CONTENT: &str = "NamespaceContentRemaining";

/// What seldom ends by waiting: a group of the API that does not answer, a finalizer whose controller is slow or gone.
const HINDERS: [&str; 2] = [SILENT, FINALIZERS];

/// Seconds in which controllers take their finalizers off.
const HINDERED: i64 = 120;

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for namespace in view.snapshot.namespaces.iter().filter(|n| n.status.phase == "Terminating") {
        let hindered = reasons(namespace).iter().any(|said| HINDERS.contains(&said.kind.as_str()));
        let patience = if hindered { HINDERED } else { view.thresholds.settle };
        // What waits only for claims in use is told by `claim-in-use`.
        if view.lasts(namespace.metadata.deletion_timestamp, patience) && !waits_for_claims(view, namespace) {
            verdict.found(fault(view, namespace));
        }
    }
    verdict
}

/// Whether nothing but claims that are in use holds a namespace, for longer than it takes to end their pods.
pub(super) fn waits_for_claims(view: &View<'_>, namespace: &Namespace) -> bool {
    let reasons = reasons(namespace);
    let held = held(&reasons);
    let late = view.lasts(namespace.metadata.deletion_timestamp, HINDERED);
    late && !held.is_empty() && held.iter().all(|(name, _)| is_protection(name))
}

fn fault(view: &View<'_>, namespace: &Namespace) -> Fault {
    let asked = namespace.metadata.deletion_timestamp;
    let long = Span(asked.age(view.now).unwrap_or_default());
    let reasons = reasons(namespace);
    let message = format!("the namespace has been terminating for {long}: {}", why(&reasons));
    let fault = Fault::on(namespace.metadata.object(Kind::Namespace), &message)
        .since(asked)
        .fact("namespace", &namespace.metadata.name);
    let fault = reasons.iter().fold(fault, |fault, said| {
        let path = format!("status.conditions[{}]", said.kind);
        let line = format!("{} {} {}", said.kind, said.status, said.reason);
        fault.seen(format!("{path}.message"), said.message.as_str()).seen(path, line)
    });
    let held = held(&reasons);
    if !is_held(&reasons) {
        // Each namespace is a thing of its own; what serves the group explains all of them.
        let groups = silent(&reasons);
        return groups.iter().filter_map(|group| api_service(group)).fold(fault, Fault::involving);
    }
    // A protection goes by itself, and nobody has to act on it.
    let finalizer = held.iter().map(|(name, _)| *name).find(|name| !is_protection(name)).unwrap_or_default();
    let resource = left(&reasons).first().map(|(name, _)| (*name).to_owned()).unwrap_or_default();
    fault.fact("finalizer", finalizer).fact("resource", resource)
}

/// What is counted in a condition: its name, and how many objects have it.
type Item<'c> = (&'c str, &'c str);

/// What the namespace waits for: finalizers and what has them; else what the controller says first.
fn why(reasons: &[&Condition]) -> String {
    let (held, groups) = (held(reasons), silent(reasons));
    let silent = match &*groups {
        [] => String::new(),
        [only] => format!("group {only} of the API does not answer"),
        all => format!("groups {} of the API do not answer", all.join(", ")),
    };
    if held.is_empty() {
        let said = || reasons.first().map_or("it does not say what it waits for".to_owned(), |c| gist(&c.message));
        return if silent.is_empty() || is_held(reasons) { said() } else { silent };
    }
    let word = if held.len() == 1 { "finalizer" } else { "finalizers" };
    let names: Vec<&str> = held.iter().map(|(name, _)| *name).collect();
    let left: Vec<String> = left(reasons).iter().map(|(name, count)| format!("{count} {name}")).collect();
    let left = if left.is_empty() { String::new() } else { format!("; left over: {}", left.join(", ")) };
    let besides = if silent.is_empty() { silent } else { format!("; besides, {silent}") };
    format!("{word} {} {} not removed{left}{besides}", names.join(", "), if held.len() == 1 { "is" } else { "are" })
}

fn message<'c>(reasons: &[&'c Condition], kind: &str) -> &'c str {
    reasons.iter().find(|c| c.kind == kind).map_or("", |c| c.message.as_str())
}

fn is_held(reasons: &[&Condition]) -> bool {
    reasons.iter().any(|c| c.kind == FINALIZERS)
}

/// The finalizers that are left: `… finalizers remaining: example.com/cleanup in 2 resource instances, …`.
fn held<'c>(reasons: &[&'c Condition]) -> Vec<Item<'c>> {
    counted(message(reasons, FINALIZERS), "remaining: ", " in ")
}

/// The resources that are left: `Some resources are remaining: carts.example.com has 2 resource instances, pods. has …`.
fn left<'c>(reasons: &[&'c Condition]) -> Vec<Item<'c>> {
    counted(message(reasons, CONTENT), "remaining: ", " has ")
}

fn counted<'c>(message: &'c str, begin: &str, between: &str) -> Vec<Item<'c>> {
    let Some((_, rest)) = message.split_once(begin) else { return Vec::new() };
    let item = |part: &'c str| {
        let (name, count) = part.trim().split_once(between)?;
        Some((name.trim_end_matches('.'), count.split(' ').next()?))
    };
    rest.split(", ").filter_map(item).collect()
}

/// The groups that did not answer: `… server APIs: a.example.com/v1: stale GroupVersion discovery: a.example.com/v1, b.example.com/v1: the server …`.
fn silent<'c>(reasons: &[&'c Condition]) -> Vec<&'c str> {
    let Some((_, rest)) = message(reasons, SILENT).split_once("server APIs: ") else { return Vec::new() };
    let group = |part: &'c str| part.trim().split(": ").next().filter(|g| g.contains('/') && !g.contains(' '));
    rest.split(", ").filter_map(group).collect()
}

/// What hands a group to its server: of `metrics.k8s.io/v1beta1`, `v1beta1.metrics.k8s.io`.
fn api_service(group: &str) -> Option<ObjectRef> {
    let (name, version) = group.split_once('/')?;
    Some(ObjectRef::new(Kind::APIService, "", &format!("{version}.{name}")))
}

fn reasons(namespace: &Namespace) -> Vec<&Condition> {
    let conditions = &namespace.status.conditions;
    let of = |kind: &&str| conditions.iter().find(|c| c.kind == **kind && c.status == "True");
    WAITS_FOR.iter().filter_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, thing};

    fn going(since: &str) -> Thing {
        thing("v1", "Namespace", "old").set("status.phase", "Terminating").set("metadata.deletionTimestamp", since)
    }

    #[test]
    fn what_it_waits_for_is_told() {
        let text =
            "Some content in the namespace has finalizers remaining: example.com/cleanup in 2 resource instances";
        let stuck = going("2026-11-26T10:00:00Z")
            .condition("NamespaceContentRemaining", "True", "SomeResourcesRemain")
            .condition("NamespaceFinalizersRemaining", "True", "SomeFinalizersRemain")
            .set("status.conditions.1.message", text)
            .condition("NamespaceDeletionDiscoveryFailure", "False", "ResourcesDiscovered");
        let verdict = cluster().with(stuck).finds(&CHECK, &["namespace old"]);
        verdict.says("has been terminating for 2 hours: finalizer example.com/cleanup is not removed");
        assert_eq!(verdict.faults[0].statements[0].text, text);
    }

    const FAILED: &str = "Discovery failed for some groups, 2 failing: unable to retrieve the complete list of server APIs: metrics.k8s.io/v1beta1: stale GroupVersion discovery: metrics.k8s.io/v1beta1, shop.example.com/v1: the server is currently unable to handle the request";

    fn silent() -> Thing {
        going("2026-11-26T10:00:00Z")
            .condition("NamespaceDeletionDiscoveryFailure", "True", "DiscoveryFailed")
            .set("status.conditions.0.message", FAILED)
    }

    #[test]
    fn groups_of_the_api_that_are_silent_are_named_all() {
        let verdict = cluster().with(silent()).finds(&CHECK, &["namespace old"]);
        verdict.says("groups metrics.k8s.io/v1beta1, shop.example.com/v1 of the API do not answer");
        let involved: Vec<String> = verdict.faults[0].involves.iter().map(ToString::to_string).collect();
        assert_eq!(involved, ["apiservice v1beta1.metrics.k8s.io", "apiservice v1.shop.example.com"]);
        assert_eq!(verdict.faults[0].culprit, None);
    }

    #[test]
    fn a_finalizer_is_the_reason_even_where_a_group_is_silent() {
        let held = silent()
            .condition("NamespaceContentRemaining", "True", "SomeResourcesRemain")
            .condition("NamespaceFinalizersRemaining", "True", "SomeFinalizersRemain")
            .set("status.conditions.1.message", "Some resources are remaining: carts.shop.example.com has 2 resource instances, persistentvolumeclaims. has 1 resource instances")
            .set("status.conditions.2.message", "Some content in the namespace has finalizers remaining: example.com/cleanup in 2 resource instances, kubernetes.io/pvc-protection in 1 resource instances");
        let verdict = cluster().with(held).finds(&CHECK, &["namespace old"]);
        verdict.says("finalizers example.com/cleanup, kubernetes.io/pvc-protection are not removed; left over: 2 carts.shop.example.com, 1 persistentvolumeclaims; besides, groups metrics.k8s.io/v1beta1");
        assert!(verdict.faults[0].involves.is_empty());
        assert!(verdict.faults[0].statements[0].text.contains("example.com/cleanup"));
        assert!(verdict.faults[0].facts.contains(&("resource", "carts.shop.example.com".to_owned())));
    }

    #[test]
    fn claims_in_use_are_another_matter() {
        let text = "Some content in the namespace has finalizers remaining: kubernetes.io/pvc-protection in 1 resource instances";
        let held = going("2026-11-26T10:00:00Z")
            .condition("NamespaceFinalizersRemaining", "True", "SomeFinalizersRemain")
            .set("status.conditions.0.message", text);
        cluster().with(held).is_fine(&CHECK);
    }

    #[test]
    fn an_active_one_and_one_that_has_just_begun_to_go_are_fine() {
        cluster().with(thing("v1", "Namespace", "shop").set("status.phase", "Active")).is_fine(&CHECK);
        cluster().with(going("2026-11-26T11:56:30Z")).is_fine(&CHECK);
        let held =
            going("2026-11-26T11:56:30Z").condition("NamespaceFinalizersRemaining", "True", "SomeFinalizersRemain");
        cluster().with(held).finds(&CHECK, &["namespace old"]);
    }
}
