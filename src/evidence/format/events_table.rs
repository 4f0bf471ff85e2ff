//! Events as `kubectl get events`, `kubectl events` and `kubectl describe` print them: one row each, in columns.
//! <https://kubernetes.io/docs/reference/kubectl/generated/kubectl_events/>

use super::take::{self, Field};
use super::{Format, Kind, Record, first};
use crate::evidence::Level;

pub(super) const FORMAT: Format = Format {
    name: "events-table",
    title: "Kubernetes events, as a table",
    link: "https://kubernetes.io/docs/reference/kubectl/generated/kubectl_events/",
    kind: Kind::Program,
    first: first::ANY & !first::BRACE,
    samples: SAMPLES,
    parse,
};

const SAMPLES: &[(&str, &str)] = &[
    ("kubectl get events", "3m7s        Warning   BackOff   pod/kafka-2   Back-off restarting failed container"),
    ("kubectl get events -A", "shop   3m7s   Warning   BackOff   pod/kafka-2   Back-off restarting failed container"),
    ("kubectl get events, the head", "LAST SEEN   TYPE      REASON    OBJECT        MESSAGE"),
    (
        "kubectl get events -o wide",
        "3m7s   Warning   BackOff   pod/kafka-2   spec.containers{kafka}   kubelet, node-1   Back-off restarting failed container   48m   12   kafka-2.17c0c6e319c33d5b",
    ),
    ("kubectl events", "3m7s (x12 over 48m)   Warning   BackOff   Pod/kafka-2   Back-off restarting failed container"),
    ("kubectl describe", "  Warning  BackOff  3m (x5 over 10m)  kubelet, node-1  Back-off restarting failed container"),
    ("kubectl describe, the head", "  Type     Reason     Age                From               Message"),
    (
        "kubectl describe, before 1.8",
        "  10m\t\t3m\t\t5\tkubelet, node-1\tspec.containers{kafka}\tWarning\t\tBackOff\t\tBack-off restarting failed container",
    ),
];

fn parse(line: &str) -> Option<Record<'_>> {
    let text = line.trim();
    let (word, rest) = take::word(text)?;
    if let Some(level) = level(word) {
        return described(level, rest);
    }
    if is_age(word) {
        return listed(text).or_else(|| old(text));
    }
    if is_head(text) {
        return Some(Record::of(text));
    }
    let record = listed(rest).filter(|_| is_namespace(word))?;
    let mut fields = record.fields;
    fields.extend(take::fields([("namespace", word)]));
    Some(Record { fields, ..record })
}

fn level(word: &str) -> Option<Level> {
    match word {
        "Normal" => Some(Level::Info),
        "Warning" => Some(Level::Warn),
        _ => None,
    }
}

