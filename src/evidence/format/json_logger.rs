//! One JSON object a line, as structured loggers of every language write it.
//! <https://www.elastic.co/docs/reference/ecs/logging/intro>

mod assemble;
mod keys;
mod node;

use node::Node;

use super::take::Field;
use super::{Format, Kind, Record, first};

pub(super) use assemble::record;
pub(super) use node::Node as Value;

pub(super) const FORMAT: Format = Format {
    name: "json-logger",
    title: "JSON loggers",
    link: "https://www.elastic.co/docs/reference/ecs/logging/intro",
    kind: Kind::Program,
    first: first::BRACE,
    samples: SAMPLES,
    parse,
};

const SAMPLES: &[(&str, &str)] = &[
    (
        "zap",
        r#"{"level":"error","ts":1769846400.25,"logger":"sync","caller":"app/main.go:12","msg":"sync failed","error":"dial tcp: i/o timeout","stacktrace":"main.main\n\t/app/main.go:12"}"#,
    ),
    ("logrus", r#"{"level":"warning","msg":"slow reply","time":"2026-01-31T08:00:00Z","took":"3s"}"#),
    ("zerolog", r#"{"level":"error","error":"no such host","time":"2026-01-31T08:00:00Z","message":"lookup failed"}"#),
    (
        "slog",
        r#"{"time":"2026-01-31T08:00:00.25Z","level":"ERROR","source":{"function":"main.main","file":"main.go","line":12},"msg":"boom"}"#,
    ),
    (
        "klog",
        r#"{"ts":1769846400250.5,"caller":"app/main.go:12","msg":"Pod evicted","v":0,"pod":{"name":"web-0","namespace":"shop"}}"#,
    ),
    (
        "pino",
        r#"{"level":50,"time":1769846400250,"pid":7,"hostname":"web-0","err":{"type":"TypeError","message":"x is not a function","stack":"TypeError: x is not a function\n    at run (/app/a.js:1:2)"},"msg":"request errored"}"#,
    ),
    (
        "bunyan",
        r#"{"name":"shop","hostname":"web-0","pid":7,"level":30,"msg":"listening","time":"2026-01-31T08:00:00.250Z","v":0}"#,
    ),
    (
        "winston",
        r#"{"level":"error","message":"boom","stack":"Error: boom\n    at run (/app/a.js:1:2)","timestamp":"2026-01-31T08:00:00.250Z"}"#,
    ),
    (
        "log4j2",
        r#"{"instant":{"epochSecond":1769846400,"nanoOfSecond":0},"thread":"main","level":"ERROR","loggerName":"com.example.App","message":"failed","thrown":{"name":"java.lang.IllegalStateException","message":"no","extendedStackTrace":"java.lang.IllegalStateException: no\n\tat com.example.App.main(App.java:7)"}}"#,
    ),
    (
        "logstash",
        r#"{"@timestamp":"2026-01-31T08:00:00.250Z","@version":"1","message":"failed","logger_name":"com.example.App","thread_name":"main","level":"ERROR","level_value":40000,"stack_trace":"java.lang.RuntimeException: no\n\tat com.example.App.main(App.java:7)"}"#,
    ),
    (
        "ecs",
        r#"{"@timestamp":"2026-01-31T08:00:00.250Z","log.level":"ERROR","message":"failed","ecs.version":"1.2.0","log.logger":"com.example.App","error.type":"java.lang.RuntimeException","error.message":"no","error.stack_trace":"java.lang.RuntimeException: no\n\tat com.example.App.main(App.java:7)"}"#,
    ),
    (
        "ecs nested",
        r#"{"@timestamp":"2026-01-31T08:00:00.250Z","log":{"level":"warn","logger":"app"},"message":"slow"}"#,
    ),
    (
        "serilog compact",
        r#"{"@t":"2026-01-31T08:00:00.2500000Z","@mt":"Order {Id} lost","@l":"Error","@x":"System.Exception: no\n   at Shop.Run()","Id":7,"SourceContext":"Shop.Orders"}"#,
    ),
    (
        "structlog",
        r#"{"event":"job failed","level":"error","logger":"jobs","timestamp":"2026-01-31T08:00:00.250000Z","exception":"Traceback (most recent call last):\n  File \"a.py\", line 1, in <module>\nKeyError: 'x'"}"#,
    ),
    (
        "python-json-logger",
        r#"{"asctime":"2026-01-31 08:00:00,250","name":"jobs","levelname":"ERROR","message":"job failed","exc_info":"Traceback (most recent call last):\nKeyError: 'x'"}"#,
    ),
    (
        "tracing",
        r#"{"timestamp":"2026-01-31T08:00:00.250000Z","level":"ERROR","fields":{"message":"no route","attempt":3},"target":"proxy::router"}"#,
    ),
    (
        "google cloud",
        r#"{"severity":"CRITICAL","message":"disk gone","timestamp":{"seconds":1769846400,"nanos":0},"logging.googleapis.com/trace":"a1b2"}"#,
    ),
    (
        "aws lambda",
        r#"{"timestamp":"2026-01-31T08:00:00Z","level":"ERROR","message":"failed","requestId":"a1b2","errorType":"Error","stackTrace":["Error: no","    at run (/var/task/a.js:1:2)"]}"#,
    ),
    (
        "mongodb",
        r#"{"t":{"$date":"2026-01-31T08:00:00.250+00:00"},"s":"E","c":"NETWORK","id":22943,"ctx":"listener","msg":"Bind failed","attr":{"port":27017}}"#,
    ),
    (
        "gelf",
        r#"{"version":"1.1","host":"web-0","short_message":"boom","timestamp":1769846400.25,"level":3,"_app":"shop"}"#,
    ),
];

fn parse(line: &str) -> Option<Record<'_>> {
    if !line.starts_with('{') || !line.trim_end().ends_with('}') {
        return None;
    }
    let Node::Map(parts) = serde_json::from_str(line).ok()? else { return None };
    record(line, Node::flatten(parts))
}

/// The parts of an object, for formats that end in one.
pub(super) fn fields(object: &str) -> Option<Vec<Field<'_>>> {
    let Node::Map(parts) = serde_json::from_str(object).ok()? else { return None };
    Some(Node::flatten(parts).into_iter().map(|(name, node)| (name, node.into_text())).collect())
}

