//! A whole Kubernetes event as one line of JSON, as `kubectl get events -o json | jq -c '.items[]'` and event exporters write it.
//! <https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/>

use std::borrow::Cow;

use memchr::memmem;

use super::take::{self, Field};
use super::{Format, Kind, Record, first, json_logger};
use crate::evidence::{Level, Stamp};

pub(super) const FORMAT: Format = Format {
    name: "events-json",
    title: "Kubernetes events as JSON, one on a line",
    link: "https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/",
    kind: Kind::Program,
    first: first::BRACE,
    samples: &[
        (
            "v1",
            r#"{"apiVersion":"v1","kind":"Event","type":"Warning","reason":"BackOff","message":"Back-off restarting failed container api","involvedObject":{"kind":"Pod","name":"api-0","namespace":"shop"},"source":{"component":"kubelet","host":"node-1"},"count":5,"firstTimestamp":"2026-01-31T07:50:00Z","lastTimestamp":"2026-01-31T08:00:00Z","metadata":{"name":"api-0.17a8"}}"#,
        ),
        (
            "events.k8s.io/v1",
            r#"{"apiVersion":"events.k8s.io/v1","kind":"Event","type":"Normal","reason":"Scheduled","note":"Successfully assigned shop/api-0 to node-1","regarding":{"kind":"Pod","name":"api-0","namespace":"shop"},"reportingController":"default-scheduler","eventTime":"2026-01-31T08:00:00.250000Z"}"#,
        ),
    ],
    parse,
};

/// Where the time is, the most telling first.
const TIME: [&str; 5] =
    ["series.lastObservedTime", "lastTimestamp", "eventTime", "firstTimestamp", "deprecatedLastTimestamp"];
const MESSAGE: [&str; 2] = ["message", "note"];
const KIND: [&str; 2] = ["involvedObject.kind", "regarding.kind"];
const NAME: [&str; 2] = ["involvedObject.name", "regarding.name"];
const NAMESPACE: [&str; 3] = ["involvedObject.namespace", "regarding.namespace", "metadata.namespace"];
const COUNT: [&str; 3] = ["count", "series.count", "deprecatedCount"];
const SOURCE: [&str; 4] =
    ["source.component", "reportingComponent", "reportingController", "deprecatedSource.component"];

fn parse(line: &str) -> Option<Record<'_>> {
    if !line.starts_with('{') || !names_an_object(line) {
        return None;
    }
    let mut parts = json_logger::fields(line)?;
    // A logger's line about an event has a level of its own.
    if parts.iter().any(|(name, _)| name == "level") {
        return None;
    }
    let reason = pick(&mut parts, &["reason"])?;
    let message = pick(&mut parts, &MESSAGE)?;
    let kind = pick(&mut parts, &KIND)?;
    let name = pick(&mut parts, &NAME)?;
    let time = time(&mut parts);
    let level = level(&mut parts);
    let pod = (kind == "Pod").then(|| name.clone());
    let fields = fields(reason, format!("{}/{name}", kind.to_lowercase()), parts);
    Some(Record { time, level, pod, message, fields, ..Record::default() })
}

/// A search that costs less than reading the object.
fn names_an_object(line: &str) -> bool {
    let line = line.as_bytes();
    memmem::find(line, b"\"involvedObject\"").is_some() || memmem::find(line, b"\"regarding\"").is_some()
}

/// The named fields first, then whatever else the event says.
fn fields<'a>(reason: Cow<'a, str>, object: String, mut parts: Vec<Field<'a>>) -> Vec<Field<'a>> {
    let mut or_nothing = |keys: &[&str]| pick(&mut parts, keys).unwrap_or_default();
    let named = [
        ("reason", reason),
        ("object", object.into()),
        ("namespace", or_nothing(&NAMESPACE)),
        ("count", or_nothing(&COUNT)),
        ("source", or_nothing(&SOURCE)),
    ];
    let mut fields = take::fields(named);
    fields.extend(parts.into_iter().filter(|(_, value)| says(value)));
    fields
}

/// Takes out the first value that says something.
fn pick<'a>(parts: &mut Vec<Field<'a>>, keys: &[&str]) -> Option<Cow<'a, str>> {
    let at = keys.iter().find_map(|key| parts.iter().position(|(name, value)| name == key && says(value)))?;
    Some(parts.remove(at).1)
}

