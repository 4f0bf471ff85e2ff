//! Redis and Valkey: `1:M 31 Jan 2026 08:00:00.123 # msg`.
//! <https://redis.io/docs/latest/operate/oss_and_stack/management/troubleshooting/>

use super::take;
use super::{Format, Kind, Record, first};
use crate::evidence::{Level, stamp};

pub(super) const FORMAT: Format = Format {
    name: "redis",
    title: "Redis and Valkey",
    link: "https://redis.io/docs/latest/operate/oss_and_stack/management/troubleshooting/",
    kind: Kind::Program,
    first: first::DIGIT | first::BRACKET,
    samples: &[
        ("redis", "1:M 31 Jan 2026 08:00:00.123 # WARNING Memory overcommit must be enabled!"),
        ("redis before 3", "[7] 31 Jan 08:00:00.123 * Server started"),
    ],
    parse,
};

fn parse(line: &str) -> Option<Record<'_>> {
    let (pid, role, rest) = process(line)?;
    let (time, length) = stamp::day_first(rest)?;
    let (mark, message) = rest.get(length..)?.strip_prefix(' ')?.split_at_checked(1)?;
    let level = level_of(mark)?;
    let message = message.strip_prefix(' ')?;
    let fields = take::fields([("pid", pid), ("role", role)]);
    Some(Record { time: Some(time), level: Some(level), fields, ..Record::of(message) })
}

/// `1:M ` or `[7] `.
fn process(line: &str) -> Option<(&str, &str, &str)> {
    if let Some((pid, rest)) = take::bracketed(line) {
        return take::is_number(pid).then_some((pid, "", rest));
    }
    let (pid, rest) = line.split_at_checked(line.bytes().take_while(u8::is_ascii_digit).count())?;
    let (role, rest) = rest.strip_prefix(':')?.split_once(' ')?;
    matches!(role, "X" | "C" | "S" | "M" | "signal-handler").then_some((pid, role, rest))
}

fn level_of(mark: &str) -> Option<Level> {
    match mark {
        "." | "-" => Some(Level::Debug),
        "*" => Some(Level::Info),
        "#" => Some(Level::Warn),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::evidence::Level;

    #[test]
    fn marks_are_levels() {
        for (mark, level) in [(".", Level::Debug), ("-", Level::Debug), ("*", Level::Info), ("#", Level::Warn)] {
            let line = format!("12:S 31 Jan 2026 08:00:00.123 {mark} Connection lost");
            let record = parse(&line).expect(mark);
            assert_eq!((record.level, record.message.as_ref()), (Some(level), "Connection lost"));
            assert_eq!((record.field("pid"), record.field("role")), (Some("12"), Some("S")));
        }
        assert_eq!(parse("[7] 31 Jan 08:00:00 # x").expect("old").message, "x");
    }

    #[test]
    fn other_lines_are_no_redis() {
        for line in [
            "",
            "1:",
            "1:M",
            "1:M x",
            "1:M 31 Jan 2026 08:00:00.123",
            "1:M 31 Jan 2026 08:00:00 é x",
            "[a] 31 Jan 08:00:00 # x",
            "1:Q 31 Jan 2026 08:00:00 # x",
        ] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
