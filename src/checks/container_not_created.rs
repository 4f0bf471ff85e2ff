//! A container cannot be made or started: what it refers to is missing, or its program cannot be executed.

use std::collections::BTreeSet;

use super::gist::gist;
use super::termination::{End, show_events, telling_pods, warnings};
use super::waiting::{NOT_CREATED, NOT_STARTED, Wait};
use super::{Basis, Check, Lookup, Stage, Verdict, View};
use crate::evidence::cluster::{Kind, ObjectRef, Pod, PodContainer};
use crate::finding::{Fault, Severity};

pub(super) const CHECK: Check = Check {
    id: "container-not-created",
    title: "Container cannot be created or started",
    rows: &[20],
    severity: Severity::High,
    stage: Stage::Cause,
    basis: Basis::Status,
    needs: &[Kind::Pod, Kind::Event, Kind::Job],
    hygiene: false,
    run,
};

fn run(view: &View<'_>) -> Verdict {
    let mut verdict = Verdict::default();
    let mut told = BTreeSet::new();
    for pod in telling_pods(view) {
        for obstacle in pod.each_container().filter_map(|container| Obstacle::of(view, pod, container)) {
            // Containers of a pod often miss the same object.
            if told.insert((pod.metadata.object(Kind::Pod), obstacle.text)) {
                verdict.found(obstacle.fault(view));
            }
        }
    }
    verdict
}

/// What keeps a container from being.
struct Obstacle<'v> {
    pod: &'v Pod,
    container: PodContainer<'v>,
    reason: &'v str,
    text: &'v str,
}

/// An object that a container refers to, as the kubelet names it.
#[derive(Debug, PartialEq, Eq)]
struct Missing<'t> {
    kind: Kind,
    name: &'t str,
    key: Option<&'t str>,
}

impl<'v> Obstacle<'v> {
    fn of(view: &View<'v>, pod: &'v Pod, container: PodContainer<'v>) -> Option<Self> {
        let known = |reason: &str| NOT_CREATED.contains(&reason) || NOT_STARTED.contains(&reason);
        if let Some(wait) = Wait::of(pod, container).filter(|wait| known(wait.reason)) {
            let text = wait.texts(&wait.warnings(view)).first().copied().unwrap_or_default();
            return Some(Self { pod, container, reason: wait.reason, text });
        }
        let end = End::of(pod, container).filter(|end| end.was_never_started() && !end.runs_again())?;
        Some(Self { pod, container, reason: &end.how.reason, text: &end.how.message })
    }

    fn fault(&self, view: &View<'v>) -> Fault {
        let missing = missing(self.text);
        let mut fault = Fault::on(self.pod.metadata.object(Kind::Pod), &self.sentence(missing.as_ref()));
        if let Some(missing) = missing {
            fault = missing.blame(view, &self.pod.metadata.namespace, fault);
        }
        if let Some(wait) = Wait::of(self.pod, self.container) {
            fault = wait.show(fault);
        }
        if let Some(end) = End::of(self.pod, self.container) {
            fault = end.show(fault);
        }
        show_events(fault, &warnings(view, self.pod, &self.container.status.name))
    }

    fn sentence(&self, missing: Option<&Missing<'_>>) -> String {
        let done = if NOT_STARTED.contains(&self.reason) { "started" } else { "created" };
        let why = match missing {
            Some(Missing { kind, name, key: None }) => format!("{kind} {name} does not exist"),
            Some(Missing { kind, name, key: Some(key) }) => format!("{kind} {name} has no key {key}"),
            None if self.text.is_empty() => "nothing says why".to_owned(),
            None => gist(self.text),
        };
        let init = if self.container.init { "init " } else { "" };
        format!("{init}container {} cannot be {done} ({}): {why}", self.container.status.name, self.reason)
    }
}

impl Missing<'_> {
    /// Blames the object. One that is there by now is not to blame: the kubelet will find it.
    fn blame(&self, view: &View<'_>, namespace: &str, fault: Fault) -> Fault {
        let fact = if self.kind == Kind::Secret { "secret" } else { "configmap" };
        let fault = fault.fact(fact, self.name).fact("key", self.key.unwrap_or_default());
        let there = self.key.is_none() && view.lookup(self.kind, namespace, self.name) == Lookup::Found;
        if there { fault } else { fault.because_of(ObjectRef::new(self.kind, namespace, self.name)) }
    }
}

/// The object that a kubelet misses.
fn missing(text: &str) -> Option<Missing<'_>> {
    missing_key(text).or_else(|| missing_object(text))
}

