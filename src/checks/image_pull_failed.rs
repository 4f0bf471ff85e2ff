//! An image cannot be pulled: the registry does not have it, does not give it, or does not answer.

use std::collections::BTreeSet;

use super::gist::gist;
use super::image_reference::ImageReference;
use super::termination::show_events;
use super::waiting::{PULL, Wait};
use super::{Basis, Check, Lookup, Stage, Verdict, View};
use crate::evidence::cluster::{Event, Kind, ObjectRef};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "image-pull-failed",
    title: "Image cannot be pulled",
    rows: &[18],
    severity: Severity::High,
    stage: Stage::Container,
    basis: Basis::Status,
    needs: &[Kind::Pod, Kind::Event],
    hygiene: false,
    run,
};

/// What an answer holds, in lower case, and what it means. The first that fits counts: one who may not pull is often told that nothing is there.
const ANSWERS: &[(&[&str], &str)] = &[
    (&["toomanyrequests", "too many requests", "rate limit"], "{registry} limits how often it is asked"),
    (&["no space left"], "the node has no space left"),
    (&["x509:", "certificate"], "the certificate of {registry} is not trusted"),
    (&["no match for platform", "no matching manifest"], "{registry} has it for other platforms only"),
    (
        &[
            "no such host",
            "name resolution",
            "server misbehaving",
            "timeout",
            "deadline exceeded",
            "connection refused",
            "connection reset",
            "no route to host",
            "network is unreachable",
        ],
        "{registry} does not answer",
    ),
    (
        &["denied", "unauthorized", "forbidden", "no basic auth", "insufficient_scope", "authorization failed"],
        "{registry} refuses the credentials, or has no such repository",
    ),
    (
        &["not found", "manifest unknown", "manifest_unknown", "name unknown"],
        "{registry} has no {version} of {repository}",
    ),
];

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let mut told = BTreeSet::new();
    for wait in Wait::all(view).filter(|wait| PULL.contains(&wait.reason)) {
        // Containers of a pod with the same image wait for the same pull.
        if told.insert((wait.pod.metadata.object(Kind::Pod), wait.image())) {
            verdict.found(fault(view, &wait));
        }
    }
    verdict
}

fn fault<'v>(view: &View<'v>, wait: &Wait<'v>) -> Fault {
    let image = wait.image();
    let mut events = wait.warnings(view);
    // An event that names no container may be about the image of another one, or about the one that stood there before.
    events.retain(|event| is_about(event.text(), image));
    let why = why(image, &wait.texts(&events));
    let sentence = format!("image {image} of container {} cannot be pulled: {why}", wait.name());
    let fault = show_events(wait.show(Fault::on(wait.pod.metadata.object(Kind::Pod), &sentence)), &events);
    let fault = match ImageReference::parse(image) {
        Ok(reference) => fault.fact("host", reference.registry),
        Err(_) => fault,
    };
    blame_secret(view, wait, fault, &events)
}

/// What the registry answered, in short.
fn why(image: &str, texts: &[&str]) -> String {
    let texts: Vec<&str> = texts.iter().copied().filter(|text| says_why(text)).collect();
    let Some(meaning) = texts.iter().find_map(|text| meaning(image, text)) else {
        return texts.first().map_or_else(|| "nothing says why".to_owned(), |text| gist(answer(text)));
    };
    match ImageReference::parse(image) {
        Ok(reference) => meaning
            .replace("{registry}", reference.registry)
            .replace("{repository}", reference.repository)
            .replace("{version}", &reference.version()),
        Err(wrong) => format!("the reference is not valid, {wrong}"),
    }
}

/// Whether a text may be about an image: it names this one in quotes, or none.
fn is_about(text: &str, image: &str) -> bool {
    let quoted = text.split_once("image \"").and_then(|(_, rest)| rest.split('"').next());
    let same = |a: &str, b: &str| a.strip_suffix(b).is_some_and(|rest| rest.is_empty() || rest.ends_with('/'));
    let tagged = format!("{image}:latest");
    quoted.is_none_or(|quoted| same(quoted, image) || same(image, quoted) || same(quoted, &tagged))
}

