//! Prompts before commands.

use super::known::is_command;

/// The number of bytes that a prompt takes at the start of `line`; `None` where there is none.
///
/// `session` says that the block shows a session, so that `# ` may be the prompt of root rather than a comment.
pub(super) fn prompt(line: &str, session: bool) -> Option<usize> {
    let lead = line.len() - line.trim_start().len();
    let text = &line[lead..];
    let command_follows = |rest: &str| is_command(rest.split_whitespace().next().unwrap_or_default());
    if let Some(rest) = text.strip_prefix("$ ") {
        return Some(line.len() - rest.trim_start().len());
    }
    for sign in ["> ", "% ", "❯ ", "➜ ", "λ ", "# "] {
        let Some(rest) = text.strip_prefix(sign) else { continue };
        let fits = command_follows(rest) && (session || sign != "# ");
        return fits.then(|| line.len() - rest.trim_start().len());
    }
    let end =
        ["$ ", "# ", "% ", "> "].iter().filter_map(|s| text.find(s)).min().filter(|end| *end > 0 && *end <= 70)?;
    let (before, rest) = (&text[..end], text[end + 2..].trim_start());
    (is_host(before) && !rest.is_empty()).then(|| line.len() - rest.len())
}

/// `root@host:/x`, `[me@host dir]`, `sh-4.4`, `/prometheus `, `(env) me@host`.
fn is_host(text: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || "@._-:~/[]() <>".contains(c);
    let shell = ["sh-", "bash-", "[root", "bash"].iter().any(|p| text.starts_with(p));
    let user = text.contains('@') && !text.contains("://");
    let path =
        (text.starts_with('/') || text.starts_with("~/") || text == "~") && text.trim_end().len() + 1 >= text.len();
    text.chars().all(fits)
        && (shell || (user && text.split_whitespace().count() <= 4) || (path && !text.trim_end().contains(' ')))
}

#[cfg(test)]
mod tests {
    use super::prompt;

    #[test]
    fn prompts_are_told_from_what_they_print() {
        for (line, session, command) in [
            ("$ kubectl get pods", false, Some("kubectl get pods")),
            ("  $  ls", false, Some("ls")),
            ("root@web-1:~# df -h", false, Some("df -h")),
            ("[me@db tmp]$ psql", false, Some("psql")),
            ("sh-4.4# ceph status", false, Some("ceph status")),
            ("/ # ps", false, Some("ps")),
            ("# kubectl get pods", true, Some("kubectl get pods")),
            ("# kubectl get pods", false, None),
            ("# Look at the pods", true, None),
            ("> helm list", false, Some("helm list")),
            ("> 3 rows", false, None),
            ("NAME  READY", true, None),
            ("echo $ x", true, None),
        ] {
            assert_eq!(prompt(line, session).map(|at| &line[at..]), command, "{line}");
        }
    }
}