fn says(value: &str) -> bool {
    !matches!(value, "" | "null" | "{}" | "[]")
}

fn time(parts: &mut Vec<Field<'_>>) -> Option<Stamp> {
    let (at, stamp) = TIME.iter().find_map(|key| {
        let at = parts.iter().position(|(name, _)| name == key)?;
        let (stamp, rest) = take::bare_time(&parts.get(at)?.1)?;
        rest.is_empty().then_some((at, stamp))
    })?;
    parts.remove(at);
    Some(stamp)
}

/// Only the two types that Kubernetes has are levels; others stay fields.
fn level(parts: &mut Vec<Field<'_>>) -> Option<Level> {
    let (at, level) =
        parts.iter().enumerate().find_map(|(at, (name, value))| match (name.as_ref(), value.as_ref()) {
            ("type", "Normal") => Some((at, Level::Info)),
            ("type", "Warning") => Some((at, Level::Warn)),
            _ => None,
        })?;
    parts.remove(at);
    Some(level)
}

#[cfg(test)]
mod tests {
    use super::{FORMAT, parse};
    use crate::evidence::Level;

    #[test]
    fn both_versions_have_their_parts() {
        let wanted = [
            ("2026-01-31T08:00:00Z", Level::Warn, "Back-off restarting failed container api", "5", "kubelet"),
            (
                "2026-01-31T08:00:00.25Z",
                Level::Info,
                "Successfully assigned shop/api-0 to node-1",
                "",
                "default-scheduler",
            ),
        ];
        for ((dialect, line), (time, level, message, count, source)) in FORMAT.samples.iter().zip(wanted) {
            let record = parse(line).expect(dialect);
            assert_eq!(record.time.expect(dialect).to_string(), time);
            assert_eq!((record.level, record.message.as_ref()), (Some(level), message), "{dialect}");
            assert_eq!((record.pod.as_deref(), record.field("object")), (Some("api-0"), Some("pod/api-0")));
            assert_eq!(
                (record.field("count").unwrap_or(""), record.field("source"), record.field("namespace")),
                (count, Some(source), Some("shop")),
                "{dialect}"
            );
        }
        let record = parse(FORMAT.samples[0].1).expect("v1");
        assert_eq!((record.field("source.host"), record.field("metadata.name")), (Some("node-1"), Some("api-0.17a8")));
        assert_eq!(record.field("firstTimestamp"), Some("2026-01-31T07:50:00Z"));
    }

    #[test]
    fn a_series_says_when_and_how_often() {
        let line = r#"{"reason":"Unhealthy","message":"probe failed: \"no\"","type":"Odd","involvedObject":{"kind":"Node","name":"n1"},"lastTimestamp":null,"eventTime":"2026-01-31T07:00:00.000000Z","series":{"count":9,"lastObservedTime":"2026-01-31T08:00:00.000000Z"},"source":{},"reportingComponent":"kubelet"}"#;
        let record = parse(line).expect("a series");
        assert_eq!(record.time.expect("a time").to_string(), "2026-01-31T08:00:00Z");
        assert_eq!((record.pod.as_deref(), record.level, record.field("type")), (None, None, Some("Odd")));
        assert_eq!((record.field("count"), record.field("object")), (Some("9"), Some("node/n1")));
        assert_eq!((record.field("source"), record.message.as_ref()), (Some("kubelet"), "probe failed: \"no\""));
    }

    #[test]
    fn other_objects_are_no_events() {
        for line in [
            "",
            "{",
            "{}",
            r#"{"level":"info","msg":"x"}"#,
            r#"{"involvedObject":"#,
            r#"{"involvedObject":{"kind":"Pod","name":"a"},"reason":"x"}"#,
            r#"{"involvedObject":{"kind":"Pod","name":"a"},"message":"x"}"#,
            r#"{"involvedObject":"é","reason":"x","message":"y"}"#,
            r#"{"level":"info","involvedObject":{"kind":"Pod","name":"a"},"reason":"x","message":"y"}"#,
            r#"{"verb":"create","requestObject":{"involvedObject":{"kind":"Pod","name":"a"},"reason":"x","message":"y"}}"#,
            r#" {"involvedObject":{"kind":"Pod","name":"a"},"reason":"x","message":"y"}"#,
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
