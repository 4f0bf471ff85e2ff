//! Which programs may be offered, and which words they may not carry.

use super::CommandError;

/// Programs whose commands a runbook may offer.
const TOOLS: [&str; 86] = [
    "argocd",
    "aws",
    "az",
    "bundle",
    "calicoctl",
    "cargo",
    "cat",
    "ceph",
    "chmod",
    "chown",
    "chronyc",
    "cilium",
    "cmctl",
    "composer",
    "crictl",
    "ctr",
    "curl",
    "df",
    "dig",
    "dmesg",
    "docker",
    "dotnet",
    "du",
    "eksctl",
    "etcdctl",
    "etcdutl",
    "flux",
    "free",
    "gator",
    "gcloud",
    "git",
    "go",
    "gradle",
    "helm",
    "ip",
    "istioctl",
    "java",
    "jcmd",
    "journalctl",
    "kafka-broker-api-versions.sh",
    "kafka-configs.sh",
    "kafka-leader-election.sh",
    "kafka-metadata-quorum.sh",
    "kafka-reassign-partitions.sh",
    "kafka-topics.sh",
    "kubeadm",
    "kubectl",
    "kubeseal",
    "kustomize",
    "kyverno",
    "last",
    "lastb",
    "linkerd",
    "ls",
    "lsof",
    "mongosh",
    "mount",
    "mvn",
    "mysql",
    "nc",
    "nerdctl",
    "node",
    "npm",
    "nslookup",
    "opa",
    "openssl",
    "pg_isready",
    "ping",
    "pip",
    "psql",
    "python",
    "rabbitmq-diagnostics",
    "rabbitmq-queues",
    "rabbitmqctl",
    "redis-cli",
    "smartctl",
    "ss",
    "ssh-keygen",
    "stat",
    "sysctl",
    "systemctl",
    "terraform",
    "timedatectl",
    "tofu",
    "velero",
    "umount",
];

/// Flags of cluster clients that would send the command elsewhere or as somebody else.
const REFUSED: [&str; 14] = [
    "--server",
    "--token",
    "--kubeconfig",
    "--as",
    "--as-group",
    "--as-uid",
    "--kube-token",
    "--kube-apiserver",
    "--kube-as-user",
    "--auth-token",
    "--insecure-skip-tls-verify",
    "--kube-insecure-skip-tls-verify",
    "--user",
    "--username",
];

/// Only these tools take [`REFUSED`] flags in that meaning.
const CLUSTER_TOOLS: [&str; 12] = [
    "kubectl",
    "helm",
    "argocd",
    "flux",
    "istioctl",
    "linkerd",
    "cilium",
    "velero",
    "kyverno",
    "eksctl",
    "cmctl",
    "calicoctl",
];

pub(super) fn check(line: &str, argv: &[String]) -> Result<(), CommandError> {
    if let Some(sign) = shell_sign(line) {
        return Err(CommandError::Shell(sign));
    }
    let tool = argv[0].as_str();
    if !is_known(tool) {
        return Err(CommandError::UnknownTool(tool.to_owned()));
    }
    let flags = argv.iter().skip(1).take_while(|word| *word != "--");
    let refused = flags.map(|word| word.split('=').next().unwrap_or("")).find(|flag| REFUSED.contains(flag));
    match refused {
        Some(flag) if CLUSTER_TOOLS.contains(&tool) => Err(CommandError::RefusedFlag(flag.to_owned())),
        _ => Ok(()),
    }
}

/// Whether a program may be offered at all.
pub(super) fn is_known(tool: &str) -> bool {
    TOOLS.contains(&tool)
}

/// The first sign outside of quotes that only a shell understands; placeholders such as `<pod>` are none.
fn shell_sign(line: &str) -> Option<String> {
    let mut quote = None;
    let mut chars = line.char_indices();
    while let Some((at, c)) = chars.next() {
        match (quote, c) {
            (None | Some('"'), '\\') => _ = chars.next(),
            (None, '\'' | '"') => quote = Some(c),
            (Some(open), _) if open == c => quote = None,
            (None, '<') if placeholder(&line[at..]).is_some() => {
                let end = placeholder(&line[at..]).unwrap_or(1);
                chars = line[at + end..].char_indices();
                return shell_sign(chars.as_str());
            }
            (None, '|' | '>' | '<' | ';' | '&' | '`' | '*' | '\n') => return Some(c.to_string()),
            (None | Some('"'), '$')
                if line[at + 1..].starts_with(['(', '{', '_'])
                    || line[at + 1..].starts_with(|n: char| n.is_ascii_alphabetic()) =>
            {
                return Some("$".into());
            }
            (Some('"'), '`') => return Some("`".into()),
            _ => {}
        }
    }
    None
}

/// The length of a placeholder such as `<pod>` at the start of `text`.
fn placeholder(text: &str) -> Option<usize> {
    let end = text.find('>')?;
    let name = &text[1..end];
    let shaped =
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b' '));
    shaped.then_some(end + 1)
}

pub(super) fn has_placeholder(word: &str) -> bool {
    word.match_indices('<').any(|(at, _)| placeholder(&word[at..]).is_some())
}
