//! What is offered fits the case: commands name the right object of the right kind, and sentences do not doubt what the text says.

use serde_json::Value;

use crate::harness::idp;

/// The newest event says when a dump was taken.
const LATER: &str = "apiVersion: v1\nkind: Event\nmetadata: {name: e1, namespace: shop, creationTimestamp: \"2026-03-01T09:00:00Z\"}\n\
                     involvedObject: {kind: Node, name: w1}\ntype: Normal\nreason: Seen\nmessage: seen\nlastTimestamp: \"2026-03-01T09:00:00Z\"\n";

/// The first answer: its sentence, and the commands that are offered.
struct Answer {
    sentence: String,
    commands: Vec<String>,
    runnable: Vec<bool>,
}

impl Answer {
    fn to(args: &[&str], text: &str) -> Self {
        let all = [&["diagnose", "--offline", "-o", "json"], args].concat();
        Self::read(&idp(&all).stdin(text).run().stdout)
    }

    /// The answer for an object of a dump.
    fn about(object: &[&str], dump: &str) -> Self {
        let home = tempfile::tempdir().expect("a folder");
        std::fs::write(home.path().join("cluster.yaml"), format!("{dump}---\n{LATER}")).expect("written");
        let args = [&["diagnose", "-o", "json", "--from", "cluster.yaml"], object].concat();
        Self::read(&idp(&args).current_dir(home.path()).run().stdout)
    }

    fn read(json: &str) -> Self {
        let report: Value = serde_json::from_str(json).expect("JSON");
        let fixes = report["fix_commands"].as_array().cloned().unwrap_or_default();
        let text = |fix: &Value, key: &str| fix[key].as_str().unwrap_or_default().to_owned();
        Self {
            sentence: text(&report, "root_cause"),
            commands: fixes.iter().map(|fix| text(fix, "command")).collect(),
            runnable: fixes.iter().map(|fix| fix["runnable"] == true).collect(),
        }
    }

    fn says(&self, words: &str) -> &Self {
        assert!(self.sentence.contains(words), "{words:?} is not in {:?}", self.sentence);
        self
    }

    fn is_silent_on(&self, words: &str) -> &Self {
        assert!(!self.sentence.contains(words), "{words:?} is in {:?}", self.sentence);
        self
    }

    fn offers(&self, words: &str) -> &Self {
        assert!(self.commands.iter().any(|c| c.contains(words)), "{words:?} is not in {:#?}", self.commands);
        self
    }

    fn does_not_offer(&self, words: &str) -> &Self {
        assert!(!self.commands.iter().any(|c| c.contains(words)), "{words:?} is in {:#?}", self.commands);
        self
    }
}

