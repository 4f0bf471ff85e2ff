//! A workload may do more than it needs: it is privileged, runs as root on purpose, or gets a token that nobody asked for.

use super::platform::is_platform;
use super::templates::{Template, templates};
use super::{Basis, Check, Lookup, Stage, Verdict, View};
use crate::evidence::cluster::{Container, Kind};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "workload-privileged",
    title: "Workload may do more than it needs",
    rows: &[126],
    severity: Severity::Low,
    stage: Stage::Outside,
    basis: Basis::Spec,
    needs: &[
        Kind::Deployment,
        Kind::StatefulSet,
        Kind::DaemonSet,
        Kind::CronJob,
        Kind::Job,
        Kind::Pod,
        Kind::ServiceAccount,
    ],
    hygiene: true,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for template in templates(view).iter().filter(|t| !is_platform(&t.object.namespace)) {
        let mut rights = rights(template);
        match gets_default_token(view, template) {
            Ok(true) => rights.push("it gets a token of the service account default".to_owned()),
            Ok(false) => {}
            Err(why) => verdict.unknown(why),
        }
        if !rights.is_empty() {
            verdict.found(fault(template, &rights));
        }
    }
    verdict
}

/// What its containers may do. An empty `securityContext`, which the API server adds to every pod, says nothing.
fn rights(template: &Template<'_>) -> Vec<String> {
    let spec = template.spec;
    let as_root = |c: &Container| c.security_context.run_as_user.or(spec.security_context.run_as_user) == Some(0);
    let all = [
        (names(template, |c| c.security_context.privileged == Some(true)), "is privileged"),
        (names(template, as_root), "runs as user 0"),
    ];
    all.into_iter().filter(|(who, _)| !who.is_empty()).map(|(who, what)| format!("container {who} {what}")).collect()
}

fn names(template: &Template<'_>, is: impl Fn(&Container) -> bool) -> String {
    let names: Vec<&str> = template.spec.all_containers().filter(|c| is(c)).map(|c| c.name.as_str()).collect();
    names.join(", ")
}

/// Whether its pods get a token of the account that all pods share; the pod's word counts before that of the account.
fn gets_default_token(view: &View<'_>, template: &Template<'_>) -> Result<bool, String> {
    let (spec, namespace) = (template.spec, &template.object.namespace);
    let default = matches!(spec.service_account_name.as_str(), "" | "default");
    if !default || spec.automount_service_account_token.is_some() {
        return Ok(default && spec.automount_service_account_token == Some(true));
    }
    let accounts = view.snapshot.service_accounts.iter().filter(|a| a.metadata.namespace == *namespace);
    let stated = accounts.filter(|a| a.metadata.name == "default").find_map(|a| a.automount_service_account_token);
    match view.lookup(Kind::ServiceAccount, namespace, "default") {
        Lookup::Unknown(why) => Err(why),
        Lookup::Found | Lookup::Missing => Ok(stated != Some(false)),
    }
}

fn fault(template: &Template<'_>, rights: &[String]) -> Fault {
    Fault::on(template.object.clone(), &rights.join("; "))
        .seen(format!("{}.securityContext", template.path), rights.join("; "))
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, thing, workload};
    use crate::evidence::cluster::Kind;

    fn quiet() -> Thing {
        workload("Deployment", "shop/web", 2).set("spec.template.spec.serviceAccountName", "web")
    }

    #[test]
    fn all_rights_of_a_workload_are_told_at_once() {
        let loud = quiet()
            .set("spec.template.spec.containers.0.securityContext.privileged", true)
            .set("spec.template.spec.securityContext.runAsUser", 0);
        let verdict = cluster().with(loud).finds(&CHECK, &["deployment shop/web"]);
        verdict.says("container web is privileged; container web runs as user 0");
    }

    #[test]
    fn the_default_account_counts_only_with_its_token() {
        let shared = workload("Deployment", "shop/web", 2);
        cluster()
            .with(shared.clone())
            .finds(&CHECK, &["deployment shop/web"])
            .says("token of the service account default");
        let shut = thing("v1", "ServiceAccount", "shop/default").set("automountServiceAccountToken", false);
        cluster().with(shared.clone()).with(shut).is_fine(&CHECK);
        cluster().with(shared.clone().set("spec.template.spec.automountServiceAccountToken", false)).is_fine(&CHECK);
        cluster().with(shared).without(Kind::ServiceAccount).cannot_say(&CHECK, "serviceaccounts: forbidden");
    }

    #[test]
    fn a_context_without_words_and_the_platform_are_fine() {
        // k8sgpt asks whether there is no context, which the API server never leaves out.
        let empty = quiet().set("spec.template.spec.securityContext", serde_json::json!({}));
        cluster().with(empty).is_fine(&CHECK);
        let proxy = workload("DaemonSet", "kube-system/kube-proxy", 3)
            .set("spec.template.spec.containers.0.securityContext.privileged", true);
        cluster().with(proxy).is_fine(&CHECK);
    }
}
