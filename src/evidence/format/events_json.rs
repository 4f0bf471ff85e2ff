//! One event, or a list of them, as JSON in one line: `kubectl get events -o json | jq -c '.items[]'`, and event exporters.
//! <https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/>

use std::borrow::Cow;

use super::json_logger::Value;
use super::take::Field;
use super::{Format, Kind, Record, first};
use crate::evidence::{Level, Stamp, stamp};

pub(super) const FORMAT: Format = Format {
    name: "events-json",
    title: "Kubernetes events, as JSON",
    link: "https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/",
    kind: Kind::Program,
    first: first::BRACE,
    samples: &[
        (
            "v1",
            r#"{"apiVersion":"v1","count":5,"involvedObject":{"kind":"Pod","name":"kafka-2","namespace":"shop"},"kind":"Event","lastTimestamp":"2026-01-31T08:00:00Z","message":"Back-off restarting failed container","reason":"BackOff","source":{"component":"kubelet","host":"node-1"},"type":"Warning"}"#,
        ),
        (
            "events.k8s.io/v1",
            r#"{"eventTime":"2026-01-31T08:00:00.250000Z","note":"Registered Node","reason":"RegisteredNode","regarding":{"kind":"Node","name":"node-1"},"reportingController":"node-controller","series":{"count":2,"lastObservedTime":"2026-01-31T09:00:00.000000Z"},"type":"Normal"}"#,
        ),
        (
            "a list",
            r#"{"apiVersion":"v1","items":[{"involvedObject":{"kind":"Pod","name":"a"},"message":"Started","reason":"Started","type":"Normal"},{"involvedObject":{"kind":"Pod","name":"b"},"message":"no route","reason":"Unhealthy","type":"Warning"}],"kind":"List"}"#,
        ),
    ],
    parse,
};

type Parts<'a> = Vec<(Cow<'a, str>, Value<'a>)>;

fn parse(line: &str) -> Option<Record<'_>> {
    let named = line.contains("\"involvedObject\"") || line.contains("\"regarding\"");
    if !line.starts_with('{') || !named || !line.contains("\"reason\"") {
        return None;
    }
    let Value::Map(mut parts) = serde_json::from_str(line).ok()? else { return None };
    let Some(at) = parts.iter().position(|(name, _)| name == "items") else { return event(parts) };
    let (_, Value::List(items)) = parts.remove(at) else { return None };
    let events = items.into_iter().map(|item| if let Value::Map(parts) = item { event(parts) } else { None });
    list(events.collect::<Option<_>>()?, parts)
}

/// The events of a list, a line each, at the level of the worst.
fn list<'a>(events: Vec<Record<'a>>, around: Parts<'a>) -> Option<Record<'a>> {
    let spelled = events.iter().map(|e| {
        let part = |name| e.field(name).unwrap_or("");
        format!("{} {}: {}", part("reason"), part("object"), e.message)
    });
    let message = spelled.collect::<Vec<_>>().join("\n").into();
    let level = events.iter().filter_map(|e| e.level).max();
    let time = events.iter().filter_map(|e| e.time).max_by_key(Stamp::millis);
    let pod = events.iter().find(|e| e.level == level)?.pod.clone();
    let mut fields = texts(around);
    fields.extend(events.into_iter().flat_map(|e| e.fields));
    Some(Record { time, level, pod, message, fields, ..Record::default() })
}