#[test]
fn a_finalizer_is_not_fought_with_the_node() {
    let pod = |more: &str, ready: &str| {
        format!(
            "apiVersion: v1\nkind: Pod\nmetadata: {{name: held, namespace: shop, uid: p1, creationTimestamp: \"2026-03-01T08:00:00Z\", \
             deletionTimestamp: \"2026-03-01T08:30:00Z\"{more}}}\nspec: {{nodeName: w1, containers: [{{name: c, image: \"a:1\"}}]}}\n\
             status: {{phase: Running}}\n---\napiVersion: v1\nkind: Node\nmetadata: {{name: w1, creationTimestamp: \"2026-03-01T09:00:00Z\"}}\n\
             status: {{conditions: [{{type: Ready, status: \"{ready}\"}}]}}\n"
        )
    };
    let held = Answer::about(&["pod/held", "-n", "shop"], &pod(", finalizers: [example.com/hold]", "True"));
    held.says("finalizer example.com/hold holds it")
        .offers("managedFields")
        .offers(r#"{"metadata":{"finalizers":null}}"#);
    held.does_not_offer("taint").does_not_offer("--force");
    let lost = Answer::about(&["pod/held", "-n", "shop"], &pod("", "Unknown"));
    lost.offers("kubectl taint node w1").offers("--force").does_not_offer("finalizers\":null");
}

#[test]
fn another_object_is_not_taken_for_the_one_that_was_asked_about() {
    let call = "Error creating: Internal error occurred: failed calling webhook \"a.example\": failed to call webhook: Post \
                \"https://guard.sec.svc:443/v?timeout=10s\": no endpoints available for service \"guard\"\n";
    let webhook = Answer::to(&["-n", "victim"], call);
    webhook.says("service guard in namespace sec").offers("-n sec get endpointslice").does_not_offer("victim");
    let held = "Warning  FailedAttachVolume  3m  attachdetach-controller  Multi-Attach error for volume \"pv-1\" Volume is already used by pod(s) db-old\n";
    Answer::to(&["--pod", "db-new", "-n", "shop"], held).says("used by pod db-old").is_silent_on("db-new");
}

#[test]
fn a_key_that_is_missing_is_no_missing_object() {
    let mounted = "MountVolume.SetUp failed for volume \"certs\" : references non-existent secret key: tls.crt\n";
    let secret = Answer::to(&["-n", "shop"], mounted);
    secret
        .says("is there and has no key tls.crt")
        .offers("describe secret")
        .offers("patch secret")
        .does_not_offer("create secret");
    let read = "Warning  Failed  2s  kubelet  Error: couldn't find key LOG_LEVEL in ConfigMap shop/app\n";
    let map = Answer::to(&[], read);
    map.says("has no key LOG_LEVEL (ConfigMap app)").offers("kubectl -n shop describe configmap app");
    let absent = Answer::to(&[], "Warning  Failed  2s  kubelet  Error: secret \"db-login\" not found\n");
    absent.says("does not exist").offers("get configmap,secret").does_not_offer("describe secret");
}

#[test]
fn commands_name_the_kind_that_owns_the_pod() {
    let described = |owner: &str| {
        let text = format!(
            "Name:  x-0\nNamespace:  shop\nControlled By:  {owner}\nContainers:\n  app:\n    State: Waiting\n      Reason: CrashLoopBackOff\n"
        );
        Answer::to(&[], &text)
    };
    described("StatefulSet/db").offers("rollout undo statefulset/db");
    described("DaemonSet/agent").offers("rollout undo daemonset/agent");
    described("ReplicaSet/web-5d7f").offers("rollout undo deployment/web");
    described("Job/nightly").does_not_offer("rollout undo");
}

#[test]
fn what_the_text_decides_is_said_without_doubt() {
    let refused =
        |why: &str| Answer::to(&["-n", "shop"], &format!("Error creating: pods \"web-0\" is forbidden: {why}\n"));
    let full = refused("exceeded quota: q, requested: pods=1, used: pods=5, limited: pods=5");
    full.says("there is no room left;").is_silent_on("state").offers(r#"{"spec":{"hard":{"pods":"<new_amount>"}}}"#);
    full.does_not_offer("set resources");
    let silent = refused("failed quota: q: must specify limits.memory for: app");
    silent
        .says("does not state limits.memory")
        .is_silent_on("room")
        .offers("set resources")
        .does_not_offer("patch resourcequota");
    let probe = "Warning  Unhealthy  1m  kubelet  Readiness probe failed: ";
    let answer = |why: &str| Answer::to(&[], &format!("{probe}{why}\n"));
    answer("HTTP probe failed with statuscode: 503")
        .says("HTTP status 503: the program answers")
        .is_silent_on("too late");
    answer("dial tcp 10.0.0.1:80: connect: connection refused").says("nothing listens on the port");
    answer("command \"check\" timed out").says("too late or not at all");
    let gone = "unable to get the target's current scale: deployments/scale.apps \"web\" not found\n";
    Answer::to(&[], gone).says("target web does not exist").is_silent_on("subresource");
    let denied = "admission webhook \"validate.kyverno.svc-fail\" denied the request: resource Pod/shop/web-0 was blocked due to the following \
                  policies  require-labels:   check-team: 'validation error: label team is missing'\n";
    Answer::to(&[], denied).says("policy require-labels (rule check-team)");
    let ended = |code: &str| {
        let state =
            "    State:  Waiting\n      Reason:  CrashLoopBackOff\n    Last State:  Terminated\n      Reason:  Error\n";
        Answer::to(&[], &format!("Name:  web-0\n{state}      Exit Code:  {code}\n"))
    };
    ended("127").says("because its command is not found").is_silent_on("does not show why");
    ended("126").says("because its command cannot be executed");
    ended("1").says("does not show why");
    let nfs = "MountVolume.SetUp failed for volume \"pv-1\" : mount failed: exit status 32 Output: mount.nfs: Connection timed out\n";
    Answer::to(&[], nfs).says("the storage server does not answer (mount.nfs: Connection timed out)");
}

#[test]
fn a_pull_secret_that_is_proved_missing_is_created_and_not_used() {
    let dump = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop, uid: p1, creationTimestamp: \"2026-03-01T08:00:00Z\"}\n\
                spec: {nodeName: w1, imagePullSecrets: [{name: regcred}], containers: [{name: c, image: \"ghcr.io/a/b:1\"}]}\n\
                status:\n  phase: Pending\n  containerStatuses: [{name: c, image: \"ghcr.io/a/b:1\", state: {waiting: {reason: ErrImagePull, \
                message: \"pull access denied for ghcr.io/a/b\"}}}]\n---\napiVersion: v1\nkind: SecretList\nitems: [{metadata: {name: other, namespace: shop}}]\n";
    let answer = Answer::about(&["pod/web", "-n", "shop"], dump);
    answer
        .says("the pull secret regcred")
        .says("does not exist")
        .offers("create secret docker-registry regcred --docker-server=ghcr.io");
    answer.does_not_offer("patch serviceaccount");
    assert!(answer.runnable.contains(&false));
}
