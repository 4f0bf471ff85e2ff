//! One pod is all that answers behind a service: when it moves, nobody does.

use super::service_endpoints::live_pods;
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::Kind;
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "service-single-endpoint",
    title: "Service with a single endpoint",
    rows: &[75],
    severity: Severity::Low,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::Service, Kind::Pod],
    hygiene: true,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for service in
        view.snapshot.services.iter().filter(|s| s.spec.kind != "ExternalName" && !s.spec.selector.is_empty())
    {
        if let Err(why) = view.snapshot.reads.complete(Kind::Pod, &service.metadata.namespace) {
            verdict.unknown(why);
        } else if let [only] = live_pods(view, service).as_slice()
            && only.is_ready()
        {
            let name = &only.metadata.name;
            verdict.found(
                Fault::on(service.metadata.object(Kind::Service), &format!("only pod {name} answers behind it"))
                    .fact("service", &service.metadata.name)
                    .fact("pod", name),
            );
        }
    }
    verdict
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{cluster, endpoints, pod, service};
    use crate::evidence::cluster::Kind;

    #[test]
    fn one_pod_is_one_however_many_addresses_it_has() {
        let web = cluster().with(service("shop/web")).with(pod("shop/web-0")).with(endpoints("shop/web", 2, 0));
        web.finds(&CHECK, &["service shop/web"]).says("only pod web-0 answers");
    }

    #[test]
    fn two_pods_none_and_one_that_is_not_ready_are_another_matter() {
        cluster().with(service("shop/web")).with(pod("shop/web-0")).with(pod("shop/web-1")).is_fine(&CHECK);
        cluster().with(service("shop/web")).is_fine(&CHECK);
        let unready = pod("shop/web-0").condition("Ready", "False", "ContainersNotReady");
        cluster().with(service("shop/web")).with(unready).is_fine(&CHECK);
        cluster().with(service("shop/web")).without(Kind::Pod).cannot_say(&CHECK, "pods: forbidden");
    }
}