/// `couldn't find key password in Secret shop/db`.
fn missing_key(text: &str) -> Option<Missing<'_>> {
    let (_, rest) = text.split_once("couldn't find key ")?;
    let (key, rest) = rest.split_once(" in ")?;
    let mut words = rest.split_whitespace();
    let kind = kind(words.next()?)?;
    let name = words.next()?.rsplit('/').next()?.trim_end_matches([',', '.', ';']);
    Some(Missing { kind, name, key: Some(key) })
}

/// `secret "db" not found`.
fn missing_object(text: &str) -> Option<Missing<'_>> {
    let (before, _) = text.split_once("\" not found")?;
    let (before, name) = before.rsplit_once('"')?;
    let kind = kind(before.split_whitespace().next_back()?)?;
    Some(Missing { kind, name, key: None })
}

fn kind(word: &str) -> Option<Kind> {
    match word.to_ascii_lowercase().as_str() {
        "secret" | "secrets" => Some(Kind::Secret),
        "configmap" | "configmaps" => Some(Kind::ConfigMap),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::CHECK;
    use crate::checks::testing::{Thing, cluster, pod, thing, warning};
    use crate::evidence::cluster::Kind;

    const EXEC: &str = "failed to create containerd task: OCI runtime create failed: runc create failed: unable to start container \
                        process: error during container init: exec: \"/app/start.sh\": permission denied";

    fn waiting(reason: &str, message: &str) -> Thing {
        pod("shop/web-0")
            .set("status.phase", "Pending")
            .set("status.containerStatuses.0.state", json!({ "waiting": { "reason": reason, "message": message } }))
    }

    #[test]
    fn a_secret_that_is_missing_is_to_blame_also_where_secrets_may_not_be_read() {
        let missing = || waiting("CreateContainerConfigError", "secret \"payments-db\" not found");
        let found = cluster().with(missing()).finds(&CHECK, &["pod shop/web-0"]);
        found.says("container web cannot be created (CreateContainerConfigError): Secret payments-db does not exist");
        found.blames("secret shop/payments-db");
        // The kubelet's word is enough.
        let unread = cluster().with(missing()).without(Kind::Secret).finds(&CHECK, &["pod shop/web-0"]);
        unread.blames("secret shop/payments-db");
        let made = cluster().with(missing()).with(thing("v1", "Secret", "shop/payments-db"));
        assert_eq!(made.finds(&CHECK, &["pod shop/web-0"]).faults[0].culprit, None);
    }

    #[test]
    fn a_key_that_is_missing_is_named() {
        let message = "couldn't find key log-level in ConfigMap shop/settings";
        let found = cluster()
            .with(waiting("CreateContainerConfigError", message))
            .with(thing("v1", "ConfigMap", "shop/settings"))
            .finds(&CHECK, &["pod shop/web-0"]);
        found.says("ConfigMap settings has no key log-level").blames("configmap shop/settings");
        assert!(found.faults[0].facts.contains(&("key", "log-level".into())));
    }

    #[test]
    fn a_program_that_cannot_be_executed_is_found_in_each_state_of_its_loop() {
        let end =
            json!({ "reason": "StartError", "exitCode": 128, "message": EXEC, "finishedAt": "2026-11-26T11:55:00Z" });
        let looping = waiting("CrashLoopBackOff", "back-off 10s restarting failed container")
            .set("status.containerStatuses.0.lastState", json!({ "terminated": end }));
        let between = pod("shop/web-0").set("status.containerStatuses.0.state", json!({ "terminated": end }));
        for pod in [waiting("RunContainerError", EXEC), looping, between] {
            let found = cluster().with(pod).finds(&CHECK, &["pod shop/web-0"]);
            found.says("container web cannot be started (").says("exec: \"/app/start.sh\": permission denied");
        }
    }

    #[test]
    fn without_a_message_the_event_speaks() {
        let failed = warning("Pod", "shop/web-0", "Failed", "Error: secret \"payments-db\" not found");
        let found = cluster().with(waiting("CreateContainerConfigError", "")).with(failed);
        found.finds(&CHECK, &["pod shop/web-0"]).blames("secret shop/payments-db");
    }

    #[test]
    fn one_that_runs_by_now_a_crash_loop_and_a_pod_that_is_well_are_none() {
        let end = json!({ "reason": "StartError", "exitCode": 128, "finishedAt": "2026-11-26T11:55:00Z" });
        cluster().with(pod("shop/web-0").set("status.containerStatuses.0.lastState.terminated", end)).is_fine(&CHECK);
        cluster().with(waiting("CrashLoopBackOff", "")).is_fine(&CHECK);
        cluster().with(pod("shop/web-0")).is_fine(&CHECK);
    }
}
