//! A workload can never have all its pods: a quota of its namespace is smaller than what they ask for, or demands what they do not state.

use super::quota_demand::{Counted, Defaults, amount};
use super::templates::{Template, templates};
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, Quantity, Quota};
use crate::finding::{Fault, Severity};
use crate::text;

pub(super) const CHECK: Check = Check {
    id: "quota-too-small",
    title: "ResourceQuota has no room for a workload",
    rows: &[33],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[
        Kind::ResourceQuota,
        Kind::LimitRange,
        Kind::Deployment,
        Kind::StatefulSet,
        Kind::DaemonSet,
        Kind::Job,
        Kind::CronJob,
        Kind::Pod,
    ],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for template in templates(view) {
        let missing = missing(view, template);
        let namespace = template.object.namespace.as_str();
        let ranges = view.snapshot.limit_ranges.iter().filter(|r| r.metadata.namespace == namespace);
        let demand = Demand { template, defaults: Defaults::of(ranges), missing };
        for quota in quotas(view, namespace).filter(|_| missing > 0) {
            let mut all = demand.too_much(view, quota);
            let unstated = demand.unstated(quota);
            match view.snapshot.reads.complete(Kind::LimitRange, namespace) {
                Err(why) if !unstated.is_empty() => verdict.unknown(why),
                _ => all.extend(unstated),
            }
            verdict.faults.extend(fault(&demand, quota, &all));
        }
    }
    verdict
}

/// The quotas that count every pod of a namespace. Which pods one with scopes counts, is not known well enough.
fn quotas<'s>(view: &View<'s>, namespace: &str) -> impl Iterator<Item = &'s Quota> {
    let all = view.snapshot.quotas.iter().filter(move |q| q.metadata.namespace == namespace);
    all.filter(|q| q.spec.scopes.is_empty() && q.spec.scope_selector.is_none())
}

/// Pods that are still to be created. Those that are there have passed.
fn missing<'s>(view: &View<'s>, template: &Template<'s>) -> i64 {
    if view.is_manifests() || template.object.kind == Kind::CronJob {
        return template.pods;
    }
    let seen = i64::try_from(template.its_pods(view).count()).unwrap_or(i64::MAX);
    let said = view.workload(&template.object).map_or(0, |w| match template.object.kind {
        Kind::DaemonSet => w.status.current_number_scheduled,
        _ => w.status.replicas,
    });
    template.pods.saturating_sub(seen.max(said)).max(0)
}

/// What a workload still wants of a quota.
struct Demand<'t, 's> {
    template: &'t Template<'s>,
    defaults: Defaults,
    missing: i64,
}

/// What does not go together, in words.
struct Shortfall {
    resource: String,
    why: String,
    /// What is known then: that there is no room, or that the pod does not say what it takes.
    fact: &'static str,
}

impl Demand<'_, '_> {
    fn too_much(&self, view: &View<'_>, quota: &Quota) -> Vec<Shortfall> {
        let hard = if quota.status.hard.is_empty() { &quota.spec.hard } else { &quota.status.hard };
        let shortfall = |(key, most): (&String, &Quantity)| {
            let most = most.value()?;
            let all = self.taken(Counted::of(key)?);
            // Jobs to come do not compete with what is there now.
            let used = quota.status.used.get(key).and_then(Quantity::value);
            let used = used.filter(|_| !view.is_manifests() && self.template.object.kind != Kind::CronJob);
            let taken = used.map(|u| format!(", of which {} is used", amount(key, u))).unwrap_or_default();
            let why = format!("{key} {} where {} is allowed{taken}", amount(key, all), amount(key, most));
            // Sums of fractions are not exact.
            (all + used.unwrap_or(0.0) - most > 1e-6).then(|| Shortfall { resource: key.clone(), why, fact: "no_room" })
        };
        hard.iter().filter_map(shortfall).collect()
    }

    fn taken(&self, counted: Counted<'_>) -> f64 {
        self.defaults.taken(self.template.spec, counted) * f64::from(i32::try_from(self.missing).unwrap_or(i32::MAX))
    }

    fn unstated(&self, quota: &Quota) -> Vec<Shortfall> {
        let shortfall = |key: &String| {
            let silent = self.defaults.silent(self.template.spec, Counted::of(key)?);
            let first = silent.first()?;
            let more = if silent.len() > 1 { format!(" (and {} more)", silent.len() - 1) } else { String::new() };
            let why = format!("{key}, which container {first}{more} does not state and no LimitRange fills in");
            Some(Shortfall { resource: key.clone(), why, fact: "unstated" })
        };
        quota.spec.hard.keys().filter_map(shortfall).collect()
    }
}

