//! Pods of one controller ask for the same things: what is equal is kept once.
//!
//! Half of the memory of a large cluster would else go into copies of a few hundred templates.

use std::collections::HashMap;
use std::sync::Arc;

use super::{Container, Pod, PodSpec, Toleration, Volume};

/// What the pods of a controller asked for last, by the identity of the controller.
#[derive(Clone, Debug, Default)]
pub(super) struct Twins(HashMap<String, Parts>);

#[derive(Clone, Debug)]
struct Parts {
    containers: Arc<[Container]>,
    init_containers: Arc<[Container]>,
    volumes: Arc<[Volume]>,
    tolerations: Arc<[Toleration]>,
}

impl Twins {
    /// Lets a pod share with the pod of the same controller that came before it.
    pub(super) fn share(&mut self, pod: &mut Pod) {
        let Some(owner) = pod.metadata.controller().map(|o| o.uid.clone()).filter(|uid| !uid.is_empty()) else {
            return;
        };
        if let Some(parts) = self.0.get(&owner) {
            parts.give(&mut pod.spec);
        }
        self.0.insert(owner, Parts::of(&pod.spec));
    }
}

impl Parts {
    fn of(spec: &PodSpec) -> Self {
        Self {
            containers: spec.containers.clone(),
            init_containers: spec.init_containers.clone(),
            volumes: spec.volumes.clone(),
            tolerations: spec.tolerations.clone(),
        }
    }

    fn give(&self, spec: &mut PodSpec) {
        one(&self.containers, &mut spec.containers);
        one(&self.init_containers, &mut spec.init_containers);
        one(&self.volumes, &mut spec.volumes);
        one(&self.tolerations, &mut spec.tolerations);
    }
}

fn one<T: PartialEq>(known: &Arc<[T]>, new: &mut Arc<[T]>) {
    if known == new {
        new.clone_from(known);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::super::{Kind, Snapshot};

    fn pods(second: &str) -> Snapshot {
        let pod = |name: &str, image: &str| {
            format!(
                r#"{{"metadata":{{"name":"{name}","ownerReferences":[{{"uid":"u1","controller":true}}]}},"spec":{{"containers":[{{"image":"{image}",
                "volumeMounts":[{{"name":"kube-api-access-{name}"}}]}}],"volumes":[{{"name":"kube-api-access-{name}"}}]}}}}"#
            )
        };
        let mut snapshot = Snapshot::default();
        let text = format!(r#"{{"items":[{},{}]}}"#, pod("x7k2p", "shop/web:1"), pod("m4qzd", second));
        snapshot.decode(Kind::Pod, text.as_bytes()).expect("a list");
        snapshot
    }

    #[test]
    fn what_is_equal_is_kept_once_and_what_differs_stays() {
        let same = pods("shop/web:1");
        assert!(Arc::ptr_eq(&same.pods[0].spec.containers, &same.pods[1].spec.containers));
        let other = pods("shop/web:2");
        assert_eq!(other.pods[1].spec.containers[0].image, "shop/web:2");
        assert!(Arc::ptr_eq(&other.pods[0].spec.volumes, &other.pods[1].spec.volumes));
    }
}
