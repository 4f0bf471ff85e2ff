//! A `Secret` that images are to be pulled with does not exist: images of a private registry are refused.

use std::collections::BTreeMap;

use super::image_reference::ImageReference;
use super::secret_makers::maker;
use super::templates::{Template, templates};
use super::{Basis, Check, Lookup, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, ObjectRef, Pod, ServiceAccount};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "image-pull-secret-missing",
    title: "Image pull secret does not exist",
    rows: &[51],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[
        Kind::Pod,
        Kind::Deployment,
        Kind::StatefulSet,
        Kind::DaemonSet,
        Kind::Job,
        Kind::CronJob,
        Kind::ServiceAccount,
        Kind::Secret,
    ],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let accounts: Accounts<'_> = view
        .snapshot
        .service_accounts
        .iter()
        .map(|a| ((a.metadata.namespace.as_str(), a.metadata.name.as_str()), a))
        .collect();
    let mut verdict = Verdict::default();
    for template in templates(view).iter().filter(|t| !view.is_fresh(t.meta)) {
        let namespace = &template.object.namespace;
        for (name, field) in pull_secrets(template, &accounts) {
            match view.lookup(Kind::Secret, namespace, name) {
                Lookup::Found => {}
                Lookup::Unknown(why) => verdict.unknown(why),
                Lookup::Missing => verdict.faults.extend(fault(view, template, name, field)),
            }
        }
    }
    verdict
}

type Accounts<'s> = BTreeMap<(&'s str, &'s str), &'s ServiceAccount>;

/// The pull secrets of a template with the field that names them; those of its account count only where it has none of its own.
fn pull_secrets<'s>(template: &Template<'s>, accounts: &Accounts<'s>) -> BTreeMap<&'s str, String> {
    let own = template.spec.image_pull_secrets.iter().map(|s| s.name.as_str());
    let own: BTreeMap<&str, String> = own.map(|n| (n, format!("{}.imagePullSecrets", template.path))).collect();
    let account = Some(template.spec.service_account_name.as_str()).filter(|a| !a.is_empty()).unwrap_or("default");
    let account = accounts.get(&(template.object.namespace.as_str(), account)).filter(|_| own.is_empty());
    let others = account.iter().flat_map(|a| &a.image_pull_secrets);
    let field = |name: &str| format!("serviceaccount {name} imagePullSecrets");
    let others = others.map(|s| (s.name.as_str(), account.map(|a| field(&a.metadata.name)).unwrap_or_default()));
    others.chain(own).filter(|(name, _)| !name.is_empty()).collect()
}

fn fault<'s>(view: &View<'s>, template: &Template<'s>, secret: &str, field: String) -> Option<Fault> {
    let namespace = &template.object.namespace;
    let made_by = maker(view, namespace, secret);
    if view.is_manifests() && made_by.is_some() {
        return None;
    }
    let (severity, outlook) = seriousness(view, template);
    let absent = if view.is_manifests() { "is not among the manifests" } else { "does not exist" };
    let image = template.spec.containers.first().map_or("", |c| c.image.as_str());
    let message = format!("pull secret {secret} for image {image} {absent}{outlook}");
    let fault = Fault::on(template.object.clone(), &message)
        .severity(severity)
        .seen(field, secret)
        .because_of(ObjectRef::new(Kind::Secret, namespace, secret))
        .fact("secret", secret)
        .fact("missing_secret", secret)
        .fact("host", ImageReference::parse(image).map_or("", |reference| reference.registry))
        .fact("image", image);
    Some(made_by.into_iter().fold(fault, Fault::involving))
}

/// Where images were pulled without it, it may not be needed at all; and pull secrets are seldom kept with manifests.
fn seriousness<'s>(view: &View<'s>, template: &Template<'s>) -> (Severity, &'static str) {
    if view.is_manifests() {
        return (Severity::Low, "");
    }
    if has_pulled(view, template) {
        return (Severity::Low, "; its pods run, their images were pulled without it");
    }
    template.outlook(view)
}

/// Whether its pods get their images: one of them runs, and none is refused.
fn has_pulled<'s>(view: &View<'s>, template: &Template<'s>) -> bool {
    let refused = |pod: &Pod| {
        let mut waiting = pod.each_container().filter_map(|c| c.status.state.waiting.as_ref());
        waiting.any(|w| matches!(w.reason.as_str(), "ErrImagePull" | "ImagePullBackOff"))
    };
    template.its_pods(view).any(|p| p.status.phase == "Running") && !template.its_pods(view).any(refused)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, pod, thing, workload};
    use crate::evidence::cluster::Kind;
    use crate::finding::Severity;

    fn web() -> Thing {
        workload("Deployment", "shop/web", 1)
            .set("spec.template.spec.imagePullSecrets", json!([{ "name": "registry" }]))
    }

    #[test]
    fn a_pull_secret_that_does_not_exist_is_to_blame() {
        let verdict = cluster().with(web()).finds(&CHECK, &["deployment shop/web"]);
        verdict
            .says("pull secret registry for image registry.example/shop/web:1.4 does not exist")
            .blames("secret shop/registry");
        cluster().with(web()).with(thing("v1", "Secret", "shop/registry")).is_fine(&CHECK);
    }

    #[test]
    fn the_account_brings_its_own_only_where_the_template_has_none() {
        let account =
            thing("v1", "ServiceAccount", "shop/default").set("imagePullSecrets", json!([{ "name": "shared" }]));
        let plain = workload("Deployment", "shop/web", 1);
        let verdict = cluster().with(plain).with(account.clone()).finds(&CHECK, &["deployment shop/web"]);
        assert_eq!(verdict.faults[0].statements[0].field, "serviceaccount default imagePullSecrets");
        cluster().with(web()).with(account).with(thing("v1", "Secret", "shop/registry")).is_fine(&CHECK);
    }

    #[test]
    fn pods_that_run_have_pulled_without_it() {
        let runs = pod("shop/web-a").owned_by("apps/v1", "Deployment", "web");
        let verdict = cluster().with(web()).with(runs).finds(&CHECK, &["deployment shop/web"]);
        assert_eq!(verdict.says("pulled without it").faults[0].severity, Some(Severity::Low));
    }

    #[test]
    fn secrets_that_may_not_be_read_are_not_missing() {
        // Another tool counts 403 as missing.
        cluster().with(web()).without(Kind::Secret).cannot_say(&CHECK, "secrets: forbidden");
    }

    #[test]
    fn one_pod_that_runs_is_proof_unless_another_is_refused_its_image() {
        let replica = |name: &str| pod(name).owned_by("apps/v1", "Deployment", "web");
        let coming = |reason: &str| {
            replica("shop/web-1")
                .set("status.phase", "Pending")
                .set("status.containerStatuses.0.state", json!({ "waiting": { "reason": reason } }))
        };
        let severity = |reason: &str| {
            let all = cluster().with(web()).with(replica("shop/web-0")).with(coming(reason));
            all.finds(&CHECK, &["deployment shop/web"]).faults[0].severity
        };
        assert_eq!(severity("ContainerCreating"), Some(Severity::Low));
        assert_eq!(severity("ImagePullBackOff"), Some(Severity::High));
    }

    #[test]
    fn what_was_made_just_now_may_have_overtaken_what_it_names() {
        cluster().with(web().set("metadata.creationTimestamp", "2026-11-26T11:59:50Z")).is_fine(&CHECK);
    }
}
