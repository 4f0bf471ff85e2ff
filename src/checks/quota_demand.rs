//! What a pod takes from a quota, and what it has to state for it.

use std::collections::BTreeMap;

use crate::evidence::cluster::{Container, LimitRange, PodSpec, Quantity, Resources};

/// What a limit of a quota counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Counted<'k> {
    /// Pods.
    Pods,
    /// Requests of a resource.
    Requests(&'k str),
    /// Limits of a resource.
    Limits(&'k str),
}

impl<'k> Counted<'k> {
    /// What a key of `hard` counts; `None` where it is not about pods.
    pub(super) fn of(key: &'k str) -> Option<Self> {
        match key {
            "pods" | "count/pods" => Some(Self::Pods),
            "requests.storage" => None,
            "cpu" | "memory" | "ephemeral-storage" => Some(Self::Requests(key)),
            _ => {
                let requests = key.strip_prefix("requests.").map(Self::Requests);
                requests.or_else(|| key.strip_prefix("limits.").map(Self::Limits))
            }
        }
    }

    /// Whether every container has to state it: so it is with processors and memory.
    fn is_demanded(self) -> bool {
        matches!(self, Self::Requests("cpu" | "memory") | Self::Limits("cpu" | "memory"))
    }
}

/// What a `LimitRange` fills in where a container is silent.
#[derive(Debug, Default)]
pub(super) struct Defaults {
    requests: BTreeMap<String, f64>,
    limits: BTreeMap<String, f64>,
}

impl Defaults {
    /// The defaults of a namespace. The API derives some: a maximum is a default limit, that a default request, and so is a minimum.
    pub(super) fn of<'s>(ranges: impl Iterator<Item = &'s LimitRange>) -> Self {
        let mut defaults = Self::default();
        for limit in ranges.flat_map(|r| &r.spec.limits).filter(|l| l.kind == "Container") {
            fill(&mut defaults.limits, [&limit.default, &limit.max]);
            fill(&mut defaults.requests, [&limit.default_request, &limit.default, &limit.max, &limit.min]);
        }
        defaults
    }

    fn value(&self, container: &Container, counted: Counted<'_>) -> Option<f64> {
        let stated = |resources: &Resources, name: &str| resources.get(name).and_then(Quantity::value);
        let (requests, limits) = (&container.resources.requests, &container.resources.limits);
        match counted {
            Counted::Pods => None,
            Counted::Requests(name) => {
                stated(requests, name).or_else(|| stated(limits, name)).or_else(|| self.requests.get(name).copied())
            }
            Counted::Limits(name) => stated(limits, name).or_else(|| self.limits.get(name).copied()),
        }
    }

    /// What one pod takes: the sum over containers that run side by side, or the largest init container.
    pub(super) fn taken(&self, spec: &PodSpec, counted: Counted<'_>) -> f64 {
        if counted == Counted::Pods {
            return 1.0;
        }
        let of = |container: &Container| self.value(container, counted).unwrap_or(0.0);
        let together: f64 = spec.running_containers().map(of).sum();
        spec.init_containers.iter().filter(|c| !PodSpec::is_sidecar(c)).map(of).fold(together, f64::max)
    }

    /// Containers that do not state what the quota demands.
    pub(super) fn silent<'s>(&self, spec: &'s PodSpec, counted: Counted<'_>) -> Vec<&'s str> {
        let silent = |c: &&Container| counted.is_demanded() && self.value(c, counted).is_none();
        spec.all_containers().filter(silent).map(|c| c.name.as_str()).collect()
    }
}

/// The first that states an amount counts.
fn fill<const N: usize>(into: &mut BTreeMap<String, f64>, sources: [&Resources; N]) {
    for (name, quantity) in sources.into_iter().flatten() {
        if let Some(value) = quantity.value() {
            into.entry(name.clone()).or_insert(value);
        }
    }
}

/// An amount as people write it: `1.5Gi`, `250Mi`, `0.5`.
pub(super) fn amount(key: &str, value: f64) -> String {
    const MI: f64 = 1024.0 * 1024.0;
    if !key.contains("memory") && !key.contains("storage") && !key.contains("hugepages") {
        return ((value * 1000.0).round() / 1000.0).to_string();
    }
    let (value, unit) = if value >= 1024.0 * MI { (value / 1024.0 / MI, "Gi") } else { (value / MI, "Mi") };
    format!("{}{unit}", (value * 10.0).round() / 10.0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Counted, Defaults, amount};
    use crate::evidence::cluster::{LimitRange, PodSpec};

    #[test]
    fn keys_of_quotas_are_understood() {
        assert_eq!(Counted::of("count/pods"), Some(Counted::Pods));
        assert_eq!(Counted::of("memory"), Some(Counted::Requests("memory")));
        assert_eq!(Counted::of("requests.nvidia.com/gpu"), Some(Counted::Requests("nvidia.com/gpu")));
        for other in ["requests.storage", "count/secrets", "gold.storageclass.storage.k8s.io/requests.storage"] {
            assert_eq!(Counted::of(other), None, "{other}");
        }
    }

    #[test]
    fn a_limit_range_speaks_for_silent_containers() {
        let range: LimitRange = serde_json::from_value(json!({ "spec": { "limits": [
            { "type": "Container", "max": { "cpu": "2" }, "min": { "memory": "64Mi" } },
            { "type": "Pod", "max": { "memory": "1Gi" } },
        ] } }))
        .expect("a range");
        let defaults = Defaults::of([range].iter());
        let spec: PodSpec = serde_json::from_value(json!({
            "containers": [{ "name": "web" }, { "name": "side", "resources": { "limits": { "cpu": "500m" } } }],
            "initContainers": [{ "name": "load", "resources": { "requests": { "memory": "1Gi" } } }],
        }))
        .expect("a pod");
        assert_eq!(amount("cpu", defaults.taken(&spec, Counted::Requests("cpu"))), "2.5");
        assert_eq!(amount("memory", defaults.taken(&spec, Counted::Requests("memory"))), "1Gi");
        assert!(defaults.silent(&spec, Counted::Requests("memory")).is_empty());
        assert_eq!(defaults.silent(&spec, Counted::Limits("memory")), ["load", "web", "side"]);
    }
}
