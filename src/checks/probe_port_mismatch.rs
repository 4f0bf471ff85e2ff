//! A probe asks a port that its container does not declare: one by name fails for ever, one by number is most likely a mistake.

use std::collections::BTreeMap;

use super::probes::{ProbeKind, port};
use super::templates::{Template, templates};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Container, IntOrString, Kind, Pod, PodSpec, Probe};
use crate::finding::{Fault, Severity};
use crate::text::list;

pub(super) const CHECK: Check = Check {
    id: "probe-port-mismatch",
    title: "Probe asks a port that is not declared",
    rows: &[],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[Kind::Pod, Kind::Deployment, Kind::StatefulSet, Kind::DaemonSet, Kind::CronJob, Kind::Job],
    hygiene: false,
    run,
};

/// Containers whose agent answers probes on ports of its own.
const MESH: [&str; 2] = ["istio-proxy", "linkerd-proxy"];
/// Where the agent of a mesh answers for the program.
const REWRITTEN: &str = "/app-health/";

/// What is wrong with the port of a probe.
enum Wrong {
    /// No port of the container has this name.
    Name(String),
    /// The container declares ports, and neither it nor a container beside it declares this one.
    Number(i64),
}

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for template in templates(view) {
        for container in template.spec.running_containers() {
            for (port, kinds) in asked(container) {
                if let Some(wrong) = wrong(view, template, container, &port, &kinds) {
                    verdict.found(fault(view, template, container, &wrong, &kinds));
                }
            }
        }
    }
    verdict
}

/// The ports that the probes of a container ask, each with the probes that do.
fn asked(container: &Container) -> BTreeMap<IntOrString, Vec<ProbeKind>> {
    let mut asked: BTreeMap<IntOrString, Vec<ProbeKind>> = BTreeMap::new();
    for kind in ProbeKind::ALL {
        let probe = kind.of(container).filter(|p| asks_the_container(p));
        if let Some(port) = probe.and_then(port) {
            // The kubelet takes a number that is written as a name.
            let number = port.to_string().parse().map(IntOrString::Int);
            asked.entry(number.unwrap_or_else(|_| port.clone())).or_default().push(kind);
        }
    }
    asked
}

/// Whether a probe asks the container itself, and not another host or an agent that answers for it.
fn asks_the_container(probe: &Probe) -> bool {
    probe.http_get.as_ref().is_none_or(|get| get.host.is_empty() && !get.path.starts_with(REWRITTEN))
}

fn wrong(
    view: &View<'_>,
    template: &Template<'_>,
    container: &Container,
    port: &IntOrString,
    kinds: &[ProbeKind],
) -> Option<Wrong> {
    match port {
        IntOrString::Name(name) => {
            (!container.ports.iter().any(|p| p.name == *name)).then(|| Wrong::Name(name.clone()))
        }
        IntOrString::Int(number) => {
            let silent = container.ports.is_empty() || MESH.contains(&container.name.as_str()) || *number == 0;
            let fine = silent || declares(template.spec, *number) || answers(view, template, container, kinds);
            (!fine).then_some(Wrong::Number(*number))
        }
    }
}

/// Containers of a pod share their ports.
fn declares(spec: &PodSpec, number: i64) -> bool {
    spec.running_containers().flat_map(|c| &c.ports).any(|p| p.container_port == number)
}

/// Whether the probes work all the same: ports need not be declared. Where nothing is known of pods, nobody can say so.
fn answers(view: &View<'_>, template: &Template<'_>, container: &Container, kinds: &[ProbeKind]) -> bool {
    let lives = kinds.contains(&ProbeKind::Liveness);
    let well = |pod: &Pod| {
        let mut statuses = pod.each_container().map(|c| c.status).filter(|s| s.name == container.name);
        statuses.any(|s| {
            let since = s.state.running.as_ref().map(|r| r.started_at).unwrap_or_default();
            // What was never restarted has nothing against it.
            s.ready && (!lives || s.restart_count == 0 || view.lasts(since, view.thresholds.settle))
        })
    };
    template.its_pods(view).any(well)
}

fn fault(view: &View<'_>, template: &Template<'_>, container: &Container, wrong: &Wrong, kinds: &[ProbeKind]) -> Fault {
    let name = &container.name;
    let words: Vec<String> = kinds.iter().map(|kind| kind.word().to_owned()).collect();
    let who = format!("the {} {} of container {name}", list(&words), if kinds.len() == 1 { "probe" } else { "probes" });
    let ask = if kinds.len() == 1 { "asks" } else { "ask" };
    let known = declared(container);
    let (port, sentence) = match wrong {
        Wrong::Name(port) => {
            (port.clone(), format!("{who} {ask} port {port}, and no port of it has that name ({known})"))
        }
        Wrong::Number(port) => {
            (port.to_string(), format!("{who} {ask} port {port}, which the pod does not declare ({known})"))
        }
    };
    let field = format!("{}.containers[{name}].{}Probe.port", template.path, kinds.first().map_or("", |k| k.word()));
    let fault = Fault::on(template.object.clone(), &sentence).seen(field, port.as_str());
    let fault = told(view, template, fault)
        .fact("container", name)
        .fact("image", &container.image)
        .fact("port", port)
        .fact("probe", words.first().cloned().unwrap_or_default());
    match wrong {
        _ if template.pods == 0 => fault.severity(Severity::Low),
        Wrong::Number(_) => fault.severity(Severity::Medium),
        Wrong::Name(_) => fault,
    }
}

