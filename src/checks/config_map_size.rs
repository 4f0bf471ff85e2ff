//! A `ConfigMap` holds nothing, or so much that the next change of it may be refused.

use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{ConfigMap, Kind, Meta};
use crate::finding::{Fault, Severity};
use crate::text::Size;

pub(super) const CHECK: Check = Check {
    id: "config-map-size",
    title: "ConfigMap empty or nearly too large",
    rows: &[123],
    severity: Severity::Low,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[Kind::ConfigMap],
    hygiene: true,
    run,
};

/// Bytes of values that the API takes.
const MOST: usize = 1 << 20;
/// From here on it is nearly full.
const MUCH: usize = MOST - (64 << 10);

fn run(view: &View<'_>) -> Verdict {
    let maps = view.snapshot.config_maps.iter().filter(|m| !m.metadata.is_going());
    Verdict { faults: maps.filter_map(fault).collect(), ..Verdict::default() }
}

fn fault(map: &ConfigMap) -> Option<Fault> {
    let size = size(map);
    let message = if map.data.0.is_empty() && map.binary_data.0.is_empty() {
        (!is_filled_later(&map.metadata)).then(|| "it has no key at all".to_owned())
    } else {
        (size >= MUCH).then(|| format!("its values take {} of {}", Size(size as u64), Size(MOST as u64)))
    }?;
    let largest = map.data.0.iter().chain(&map.binary_data.0).max_by_key(|(_, bytes)| **bytes);
    let fault = Fault::on(map.metadata.object(Kind::ConfigMap), &message).fact("configmap", &map.metadata.name);
    Some(match largest {
        Some((key, bytes)) => fault.seen(format!("data[{key}]"), Size(*bytes as u64).to_string()).fact("key", key),
        None => fault,
    })
}

/// Bytes as the API counts them: binary values come in base64, four characters for three bytes.
fn size(map: &ConfigMap) -> usize {
    let plain: usize = map.data.0.values().sum();
    let binary: usize = map.binary_data.0.values().map(|characters| characters / 4 * 3).sum();
    plain + binary
}

/// Whether it is empty by design: a lock of a leader, or a controller fills it in.
fn is_filled_later(meta: &Meta) -> bool {
    let marks = ["inject", "/leader"];
    let keys = meta.labels.keys().chain(meta.annotations.0.keys());
    let locks = ["-leader", "-lock", "-leader-election"];
    !meta.owner_references.is_empty()
        || keys.into_iter().any(|key| marks.iter().any(|mark| key.contains(mark)))
        || locks.iter().any(|end| meta.name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{cluster, thing};

    #[test]
    fn a_map_without_keys_is_found() {
        cluster().with(thing("v1", "ConfigMap", "shop/a")).finds(&CHECK, &["configmap shop/a"]).says("no key at all");
        let full = thing("v1", "ConfigMap", "shop/a").set("data", json!({ "k": "v" }));
        cluster().with(full).is_fine(&CHECK);
        const { assert!(CHECK.hygiene) };
    }

    #[test]
    fn a_map_that_is_nearly_full_is_found_by_what_the_api_counts() {
        let map = |field: &str, bytes: usize| thing("v1", "ConfigMap", "shop/a").set(field, "x".repeat(bytes));
        let verdict = cluster().with(map("data.dump", 1_000_000)).finds(&CHECK, &["configmap shop/a"]);
        verdict.says("its values take 976.6 KiB of 1.0 MiB");
        // In base64 the same is three quarters.
        cluster().with(map("binaryData.dump", 1_000_000)).is_fine(&CHECK);
    }

    #[test]
    fn locks_and_maps_that_are_filled_in_later_are_empty_by_design() {
        let lock = thing("v1", "ConfigMap", "shop/lock")
            .set("metadata.annotations", json!({ "control-plane.alpha.kubernetes.io/leader": "{}" }));
        let bundle = thing("v1", "ConfigMap", "shop/ca")
            .set("metadata.labels", json!({ "config.openshift.io/inject-trusted-cabundle": "true" }));
        cluster().with(lock).with(bundle).with(thing("v1", "ConfigMap", "shop/controller-leader")).is_fine(&CHECK);
    }
}
