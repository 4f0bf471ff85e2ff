//! A service leads to a port that its pods do not have.

use super::service_endpoints::{endpoints, live_pods, workloads};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Container, ContainerPort, IntOrString, Kind, PodSpec, Service, ServicePort};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "service-port-mismatch",
    title: "Target port is not one of the pods",
    rows: &[73],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[Kind::Service, Kind::Pod],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let selecting = |s: &&Service| s.spec.kind != "ExternalName" && !s.spec.selector.is_empty();
    for service in view.snapshot.services.iter().filter(selecting).filter(|s| !s.metadata.is_going()) {
        let pods = Pods::of(view, service);
        if pods.all.is_empty() {
            // Nobody to compare with: `service-selects-nothing` tells it.
            view.snapshot
                .reads
                .complete(Kind::Pod, &service.metadata.namespace)
                .unwrap_or_else(|why| verdict.unknown(why));
        }
        let served = endpoints(view, service).is_ok_and(|e| e.ready > 0);
        for (place, port) in service.spec.ports.iter().enumerate() {
            let Some(severity) = pods.lack(service, port, served) else { continue };
            verdict.found(fault(service, place, port, &pods).severity(severity));
            // How bad a number is hangs on whether anybody is ready.
            let by_number = matches!(port.target(), IntOrString::Int(_));
            if let Some(why) = view.endpoints(service).err().filter(|_| by_number && !view.is_manifests()) {
                verdict.unknown(why);
            }
        }
    }
    verdict
}

/// The pods of a service, as they are and as they will be.
struct Pods<'s> {
    /// Pods and templates: during a roll-out a port may be on either.
    all: Vec<&'s PodSpec>,
    /// The ports that say what the program listens on: those of the templates, into which no mesh has put its proxy yet.
    declared: Vec<&'s ContainerPort>,
}

impl<'s> Pods<'s> {
    fn of(view: &View<'s>, service: &Service) -> Self {
        let templates: Vec<&PodSpec> =
            workloads(view, service).into_iter().map(|(_, w)| &w.spec.template.spec).collect();
        let pods: Vec<&PodSpec> = live_pods(view, service).into_iter().map(|p| &p.spec).collect();
        let telling = if templates.is_empty() { &pods } else { &templates };
        let mut declared: Vec<&ContainerPort> = Vec::new();
        for port in telling.iter().copied().flat_map(ports) {
            if !declared.contains(&port) {
                declared.push(port);
            }
        }
        Self { all: templates.iter().chain(&pods).copied().collect(), declared }
    }

    /// How bad it is that a port is missing; `None` where it is there, or nobody can say.
    fn lack(&self, service: &Service, port: &ServicePort, served: bool) -> Option<Severity> {
        if self.all.is_empty() || self.all.iter().copied().flat_map(ports).any(|p| leads_to(port, p)) {
            return None;
        }
        let headless = service.spec.cluster_ip == "None";
        match port.target() {
            // Clients of a headless service connect to the pods by themselves.
            IntOrString::Name(_) => Some(if headless { Severity::Medium } else { Severity::High }),
            // A program may listen on a port that it does not declare, and what is ready behind the service may well be that one.
            IntOrString::Int(_) if headless || self.declared.is_empty() => None,
            IntOrString::Int(_) => {
                let another = service.spec.ports.iter().any(|p| self.declared.iter().any(|d| leads_to(p, d)));
                Some(if another || served { Severity::Low } else { Severity::Medium })
            }
        }
    }
}

/// Ports of containers that run side by side, native sidecars too.
fn ports(spec: &PodSpec) -> impl Iterator<Item = &ContainerPort> {
    spec.running_containers().flat_map(|c: &Container| &c.ports)
}

/// Names and numbers are compared together with the protocol: nobody who listens on 53/TCP answers on 53/UDP.
fn leads_to(port: &ServicePort, of_pod: &ContainerPort) -> bool {
    let same = match port.target() {
        IntOrString::Name(name) => of_pod.name == name,
        IntOrString::Int(number) => of_pod.container_port == number,
    };
    same && protocol(&of_pod.protocol) == protocol(&port.protocol)
}

