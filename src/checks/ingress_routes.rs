//! What an `Ingress` says: its class, and which host and path leads to which service.

use std::fmt;

use super::View;
use crate::evidence::cluster::{Ingress, IngressClass, IngressService};

/// A way through an `Ingress` to a service.
#[derive(Clone, Debug)]
pub(super) struct Route<'i> {
    /// The host; empty for every one.
    pub host: &'i str,
    /// The path; `None` for the default backend.
    pub path: Option<&'i str>,
    /// Whether only this very path is meant.
    pub exact: bool,
    /// Where it leads.
    pub service: &'i IngressService,
    /// Which rule it is, and which path of it.
    place: (usize, usize),
}

impl Route<'_> {
    /// Where its backend stands, as a JSON patch names it.
    pub(super) fn backend(&self) -> String {
        let (rule, path) = self.place;
        match self.path {
            Some(_) => format!("/spec/rules/{rule}/http/paths/{path}/backend"),
            None => "/spec/defaultBackend".to_owned(),
        }
    }

    /// What to take out of its `Ingress` so that nothing else goes: the path, or its rule, which must not be left without one.
    pub(super) fn removable(&self, ingress: &Ingress) -> Option<String> {
        let (rule, path) = self.place;
        let rules = &ingress.spec.rules;
        match (self.path, rules.get(rule).map_or(0, |r| r.http.paths.len())) {
            (Some(_), 2..) => Some(format!("/spec/rules/{rule}/http/paths/{path}")),
            (Some(_), _) if rules.len() > 1 => Some(format!("/spec/rules/{rule}")),
            (Some(_), _) => ingress.spec.default_backend.is_some().then(|| "/spec/rules".to_owned()),
            (None, _) => (!rules.is_empty()).then(|| self.backend()),
        }
    }

    /// The field in which its service stands.
    pub(super) fn field(&self) -> String {
        match self.path {
            Some(path) => format!("spec.rules[{}].http.paths[{path}].backend.service", self.host),
            None => "spec.defaultBackend.service".to_owned(),
        }
    }
}

impl fmt::Display for Route<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = if self.host.is_empty() { "*" } else { self.host };
        match self.path {
            Some(path) => write!(f, "{host}{path}"),
            None => f.write_str("the default backend"),
        }
    }
}

/// The ways through an `Ingress` to services.
pub(super) fn routes(ingress: &Ingress) -> Vec<Route<'_>> {
    let of_rules = ingress.spec.rules.iter().enumerate().flat_map(|(index, rule)| {
        rule.http.paths.iter().enumerate().filter_map(move |(nth, p)| {
            let path = Some(if p.path.is_empty() { "/" } else { p.path.as_str() });
            let (service, exact) = (p.backend.service.as_ref()?, p.path_type == "Exact");
            Some(Route { host: &rule.host, path, exact, service, place: (index, nth) })
        })
    });
    let default = ingress.spec.default_backend.iter().filter_map(|b| b.service.as_ref());
    let default = default.map(|service| Route { host: "", path: None, exact: false, service, place: (0, 0) });
    // The AWS controller takes a name with this port for an action of its own: a redirect, a fixed answer.
    of_rules.chain(default).filter(|route| route.service.port.name != "use-annotation").collect()
}

/// The class that an `Ingress` names, in the old way too.
pub(super) fn class(ingress: &Ingress) -> Option<&str> {
    let named = ingress.spec.ingress_class_name.as_deref();
    named.or_else(|| annotated_class(ingress)).filter(|class| !class.is_empty())
}

/// The class that an `Ingress` names in the old way; controllers compare it with a flag of theirs, not with an object.
pub(super) fn annotated_class(ingress: &Ingress) -> Option<&str> {
    ingress.metadata.annotations.get("kubernetes.io/ingress.class")
}

/// Whether a class is meant where an `Ingress` names none.
pub(super) fn is_default(class: &IngressClass) -> bool {
    class.metadata.annotations.get("ingressclass.kubernetes.io/is-default-class") == Some("true")
}

/// The class that serves an `Ingress`: the one that it names, or the default one.
pub(super) fn serving_class<'s>(view: &View<'s>, ingress: &'s Ingress) -> Option<&'s str> {
    let default = || view.snapshot.ingress_classes.iter().find(|c| is_default(c)).map(|c| c.metadata.name.as_str());
    class(ingress).or_else(default)
}

/// Whether the AWS Load Balancer Controller serves an `Ingress`.
pub(super) fn is_aws(view: &View<'_>, ingress: &Ingress) -> bool {
    let Some(name) = serving_class(view, ingress) else { return false };
    let class = view.snapshot.ingress_classes.iter().find(|c| c.metadata.name == name);
    class.map_or(name == "alb", |c| {
        matches!(c.spec.controller.as_str(), "ingress.k8s.aws/alb" | "eks.amazonaws.com/alb")
    })
}

/// Whether GKE serves an `Ingress`: its classes are no objects.
pub(super) fn is_gce(ingress: &Ingress) -> bool {
    matches!(class(ingress), Some("gce" | "gce-internal"))
}

/// Whether the cluster is one of GKE, which serves an `Ingress` without a class itself.
pub(super) fn is_gke(view: &View<'_>) -> bool {
    view.snapshot.nodes.iter().any(|n| n.metadata.labels.contains_key("cloud.google.com/gke-nodepool"))
}

/// An `Ingress` of the class `nginx` that leads `host` at `/` to the port `http` of the service `web`.
#[cfg(test)]
pub(super) fn ingress(name: &str, host: &str) -> super::testing::Thing {
    let backend = serde_json::json!({ "service": { "name": "web", "port": { "name": "http" } } });
    let path = serde_json::json!({ "path": "/", "pathType": "Prefix", "backend": backend });
    super::testing::thing("networking.k8s.io/v1", "Ingress", name)
        .set("spec.ingressClassName", "nginx")
        .set("spec.rules", serde_json::json!([{ "host": host, "http": { "paths": [path] } }]))
}

/// A class of `Ingress` with the controller of ingress-nginx.
#[cfg(test)]
pub(super) fn ingress_class(name: &str) -> super::testing::Thing {
    super::testing::thing("networking.k8s.io/v1", "IngressClass", name).set("spec.controller", "k8s.io/ingress-nginx")
}
