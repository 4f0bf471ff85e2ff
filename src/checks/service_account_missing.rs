//! A service account that pods are to run as does not exist, so the API server refuses every one of them.

use super::refusals::refusals;
use super::templates::{Template, templates};
use super::{Basis, Check, Lookup, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, ObjectRef};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "service-account-missing",
    title: "Service account does not exist",
    rows: &[35],
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
    ],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    // A controller makes one in every namespace. Where there is none at all, it is that controller that is missing, as behind a bare API server.
    let makes_defaults = view.snapshot.service_accounts.iter().any(|a| a.metadata.name == "default");
    for template in templates(view).iter().filter(|t| !view.is_fresh(t.meta)) {
        let name = account(template);
        if name == "default" && (view.is_manifests() || !makes_defaults) {
            continue;
        }
        match view.lookup(Kind::ServiceAccount, &template.object.namespace, name) {
            Lookup::Found => {}
            Lookup::Unknown(why) => verdict.unknown(why),
            Lookup::Missing => verdict.found(fault(view, template, name)),
        }
    }
    add_refusals(view, &mut verdict);
    verdict
}

fn account<'s>(template: &Template<'s>) -> &'s str {
    let name = template.spec.service_account_name.as_str();
    if name.is_empty() { "default" } else { name }
}

fn fault<'s>(view: &View<'s>, template: &Template<'s>, name: &str) -> Fault {
    let (severity, outlook) = template.outlook(view);
    let absent = if view.is_manifests() { "is not among the manifests" } else { "does not exist" };
    Fault::on(
        template.object.clone(),
        &format!("its pods are to run as service account {name}, which {absent}{outlook}"),
    )
    .severity(severity)
    .seen(format!("{}.serviceAccountName", template.path), name)
    .because_of(ObjectRef::new(Kind::ServiceAccount, &template.object.namespace, name))
    .fact("serviceaccount", name)
}

/// What the API server answered: to faults that are known, and where accounts may not be read, instead of them.
fn add_refusals(view: &View<'_>, verdict: &mut Verdict) {
    for refusal in refusals(view, |text| missing(text).is_some()) {
        let Some(name) = missing(refusal.answer()) else { continue };
        let culprit = ObjectRef::new(Kind::ServiceAccount, &refusal.of.namespace, name);
        // It was made since, and the next try will succeed.
        if view.meta(&culprit).is_some() {
            continue;
        }
        let above = view.meta(&refusal.of).map(|meta| view.owners(meta)).unwrap_or_default();
        let same = |f: &&mut Fault| f.subject == refusal.of || above.contains(&f.subject);
        let known = verdict.faults.iter_mut().filter(|f| f.culprit.as_ref() == Some(&culprit)).find(same);
        if let Some(fault) = known {
            *fault = refusal.told.iter().fold(fault.clone(), |fault, (field, text)| fault.seen(*field, *text));
        } else {
            let message = format!("nothing more is created for it: service account {name} does not exist");
            verdict.found(refusal.fault(&message).because_of(culprit).fact("serviceaccount", name));
        }
    }
}

/// The account that an answer misses: `error looking up service account shop/web: serviceaccount "web" not found`.
fn missing(text: &str) -> Option<&str> {
    let (_, rest) = text.split_once("serviceaccount \"")?;
    let (name, rest) = rest.split_once('"')?;
    rest.starts_with(" not found").then_some(name)
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, thing, warning, workload};
    use crate::evidence::cluster::Kind;
    use crate::finding::Severity;

    const REFUSED: &str = "Error creating: pods \"web-5d7f-\" is forbidden: error looking up service account shop/deployer: serviceaccount \"deployer\" not found";

    fn web() -> Thing {
        workload("Deployment", "shop/web", 2).set("spec.template.spec.serviceAccountName", "deployer")
    }

    fn set() -> Thing {
        let set = workload("ReplicaSet", "shop/web-5d7f", 2).owned_by("apps/v1", "Deployment", "web");
        set.set("spec.template.spec.serviceAccountName", "deployer").set("status.replicas", 0)
    }

    #[test]
    fn an_account_that_does_not_exist_is_to_blame() {
        let all = cluster().with(web()).with(set());
        let verdict = all
            .with(warning("ReplicaSet", "shop/web-5d7f", "FailedCreate", REFUSED))
            .finds(&CHECK, &["deployment shop/web"]);
        verdict.says("service account deployer, which does not exist").blames("serviceaccount shop/deployer");
        assert_eq!(verdict.faults[0].statements.len(), 2, "the field and the answer");
    }

    #[test]
    fn an_account_that_is_there_is_fine() {
        let account = || thing("v1", "ServiceAccount", "shop/deployer");
        cluster().with(web()).with(account()).is_fine(&CHECK);
        // Made a moment ago.
        let late = warning("ReplicaSet", "shop/web-5d7f", "FailedCreate", REFUSED);
        cluster().with(web()).with(set()).with(account()).with(late).is_fine(&CHECK);
    }

    #[test]
    fn the_default_account_is_in_no_manifest_and_made_where_a_controller_makes_it() {
        let plain = workload("Deployment", "shop/web", 2).unset("spec.template.spec.serviceAccountName");
        cluster().with(plain.clone()).as_manifests().is_fine(&CHECK);
        let other = || thing("v1", "ServiceAccount", "blog/default");
        let told = cluster().with(plain.clone()).with(other()).finds(&CHECK, &["deployment shop/web"]);
        told.blames("serviceaccount shop/default");
        cluster().with(plain.clone()).is_fine(&CHECK);
        cluster().with(plain).with(other()).with(thing("v1", "ServiceAccount", "shop/default")).is_fine(&CHECK);
        cluster().with(web()).as_manifests().finds(&CHECK, &["deployment shop/web"]);
    }

    #[test]
    fn accounts_that_may_not_be_read_are_missing_only_where_the_api_server_says_so() {
        cluster().with(web()).without(Kind::ServiceAccount).cannot_say(&CHECK, "serviceaccounts: forbidden");
        let told = cluster().with(set()).with(warning("ReplicaSet", "shop/web-5d7f", "FailedCreate", REFUSED));
        told.without(Kind::ServiceAccount)
            .finds(&CHECK, &["replicaset shop/web-5d7f"])
            .blames("serviceaccount shop/deployer");
    }

    #[test]
    fn a_workload_without_pods_is_less_bad() {
        let verdict = cluster().with(web().set("spec.replicas", 0)).finds(&CHECK, &["deployment shop/web"]);
        assert_eq!(verdict.faults[0].severity, Some(Severity::Low));
    }

    #[test]
    fn what_was_made_just_now_may_have_overtaken_what_it_names() {
        cluster().with(web().set("metadata.creationTimestamp", "2026-11-26T11:59:50Z")).is_fine(&CHECK);
    }

    #[test]
    fn a_job_with_numbers_of_any_size_is_borne() {
        let odd = thing("batch/v1", "Job", "shop/load")
            .set("spec", serde_json::json!({ "completions": 5, "parallelism": 2 }))
            .set("status.succeeded", i64::MIN);
        cluster().with(odd).with(thing("v1", "ServiceAccount", "shop/default")).is_fine(&CHECK);
    }
}
