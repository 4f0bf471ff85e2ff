//! A kind of an add-on is served only in versions that are deprecated, or a manifest is written in one.

use super::{Basis, Check, Stage, Verdict, View};
use crate::evidence::cluster::{Custom, CustomDefinition, CustomVersion, Kind};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "api-deprecated",
    title: "Deprecated version of an API in use",
    rows: &[130],
    severity: Severity::Medium,
    stage: Stage::Outside,
    basis: Basis::Spec,
    needs: &[Kind::CustomResourceDefinition],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for definition in &view.snapshot.definitions {
        match (is_outdated(definition), view.is_manifests()) {
            (true, _) => verdict.found(outdated(definition)),
            // A cluster answers in the version that it was asked in; only a manifest shows the one that was written.
            (false, true) => verdict.faults.extend(written(view, definition)),
            (false, false) => {}
        }
    }
    verdict
}

/// Old versions that are still served beside a good one are how every migration looks, and no fault.
fn is_outdated(definition: &CustomDefinition) -> bool {
    let mut served = definition.spec.versions.iter().filter(|v| v.served).peekable();
    served.peek().is_some() && served.all(|v| v.deprecated)
}

fn outdated(definition: &CustomDefinition) -> Fault {
    let names: Vec<&str> = deprecated(definition).map(|v| v.name.as_str()).collect();
    let names = names.join(", ");
    let kind = &definition.spec.names.kind;
    let message = format!("{kind} is served only in versions that are deprecated ({names})");
    Fault::on(definition.metadata.object(Kind::CustomResourceDefinition), &message)
        .seen("spec.versions", format!("deprecated: {names}"))
}

fn deprecated(definition: &CustomDefinition) -> impl Iterator<Item = &CustomVersion> {
    definition.spec.versions.iter().filter(|v| v.served && v.deprecated)
}

/// Manifests of the kind in a version that is deprecated.
fn written<'s>(view: &'s View<'_>, definition: &'s CustomDefinition) -> impl Iterator<Item = Fault> + 's {
    let is_old = |object: &Custom| {
        let of_kind = object.kind == definition.spec.names.kind;
        let mut old = deprecated(definition).map(|v| format!("{}/{}", definition.spec.group, v.name));
        of_kind && old.any(|version| version == object.api_version)
    };
    let all = view.snapshot.custom.iter().flat_map(|(kind, objects)| objects.iter().map(move |o| (*kind, o)));
    all.filter(move |(_, object)| is_old(object)).map(|(kind, object)| {
        let message = format!("the {} is written in {}, which is deprecated", object.kind, object.api_version);
        Fault::on(object.metadata.object(kind), &message).seen("apiVersion", object.api_version.as_str())
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, thing};

    fn definition(versions: &Value) -> Thing {
        thing("apiextensions.k8s.io/v1", "CustomResourceDefinition", "certificates.cert-manager.io").set(
            "spec",
            json!({ "group": "cert-manager.io", "names": { "kind": "Certificate", "plural": "certificates" }, "versions": versions }),
        )
    }

    fn old() -> Value {
        json!({ "name": "v1", "served": true, "storage": true, "deprecated": true })
    }

    fn new() -> Value {
        json!({ "name": "v2", "served": true })
    }

    #[test]
    fn a_kind_that_has_nothing_but_deprecated_versions_is_found() {
        let only = definition(&json!([old(), { "name": "v2", "served": false }]));
        let verdict = cluster().with(only).finds(&CHECK, &["customresourcedefinition certificates.cert-manager.io"]);
        verdict.says("Certificate is served only in versions that are deprecated (v1)");
    }

    #[test]
    fn a_migration_under_way_is_fine_in_a_cluster_and_told_of_manifests() {
        let both = || {
            let old_one = thing("cert-manager.io/v1", "Certificate", "shop/web");
            cluster().with(definition(&json!([old(), new()]))).with(old_one)
        };
        both().is_fine(&CHECK);
        let verdict = both().as_manifests().finds(&CHECK, &["certificate shop/web"]);
        verdict.says("the Certificate is written in cert-manager.io/v1, which is deprecated");
    }
}
