//! `kubectl logs --prefix`: `[pod/NAME/CONTAINER] text`; the time that `--timestamps` adds is the next layer's.
//! <https://kubernetes.io/docs/reference/kubectl/generated/kubectl_logs/>

use super::{Format, Kind, Record, first};

pub(super) const FORMAT: Format = Format {
    name: "kubectl-prefix",
    title: "`kubectl logs --prefix`",
    link: "https://kubernetes.io/docs/reference/kubectl/generated/kubectl_logs/",
    kind: Kind::Wrapper,
    first: first::BRACKET,
    samples: &[
        ("kubectl-prefix", "[pod/api-5d7f/web] started"),
        ("kubectl-prefix with time stamps", "[pod/api-5d7f/web] 2024-03-01T10:00:00.123456789Z started"),
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
    use super::{FORMAT, parse};
    use crate::evidence::format::name_and_read;

    #[test]
    fn pod_and_container_are_kept() {
        let inner = parse("[pod/api-5d7f/web] started").expect("prefix");
        assert_eq!(
            (inner.pod.as_deref(), inner.container.as_deref(), inner.message.as_ref()),
            (Some("api-5d7f"), Some("web"), "started")
        );
        for line in ["[pod/x] y", "[pod/x/] y", "[pod/x y/z] y", "[pod/", ""] {
            assert_eq!(parse(line), None, "{line}");
        }
    }

    #[test]
    fn the_time_is_read_by_the_next_layer() {
        let (names, record) = name_and_read(FORMAT.samples[1].1);
        assert_eq!(names, ["kubectl-prefix", "kubectl-timestamps"]);
        assert_eq!((record.time.is_some(), record.message.as_ref()), (true, "started"));
    }
}
