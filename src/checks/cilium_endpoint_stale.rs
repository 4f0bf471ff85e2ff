//! Cilium keeps an endpoint of a pod that is gone.

use super::service_endpoints::is_young;
use super::{Basis, Check, Lookup, Stage, Verdict, View};
use crate::evidence::cluster::{Custom, Kind};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "cilium-endpoint-stale",
    title: "CiliumEndpoint without its pod",
    rows: &[95],
    severity: Severity::Low,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::CiliumEndpoint, Kind::Pod],
    hygiene: true,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let endpoints = view.snapshot.customs(Kind::CiliumEndpoint).iter();
    for endpoint in endpoints.filter(|e| is_of_pod(e) && !e.metadata.is_going() && !is_young(view, &e.metadata)) {
        let meta = &endpoint.metadata;
        match view.lookup(Kind::Pod, &meta.namespace, &meta.name) {
            Lookup::Found => {}
            Lookup::Unknown(why) => verdict.unknown(why),
            Lookup::Missing => verdict.found(Fault::on(
                meta.object(Kind::CiliumEndpoint),
                &format!("its pod {} does not exist any more", meta.name),
            )),
        }
    }
    verdict
}

/// Machines outside of the cluster, and the health endpoint of a node, have endpoints without a pod.
fn is_of_pod(endpoint: &Custom) -> bool {
    endpoint.metadata.owner_references.iter().any(|owner| owner.kind == "Pod")
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, pod, thing};
    use crate::evidence::cluster::Kind;

    fn endpoint() -> Thing {
        thing("cilium.io/v2", "CiliumEndpoint", "shop/web-0").owned_by("v1", "Pod", "web-0")
    }

    #[test]
    fn an_endpoint_outlives_its_pod() {
        cluster().with(endpoint()).finds(&CHECK, &["ciliumendpoint shop/web-0"]).says("pod web-0 does not exist");
        cluster().with(endpoint()).without(Kind::Pod).cannot_say(&CHECK, "pods: forbidden");
    }

    #[test]
    fn an_endpoint_with_its_pod_or_of_a_machine_is_fine() {
        cluster().with(endpoint()).with(pod("shop/web-0")).is_fine(&CHECK);
        cluster().with(thing("cilium.io/v2", "CiliumEndpoint", "shop/vm")).is_fine(&CHECK);
    }
}
