//! A pod of a stateful set is missing or not ready. The pods have an order, so the first of them is the one to look at.

use super::unready::unready_since;
use super::{Basis, Check, Stage, Verdict, View, told};
use crate::evidence::cluster::{Event, Kind, ObjectRef, Pod, Time, Workload};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "statefulset-pod-missing",
    title: "StatefulSet misses a pod",
    rows: &[47],
    severity: Severity::High,
    stage: Stage::Workload,
    basis: Basis::Status,
    needs: &[Kind::StatefulSet, Kind::Pod],
    hygiene: false,
    run,
};

/// Pods of a set that are looked at: a set may ask for any number of them.
const MOST: i64 = 5_000;

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let lacks = |s: &&Workload| !s.metadata.is_going() && s.is_observed() && s.status.ready_replicas < s.wanted();
    for set in view.snapshot.stateful_sets.iter().filter(lacks) {
        match view.snapshot.reads.complete(Kind::Pod, &set.metadata.namespace) {
            Err(why) => verdict.unknown(why),
            Ok(()) => {
                if let Some(gap) = first_gap(view, set) {
                    verdict.found(fault(view, set, &gap));
                }
            }
        }
    }
    verdict
}

/// A pod that should be ready.
struct Gap<'v> {
    name: String,
    pod: Option<&'v Pod>,
    since: Time,
}

/// The first pod that has been missing or unready for longer than a start takes.
fn first_gap<'v>(view: &View<'v>, set: &Workload) -> Option<Gap<'v>> {
    let first = first_ordinal(view, set);
    let quiet = quiet_since(view, set);
    let names =
        (first..first.saturating_add(set.wanted().min(MOST))).map(|ordinal| format!("{}-{ordinal}", set.metadata.name));
    let mut gaps = names.filter_map(|name| {
        let pod = view.pod(&set.metadata.namespace, &name);
        let is_well = pod.is_some_and(|p| p.is_ready() && !p.metadata.is_going());
        let since = pod.map_or(quiet, unready_since);
        (!is_well).then_some(Gap { name, pod, since })
    });
    gaps.find(|gap| view.lasts(gap.since, view.thresholds.settle))
}

/// Ordinals begin at `spec.ordinals.start`; the highest pod tells where they begin at least.
fn first_ordinal(view: &View<'_>, set: &Workload) -> i64 {
    let pods = view.pods_of(&set.metadata.object(Kind::StatefulSet)).iter();
    let ordinals = pods.filter_map(|p| p.metadata.name.rsplit_once('-')?.1.parse::<i64>().ok());
    ordinals.max().map_or(0, |last| last.saturating_add(1).saturating_sub(set.wanted()).max(0))
}

/// Since when nothing has moved: while its pods start one after the other, the later ones are missing and that is right.
fn quiet_since(view: &View<'_>, set: &Workload) -> Time {
    let pods = view.pods_of(&set.metadata.object(Kind::StatefulSet)).iter();
    let is_well = |p: &Pod| p.is_ready() && !p.metadata.is_going();
    let moved = pods.map(|p| if is_well(p) { p.metadata.creation_timestamp } else { unready_since(p) });
    moved.fold(set.metadata.creation_timestamp, Time::max)
}

/// The newest warning about the pod, or of the set about this pod.
fn warning<'v>(view: &View<'v>, pod: &ObjectRef, set: &ObjectRef) -> Option<&'v Event> {
    let of_set = view.warnings(set).into_iter().filter(|e| names(e.text(), &pod.name));
    view.warnings(pod).into_iter().chain(of_set).next()
}

/// Whether a text speaks of this pod: of `web-1`, not of `web-10`.
fn names(text: &str, pod: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '.').any(|word| word == pod)
}

