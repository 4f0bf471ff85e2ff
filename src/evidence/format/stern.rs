//! stern: `POD CONTAINER text`, and `NAMESPACE POD CONTAINER text` with `--all-namespaces`.
//! <https://github.com/stern/stern#templates>

use super::{Format, Kind, Record, first, generated};

pub(super) const FORMAT: Format = Format {
    name: "stern",
    title: "stern",
    link: "https://github.com/stern/stern#templates",
    kind: Kind::Wrapper,
    first: first::LETTER | first::DIGIT | first::OTHER,
    samples: &[
        ("stern", "checkout-7d9c5b6f4-x2lqp api panic: boom"),
        ("--all-namespaces", "shop checkout-7d9c5b6f4-x2lqp api panic: boom"),
        ("pod found", "+ checkout-7d9c5b6f4-x2lqp › api"),
    ],
    parse,
};

fn parse(line: &str) -> Option<Record<'_>> {
    if let Some(rest) = line.strip_prefix("+ ").or_else(|| line.strip_prefix("- ")) {
        return found(line, rest);
    }
    let (first, rest) = line.split_once(' ')?;
    if generated(first) {
        return of(None, first, rest);
    }
    let (second, rest) = rest.split_once(' ')?;
    if !generated(second) || !is_label(first) { None } else { of(Some(first), second, rest) }
}

fn of<'a>(namespace: Option<&'a str>, pod: &'a str, rest: &'a str) -> Option<Record<'a>> {
    let (container, text) = rest.split_once(' ')?;
    is_label(container).then(|| Record {
        pod: Some(pod.into()),
        container: Some(container.into()),
        fields: namespace.map(|n| ("namespace".into(), n.into())).into_iter().collect(),
        ..Record::of(text)
    })
}

/// `+ POD › CONTAINER`, when stern begins or ends to read a container.
fn found<'a>(line: &'a str, rest: &'a str) -> Option<Record<'a>> {
    let (who, container) = rest.split_once(" › ")?;
    let pod = who.rsplit(' ').next()?;
    Some(Record { pod: Some(pod.into()), container: Some(container.trim().into()), ..Record::of(line) })
}

/// A DNS label (RFC 1123).
fn is_label(word: &str) -> bool {
    let shaped = word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    shaped && !word.is_empty() && word.len() <= 63 && !word.starts_with('-') && !word.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn pod_and_container_come_off() {
        for (line, pod, text) in [
            ("checkout-7d9c5b6f4-x2lqp api panic: boom", "checkout-7d9c5b6f4-x2lqp", "panic: boom"),
            ("orders-db-0 postgres FATAL:  no", "orders-db-0", "FATAL:  no"),
            ("shop node-agent-4xk2p agent x", "node-agent-4xk2p", "x"),
            ("checkout-7d9c5b6f4-x2lqp api \tat a.B(C.java:1)", "checkout-7d9c5b6f4-x2lqp", "\tat a.B(C.java:1)"),
        ] {
            let record = parse(line).expect(line);
            assert_eq!((record.pod.as_deref(), record.message.as_ref()), (Some(pod), text), "{line}");
        }
        let record = parse("shop node-agent-4xk2p agent x").expect("stern");
        assert_eq!((record.field("namespace"), record.container.as_deref()), (Some("shop"), Some("agent")));
    }

    #[test]
    fn prose_is_no_stern() {
        for line in
            ["hello world x", "error in module a", "run-1 failed with 3 errors", "well-known fact is", "a-b c d", ""]
        {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