fn protocol(said: &str) -> &str {
    if said.is_empty() { "TCP" } else { said }
}

fn fault(service: &Service, place: usize, port: &ServicePort, pods: &Pods<'_>) -> Fault {
    let target = port.target();
    let declared: Vec<String> = pods.declared.iter().map(|p| worded(p)).collect();
    let declared = if declared.is_empty() { "no port".to_owned() } else { declared.join(", ") };
    let target_word = match &target {
        IntOrString::Name(name) => format!("{name} ({})", protocol(&port.protocol)),
        IntOrString::Int(number) if protocol(&port.protocol) == "TCP" => number.to_string(),
        IntOrString::Int(number) => format!("{number} ({})", protocol(&port.protocol)),
    };
    let fitting: Vec<&&ContainerPort> =
        pods.declared.iter().filter(|p| protocol(&p.protocol) == protocol(&port.protocol)).collect();
    let said = format!("port {} leads to port {target_word} of the pods, which declare {declared}", port.port);
    let field = if port.target_port.is_some() { "targetPort" } else { "port" };
    let fault = Fault::on(service.metadata.object(Kind::Service), &said)
        .seen(format!("spec.ports[{}].{field}", port.port), target.to_string())
        .fact("service", &service.metadata.name)
        .fact("port", target.to_string())
        .fact("port_path", format!("/spec/ports/{place}"));
    // Where there is a choice, a person has to make it.
    match &*fitting {
        [only] => fault.fact("container_port", only.container_port.to_string()),
        _ => fault,
    }
}

