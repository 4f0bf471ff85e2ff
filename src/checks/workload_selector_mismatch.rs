//! The selector of a workload does not fit its own pods: it can never count one.

use super::roll_out::has_parent;
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, LabelSelector, ObjectRef, Workload, condition};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "workload-selector-mismatch",
    title: "Workload does not select its own pods",
    rows: &[42],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[
        Kind::Deployment,
        Kind::StatefulSet,
        Kind::DaemonSet,
        Kind::ReplicaSet,
        Kind::ReplicationController,
        Kind::Pod,
        Kind::Event,
    ],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let told = |w: &Workload| !w.spec.selector.0.is_empty() && !w.metadata.is_going() && !has_parent(w);
    for (kind, workload) in view.snapshot.workloads().filter(|(_, w)| told(w)) {
        let object = workload.metadata.object(kind);
        if !workload.spec.selector.0.matches(&workload.spec.template.metadata.labels) {
            verdict.found(mismatch(object, workload));
        } else if is_alone(view, &object, workload) {
            match is_known(view, &object.namespace) {
                Ok(()) => verdict.found(alone(object, workload)),
                Err(why) => verdict.unknown(why),
            }
        }
    }
    verdict
}

/// Whether it runs, wants pods and selects none, while nobody says that they were refused.
fn is_alone(view: &View<'_>, object: &ObjectRef, workload: &Workload) -> bool {
    let status = &workload.status;
    let looked_at = workload.is_observed() || status.observed_generation.is_none();
    let wants = !view.is_manifests() && looked_at && !workload.spec.paused && wanted(object.kind, workload) > 0;
    wants
        && lasts(view, workload)
        && view.pods_matching(&object.namespace, &workload.spec.selector.0).is_empty()
        && condition(&status.conditions, "ReplicaFailure").is_none_or(|c| c.status != "True")
        && view.warnings(object).is_empty()
}

fn wanted(kind: Kind, workload: &Workload) -> i64 {
    if kind == Kind::DaemonSet { workload.status.desired_number_scheduled } else { workload.wanted() }
}

/// Whether it is old enough to have pods. A deployment that comes back from zero begins anew with its condition.
fn lasts(view: &View<'_>, workload: &Workload) -> bool {
    let unavailable = condition(&workload.status.conditions, "Available").filter(|c| c.status == "False");
    let since = unavailable.map_or(workload.metadata.creation_timestamp, |c| c.last_transition_time);
    view.lasts(since, view.thresholds.settle)
}

/// Without events a refusal looks just like a selector that is wrong.
fn is_known(view: &View<'_>, namespace: &str) -> Result<(), String> {
    view.snapshot.reads.complete(Kind::Pod, namespace)?;
    view.snapshot.reads.complete(Kind::Event, namespace)
}

fn mismatch(object: ObjectRef, workload: &Workload) -> Fault {
    let selector = workload.spec.selector.0.to_string();
    let match_labels = workload.spec.template.metadata.labels.clone();
    let labels = LabelSelector { match_labels, ..LabelSelector::default() }.to_string();
    let has = if labels.is_empty() { "no labels".to_owned() } else { format!("the labels {labels}") };
    Fault::on(object, &format!("its selector is {selector}, but its pod template has {has}"))
        .seen("spec.selector", selector.as_str())
        .seen("spec.template.metadata.labels", labels)
        .fact("selector", selector)
}

fn alone(object: ObjectRef, workload: &Workload) -> Fault {
    let selector = workload.spec.selector.0.to_string();
    let wanted = wanted(object.kind, workload);
    Fault::on(object, &format!("its selector {selector} selects no pod, although {wanted} are wanted"))
        .seen("spec.selector", selector.as_str())
        .fact("selector", selector)
        .fact("wanted", wanted.to_string())
        .since(workload.metadata.creation_timestamp)
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{cluster, pod, warning, workload};
    use crate::evidence::cluster::Kind;

    #[test]
    fn labels_that_the_template_lacks_are_found_in_manifests_too() {
        let wrong = workload("Deployment", "shop/web", 2).set("spec.selector.matchLabels.tier", "front");
        cluster()
            .with(wrong)
            .as_manifests()
            .finds(&CHECK, &["deployment shop/web"])
            .says("its selector is app=web,tier=front, but its pod template has the labels app=web");
        cluster().with(workload("StatefulSet", "shop/db", 2)).as_manifests().is_fine(&CHECK);
    }

    #[test]
    fn a_running_workload_without_any_pod_is_found() {
        let web = || cluster().with(workload("StatefulSet", "shop/web", 2));
        web().finds(&CHECK, &["statefulset shop/web"]).says("selects no pod, although 2 are wanted");
        web().with(pod("shop/web-0")).is_fine(&CHECK);
        web().without(Kind::Pod).cannot_say(&CHECK, "pods: forbidden");
        web().without(Kind::Event).cannot_say(&CHECK, "events: forbidden");
    }

    #[test]
    fn a_start_zero_a_pause_and_a_refusal_are_no_mismatch() {
        let web = |n| workload("StatefulSet", "shop/web", n);
        cluster().with(web(2).set("metadata.creationTimestamp", "2026-11-26T11:59:00Z")).is_fine(&CHECK);
        cluster().with(web(0)).is_fine(&CHECK);
        cluster().with(workload("Deployment", "shop/web", 2).set("spec.paused", true)).is_fine(&CHECK);
        let refused = warning("StatefulSet", "shop/web", "FailedCreate", "create Pod web-0 in StatefulSet web failed");
        cluster().with(web(2)).with(refused).is_fine(&CHECK);
    }
}
