//! An application of Argo CD is degraded, cannot be compared or synced, or waits for somebody to sync it.

use serde_json::Value;

use super::denials::{explained, settled, time};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Condition, Custom, Kind, ObjectRef};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "argocd-app-unhealthy",
    title: "Argo CD application unhealthy",
    rows: &[133],
    severity: Severity::High,
    stage: Stage::Outside,
    basis: Basis::Status,
    needs: &[Kind::Application],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for app in view.snapshot.customs(Kind::Application).iter().filter(|a| !a.metadata.is_going()) {
        let found = unsynced(view, app).or_else(|| incomparable(view, app)).or_else(|| unhealthy(view, app));
        verdict.faults.extend(found.or_else(|| drifted(view, app)).map(|fault| with_parts(app, fault)));
    }
    verdict
}

fn said<'a>(app: &'a Custom, path: &[&str]) -> &'a str {
    let path: Vec<&str> = std::iter::once("status").chain(path.iter().copied()).collect();
    app.text(&path).unwrap_or_default()
}

fn fault(app: &Custom, what: &str) -> Fault {
    let name = &app.metadata.name;
    Fault::on(app.metadata.object(Kind::Application), &format!("application {name} {what}"))
        .fact("application", name)
        .fact("sync", said(app, &["sync", "status"]))
        .fact("health", said(app, &["health", "status"]))
}

/// The last sync failed, and no later one made up for it.
fn unsynced(view: &View<'_>, app: &Custom) -> Option<Fault> {
    let phase = said(app, &["operationState", "phase"]);
    let finished = time(app, &["status", "operationState", "finishedAt"]);
    if !matches!(phase, "Failed" | "Error") || said(app, &["sync", "status"]) == "Synced" || !settled(view, finished) {
        return None;
    }
    let message = said(app, &["operationState", "message"]);
    let fault = fault(app, &explained("could not be synced", message));
    Some(fault.seen("status.operationState.message", message).since(finished))
}

/// Argo CD says itself that it cannot work with it. Its conditions have no status: they are there or not.
fn incomparable(view: &View<'_>, app: &Custom) -> Option<Fault> {
    let fits = |c: &Condition| c.kind.ends_with("Error") && settled(view, c.last_transition_time);
    let condition = app.conditions().into_iter().find(fits)?;
    let fault = fault(app, &explained(&format!("has the condition {}", condition.kind), &condition.message));
    let field = format!("status.conditions[{}].message", condition.kind);
    Some(fault.seen(field, condition.message).since(condition.last_transition_time))
}

/// What it made does not work. `Progressing` takes its time and `Suspended` is on purpose.
fn unhealthy(view: &View<'_>, app: &Custom) -> Option<Fault> {
    let health = said(app, &["health", "status"]);
    let since = time(app, &["status", "health", "lastTransitionTime"]);
    let absent = health == "Missing" && !waits(app) && said(app, &["operationState", "phase"]) != "Running";
    if !(health == "Degraded" || absent) || !settled(view, since) {
        return None;
    }
    let message = said(app, &["health", "message"]);
    let what = if absent { "misses objects that it should have made" } else { "is degraded" };
    Some(fault(app, &explained(what, message)).seen("status.health.message", message).since(since))
}

/// It differs from its source until somebody syncs it by hand.
fn drifted(view: &View<'_>, app: &Custom) -> Option<Fault> {
    let young = app.metadata.creation_timestamp.age(view.now).is_some_and(|age| age < view.thresholds.settle);
    let waits = (waits(app) || drifts(app)) && !young && said(app, &["operationState", "phase"]) != "Running";
    waits.then(|| {
        fault(app, "is out of sync and waits for a sync by hand")
            .seen("status.sync.status", said(app, &["sync", "status"]))
            .severity(Severity::Low)
    })
}

fn waits(app: &Custom) -> bool {
    said(app, &["sync", "status"]) == "OutOfSync" && !is_automated(app)
}

/// Whether it was changed in the cluster and nobody changes it back: what is automated syncs a revision only once.
fn drifts(app: &Custom) -> bool {
    let heals = app.spec.pointer("/syncPolicy/automated/selfHeal").is_some_and(|heals| *heals == true);
    let revision = said(app, &["sync", "revision"]);
    let synced = !revision.is_empty() && revision == said(app, &["operationState", "syncResult", "revision"]);
    said(app, &["sync", "status"]) == "OutOfSync" && synced && !heals
}

fn is_automated(app: &Custom) -> bool {
    let automated = app.spec.pointer("/syncPolicy/automated").filter(|a| a.is_object());
    automated.is_some_and(|a| a["enabled"] != false)
}

