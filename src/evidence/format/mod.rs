//! The formats that lines come in: what carries other programs' lines, and what programs write themselves.
//!
//! One file each, with a sample that `docs/formats.md` shows. Adding one costs its file and its two lines here. A format is a pure function from
//! a plain line to a [`Record`]; it says no as soon as it can, because most lines are asked by most formats.

mod access_log;
mod apache_error;
mod compose;
mod cri;
mod docker_json;
mod dotnet_console;
mod env_logger;
mod events_json;
mod events_table;
mod events_yaml;
mod github_actions;
mod gitlab_ci;
mod glog;
mod go_std;
mod gunicorn;
mod journald_json;
mod journald_short;
mod json_logger;
mod jul;
mod kernel;
mod klog;
mod kubectl_describe;
mod kubectl_prefix;
mod kubectl_timestamps;
mod kubetail;
mod logback;
mod logfmt;
mod mysql;
mod nginx_error;
mod plain;
mod postgres;
mod python_logging;
mod rails;
mod redis;
mod stern;
mod syslog_3164;
mod syslog_5424;
mod take;
mod terraform;
mod uvicorn;

pub use super::record::Record;
use super::{Level, printable, unescape};

/// How a format stands to the lines inside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Carries lines of other programs as they were written; it is taken off before signals look.
    Wrapper,
    /// Carries messages of other programs with a head of its own, as syslog does; the message may have a format again.
    Relay,
    /// Written by the program itself.
    Program,
}

/// One format.
#[derive(Clone, Copy, Debug)]
pub struct Format {
    /// Kebab-case name.
    pub name: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// Where it is specified.
    pub link: &'static str,
    /// How it stands to the lines inside it.
    pub kind: Kind,
    /// Classes of the first byte of a line, see [`first`].
    pub first: u8,
    /// Samples for the documentation, by dialect.
    pub samples: &'static [(&'static str, &'static str)],
    /// Takes a plain line apart; `None` where it is not of this format.
    pub parse: for<'a> fn(&'a str) -> Option<Record<'a>>,
}

/// Classes of the first byte of a line, so that most formats need not be asked.
pub mod first {
    /// `0` to `9`.
    pub const DIGIT: u8 = 1;
    /// A letter.
    pub const LETTER: u8 = 2;
    /// `{`.
    pub const BRACE: u8 = 4;
    /// `[`, `(`, `<`, `"`, `#`.
    pub const BRACKET: u8 = 8;
    /// Blank, tab, any other byte, or nothing.
    pub const OTHER: u8 = 16;
    /// Every line.
    pub const ANY: u8 = 31;

    /// The class of a line.
    #[must_use]
    pub fn of(line: &str) -> u8 {
        match line.as_bytes().first() {
            Some(b'0'..=b'9') => DIGIT,
            Some(b'a'..=b'z' | b'A'..=b'Z') => LETTER,
            Some(b'{') => BRACE,
            Some(b'[' | b'(' | b'<' | b'"' | b'#') => BRACKET,
            _ => OTHER,
        }
    }
}

/// Every format, the more particular before the more general.
pub const FORMATS: &[Format] = &[
    compose::FORMAT,
    cri::FORMAT,
    docker_json::FORMAT,
    github_actions::FORMAT,
    kubectl_prefix::FORMAT,
    stern::FORMAT,
    kubetail::FORMAT,
    kubectl_timestamps::FORMAT,
    gitlab_ci::FORMAT,
    terraform::FORMAT,
    journald_json::FORMAT,
    syslog_5424::FORMAT,
    syslog_3164::FORMAT,
    journald_short::FORMAT,
    kernel::FORMAT,
    events_json::FORMAT,
    events_yaml::FORMAT,
    events_table::FORMAT,
    kubectl_describe::FORMAT,
    json_logger::FORMAT,
    klog::FORMAT,
    glog::FORMAT,
    access_log::FORMAT,
    nginx_error::FORMAT,
    apache_error::FORMAT,
    postgres::FORMAT,
    mysql::FORMAT,
    redis::FORMAT,
    env_logger::FORMAT,
    uvicorn::FORMAT,
    gunicorn::FORMAT,
    rails::FORMAT,
    dotnet_console::FORMAT,
    jul::FORMAT,
    python_logging::FORMAT,
    logback::FORMAT,
    logfmt::FORMAT,
    go_std::FORMAT,
    plain::FORMAT,
];

/// No line is carried through more hands than this.
const LAYERS: usize = 4;

