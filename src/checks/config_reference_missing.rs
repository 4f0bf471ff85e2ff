//! A pod names a `ConfigMap` or `Secret` that does not exist, so its containers are never started.

use std::collections::BTreeMap;

use super::references::{Reference, demanded};
use super::secret_makers::maker;
use super::templates::{Template, templates};
use super::{Basis, Check, Lookup, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, ObjectRef, PodSpec};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "config-reference-missing",
    title: "ConfigMap or Secret does not exist",
    rows: &[121],
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
        Kind::ConfigMap,
        Kind::Secret,
    ],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for template in templates(view).iter().filter(|t| !view.is_fresh(t.meta)) {
        for ((kind, name), references) in by_object(template.spec) {
            let object = ObjectRef::new(kind, &template.object.namespace, name);
            match view.lookup(kind, &object.namespace, name) {
                Lookup::Found => {}
                Lookup::Unknown(why) => verdict.unknown(why),
                Lookup::Missing => verdict.faults.extend(fault(view, template, object, &references)),
            }
        }
    }
    verdict
}

/// One fault for each object, however often the pod names it.
fn by_object(spec: &PodSpec) -> BTreeMap<(Kind, &str), Vec<Reference<'_>>> {
    let mut found: BTreeMap<(Kind, &str), Vec<Reference<'_>>> = BTreeMap::new();
    for reference in demanded(spec) {
        found.entry((reference.kind, reference.name)).or_default().push(reference);
    }
    found
}

/// The fault, unless it is manifests and one of them says who makes the `Secret`.
fn fault<'s>(
    view: &View<'s>,
    template: &Template<'s>,
    object: ObjectRef,
    references: &[Reference<'_>],
) -> Option<Fault> {
    let made_by = (object.kind == Kind::Secret).then(|| maker(view, &object.namespace, &object.name)).flatten();
    if view.is_manifests() && made_by.is_some() {
        return None;
    }
    let (severity, outlook) = seriousness(view, template, object.kind);
    let first = references.first()?;
    let more = if references.len() > 1 { format!(" (and {} more)", references.len() - 1) } else { String::new() };
    let absent = if view.is_manifests() { "is not among the manifests" } else { "does not exist" };
    let message = format!("{}{more} names {} {}, which {absent}{outlook}", first.field, object.kind, object.name);
    let fact = if object.kind == Kind::Secret { "secret" } else { "configmap" };
    let fault = Fault::on(template.object.clone(), &message)
        .severity(severity)
        .fact(fact, &object.name)
        .fact("container", first.container)
        .because_of(object);
    let fault = references.iter().fold(fault, |fault, r| fault.seen(format!("{}.{}", template.path, r.field), r.name));
    Some(made_by.into_iter().fold(fault, Fault::involving))
}