fn worded(port: &ContainerPort) -> String {
    let number = format!("{}/{}", port.container_port, protocol(&port.protocol));
    if port.name.is_empty() { number } else { format!("{} ({number})", port.name) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Cluster, Thing, cluster, endpoints, pod, service, workload};
    use crate::evidence::cluster::Kind;
    use crate::finding::Severity;

    const WEB: &[&str] = &["service shop/web"];

    fn to(target: impl Into<serde_json::Value>) -> Cluster {
        cluster().with(service("shop/web").set("spec.ports.0.targetPort", target))
    }

    fn declares(ports: serde_json::Value) -> Thing {
        pod("shop/web-0").set("spec.containers.0.ports", ports)
    }

    #[test]
    fn names_and_numbers_that_no_pod_has_are_found() {
        to("web")
            .with(pod("shop/web-0"))
            .finds(&CHECK, WEB)
            .says("port 80 leads to port web (TCP) of the pods, which declare http (8080/TCP)");
        to(8081).with(pod("shop/web-0")).finds(&CHECK, WEB).says("port 80 leads to port 8081 of the pods");
        let same = cluster().with(service("shop/web").unset("spec.ports.0.targetPort"));
        same.with(pod("shop/web-0")).finds(&CHECK, WEB).says("port 80 leads to port 80");
        to(8080).with(pod("shop/web-0")).is_fine(&CHECK);
    }

    #[test]
    fn a_name_counts_with_its_protocol() {
        let dns = json!([{ "name": "dns", "containerPort": 53, "protocol": "UDP" }]);
        to("dns").with(declares(dns)).finds(&CHECK, WEB).says("port dns (TCP) of the pods, which declare dns (53/UDP)");
    }

    #[test]
    fn a_number_counts_with_its_protocol_too() {
        let udp =
            || service("shop/web").set("spec.ports", json!([{ "port": 53, "protocol": "UDP", "targetPort": 8080 }]));
        let verdict = cluster().with(udp()).with(pod("shop/web-0")).finds(&CHECK, WEB);
        verdict.says("port 53 leads to port 8080 (UDP) of the pods, which declare http (8080/TCP)");
        let both = json!([{ "containerPort": 8080 }, { "containerPort": 8080, "protocol": "UDP" }]);
        cluster().with(udp()).with(declares(both)).is_fine(&CHECK);
    }

    #[test]
    fn endpoints_that_may_not_be_read_are_told_where_they_would_count() {
        let hidden = |to: Cluster| to.with(pod("shop/web-0")).without(Kind::EndpointSlice).finds(&CHECK, WEB);
        let verdict = hidden(to(8081));
        assert!(verdict.unknown.contains("endpointslices: forbidden"));
        assert_eq!(verdict.faults[0].severity, Some(Severity::Low));
        assert!(hidden(to("web")).unknown.is_empty());
    }

    #[test]
    fn pods_that_declare_nothing_may_listen_on_any_number() {
        to(8081).with(pod("shop/web-0").unset("spec.containers.0.ports")).is_fine(&CHECK);
        to("http").with(pod("shop/web-0").unset("spec.containers.0.ports")).finds(&CHECK, WEB).says("declare no port");
        // The port of a proxy that a mesh put into the pod says nothing of the program.
        let meshed = declares(json!([]))
            .set("spec.containers.1", json!({ "name": "istio-proxy", "ports": [{ "containerPort": 15090 }] }));
        let plain = workload("Deployment", "shop/web", 1).unset("spec.template.spec.containers.0.ports");
        to(8081).with(meshed).with(plain).is_fine(&CHECK);
    }

    #[test]
    fn native_sidecars_every_pod_and_the_next_template_count() {
        let sidecar = json!([{ "name": "proxy", "restartPolicy": "Always", "ports": [{ "name": "web", "containerPort": 9000 }] }]);
        to("web").with(pod("shop/web-0").set("spec.initContainers", sidecar.clone())).is_fine(&CHECK);
        let once = sidecar[0]["ports"].clone();
        let init = json!([{ "name": "setup", "ports": once }]);
        to("web").with(pod("shop/web-0").set("spec.initContainers", init)).finds(&CHECK, WEB);
        let second = pod("shop/web-1").set("spec.containers.0.ports.0.name", "web");
        to("web").with(pod("shop/web-0")).with(second).is_fine(&CHECK);
        let next = workload("Deployment", "shop/web", 1).set("spec.template.spec.containers.0.ports.0.name", "web");
        to("web").with(pod("shop/web-0")).with(next).is_fine(&CHECK);
    }

    #[test]
    fn a_second_port_that_is_not_declared_is_a_hint_only() {
        let two = json!([{ "name": "http", "port": 80, "targetPort": 8080 }, { "name": "metrics", "port": 9090 }]);
        let verdict =
            cluster().with(service("shop/web").set("spec.ports", two)).with(pod("shop/web-0")).finds(&CHECK, WEB);
        assert_eq!(verdict.faults[0].severity, Some(Severity::Low));
        let headless =
            cluster().with(service("shop/web").set("spec.clusterIP", "None").set("spec.ports.0.targetPort", 80));
        headless.with(pod("shop/web-0")).is_fine(&CHECK);
    }

    #[test]
    fn a_service_without_pods_and_pods_that_may_not_be_read_are_no_mismatch() {
        to("web").is_fine(&CHECK);
        to("web").without(Kind::Pod).cannot_say(&CHECK, "pods: forbidden");
        to("web").with(workload("Deployment", "shop/web", 0)).as_manifests().finds(&CHECK, WEB);
    }

    #[test]
    fn a_number_is_never_sure_and_where_something_answers_a_hint_only() {
        let severity = |all: Cluster| all.with(pod("shop/web-0")).finds(&CHECK, WEB).faults[0].severity;
        assert_eq!(severity(to(8081)), Some(Severity::Medium));
        assert_eq!(severity(to(8081).with(endpoints("shop/web", 1, 0))), Some(Severity::Low));
        assert_eq!(severity(to("web").with(endpoints("shop/web", 1, 0))), Some(Severity::High));
    }
}
