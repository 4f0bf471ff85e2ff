//! `kubectl logs --prefix`: `[pod/NAME/CONTAINER] text`.

use super::{Format, Kind, Record, first};

pub(super) const FORMAT: Format = Format {
    name: "kubectl-prefix",
    title: "`kubectl logs --prefix`",
    link: "https://kubernetes.io/docs/reference/kubectl/generated/kubectl_logs/",
    kind: Kind::Wrapper,
    first: first::BRACKET,
    samples: &[
        ("--prefix", "[pod/api-5d7f/web] started"),
        ("--prefix --timestamps", "[pod/api-5d7f/web] 2024-03-01T10:00:00.123456789Z started"),
    ],
    parse,
};

fn parse(line: &str) -> Option<Record<'_>> {
    let (prefix, text) = line.strip_prefix("[pod/")?.split_once(']')?;
    let (pod, container) = prefix.split_once('/')?;
    if pod.is_empty() || container.is_empty() || prefix.contains(' ') {
        return None;
    }
    let text = text.strip_prefix(' ').unwrap_or(text);
    Some(Record { pod: Some(pod.into()), container: Some(container.into()), ..Record::of(text) })
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::evidence::format::read;

    #[test]
    fn pod_and_container_are_kept() {
        let inner = parse("[pod/api-5d7f/web] started").expect("prefix");
        assert_eq!(
            (inner.pod.as_deref(), inner.container.as_deref(), inner.message.as_ref()),
            (Some("api-5d7f"), Some("web"), "started")
        );
        assert_eq!(parse("[pod/x] y"), None);
    }

    #[test]
    fn a_time_stamp_behind_it_is_read_too() {
        let record = read("[pod/api-5d7f/web] 2024-03-01T10:00:00.123456789Z started");
        assert_eq!((record.message.as_ref(), record.time.is_some()), ("started", true));
    }
}
