//! An operator of the Operator Lifecycle Manager is not installed or updated, or the catalogue behind it does not answer.

use std::collections::BTreeMap;

use super::denials::{denied, explained, in_words, quoted, settled, standing, time};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Condition, Custom, Kind};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "olm-unhealthy",
    title: "Operator not installed or updated",
    rows: &[134],
    severity: Severity::Medium,
    stage: Stage::Outside,
    basis: Basis::Status,
    needs: &[
        Kind::ClusterServiceVersion,
        Kind::Subscription,
        Kind::InstallPlan,
        Kind::CatalogSource,
        Kind::OperatorGroup,
        Kind::ClusterExtension,
        Kind::ClusterCatalog,
    ],
    hygiene: false,
    run,
};

/// What is looked at of each kind.
type Look = fn(&View<'_>, &Custom) -> Option<Fault>;

const LOOKS: [(Kind, Look); 6] = [
    (Kind::ClusterServiceVersion, version),
    (Kind::InstallPlan, plan),
    (Kind::CatalogSource, source),
    (Kind::Subscription, subscription),
    (Kind::ClusterExtension, extension),
    (Kind::ClusterCatalog, catalog),
];

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for (kind, look) in LOOKS {
        let objects = view.snapshot.customs(kind).iter().filter(|o| !o.metadata.is_going());
        verdict.faults.extend(objects.filter_map(|object| look(view, object)));
    }
    verdict.faults.extend(crowded(view));
    verdict
}

fn fault(kind: Kind, object: &Custom, what: &str) -> Fault {
    let name = &object.metadata.name;
    Fault::on(object.metadata.object(kind), &format!("{} {name} {what}", kind.name()))
        .fact("resource", format!("{}/{name}", kind.word()))
}

fn by_condition(kind: Kind, object: &Custom, what: &str, condition: &Condition) -> Fault {
    quoted(fault(kind, object, &format!("{what} ({})", in_words(condition))), condition)
}

/// A version of an operator. OLM copies it into every namespace that the operator serves; only the original counts.
fn version(view: &View<'_>, csv: &Custom) -> Option<Fault> {
    let since = time(csv, &["status", "lastTransitionTime"]);
    let what = match csv.text(&["status", "phase"])? {
        "Failed" => "could not be installed",
        "Pending" if settled(view, since) => "waits for what it requires",
        _ => return None,
    };
    if csv.metadata.labels.contains_key("olm.copiedFrom") {
        return None;
    }
    let message = csv.text(&["status", "message"]).unwrap_or_default();
    let fault = fault(Kind::ClusterServiceVersion, csv, &explained(what, message));
    let reason = csv.text(&["status", "reason"]).unwrap_or_default();
    Some(fault.seen("status.message", message).seen("status.reason", reason).since(since))
}

/// A plan that failed. Old ones stay around for ever: a later one that is done has made up for it.
fn plan(view: &View<'_>, plan: &Custom) -> Option<Fault> {
    let done = |other: &Custom| {
        other.metadata.namespace == plan.metadata.namespace
            && other.metadata.creation_timestamp > plan.metadata.creation_timestamp
            && other.text(&["status", "phase"]) == Some("Complete")
    };
    let failed = plan.text(&["status", "phase"]) == Some("Failed");
    if !failed || view.snapshot.customs(Kind::InstallPlan).iter().any(done) {
        return None;
    }
    let installed = denied(view, plan, "Installed");
    let fault = match installed {
        Some(condition) => by_condition(Kind::InstallPlan, plan, "failed", &condition),
        None => fault(Kind::InstallPlan, plan, "failed"),
    };
    Some(fault.seen("status.message", plan.text(&["status", "message"]).unwrap_or_default()))
}

/// A catalogue that is not connected. `IDLE` is one that nobody asks.
fn source(view: &View<'_>, source: &Custom) -> Option<Fault> {
    let state = source.text(&["status", "connectionState", "lastObservedState"]).filter(|s| !s.is_empty())?;
    let since = time(source, &["status", "connectionState", "lastConnect"]);
    if matches!(state, "READY" | "IDLE") || (state == "CONNECTING" && !settled(view, since)) {
        return None;
    }
    let fault = fault(Kind::CatalogSource, source, &format!("is not connected ({state})"));
    Some(fault.seen("status.connectionState.lastObservedState", state))
}

/// A subscription that finds no version. One with an update that waits to be approved is well.
fn subscription(view: &View<'_>, subscription: &Custom) -> Option<Fault> {
    let bad = ["ResolutionFailed", "BundleUnpackFailed", "InstallPlanFailed"];
    let condition = bad.iter().find_map(|kind| standing(view, subscription, kind, "True"))?;
    let what = format!("has the condition {}", condition.kind);
    let source = subscription.text(&["spec", "source"]).unwrap_or_default();
    Some(by_condition(Kind::Subscription, subscription, &what, &condition).fact("source", source))
}

/// An operator of the new OLM. `Progressing` is true as long as it is looked after, with `Retrying` where that fails.
fn extension(view: &View<'_>, extension: &Custom) -> Option<Fault> {
    let retried = || standing(view, extension, "Progressing", "True").filter(|c| c.reason == "Retrying");
    let blocked = || denied(view, extension, "Progressing").filter(|c| c.reason == "Blocked");
    let condition = retried().or_else(blocked).or_else(|| denied(view, extension, "Installed"))?;
    Some(by_condition(Kind::ClusterExtension, extension, "cannot be installed or updated", &condition))
}

