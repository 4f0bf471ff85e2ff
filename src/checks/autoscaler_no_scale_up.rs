//! An autoscaler of nodes declines to add a node for a pod that waits for one.

use super::unplaced::{Unplaced, unplaced};
use super::{Basis, Check, Stage, Verdict, View, scale_up};
use crate::evidence::cluster::Kind;
use crate::finding::Severity;
use crate::redact::Quote;

pub(super) const CHECK: Check = Check {
    id: "autoscaler-no-scale-up",
    title: "Autoscaler adds no node for the pod",
    rows: &[10],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::Pod, Kind::Event],
    hygiene: false,
    run,
};

/// Characters of the autoscaler's words that are shown; Karpenter goes through every pool.
const SHOWN: usize = 240;

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for pod in unplaced(view) {
        if let Some(reason) = reason(view, &pod) {
            verdict.found(pod.fault(view, &sentence(reason)));
        } else if let Err(why) = view.snapshot.reads.complete(Kind::Event, &pod.pod.metadata.namespace) {
            verdict.unknown(why);
        }
    }
    verdict
}

/// What the autoscaler says, in its event; some schedulers copy it into the condition.
fn reason<'s>(view: &View<'s>, pod: &Unplaced<'s>) -> Option<&'s str> {
    let declined = scale_up::declined(view, &pod.object()).map(crate::evidence::cluster::Event::text);
    declined.or_else(|| Some(pod.text).filter(|text| text.contains("didn't trigger scale-up")))
}

fn sentence(text: &str) -> String {
    let detail = text.split_once("trigger scale-up").map_or(text, |(_, rest)| rest);
    let detail = detail.trim_start_matches(" (it wouldn't fit if a new node is added)").trim_start_matches(':').trim();
    if detail.is_empty() {
        return "the autoscaler adds no node for it and does not say why".to_owned();
    }
    format!("the autoscaler adds no node for it: {}", Quote::of(detail).cut(SHOWN))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, pod, warning};
    use crate::evidence::cluster::Kind;

    const FULL: &str = "0/3 nodes are available: 3 Insufficient cpu. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.";

    fn pending() -> Thing {
        pod("shop/web-0")
            .set("status.phase", "Pending")
            .unset("spec.nodeName")
            .condition("PodScheduled", "False", "Unschedulable")
            .set("status.conditions.1.message", FULL)
    }

    /// The autoscaler says it in a normal event, not in a warning.
    fn says(reason: &str, text: &str) -> Thing {
        warning("Pod", "shop/web-0", reason, text).set("type", "Normal")
    }

    #[test]
    fn a_normal_event_says_that_the_groups_are_full() {
        let text = "pod didn't trigger scale-up: 3 max node group size reached, 1 Insufficient cpu";
        let verdict =
            cluster().with(pending()).with(says("NotTriggerScaleUp", text)).finds(&CHECK, &["pod shop/web-0"]);
        verdict.says("adds no node for it: 3 max node group size reached, 1 Insufficient cpu");
        assert!(verdict.faults[0].statements.iter().any(|s| s.field == "event NotTriggerScaleUp" && s.text == text));
        let silent = cluster().with(pending()).with(says("NotTriggerScaleUp", "pod didn't trigger scale-up:"));
        silent.finds(&CHECK, &["pod shop/web-0"]).says("does not say why");
    }

    #[test]
    fn karpenter_uses_the_words_of_the_scheduler() {
        let text =
            "Failed to schedule pod, incompatible with nodepool \"default\", no instance type satisfied resources";
        let event = warning("Pod", "shop/web-0", "FailedScheduling", text);
        let karpenter = event.clone().set("source.component", "karpenter");
        cluster().with(pending()).with(karpenter).finds(&CHECK, &["pod shop/web-0"]).says("nodepool \"default\"");
        cluster().with(pending()).with(event.set("source.component", "default-scheduler")).is_fine(&CHECK);
    }

    #[test]
    fn no_preemption_victims_is_not_the_word_of_an_autoscaler() {
        cluster().with(pending()).is_fine(&CHECK);
        let scheduler = warning("Pod", "shop/web-0", "FailedScheduling", FULL);
        cluster().with(pending()).with(scheduler).is_fine(&CHECK);
    }

    #[test]
    fn a_later_scale_up_and_a_pod_that_was_placed_are_fine() {
        let declined = || says("NotTriggerScaleUp", "pod didn't trigger scale-up: 1 max node group size reached");
        let later = says("TriggeredScaleUp", "pod triggered scale-up").set("lastTimestamp", "2026-11-26T11:57:00Z");
        cluster().with(pending()).with(declined()).with(later).is_fine(&CHECK);
        cluster().with(pod("shop/web-0")).with(declined()).is_fine(&CHECK);
        let old = declined().set("lastTimestamp", "2026-11-26T09:00:00Z");
        cluster().with(pending()).with(old).is_fine(&CHECK);
    }

    #[test]
    fn without_events_nobody_knows() {
        cluster().with(pending()).without(Kind::Event).cannot_say(&CHECK, "events: forbidden");
        cluster().with(pod("shop/web-0")).without(Kind::Event).is_fine(&CHECK);
    }
}
