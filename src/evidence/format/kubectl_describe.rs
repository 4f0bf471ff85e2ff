//! What `kubectl describe` prints: `Name:   x`, and indented `Exit Code:  137`. Its events are the table's.
//! <https://kubernetes.io/docs/reference/kubectl/generated/kubectl_describe/>

use super::{Format, Kind, Record, first};
use crate::evidence::Level;

pub(super) const FORMAT: Format = Format {
    name: "kubectl-describe",
    title: "`kubectl describe`",
    link: "https://kubernetes.io/docs/reference/kubectl/generated/kubectl_describe/",
    kind: Kind::Program,
    first: first::LETTER | first::OTHER,
    samples: &[
        ("kubectl describe", "Namespace:        shop"),
        ("kubectl describe, of a container", "      Exit Code:    137"),
        ("kubectl describe, a message", "      Message:      back-off 5m0s restarting failed container"),
    ],
    parse,
};

/// No key is longer.
const WITHIN: usize = 40;

/// Keys of a container's state, which are known with one blank too.
const KNOWN: [&str; 12] = [
    "Reason",
    "Exit Code",
    "Message",
    "Ready",
    "State",
    "Last State",
    "Restart Count",
    "Started",
    "Finished",
    "Signal",
    "Image",
    "Status",
];

/// The line stays the message, since a value alone says little; a message's value does not.
fn parse(line: &str) -> Option<Record<'_>> {
    let text = line.trim_start();
    let end = text.bytes().take(WITHIN).position(|b| b == b':')?;
    let (key, value) = (text.get(..end)?, text.get(end + 1..)?);
    let indented = text.len() < line.len();
    let padded = value.starts_with("  ") || value.starts_with('\t');
    let known = indented && value.starts_with(' ') && KNOWN.contains(&key);
    let value = value.trim();
    if value.is_empty() || !(padded || known) || !is_key(key) {
        return None;
    }
    let message = if key == "Message" { value } else { text.trim_end() };
    Some(Record { fields: vec![(key.into(), value.into())], ..Record::of(message) })
}

/// Every word begins with a capital. `FATAL:  x` is what `PostgreSQL` writes, and `Error:  x` anybody.
fn is_key(key: &str) -> bool {
    let word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_uppercase() || c == '(')
            && word.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'/' | b'(' | b')' | b'.'))
    };
    let shouted = key.len() > 3 && key.bytes().all(|b| b.is_ascii_uppercase());
    key.split(' ').all(word) && !shouted && Level::from_word(key).is_none()
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn keys_and_values_are_told_apart() {
        for (line, key, value, message) in [
            ("Name:             api-0", "Name", "api-0", "Name:             api-0"),
            ("Node:\t\t\tnode-1/10.0.0.7", "Node", "node-1/10.0.0.7", "Node:\t\t\tnode-1/10.0.0.7"),
            ("      Exit Code:    137", "Exit Code", "137", "Exit Code:    137"),
            ("    Last State:     Terminated", "Last State", "Terminated", "Last State:     Terminated"),
            ("      Reason: OOMKilled", "Reason", "OOMKilled", "Reason: OOMKilled"),
            ("    Container ID:  docker://3f", "Container ID", "docker://3f", "Container ID:  docker://3f"),
            ("      Message:      exit status 1: x", "Message", "exit status 1: x", "exit status 1: x"),
            ("IP:  10.0.0.7", "IP", "10.0.0.7", "IP:  10.0.0.7"),
        ] {
            let record = parse(line).expect(line);
            assert_eq!((record.field(key), record.message.as_ref()), (Some(value), message), "{line}");
        }
    }

    #[test]
    fn other_lines_are_no_description() {
        for line in [
            "",
            "Containers:",
            "  sh:",
            "Name: x",
            "Reason: x",
            "FATAL:  password authentication failed",
            "DETAIL:  x",
            "Error:  x",
            "  cpu:  1",
            "Caused by:  x",
            "http://a",
            "é:  x",
            "12:  x",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
