//! Commands that lose data or take a system down, and that no second command takes back.

use crate::lint::shell::{Argument, Command};

use super::tools::{HELM_VALUES, KUBECTL_VALUES};

/// Kinds whose deletion takes data or everything in them along.
const KINDS: &[&str] = &[
    "pvc",
    "pvcs",
    "persistentvolumeclaim",
    "persistentvolumeclaims",
    "pv",
    "pvs",
    "persistentvolume",
    "persistentvolumes",
    "ns",
    "namespace",
    "namespaces",
    "crd",
    "crds",
    "customresourcedefinition",
    "customresourcedefinitions",
    "project",
    "projects",
    "volumesnapshot",
    "volumesnapshots",
    "volumesnapshotcontent",
    "volumesnapshotcontents",
];

/// What a command loses, as words behind "it": `deletes the claim and its data`. `None` where it loses nothing that is known.
pub(in crate::lint) fn loss(command: &Command) -> Option<&'static str> {
    match command.program() {
        "kubectl" | "oc" | "k" => kubectl(command),
        "helm" => helm(command),
        "terraform" | "tofu" | "terragrunt" => terraform(command),
        "aws" => aws(command),
        "rm" => rm(command),
        "dd" => dd(command),
        "dropdb" => has(command, &["--help", "-?"]).then_some(()).map_or(Some("drops a database"), |()| None),
        "etcdctl" => (words(command).first() == Some(&"del")).then_some("deletes keys of etcd"),
        "redis-cli" => redis(command),
        "kafka-topics.sh" | "kafka-topics" => command.flag("--delete").map(|_| "deletes a topic and its records"),
        "ceph" => ceph(command),
        "rados" => (words(command).first() == Some(&"rmpool")).then_some("deletes a pool and its objects"),
        "psql" | "mysql" | "cockroach" => sql(&command.text()),
        program if program.starts_with("mkfs") => Some("makes a new file system over what is there"),
        _ => None,
    }
}

fn words(command: &Command) -> Vec<&str> {
    command.operands(&[]).into_iter().map(|w| w.text.as_str()).collect()
}

fn has(command: &Command, flags: &[&str]) -> bool {
    flags.iter().any(|f| command.flag(f).is_some())
}

fn kubectl(command: &Command) -> Option<&'static str> {
    let operands = command.operands(KUBECTL_VALUES);
    let verb = operands.first().map_or("", |w| w.text.as_str());
    match verb {
        "exec" => command.inner().as_ref().and_then(loss),
        "delete" if !command.text().contains("--dry-run") => deleted(command, &operands),
        _ => None,
    }
}

fn deleted(command: &Command, operands: &[&Argument]) -> Option<&'static str> {
    let kind = |w: &&&Argument| {
        let kinds = w.text.split(['/', '.']).next().unwrap_or_default().to_ascii_lowercase();
        kinds.split(',').any(|k| KINDS.contains(&k))
    };
    let named = operands
        .iter()
        .skip(1)
        .enumerate()
        .find(|(at, w)| (*at == 0 || w.text.contains('/')) && kind(w))
        .map(|(_, w)| w);
    let throwaway =
        command.text().split_whitespace().any(|w| w.starts_with("kind-") || w == "minikube" || w.contains("kind-"));
    if let Some(kind) = named.filter(|_| !throwaway) {
        let kind = kind.text.to_ascii_lowercase();
        return Some(match kind.get(..2).unwrap_or_default() {
            "ns" | "na" | "pr" => "deletes a namespace with everything in it",
            "cr" | "cu" => "deletes a definition and every object of its kind",
            "vo" => "deletes a snapshot",
            _ => "deletes a volume or its claim, and with them the data",
        });
    }
    let at_once = command.flag("--grace-period").is_some_and(|f| f.text == "--grace-period=0")
        || command.arguments().windows(2).any(|w| w[0].text == "--grace-period" && w[1].text == "0");
    (at_once && has(command, &["--force"]))
        .then_some("takes an object out of the API while its processes may still run")
}

fn helm(command: &Command) -> Option<&'static str> {
    let operands = command.operands(HELM_VALUES);
    let verb = operands.first().map_or("", |w| w.text.as_str());
    (matches!(verb, "uninstall" | "delete" | "del" | "un") && !has(command, &["--dry-run"]))
        .then_some("deletes everything of a release")
}

fn terraform(command: &Command) -> Option<&'static str> {
    match words(command)[..] {
        ["destroy", ..] => Some("destroys what Terraform manages"),
        ["apply", ..] if has(command, &["-destroy"]) => Some("destroys what Terraform manages"),
        ["state", "rm", ..] => Some("makes Terraform forget a resource"),
        ["force-unlock", ..] => Some("takes a lock away from whoever may hold it"),
        _ => None,
    }
}

