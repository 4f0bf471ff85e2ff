//! What the pods on a node take of it: added up once, because every pod that waits asks it of every node.

use std::collections::{BTreeSet, HashMap};

use crate::evidence::cluster::{Pod, PodSpec};

use super::View;

/// Of each node how much of each resource is taken.
pub(super) type Taken = HashMap<String, HashMap<String, f64>>;

impl View<'_> {
    /// How much of a resource the pods on a node ask for; of `pods`, how many they are. Those that are over take nothing.
    #[must_use]
    pub fn taken(&self, node: &str, resource: &str) -> f64 {
        let all = self.taken.get_or_init(|| self.add_up());
        all.get(node).and_then(|of| of.get(resource)).copied().unwrap_or(0.0)
    }

    fn add_up(&self) -> Taken {
        self.pods_on.iter().map(|(node, pods)| ((*node).to_owned(), sum(pods))).collect()
    }
}

fn sum(pods: &[&Pod]) -> HashMap<String, f64> {
    let mut sum: HashMap<String, f64> = HashMap::new();
    for pod in pods.iter().filter(|p| !p.is_over()) {
        *sum.entry("pods".to_owned()).or_default() += 1.0;
        for resource in resources(&pod.spec) {
            *sum.entry(resource.clone()).or_default() += pod.spec.request(resource);
        }
    }
    sum
}

/// The resources that a pod asks for.
pub(in crate::checks) fn resources(spec: &PodSpec) -> BTreeSet<&String> {
    let containers = spec.all_containers().map(|c| &c.resources);
    let all = containers.chain([&spec.resources]);
    all.flat_map(|r| r.requests.keys().chain(r.limits.keys())).collect()
}

#[cfg(test)]
mod tests {
    use crate::checks::View;
    use crate::checks::testing::{NOW, cluster, pod};

    #[test]
    fn what_pods_ask_for_is_added_up_and_what_is_over_takes_nothing() {
        let over = pod("shop/load").set("status.phase", "Succeeded");
        let whole = pod("shop/web-1").set("spec.resources.requests.cpu", "2");
        let snapshot = cluster().with(pod("shop/web-0")).with(whole).with(over).snapshot();
        let view = View::new(&snapshot, NOW.parse().expect("a time"));
        let taken = ["cpu", "pods", "nvidia.com/gpu"].map(|resource| view.taken("worker-1", resource).to_string());
        assert_eq!(taken, ["2.1", "2", "0"]);
        assert_eq!(view.taken("worker-2", "pods").to_string(), "0");
    }
}
