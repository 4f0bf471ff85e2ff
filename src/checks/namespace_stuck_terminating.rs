//! A namespace that is to go does not go: something in it stays, or a group of the API does not answer.

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

/// By which the controller says what it waits for, the most telling first.
const WAITS_FOR: [&str; 5] = [
    "NamespaceDeletionDiscoveryFailure",
    "NamespaceDeletionGroupVersionParsingFailure",
    "NamespaceDeletionContentFailure",
    "NamespaceFinalizersRemaining",
    "NamespaceContentRemaining",
];

/// What seldom ends by waiting: a group of the API that does not answer, a finalizer whose controller is slow or gone.
const HINDERS: [&str; 2] = ["NamespaceDeletionDiscoveryFailure", "NamespaceFinalizersRemaining"];

/// Seconds in which controllers take their finalizers off.
const HINDERED: i64 = 120;

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for namespace in view.snapshot.namespaces.iter().filter(|n| n.status.phase == "Terminating") {
        let hindered = reasons(namespace).iter().any(|said| HINDERS.contains(&said.kind.as_str()));
        let patience = if hindered { HINDERED } else { view.thresholds.settle };
        if view.lasts(namespace.metadata.deletion_timestamp, patience) {
            verdict.found(fault(view, namespace));
        }
    }
    verdict
}

fn fault(view: &View<'_>, namespace: &Namespace) -> Fault {
    let asked = namespace.metadata.deletion_timestamp;
    let long = Span(asked.age(view.now).unwrap_or_default());
    let reasons = reasons(namespace);
    let why = reasons.first().map_or("it does not say what it waits for".to_owned(), |c| gist(&c.message));
    let message = format!("the namespace has been terminating for {long}: {why}");
    let fault = Fault::on(namespace.metadata.object(Kind::Namespace), &message).since(asked);
    let fault = reasons.iter().fold(fault, |fault, said| {
        let path = format!("status.conditions[{}]", said.kind);
        let line = format!("{} {} {}", said.kind, said.status, said.reason);
        fault.seen(format!("{path}.message"), said.message.as_str()).seen(path, line)
    });
    match reasons.iter().find_map(|said| silent_group(&said.message)) {
        Some(group) => fault.because_of(group),
        None => fault,
    }
}

fn reasons(namespace: &Namespace) -> Vec<&Condition> {
    let conditions = &namespace.status.conditions;
    let of = |kind: &&str| conditions.iter().find(|c| c.kind == **kind && c.status == "True");
    WAITS_FOR.iter().filter_map(of).collect()
}

/// The group that did not answer: `… complete list of server APIs: metrics.k8s.io/v1beta1: stale GroupVersion discovery …`.
fn silent_group(message: &str) -> Option<ObjectRef> {
    let (_, rest) = message.split_once("server APIs: ")?;
    let (group, rest) = rest.split_once('/')?;
    let version = rest.split([':', ',']).next()?.trim();
    Some(ObjectRef::new(Kind::APIService, "", &format!("{version}.{group}")))
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
        verdict.says("has been terminating for 2 hours: Some content in the namespace has finalizers remaining");
        assert_eq!(verdict.faults[0].statements[0].text, text);
    }

    #[test]
    fn a_group_of_the_api_that_is_silent_is_to_blame() {
        let text = "Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs: metrics.k8s.io/v1beta1: stale GroupVersion discovery: metrics.k8s.io/v1beta1";
        let stuck = going("2026-11-26T10:00:00Z")
            .condition("NamespaceDeletionDiscoveryFailure", "True", "DiscoveryFailed")
            .set("status.conditions.0.message", text);
        cluster().with(stuck).finds(&CHECK, &["namespace old"]).blames("apiservice v1beta1.metrics.k8s.io");
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
