//! The headless service of a stateful set does not exist, so its pods have no names of their own in the DNS.

use super::{Basis, Check, Lookup, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, ObjectRef, Workload};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "statefulset-service-missing",
    title: "Headless Service of a StatefulSet does not exist",
    rows: &[45],
    severity: Severity::Medium,
    stage: Stage::Aside,
    basis: Basis::Spec,
    needs: &[Kind::StatefulSet, Kind::Service],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let settled = |s: &&Workload| !s.metadata.is_going() && !view.is_fresh(&s.metadata);
    let sets = view.snapshot.stateful_sets.iter().filter(settled);
    // The name may be left out: then nobody asked for names of pods.
    for set in sets.filter(|s| !s.spec.service_name.is_empty()) {
        match view.lookup(Kind::Service, &set.metadata.namespace, &set.spec.service_name) {
            Lookup::Found => {}
            Lookup::Unknown(why) => verdict.unknown(why),
            Lookup::Missing => verdict.found(fault(set)),
        }
    }
    verdict
}

fn fault(set: &Workload) -> Fault {
    let service = &set.spec.service_name;
    let Workload { metadata: meta, .. } = set;
    let host = format!("{}-0.{service}.{}", meta.name, meta.namespace);
    Fault::on(
        meta.object(Kind::StatefulSet),
        &format!("its headless service {service} does not exist, so names such as {host} do not resolve"),
    )
    .seen("spec.serviceName", service)
    .because_of(ObjectRef::new(Kind::Service, &meta.namespace, service))
    .fact("service", service)
    .fact("host", host)
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, service, workload};
    use crate::evidence::cluster::Kind;

    fn set() -> Thing {
        workload("StatefulSet", "shop/db", 3).set("spec.serviceName", "db-headless")
    }

    #[test]
    fn a_service_that_does_not_exist_is_to_blame() {
        let verdict = cluster().with(set()).with(service("other/db-headless")).finds(&CHECK, &["statefulset shop/db"]);
        verdict.says("db-0.db-headless.shop do not resolve").blames("service shop/db-headless");
        cluster().with(set()).with(service("shop/db-headless")).is_fine(&CHECK);
    }

    #[test]
    fn a_set_that_names_no_service_is_fine() {
        // k8sgpt reports a service with an empty name as missing.
        cluster().with(workload("StatefulSet", "shop/db", 3)).is_fine(&CHECK);
        cluster().with(set().set("spec.serviceName", "")).is_fine(&CHECK);
    }

    #[test]
    fn services_that_may_not_be_read_are_not_missing() {
        // k8sgpt takes every error for a missing service.
        cluster().with(set()).without(Kind::Service).cannot_say(&CHECK, "services: forbidden");
    }

    #[test]
    fn what_was_made_just_now_may_have_overtaken_what_it_names() {
        cluster().with(set().set("metadata.creationTimestamp", "2026-11-26T11:59:50Z")).is_fine(&CHECK);
    }
}
