//! Lines of `kubectl describe`: `Name:             api-0`, `      Reason:       OOMKilled`.
//! <https://kubernetes.io/docs/reference/kubectl/generated/kubectl_describe/>

use super::{Format, Kind, Record, first};
use crate::evidence::{Level, Stamp, stamp};

pub(super) const FORMAT: Format = Format {
    name: "kubectl-describe",
    title: "kubectl describe",
    link: "https://kubernetes.io/docs/reference/kubectl/generated/kubectl_describe/",
    kind: Kind::Program,
    first: first::LETTER | first::OTHER,
    samples: &[("of the object", "Name:             api-0"), ("of a container", "      Reason:       OOMKilled")],
    parse,
};

/// No key is longer.
const LONGEST_KEY: usize = 32;

/// Keys that stand in column 0. Any other word there is more likely a program's own.
const OUTER: &str = "Access Modes|Address|Addresses|Allocatable|Allocated resources|Annotations|API Version|Capacity|\
    Claim|Completions|Conditions|Containers|Controlled By|CreationTimestamp|Default backend|\
    Deployment pods|Endpoints|Events|Finalizers|Ingress Class|Init Containers|IP|IP Families|\
    IP Family Policy|IPs|Kind|Labels|LoadBalancer Ingress|Max replicas|Metrics|Min replicas|\
    MinReadySeconds|Name|Namespace|NewReplicaSet|Node|Node-Selectors|NodePort|Non-terminated Pods|\
    OldReplicaSets|Parallelism|Pod Template|PodCIDR|PodCIDRs|Pods Status|Port|Priority|\
    Priority Class Name|Provisioner|QoS Class|Reclaim Policy|Reference|Replicas|Roles|\
    RollingUpdateStrategy|Selector|Service Account|Session Affinity|Start Time|Status|StorageClass|\
    StrategyType|System Info|Taints|TargetPort|Tolerations|Type|Unschedulable|Update Strategy|Used By|\
    Volume|VolumeMode|Volumes";

/// Indented keys that one blank may follow.
const INNER: &[&str] = &[
    "State",
    "Last State",
    "Reason",
    "Message",
    "Exit Code",
    "Signal",
    "Started",
    "Finished",
    "Ready",
    "Restart Count",
    "Image",
    "Status",
    "Host Port",
    "Port",
    "Limits",
    "Requests",
];

/// Prose that is set as a key is.
const PROSE: &[&str] = &["Caused by", "Exception", "Traceback", "Usage", "Example"];

fn parse(line: &str) -> Option<Record<'_>> {
    let text = line.trim();
    if !text.as_bytes().first()?.is_ascii_uppercase() {
        return None;
    }
    let colon = text.bytes().take(LONGEST_KEY).position(|b| b == b':')?;
    let (key, rest) = (text.get(..colon)?, text.get(colon + 1..)?);
    let value = rest.trim_start();
    let wide = rest.starts_with("  ") || rest.starts_with('\t');
    let indented = line.starts_with([' ', '\t']);
    let known = if indented { is_inner(key, wide) } else { wide && OUTER.split('|').any(|outer| outer == key) };
    if !known || value.is_empty() || value.len() == rest.len() || !is_key(key) {
        return None;
    }
    Some(Record { time: time(key, value), fields: vec![(key.into(), value.into())], ..Record::of(text) })
}

fn is_inner(key: &str, wide: bool) -> bool {
    INNER.contains(&key) || (wide && !PROSE.contains(&key))
}

/// Words of letters and dashes, one blank between them, none of them a level.
fn is_key(key: &str) -> bool {
    let letters = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-');
    key.split(' ').all(|word| letters(word) && Level::from_word(word).is_none())
}

/// `Mon, 01 Jan 2024 10:00:00 +0000`.
fn time(key: &str, value: &str) -> Option<Stamp> {
    if !matches!(key, "Started" | "Finished" | "Start Time" | "CreationTimestamp") {
        return None;
    }
    let (_, date) = value.split_once(", ")?;
    let (stamp, length) = stamp::day_first(date)?;
    (length == date.len()).then_some(stamp)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_key_names_its_value() {
        for (line, key, value) in [
            ("Name:             api-0", "Name", "api-0"),
            ("Namespace:  shop", "Namespace", "shop"),
            ("Node-Selectors:              <none>", "Node-Selectors", "<none>"),
            ("Annotations:      a.b/c: d", "Annotations", "a.b/c: d"),
            ("Events:\t<none>", "Events", "<none>"),
            ("    Image:   x:1", "Image", "x:1"),
            ("    Last State:     Terminated", "Last State", "Terminated"),
            ("      Exit Code:    137", "Exit Code", "137"),
            ("      Message: fork: no memory  ", "Message", "fork: no memory"),
            ("    Liveness:       http-get http://:80/ delay=0s", "Liveness", "http-get http://:80/ delay=0s"),
        ] {
            let record = parse(line).expect(line);
            assert_eq!((record.field(key), record.message.as_ref()), (Some(value), line.trim()), "{line}");
            assert_eq!((record.level, record.time), (None, None), "{line}");
        }
    }

    #[test]
    fn a_start_is_a_time() {
        let time = |line| parse(line).expect(line).time.map(|t| t.to_string());
        let wanted = Some("2024-01-01T10:00:00Z".to_owned());
        assert_eq!(time("      Started:      Mon, 01 Jan 2024 10:00:00 +0000"), wanted);
        assert_eq!(time("Start Time:       Mon, 01 Jan 2024 10:00:00 +0000"), wanted);
        assert_eq!(time("      Finished:     Mon, then"), None);
    }

    #[test]
    fn prose_is_no_description() {
        for line in [
            "",
            "   ",
            "Error:  could not connect",
            "Note:  x",
            "Caused by:  x",
            "  Caused by:  java.io.IOException: x",
            "WARNING:  x",
            "  Error:  x",
            "    Fatal error:  x",
            "Name: api-0",
            "Cause:  x",
            "Name:",
            "Containers:",
            "    Environment: x",
            "      cpu:  100m",
            "    Reason:x",
            "    A1:  x",
            "    A  B:  x",
            "    Ümlaut:  x",
            "    At é: x:  y",
            "2026-01-31 08:00:00 INFO Name:  x",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
