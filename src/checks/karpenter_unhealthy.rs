//! Karpenter asks for a machine that does not come or does not become a node, or has a pool that it cannot use.

use super::denials::{denied, in_words, quoted, standing};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Condition, Custom, Kind, ObjectRef};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "karpenter-unhealthy",
    title: "Karpenter gets no node",
    rows: &[],
    severity: Severity::Medium,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::NodeClaim, Kind::NodePool],
    hygiene: false,
    run,
};

/// The way of a machine into the cluster, and what it means to stop there.
const STEPS: [(&str, &str); 3] = [
    ("Launched", "is not launched"),
    ("Registered", "does not join the cluster"),
    ("Initialized", "does not become usable"),
];

/// A machine that boots is in nobody's way for so long; after fifteen minutes Karpenter itself gives up on it.
const BOOT: i64 = 600;

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for claim in view.snapshot.customs(Kind::NodeClaim).iter().filter(|c| !c.metadata.is_going()) {
        verdict.faults.extend(of_claim(view, claim));
    }
    for pool in view.snapshot.customs(Kind::NodePool).iter().filter(|p| !p.metadata.is_going()) {
        verdict.faults.extend(denied(view, pool, "Ready").map(|ready| of_pool(pool, &ready)));
    }
    verdict
}

fn of_claim(view: &View<'_>, claim: &Custom) -> Option<Fault> {
    let ((_, what), condition) = STEPS.iter().find_map(|step| Some((step, stopped(view, claim, step.0)?)))?;
    let name = &claim.metadata.name;
    let message = format!("the machine of NodeClaim {name} {what} ({})", in_words(&condition));
    let fault = quoted(Fault::on(claim.metadata.object(Kind::NodeClaim), &message), &condition)
        .fact("nodeclaim", name)
        .fact("node", claim.text(&["status", "nodeName"]).unwrap_or_default());
    Some(match pool_of(view, claim) {
        Some((pool, false)) => fault.fact("nodepool", &pool.name).because_of(pool),
        Some((pool, true)) => fault.fact("nodepool", &pool.name),
        None => fault,
    })
}

/// A step that was not done in time. Of a step that is under way newer versions say `Unknown`, and older ones `False`, as they do of a launch that was refused.
fn stopped(view: &View<'_>, claim: &Custom, step: &str) -> Option<Condition> {
    let late = |c: &Condition| c.last_transition_time.age(view.now).is_some_and(|age| age >= BOOT);
    let refused = denied(view, claim, step).filter(|c| step == "Launched" || late(c));
    refused.or_else(|| standing(view, claim, step, "Unknown").filter(late))
}

/// Its pool, and whether that works.
fn pool_of(view: &View<'_>, claim: &Custom) -> Option<(ObjectRef, bool)> {
    let name = claim.metadata.labels.get("karpenter.sh/nodepool")?;
    let pool = view.snapshot.customs(Kind::NodePool).iter().find(|p| p.metadata.name == *name)?;
    Some((pool.metadata.object(Kind::NodePool), denied(view, pool, "Ready").is_none()))
}

fn of_pool(pool: &Custom, ready: &Condition) -> Fault {
    let name = &pool.metadata.name;
    let message = format!("NodePool {name} is not ready ({}), so no node comes from it", in_words(ready));
    quoted(Fault::on(pool.metadata.object(Kind::NodePool), &message), ready).fact("nodepool", name)
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, thing};

    fn claim() -> Thing {
        thing("karpenter.sh/v1", "NodeClaim", "general-x7k2p")
            .set("metadata.labels", serde_json::json!({ "karpenter.sh/nodepool": "general" }))
            .condition("Launched", "True", "")
    }

    fn pool(ready: &str) -> Thing {
        thing("karpenter.sh/v1", "NodePool", "general").condition("Ready", ready, "NodeClassNotReady")
    }

    #[test]
    fn a_machine_that_does_not_join_is_found_whatever_the_version_calls_it() {
        for status in ["False", "Unknown"] {
            let alone = claim().condition("Registered", status, "NodeNotFound").condition("Initialized", status, "");
            let told = cluster().with(alone).with(pool("True")).finds(&CHECK, &["nodeclaim general-x7k2p"]);
            told.says("does not join the cluster (NodeNotFound)");
        }
    }

    #[test]
    fn a_pool_that_is_not_ready_is_to_blame_for_its_machines() {
        let refused = claim().condition("Launched", "False", "LaunchFailed");
        let told = cluster().with(refused).with(pool("False"));
        told.finds(&CHECK, &["nodeclaim general-x7k2p", "nodepool general"]).blames("nodepool general");
    }

    #[test]
    fn a_machine_that_boots_and_one_that_goes_are_fine() {
        let boots = claim()
            .condition("Registered", "Unknown", "NodeNotFound")
            .set("status.conditions.1.lastTransitionTime", "2026-11-26T11:53:00Z");
        cluster().with(boots).with(pool("True")).is_fine(&CHECK);
        let goes = claim()
            .condition("Registered", "False", "NodeNotFound")
            .set("metadata.deletionTimestamp", "2026-11-26T11:00:00Z");
        cluster().with(goes).is_fine(&CHECK);
        cluster().with(claim().condition("Drifted", "False", "").condition("Empty", "False", "")).is_fine(&CHECK);
    }

    #[test]
    fn a_machine_that_boots_has_its_time_in_older_versions_too() {
        let boots = claim()
            .condition("Registered", "False", "NodeNotFound")
            .set("status.conditions.1.lastTransitionTime", "2026-11-26T11:53:00Z");
        cluster().with(boots).with(pool("True")).is_fine(&CHECK);
        let refused = claim()
            .condition("Launched", "False", "LaunchFailed")
            .set("status.conditions.0.lastTransitionTime", "2026-11-26T11:53:00Z");
        cluster().with(refused).with(pool("True")).finds(&CHECK, &["nodeclaim general-x7k2p"]);
    }
}