/// `it declares http 8080 and 9090`.
fn declared(container: &Container) -> String {
    let ports = container.ports.iter().map(|p| format!("{} {}", p.name, p.container_port).trim().to_owned());
    let ports: Vec<String> = ports.collect();
    if ports.is_empty() { "it declares none".to_owned() } else { format!("it declares {}", list(&ports)) }
}

/// What the kubelet says of the probes of its first pods.
fn told(view: &View<'_>, template: &Template<'_>, fault: Fault) -> Fault {
    let pods = template.its_pods(view).take(3);
    let events = pods.flat_map(|pod| view.warnings(&pod.metadata.object(Kind::Pod)));
    events.filter(|e| e.reason == "Unhealthy").fold(fault, |fault, e| fault.seen("event Unhealthy", e.text()))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, pod, warning, workload};
    use crate::finding::Severity;

    fn web(port: &Value) -> Thing {
        let probe = json!({ "httpGet": { "path": "/healthz", "port": port } });
        workload("Deployment", "shop/web", 1)
            .set("spec.template.spec.containers.0.livenessProbe", probe.clone())
            .set("spec.template.spec.containers.0.readinessProbe", probe)
    }

    #[test]
    fn a_name_that_no_port_has_is_found_once_for_all_probes() {
        let verdict = cluster().with(web(&json!("htpt"))).finds(&CHECK, &["deployment shop/web"]);
        verdict
            .says("the readiness and liveness probes of container web ask port htpt, and no port of it has that name");
        verdict.says("it declares http 8080");
        let bare = web(&json!("http")).unset("spec.template.spec.containers.0.ports");
        let text =
            "Readiness probe errored and resulted in unknown state: strconv.Atoi: parsing \"http\": invalid syntax";
        let member = pod("shop/web-0").owned_by("apps/v1", "Deployment", "web");
        let all = cluster().with(bare).with(member).with(warning("Pod", "shop/web-0", "Unhealthy", text));
        assert_eq!(all.finds(&CHECK, &["deployment shop/web"]).says("it declares none").faults[0].statements.len(), 2);
    }

    #[test]
    fn a_number_that_nobody_declares_is_less_sure() {
        let verdict = cluster().with(web(&json!(8081))).as_manifests().finds(&CHECK, &["deployment shop/web"]);
        verdict.says("ask port 8081, which the pod does not declare (it declares http 8080)");
        assert_eq!(verdict.faults[0].severity, Some(Severity::Medium));
        // Ports need not be declared: where the probes succeed, all is well.
        let member = |ready: bool| {
            pod("shop/web-0").owned_by("apps/v1", "Deployment", "web").set("status.containerStatuses.0.ready", ready)
        };
        cluster().with(web(&json!(8081))).with(member(true)).is_fine(&CHECK);
        cluster().with(web(&json!(8081))).with(member(false)).finds(&CHECK, &["deployment shop/web"]);
    }

    #[test]
    fn ports_that_are_declared_here_or_beside_are_fine() {
        for port in [json!("http"), json!(8080), json!("8080")] {
            cluster().with(web(&port)).is_fine(&CHECK);
        }
        let sidecar = json!([{ "name": "proxy", "restartPolicy": "Always", "ports": [{ "containerPort": 9901 }] }]);
        cluster().with(web(&json!(9901)).set("spec.template.spec.initContainers", sidecar)).is_fine(&CHECK);
        cluster().with(web(&json!(9090)).unset("spec.template.spec.containers.0.ports")).is_fine(&CHECK);
    }

    #[test]
    fn a_mesh_that_answers_for_the_program_and_another_host_are_fine() {
        let spec = "spec.template.spec.containers.0";
        let mesh = json!({ "httpGet": { "path": "/app-health/web/readyz", "port": 15020 } });
        let rewritten = web(&json!(8080)).set(&format!("{spec}.readinessProbe"), mesh);
        cluster().with(rewritten).as_manifests().is_fine(&CHECK);
        let proxy = web(&json!(15021)).set(&format!("{spec}.name"), "istio-proxy");
        cluster().with(proxy).as_manifests().is_fine(&CHECK);
        let elsewhere = web(&json!(6443)).set(&format!("{spec}.readinessProbe.httpGet.host"), "10.0.0.1");
        let elsewhere = elsewhere.unset(&format!("{spec}.livenessProbe"));
        cluster().with(elsewhere).as_manifests().is_fine(&CHECK);
    }

    #[test]
    fn a_pod_that_started_just_now_and_a_workload_at_zero_are_no_alarm() {
        let young = pod("shop/web-0")
            .owned_by("apps/v1", "Deployment", "web")
            .set("status.containerStatuses.0.state", json!({ "running": { "startedAt": "2026-11-26T11:59:00Z" } }));
        cluster().with(web(&json!(8081))).with(young).is_fine(&CHECK);
        let asleep = web(&json!(8081)).set("spec.replicas", 0);
        let verdict = cluster().with(asleep).finds(&CHECK, &["deployment shop/web"]);
        assert_eq!(verdict.faults[0].severity, Some(Severity::Low));
    }
}
