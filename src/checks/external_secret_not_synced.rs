//! External Secrets does not get a secret, or cannot speak to its store at all.

use super::denials::{denied, in_words, quoted};
use super::{Basis, Check, Lookup, Stage, Verdict, View};
use crate::evidence::cluster::{Condition, Custom, Kind, ObjectRef};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "external-secret-not-synced",
    title: "External secret not synced",
    rows: &[],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::ExternalSecret, Kind::SecretStore, Kind::ClusterSecretStore],
    hygiene: false,
    run,
};

const STORES: [Kind; 2] = [Kind::SecretStore, Kind::ClusterSecretStore];

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    for external in view.snapshot.customs(Kind::ExternalSecret).iter().filter(|e| !e.metadata.is_going()) {
        let Some(ready) = denied(view, external, "Ready") else { continue };
        let fault = of_secret(external, &ready);
        match culprit(view, external) {
            Ok(Some(store)) => verdict.found(fault.because_of(store)),
            Ok(None) => verdict.found(fault),
            Err(why) => {
                verdict.unknown(why);
                verdict.found(fault);
            }
        }
    }
    for kind in STORES {
        for store in view.snapshot.customs(kind).iter().filter(|s| !s.metadata.is_going()) {
            verdict.faults.extend(denied(view, store, "Ready").map(|ready| of_store(kind, store, &ready)));
        }
    }
    verdict
}

fn of_secret(external: &Custom, ready: &Condition) -> Fault {
    let name = &external.metadata.name;
    let target = external.text(&["spec", "target", "name"]).filter(|t| !t.is_empty()).unwrap_or(name);
    let message = format!("ExternalSecret {name} is not synced into secret {target} ({})", in_words(ready));
    quoted(Fault::on(external.metadata.object(Kind::ExternalSecret), &message), ready)
        .fact("externalsecret", name)
        .fact("secret", target)
        .fact("service", external.text(&["spec", "secretStoreRef", "name"]).unwrap_or_default())
}

fn of_store(kind: Kind, store: &Custom, ready: &Condition) -> Fault {
    let name = &store.metadata.name;
    let message = format!("{} {name} is not ready ({})", kind.name(), in_words(ready));
    quoted(Fault::on(store.metadata.object(kind), &message), ready).fact("service", name)
}

/// The store, where it is to blame: it is not ready, or there is none.
fn culprit(view: &View<'_>, external: &Custom) -> Result<Option<ObjectRef>, String> {
    let text = |key: &str| external.text(&["spec", "secretStoreRef", key]).filter(|t| !t.is_empty());
    let Some(name) = text("name") else { return Ok(None) };
    let Some(kind) = STORES.into_iter().find(|k| k.name() == text("kind").unwrap_or("SecretStore")) else {
        return Ok(None);
    };
    let store = ObjectRef::new(kind, &external.metadata.namespace, name);
    match view.lookup(kind, &store.namespace, name) {
        Lookup::Missing => Ok(Some(store)),
        Lookup::Unknown(why) => Err(why),
        Lookup::Found => {
            let mut own = view.snapshot.customs(kind).iter().filter(|s| s.metadata.object(kind) == store);
            Ok(own.any(|s| denied(view, s, "Ready").is_some()).then_some(store))
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, thing};
    use crate::evidence::cluster::Kind;

    const DB: &str = "externalsecret shop/db";

    fn external(ready: &str) -> Thing {
        thing("external-secrets.io/v1", "ExternalSecret", "shop/db")
            .set("spec", json!({ "secretStoreRef": { "name": "vault", "kind": "ClusterSecretStore" }, "target": { "name": "db-auth" } }))
            .condition("Ready", ready, "SecretSyncedError")
    }

    fn store(ready: &str) -> Thing {
        thing("external-secrets.io/v1", "ClusterSecretStore", "vault").condition("Ready", ready, "")
    }

    #[test]
    fn a_key_that_the_store_does_not_have_is_told_in_its_words() {
        let message = "could not get secret data from provider";
        let failing = external("False").set("status.conditions.0.message", message);
        let told = cluster().with(failing).with(store("True")).finds(&CHECK, &[DB]);
        told.says("secret db-auth").says("SecretSyncedError: could not get secret data");
        assert_eq!((told.faults[0].statements[0].text.as_str(), &told.faults[0].culprit), (message, &None));
    }

    #[test]
    fn a_store_that_is_not_ready_or_missing_is_to_blame() {
        let both = cluster().with(external("False")).with(store("False"));
        both.finds(&CHECK, &[DB, "clustersecretstore vault"]).blames("clustersecretstore vault");
        cluster().with(external("False")).finds(&CHECK, &[DB]).blames("clustersecretstore vault");
        let hidden = cluster().with(external("False")).without(Kind::ClusterSecretStore).finds(&CHECK, &[DB]);
        assert!(hidden.faults[0].culprit.is_none() && hidden.unknown.contains("clustersecretstores: forbidden"));
    }

    #[test]
    fn one_that_is_synced_and_one_that_was_just_made_are_fine() {
        cluster().with(external("True")).with(store("True")).is_fine(&CHECK);
        let young = external("False").set("status.conditions.0.lastTransitionTime", "2026-11-26T11:58:00Z");
        cluster().with(young).with(store("True")).is_fine(&CHECK);
    }
}
