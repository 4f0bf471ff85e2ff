//! Google's C++ logger: `I20260131 08:00:00.123456  7 file.cc:12] msg`.
//! <https://google.github.io/glog/stable/logging/>

use super::klog::{after_time, level_of_letter};
use super::{Format, Kind, Record, first};
use crate::evidence::stamp;

pub(super) const FORMAT: Format = Format {
    name: "glog",
    title: "glog (C++)",
    link: "https://google.github.io/glog/stable/logging/",
    kind: Kind::Program,
    first: first::LETTER,
    samples: &[("glog", "E20260131 08:00:00.123456  7 file.cc:12] cannot open socket")],
    parse,
};

fn parse(line: &str) -> Option<Record<'_>> {
    if !line.as_bytes().get(1..9)?.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let level = level_of_letter(line)?;
    let text = line.get(1..)?;
    let (time, length) = stamp::glog(text)?;
    after_time(level, time, text.get(length..)?)
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::evidence::Level;

    #[test]
    fn head_comes_off() {
        let record = parse("W20260131 08:00:00.123456  7 file.cc:12] slow").expect("glog");
        assert_eq!((record.level, record.logger.as_deref()), (Some(Level::Warn), Some("file.cc:12")));
        assert_eq!((record.message.as_ref(), record.field("thread")), ("slow", Some("7")));
        assert_eq!(record.time.map(|t| t.to_string()).as_deref(), Some("2026-01-31T08:00:00.123456"));
    }

    #[test]
    fn other_lines_are_no_glog() {
        for line in ["", "I20260131", "I20260131 x", "20260131 08:00:00 7 a.cc:1] x", "I20269931 08:00:00 7 a.cc:1] x"]
        {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
