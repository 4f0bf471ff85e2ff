//! Flux cannot bring the cluster to what is asked for: a source, a `Kustomization` or a `HelmRelease` is not ready, or was suspended.

use super::denials::{denied, in_words, quoted};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Condition, Custom, Kind, ObjectRef, condition};
use crate::finding::{Fault, Severity};
use serde_json::Value;

pub(super) const CHECK: Check = Check {
    id: "flux-not-ready",
    title: "Flux object not ready",
    rows: &[133],
    severity: Severity::High,
    stage: Stage::Outside,
    basis: Basis::Status,
    needs: &KINDS,
    hygiene: false,
    run,
};

const KINDS: [Kind; 5] =
    [Kind::Kustomization, Kind::HelmRelease, Kind::GitRepository, Kind::HelmRepository, Kind::OCIRepository];

/// Reasons that are usual for some minutes after each change.
const WAITING: [&str; 4] = ["Progressing", "ProgressingWithRetry", "DependencyNotReady", "ArtifactFailed"];

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for kind in KINDS {
        for object in view.snapshot.customs(kind).iter().filter(|o| !o.metadata.is_going()) {
            if object.spec["suspend"] == true {
                verdict.found(suspended(kind, object));
            } else if let Some(ready) = unready(view, object) {
                verdict.found(failed(view, kind, object, &ready));
            }
        }
    }
    // What fails by itself is told before what waits for it.
    verdict.faults.sort_by_key(|fault| fault.culprit.is_some());
    verdict
}

/// `Ready` is set anew with each try, so that its age says nothing; only what waits is given time.
fn unready(view: &View<'_>, object: &Custom) -> Option<Condition> {
    let ready = condition(&object.conditions(), "Ready").filter(|c| c.status == "False").cloned()?;
    let since = if WAITING.contains(&ready.reason.as_str()) {
        ready.last_transition_time
    } else {
        object.metadata.creation_timestamp
    };
    super::denials::settled(view, since).then_some(ready)
}

fn suspended(kind: Kind, object: &Custom) -> Fault {
    let message = format!("{} {} is suspended: changes of its source do not arrive", kind.name(), object.metadata.name);
    named(kind, object, &message).seen("spec.suspend", "true").severity(Severity::Low)
}

fn failed(view: &View<'_>, kind: Kind, object: &Custom, ready: &Condition) -> Fault {
    let message = format!("{} {} is not ready ({})", kind.name(), object.metadata.name, in_words(ready));
    let fault = quoted(named(kind, object, &message), ready);
    let fault = match release(object).filter(|_| kind == Kind::HelmRelease) {
        Some(secret) => fault.involving(secret),
        None => fault,
    };
    match source(kind, object).into_iter().chain(dependencies(kind, object)).find(|other| is_denied(view, other)) {
        Some(other) => fault.because_of(other),
        None => fault,
    }
}

fn named(kind: Kind, object: &Custom, message: &str) -> Fault {
    Fault::on(object.metadata.object(kind), message)
        .fact("resource", format!("{}/{}", kind.word(), object.metadata.name))
        .fact("fluxkind", kind.word())
        .fact("fluxname", &object.metadata.name)
}

/// Where it takes its manifests or its chart from.
fn source(kind: Kind, object: &Custom) -> Option<ObjectRef> {
    let paths: &[&str] = match kind {
        Kind::Kustomization => &["/sourceRef"],
        Kind::HelmRelease => &["/chart/spec/sourceRef", "/chartRef"],
        _ => &[],
    };
    let reference = paths.iter().find_map(|path| object.spec.pointer(path))?;
    let kind = KINDS.into_iter().find(|k| reference["kind"] == k.name())?;
    other(kind, object, reference)
}

/// What has to be ready first.
fn dependencies(kind: Kind, object: &Custom) -> impl Iterator<Item = ObjectRef> {
    let all = object.spec.get("dependsOn").and_then(Value::as_array).into_iter().flatten();
    all.filter_map(move |reference| other(kind, object, reference))
}

fn other(kind: Kind, object: &Custom, reference: &Value) -> Option<ObjectRef> {
    let namespace = reference["namespace"].as_str().unwrap_or(&object.metadata.namespace);
    Some(ObjectRef::new(kind, namespace, reference["name"].as_str()?))
}

