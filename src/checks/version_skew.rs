//! Kubelets are newer than the API server, or much older: Kubernetes supports neither (<https://kubernetes.io/releases/version-skew-policy/>).

use std::collections::BTreeMap;

use super::node_fit::a_few;
use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, Node, ObjectRef};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "version-skew",
    title: "Versions of nodes and API server are too far apart",
    rows: &[117],
    severity: Severity::Medium,
    stage: Stage::Outside,
    basis: Basis::Status,
    needs: &[Kind::Node],
    hygiene: false,
    run,
};

/// Minor versions by which a kubelet may be older than the API server.
const BEHIND: u32 = 3;
/// Minor versions that kubelets may be apart from each other: more is an upgrade that nobody finished.
const APART: u32 = 2;

/// A version without its patch.
type Minor = (u32, u32);

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let kubelets = kubelets(view);
    let server = view.snapshot.version.as_deref();
    match server.and_then(minor) {
        // Built by hand, without a version: it says `v0.0.0-master`.
        Some((0, _)) => verdict.unknown("version of the API server: it was built without one".to_owned()),
        Some(of_server) => {
            let skewed = kubelets.iter().filter_map(|(of_kubelet, nodes)| Some((skew(*of_kubelet, of_server)?, nodes)));
            skewed.for_each(|(how, nodes)| verdict.found(against_server(nodes, &how, server.unwrap_or_default())));
        }
        None if !kubelets.is_empty() => verdict.unknown("version of the API server: not read".to_owned()),
        None => {}
    }
    if verdict.faults.is_empty() {
        verdict.faults.extend(among_kubelets(&kubelets));
    }
    verdict
}

/// Nodes by the minor version of their kubelets.
fn kubelets<'s>(view: &View<'s>) -> BTreeMap<Minor, Vec<&'s Node>> {
    let mut found: BTreeMap<Minor, Vec<&Node>> = BTreeMap::new();
    for node in &view.snapshot.nodes {
        if let Some(version) = minor(&node.status.node_info.kubelet_version) {
            found.entry(version).or_default().push(node);
        }
    }
    found
}

/// `v1.33.2`, `1.33+`, `v1.30.4-eks-a1b2c3`, `v1.31.5+k3s1`.
fn minor(version: &str) -> Option<Minor> {
    let mut parts = version.trim().trim_start_matches('v').split('.');
    let major = parts.next()?.parse().ok()?;
    let digits = parts.next()?.split(|c: char| !c.is_ascii_digit()).next()?;
    Some((major, digits.parse().ok()?))
}

fn skew(kubelet: Minor, server: Minor) -> Option<String> {
    if kubelet > server {
        return Some("newer than".to_owned());
    }
    let behind = server.1.saturating_sub(kubelet.1);
    (kubelet.0 == server.0 && behind > BEHIND).then(|| format!("{behind} minor versions older than"))
}

fn against_server(nodes: &[&Node], how: &str, server: &str) -> Fault {
    let version = nodes.first().map_or("", |n| n.status.node_info.kubelet_version.as_str());
    fault(nodes, &format!("the kubelet of {} ({version}) is {how} the API server ({server})", names(nodes)))
}

fn among_kubelets(kubelets: &BTreeMap<Minor, Vec<&Node>>) -> Option<Fault> {
    let (oldest, nodes) = kubelets.first_key_value()?;
    let (newest, _) = kubelets.last_key_value()?;
    let apart = newest.1.saturating_sub(oldest.1);
    let versions = format!("{}.{} and {}.{}", oldest.0, oldest.1, newest.0, newest.1);
    let message = format!("kubelets are {apart} minor versions apart ({versions}); {} is the oldest", names(nodes));
    (oldest.0 == newest.0 && apart > APART).then(|| fault(nodes, &message))
}

fn names(nodes: &[&Node]) -> String {
    let names: Vec<&str> = nodes.iter().map(|n| n.metadata.name.as_str()).collect();
    a_few(&names)
}

fn fault(nodes: &[&Node], message: &str) -> Fault {
    let name = nodes.first().map_or("", |n| n.metadata.name.as_str());
    let version = nodes.first().map_or("", |n| n.status.node_info.kubelet_version.as_str());
    let objects = nodes.iter().map(|n| n.metadata.object(Kind::Node));
    let fault = Fault::on(ObjectRef::new(Kind::Node, "", name), message)
        .seen("status.nodeInfo.kubeletVersion", version)
        .fact("node", name);
    objects.skip(1).fold(fault, Fault::involving)
}

#[cfg(test)]
mod tests {
    use super::{CHECK, minor};
    use crate::checks::testing::{NOW, Thing, cluster, node};
    use crate::checks::{Verdict, View};

    fn of(version: &str) -> Thing {
        node(&format!("on-{version}")).set("status.nodeInfo.kubeletVersion", version)
    }

    fn skew(server: &str, kubelets: &[&str]) -> Verdict {
        let cluster = kubelets.iter().fold(cluster(), |all, version| all.with(of(version)));
        let mut snapshot = cluster.snapshot();
        snapshot.version = Some(server.to_owned());
        (CHECK.run)(&View::new(&snapshot, NOW.parse().expect("a time")))
    }

    #[test]
    fn versions_of_every_maker_are_read() {
        let all = ["v1.33.2", "1.33+", "v1.33.4-eks-a1b2c3", "v1.33.5+k3s1", "v1.33.0-gke.1000", "v1.33"];
        assert!(all.iter().all(|v| minor(v) == Some((1, 33))));
        assert_eq!(minor(""), None);
    }

    #[test]
    fn kubelets_that_are_newer_or_much_older_are_found() {
        skew("v1.33.2", &["v1.34.0"])
            .says("the kubelet of on-v1.34.0 (v1.34.0) is newer than the API server (v1.33.2)");
        skew("v1.33.2", &["v1.29.9"]).says("4 minor versions older than the API server");
        skew("v1.33.2", &["v1.33.0", "v1.30.1"]).says("kubelets are 3 minor versions apart (1.30 and 1.33)");
    }

    #[test]
    fn an_upgrade_under_way_is_fine_and_an_unknown_server_is_said() {
        assert_eq!(skew("v1.33.2", &["v1.33.4", "v1.32.1", "v1.31.0"]), Verdict::default());
        assert_eq!(skew("v1.33.2", &[]), Verdict::default());
        cluster().with(node("worker-1")).cannot_say(&CHECK, "version of the API server");
    }
}
