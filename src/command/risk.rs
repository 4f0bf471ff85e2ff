//! How much a command can break: reading is low, what can lose data is critical.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::grammar::is_known;

/// What running a command can do. Ordered: `Low` is the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Risk {
    /// Reads.
    Low,
    /// Changes something that can be changed back.
    Medium,
    /// Interrupts, deletes or replaces something.
    High,
    /// Can lose data or state.
    Critical,
}

impl Risk {
    /// Reads the word of a runbook.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Low, Self::Medium, Self::High, Self::Critical].into_iter().find(|r| r.word().eq_ignore_ascii_case(word))
    }

    /// The word in capitals, as machines read it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Low => "LOW",
            Self::Medium => "MEDIUM",
            Self::High => "HIGH",
            Self::Critical => "CRITICAL",
        }
    }
}

impl fmt::Display for Risk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}

/// Kinds whose deletion takes data with it.
const DATA_KINDS: [&str; 17] = [
    "pvc",
    "persistentvolumeclaim",
    "persistentvolumeclaims",
    "pv",
    "persistentvolume",
    "persistentvolumes",
    "ns",
    "namespace",
    "namespaces",
    "crd",
    "customresourcedefinition",
    "customresourcedefinitions",
    "statefulset",
    "sts",
    "secret",
    "secrets",
    "volumesnapshot",
];

/// Works out the risk of an argument vector whose tool is known.
pub(super) fn of(argv: &[String]) -> Risk {
    let words: Vec<&str> = argv[1..].iter().take_while(|w| *w != "--").map(String::as_str).collect();
    let has =
        |word: &str| words.iter().any(|w| *w == word || w.strip_prefix(word).is_some_and(|rest| rest.starts_with('=')));
    match argv[0].as_str() {
        "kubectl" => kubectl(&verbs(&words, &["-n", "--namespace", "-c", "--context", "-l", "-o", "-f"]), &has, argv),
        "helm" => helm(&verbs(&words, &["-n", "--namespace"])),
        "terraform" | "tofu" => terraform(&verbs(&words, &["-chdir"]), &has),
        "argocd" => reads_or(
            &verbs(&words, &[]),
            &["get", "list", "diff", "history", "logs", "manifests", "resources", "version"],
            argocd,
        ),
        "flux" => reads_or(
            &verbs(&words, &[]),
            &["get", "logs", "stats", "tree", "diff", "events", "export", "check"],
            |_| Risk::Medium,
        ),
        "docker" | "nerdctl" | "crictl" | "ctr" => container(&verbs(&words, &["-n", "--namespace"])),
        "aws" => cloud(&verbs(&words, &["--region", "--profile"])),
        "gcloud" | "az" | "eksctl" => cloud(&verbs(&words, &[])),
        "systemctl" => {
            reads_or(&verbs(&words, &[]), &["status", "show", "list-units", "is-active", "cat", "list-timers"], |_| {
                Risk::High
            })
        }
        "redis-cli" => redis(&words),
        "psql" | "mysql" | "mongosh" => sql(&words),
        "rabbitmqctl" | "rabbitmq-queues" => rabbit(&words),
        "etcdctl" | "etcdutl" => etcd(&words),
        "ceph" => ceph(&words),
        tool if tool.starts_with("kafka-") => kafka(&has),
        "git" => reads_or(
            &verbs(&words, &["-C"]),
            &["status", "log", "diff", "show", "blame", "fetch", "ls-files", "bisect"],
            |_| Risk::Medium,
        ),
        "chmod" | "chown" | "mount" | "umount" => Risk::High,
        tool => {
            let raised =
                BY_WORD.iter().filter(|(tools, raising, _)| tools.contains(&tool) && raising.iter().any(|w| has(w)));
            raised.map(|(_, _, risk)| *risk).max().unwrap_or(Risk::Low)
        }
    }
}

/// Tools that read unless one of these words is among the arguments.
const BY_WORD: &[(&[&str], &[&str], Risk)] = &[
    (&["sysctl"], &["-w"], Risk::Medium),
    (&["curl"], &["-X", "--request", "-d", "--data"], Risk::Medium),
    (&["npm", "pip", "bundle", "composer", "cargo", "go", "dotnet"], &["install", "add", "update"], Risk::Medium),
    (&["velero"], &["create"], Risk::High),
    (&["velero"], &["delete"], Risk::Critical),
    (&["cmctl"], &["renew"], Risk::Medium),
    (&["chronyc"], &["makestep"], Risk::High),
    (&["timedatectl"], &["set-time", "set-ntp", "set-timezone"], Risk::Medium),
    (&["kubeadm"], &["renew", "reset"], Risk::High),
    (&["istioctl", "linkerd", "cilium", "calicoctl"], &["install", "upgrade", "delete", "uninstall"], Risk::High),
    (&["journalctl"], &["--vacuum-size", "--vacuum-time", "--vacuum-files", "--rotate"], Risk::High),
];

