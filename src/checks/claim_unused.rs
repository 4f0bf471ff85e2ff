//! No pod and no template of pods mounts a claim: it costs and may be forgotten.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::claim_users::claims_of;
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Claim, Kind, PodSpec};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "claim-unused",
    title: "PersistentVolumeClaim that nothing mounts",
    rows: &[100],
    severity: Severity::Low,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[
        Kind::PersistentVolumeClaim,
        Kind::Pod,
        Kind::Deployment,
        Kind::StatefulSet,
        Kind::DaemonSet,
        Kind::CronJob,
        Kind::Job,
    ],
    hygiene: true,
    run,
};

type Name<'s> = (&'s str, Cow<'s, str>);

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let used = used(view);
    for claim in view.snapshot.claims.iter().filter(|c| is_left_alone(view, c)) {
        let meta = &claim.metadata;
        if used.contains(&(meta.namespace.as_str(), Cow::Borrowed(meta.name.as_str()))) || is_of_a_set(view, claim) {
            continue;
        }
        match all_users_are_known(view, &meta.namespace) {
            Ok(()) => verdict.found(fault(claim)),
            Err(why) => verdict.unknown(why),
        }
    }
    verdict
}

/// Whether a claim is bound for a while, and nobody manages it: its owner (a virtual machine, an operator) knows better.
fn is_left_alone(view: &View<'_>, claim: &Claim) -> bool {
    let meta = &claim.metadata;
    claim.status.phase == "Bound"
        && !meta.is_going()
        && meta.owner_references.is_empty()
        && view.lasts(meta.creation_timestamp, view.thresholds.settle)
}

/// Claims that a pod (even one that is over) or a template names. What is scaled to zero or suspended comes back for its claim.
fn used<'s>(view: &View<'s>) -> BTreeSet<Name<'s>> {
    let pods =
        view.snapshot.pods.iter().flat_map(|p| claims_of(p).map(|(_, claim)| (p.metadata.namespace.as_str(), claim)));
    let named = |spec: &'s PodSpec| spec.volumes.iter().filter_map(|v| v.persistent_volume_claim.as_ref());
    // Of the replica sets of a deployment only its own template counts: the old ones are history.
    let workloads = view.snapshot.workloads().filter(|(_, w)| w.metadata.controller().is_none());
    let workloads = workloads.map(|(_, w)| (&w.metadata, &w.spec.template.spec));
    let cron_jobs = view.snapshot.cron_jobs.iter().map(|c| (&c.metadata, &c.spec.job_template.spec.template.spec));
    let jobs = view.snapshot.jobs.iter().map(|j| (&j.metadata, &j.spec.template.spec));
    let templates = workloads.chain(cron_jobs).chain(jobs);
    let claims = templates
        .flat_map(|(meta, spec)| named(spec).map(|c| (meta.namespace.as_str(), Cow::Borrowed(c.claim_name.as_str()))));
    pods.chain(claims).collect()
}

/// Whether a stateful set made it: it is kept on purpose for the day the set grows again.
fn is_of_a_set(view: &View<'_>, claim: &Claim) -> bool {
    let Some((rest, ordinal)) = claim.metadata.name.rsplit_once('-') else { return false };
    let sets = view.snapshot.stateful_sets.iter().filter(|s| s.metadata.namespace == claim.metadata.namespace);
    let mut names = sets.flat_map(|set| {
        set.spec.volume_claim_templates.iter().map(|t| format!("{}-{}", t.metadata.name, set.metadata.name))
    });
    ordinal.parse::<u32>().is_ok() && names.any(|name| name == rest)
}

fn all_users_are_known(view: &View<'_>, namespace: &str) -> Result<(), String> {
    CHECK.needs.iter().try_for_each(|kind| view.snapshot.reads.complete(*kind, namespace))
}

fn fault(claim: &Claim) -> Fault {
    let size = claim.status.capacity.get("storage").map(|s| format!(" of {s}")).unwrap_or_default();
    let volume = &claim.spec.volume_name;
    Fault::on(
        claim.metadata.object(Kind::PersistentVolumeClaim),
        &format!("no pod and no workload mounts the claim{size} (volume {volume})"),
    )
    .fact("pvc", &claim.metadata.name)
    .fact("pv", volume)
    .since(claim.metadata.creation_timestamp)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{claim, cluster, pod, thing, workload};
    use crate::evidence::cluster::Kind;

    const CLAIM: &str = "persistentvolumeclaim shop/data";

    #[test]
    fn a_claim_that_nothing_mounts_is_told() {
        let found = cluster().with(claim("shop/data")).with(pod("shop/web-0")).finds(&CHECK, &[CLAIM]);
        found.says("no workload mounts the claim of 8Gi");
        let volumes = json!([{ "name": "d", "persistentVolumeClaim": { "claimName": "data" } }]);
        let elsewhere = pod("web/db-0").set("spec.volumes", volumes);
        cluster().with(claim("shop/data")).with(elsewhere).finds(&CHECK, &[CLAIM]);
    }

    #[test]
    fn whoever_sleeps_still_uses_its_claim() {
        let volumes = json!([{ "name": "d", "persistentVolumeClaim": { "claimName": "data" } }]);
        let asleep = workload("Deployment", "shop/db", 0).set("spec.template.spec.volumes", volumes.clone());
        cluster().with(claim("shop/data")).with(asleep).is_fine(&CHECK);
        let nightly = thing("batch/v1", "CronJob", "shop/backup")
            .set("spec.jobTemplate.spec.template.spec.volumes", volumes.clone());
        cluster().with(claim("shop/data")).with(nightly).is_fine(&CHECK);
        cluster().with(claim("shop/data")).with(pod("shop/db").set("spec.volumes", volumes)).is_fine(&CHECK);
    }

    #[test]
    fn claims_of_a_set_and_of_a_pod_itself_are_used() {
        let set = workload("StatefulSet", "shop/db", 1)
            .set("spec.volumeClaimTemplates", json!([{ "metadata": { "name": "data" } }]));
        cluster().with(claim("shop/data-db-2")).with(set).is_fine(&CHECK);
        let own = pod("shop/db").set("spec.volumes", json!([{ "name": "tmp", "ephemeral": {} }]));
        cluster().with(claim("shop/db-tmp")).with(own).is_fine(&CHECK);
    }

    #[test]
    fn pods_that_may_not_be_read_may_mount_it() {
        cluster().with(claim("shop/data")).without(Kind::Pod).cannot_say(&CHECK, "pods: forbidden");
    }
}