fn aws(command: &Command) -> Option<&'static str> {
    let words = words(command);
    let is = |service: &str, verb: &str| words.windows(2).any(|w| w == [service, verb]);
    if is("s3", "rm") && has(command, &["--recursive"]) && !has(command, &["--dryrun"]) {
        Some("deletes every object below a prefix")
    } else if is("s3", "rb") && has(command, &["--force"]) {
        Some("deletes a bucket with its objects")
    } else if (is("rds", "delete-db-instance") || is("rds", "delete-db-cluster"))
        && has(command, &["--skip-final-snapshot"])
    {
        Some("deletes a database without a last snapshot")
    } else {
        None
    }
}

/// Folders whose content comes back by itself.
const PASSING: &[&str] = &["/tmp/", "/var/tmp/", "/var/cache/", "/var/lib/apt/lists", "/dev/shm/"];

fn rm(command: &Command) -> Option<&'static str> {
    let short = |c: char| {
        command.arguments().iter().any(|w| w.text.starts_with('-') && !w.text.starts_with("--") && w.text.contains(c))
    };
    let recursive = short('r') || short('R') || has(command, &["--recursive"]);
    let forced = short('f') || has(command, &["--force"]);
    let paths = command.operands(&[]);
    let lasting = paths
        .iter()
        .any(|p| p.text.starts_with('/') && p.text.len() > 1 && !PASSING.iter().any(|k| p.text.starts_with(k)));
    (recursive && forced && lasting).then_some("deletes a directory for good")
}

fn dd(command: &Command) -> Option<&'static str> {
    let device =
        |w: &Argument| w.text.strip_prefix("of=/dev/").is_some_and(|d| !matches!(d, "null" | "stdout" | "zero"));
    command.arguments().iter().any(device).then_some("writes over a device")
}

fn redis(command: &Command) -> Option<&'static str> {
    let flush = |w: &Argument| w.text.eq_ignore_ascii_case("FLUSHALL") || w.text.eq_ignore_ascii_case("FLUSHDB");
    command.arguments().iter().any(flush).then_some("deletes every key")
}

fn ceph(command: &Command) -> Option<&'static str> {
    match words(command)[..] {
        ["osd", "purge" | "destroy", ..] => Some("removes an OSD and what only it holds"),
        ["osd", "pool", "rm" | "delete", ..] => Some("deletes a pool and its objects"),
        ["fs", "rm", ..] => Some("deletes a file system"),
        _ => None,
    }
}

/// The same for a statement of SQL. `DROP … IF EXISTS` prepares an example.
pub(in crate::lint) fn sql(text: &str) -> Option<&'static str> {
    let upper = text.to_ascii_uppercase();
    let words: Vec<&str> =
        upper.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').filter(|w| !w.is_empty()).collect();
    let starts = |at: usize, wanted: &[&str]| words.get(at..at + wanted.len()) == Some(wanted);
    (0..words.len()).find_map(|at| {
        if (starts(at, &["DROP", "TABLE"]) || starts(at, &["DROP", "DATABASE"]) || starts(at, &["DROP", "SCHEMA"]))
            && words.get(at + 2) != Some(&"IF")
        {
            Some("drops what cannot be brought back without a backup")
        } else if starts(at, &["TRUNCATE", "TABLE"]) {
            Some("empties a table")
        } else {
            None
        }
    })
}

#[cfg(test)]
mod tests {
    use crate::lint::core::{Input, Page};

    fn lost(line: &str) -> bool {
        let text = format!("```sh\n{line}\n```\n");
        Page::read(Input { path: "x.md", text: &text }).commands().iter().any(|c| super::loss(c).is_some())
    }

    #[test]
    fn what_cannot_be_taken_back() {
        for line in [
            "kubectl -n shop delete pvc data-0",
            "oc delete pv/x",
            "kubectl delete pod x --grace-period=0 --force",
            "kubectl delete pod x --grace-period 0 --force",
            "kubectl exec x -- redis-cli FLUSHALL",
            "terraform destroy -auto-approve",
            "terraform state rm aws_x.y",
            "sudo rm -rf /var/lib/pg",
            "helm uninstall x -n y",
            "aws s3 rm s3://x/ --recursive",
            "dd if=/dev/zero of=/dev/sdb bs=1M",
            "mkfs.ext4 /dev/sdb",
            "psql -c 'DROP TABLE x'",
            "ceph osd purge 3 --yes-i-really-mean-it",
            "xfs || dropdb shop",
        ] {
            assert!(lost(line), "{line}");
        }
    }

    #[test]
    fn what_can() {
        for line in [
            "kubectl delete pod pvc-cleaner",
            "kubectl delete pod x --force",
            "kubectl delete ns x --dry-run=server",
            "kubectl get pvc",
            "kubectl --context kind-a delete ns x",
            "rm -rf /tmp/x",
            "rm -rf build",
            "rm -f /var/lib/x",
            "helm list",
            "dd if=/dev/sda of=/dev/null",
            "aws s3 rm s3://x/y",
            "psql -c 'DROP TABLE IF EXISTS x'",
            "terraform plan -destroy",
        ] {
            assert!(!lost(line), "{line}");
        }
    }
}
