//! Rows of `kubectl get events`, `kubectl events` and the events at the end of `kubectl describe`.
//! <https://kubernetes.io/docs/reference/kubectl/generated/kubectl_events/>

use super::take;
use super::{Format, Kind, Record, first};
use crate::evidence::Level;

pub(super) const FORMAT: Format = Format {
    name: "events-table",
    title: "Tables of Kubernetes events (kubectl get events, kubectl describe)",
    link: "https://kubernetes.io/docs/reference/kubectl/generated/kubectl_events/",
    kind: Kind::Program,
    first: first::DIGIT | first::LETTER | first::BRACKET | first::OTHER,
    samples: &[
        ("get events", "3m20s       Warning   BackOff     pod/api-0   Back-off restarting failed container"),
        ("all namespaces", "shop        3m20s       Normal    Pulled      pod/api-0   Container image already present"),
        (
            "wide",
            "3m20s   Warning   BackOff   pod/api-0   spec.containers{a}   kubelet, n1   Failed   9m   5   api-0.17",
        ),
        ("head", "LAST SEEN   TYPE      REASON      OBJECT      MESSAGE"),
        ("describe", "  Warning  BackOff    3m (x5 over 10m)  kubelet  Back-off restarting failed container"),
        ("describe's head", "  Type     Reason     Age               From     Message"),
    ],
    parse,
};

/// A namespace has at most 63 letters.
const LONGEST_FIRST: usize = 64;

fn parse(line: &str) -> Option<Record<'_>> {
    let text = line.trim();
    if !may_be_row(text) {
        return None;
    }
    let (one, rest) = cell(text);
    match (level_of(one), seen(one)) {
        (Some(level), _) => described(level, rest),
        (None, Some(seen)) => row("", seen, rest),
        _ if is_name(one) => {
            let (two, rest) = cell(rest);
            row(one, seen(two)?, rest)
        }
        _ => is_head(one, rest).then(|| Record::of(line)),
    }
}

/// Whether the first column ends as columns do.
fn may_be_row(text: &str) -> bool {
    let end = text.bytes().take(LONGEST_FIRST).position(|b| matches!(b, b' ' | b'\t'));
    let Some(rest) = end.and_then(|at| text.get(at..)) else { return false };
    ["  ", "\t", " (x"].iter().any(|s| rest.starts_with(s)) || text.starts_with("LAST SEEN")
}

/// What stands before two blanks or a tab, and what follows them.
fn cell(text: &str) -> (&str, &str) {
    let end = text.find("  ").unwrap_or(text.len()).min(text.find('\t').unwrap_or(text.len()));
    let (cell, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    (cell.trim_end(), rest.trim_start())
}

/// What stands before the last column, and the last column.
fn last_cell(text: &str) -> Option<(&str, &str)> {
    let at = text.rfind("  ").max(text.rfind('\t'))?;
    let (rest, cell) = text.split_at_checked(at)?;
    Some((rest.trim_end(), cell.trim_start()))
}

fn level_of(kind: &str) -> Option<Level> {
    matches!(kind, "Normal" | "Warning").then(|| Level::from_word(kind)).flatten()
}

/// The head of a table, or the dashes below it.
fn is_head(one: &str, rest: &str) -> bool {
    match one {
        "LAST SEEN" => cell(rest).0 == "TYPE",
        "Type" => cell(rest).0 == "Reason",
        "NAMESPACE" => rest.starts_with("LAST SEEN"),
        "----" => rest.starts_with("------ ") && rest.bytes().all(|b| matches!(b, b'-' | b' ')),
        _ => false,
    }
}

/// When last, how often, when first.
type Seen<'a> = [&'a str; 3];

/// `3m (x5 over 10m)`.
fn seen(text: &str) -> Option<Seen<'_>> {
    let (last, times) = text.split_once(' ').unwrap_or((text, ""));
    let (count, first) = if times.is_empty() { ("", "") } else { repeated(times)? };
    is_age(last).then_some([last, count, first])
}

/// `(x5 over 10m)`.
fn repeated(times: &str) -> Option<(&str, &str)> {
    let (count, first) = times.strip_prefix("(x")?.strip_suffix(')')?.split_once(" over ")?;
    (take::is_number(count) && is_age(first)).then_some((count, first))
}

/// `3m20s`, `2d`, `<unknown>`.
fn is_age(text: &str) -> bool {
    let mut before = b' ';
    let shaped = text.bytes().all(|b| {
        let unit = matches!(b, b'y' | b'd' | b'h' | b'm' | b's') && before.is_ascii_digit();
        before = b;
        unit || b.is_ascii_digit()
    });
    matches!(text, "<unknown>" | "<invalid>") || (shaped && before.is_ascii_lowercase())
}

/// A namespace.
fn is_name(text: &str) -> bool {
    text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') && !text.starts_with('-')
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && !text.contains(char::is_whitespace)
}

/// The columns from the type on, after `LAST SEEN`.
fn row<'a>(namespace: &'a str, mut seen: Seen<'a>, rest: &'a str) -> Option<Record<'a>> {
    let (kind, rest) = cell(rest);
    let level = level_of(kind)?;
    let (reason, rest) = cell(rest);
    let (object, rest) = cell(rest);
    let (of, name) = object.split_once('/').filter(|(of, name)| is_word(of) && is_word(name))?;
    let pod = of.eq_ignore_ascii_case("pod").then(|| name.into());
    let (wide, message) = wide(rest, &mut seen).unwrap_or(([("", ""); 3], rest));
    let mut record = event(level, reason, seen, message)?;
    record.fields.extend(take::fields([("object", object), ("namespace", namespace)].into_iter().chain(wide)));
    Some(Record { pod, ..record })
}