#[cfg(test)]
mod tests {
    use super::{SAMPLES, parse};
    use crate::evidence::Level;

    fn sample(dialect: &str) -> &'static str {
        SAMPLES.iter().find(|(d, _)| *d == dialect).expect("a dialect").1
    }

    #[test]
    fn every_dialect_says_when_how_serious_and_what() {
        for (dialect, level, logger, message) in [
            ("zap", Some(Level::Error), "sync", "sync failed\ndial tcp: i/o timeout\nmain.main\n\t/app/main.go:12"),
            ("logrus", Some(Level::Warn), "", "slow reply"),
            ("zerolog", Some(Level::Error), "", "lookup failed\nno such host"),
            ("slog", Some(Level::Error), "", "boom"),
            ("klog", None, "app/main.go:12", "Pod evicted"),
            (
                "pino",
                Some(Level::Error),
                "",
                "request errored\nTypeError: x is not a function\n    at run (/app/a.js:1:2)",
            ),
            ("bunyan", Some(Level::Info), "shop", "listening"),
            ("winston", Some(Level::Error), "", "boom\nError: boom\n    at run (/app/a.js:1:2)"),
            ("ecs nested", Some(Level::Warn), "app", "slow"),
            (
                "serilog compact",
                Some(Level::Error),
                "Shop.Orders",
                "Order {Id} lost\nSystem.Exception: no\n   at Shop.Run()",
            ),
            ("tracing", Some(Level::Error), "proxy::router", "no route"),
            ("google cloud", Some(Level::Fatal), "", "disk gone"),
            ("aws lambda", Some(Level::Error), "", "failed\nError: no\n    at run (/var/task/a.js:1:2)"),
            ("mongodb", Some(Level::Error), "NETWORK", "Bind failed"),
            ("gelf", Some(Level::Error), "", "boom"),
        ] {
            let record = parse(sample(dialect)).expect(dialect);
            assert!(record.time.is_some(), "{dialect}");
            assert_eq!(
                (record.level, record.logger.as_deref().unwrap_or(""), record.message.as_ref()),
                (level, logger, message),
                "{dialect}"
            );
        }
    }

    #[test]
    fn what_is_no_part_of_a_record_is_a_field() {
        let record = parse(sample("ecs")).expect("ECS");
        assert_eq!(record.field("error.type"), Some("java.lang.RuntimeException"));
        assert_eq!(parse(sample("pino")).expect("pino").field("err.type"), Some("TypeError"));
        assert_eq!(parse(sample("klog")).expect("klog").field("pod.name"), Some("web-0"));
        let odd = parse(r#"{"level":"odd","msg":"x","ts":"noon"}"#).expect("a message");
        assert_eq!((odd.level, odd.field("level"), odd.field("ts")), (None, Some("odd"), Some("noon")));
        let object = parse(r#"{"level":"info","msg":"x","name":"web","namespace":"shop","caller":"a.go:1"}"#);
        assert_eq!(object.as_ref().and_then(|o| o.field("name")), Some("web"));
        assert_eq!(object.and_then(|o| o.logger).as_deref(), Some("a.go:1"));
    }

    #[test]
    fn a_line_without_a_message_is_its_own() {
        let line = r#"{"level":"info","user":"x"}"#;
        let record = parse(line).expect("a level");
        assert_eq!((record.message.as_ref(), record.field("user")), (line, Some("x")));
        assert_eq!(parse(r#"{"@t":"2026-01-31T08:00:00Z","@mt":"x"}"#).expect("Serilog").level, Some(Level::Info));
        assert_eq!(parse(r#"{"level":"INFO+2","msg":"x"}"#).expect("slog").level, Some(Level::Info));
    }

    #[test]
    fn other_objects_are_no_log_lines() {
        for line in ["{", "{}", r#"{"a":1}"#, r#"{"msg":"x""#, r#"{"level":7}"#, "{a: b}", r#"["msg"]"#, "{é}"] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
