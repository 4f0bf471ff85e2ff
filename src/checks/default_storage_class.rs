//! Several classes of storage say that they are the default one.

use std::cmp::Reverse;

use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, StorageClass};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "default-storage-class",
    title: "More than one default StorageClass",
    rows: &[104],
    severity: Severity::Low,
    stage: Stage::Cause,
    basis: Basis::Spec,
    needs: &[Kind::StorageClass],
    hygiene: true,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let mut defaults: Vec<&StorageClass> = view.snapshot.storage_classes.iter().filter(|c| c.is_default()).collect();
    // As the API server chooses: the newest, of the same age the first by name.
    defaults.sort_by_key(|c| (Reverse(c.metadata.creation_timestamp), c.metadata.name.as_str()));
    if let [chosen, others @ ..] = defaults.as_slice() {
        for other in others {
            verdict.found(fault(other, chosen));
        }
    }
    verdict
}

fn fault(other: &StorageClass, chosen: &StorageClass) -> Fault {
    let name = &other.metadata.name;
    let chosen = &chosen.metadata.name;
    Fault::on(
        other.metadata.object(Kind::StorageClass),
        &format!("the class is marked as default, and so is {chosen}, which claims without a class get"),
    )
    .seen("metadata.annotations[storageclass.kubernetes.io/is-default-class]", "true")
    .fact("storageclass", name)
}

#[cfg(test)]
mod tests {
    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, storage_class};

    fn default(name: &str, created: &str) -> Thing {
        storage_class(name)
            .set("metadata.annotations.storageclass~kubernetes~io/is-default-class", "true")
            .set("metadata.creationTimestamp", created)
    }

    #[test]
    fn the_newest_default_wins_and_the_others_are_told() {
        let two = cluster().with(default("gp2", "2024-01-01T00:00:00Z")).with(default("gp3", "2025-01-01T00:00:00Z"));
        two.finds(&CHECK, &["storageclass gp2"]).says("so is gp3, which claims without a class get");
    }

    #[test]
    fn one_default_and_none_are_no_such_fault() {
        let one = cluster().with(default("gp3", "2025-01-01T00:00:00Z")).with(storage_class("gp2"));
        one.is_fine(&CHECK);
        cluster().with(storage_class("gp2")).is_fine(&CHECK);
    }
}
