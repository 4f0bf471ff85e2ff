//! Admission refuses the pods of a controller: Pod Security, a policy, a webhook, a `LimitRange`.

use super::refusals::{Refusal, refusals};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::Kind;
use crate::finding::{Fault, Severity};
use crate::text;

pub(super) const CHECK: Check = Check {
    id: "admission-denied",
    title: "Admission refuses pods",
    rows: &[34],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::ReplicaSet, Kind::StatefulSet, Kind::DaemonSet, Kind::Job, Kind::CronJob, Kind::Event],
    hygiene: false,
    run,
};

/// What refusals say: Pod Security, webhooks and policies, security context constraints, limits of containers and pods.
const REFUSALS: [&str; 9] = [
    "violates PodSecurity",
    "denied the request",
    "denied request",
    "unable to validate against any",
    " usage per Container is ",
    " usage per Pod is ",
    " usage per PersistentVolumeClaim is ",
    "max limit to request ratio per ",
    "must be less than or equal to ",
];

/// Columns of an answer that are shown in the sentence; all of it is kept as evidence.
const LONGEST: usize = 240;

fn run(view: &View<'_>) -> Verdict {
    let refused = refusals(view, |text| REFUSALS.iter().any(|says| text.contains(says)));
    Verdict { faults: refused.iter().map(fault).collect(), ..Verdict::default() }
}

/// What is said behind the name of the pod, which is another one at each try.
fn gist(answer: &str) -> &str {
    let answer = answer.split_once(" is forbidden: ").map_or(answer, |(_, gist)| gist);
    answer.trim_start_matches("Error creating: ")
}

fn fault(refusal: &Refusal<'_>) -> Fault {
    let answer = refusal.answer();
    let webhook = answer.split_once("admission webhook \"").and_then(|(_, rest)| rest.split('"').next());
    let why = text::ellipsis(gist(answer), LONGEST);
    let fault = refusal.fault(&format!("nothing more is created for it: {why}"));
    fault.fact("webhook", webhook.unwrap_or_default()).fact("policy", policy(answer).unwrap_or_default())
}

/// The policy of Kyverno, which stands on a line of its own below the sentence.
fn policy(answer: &str) -> Option<&str> {
    let (_, below) = answer.split_once("was blocked due to the following policies")?;
    below.trim_start_matches(':').split_whitespace().next()?.strip_suffix(':')
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{Cluster, Thing, cluster, warning, workload};

    fn refused(text: &str) -> Cluster {
        cluster().with(short()).with(warning("ReplicaSet", "shop/web-5d7f", "FailedCreate", text))
    }

    fn short() -> Thing {
        workload("ReplicaSet", "shop/web-5d7f", 3).set("status.replicas", 0)
    }

    #[test]
    fn every_kind_of_refusal_is_known() {
        for (text, says) in [
            (
                "Error creating: pods \"web-5d7f-x2\" is forbidden: violates PodSecurity \"restricted:latest\": hostNetwork",
                "for it: violates PodSecurity \"restricted:latest\": hostNetwork",
            ),
            (
                "Error creating: admission webhook \"policy.example.com\" denied the request: image is not signed",
                "for it: admission webhook \"policy.example.com\" denied the request: image is not signed",
            ),
            (
                "Error creating: pods \"web-5d7f-x2\" is forbidden: maximum cpu usage per Container is 1, but limit is 2",
                "for it: maximum cpu usage per Container is 1, but limit is 2",
            ),
            (
                "Error creating: pods \"web-5d7f-x2\" is forbidden: ValidatingAdmissionPolicy 'tags' with binding 'tags' denied request: no latest",
                "denied request: no latest",
            ),
        ] {
            refused(text).finds(&CHECK, &["replicaset shop/web-5d7f"]).says(says);
        }
    }

    #[test]
    fn a_policy_of_kyverno_is_named() {
        let text = "Error creating: admission webhook \"validate.kyverno.svc-fail\" denied the request: \n\nresource Pod/shop/web-5d7f-x2 \
                    was blocked due to the following policies \n\nrequire-labels:\n  check-team: 'validation error: no team'\n";
        let found = refused(text).finds(&CHECK, &["replicaset shop/web-5d7f"]);
        assert!(found.faults[0].facts.contains(&("policy", "require-labels".into())));
    }

    #[test]
    fn the_webhook_is_named() {
        let text = "Error creating: admission webhook \"policy.example.com\" denied the request: no";
        let verdict = refused(text).finds(&CHECK, &["replicaset shop/web-5d7f"]);
        assert_eq!(verdict.faults[0].facts, [("webhook", "policy.example.com".to_owned())]);
    }

    #[test]
    fn a_webhook_that_does_not_answer_and_a_full_quota_are_other_faults() {
        refused("Error creating: Internal error occurred: failed calling webhook \"a.b.c\": connection refused")
            .is_fine(&CHECK);
        refused("Error creating: pods \"web\" is forbidden: exceeded quota: compute, requested: pods=1")
            .is_fine(&CHECK);
    }

    #[test]
    fn a_denial_of_an_hour_ago_that_another_answer_followed_is_over() {
        let denied = warning(
            "ReplicaSet",
            "shop/web-5d7f",
            "FailedCreate",
            "is forbidden: violates PodSecurity \"baseline:latest\"",
        );
        let all = cluster().with(short()).with(denied.set("lastTimestamp", "2026-11-26T11:10:00Z"));
        all.with(warning("ReplicaSet", "shop/web-5d7f", "FailedCreate", "exceeded quota: compute, requested: pods=1"))
            .is_fine(&CHECK);
        cluster().with(workload("ReplicaSet", "shop/web-5d7f", 3)).is_fine(&CHECK);
    }
}