/// Whether a text holds more than that the image does not come.
fn says_why(text: &str) -> bool {
    let bare = PULL.contains(&text.trim_start_matches("Error: ").trim());
    let waits = text.starts_with("Back-off pulling image") && !text.contains("ErrImagePull: ");
    !bare && !waits
}

/// What a text means. The name of the image, which may hold any word, does not count.
fn meaning(image: &str, text: &str) -> Option<&'static str> {
    let text = text.replace(image, "").to_ascii_lowercase();
    let fits = |words: &[&str]| words.iter().any(|word| text.contains(word));
    ANSWERS.iter().find(|(words, _)| fits(words)).map(|(_, meaning)| *meaning)
}

/// The answer itself, without what says that there is a back-off.
fn answer(text: &str) -> &str {
    text.split_once("ErrImagePull: ").map_or(text, |(_, answer)| answer)
}

/// A pull secret that is named and does not exist is to blame, where the kubelet says that it missed it.
fn blame_secret(view: &View<'_>, wait: &Wait<'_>, fault: Fault, events: &[&Event]) -> Fault {
    let told = events.iter().find(|event| event.reason == "FailedToRetrieveImagePullSecret");
    let named = told.and_then(|event| event.text().split_once('(')?.1.split([')', ',']).next());
    let namespace = &wait.pod.metadata.namespace;
    let Some(secret) = named.map(str::trim) else {
        let mut all = wait.pod.spec.image_pull_secrets.iter().map(|secret| secret.name.as_str());
        let is_missing = |name: &&str| matches!(view.lookup(Kind::Secret, namespace, name), Lookup::Missing);
        let missing = all.clone().find(is_missing);
        let fault = missing.iter().fold(fault, |fault, name| fault.fact("missing_secret", *name));
        return fault.fact("secret", missing.or_else(|| all.next()).unwrap_or_default());
    };
    let fault = fault.fact("secret", secret);
    match view.lookup(Kind::Secret, namespace, secret) {
        Lookup::Missing => {
            fault.fact("missing_secret", secret).because_of(ObjectRef::new(Kind::Secret, namespace, secret))
        }
        Lookup::Found | Lookup::Unknown(_) => fault,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Cluster, Thing, cluster, pod, warning};
    use crate::evidence::cluster::Kind;

    fn pulling(image: &str, message: &str) -> Thing {
        pod("shop/web-0")
            .set("status.phase", "Pending")
            .set("spec.containers.0.image", image)
            .set("status.containerStatuses.0.ready", false)
            .set(
                "status.containerStatuses.0.state",
                json!({ "waiting": { "reason": "ImagePullBackOff", "message": message } }),
            )
    }

    #[test]
    fn a_tag_that_does_not_exist_is_named_with_its_registry() {
        let image = "registry.example:5000/shop/web:2.0";
        let message = format!(
            "Back-off pulling image \"{image}\": ErrImagePull: rpc error: code = NotFound desc = failed to pull and unpack image \
             \"{image}\": failed to resolve reference \"{image}\": {image}: not found"
        );
        let found = cluster().with(pulling(image, &message)).finds(&CHECK, &["pod shop/web-0"]);
        found.says("registry.example:5000 has no tag 2.0 of shop/web");
        assert!(found.faults[0].facts.contains(&("host", "registry.example:5000".into())));
    }

    #[test]
    fn every_answer_of_a_registry_is_understood_whatever_stands_before_it() {
        // Robusta knows two prefixes (`code = Unknown`, `code = NotFound`).
        for (message, says) in [
            ("pull access denied, repository does not exist or may require authorization", "ghcr.io refuses"),
            ("failed to fetch anonymous token: unexpected status: 403 Forbidden", "ghcr.io refuses"),
            ("denied: Permission \"artifactregistry.repositories.downloadArtifacts\" denied", "ghcr.io refuses"),
            ("dial tcp: lookup ghcr.io on 10.0.0.2:53: no such host", "ghcr.io does not answer"),
            ("net/http: request canceled (Client.Timeout exceeded while awaiting headers)", "ghcr.io does not answer"),
            ("Error response from daemon: manifest for acme/web:1 not found: manifest unknown", "has no tag 1 of acme"),
            ("toomanyrequests: You have reached your pull rate limit", "ghcr.io limits how often"),
            ("the moon is full", "the moon is full"),
        ] {
            cluster().with(pulling("ghcr.io/acme/web:1", message)).finds(&CHECK, &["pod shop/web-0"]).says(says);
        }
    }

    #[test]
    fn without_a_message_the_event_speaks() {
        // k8sgpt needs a message.
        let failed =
            warning("Pod", "shop/web-0", "Failed", "Failed to pull image \"ghcr.io/acme/web:1\": unauthorized");
        let found = cluster().with(pulling("ghcr.io/acme/web:1", "")).with(failed).finds(&CHECK, &["pod shop/web-0"]);
        found.says("ghcr.io refuses the credentials");
        assert!(found.faults[0].statements.iter().any(|s| s.field == "event Failed"));
        cluster().with(pulling("ghcr.io/acme/web:1", "")).finds(&CHECK, &["pod shop/web-0"]).says("nothing says why");
    }

    #[test]
    fn the_event_of_another_image_is_not_quoted() {
        let told = |image: &str| {
            let text = format!("Failed to pull image \"{image}\": manifest for {image} not found: manifest unknown");
            warning("Pod", "shop/web-0", "Failed", &text)
        };
        let waits = || pulling("ghcr.io/acme/web:2", "Back-off pulling image \"ghcr.io/acme/web:2\"");
        let other = cluster().with(waits()).with(told("ghcr.io/acme/agent:9")).finds(&CHECK, &["pod shop/web-0"]);
        other.says("cannot be pulled: nothing says why");
        assert!(other.faults[0].statements.iter().all(|s| !s.text.contains("agent")));
        let own = cluster().with(waits()).with(told("ghcr.io/acme/web:2")).finds(&CHECK, &["pod shop/web-0"]);
        own.says("ghcr.io has no tag 2 of acme/web");
        let short = cluster().with(pulling("nginx", "")).with(told("docker.io/library/nginx:latest"));
        short.finds(&CHECK, &["pod shop/web-0"]).says("has no tag latest");
    }

    #[test]
    fn a_pull_secret_that_does_not_exist_is_to_blame_only_if_that_is_known() {
        let text =
            "Unable to retrieve some image pull secrets (regcred); attempting to pull the image may not succeed.";
        let told = || warning("Pod", "shop/web-0", "FailedToRetrieveImagePullSecret", text);
        let denied = || pulling("ghcr.io/acme/web:1", "pull access denied");
        cluster().with(denied()).with(told()).finds(&CHECK, &["pod shop/web-0"]).blames("secret shop/regcred");
        let unknown = cluster().with(denied()).with(told()).without(Kind::Secret).finds(&CHECK, &["pod shop/web-0"]);
        assert_eq!(unknown.faults[0].culprit, None);
        let named = || denied().set("spec.imagePullSecrets", json!([{ "name": "regcred" }]));
        let facts = |all: Cluster| all.finds(&CHECK, &["pod shop/web-0"]).faults.remove(0).facts;
        let missing = ("missing_secret", "regcred".to_owned());
        assert!(facts(cluster().with(named())).contains(&missing));
        assert!(!facts(cluster().with(named()).without(Kind::Secret)).contains(&missing));
    }

    #[test]
    fn two_containers_of_one_image_are_one_fault_and_a_pod_that_is_well_is_none() {
        let state =
            json!({ "name": "b", "state": { "waiting": { "reason": "ErrImagePull", "message": "not found" } } });
        let two = pulling("ghcr.io/acme/web:1", "not found")
            .set("spec.containers.1", json!({ "name": "b", "image": "ghcr.io/acme/web:1" }))
            .set("status.containerStatuses.1", state);
        cluster().with(two).finds(&CHECK, &["pod shop/web-0"]);
        cluster().with(pod("shop/web-0")).is_fine(&CHECK);
    }
}
