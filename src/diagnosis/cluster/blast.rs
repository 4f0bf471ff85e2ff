//! What a fault reaches: objects, replicas, and the routes that users come by.

use std::collections::{BTreeMap, BTreeSet};

use crate::checks::View;
use crate::evidence::cluster::{Kind, ObjectRef, Pod};

/// What a fault reaches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Blast {
    /// Workloads, services, claims … that are affected, without their pods.
    pub objects: Vec<ObjectRef>,
    /// Pods that are affected.
    pub pods: usize,
    /// Pods that are wanted and not ready, of the workloads that are affected.
    pub replicas_lost: usize,
    /// Pods that these workloads want.
    pub replicas_wanted: usize,
    /// Where users come in: `shop.example/checkout`, `load balancer shop/web`.
    pub routes: Vec<String>,
}

/// Follows a fault from the objects that it touches.
pub(super) fn blast(view: &View<'_>, blamed: &ObjectRef, touched: &BTreeSet<ObjectRef>) -> Blast {
    let mut pods: BTreeSet<ObjectRef> = BTreeSet::new();
    let mut objects: BTreeSet<ObjectRef> = BTreeSet::new();
    for object in touched.iter().chain([blamed]) {
        pods.extend(
            pods_of(view, object)
                .into_iter()
                .filter(|p| !p.is_ready() && !p.is_over())
                .map(|p| p.metadata.object(Kind::Pod)),
        );
        if object.kind != Kind::Pod {
            objects.insert(object.clone());
        }
    }
    // Of a workload that is itself touched all that it misses is lost; of one that is reached through pods, no more than these.
    let mut tops: BTreeMap<ObjectRef, usize> = BTreeMap::new();
    for pod in &pods {
        *tops.entry(view.top(pod)).or_default() += 1;
    }
    for workload in objects.iter().filter(|o| o.kind.is_workload()) {
        tops.insert(view.top(workload), usize::MAX);
    }
    tops.retain(|top, _| top.kind != Kind::Pod);
    let (mut lost, mut wanted) = (0, 0);
    for (top, most) in &tops {
        let (missing, all) = replicas(view, top).unwrap_or_default();
        lost += missing.min(*most);
        wanted += all;
    }
    objects.extend(tops.into_keys());
    objects.retain(|o| view.meta(o).is_some() && !matches!(o.kind, Kind::ReplicaSet));
    let services = dead_services(view, &pods, &objects);
    let routes = routes(view, &services);
    objects.extend(services);
    Blast {
        objects: objects.into_iter().collect(),
        pods: pods.len(),
        replicas_lost: lost,
        replicas_wanted: wanted,
        routes,
    }
}

/// The pods that hang on an object.
fn pods_of<'s>(view: &View<'s>, object: &ObjectRef) -> Vec<&'s Pod> {
    match object.kind {
        Kind::Pod => view.pod(&object.namespace, &object.name).into_iter().collect(),
        Kind::Node => view.pods_on(&object.name).to_vec(),
        kind if kind.is_workload() => view.pods_of(object).to_vec(),
        Kind::PersistentVolumeClaim | Kind::ConfigMap | Kind::Secret | Kind::ServiceAccount => {
            let needs = |pod: &&&Pod| view.needs(&pod.metadata.object(Kind::Pod)).contains(object);
            view.pods_in(&object.namespace).iter().filter(needs).copied().collect()
        }
        _ => Vec::new(),
    }
}

/// Pods that a workload misses, and pods that it wants.
fn replicas(view: &View<'_>, top: &ObjectRef) -> Option<(usize, usize)> {
    let workload = view.workload(top)?;
    let status = &workload.status;
    let (wanted, ready) = match top.kind {
        Kind::DaemonSet => (status.desired_number_scheduled, status.number_ready),
        _ => (workload.wanted(), status.ready_replicas),
    };
    let count = |n: i64| usize::try_from(n).unwrap_or(0);
    Some((count(wanted - ready), count(wanted)))
}

/// Services that lead to these pods or workloads and have nobody behind them who answers.
fn dead_services(view: &View<'_>, pods: &BTreeSet<ObjectRef>, objects: &BTreeSet<ObjectRef>) -> BTreeSet<ObjectRef> {
    let namespaces: BTreeSet<&str> =
        pods.iter().chain(objects).map(|o| o.namespace.as_str()).filter(|n| !n.is_empty()).collect();
    let mut dead = BTreeSet::new();
    for service in namespaces.into_iter().flat_map(|n| view.services_in(n)) {
        let object = service.metadata.object(Kind::Service);
        let parts = view.parts(&object);
        let concerned = objects.contains(&object) || parts.iter().any(|p| pods.contains(p) || objects.contains(p));
        let alive = view
            .endpoints(service)
            .map_or_else(|_| view.pods_behind(service).iter().any(|p| p.is_ready()), |e| e.ready > 0);
        if concerned && !alive {
            dead.insert(object);
        }
    }
    dead
}

fn routes(view: &View<'_>, services: &BTreeSet<ObjectRef>) -> Vec<String> {
    let mut routes: BTreeSet<String> = BTreeSet::new();
    for ingress in &view.snapshot.ingresses {
        for rule in &ingress.spec.rules {
            for path in &rule.http.paths {
                let Some(service) = &path.backend.service else { continue };
                if services.contains(&ObjectRef::new(Kind::Service, &ingress.metadata.namespace, &service.name)) {
                    let host = if rule.host.is_empty() { "*" } else { &rule.host };
                    routes.insert(format!("{host}{}", path.path));
                }
            }
        }
    }
    for route in view.snapshot.customs(Kind::HTTPRoute) {
        let object = route.metadata.object(Kind::HTTPRoute);
        if view.parts(&object).iter().any(|s| services.contains(s)) {
            let hosts = route.spec["hostnames"].as_array().into_iter().flatten().filter_map(|h| h.as_str());
            routes.extend(hosts.map(ToOwned::to_owned).chain([object.to_string()]).take(1));
        }
    }
    for service in services.iter().filter_map(|o| view.service(&o.namespace, &o.name)) {
        if service.spec.kind == "LoadBalancer" {
            routes.insert(format!("load balancer {}/{}", service.metadata.namespace, service.metadata.name));
        }
    }
    routes.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::blast;
    use crate::checks::View;
    use crate::checks::testing::{NOW, cluster, node, pod, workload};
    use crate::evidence::cluster::{Kind, ObjectRef};

    #[test]
    fn a_node_costs_a_workload_no_more_than_the_pods_on_it() {
        let of_web = |name: &str, node: &str| {
            pod(name)
                .set("spec.nodeName", node)
                .owned_by("apps/v1", "StatefulSet", "web")
                .condition("Ready", "False", "")
        };
        let snapshot = cluster()
            .with(node("worker-1"))
            .with(workload("StatefulSet", "shop/web", 5).set("status.readyReplicas", 2))
            .with(of_web("shop/web-0", "worker-1"))
            .with(of_web("shop/web-1", "worker-2"))
            .with(of_web("shop/web-2", "worker-2"))
            .snapshot();
        let view = View::new(&snapshot, NOW.parse().expect("a time"));
        let node = ObjectRef::new(Kind::Node, "", "worker-1");
        let reach = blast(&view, &node, &[node.clone()].into());
        assert_eq!((reach.pods, reach.replicas_lost, reach.replicas_wanted), (1, 1, 5));
        let web = ObjectRef::new(Kind::StatefulSet, "shop", "web");
        assert_eq!(blast(&view, &web, &[web.clone()].into()).replicas_lost, 3);
    }
}
