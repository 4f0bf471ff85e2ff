//! Subcommands and flags of command-line tools: what there is, what is gone, what is on its way out.

use crate::lint::shell::{Argument, Command};

/// A subcommand that is gone or going.
#[derive(Clone, Copy, Debug)]
pub(in crate::lint) struct OldCommand {
    pub program: &'static str,
    /// The words behind the program.
    pub words: &'static [&'static str],
    /// It no longer works, rather than being advised against.
    pub gone: bool,
    /// A clause: what became of it and what to use.
    pub note: &'static str,
}

/// A flag that is gone or going.
#[derive(Clone, Copy, Debug)]
pub(in crate::lint) struct OldFlag {
    pub program: &'static str,
    /// Subcommands that had it; empty for all.
    pub under: &'static [&'static str],
    pub flag: &'static str,
    /// Only with this value; `Some("")` for the bare flag.
    pub value: Option<&'static str>,
    pub gone: bool,
    /// A clause: what became of it and what to use.
    pub note: &'static str,
    /// The flag that means exactly the same.
    pub instead: Option<&'static str>,
}

const fn gone(program: &'static str, words: &'static [&'static str], note: &'static str) -> OldCommand {
    OldCommand { program, words, gone: true, note }
}

const fn going(program: &'static str, words: &'static [&'static str], note: &'static str) -> OldCommand {
    OldCommand { program, words, gone: false, note }
}

/// kubectl: <https://github.com/kubernetes/kubernetes/tree/master/CHANGELOG> (1.18 for `rolling-update`).
/// Helm: <https://helm.sh/docs/faq/changes_since_helm2/>. Terraform: <https://developer.hashicorp.com/terraform/cli/commands> and
/// <https://developer.hashicorp.com/terraform/language/upgrade-guides>.
/// AWS: <https://docs.aws.amazon.com/cli/latest/userguide/cliv2-migration-changes.html>.
pub(in crate::lint) const OLD_COMMANDS: &[OldCommand] = &[
    gone(
        "kubectl",
        &["rolling-update"],
        "was removed in Kubernetes 1.18; use `kubectl set image` and `kubectl rollout status`",
    ),
    gone("helm", &["init"], "was removed in Helm 3, which has no Tiller; leave it out"),
    gone("helm", &["reset"], "was removed in Helm 3, which has no Tiller; leave it out"),
    gone("helm", &["serve"], "was removed in Helm 3; serve charts from a registry or a chart repository"),
    gone("terraform", &["0.12upgrade"], "works only in Terraform 0.12; leave it out"),
    gone("terraform", &["0.13upgrade"], "works only in Terraform 0.13; leave it out"),
    gone("terraform", &["push"], "was removed in Terraform 0.12; leave it out"),
    gone(
        "terraform",
        &["remote", "config"],
        "was removed in Terraform 0.9; configure a backend and run `terraform init`",
    ),
    gone("aws", &["ecr", "get-login"], "is not in version 2 of the AWS CLI; use `aws ecr get-login-password`"),
    going("terraform", &["env"], "is an old name; use `terraform workspace`"),
    going(
        "terraform",
        &["refresh"],
        "is deprecated because it changes the state unseen; use `terraform apply -refresh-only`",
    ),
    going("terraform", &["taint"], "is deprecated; use `terraform apply -replace=ADDRESS`, which shows a plan first"),
];

/// Flags of `kubectl run` that made workloads and set what a pod has no field for.
const RUN: &str = "is no flag of `kubectl run` any more, which makes a single pod since Kubernetes 1.18; use `kubectl create deployment` or a manifest";

const fn lost(
    program: &'static str,
    under: &'static [&'static str],
    flag: &'static str,
    note: &'static str,
) -> OldFlag {
    OldFlag { program, under, flag, value: None, gone: true, note, instead: None }
}

const DRY: &str = "is deprecated since Kubernetes 1.18: say whether the client or the server is to try it";

/// kubectl: <https://github.com/kubernetes/kubernetes/blob/master/CHANGELOG/CHANGELOG-1.18.md> (`--export`, `run`, `--dry-run`),
/// <https://kubernetes.io/docs/reference/kubectl/generated/kubectl_drain/>. Helm: <https://helm.sh/docs/faq/changes_since_helm2/>.
/// Terraform: <https://developer.hashicorp.com/terraform/language/upgrade-guides>.
pub(in crate::lint) const OLD_FLAGS: &[OldFlag] = &[
    lost(
        "kubectl",
        &["get"],
        "--export",
        "was removed in Kubernetes 1.18; use `-o yaml` and take the status and the generated fields out",
    ),
    lost("kubectl", &["get"], "--show-all", "was removed long ago: ended pods are always shown; leave it out"),
    lost("kubectl", &["run"], "--generator", RUN),
    lost("kubectl", &["run"], "--replicas", RUN),
    lost("kubectl", &["run"], "--limits", RUN),
    lost("kubectl", &["run"], "--requests", RUN),
    lost("kubectl", &["run"], "--serviceaccount", RUN),
    lost("kubectl", &["run"], "--hostport", RUN),
    lost("kubectl", &["run"], "--schedule", RUN),
    lost(
        "kubectl",
        &["top"],
        "--heapster-namespace",
        "went with Heapster; `kubectl top` asks metrics-server; leave it out",
    ),
    lost("kubectl", &["top"], "--heapster-port", "went with Heapster; `kubectl top` asks metrics-server; leave it out"),
    lost(
        "kubectl",
        &["top"],
        "--heapster-scheme",
        "went with Heapster; `kubectl top` asks metrics-server; leave it out",
    ),
    lost(
        "kubectl",
        &["top"],
        "--heapster-service",
        "went with Heapster; `kubectl top` asks metrics-server; leave it out",
    ),
    OldFlag {
        instead: Some("--delete-emptydir-data"),
        ..lost(
            "kubectl",
            &["drain"],
            "--delete-local-data",
            "was replaced in Kubernetes 1.20; use `--delete-emptydir-data`",
        )
    },
    OldFlag {
        value: Some(""),
        gone: false,
        instead: Some("--dry-run=client"),
        ..lost("kubectl", &[], "--dry-run", DRY)
    },
    OldFlag {
        value: Some("true"),
        gone: false,
        instead: Some("--dry-run=client"),
        ..lost("kubectl", &[], "--dry-run", DRY)
    },
    OldFlag {
        gone: false,
        ..lost(
            "kubectl",
            &[],
            "--record",
            "is deprecated and will be removed; annotate with `kubernetes.io/change-cause` instead",
        )
    },
    lost(
        "helm",
        &["delete", "del", "uninstall"],
        "--purge",
        "was removed in Helm 3, which always purges; leave it out",
    ),
    lost("helm", &[], "--tiller-namespace", "was removed in Helm 3, which has no Tiller; leave it out"),
    lost("helm", &[], "--tiller-connection-timeout", "was removed in Helm 3, which has no Tiller; leave it out"),
    lost("helm", &["install"], "--name", "was removed in Helm 3; the name is the first argument"),
    lost("helm", &["template"], "--execute", "was removed in Helm 3; use `--show-only`"),
    OldFlag {
        instead: Some("-auto-approve"),
        ..lost(
            "terraform",
            &["destroy"],
            "-force",
            "was removed in Terraform 0.15; use `-auto-approve`, which does not ask either",
        )
    },
    lost("terraform", &["init"], "-get-plugins", "was removed in Terraform 0.15; leave it out"),
    lost("terraform", &["init"], "-verify-plugins", "was removed in Terraform 0.15; leave it out"),
    lost(
        "terraform",
        &["output"],
        "-module",
        "was removed in Terraform 0.12; only outputs of the root module can be read",
    ),
];

/// The subcommands of kubectl, <https://kubernetes.io/docs/reference/kubectl/generated/>.
pub(in crate::lint) const KUBECTL: &[&str] = &[
    "alpha",
    "annotate",
    "api-resources",
    "api-versions",
    "apply",
    "attach",
    "auth",
    "autoscale",
    "certificate",
    "cluster-info",
    "completion",
    "config",
    "cordon",
    "cp",
    "create",
    "debug",
    "delete",
    "describe",
    "diff",
    "drain",
    "edit",
    "events",
    "exec",
    "explain",
    "expose",
    "get",
    "help",
    "kuberc",
    "kustomize",
    "label",
    "logs",
    "options",
    "patch",
    "plugin",
    "port-forward",
    "proxy",
    "replace",
    "rollout",
    "run",
    "scale",
    "set",
    "taint",
    "top",
    "uncordon",
    "version",
    "wait",
];

/// The subcommands of Helm and their short names, <https://helm.sh/docs/helm/>, with the old ones that [`OLD_COMMANDS`] knows.
pub(in crate::lint) const HELM: &[&str] = &[
    "completion",
    "create",
    "del",
    "delete",
    "dep",
    "dependency",
    "env",
    "fetch",
    "get",
    "help",
    "hist",
    "history",
    "init",
    "inspect",
    "install",
    "lint",
    "list",
    "ls",
    "package",
    "plugin",
    "pull",
    "push",
    "registry",
    "repo",
    "reset",
    "rollback",
    "search",
    "serve",
    "show",
    "status",
    "template",
    "test",
    "un",
    "uninstall",
    "upgrade",
    "verify",
    "version",
];

/// The subcommands of Terraform, <https://developer.hashicorp.com/terraform/cli/commands>, with the old ones.
pub(in crate::lint) const TERRAFORM: &[&str] = &[
    "apply",
    "console",
    "destroy",
    "env",
    "fmt",
    "force-unlock",
    "get",
    "graph",
    "import",
    "init",
    "login",
    "logout",
    "metadata",
    "modules",
    "output",
    "plan",
    "providers",
    "push",
    "query",
    "refresh",
    "remote",
    "show",
    "stacks",
    "state",
    "taint",
    "test",
    "untaint",
    "validate",
    "version",
    "workspace",
];

/// Plugins that look like a slip of the pen for a subcommand and are none.
pub(in crate::lint) const PLUGINS: &[&str] = &[
    "argo",
    "cert-manager",
    "cnpg",
    "convert",
    "ctx",
    "diff",
    "directpv",
    "drift",
    "exec-as",
    "execws",
    "hlf",
    "images",
    "krew",
    "lineage",
    "minio",
    "neat",
    "np-viewer",
    "ns",
    "oidc-login",
    "outdated",
    "rook-ceph",
    "s3",
    "secrets",
    "ssh",
    "stern",
    "tail",
    "tap",
    "trace",
    "tree",
    "unit",
    "unittest",
    "view",
    "virt",
    "whoami",
];

/// Global flags of kubectl whose value is the next word.
pub(in crate::lint) const KUBECTL_VALUES: &[&str] = &[
    "-n",
    "--namespace",
    "--context",
    "--cluster",
    "--user",
    "--kubeconfig",
    "-s",
    "--server",
    "--token",
    "--as",
    "--as-group",
    "--request-timeout",
    "-c",
    "--container",
    "-l",
    "--selector",
    "-o",
    "--output",
    "-f",
    "--filename",
    "--field-selector",
    "-v",
    "--image",
    "-p",
    "--patch",
    "--type",
    "--for",
    "--timeout",
    "--tail",
    "--since",
    "-k",
    "--kustomize",
    "--pod-running-timeout",
    "--grace-period",
    "--replicas",
    "--sort-by",
    "--profile",
    "--cache-dir",
    "--certificate-authority",
    "--client-key",
    "--client-certificate",
    "--target",
    "--env",
    "--overrides",
    "--restart",
    "--limits",
    "--requests",
    "--labels",
];

/// Global flags of Helm whose value is the next word.
pub(in crate::lint) const HELM_VALUES: &[&str] = &[
    "-n",
    "--namespace",
    "--kube-context",
    "--kubeconfig",
    "-f",
    "--values",
    "--set",
    "--set-string",
    "--set-file",
    "--version",
    "--timeout",
    "-o",
    "--output",
    "--repo",
    "--tiller-namespace",
    "--history-max",
    "--max",
    "--revision",
    "--burst-limit",
    "--kube-apiserver",
    "--kube-token",
    "--registry-config",
    "--repository-cache",
    "--repository-config",
    "--name",
];

/// What is known about the subcommand of `command`.
#[must_use]
pub(in crate::lint) fn old_command(command: &Command) -> Option<&'static OldCommand> {
    let operands = command.operands(values_of(command.program()));
    let is = |old: &&OldCommand| {
        old.program == command.program()
            && old.words.len() <= operands.len()
            && old.words.iter().zip(&operands).all(|(w, o)| *w == o.text)
    };
    OLD_COMMANDS.iter().find(is)
}

