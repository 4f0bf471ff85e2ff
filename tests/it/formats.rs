//! The formats as a whole: every one that is promised is there, documented, and loses no text.

use proptest::prelude::*;

use idp::evidence::format::{FORMATS, name_and_read, read};
use idp::evidence::{Level, Record};

/// What issue and documentation promise, by the name of the format or of a dialect of one.
const PROMISED: &[&str] = &[
    "cri",
    "docker-json",
    "zap",
    "logrus",
    "zerolog",
    "slog",
    "pino",
    "bunyan",
    "winston",
    "log4j2",
    "logstash",
    "ecs",
    "serilog",
    "structlog",
    "tracing",
    "logfmt",
    "klog",
    "glog",
    "syslog-3164",
    "syslog-5424",
    "journald-short",
    "journald-json",
    "kernel",
    "access-log",
    "nginx-error",
    "apache-error",
    "postgres",
    "mysql",
    "redis",
    "logback",
    "jul",
    "python-logging",
    "rails",
    "uvicorn",
    "gunicorn",
    "dotnet-console",
    "go-std",
    "env-logger",
    "github-actions",
    "gitlab-ci",
    "terraform",
    "kubectl-prefix",
    "kubectl-timestamps",
    "stern",
    "kubetail",
    "kubectl-describe",
    "events-table",
    "events-json",
    "events-yaml",
    "plain",
];

#[test]
fn every_promised_format_is_there() {
    let known = FORMATS.iter().flat_map(|f| f.samples.iter().map(|(d, _)| *d).chain([f.name, f.title]));
    let known: Vec<String> = known.map(str::to_lowercase).collect();
    let missing: Vec<&&str> = PROMISED.iter().filter(|p| !known.iter().any(|k| k.contains(*p))).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_format_names_its_specification() {
    for format in FORMATS {
        assert!(format.link.starts_with("https://"), "{}", format.name);
        assert!(!format.title.is_empty(), "{}", format.name);
    }
}

/// Everything that a record holds, as one text.
fn all_of(record: &Record<'_>) -> String {
    let parts = [&record.pod, &record.container, &record.logger].into_iter().flatten().map(AsRef::as_ref);
    let fields = record.fields.iter().flat_map(|(name, value)| [name.as_ref(), value.as_ref()]);
    parts.chain(fields).chain([record.message.as_ref()]).collect::<Vec<_>>().join(" ")
}

/// Words of three letters and more; a time and a level stand in their normal form, so that they are not looked for.
fn words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphabetic()).filter(|w| w.chars().count() >= 3);
    words.filter(|w| Level::from_word(w).is_none()).map(str::to_owned).collect()
}

/// Words that head or name a part and say nothing by themselves: months, days, zones, keys that formats know.
fn is_furniture(word: &str, sample: &str) -> bool {
    const NAMES: [&str; 28] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec", "Mon", "Tue", "Wed", "Thu",
        "Fri", "Sat", "Sun", "UTC", "GMT", "CET", "pod", "log", "over", "tid", "for", "message",
    ];
    NAMES.contains(&word) || sample.trim_start().starts_with('{') || sample.contains(&format!("{word}="))
}

#[test]
fn no_word_of_a_sample_is_lost() {
    let mut lost = Vec::new();
    for format in FORMATS {
        for (dialect, sample) in format.samples {
            let all = all_of(&read(sample));
            let missing = words(sample).into_iter().filter(|w| !all.contains(w) && !is_furniture(w, sample));
            lost.extend(missing.map(|word| format!("{} ({dialect}): {word}", format.name)));
        }
    }
    assert_eq!(lost, Vec::<String>::new());
}

proptest! {
    /// Whatever carries a message, the words of the message stay.
    #[test]
    fn no_word_of_a_message_is_lost(
        format in 0..FORMATS.len(),
        message in "[bcdfgh]{3,6}( [bcdfgh]{3,6}){1,4}",
    ) {
        for (_, sample) in FORMATS[format].samples {
            let line = format!("{sample} {message}");
            let (names, record) = name_and_read(&line);
            // A JSON document with something behind it is none any more, and is told as it stands.
            let all = all_of(&record);
            for word in message.split(' ') {
                prop_assert!(all.contains(word), "{names:?} lost {word:?} of {line:?}: {record:?}");
            }
        }
    }
}
