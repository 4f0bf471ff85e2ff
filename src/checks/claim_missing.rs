//! A pod, or the template of a workload, names a claim that does not exist.

use std::collections::BTreeSet;

use super::templates::{Template, wanted_templates};
use super::unplaced::waits_for_a_node;
use super::{Basis, Check, Lookup, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, Meta, ObjectRef, Pod, PodSpec, condition};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "claim-missing",
    title: "PersistentVolumeClaim does not exist",
    rows: &[8],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[Kind::Pod, Kind::PersistentVolumeClaim],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    // A claim that is in use cannot vanish, so only pods that still wait for a node matter; manifests know no phase.
    for pod in view.snapshot.pods.iter().filter(|p| view.is_manifests() || waits_for_a_node(p)) {
        look_at_pod(view, &mut verdict, pod);
    }
    for template in wanted_templates(view).filter(|t| view.pods_of(&t.object).is_empty()) {
        look_at_template(view, &mut verdict, template);
    }
    verdict
}

fn look_at_pod(view: &View<'_>, verdict: &mut Verdict, pod: &Pod) {
    let texts = texts(view, pod);
    for claim in claims(&pod.spec) {
        let told = texts.iter().find(|(_, text)| says_missing(text, claim));
        let lookup = view.lookup(Kind::PersistentVolumeClaim, &pod.metadata.namespace, claim);
        match (lookup, told) {
            (Lookup::Found, _) => {}
            (_, Some((field, text))) => {
                verdict.found(fault(&pod.metadata, Kind::Pod, "spec", claim).seen(*field, *text));
            }
            (Lookup::Missing, None) if !view.is_fresh(&pod.metadata) => {
                verdict.found(fault(&pod.metadata, Kind::Pod, "spec", claim));
            }
            (Lookup::Missing, None) => {}
            (Lookup::Unknown(why), None) => verdict.unknown(why),
        }
    }
}

fn look_at_template(view: &View<'_>, verdict: &mut Verdict, template: &Template<'_>) {
    let own = made_claims(view, template);
    for claim in claims(template.spec).into_iter().filter(|claim| !own.contains(claim)) {
        match view.lookup(Kind::PersistentVolumeClaim, &template.meta.namespace, claim) {
            Lookup::Missing if !view.is_fresh(template.meta) => {
                verdict.found(fault(template.meta, template.object.kind, template.path, claim));
            }
            Lookup::Unknown(why) => verdict.unknown(why),
            Lookup::Missing | Lookup::Found => {}
        }
    }
}

fn claims(spec: &PodSpec) -> BTreeSet<&str> {
    let claims = spec.volumes.iter().filter_map(|v| v.persistent_volume_claim.as_ref());
    claims.map(|c| c.claim_name.as_str()).filter(|name| !name.is_empty()).collect()
}

/// The claims that a `StatefulSet` makes itself: they stand in the place of volumes of the same name.
fn made_claims<'s>(view: &View<'s>, template: &Template<'_>) -> BTreeSet<&'s str> {
    let workload = view.workload(&template.object);
    let made = workload.into_iter().flat_map(|w| &w.spec.volume_claim_templates);
    made.map(|c| c.metadata.name.as_str()).collect()
}

/// What the scheduler says of a pod, under whatever reason: some versions count a missing claim as their own error.
fn texts<'s>(view: &View<'s>, pod: &'s Pod) -> Vec<(&'static str, &'s str)> {
    let condition = condition(&pod.status.conditions, "PodScheduled").filter(|c| c.status == "False");
    let condition = condition.map(|c| ("status.conditions[PodScheduled].message", c.message.as_str()));
    let events = view.warnings(&pod.metadata.object(Kind::Pod)).into_iter().filter(|e| e.reason == "FailedScheduling");
    condition.into_iter().chain(events.map(|e| ("event FailedScheduling", e.text()))).collect()
}

/// `persistentvolumeclaim "data" not found`, and with the namespace in old versions.
fn says_missing(text: &str, claim: &str) -> bool {
    let named = [format!("persistentvolumeclaim \"{claim}\" not found"), format!("/{claim}\" not found")];
    let old = text.contains("could not find v1.PersistentVolumeClaim") && text.contains(&format!("/{claim}\""));
    old || named.iter().any(|words| text.contains(words))
}