fn fault(view: &View<'_>, set: &Workload, gap: &Gap<'_>) -> Fault {
    let (object, namespace) = (set.metadata.object(Kind::StatefulSet), &set.metadata.namespace);
    let pod = ObjectRef::new(Kind::Pod, namespace, &gap.name);
    let (ready, wanted) = (set.status.ready_replicas, set.wanted());
    let state = if gap.pod.is_some() { "is not ready" } else { "does not exist" };
    let why = warning(view, &pod, &object).map(|e| format!(": {}", e.text().trim_end_matches('.')));
    let message = format!("pod {} {state}, {ready} of {wanted} are ready{}", gap.name, why.unwrap_or_default());
    let fault = Fault::on(object.clone(), &message)
        .fact("pod", &gap.name)
        .fact("wanted", wanted.to_string())
        .fact("ready", ready.to_string())
        .since(gap.since)
        .involving(pod);
    let fault = gap.pod.iter().fold(fault, |f, pod| told::pod(f, view, pod));
    let fault = told::warnings(fault, view, &object);
    let claims = set.spec.volume_claim_templates.iter().map(|t| format!("{}-{}", t.metadata.name, gap.name));
    claims.fold(fault, |f, claim| {
        f.involving(ObjectRef::new(Kind::PersistentVolumeClaim, namespace, &claim)).fact("pvc", claim)
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, pod, warning, workload};
    use crate::evidence::cluster::Kind;

    fn set() -> Thing {
        workload("StatefulSet", "shop/db", 3)
            .set("status.readyReplicas", 1)
            .set("spec.volumeClaimTemplates", json!([{ "metadata": { "name": "data" } }]))
    }

    fn member(name: &str) -> Thing {
        pod(name).owned_by("apps/v1", "StatefulSet", "db")
    }

    fn waiting(name: &str) -> Thing {
        member(name).condition("Ready", "False", "ContainersNotReady")
    }

    #[test]
    fn the_first_pod_that_is_not_ready_is_named_with_its_warning_and_claim() {
        let event = warning("Pod", "shop/db-1", "FailedMount", "Unable to attach or mount volumes: timed out.");
        let told = cluster().with(set()).with(member("shop/db-0")).with(waiting("shop/db-1")).with(event);
        let told = told.finds(&CHECK, &["statefulset shop/db"]);
        told.says("pod db-1 is not ready, 1 of 3 are ready: Unable to attach or mount volumes: timed out");
        let involved: Vec<String> = told.faults[0].involves.iter().map(ToString::to_string).collect();
        assert_eq!(involved, ["pod shop/db-1", "persistentvolumeclaim shop/data-db-1"]);
    }

    #[test]
    fn a_pod_that_was_never_made_is_named_with_the_refusal() {
        let other = warning("StatefulSet", "shop/db", "FailedCreate", "create Pod db-10 in StatefulSet db failed");
        let text = "create Pod db-0 in StatefulSet db failed error: pods \"db-0\" is forbidden: exceeded quota: team";
        let refused = warning("StatefulSet", "shop/db", "FailedCreate", text).set("metadata.name", "db.18");
        let told = cluster().with(set()).with(other).with(refused).finds(&CHECK, &["statefulset shop/db"]);
        told.says("pod db-0 does not exist, 1 of 3 are ready: create Pod db-0 in StatefulSet db failed error");
    }

    #[test]
    fn a_start_in_order_and_an_end_within_its_grace_are_fine() {
        let young = waiting("shop/db-1").set("status.conditions.1.lastTransitionTime", "2026-11-26T11:58:00Z");
        cluster().with(set()).with(member("shop/db-0")).with(young).is_fine(&CHECK);
        let going = member("shop/db-1").set("metadata.deletionTimestamp", "2026-11-26T12:00:20Z");
        cluster().with(set()).with(member("shop/db-0")).with(going).is_fine(&CHECK);
        cluster().with(workload("StatefulSet", "shop/db", 3)).is_fine(&CHECK);
    }

    #[test]
    fn ordinals_may_begin_later_and_pods_may_be_hidden() {
        let later = cluster().with(set()).with(member("shop/db-5")).with(waiting("shop/db-6"));
        later.with(waiting("shop/db-7")).finds(&CHECK, &["statefulset shop/db"]).says("pod db-6 is not ready");
        cluster().with(set()).without(Kind::Pod).cannot_say(&CHECK, "pods: forbidden");
    }

    #[test]
    fn a_set_may_ask_for_any_number_of_pods() {
        let young = set().set("spec.replicas", i64::MAX).set("metadata.creationTimestamp", "2026-11-26T11:59:00Z");
        cluster().with(young.clone()).is_fine(&CHECK);
        let many = young.set("spec.replicas", i64::from(i32::MAX));
        cluster().with(many).with(member(&format!("shop/db-{}", i64::MAX))).is_fine(&CHECK);
    }
}