fn is_denied(view: &View<'_>, object: &ObjectRef) -> bool {
    let mut same = view.snapshot.customs(object.kind).iter().filter(|o| o.metadata.object(object.kind) == *object);
    same.any(|o| unready(view, o).is_some() || denied(view, o, "Ready").is_some())
}

/// The `Secret` in which Helm keeps the release.
fn release(object: &Custom) -> Option<ObjectRef> {
    let newest = object.status.get("history")?.get(0)?;
    let secret = format!("sh.helm.release.v1.{}.v{}", newest["name"].as_str()?, newest["version"]);
    let namespace = object.text(&["status", "storageNamespace"]).or(newest["namespace"].as_str())?;
    Some(ObjectRef::new(Kind::Secret, namespace, &secret))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, thing};
    use crate::finding::Severity;

    const APPS: &str = "kustomization flux-system/apps";

    fn apps(status: &str, reason: &str) -> Thing {
        thing("kustomize.toolkit.fluxcd.io/v1", "Kustomization", "flux-system/apps")
            .set("spec.sourceRef", json!({ "kind": "GitRepository", "name": "fleet" }))
            .condition("Ready", status, reason)
    }

    fn fleet(status: &str) -> Thing {
        thing("source.toolkit.fluxcd.io/v1", "GitRepository", "flux-system/fleet").condition(
            "Ready",
            status,
            "GitOperationFailed",
        )
    }

    #[test]
    fn a_build_that_fails_is_told_even_right_after_a_new_try() {
        let message = "kustomize build failed: accumulating resources: no such file or directory";
        let tried = apps("False", "BuildFailed")
            .set("status.conditions.0.message", message)
            .set("status.conditions.0.lastTransitionTime", "2026-11-26T11:59:50Z");
        let told = cluster().with(tried).with(fleet("True")).finds(&CHECK, &[APPS]);
        assert_eq!((told.faults[0].statements[0].text.as_str(), &told.faults[0].culprit), (message, &None));
    }

    #[test]
    fn a_source_or_dependency_that_is_not_ready_is_to_blame() {
        let both = cluster().with(apps("False", "ArtifactFailed")).with(fleet("False"));
        let told = both.finds(&CHECK, &["gitrepository flux-system/fleet", APPS]);
        assert_eq!(
            told.faults[1].culprit.as_ref().map(ToString::to_string).as_deref(),
            Some("gitrepository flux-system/fleet")
        );
        let infra = apps("False", "HealthCheckFailed").set("metadata.name", "infra");
        let after = apps("False", "DependencyNotReady").set("spec.dependsOn", json!([{ "name": "infra" }]));
        let told = cluster().with(after).with(infra).with(fleet("True"));
        let told = told.finds(&CHECK, &["kustomization flux-system/infra", APPS]);
        assert_eq!(
            told.faults[1].culprit.as_ref().map(ToString::to_string).as_deref(),
            Some("kustomization flux-system/infra")
        );
    }

    #[test]
    fn a_failed_release_leads_to_the_secret_that_holds_it() {
        let release = thing("helm.toolkit.fluxcd.io/v2", "HelmRelease", "shop/web")
            .set("status.history", json!([{ "name": "web", "namespace": "shop", "version": 4, "status": "failed" }]))
            .condition("Ready", "False", "UpgradeFailed");
        let told = cluster().with(release).finds(&CHECK, &["helmrelease shop/web"]);
        assert_eq!(told.faults[0].involves[0].to_string(), "secret shop/sh.helm.release.v1.web.v4");
    }

    #[test]
    fn what_is_suspended_is_low_and_what_progresses_is_fine() {
        let stopped = apps("True", "ReconciliationSucceeded").set("spec.suspend", true);
        let told = cluster().with(stopped).with(fleet("True")).finds(&CHECK, &[APPS]);
        assert_eq!(told.says("is suspended").faults[0].severity, Some(Severity::Low));
        cluster().with(apps("Unknown", "Progressing")).with(fleet("True")).is_fine(&CHECK);
        cluster().with(apps("True", "ReconciliationSucceeded")).is_fine(&CHECK);
        let waits =
            apps("False", "DependencyNotReady").set("status.conditions.0.lastTransitionTime", "2026-11-26T11:58:00Z");
        cluster().with(waits).is_fine(&CHECK);
    }
}
