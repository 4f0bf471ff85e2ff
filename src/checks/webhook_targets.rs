//! Whom the API server asks on its way: admission webhooks, and those that convert objects between versions.

use super::View;
use crate::evidence::cluster::{CustomDefinition, Kind, ObjectRef, Webhook, WebhookClient, WebhookRule, Webhooks};

/// Webhooks of one object that share what a check looks at.
#[derive(Clone, Debug)]
pub(super) struct Hook<'s> {
    /// The configuration, or the kind whose objects are converted.
    pub object: ObjectRef,
    /// The names of the webhooks.
    pub names: Vec<&'s str>,
    /// How they are called.
    pub client: &'s WebhookClient,
    /// Whether requests fail when nobody answers.
    pub closed: bool,
    /// What they are asked about: `CREATE of pods`.
    pub about: Vec<String>,
}

/// Every webhook; those of one object that are the `same` are joined, and those that fail closed come first.
pub(super) fn hooks<'s>(view: &View<'s>, same: fn(&WebhookClient, &WebhookClient) -> bool) -> Vec<Hook<'s>> {
    let mut joined: Vec<Hook<'s>> = Vec::new();
    for hook in each(view) {
        let known = joined.iter_mut().find(|k| k.object == hook.object && same(k.client, hook.client));
        match known {
            None => joined.push(hook),
            Some(known) => known.join(hook),
        }
    }
    // What refuses requests is told before what lets them pass.
    joined.sort_by_key(|hook| !hook.closed);
    joined
}

/// The configuration of the webhook that could not be called: `failed calling webhook "guard.example.com": …`.
pub(super) fn uncalled(view: &View<'_>, text: &str) -> Option<ObjectRef> {
    let (_, rest) = text.split_once("failed calling webhook \"")?;
    let (name, _) = rest.split_once('"')?;
    each(view).into_iter().find(|hook| hook.names.contains(&name)).map(|hook| hook.object)
}

fn each<'s>(view: &View<'s>) -> Vec<Hook<'s>> {
    let snapshot = view.snapshot;
    let of =
        |all: &'s [Webhooks], kind| all.iter().flat_map(move |c| c.webhooks.iter().map(move |w| admission(c, kind, w)));
    let validating = of(&snapshot.validating_webhooks, Kind::ValidatingWebhookConfiguration);
    let mutating = of(&snapshot.mutating_webhooks, Kind::MutatingWebhookConfiguration);
    validating.chain(mutating).chain(snapshot.definitions.iter().filter_map(conversion)).collect()
}

fn admission<'s>(configuration: &Webhooks, kind: Kind, webhook: &'s Webhook) -> Hook<'s> {
    Hook {
        object: configuration.metadata.object(kind),
        names: vec![&webhook.name],
        client: &webhook.client_config,
        closed: webhook.fails_closed(),
        about: webhook.rules.iter().map(worded).collect(),
    }
}

/// Without its webhook an object cannot be had in another version than the one it is stored in.
fn conversion(definition: &CustomDefinition) -> Option<Hook<'_>> {
    let conversion = &definition.spec.conversion;
    let webhook = conversion.webhook.as_ref().filter(|_| conversion.strategy == "Webhook")?;
    Some(Hook {
        object: definition.metadata.object(Kind::CustomResourceDefinition),
        names: vec![&definition.metadata.name],
        client: &webhook.client_config,
        closed: true,
        about: vec![format!("conversion of {}", definition.spec.names.plural)],
    })
}

fn worded(rule: &WebhookRule) -> String {
    let all = |words: &[String]| words.iter().any(|w| w == "*" || w == "*/*");
    let operations = if all(&rule.operations) { "every change".to_owned() } else { rule.operations.join("/") };
    let resources = if all(&rule.resources) { "all resources".to_owned() } else { rule.resources.join(", ") };
    format!("{operations} of {resources}")
}

impl Hook<'_> {
    fn join(&mut self, other: Self) {
        // What refuses requests matters more than what lets them pass.
        if other.closed && !self.closed {
            *self = other;
        } else if other.closed == self.closed {
            self.names.extend(other.names);
            self.about.extend(other.about.into_iter().filter(|a| !self.about.contains(a)).collect::<Vec<_>>());
        }
    }

    /// The webhook, and how many more there are.
    pub(super) fn name(&self) -> String {
        let first = self.names.first().copied().unwrap_or_default();
        if self.names.len() > 1 { format!("{first} (and {} more)", self.names.len() - 1) } else { first.to_owned() }
    }

    /// What it means that nobody answers.
    pub(super) fn consequence(&self) -> String {
        const MOST: usize = 3;
        let about = self.about.iter().take(MOST).cloned().collect::<Vec<_>>().join("; ");
        let more = if self.about.len() > MOST { " and more" } else { "" };
        match (self.closed, about.is_empty()) {
            (true, false) => format!("{about}{more} fails"),
            (true, true) => "requests fail".to_owned(),
            (false, _) => "requests pass unchecked".to_owned(),
        }
    }
}

/// Whether two webhooks are served by the same service of the cluster.
pub(super) fn same_service(a: &WebhookClient, b: &WebhookClient) -> bool {
    let service = |c: &WebhookClient| c.service.as_ref().map(|s| (s.namespace.clone(), s.name.clone()));
    service(a) == service(b)
}

/// A configuration with one webhook, which the service `shop/guard` serves for the creation of pods.
#[cfg(test)]
pub(super) fn webhooks(kind: &str, name: &str) -> super::testing::Thing {
    let rule = serde_json::json!({ "apiGroups": [""], "apiVersions": ["v1"], "operations": ["CREATE"], "resources": ["pods"] });
    let service = serde_json::json!({ "namespace": "shop", "name": "guard", "port": 443 });
    super::testing::thing("admissionregistration.k8s.io/v1", kind, name).set(
        "webhooks",
        serde_json::json!([{ "name": format!("{name}.example.com"), "failurePolicy": "Fail", "clientConfig": { "service": service }, "rules": [rule] }]),
    )
}

/// A kind whose objects the service `shop/guard` converts.
#[cfg(test)]
pub(super) fn converted() -> super::testing::Thing {
    let client = serde_json::json!({ "service": { "namespace": "shop", "name": "guard" } });
    super::testing::thing("apiextensions.k8s.io/v1", "CustomResourceDefinition", "carts.example.com")
        .set("spec.names", serde_json::json!({ "kind": "Cart", "plural": "carts" }))
        .set("spec.conversion", serde_json::json!({ "strategy": "Webhook", "webhook": { "clientConfig": client } }))
}
