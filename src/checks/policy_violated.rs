//! Objects violate a policy that reports and does not refuse: Kyverno in its reports, Gatekeeper in its constraints.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::gist::gist;
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Custom, Kind, ObjectRef, PolicyResult};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "policy-violated",
    title: "Policy violated",
    rows: &[135],
    severity: Severity::Low,
    stage: Stage::Outside,
    basis: Basis::Status,
    needs: &[Kind::PolicyReport, Kind::ClusterPolicyReport, Kind::Constraint],
    hygiene: false,
    run,
};

/// Texts that are quoted of each policy.
const TEXTS: usize = 3;

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for ((namespace, policy), results) in violated(view) {
        verdict.found(of_policy(namespace, policy, &results));
    }
    verdict.faults.extend(view.snapshot.customs(Kind::Constraint).iter().filter_map(of_constraint));
    verdict
}

/// Results that are failures, with their report, by namespace and policy: a report tells them object by object.
type Results<'s> = BTreeMap<(&'s str, &'s str), Vec<(&'s Custom, &'s PolicyResult)>>;

fn violated<'s>(view: &View<'s>) -> Results<'s> {
    let mut all = Results::new();
    for kind in [Kind::PolicyReport, Kind::ClusterPolicyReport] {
        for report in view.snapshot.customs(kind) {
            for result in report.results.0.iter().filter(|r| matches!(r.result.as_str(), "fail" | "error")) {
                all.entry((&report.metadata.namespace, &result.policy)).or_default().push((report, result));
            }
        }
    }
    all
}

fn of_policy(namespace: &str, policy: &str, results: &[(&Custom, &PolicyResult)]) -> Fault {
    let objects: BTreeSet<String> = results.iter().flat_map(|(report, result)| objects(report, result)).collect();
    let rules: BTreeSet<&str> = results.iter().map(|(_, r)| r.rule.as_str()).collect();
    let place = if namespace.is_empty() { String::new() } else { format!(" of namespace {namespace}") };
    let said = results.iter().map(|(_, r)| gist(&r.message)).find(|text| !text.is_empty());
    let said = said.map_or(String::new(), |text| format!(": {text}"));
    let message = format!("policy {policy} is violated by {}{place}{said}", counted(&objects));
    let fault = Fault::on(subject(namespace, results), &message)
        .fact("policy", policy)
        .fact("namespace", namespace)
        .fact("rule", rules.iter().next().copied().unwrap_or_default())
        .fact("resource", objects.first().cloned().unwrap_or_default());
    let texts: BTreeSet<(&str, &str)> = results.iter().map(|(_, r)| (r.rule.as_str(), r.message.as_str())).collect();
    let texts = texts.into_iter().take(TEXTS);
    texts.fold(fault, |fault, (rule, text)| fault.seen(format!("results[{policy}/{rule}].message"), text))
}

/// Reports come and go with the objects; what stays is the namespace.
fn subject(namespace: &str, results: &[(&Custom, &PolicyResult)]) -> ObjectRef {
    match results.first() {
        Some((report, _)) if namespace.is_empty() => report.metadata.object(Kind::ClusterPolicyReport),
        _ => ObjectRef::new(Kind::Namespace, "", namespace),
    }
}

/// The objects of a result. Newer reports are about one object, which is their scope or owns them.
fn objects(report: &Custom, result: &PolicyResult) -> Vec<String> {
    let word = |kind: &str, name: &str| format!("{} {name}", kind.to_ascii_lowercase());
    let scope = report.scope.as_ref().filter(|scope| !scope.name.is_empty());
    if let Some(scope) = scope.filter(|_| result.resources.is_empty()) {
        return vec![word(&scope.kind, &scope.name)];
    }
    if result.resources.is_empty() {
        return report.metadata.owner_references.iter().map(|o| word(&o.kind, &o.name)).collect();
    }
    result.resources.iter().map(|r| word(&r.kind, &r.name)).collect()
}

