//! An image is named without a version: what runs is what the registry had when each node pulled it.

use super::image_reference::ImageReference;
use super::templates::{Template, templates};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Container, Kind};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "image-tag-loose",
    title: "Image without a fixed version",
    rows: &[127],
    severity: Severity::Low,
    stage: Stage::Outside,
    basis: Basis::Spec,
    needs: &[Kind::Deployment, Kind::StatefulSet, Kind::DaemonSet, Kind::CronJob, Kind::Job, Kind::Pod],
    hygiene: true,
    run,
};

/// Stands for an image that the injector of a service mesh fills in.
const INJECTED: &str = "auto";

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for template in templates(view) {
        let loose: Vec<&Container> = template.spec.all_containers().filter(|c| is_loose(&c.image)).collect();
        verdict.faults.extend(fault(template, &loose));
    }
    verdict
}

/// A digest fixes an image whatever its tag is; what is no reference is another check's to tell.
fn is_loose(image: &str) -> bool {
    let Ok(reference) = ImageReference::parse(image) else { return false };
    image != INJECTED && reference.digest.is_none() && matches!(reference.tag, None | Some("latest"))
}

fn fault(template: &Template<'_>, loose: &[&Container]) -> Option<Fault> {
    let first = loose.first()?;
    let all: Vec<String> = loose.iter().map(|c| format!("{} of container {}", c.image, c.name)).collect();
    let fault = Fault::on(template.object.clone(), &format!("no fixed version: {}", all.join(", ")))
        .fact("container", &first.name)
        .fact("image", &first.image);
    let path = |c: &Container| format!("{}.containers[{}].image", template.path, c.name);
    Some(loose.iter().fold(fault, |fault, container| fault.seen(path(container), container.image.as_str())))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, workload};

    fn of(image: &str) -> Thing {
        workload("Deployment", "shop/web", 2).set("spec.template.spec.containers.0.image", image)
    }

    #[test]
    fn no_tag_and_latest_are_loose() {
        for image in ["nginx", "nginx:latest", "registry.example:5000/shop/web"] {
            let says = format!("no fixed version: {image} of container web");
            cluster().with(of(image)).finds(&CHECK, &["deployment shop/web"]).says(&says);
        }
    }

    #[test]
    fn the_port_of_a_registry_and_a_digest_are_no_tags() {
        // popeye splits at ':'.
        let digest = "sha256:4bcff63911fcb4448bd4fdacec207030997caf25e9bea4045fa6c8c44de311d1";
        let pinned = format!("registry.example:5000/shop/web:latest@{digest}");
        for image in ["registry.example:5000/shop/web:1.4", &pinned, &format!("nginx@{digest}"), "auto"] {
            cluster().with(of(image)).is_fine(&CHECK);
        }
    }
}