/// Takes the wrappers off a plain line; what is left is the line that the program wrote, which signals look at.
#[must_use]
pub fn unwrap(line: &str) -> Record<'_> {
    let mut inner = Record::of(line);
    for _ in 0..LAYERS {
        let Some((_, next)) = find(&inner.message, |f| f.kind == Kind::Wrapper) else { break };
        let done = next.message == inner.message;
        inner = next.within(inner);
        if done {
            break;
        }
    }
    inner
}

/// The line that a program wrote, plain and out of its wrappers, of raw bytes.
#[must_use]
pub fn program_message(raw: &[u8]) -> String {
    unwrap(&printable(raw)).message.into_owned()
}

/// The same without escapes; signals look at this.
#[must_use]
pub fn program_text(raw: &[u8]) -> String {
    unescape(&program_message(raw)).into_owned()
}

/// Takes a plain line apart through all its layers.
#[must_use]
pub fn read(line: &str) -> Record<'_> {
    name_and_read(line).1
}

/// The same, with the names of the formats, the outermost first.
#[must_use]
pub fn name_and_read(line: &str) -> (Vec<&'static str>, Record<'_>) {
    let mut inner = Record::of(line);
    let mut names = Vec::new();
    for _ in 0..LAYERS {
        let Some((format, next)) = find(&inner.message, |_| true) else { break };
        names.push(format.name);
        // A mark of a wrapper is all there is to it.
        let done = format.kind == Kind::Program || next.message == inner.message;
        inner = next.within(inner);
        if done {
            break;
        }
    }
    (names, inner)
}

/// Whether the level of a line that these formats read hangs on digits: the status of a request, the number of a severity.
#[must_use]
pub fn level_hangs_on_digits(names: &[&str], line: &str) -> bool {
    let numbered = ["access-log", "go-std", "rails", "uvicorn", "journald-json"];
    line.starts_with('<') || Level::is_number(line) || names.iter().any(|name| numbered.contains(name))
}

fn find(line: &str, wanted: impl Fn(&Format) -> bool) -> Option<(&'static Format, Record<'static>)> {
    let class = first::of(line);
    let mut asked = FORMATS.iter().filter(|f| f.first & class != 0 && wanted(f));
    asked.find_map(|f| Some((f, (f.parse)(line)?.into_owned())))
}

/// Whether `text` starts with a time stamp as RFC 3339 spells it; its length in bytes.
fn timestamp(text: &str) -> Option<usize> {
    let end = text.find(' ')?;
    let bytes = text.as_bytes();
    let shaped = end >= 20
        && bytes[..4].iter().all(u8::is_ascii_digit)
        && bytes[4] == b'-'
        && bytes[7] == b'-'
        && bytes[10] == b'T'
        && bytes[13] == b':'
        && (bytes[end - 1] == b'Z' || bytes[..end].iter().rev().take(6).any(|b| matches!(b, b'+' | b'-')));
    shaped.then_some(end)
}

#[cfg(test)]
mod tests {
    use super::{FORMATS, first, name_and_read, read, unwrap};
    use proptest::prelude::*;

    #[test]
    fn a_line_that_nothing_carried_stays_as_it_is() {
        for line in ["", "plain", "a | b", "[info] [x] y", r#"{"level":"info"}"#, "2024-01-01T00:00:00Z INFO x"] {
            assert_eq!(unwrap(line).message, line);
        }
    }

    #[test]
    fn wrappers_inside_wrappers_come_off() {
        let line = r#"web-1  | {"log":"boom\n","stream":"stderr","time":"2024-01-01T00:00:00Z"}"#;
        let inner = unwrap(line);
        assert_eq!((inner.message.as_ref(), inner.container.as_deref()), ("boom", Some("web-1")));
    }

    /// A format that is never reached, or that an earlier one shadows, would read its own sample wrongly.
    #[test]
    fn every_sample_is_read_by_its_own_format() {
        for format in FORMATS {
            assert!(!format.samples.is_empty(), "{}", format.name);
            for (dialect, line) in format.samples {
                assert!(format.first & first::of(line) != 0, "{dialect}: {line}");
                assert_eq!(name_and_read(line).0.first(), Some(&format.name), "{dialect}: {line}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived(line in any::<String>()) {
            let _ = read(&line);
        }

        #[test]
        fn a_sample_cut_anywhere_is_survived(format in 0..FORMATS.len(), at in 0usize..200, tail in ".{0,20}") {
            for (_, sample) in FORMATS[format].samples {
                let mut end = at.min(sample.len());
                while !sample.is_char_boundary(end) {
                    end -= 1;
                }
                let _ = read(&format!("{}{tail}", &sample[..end]));
            }
        }
    }
}