/// Adds its objects that do not work, where they are in this cluster.
fn with_parts(app: &Custom, fault: Fault) -> Fault {
    let parts = app.status.get("resources").and_then(Value::as_array).into_iter().flatten();
    let bad = parts.filter(|part| matches!(part["health"]["status"].as_str(), Some("Degraded" | "Missing")));
    let here = is_here(app);
    bad.fold(fault, |fault, part| {
        let text = |key: &str| part[key].as_str().unwrap_or_default();
        let field = format!("status.resources[{} {}].health.message", text("kind"), text("name"));
        let fault = fault.seen(field, part["health"]["message"].as_str().unwrap_or_default());
        let kind = Kind::of(&format!("{}/{}", text("group"), text("version")), text("kind"));
        match kind.filter(|_| here) {
            Some(kind) => fault.involving(ObjectRef::new(kind, text("namespace"), text("name"))),
            None => fault,
        }
    })
}

fn is_here(app: &Custom) -> bool {
    let text = |key: &str| app.text(&["spec", "destination", key]);
    text("server") == Some("https://kubernetes.default.svc") || text("name") == Some("in-cluster")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, thing};
    use crate::finding::Severity;

    const SHOP: &str = "application argocd/shop";

    fn app(health: &str, sync: &str) -> Thing {
        thing("argoproj.io/v1alpha1", "Application", "argocd/shop")
            .set("spec.destination", json!({ "server": "https://kubernetes.default.svc", "namespace": "shop" }))
            .set("spec.syncPolicy.automated", json!({ "selfHeal": true }))
            .set("status.health.status", health)
            .set("status.sync.status", sync)
            .set("status.operationState", json!({ "phase": "Succeeded", "finishedAt": "2026-11-26T10:00:00Z" }))
    }

    #[test]
    fn a_degraded_application_names_the_objects_that_do_not_work() {
        let part = json!({ "group": "apps", "version": "v1", "kind": "Deployment", "namespace": "shop", "name": "web",
            "health": { "status": "Degraded", "message": "Deployment \"web\" exceeded its progress deadline" } });
        let told = cluster().with(app("Degraded", "Synced").set("status.resources", json!([part])));
        let told = told.finds(&CHECK, &[SHOP]);
        assert_eq!(told.says("is degraded").faults[0].involves[0].to_string(), "deployment shop/web");
    }

    #[test]
    fn a_sync_that_failed_and_a_source_that_cannot_be_read_are_told_with_their_texts() {
        let failed = json!({ "phase": "Failed", "message": "one or more objects failed to apply", "finishedAt": "2026-11-26T11:00:00Z" });
        let unsynced = app("Missing", "OutOfSync").set("status.operationState", failed.clone());
        cluster().with(unsynced).finds(&CHECK, &[SHOP]).says("could not be synced: one or more objects");
        cluster().with(app("Healthy", "Synced").set("status.operationState", failed)).is_fine(&CHECK);
        let error = json!([{ "type": "ComparisonError", "message": "repository not accessible", "lastTransitionTime": "2026-11-26T11:00:00Z" }]);
        let unread = app("Healthy", "Unknown").set("status.conditions", error);
        cluster().with(unread).finds(&CHECK, &[SHOP]).says("ComparisonError: repository not accessible");
    }

    #[test]
    fn what_waits_for_a_person_is_low_and_what_is_under_way_is_fine() {
        let manual = app("Missing", "OutOfSync").unset("spec.syncPolicy.automated");
        let told = cluster().with(manual).finds(&CHECK, &[SHOP]);
        assert_eq!(told.faults[0].severity, Some(Severity::Low));
        for (health, sync) in [("Healthy", "Synced"), ("Progressing", "Synced"), ("Suspended", "Synced")] {
            cluster().with(app(health, sync)).is_fine(&CHECK);
        }
        cluster().with(app("Healthy", "OutOfSync")).is_fine(&CHECK);
        let running = app("Missing", "OutOfSync").set("status.operationState.phase", "Running");
        cluster().with(running).is_fine(&CHECK);
    }

    #[test]
    fn what_is_automated_and_does_not_heal_waits_for_a_person_too() {
        let drifted = app("Healthy", "OutOfSync")
            .set("status.sync.revision", "4f1c")
            .set("status.operationState.syncResult.revision", "4f1c");
        cluster().with(drifted.clone()).is_fine(&CHECK);
        let unhealed = drifted.set("spec.syncPolicy.automated", json!({}));
        let told = cluster().with(unhealed.clone()).finds(&CHECK, &[SHOP]);
        assert_eq!(told.says("waits for a sync by hand").faults[0].severity, Some(Severity::Low));
        cluster().with(unhealed.set("status.sync.revision", "5a2d")).is_fine(&CHECK);
    }
}