/// What is known about the flags of `command`, each with the word that has it.
#[must_use]
pub(in crate::lint) fn old_flags(command: &Command) -> Vec<(&'static OldFlag, &Argument)> {
    let operands = command.operands(values_of(command.program()));
    let verb = operands.first().map_or("", |w| w.text.as_str());
    let fits = |old: &&OldFlag| old.program == command.program() && (old.under.is_empty() || old.under.contains(&verb));
    let has = |old: &'static OldFlag| {
        let words = command.arguments().iter().filter(|w| is_flag(&w.text, old));
        words.map(move |w| (old, w)).collect::<Vec<_>>()
    };
    OLD_FLAGS.iter().filter(fits).flat_map(has).collect()
}

fn is_flag(word: &str, old: &OldFlag) -> bool {
    let Some(rest) = word.strip_prefix(old.flag) else { return false };
    match (rest.strip_prefix('='), old.value) {
        (None, wanted) => rest.is_empty() && wanted.is_none_or(str::is_empty),
        (Some(value), wanted) => wanted.is_none_or(|w| w == value),
    }
}

fn values_of(program: &str) -> &'static [&'static str] {
    match program {
        "kubectl" => KUBECTL_VALUES,
        "helm" => HELM_VALUES,
        "aws" => &["--region", "--profile", "--output", "--endpoint-url"],
        _ => &[],
    }
}
