//! .NET's console logger: the head `info: Category.Name[14]`, whose message follows on a line of its own, or all on one line.
//! <https://learn.microsoft.com/en-us/dotnet/core/extensions/console-log-formatter>

use super::take;
use super::{Format, Kind, Record, first};
use crate::evidence::Level;

pub(super) const FORMAT: Format = Format {
    name: "dotnet-console",
    title: ".NET console logger",
    link: "https://learn.microsoft.com/en-us/dotnet/core/extensions/console-log-formatter",
    kind: Kind::Program,
    first: first::DIGIT | first::LETTER,
    samples: &[
        ("simple", "fail: Microsoft.AspNetCore.Server.Kestrel[13]"),
        ("single line", "warn: Shop.Orders[0] Order 7 is late"),
        ("single line with a time", "2026-01-31 08:00:00 crit: Shop.Program[10] cannot start"),
    ],
    parse,
};

fn parse(line: &str) -> Option<Record<'_>> {
    if let Some(record) = head(line) {
        return Some(record);
    }
    if !line.as_bytes().first()?.is_ascii_digit() {
        return None;
    }
    let (time, rest) = take::time(line)?;
    Some(Record { time: Some(time), ..head(rest)? })
}

fn head(text: &str) -> Option<Record<'_>> {
    let (word, rest) = text.split_at_checked(4)?;
    let level = level_of(word)?;
    let (category, message) = take::word(rest.strip_prefix(": ")?)?;
    let (logger, event) = category.strip_suffix(']')?.rsplit_once('[')?;
    let event_is_number = take::is_number(event.strip_prefix('-').unwrap_or(event));
    if logger.is_empty() || !event_is_number {
        return None;
    }
    let fields = take::fields([("event", event)]);
    Some(Record { level: Some(level), logger: Some(logger.into()), fields, ..Record::of(message) })
}

fn level_of(word: &str) -> Option<Level> {
    match word {
        "trce" => Some(Level::Trace),
        "dbug" => Some(Level::Debug),
        "info" => Some(Level::Info),
        "warn" => Some(Level::Warn),
        "fail" => Some(Level::Error),
        "crit" => Some(Level::Fatal),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{FORMAT, parse};
    use crate::evidence::Level;

    #[test]
    fn heads_and_single_lines_are_read() {
        for (at, level, logger, event, message) in [
            (0, Level::Error, "Microsoft.AspNetCore.Server.Kestrel", "13", ""),
            (1, Level::Warn, "Shop.Orders", "0", "Order 7 is late"),
            (2, Level::Fatal, "Shop.Program", "10", "cannot start"),
        ] {
            let record = parse(FORMAT.samples[at].1).expect("a sample");
            assert_eq!((record.level, record.logger.as_deref()), (Some(level), Some(logger)));
            assert_eq!((record.field("event"), record.message.as_ref()), (Some(event), message));
        }
    }

    #[test]
    fn other_lines_are_no_dotnet() {
        for line in
            ["", "info", "info: x", "info: [1]", "info: x[y]", "note: x[1]", "08:00:00 x", "      Order 7", "ééé: x[1]"]
        {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
