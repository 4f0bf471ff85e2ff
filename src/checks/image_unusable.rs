//! An image cannot be used whatever a registry says: its reference is not valid, it may not be pulled, or the node cannot read it.

use std::collections::BTreeSet;

use super::gist::gist;
use super::image_reference::ImageReference;
use super::termination::show_events;
use super::waiting::{UNUSABLE, Wait};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::Kind;
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "image-unusable",
    title: "Image cannot be used",
    rows: &[19],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::Pod, Kind::Event],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let mut told = BTreeSet::new();
    for wait in Wait::all(view).filter(|wait| UNUSABLE.contains(&wait.reason)) {
        if told.insert((wait.pod.metadata.object(Kind::Pod), wait.image())) {
            verdict.found(fault(view, &wait));
        }
    }
    verdict
}

fn fault<'v>(view: &View<'v>, wait: &Wait<'v>) -> Fault {
    let events = wait.warnings(view);
    let why = why(wait, wait.texts(&events).first().copied().unwrap_or_default());
    let sentence = format!("image {} of container {} {why}", wait.image(), wait.name());
    show_events(wait.show(Fault::on(wait.pod.metadata.object(Kind::Pod), &sentence)), &events)
}

fn why(wait: &Wait<'_>, text: &str) -> String {
    let node = &wait.pod.spec.node_name;
    let what = match wait.reason {
        "ErrImageNeverPull" => return format!("is not on node {node}, and imagePullPolicy Never forbids to pull it"),
        "InvalidImageName" => match ImageReference::parse(wait.image()) {
            Err(wrong) => return format!("has no valid reference: {wrong}"),
            Ok(_) => "has no valid reference".to_owned(),
        },
        "ImageInspectError" => format!("cannot be read by the runtime of node {node}"),
        "RegistryUnavailable" => "cannot be had, its registry is not available".to_owned(),
        "SignatureValidationFailed" => "has a signature that is not accepted".to_owned(),
        reason => format!("cannot be used ({reason})"),
    };
    if text.is_empty() { what } else { format!("{what}: {}", gist(text)) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, pod};

    fn waiting(reason: &str, image: &str, message: &str) -> Thing {
        pod("shop/web-0")
            .set("status.phase", "Pending")
            .set("spec.containers.0.image", image)
            .set("status.containerStatuses.0.state", json!({ "waiting": { "reason": reason, "message": message } }))
    }

    #[test]
    fn what_is_wrong_with_a_reference_is_said() {
        let image = "Registry.example.com/Shop/Bad:1";
        let message = "Failed to apply default image tag: couldn't parse image name: invalid reference format";
        let found = cluster().with(waiting("InvalidImageName", image, message)).finds(&CHECK, &["pod shop/web-0"]);
        found.says("image Registry.example.com/Shop/Bad:1 of container web has no valid reference: its repository must be lower case");
        // What only the runtime finds wrong it says itself.
        let short = waiting("InvalidImageName", "acme/web", "short-name \"acme/web\" did not resolve to an alias");
        cluster().with(short).finds(&CHECK, &["pod shop/web-0"]).says("did not resolve to an alias");
    }

    #[test]
    fn an_image_that_may_not_be_pulled_names_the_node() {
        let message = "Container image \"web:dev\" is not present with pull policy of Never";
        let never = waiting("ErrImageNeverPull", "web:dev", message);
        cluster().with(never).finds(&CHECK, &["pod shop/web-0"]).says("is not on node worker-1");
    }

    #[test]
    fn a_failed_pull_and_a_pod_that_is_well_are_none() {
        cluster().with(waiting("ErrImagePull", "web:1", "not found")).is_fine(&CHECK);
        cluster().with(pod("shop/web-0")).is_fine(&CHECK);
    }
}