fn is_namespace(word: &str) -> bool {
    word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

/// `3m7s`, `2d`, `<unknown>`.
fn is_age(word: &str) -> bool {
    if matches!(word, "<unknown>" | "<invalid>") {
        return true;
    }
    let unit = |b: u8| matches!(b, b's' | b'm' | b'h' | b'd' | b'y');
    word.bytes().next().is_some_and(|b| b.is_ascii_digit())
        && word.bytes().last().is_some_and(unit)
        && word.bytes().all(|b| b.is_ascii_digit() || unit(b))
}

/// The names of the columns, or the rule under them.
fn is_head(text: &str) -> bool {
    let has = |names: &[&str]| names.iter().all(|n| text.contains(n));
    let rule = || text.bytes().all(|b| matches!(b, b'-' | b' ' | b'\t')) && text.split_whitespace().count() >= 4;
    match text.as_bytes() {
        [b'L' | b'N', ..] => has(&["LAST SEEN", "TYPE", "REASON"]) || has(&["LASTSEEN", "TYPE", "REASON"]),
        [b'T', ..] => text.starts_with("Type") && has(&["Reason", "Age", "From", "Message"]),
        [b'F', ..] => text.starts_with("FirstSeen") && has(&["LastSeen", "Count", "Reason"]),
        [b'-', b'-', b'-', b'-', ..] => rule(),
        _ => false,
    }
}

/// `3m (x5 over 10m)`.
fn seen(text: &str) -> Option<(Vec<Field<'_>>, &str)> {
    let (last, rest) = take::word(text).filter(|(word, _)| is_age(word))?;
    let counted = rest.strip_prefix("(x").and_then(|r| r.split_once(')')).and_then(|(inner, after)| {
        let (count, first) = inner.split_once(" over ")?;
        (take::is_number(count) && is_age(first)).then_some((count, first, after.trim_start()))
    });
    let (count, first, rest) = counted.unwrap_or(("", "", rest));
    Some((take::fields([("last_seen", last), ("count", count), ("first_seen", first)]), rest))
}

/// `BackOff  3m (x5 over 10m)  kubelet, node-1  message`.
fn described(level: Level, rest: &str) -> Option<Record<'_>> {
    let (reason, rest) = take::word(rest)?;
    let (seen, rest) = seen(rest)?;
    let mut fields = take::fields([("reason", reason)]);
    fields.extend(seen);
    // A column that is left empty, or columns run together, leave no name of a component to tell.
    let from = cell(rest).filter(|(from, _)| from.split(' ').count() <= 2);
    let (logger, message) = from.map_or((None, rest), |(from, message)| (Some(from.into()), message));
    Some(Record { level: Some(level), logger, fields, ..Record::of(message) })
}

/// Everything up to two blanks or a tab.
fn cell(text: &str) -> Option<(&str, &str)> {
    let end = [text.find("  "), text.find('\t')].into_iter().flatten().min()?;
    let (cell, rest) = text.split_at_checked(end)?;
    (!cell.is_empty()).then(|| (cell, rest.trim_start()))
}

/// The same from the right.
fn last_cell(text: &str) -> Option<(&str, &str)> {
    let (rest, cell) = text.rsplit_once([' ', '\t'])?;
    let apart = rest.ends_with([' ', '\t']);
    apart.then(|| (rest.trim_end(), cell))
}

/// `3m   Warning   BackOff   pod/kafka-2   message`, in the wide form with more around the message.
fn listed(text: &str) -> Option<Record<'_>> {
    let (seen, rest) = seen(text)?;
    let (word, rest) = take::word(rest)?;
    let level = level(word)?;
    let (reason, rest) = take::word(rest)?;
    let (object, rest) = take::word(rest).filter(|(object, _)| object.contains('/'))?;
    let inner = wide(rest).unwrap_or_else(|| Record::of(rest));
    let mut fields = take::fields([("reason", reason), ("object", object)]);
    fields.extend(seen);
    fields.extend(inner.fields);
    Some(Record { level: Some(level), pod: pod(object).map(Into::into), fields, ..inner })
}

fn pod(object: &str) -> Option<&str> {
    let (kind, name) = object.split_once('/')?;
    kind.eq_ignore_ascii_case("pod").then_some(name)
}

/// `spec.containers{kafka}   kubelet, node-1   message   48m   12   kafka-2.17c0c6e319c33d5b`.
fn wide(text: &str) -> Option<Record<'_>> {
    let (rest, name) = last_cell(text).filter(|(_, name)| name.contains('.'))?;
    let (rest, count) = last_cell(rest).filter(|(_, count)| take::is_number(count))?;
    let (rest, first_seen) = last_cell(rest).filter(|(_, age)| is_age(age))?;
    let (part, rest) = cell(rest).filter(|(part, _)| part.starts_with("spec.")).unwrap_or(("", rest));
    let (source, message) = cell(rest).filter(|(s, _)| s.split(' ').count() <= 2).unwrap_or(("", rest));
    let fields = take::fields([("count", count), ("first_seen", first_seen), ("event", name), ("subobject", part)]);
    let logger = Some(source).filter(|s| !s.is_empty()).map(Into::into);
    Some(Record { logger, fields, ..Record::of(message) })
}