fn fault(demand: &Demand<'_, '_>, quota: &Quota, all: &[Shortfall]) -> Option<Fault> {
    let (first, name) = (all.first()?, &quota.metadata.name);
    let why: Vec<String> = all.iter().map(|s| s.why.clone()).collect();
    let pods = if demand.missing == 1 { "a pod".to_owned() } else { format!("{} pods", demand.missing) };
    let message = format!("quota {name} does not let in {pods} of it: needed is {}", text::list(&why));
    let fault = Fault::on(demand.template.object.clone(), &message)
        .because_of(quota.metadata.object(Kind::ResourceQuota))
        .fact("quota", name)
        .fact("counted", &first.resource)
        .fact(first.fact, &first.resource);
    let hard = |key: &str| quota.spec.hard.get(key).map(ToString::to_string).unwrap_or_default();
    let seen = |fault: Fault, s: &Shortfall| {
        fault.seen(format!("resourcequota {name} spec.hard[{}]", s.resource), hard(&s.resource))
    };
    Some(all.iter().fold(fault, seen))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, pod, thing, workload};
    use crate::evidence::cluster::Kind;

    fn quota(hard: serde_json::Value) -> Thing {
        thing("v1", "ResourceQuota", "shop/compute").set("spec.hard", hard)
    }

    #[test]
    fn pods_that_together_ask_for_too_much_are_found_in_manifests() {
        let web = workload("Deployment", "shop/web", 20).unset("status.replicas");
        let all = cluster().with(web).with(quota(json!({ "requests.cpu": "1500m", "pods": "50" })));
        let verdict = all.as_manifests().finds(&CHECK, &["deployment shop/web"]);
        verdict.says("requests.cpu 2 where 1.5 is allowed").blames("resourcequota shop/compute");
    }

    #[test]
    fn what_fits_and_what_is_all_there_is_fine() {
        let three = || workload("Deployment", "shop/web", 3);
        // Three times 100m is 300m, also in binary fractions.
        cluster().with(three()).with(quota(json!({ "requests.cpu": "300m" }))).as_manifests().is_fine(&CHECK);
        cluster().with(three()).with(quota(json!({ "requests.cpu": "100m", "pods": "1" }))).is_fine(&CHECK);
        let scoped = quota(json!({ "pods": "0" })).set("spec.scopes", json!(["BestEffort"]));
        cluster().with(three()).with(scoped).as_manifests().is_fine(&CHECK);
    }

    #[test]
    fn of_a_live_cluster_only_what_is_missing_and_what_is_left_counts() {
        let short = workload("Deployment", "shop/web", 3).set("status.replicas", 1);
        let own = pod("shop/web-a").owned_by("apps/v1", "Deployment", "web");
        let used = |pods: &str| {
            let status = json!({ "hard": { "pods": "10" }, "used": { "pods": pods } });
            quota(json!({ "pods": "10" })).set("status", status)
        };
        cluster().with(short.clone()).with(own.clone()).with(used("8")).is_fine(&CHECK);
        let verdict = cluster().with(short).with(own).with(used("9")).finds(&CHECK, &["deployment shop/web"]);
        verdict.says("pods 2 where 10 is allowed, of which 9 is used");
    }

    #[test]
    fn what_the_quota_demands_and_nobody_states_is_found() {
        let web = || workload("Deployment", "shop/web", 1);
        let hard = || quota(json!({ "limits.cpu": "10" }));
        let verdict = cluster().with(web()).with(hard()).as_manifests().finds(&CHECK, &["deployment shop/web"]);
        verdict.says("limits.cpu, which container web does not state");
        assert!(verdict.faults[0].facts.contains(&("unstated", "limits.cpu".into())));
        let range = thing("v1", "LimitRange", "shop/defaults")
            .set("spec.limits", json!([{ "type": "Container", "default": { "cpu": "500m" } }]));
        cluster().with(web()).with(hard()).with(range).as_manifests().is_fine(&CHECK);
        cluster().with(web()).with(hard()).as_manifests().without(Kind::LimitRange).cannot_say(&CHECK, "limitranges");
    }

    #[test]
    fn replicas_of_any_number_are_borne() {
        let odd = workload("Deployment", "shop/web", i64::MIN).set("status.replicas", 2);
        cluster().with(odd).with(quota(json!({ "pods": "50" }))).is_fine(&CHECK);
    }
}