/// A catalogue of the new OLM, unless somebody switched it off.
fn catalog(view: &View<'_>, catalog: &Custom) -> Option<Fault> {
    let off = catalog.text(&["spec", "availabilityMode"]) == Some("Unavailable");
    let condition = denied(view, catalog, "Serving").filter(|_| !off)?;
    Some(by_condition(Kind::ClusterCatalog, catalog, "is not served", &condition))
}

/// Namespaces with more than one group: OLM installs nothing in them.
fn crowded(view: &View<'_>) -> Vec<Fault> {
    let mut groups: BTreeMap<&str, Vec<&Custom>> = BTreeMap::new();
    for group in view.snapshot.customs(Kind::OperatorGroup).iter().filter(|g| !g.metadata.is_going()) {
        groups.entry(&group.metadata.namespace).or_default().push(group);
    }
    let several = groups.into_iter().filter(|(_, groups)| groups.len() > 1);
    several.filter_map(|(namespace, groups)| Some(of_groups(namespace, groups.last()?, &groups))).collect()
}

fn of_groups(namespace: &str, last: &Custom, groups: &[&Custom]) -> Fault {
    let names: Vec<&str> = groups.iter().map(|g| g.metadata.name.as_str()).collect();
    let what = format!("is not alone in namespace {namespace}, which may have one only: {}", names.join(", "));
    fault(Kind::OperatorGroup, last, &what)
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, thing};

    fn old(kind: &str, name: &str) -> Thing {
        thing("operators.coreos.com/v1alpha1", kind, name)
    }

    fn new(kind: &str, name: &str) -> Thing {
        thing("olm.operatorframework.io/v1", kind, name)
    }

    #[test]
    fn a_version_that_failed_is_told_once_and_not_for_each_copy() {
        let csv = |name: &str| {
            old("ClusterServiceVersion", name)
                .set("status.phase", "Failed")
                .set("status.message", "install strategy failed: deployment did not become ready")
        };
        let copy = csv("shop/db.v1").set("metadata.labels", serde_json::json!({ "olm.copiedFrom": "operators" }));
        let told = cluster().with(csv("operators/db.v1")).with(copy);
        told.finds(&CHECK, &["clusterserviceversion operators/db.v1"]).says("install strategy failed");
        cluster()
            .with(old("ClusterServiceVersion", "operators/db.v1").set("status.phase", "Succeeded"))
            .is_fine(&CHECK);
    }

    #[test]
    fn an_update_that_waits_for_approval_is_fine_and_one_that_cannot_be_resolved_is_not() {
        let waits = old("Subscription", "operators/db").set("status.state", "UpgradePending").condition(
            "InstallPlanPending",
            "True",
            "RequiresApproval",
        );
        let plan = old("InstallPlan", "operators/install-a").set("status.phase", "RequiresApproval");
        cluster().with(waits.clone()).with(plan).is_fine(&CHECK);
        let stuck = waits.condition("ResolutionFailed", "True", "ConstraintsNotSatisfiable");
        cluster().with(stuck).finds(&CHECK, &["subscription operators/db"]).says("ConstraintsNotSatisfiable");
    }

    #[test]
    fn a_plan_that_a_later_one_made_up_for_is_history() {
        let failed = old("InstallPlan", "operators/install-a").set("status.phase", "Failed");
        let later = old("InstallPlan", "operators/install-b")
            .set("metadata.creationTimestamp", "2026-11-25T00:00:00Z")
            .set("status.phase", "Complete");
        cluster().with(failed.clone()).finds(&CHECK, &["installplan operators/install-a"]);
        cluster().with(failed).with(later).is_fine(&CHECK);
    }

    #[test]
    fn catalogues_and_groups_are_looked_at() {
        let source =
            |state: &str| old("CatalogSource", "olm/community").set("status.connectionState.lastObservedState", state);
        cluster().with(source("TRANSIENT_FAILURE")).finds(&CHECK, &["catalogsource olm/community"]);
        cluster().with(source("READY")).is_fine(&CHECK);
        cluster().with(source("IDLE")).is_fine(&CHECK);
        let group = |name: &str| thing("operators.coreos.com/v1", "OperatorGroup", name);
        let two = cluster().with(group("operators/a")).with(group("operators/b")).with(group("olm/c"));
        two.finds(&CHECK, &["operatorgroup operators/b"]).says("a, b");
    }

    #[test]
    fn the_new_olm_tells_by_conditions() {
        let works = new("ClusterExtension", "db").condition("Progressing", "True", "Succeeded");
        let works = works.condition("Installed", "True", "Succeeded");
        cluster().with(works.clone()).is_fine(&CHECK);
        let retried = works.condition("Progressing", "True", "Retrying");
        cluster().with(retried).finds(&CHECK, &["clusterextension db"]).says("Retrying");
        let catalog = new("ClusterCatalog", "community").condition("Serving", "False", "Unavailable");
        cluster().with(catalog.clone()).finds(&CHECK, &["clustercatalog community"]);
        cluster().with(catalog.set("spec.availabilityMode", "Unavailable")).is_fine(&CHECK);
    }
}