/// `10m  3m  5  kubelet, node-1  spec.containers{kafka}  Warning  BackOff  message`.
fn old(text: &str) -> Option<Record<'_>> {
    let (one, rest) = take::word(text)?;
    let (other, rest) = take::word(rest).filter(|(word, _)| is_age(word))?;
    let (count, rest) = take::number(rest)?;
    let (at, word) = ["Normal", "Warning"].iter().filter_map(|w| Some((rest.find(w)?, *w))).min()?;
    let (from, after) = (rest.get(..at)?, rest.get(at + word.len()..)?);
    if !after.starts_with([' ', '\t']) || !from.ends_with([' ', '\t']) {
        return None;
    }
    let (reason, message) = take::word(after.trim_start())?;
    let (from, part) = cell(from).unwrap_or((from, ""));
    let fields = take::fields([
        ("reason", reason),
        ("count", count),
        ("first_seen", one),
        ("last_seen", other),
        ("subobject", part.trim_end()),
    ]);
    Some(Record { level: level(word), logger: Some(from.trim_end().into()), fields, ..Record::of(message) })
}

#[cfg(test)]
mod tests {
    use super::{SAMPLES, parse};
    use crate::evidence::Level;

    const TEXT: &str = "Back-off restarting failed container";

    #[test]
    fn every_layout_has_its_columns() {
        for (sample, wanted) in [
            (0, [("last_seen", "3m7s"), ("object", "pod/kafka-2"), ("reason", "BackOff")]),
            (1, [("last_seen", "3m7s"), ("namespace", "shop"), ("reason", "BackOff")]),
            (3, [("first_seen", "48m"), ("count", "12"), ("subobject", "spec.containers{kafka}")]),
            (4, [("first_seen", "48m"), ("count", "12"), ("last_seen", "3m7s")]),
            (5, [("first_seen", "10m"), ("count", "5"), ("last_seen", "3m")]),
            (7, [("first_seen", "10m"), ("count", "5"), ("last_seen", "3m")]),
        ] {
            let (dialect, line) = SAMPLES[sample];
            let record = parse(line).expect(dialect);
            assert_eq!((record.level, record.message.as_ref()), (Some(Level::Warn), TEXT), "{dialect}");
            for (name, value) in wanted {
                assert_eq!(record.field(name), Some(value), "{dialect}");
            }
        }
        assert_eq!(parse(SAMPLES[4].1).expect("events").pod.as_deref(), Some("kafka-2"));
        for sample in [3, 5, 7] {
            assert_eq!(parse(SAMPLES[sample].1).expect("events").logger.as_deref(), Some("kubelet, node-1"));
        }
    }

    #[test]
    fn columns_may_be_empty_or_run_together() {
        for (line, logger, message) in [
            ("11s   Normal Scheduled job/x     0/20 nodes  free", None, "0/20 nodes  free"),
            ("  Normal  Scheduled  12s                 Assigned a/b to node-1", None, "Assigned a/b to node-1"),
            ("  Normal  Pulled  <unknown>  kubelet  Pulled \"x\"", Some("kubelet"), "Pulled \"x\""),
        ] {
            let record = parse(line).expect(line);
            assert_eq!((record.logger.as_deref(), record.message.as_ref()), (logger, message), "{line}");
            assert_eq!((record.level, record.pod), (Some(Level::Info), None), "{line}");
        }
    }

    #[test]
    fn heads_have_no_level() {
        for line in [SAMPLES[2].1, SAMPLES[6].1, "  ----     ------     ----  ----  -------"] {
            let record = parse(line).expect(line);
            assert_eq!((record.level, record.message.as_ref()), (None, line.trim()));
        }
    }

    #[test]
    fn other_lines_are_no_events() {
        for line in [
            "",
            "Warning",
            "Warning: x is deprecated",
            "Warning  a  b",
            "Normal operation resumed 3m ago",
            "3m",
            "3m of pod/x Warning",
            "NAME   READY   STATUS   RESTARTS   AGE",
            "10m 3m 5 no type here",
            "10m 3m 5 Normalé x",
            "shop 3m éé",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
