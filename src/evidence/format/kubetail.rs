//! kubetail: `[pod container] text`, or `[pod] text` where the pod has one container.
//! <https://github.com/johanhaleby/kubetail>

use super::stern::{is_generated, is_label, is_of};
use super::{Format, Kind, Record, first};

pub(super) const FORMAT: Format = Format {
    name: "kubetail",
    title: "kubetail",
    link: "https://github.com/johanhaleby/kubetail",
    kind: Kind::Wrapper,
    first: first::BRACKET,
    samples: &[
        ("kubetail", "[api-7d4b9c6f5d-x2k9p web] connection refused"),
        ("kubetail, one container", "[api-7d4b9c6f5d-x2k9p] connection refused"),
    ],
    parse,
};

fn parse(line: &str) -> Option<Record<'_>> {
    let (prefix, text) = line.strip_prefix('[')?.split_once(']')?;
    let text = if text.is_empty() { text } else { text.strip_prefix(' ')? };
    let Some((pod, container)) = prefix.split_once(' ') else {
        // Threads are named as the pods of stateful sets are, so such a name alone says nothing.
        return is_generated(prefix).then(|| Record { pod: Some(prefix.into()), ..Record::of(text) });
    };
    let named = is_label(container) && (is_generated(pod) || is_of(pod, container));
    named.then(|| Record { pod: Some(pod.into()), container: Some(container.into()), ..Record::of(text) })
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn pod_and_container_come_off() {
        for (line, pod, container, text) in [
            ("[api-7d4b9c6f5d-x2k9p web]  a", "api-7d4b9c6f5d-x2k9p", Some("web"), " a"),
            ("[api-7d4b9c6f5d-x2k9p] a", "api-7d4b9c6f5d-x2k9p", None, "a"),
            ("[api-7d4b9c6f5d-x2k9p]", "api-7d4b9c6f5d-x2k9p", None, ""),
            ("[kafka-0 kafka] a", "kafka-0", Some("kafka"), "a"),
        ] {
            let record = parse(line).expect(line);
            assert_eq!((record.pod.as_deref(), record.container.as_deref()), (Some(pod), container), "{line}");
            assert_eq!(record.message, text, "{line}");
        }
    }

    #[test]
    fn threads_and_levels_are_no_pods() {
        for line in ["", "[", "[main] x", "[worker-1] x", "[http-nio-8080-exec-1] x", "[pool-1 thread-1] x", "[info] x"]
        {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
