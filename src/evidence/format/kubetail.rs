//! kubetail: `[POD CONTAINER] text`, `[POD] text`.
//! <https://github.com/johanhaleby/kubetail>

use super::{Format, Kind, Record, first, generated};

pub(super) const FORMAT: Format = Format {
    name: "kubetail",
    title: "kubetail",
    link: "https://github.com/johanhaleby/kubetail",
    kind: Kind::Wrapper,
    first: first::BRACKET,
    samples: &[
        ("kubetail", "[checkout-7d9c5b6f4-x2lqp api] panic: boom"),
        ("one container", "[checkout-7d9c5b6f4-x2lqp] panic: boom"),
    ],
    parse,
};

fn parse(line: &str) -> Option<Record<'_>> {
    let (prefix, text) = line.strip_prefix('[')?.split_once(']')?;
    let (pod, container) = prefix.split_once(' ').unwrap_or((prefix, ""));
    if !generated(pod) || container.contains(' ') {
        return None;
    }
    let text = text.strip_prefix(' ').unwrap_or(text);
    let container = (!container.is_empty()).then(|| container.into());
    Some(Record { pod: Some(pod.into()), container, ..Record::of(text) })
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn pod_and_container_come_off() {
        let record = parse("[checkout-7d9c5b6f4-x2lqp api] panic: boom").expect("kubetail");
        assert_eq!((record.container.as_deref(), record.message.as_ref()), (Some("api"), "panic: boom"));
        assert_eq!(parse("[orders-db-0] ready").expect("kubetail").pod.as_deref(), Some("orders-db-0"));
        for line in ["[info] x", "[main] started", "[error] 7#7: *1 open()", "[2024-01-01 10:00:00] x", "[pod/a/b] x"] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
