//! stern: `pod container text`, with the namespace in front where it follows several, and `+ namespace pod › container` where it starts.
//! <https://github.com/stern/stern#output>

use super::{Format, Kind, Record, first, klog, take};
use crate::evidence::Stamp;

pub(super) const FORMAT: Format = Format {
    name: "stern",
    title: "stern",
    link: "https://github.com/stern/stern#output",
    kind: Kind::Wrapper,
    first: first::LETTER | first::DIGIT | first::OTHER,
    samples: &[
        ("stern", "api-7d4b9c6f5d-x2k9p web connection refused"),
        ("stern --all-namespaces", "shop api-7d4b9c6f5d-x2k9p web ERROR connection refused"),
        ("stern, a pod is found", "+ shop api-7d4b9c6f5d-x2k9p › web"),
    ],
    parse,
};

/// Letters and digits of generated names: Kubernetes leaves out vowels, and digits that look like them, so that no word comes about.
const SAFE: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";

/// Words that follow a pod's name in a sentence.
const PROSE: [&str; 19] = [
    "is", "was", "has", "had", "in", "on", "to", "from", "at", "not", "and", "or", "with", "for", "failed", "does",
    "did", "will", "cannot",
];

fn parse(line: &str) -> Option<Record<'_>> {
    if line.starts_with(['+', '-']) {
        return found(line);
    }
    let (word, rest) = line.split_once(' ')?;
    if is_generated(word) || is_ordinal(word) {
        return of_pod(word, rest);
    }
    let (pod, rest) = rest.split_once(' ')?;
    if !is_label(word) || !is_generated(pod) {
        return None;
    }
    // Three words are a sentence sooner than two.
    let record = of_pod(pod, rest).filter(|r| looks_written(&r.message))?;
    Some(Record { fields: take::fields([("namespace", word)]), ..record })
}

fn of_pod<'a>(pod: &'a str, rest: &'a str) -> Option<Record<'a>> {
    let (container, text) = rest.split_once(' ')?;
    let sure = is_generated(pod) || is_of(pod, container) || looks_written(text);
    if !sure || !is_label(container) || PROSE.contains(&container) {
        return None;
    }
    Some(Record { pod: Some(pod.into()), container: Some(container.into()), ..Record::of(text) })
}

/// `+ namespace pod › container`, and `-` where the pod is gone.
fn found(line: &str) -> Option<Record<'_>> {
    let watch = if line.starts_with('+') { "added" } else { "removed" };
    let (head, container) = line.get(1..)?.strip_prefix(' ')?.split_once(" › ")?;
    let (namespace, pod) = head.rsplit_once(' ').unwrap_or(("", head));
    let named = is_label(container.trim_end()) && is_name(pod) && (namespace.is_empty() || is_label(namespace));
    let fields = take::fields([("namespace", namespace), ("watch", watch)]);
    named.then(|| Record {
        pod: Some(pod.into()),
        container: Some(container.trim_end().into()),
        fields,
        ..Record::default()
    })
}

/// Whether Kubernetes made this name up: `api-7d4b9c6f5d-x2k9p`, `agent-x2k9p`, `job-28809865-2dhw7`.
pub(super) fn is_generated(pod: &str) -> bool {
    let Some((owner, random)) = pod.rsplit_once('-') else { return false };
    let safe = |text: &str| text.bytes().all(|b| SAFE.contains(&b));
    if random.len() != 5 || !safe(random) || !is_name(owner) {
        return false;
    }
    // `non-https` would do else.
    let mixed = random.bytes().any(|b| b.is_ascii_digit()) && random.bytes().any(|b| b.is_ascii_lowercase());
    let hash = owner.rsplit('-').next().unwrap_or("");
    let hashed = (8..=10).contains(&hash.len()) && safe(hash) && hash.bytes().any(|b| b.is_ascii_digit());
    mixed || (hashed && hash.len() < owner.len())
}

/// Whether it is named as the pods of a stateful set are: `kafka-0`.
fn is_ordinal(pod: &str) -> bool {
    pod.rsplit_once('-').is_some_and(|(owner, number)| number.len() <= 3 && take::is_number(number) && is_name(owner))
}

/// Whether a pod `my-kafka-0` and its container `kafka` share their name, which two words of a sentence do not.
pub(super) fn is_of(pod: &str, container: &str) -> bool {
    let Some((owner, _)) = pod.rsplit_once('-').filter(|_| is_ordinal(pod)) else { return false };
    let ends = owner.strip_suffix(container).is_some_and(|before| before.is_empty() || before.ends_with('-'));
    let begins = container.strip_prefix(owner).is_some_and(|after| after.starts_with('-'));
    ends || begins
}

/// Whether a text begins as the line of a log does.
fn looks_written(text: &str) -> bool {
    text.starts_with(['{', '['])
        || Stamp::at_start(text).is_some()
        || take::level(text).is_some()
        || (klog::FORMAT.parse)(text).is_some()
}

/// A DNS label.
pub(super) fn is_label(text: &str) -> bool {
    is_name(text) && text.len() <= 63 && !text.contains('.')
}

/// A DNS subdomain.
fn is_name(text: &str) -> bool {
    let ends = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
    let inner = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'.');
    ends(text.as_bytes().first()) && ends(text.as_bytes().last()) && text.bytes().all(inner)
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn pod_and_container_come_off() {
        for (line, pod, container, text) in [
            ("api-7d4b9c6f5d-x2k9p web  a  b", "api-7d4b9c6f5d-x2k9p", "web", " a  b"),
            ("api-7d4b9c6f5d-bcdfg web x", "api-7d4b9c6f5d-bcdfg", "web", "x"),
            ("agent-x2k9p agent ", "agent-x2k9p", "agent", ""),
            ("kafka-0 kafka no route", "kafka-0", "kafka", "no route"),
            ("db-0 metrics 2026-01-31T08:00:00Z up", "db-0", "metrics", "2026-01-31T08:00:00Z up"),
            ("shop api-7d4b9c6f5d-x2k9p web {\"a\":1}", "api-7d4b9c6f5d-x2k9p", "web", "{\"a\":1}"),
            ("- api-7d4b9c6f5d-x2k9p › web", "api-7d4b9c6f5d-x2k9p", "web", ""),
        ] {
            let record = parse(line).expect(line);
            assert_eq!((record.pod.as_deref(), record.container.as_deref()), (Some(pod), Some(container)), "{line}");
            assert_eq!(record.message, text, "{line}");
        }
        let record = parse("+ shop api-7d4b9c6f5d-x2k9p › web").expect("found");
        assert_eq!((record.field("namespace"), record.field("watch")), (Some("shop"), Some("added")));
    }

    #[test]
    fn sentences_and_tables_are_not_stern_s() {
        for line in [
            "",
            "hello world x",
            "step-1 the thing",
            "kafka-0 is down",
            "non-https call failed",
            "issue-24567 was fixed",
            "api-7d4b9c6f5d-x2k9p is crashing now",
            "api-7d4b9c6f5d-x2k9p   1/1     Running   0   3m",
            "api-7d4b9c6f5d-x2k9p   web   12m   100Mi",
            "deleting api-7d4b9c6f5d-x2k9p because of x",
            "+ git fetch",
            "- a › B",
            "é-x2k9p web x",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