fn fault(meta: &Meta, kind: Kind, path: &str, claim: &str) -> Fault {
    let whose = if kind == Kind::Pod { "the pod" } else { "the template" };
    Fault::on(meta.object(kind), &format!("{whose} uses PersistentVolumeClaim {claim}, which does not exist"))
        .seen(format!("{path}.volumes.persistentVolumeClaim.claimName"), claim)
        .because_of(ObjectRef::new(Kind::PersistentVolumeClaim, &meta.namespace, claim))
        .fact("pvc", claim)
        .since(meta.creation_timestamp)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, claim, cluster, pod, thing, warning, workload};
    use crate::evidence::cluster::Kind;

    const GONE: &str = "0/3 nodes are available: persistentvolumeclaim \"data\" not found. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling.";
    const CLAIM: &str = "spec.volumes.0.persistentVolumeClaim.claimName";

    fn pending(message: &str) -> Thing {
        pod("shop/db-0")
            .set(CLAIM, "data")
            .set("status.phase", "Pending")
            .unset("spec.nodeName")
            .condition("PodScheduled", "False", "Unschedulable")
            .set("status.conditions.1.message", message)
    }

    #[test]
    fn the_missing_claim_is_to_blame_by_name() {
        let verdict = cluster().with(pending(GONE)).with(claim("shop/other")).finds(&CHECK, &["pod shop/db-0"]);
        verdict.says("PersistentVolumeClaim data, which does not exist").blames("persistentvolumeclaim shop/data");
        cluster().with(pending("")).finds(&CHECK, &["pod shop/db-0"]);
        // What the scheduler said before the claim was made is over.
        cluster().with(pending(GONE)).with(claim("shop/data")).is_fine(&CHECK);
    }

    #[test]
    fn claims_that_may_not_be_read_are_missing_only_if_the_scheduler_says_so() {
        cluster().with(pending("")).without(Kind::PersistentVolumeClaim).cannot_say(&CHECK, "persistentvolumeclaims");
        let hidden = || cluster().without(Kind::PersistentVolumeClaim);
        hidden().with(pending(GONE)).finds(&CHECK, &["pod shop/db-0"]);
        let old = "error getting PVC \"shop/data\": could not find v1.PersistentVolumeClaim \"shop/data\"";
        let event = warning("Pod", "shop/db-0", "FailedScheduling", old);
        hidden().with(pending("")).with(event).finds(&CHECK, &["pod shop/db-0"]);
        let another = pending(&GONE.replace("\"data\"", "\"more-data\""));
        hidden().with(another).cannot_say(&CHECK, "persistentvolumeclaims");
    }

    #[test]
    fn templates_are_looked_at_while_they_make_pods() {
        let uses =
            |replicas| workload("Deployment", "shop/db", replicas).set(&format!("spec.template.{CLAIM}"), "data");
        let verdict = cluster().with(uses(1)).as_manifests().finds(&CHECK, &["deployment shop/db"]);
        verdict.says("the template uses PersistentVolumeClaim data");
        cluster().with(uses(0)).is_fine(&CHECK);
        cluster().with(uses(1)).with(claim("shop/data")).as_manifests().is_fine(&CHECK);
        let job = thing("batch/v1", "Job", "shop/load").set(&format!("spec.template.{CLAIM}"), "data");
        cluster().with(job.clone()).finds(&CHECK, &["job shop/load"]);
        cluster().with(job.condition("Complete", "True", "")).is_fine(&CHECK);
    }

    #[test]
    fn claims_that_a_stateful_set_makes_are_not_missing() {
        let own = workload("StatefulSet", "shop/db", 1)
            .set("spec.volumeClaimTemplates", json!([{ "metadata": { "name": "data" } }]))
            .set(&format!("spec.template.{CLAIM}"), "data");
        cluster().with(own).is_fine(&CHECK);
    }

    #[test]
    fn a_pod_of_this_moment_and_one_that_runs_or_is_over_are_fine() {
        cluster().with(pending("").set("metadata.creationTimestamp", "2026-11-26T11:59:50Z")).is_fine(&CHECK);
        cluster().with(pod("shop/db-0").set(CLAIM, "data")).is_fine(&CHECK);
        cluster().with(pod("shop/db-0").set(CLAIM, "data").set("status.phase", "Succeeded")).is_fine(&CHECK);
    }
}