/// What only `-o wide` shows: `SUBOBJECT   SOURCE   MESSAGE   FIRST SEEN   COUNT   NAME`, where the first may be empty.
fn wide<'a>(text: &'a str, seen: &mut Seen<'a>) -> Option<([(&'static str, &'a str); 3], &'a str)> {
    let (text, name) = last_cell(text).filter(|(_, name)| name.contains('.') && is_word(name))?;
    let (text, count) = last_cell(text).filter(|(_, count)| take::is_number(count))?;
    let (text, first) = last_cell(text).filter(|(_, first)| is_age(first) && seen[1].is_empty())?;
    *seen = [seen[0], count, first];
    let (one, rest) = cell(text);
    let (subobject, text) = if one.ends_with('}') && is_word(one) { (one, rest) } else { ("", text) };
    let (source, message) = source(text);
    Some(([("subobject", subobject), ("source", source), ("name", name)], message))
}

/// The source and the message, or the message alone.
fn source(text: &str) -> (&str, &str) {
    let (source, message) = cell(text);
    if message.is_empty() { ("", source) } else { (source, message) }
}

/// `Reason  Age  From  Message`, after the type.
fn described(level: Level, rest: &str) -> Option<Record<'_>> {
    let (reason, rest) = cell(rest);
    let (age, rest) = cell(rest);
    let (source, message) = source(rest);
    let record = event(level, reason, seen(age)?, message)?;
    Some(Record { fields: record.fields.into_iter().chain(take::fields([("source", source)])).collect(), ..record })
}

/// An event without a message is told by its reason.
fn event<'a>(level: Level, reason: &'a str, [last, count, first]: Seen<'a>, message: &'a str) -> Option<Record<'a>> {
    let fields = take::fields([("reason", reason), ("count", count), ("last_seen", last), ("first_seen", first)]);
    let message = if message.is_empty() { reason } else { message };
    is_word(reason).then(|| Record { level: Some(level), fields, ..Record::of(message) })
}

#[cfg(test)]
mod tests {
    use super::{FORMAT, parse};

    /// The level, the pod, the message and the values of the fields.
    fn told(line: &str) -> String {
        let record = parse(line).expect(line);
        let values: Vec<_> = record.fields.iter().map(|(_, value)| value.as_ref()).collect();
        let level = record.level.map_or(String::new(), |level| format!("{level:?}"));
        format!("{level}|{}|{}|{}", record.pod.unwrap_or_default(), record.message, values.join(" "))
    }

    #[test]
    fn rows_have_their_columns() {
        const BACK_OFF: &str = "Back-off restarting failed container";
        let sample = |at: usize| FORMAT.samples[at].1;
        assert_eq!(told(sample(0)), format!("Warn|api-0|{BACK_OFF}|BackOff 3m20s pod/api-0"));
        assert_eq!(told(sample(1)), "Info|api-0|Container image already present|Pulled 3m20s pod/api-0 shop");
        let wide = "Warn|api-0|Failed|BackOff 5 3m20s 9m pod/api-0 spec.containers{a} kubelet, n1 api-0.17";
        assert_eq!(told(sample(2)), wide);
        assert_eq!(told(sample(4)), format!("Warn||{BACK_OFF}|BackOff 5 3m 10m kubelet"));
        for (line, wanted) in [
            ("<unknown>\tNormal\tUp\tpod/a\tx  y", "Info|a|x  y|Up <unknown> pod/a"),
            ("2m (x7 over 1h)   Warning   Failed   Node/n1   x", "Warn||x|Failed 7 2m 1h Node/n1"),
            ("2m   Normal   Killing   Pod/a", "Info|a|Killing|Killing 2m Pod/a"),
            ("2m   Normal   Up   node/n   kubelet, n   x   2m   1   n.1", "Info||x|Up 1 2m 2m node/n kubelet, n n.1"),
            ("Normal  Pulled  2s        é", "Info||é|Pulled 2s"),
        ] {
            assert_eq!(told(line), wanted, "{line}");
        }
    }

    #[test]
    fn heads_stay_whole() {
        let others = ["NAMESPACE   LAST SEEN   TYPE   REASON", "  ----   ------   ----  ----   -------"];
        for line in [FORMAT.samples[3].1, FORMAT.samples[5].1].into_iter().chain(others) {
            assert_eq!(told(line), format!("||{line}|"));
        }
    }

    #[test]
    fn other_lines_are_no_events() {
        const NONE: &str = ";Warning: x;Warning  disk is full;Normal  x  y  z;3m20s  Warning;----  ------  x;\
            3m20s   Error   BackOff   pod/a   x;3m20s   Warning   BackOff   a   x;3m20s Warning BackOff pod/a x;\
            20   Warning   BackOff   pod/a   x;shop   é   Warning   BackOff   pod/a   x;\
            3m (x5)   Warning   BackOff   pod/a   x;api-0   1/1   Running   0   3m20s;\
            NAME    READY   STATUS    RESTARTS   AGE;INFO   started";
        for line in NONE.split(';') {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
