//! In a namespace with network policies no policy is about some of the pods: they are open to everybody.

use std::collections::{BTreeMap, BTreeSet};

use super::platform::is_platform;
use super::policies::{counted, selecting, targets};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, ObjectRef};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "pod-without-network-policy",
    title: "Pods that no NetworkPolicy is about",
    rows: &[89],
    severity: Severity::Info,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[Kind::NetworkPolicy, Kind::Pod],
    hygiene: true,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for (object, pods) in open(view) {
        match view.snapshot.reads.complete(Kind::NetworkPolicy, &object.namespace) {
            Ok(()) => {
                let message = format!("no policy of namespace {} is about its {}", object.namespace, counted(pods));
                verdict.found(Fault::on(object, &message));
            }
            Err(why) => verdict.unknown(why),
        }
    }
    verdict
}

/// Workloads with pods that no policy selects. A namespace without any policy was never meant to be closed.
fn open(view: &View<'_>) -> BTreeMap<ObjectRef, usize> {
    let policies = view.snapshot.network_policies.iter().map(|p| p.metadata.namespace.as_str());
    let closed: BTreeSet<&str> = policies.filter(|n| !is_platform(n)).collect();
    let mut open = BTreeMap::new();
    let all = targets(view).into_iter().filter(|t| closed.contains(t.object.namespace.as_str()));
    for target in all.filter(|t| selecting(view, t).is_empty()) {
        *open.entry(target.object).or_insert(0) += 1;
    }
    open
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::policies::policy;
    use crate::checks::testing::{cluster, pod, workload};

    #[test]
    fn uncovered_pods_are_told_once_for_each_workload() {
        let some = || policy("shop/db").set("spec.podSelector.matchLabels.app", "db");
        let web = |name: &str| pod(name).owned_by("apps/v1", "StatefulSet", "web");
        let shop = cluster().with(some()).with(workload("StatefulSet", "shop/web", 2)).with(web("shop/web-0"));
        shop.with(web("shop/web-1")).finds(&CHECK, &["statefulset shop/web"]).says("about its 2 pods");
    }

    #[test]
    fn covered_pods_and_namespaces_without_policies_are_fine() {
        cluster().with(policy("shop/deny")).with(pod("shop/web-0")).with(pod("other/web-0")).is_fine(&CHECK);
    }
}