/// `3 objects (deployment web, …)`.
fn counted(objects: &BTreeSet<String>) -> String {
    match (objects.len(), objects.first()) {
        (1, Some(only)) => only.clone(),
        (count, Some(first)) => format!("{count} objects ({first}, …)"),
        _ => "an object".to_owned(),
    }
}

/// A constraint of Gatekeeper with violations. Where it denies, they are older than it.
fn of_constraint(constraint: &Custom) -> Option<Fault> {
    let total = constraint.status.get("totalViolations").and_then(Value::as_i64).filter(|total| *total > 0)?;
    let name = &constraint.metadata.name;
    let objects = if total == 1 { "1 object violates".to_owned() } else { format!("{total} objects violate") };
    let violations = constraint.status.get("violations").and_then(Value::as_array).into_iter().flatten();
    let first = violations.clone().next().map(|v| {
        let text = |key: &str| v[key].as_str().unwrap_or_default();
        let place = if text("namespace").is_empty() { String::new() } else { format!("{}/", text("namespace")) };
        format!(": {} {place}{}: {}", text("kind").to_ascii_lowercase(), text("name"), gist(text("message")))
    });
    let message = format!("{objects} the {} constraint {name}{}", constraint.kind, first.unwrap_or_default());
    let fault = Fault::on(constraint.metadata.object(Kind::Constraint), &message).fact("policy", name);
    Some(violations.take(TEXTS).fold(fault, |fault, v| {
        let text = |key: &str| v[key].as_str().unwrap_or_default();
        fault.seen(format!("status.violations[{} {}].message", text("kind"), text("name")), text("message"))
    }))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, thing};

    fn report(name: &str, result: &str) -> Thing {
        let results = json!([{ "policy": "require-labels", "rule": "owner", "result": result, "message": "label owner is required" }]);
        let mut report = thing("wgpolicyk8s.io/v1alpha2", "PolicyReport", name);
        report.0["results"] = results;
        report.owned_by("apps/v1", "Deployment", name.trim_start_matches("shop/"))
    }

    #[test]
    fn results_are_one_fault_for_each_policy_and_namespace() {
        let told = cluster().with(report("shop/web", "fail")).with(report("shop/api", "error"));
        let told = told.finds(&CHECK, &["namespace shop"]);
        told.says("policy require-labels is violated by 2 objects (deployment api, …) of namespace shop: label owner is required");
        assert_eq!(told.faults[0].statements[0].text, "label owner is required");
    }

    #[test]
    fn the_scope_of_a_report_is_its_object() {
        let mut scoped = report("shop/6a1b", "fail").unset("metadata.ownerReferences");
        scoped.0["scope"] =
            json!({ "apiVersion": "apps/v1", "kind": "Deployment", "name": "web", "namespace": "shop" });
        let told = cluster().with(scoped).finds(&CHECK, &["namespace shop"]);
        told.says("policy require-labels is violated by deployment web of namespace shop: label owner is required");
        assert!(told.faults[0].facts.contains(&("namespace", "shop".to_owned())));
    }

    #[test]
    fn passes_warnings_and_skips_are_fine() {
        for result in ["pass", "warn", "skip"] {
            cluster().with(report("shop/web", result)).is_fine(&CHECK);
        }
    }

    #[test]
    fn a_constraint_tells_how_many_violate_it() {
        let constraint = |total: Value| {
            thing("constraints.gatekeeper.sh/v1beta1", "K8sRequiredLabels", "must-have-owner")
                .set("status.totalViolations", total)
                .set(
                    "status.violations",
                    json!([{ "kind": "Pod", "name": "web-0", "message": "you must provide labels: {\"owner\"}" }]),
                )
        };
        let told = cluster().with(constraint(json!(3))).finds(&CHECK, &["constraint must-have-owner"]);
        told.says(
            "3 objects violate the K8sRequiredLabels constraint must-have-owner: pod web-0: you must provide labels",
        );
        cluster().with(constraint(json!(0))).is_fine(&CHECK);
        cluster().with(constraint(Value::Null)).is_fine(&CHECK);
    }
}
