//! An autoscaler points at an object that does not exist, or whose replicas cannot be set: nothing is ever scaled.

use super::autoscaling::{Target, named, says_missing, target, told, unfit};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Autoscaler, Kind};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "hpa-target-missing",
    title: "Autoscaler's target does not exist",
    rows: &[59],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[Kind::HorizontalPodAutoscaler, Kind::Deployment, Kind::StatefulSet],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let settled = |a: &&Autoscaler| !a.metadata.is_going() && !view.is_fresh(&a.metadata);
    for hpa in view.snapshot.autoscalers.iter().filter(settled) {
        let reference = &hpa.spec.scale_target_ref;
        match target(view, &hpa.metadata.namespace, reference) {
            Target::Missing(object) => verdict.found(missing(view, hpa).because_of(object)),
            Target::Unfit => verdict.found(fault(view, hpa, &unfit(reference))),
            Target::Foreign | Target::Unknown(_) if says_missing(hpa) => verdict.found(missing(view, hpa)),
            Target::Found(_) | Target::Foreign => {}
            Target::Unknown(why) => verdict.unknown(why),
        }
    }
    verdict
}

fn missing(view: &View<'_>, hpa: &Autoscaler) -> Fault {
    let target = named(&hpa.spec.scale_target_ref);
    fault(
        view,
        hpa,
        &format!("the autoscaler scales {target}, which namespace {} does not have", hpa.metadata.namespace),
    )
    .fact("absent", "true")
}

fn fault(view: &View<'_>, hpa: &Autoscaler, message: &str) -> Fault {
    let reference = &hpa.spec.scale_target_ref;
    let object = hpa.metadata.object(Kind::HorizontalPodAutoscaler);
    let fault = told(view, hpa, Fault::on(object, message)).since(hpa.metadata.creation_timestamp);
    // The runbook speaks of a deployment where it can.
    match reference.kind.as_str() {
        "Deployment" => fault.fact("deployment", &reference.name),
        _ => fault.fact("target", named(reference)),
    }
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::autoscaling::hpa;
    use crate::checks::testing::{Thing, cluster, workload};
    use crate::evidence::cluster::Kind;

    const WEB: &str = "horizontalpodautoscaler shop/web";
    const KIND: &str = "spec.scaleTargetRef.kind";
    const API: &str = "spec.scaleTargetRef.apiVersion";

    fn rollout() -> Thing {
        hpa("shop/web").set(KIND, "Rollout").set(API, "argoproj.io/v1alpha1")
    }

    #[test]
    fn a_target_that_does_not_exist_is_to_blame() {
        let elsewhere = workload("Deployment", "other/web", 2);
        cluster()
            .with(hpa("shop/web"))
            .with(elsewhere)
            .finds(&CHECK, &[WEB])
            .says("the autoscaler scales deployment web, which namespace shop does not have")
            .blames("deployment shop/web");
        cluster().with(hpa("shop/web")).with(workload("Deployment", "shop/web", 2)).is_fine(&CHECK);
        cluster().with(hpa("shop/web")).as_manifests().finds(&CHECK, &[WEB]);
    }

    #[test]
    fn a_target_that_may_not_be_read_is_not_missing() {
        cluster().with(hpa("shop/web")).without(Kind::Deployment).cannot_say(&CHECK, "deployments: forbidden");
    }

    #[test]
    fn a_kind_without_replicas_and_a_group_that_lost_its_kind_are_found() {
        let daemons = hpa("shop/web").set(KIND, "DaemonSet");
        cluster().with(daemons).finds(&CHECK, &[WEB]).says("API group apps has no kind DaemonSet");
        let old = hpa("shop/web").set(API, "extensions/v1beta1");
        let web = workload("Deployment", "shop/web", 2);
        cluster().with(old).with(web.clone()).finds(&CHECK, &[WEB]).says("API group extensions");
        // The controller goes by the group alone, so an old version of the right one still works.
        cluster().with(hpa("shop/web").set(API, "apps/v1beta2")).with(web).is_fine(&CHECK);
    }

    #[test]
    fn of_a_kind_of_an_addon_only_the_controller_can_tell() {
        // k8sgpt calls every kind but four unsupported.
        cluster().with(rollout()).is_fine(&CHECK);
        let message =
            r#"the HPA controller was unable to get the target's current scale: rollouts.argoproj.io "web" not found"#;
        let refused =
            rollout().condition("AbleToScale", "False", "FailedGetScale").set("status.conditions.2.message", message);
        let verdict = cluster().with(refused).finds(&CHECK, &[WEB]);
        verdict.says("the autoscaler scales rollout web");
        assert_eq!(verdict.faults[0].statements[0].text, message);
    }

    #[test]
    fn a_right_that_the_controller_lacks_is_no_missing_target() {
        let refused = rollout()
            .condition("AbleToScale", "False", "FailedGetScale")
            .set("status.conditions.2.message", r#"rollouts.argoproj.io "web" is forbidden"#);
        cluster().with(refused).is_fine(&CHECK);
    }

    #[test]
    fn what_was_made_just_now_may_have_overtaken_what_it_names() {
        cluster().with(hpa("shop/web").set("metadata.creationTimestamp", "2026-11-26T11:59:50Z")).is_fine(&CHECK);
    }
}