/// The words that are neither flags nor the values of the flags named.
fn verbs<'a>(words: &[&'a str], with_value: &[&str]) -> Vec<&'a str> {
    let mut found = Vec::new();
    let mut skip = false;
    for word in words {
        if std::mem::take(&mut skip) {
            continue;
        }
        if word.starts_with('-') {
            skip = with_value.contains(word);
        } else {
            found.push(*word);
        }
    }
    found
}

fn reads_or(verbs: &[&str], reads: &[&str], other: impl Fn(&[&str]) -> Risk) -> Risk {
    if verbs.is_empty() || verbs.iter().take(2).any(|v| reads.contains(v)) { Risk::Low } else { other(verbs) }
}

fn kubectl(verbs: &[&str], has: &impl Fn(&str) -> bool, argv: &[String]) -> Risk {
    let kind = verbs.get(1).map_or("", |k| k.split(['/', '.']).next().unwrap_or(k));
    let forced = has("--force") || has("--grace-period");
    match verbs.first().copied().unwrap_or("") {
        "delete" if DATA_KINDS.contains(&kind) || has("--all") => Risk::Critical,
        "delete" | "drain" | "replace" | "edit" => Risk::High,
        "exec" => inner(argv),
        "patch" if argv.iter().any(|w| w.contains("finalizers")) => Risk::Critical,
        "set" if has("--list") => Risk::Low,
        "patch" | "apply" | "create" | "scale" | "set" | "label" | "annotate" | "cordon" | "uncordon" | "taint"
        | "autoscale" | "expose" | "run" | "cp" => {
            if has("--dry-run=server") || has("--dry-run=client") {
                Risk::Low
            } else if forced {
                Risk::High
            } else {
                Risk::Medium
            }
        }
        "rollout" => match verbs.get(1) {
            Some(&("status" | "history")) => Risk::Low,
            _ => Risk::Medium,
        },
        "debug" | "certificate" => Risk::Medium,
        _ => Risk::Low,
    }
}

/// The risk of what runs inside a container after `--`; a shell or an unknown program may do anything reversible.
fn inner(argv: &[String]) -> Risk {
    let inside: Vec<String> = argv.iter().skip_while(|w| *w != "--").skip(1).cloned().collect();
    match inside.first() {
        Some(tool) if tool != "kubectl" && is_known(tool) => of(&inside),
        _ => Risk::Medium,
    }
}

fn helm(verbs: &[&str]) -> Risk {
    match verbs.first().copied().unwrap_or("") {
        "upgrade" | "install" | "repo" | "push" => Risk::Medium,
        "rollback" | "uninstall" | "delete" => Risk::High,
        _ => Risk::Low,
    }
}

fn terraform(verbs: &[&str], has: &impl Fn(&str) -> bool) -> Risk {
    match verbs {
        ["destroy", ..] | ["state", "rm" | "push" | "mv" | "replace-provider", ..] => Risk::Critical,
        ["apply", ..] if has("-destroy") || has("-replace") => Risk::Critical,
        ["force-unlock" | "apply" | "import" | "taint" | "untaint", ..] => Risk::High,
        ["init", ..] if has("-migrate-state") || has("-reconfigure") => Risk::High,
        _ => Risk::Low,
    }
}

fn argocd(verbs: &[&str]) -> Risk {
    match verbs {
        ["app" | "appset" | "proj" | "cluster" | "repo", "delete" | "rm", ..] => Risk::Critical,
        ["app", "rollback" | "terminate-op" | "delete-resource", ..] => Risk::High,
        _ => Risk::Medium,
    }
}

fn container(verbs: &[&str]) -> Risk {
    match verbs {
        ["volume", "rm" | "prune", ..] | ["system", "prune", ..] => Risk::Critical,
        ["rm" | "rmp" | "rmi" | "kill" | "stop" | "stopp" | "restart", ..]
        | ["image" | "container" | "builder", "prune" | "rm", ..] => Risk::High,
        ["pull" | "run" | "login" | "tag" | "push" | "start" | "update", ..] => Risk::Medium,
        _ => Risk::Low,
    }
}

/// `aws SERVICE VERB-…`, `gcloud GROUP… VERB`, `az GROUP… VERB`: the verb tells.
fn cloud(verbs: &[&str]) -> Risk {
    let starts = |prefixes: &[&str]| verbs.iter().any(|v| prefixes.iter().any(|p| v.split('-').next() == Some(*p)));
    if starts(&["delete", "terminate", "purge", "destroy"]) {
        Risk::Critical
    } else if starts(&["remove", "detach", "deregister", "reboot", "stop", "reset", "revoke", "disable", "drain"]) {
        Risk::High
    } else if starts(&[
        "create",
        "put",
        "update",
        "attach",
        "modify",
        "set",
        "add",
        "start",
        "enable",
        "associate",
        "tag",
        "upgrade",
        "scale",
        "request",
        "cp",
        "sync",
        "apply",
        "utils",
    ]) {
        Risk::Medium
    } else {
        Risk::Low
    }
}