fn event(parts: Parts<'_>) -> Option<Record<'_>> {
    let mut fields = texts(parts);
    let message = pick(&mut fields, &["message", "note"])?;
    let reason = pick(&mut fields, &["reason"])?;
    let kind = pick(&mut fields, &["involvedObject.kind", "regarding.kind"])?;
    let name = pick(&mut fields, &["involvedObject.name", "regarding.name"])?;
    let pod = (kind == "Pod").then(|| name.clone());
    let level = level(&mut fields);
    let time = time(&mut fields);
    let logger = pick(
        &mut fields,
        &["source.component", "deprecatedSource.component", "reportingComponent", "reportingController"],
    );
    let count = pick(&mut fields, &["series.count", "count", "deprecatedCount"]);
    let mut all: Vec<Field<'_>> = vec![("reason".into(), reason), ("object".into(), format!("{kind}/{name}").into())];
    all.extend(count.map(|count| ("count".into(), count)));
    all.append(&mut fields);
    Some(Record { time, level, pod, logger, message, fields: all, ..Record::default() })
}

/// The parts that say something, by their dotted names.
fn texts(parts: Parts<'_>) -> Vec<Field<'_>> {
    let flat = Value::flatten(parts).into_iter().map(|(name, value)| (name, value.into_text()));
    flat.filter(|(_, value)| !matches!(value.as_ref(), "" | "null")).collect()
}

/// Takes out the first of `names` that there is.
fn pick<'a>(fields: &mut Vec<Field<'a>>, names: &[&str]) -> Option<Cow<'a, str>> {
    let at = names.iter().find_map(|wanted| fields.iter().position(|(name, _)| name == wanted))?;
    Some(fields.remove(at).1)
}

/// A type that is none of the two stays a field.
fn level(fields: &mut Vec<Field<'_>>) -> Option<Level> {
    let at =
        fields.iter().position(|(name, value)| name == "type" && matches!(value.as_ref(), "Normal" | "Warning"))?;
    Level::from_word(&fields.remove(at).1)
}

fn time(fields: &mut Vec<Field<'_>>) -> Option<Stamp> {
    const NAMES: [&str; 4] = ["series.lastObservedTime", "lastTimestamp", "deprecatedLastTimestamp", "eventTime"];
    let at = NAMES.iter().find_map(|wanted| fields.iter().position(|(name, _)| name == wanted))?;
    let (time, length) = stamp::iso(&fields[at].1)?;
    if length == fields[at].1.len() {
        fields.remove(at);
    }
    Some(time)
}

#[cfg(test)]
mod tests {
    use super::{FORMAT, parse};
    use crate::evidence::Level;

    #[test]
    fn both_versions_are_read() {
        for (sample, level, time, object, count, logger) in [
            (0, Level::Warn, "2026-01-31T08:00:00Z", "Pod/kafka-2", "5", "kubelet"),
            (1, Level::Info, "2026-01-31T09:00:00Z", "Node/node-1", "2", "node-controller"),
        ] {
            let record = parse(FORMAT.samples[sample].1).expect("an event");
            assert_eq!((record.level, record.logger.as_deref()), (Some(level), Some(logger)));
            assert_eq!(record.time.map(|t| t.to_string()).as_deref(), Some(time));
            assert_eq!((record.field("object"), record.field("count")), (Some(object), Some(count)));
        }
        let record = parse(FORMAT.samples[0].1).expect("an event");
        assert_eq!((record.pod.as_deref(), record.field("reason")), (Some("kafka-2"), Some("BackOff")));
        assert_eq!(record.message, "Back-off restarting failed container");
        assert_eq!(record.field("involvedObject.namespace"), Some("shop"));
    }

    #[test]
    fn a_list_has_a_line_for_each() {
        let record = parse(FORMAT.samples[2].1).expect("a list");
        assert_eq!(record.message, "Started Pod/a: Started\nUnhealthy Pod/b: no route");
        assert_eq!((record.level, record.pod.as_deref()), (Some(Level::Warn), Some("b")));
    }

    #[test]
    fn other_objects_are_no_events() {
        for line in [
            "",
            "{}",
            r#"{"involvedObject":{},"reason":"#,
            r#"{"involvedObject":{},"reason":"x","message":"y"}"#,
            r#"{"msg":"x","regarding":"y","reason":"z"}"#,
            r#"{"items":[],"regarding":"y","reason":"z"}"#,
            r#"{"items":["involvedObject"],"involvedObject":1,"reason":"z"}"#,
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