/// Secrets are seldom kept with the manifests: that one is not there may be meant so.
fn seriousness<'s>(view: &View<'s>, template: &Template<'s>, kind: Kind) -> (Severity, &'static str) {
    let (severity, outlook) = template.outlook(view);
    let most = if view.is_manifests() && kind == Kind::Secret { Severity::Medium } else { Severity::High };
    (severity.min(most), outlook)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, pod, thing, workload};
    use crate::evidence::cluster::Kind;
    use crate::finding::Severity;

    const ENV: &str = "spec.template.spec.containers.0.envFrom";

    fn web() -> Thing {
        workload("Deployment", "shop/web", 2).set(ENV, json!([{ "secretRef": { "name": "db" } }]))
    }

    #[test]
    fn a_missing_secret_is_told_once_on_the_workload() {
        let set = workload("ReplicaSet", "shop/web-5d7f", 2).owned_by("apps/v1", "Deployment", "web");
        let waits = pod("shop/web-5d7f-x")
            .owned_by("apps/v1", "ReplicaSet", "web-5d7f")
            .set("spec.containers.0.envFrom", json!([{ "secretRef": { "name": "db" } }]))
            .set("status.phase", "Pending");
        let all = cluster().with(web()).with(set).with(waits);
        let verdict = all.finds(&CHECK, &["deployment shop/web"]);
        verdict.says("containers[web].envFrom names Secret db, which does not exist").blames("secret shop/db");
        assert_eq!(verdict.faults[0].severity, Some(Severity::High));
    }

    #[test]
    fn pods_that_still_run_make_it_less_bad() {
        let runs = |name| pod(name).owned_by("apps/v1", "Deployment", "web");
        let all = cluster().with(web()).with(runs("shop/web-a")).with(runs("shop/web-b"));
        let verdict = all.finds(&CHECK, &["deployment shop/web"]);
        assert_eq!(verdict.says("its pods still run").faults[0].severity, Some(Severity::Medium));
        let stuck = web().set("status.updatedReplicas", 1);
        let all = cluster().with(stuck).with(runs("shop/web-a")).with(runs("shop/web-b"));
        assert_eq!(all.finds(&CHECK, &["deployment shop/web"]).faults[0].severity, Some(Severity::High));
    }

    #[test]
    fn an_object_that_is_there_or_optional_or_brought_along_is_fine() {
        cluster().with(web()).with(thing("v1", "Secret", "shop/db")).is_fine(&CHECK);
        let optional = json!([{ "configMapRef": { "name": "extra", "optional": true } }]);
        cluster().with(web().set(ENV, optional)).is_fine(&CHECK);
        let root = json!([{ "name": "ca", "configMap": { "name": "kube-root-ca.crt" } }]);
        cluster().with(pod("shop/web-0").set("spec.volumes", root)).is_fine(&CHECK);
    }

    #[test]
    fn secrets_that_may_not_be_read_are_not_missing() {
        cluster().with(web()).without(Kind::Secret).cannot_say(&CHECK, "secrets: forbidden");
    }

    #[test]
    fn manifests_that_say_who_makes_the_secret_are_fine() {
        let external = thing("external-secrets.io/v1", "ExternalSecret", "shop/db");
        let certificate = thing("cert-manager.io/v1", "Certificate", "shop/web").set("spec.secretName", "db");
        cluster().with(web()).with(external.clone()).as_manifests().is_fine(&CHECK);
        cluster().with(web()).with(certificate).as_manifests().is_fine(&CHECK);
        let verdict = cluster().with(web()).with(external).finds(&CHECK, &["deployment shop/web"]);
        assert_eq!(verdict.faults[0].involves[0].to_string(), "externalsecret shop/db");
        let verdict = cluster().with(web()).as_manifests().finds(&CHECK, &["deployment shop/web"]);
        assert_eq!(verdict.says("not among the manifests").faults[0].severity, Some(Severity::Medium));
    }

    #[test]
    fn a_cron_job_whose_last_run_went_well_is_less_bad() {
        let cron = thing("batch/v1", "CronJob", "shop/report").set(
            "spec.jobTemplate.spec.template.spec.containers.0",
            json!({ "name": "r", "envFrom": [{ "secretRef": { "name": "db" } }] }),
        );
        let ran = cron.clone().set("status.lastSuccessfulTime", "2026-11-26T03:00:40Z");
        let severity =
            |all: crate::checks::testing::Cluster| all.finds(&CHECK, &["cronjob shop/report"]).faults[0].severity;
        assert_eq!(severity(cluster().with(cron)), Some(Severity::High));
        assert_eq!(severity(cluster().with(ran.clone())), Some(Severity::Medium));
        let open = thing("batch/v1", "Job", "shop/report-2")
            .owned_by("batch/v1", "CronJob", "report")
            .set("metadata.creationTimestamp", "2026-11-26T11:00:00Z");
        assert_eq!(severity(cluster().with(ran).with(open)), Some(Severity::High));
    }

    #[test]
    fn what_was_made_just_now_may_have_overtaken_what_it_names() {
        cluster().with(web().set("metadata.creationTimestamp", "2026-11-26T11:59:50Z")).is_fine(&CHECK);
    }
}