fn redis(words: &[&str]) -> Risk {
    let upper: Vec<String> = words.iter().map(|w| w.to_ascii_uppercase()).collect();
    let has = |word: &str| upper.iter().any(|w| w == word);
    if has("FLUSHALL") || has("FLUSHDB") || has("DEL") || has("UNLINK") || has("SHUTDOWN") {
        Risk::Critical
    } else if (has("CONFIG") && has("SET")) || has("BGSAVE") || has("BGREWRITEAOF") || has("FAILOVER") {
        Risk::Medium
    } else {
        Risk::Low
    }
}

fn sql(words: &[&str]) -> Risk {
    let text = words.join(" ").to_ascii_uppercase();
    let has = |word: &str| text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(|w| w == word);
    if has("DROP") || has("TRUNCATE") || has("DELETE") {
        Risk::Critical
    } else if has("PG_TERMINATE_BACKEND")
        || has("KILL")
        || has("REINDEX")
        || has("UPDATE")
        || (has("VACUUM") && has("FULL"))
    {
        Risk::High
    } else if ["ALTER", "CREATE", "GRANT", "SET", "INSERT", "VACUUM", "PG_RELOAD_CONF", "PG_CANCEL_BACKEND"]
        .iter()
        .any(|w| has(w))
    {
        Risk::Medium
    } else {
        Risk::Low
    }
}

fn rabbit(words: &[&str]) -> Risk {
    let starts = |prefixes: &[&str]| words.iter().any(|w| prefixes.iter().any(|p| w.starts_with(p)));
    if starts(&["reset", "force_reset", "delete_", "purge_", "forget_"]) {
        Risk::Critical
    } else if starts(&["stop_app", "stop", "force_boot", "shutdown", "restart"]) {
        Risk::High
    } else if starts(&["set_", "add_", "change_", "start_app", "clear_", "join_"]) {
        Risk::Medium
    } else {
        Risk::Low
    }
}

fn etcd(words: &[&str]) -> Risk {
    let has = |word: &str| words.contains(&word);
    if has("del") || has("restore") || (has("member") && has("remove")) {
        Risk::Critical
    } else if has("compact") || has("compaction") || has("defrag") || has("disarm") || has("move-leader") {
        Risk::High
    } else if has("put") || has("add") {
        Risk::Medium
    } else {
        Risk::Low
    }
}

fn ceph(words: &[&str]) -> Risk {
    let has = |word: &str| words.contains(&word);
    if has("purge") || has("destroy") || has("rm") || has("delete") {
        Risk::Critical
    } else if has("out") || has("down") || has("repair") || has("restart") {
        Risk::High
    } else if has("set") || has("unset") || has("in") || has("reweight") || has("set-full-ratio") {
        Risk::Medium
    } else {
        Risk::Low
    }
}

fn kafka(has: &impl Fn(&str) -> bool) -> Risk {
    if has("--delete") {
        Risk::Critical
    } else if has("--execute") || has("--election-type") {
        Risk::High
    } else if has("--alter") || has("--create") || has("--add-config") {
        Risk::Medium
    } else {
        Risk::Low
    }
}

#[cfg(test)]
mod tests {
    use super::{Risk, of};

    #[test]
    fn the_policy_by_example() {
        let table = [
            ("kubectl -n shop get pods", Risk::Low),
            ("kubectl describe pod delete", Risk::Low),
            ("kubectl logs x --previous", Risk::Low),
            ("kubectl -n shop rollout status deploy/x", Risk::Low),
            ("kubectl -n shop rollout restart deploy/x", Risk::Medium),
            ("kubectl scale deploy/x --replicas=3", Risk::Medium),
            ("kubectl apply -f x.yaml --dry-run=server", Risk::Low),
            ("kubectl delete pod x", Risk::High),
            ("kubectl delete pod --all", Risk::Critical),
            ("kubectl delete pvc/data-0", Risk::Critical),
            ("kubectl drain n1 --ignore-daemonsets", Risk::High),
            ("kubectl exec x -- redis-cli FLUSHALL", Risk::Critical),
            ("kubectl exec x -- df -h", Risk::Low),
            ("kubectl exec x -- sh -c id", Risk::Medium),
            ("kubectl exec x", Risk::Medium),
            ("helm status x", Risk::Low),
            ("helm rollback x 3", Risk::High),
            ("terraform plan", Risk::Low),
            ("terraform force-unlock abc", Risk::High),
            ("terraform destroy", Risk::Critical),
            ("aws s3api delete-bucket --bucket x", Risk::Critical),
            ("aws sts get-caller-identity", Risk::Low),
            ("aws iam attach-role-policy --role-name x", Risk::Medium),
            ("psql -c 'DROP TABLE x'", Risk::Critical),
            ("psql -c 'select * from pg_stat_activity'", Risk::Low),
            ("docker system prune", Risk::Critical),
            ("systemctl restart kubelet", Risk::High),
            ("journalctl -u kubelet", Risk::Low),
            ("df -h", Risk::Low),
        ];
        for (line, risk) in table {
            let argv = shlex::split(line).expect("words");
            assert_eq!(of(&argv), risk, "{line}");
        }
    }
}
