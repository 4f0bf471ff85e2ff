//! The newest version of a Helm release failed, or has been on its way for so long that nobody works on it any more.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, Meta, Time};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "helm-release-failed",
    title: "Helm release failed or hangs",
    rows: &[132],
    severity: Severity::High,
    // Helm often fails because it waits for pods in vain.
    stage: Stage::Outside,
    basis: Basis::Status,
    needs: &[Kind::Secret],
    hygiene: false,
    run,
};

/// A version of a release, as Helm labels the object that holds it.
#[derive(Clone, Copy)]
struct Version<'s> {
    kind: Kind,
    meta: &'s Meta,
    number: i64,
    status: &'s str,
}

/// The versions of each release, by namespace and name.
type Releases<'s> = BTreeMap<(&'s str, &'s str), Vec<Version<'s>>>;

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for ((_, release), versions) in releases(view) {
        let Some(newest) = versions.iter().max_by_key(|v| v.number) else { continue };
        let late = is_under_way(newest) && view.lasts(changed(newest), view.thresholds.release);
        if !late && !matches!(newest.status, "failed" | "unknown") {
            continue;
        }
        // A version that was not read may be newer.
        match view.snapshot.reads.complete(newest.kind, &newest.meta.namespace) {
            Ok(()) => verdict.found(involved(view, release, fault(release, newest, &versions))),
            Err(why) => verdict.unknown(why),
        }
    }
    verdict
}

/// Helm keeps releases in secrets, or in config maps where it was told so.
fn releases<'s>(view: &View<'s>) -> Releases<'s> {
    let mut releases = Releases::new();
    for kind in [Kind::Secret, Kind::ConfigMap] {
        for meta in view.snapshot.metas(kind) {
            if let Some((name, version)) = version(kind, meta) {
                releases.entry((meta.namespace.as_str(), name)).or_default().push(version);
            }
        }
    }
    releases
}

fn version(kind: Kind, meta: &Meta) -> Option<(&str, Version<'_>)> {
    let label = |key: &str| meta.labels.get(key).map(String::as_str);
    let status = label("status").filter(|_| label("owner") == Some("helm"))?;
    Some((label("name")?, Version { kind, meta, number: label("version")?.parse().ok()?, status }))
}

fn is_under_way(version: &Version<'_>) -> bool {
    version.status.starts_with("pending-") || version.status == "uninstalling"
}

/// When the version got its status; Helm writes seconds into a label.
fn changed(version: &Version<'_>) -> Time {
    let seconds = version.meta.labels.get("modifiedAt").and_then(|text| text.parse().ok());
    let modified = seconds.and_then(|seconds| Timestamp::from_second(seconds).ok());
    Time(modified.or(version.meta.creation_timestamp.0))
}

fn fault(release: &str, newest: &Version<'_>, versions: &[Version<'_>]) -> Fault {
    let Version { number, status, .. } = newest;
    let deployed = versions.iter().filter(|v| v.status == "deployed").map(|v| v.number).max();
    let rest = deployed.map_or(String::new(), |old| format!("; version {old} is still deployed"));
    let what = if is_under_way(newest) { "hangs as" } else { "is" };
    let message = format!("version {number} of release {release} {what} {status}{rest}");
    Fault::on(newest.meta.object(newest.kind), &message)
        .seen("metadata.labels.status", *status)
        .fact("release", release)
        .fact("revision", number.to_string())
        .fact("deployed_revision", deployed.map_or(String::new(), |old| old.to_string()))
        .since(changed(newest))
}

/// The workloads of the release: what is wrong with them may be why it failed.
fn involved(view: &View<'_>, release: &str, fault: Fault) -> Fault {
    let namespace = fault.subject.namespace.clone();
    let own = |meta: &Meta| {
        let said = |key: &str| meta.annotations.get(&format!("meta.helm.sh/release-{key}"));
        said("name") == Some(release) && said("namespace") == Some(&namespace)
    };
    let workloads = view.snapshot.workloads().filter(|(_, w)| own(&w.metadata));
    workloads.map(|(kind, w)| w.metadata.object(kind)).fold(fault, Fault::involving)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, thing, workload};
    use crate::evidence::cluster::Kind;

    fn version(number: &str, status: &str) -> Thing {
        thing("v1", "Secret", &format!("shop/sh.helm.release.v1.web.v{number}"))
            .set("type", "helm.sh/release.v1")
            .set("metadata.labels", json!({ "owner": "helm", "name": "web", "version": number, "status": status }))
    }

    #[test]
    fn the_newest_version_counts_by_number() {
        let told = cluster().with(version("9", "deployed")).with(version("10", "failed"));
        let told = told.finds(&CHECK, &["secret shop/sh.helm.release.v1.web.v10"]);
        told.says("version 10 of release web is failed; version 9 is still deployed");
        cluster().with(version("9", "failed")).with(version("10", "deployed")).is_fine(&CHECK);
    }

    #[test]
    fn one_under_way_is_told_after_a_quarter_of_an_hour() {
        // 2026-11-26T11:50:00Z and 11:40:00Z.
        let pending = |at: &str| version("2", "pending-upgrade").set("metadata.labels.modifiedAt", at);
        cluster().with(pending("1795693800")).is_fine(&CHECK);
        let hangs = cluster().with(pending("1795693200"));
        hangs.finds(&CHECK, &["secret shop/sh.helm.release.v1.web.v2"]).says("hangs as pending-upgrade");
    }

    #[test]
    fn workloads_of_the_release_are_involved_and_other_secrets_are_not_read() {
        let own = json!({ "meta.helm.sh/release-name": "web", "meta.helm.sh/release-namespace": "shop" });
        let web = workload("Deployment", "shop/web", 2).set("metadata.annotations", own);
        let told = cluster().with(version("1", "failed")).with(web);
        let told = told.finds(&CHECK, &["secret shop/sh.helm.release.v1.web.v1"]);
        assert_eq!(
            told.faults[0].involves.iter().map(ToString::to_string).collect::<Vec<_>>(),
            ["deployment shop/web"]
        );
        let other = thing("v1", "Secret", "shop/x").set("metadata.labels", json!({ "status": "failed", "name": "x" }));
        cluster().with(other).with(version("1", "uninstalled")).is_fine(&CHECK);
    }

    #[test]
    fn of_versions_that_were_not_all_read_none_is_the_newest() {
        let part = cluster().with(version("5", "failed")).without(Kind::Secret);
        part.cannot_say(&CHECK, "secrets: forbidden");
    }
}
