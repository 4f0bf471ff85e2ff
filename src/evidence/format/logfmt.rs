//! `key=value` pairs: `time=… level=info msg="…" k=v`.
//! <https://brandur.org/logfmt>

use std::borrow::Cow;

use super::take::{self, Field};
use super::{Format, Kind, Record, first, json_logger};

pub(super) const FORMAT: Format = Format {
    name: "logfmt",
    title: "logfmt",
    link: "https://brandur.org/logfmt",
    kind: Kind::Program,
    first: first::LETTER,
    samples: &[
        ("logrus", r#"time="2026-01-31T08:00:00Z" level=error msg="dial tcp: i/o timeout" attempt=3"#),
        ("go-kit", r#"ts=2026-01-31T08:00:00.250Z caller=main.go:12 level=warn component=tsdb msg="slow query""#),
        ("slog", r#"time=2026-01-31T08:00:00.250+01:00 level=INFO msg="request done" method=GET"#),
        ("log15", r#"t=2026-01-31T08:00:00+0000 lvl=eror msg="no such host" host=db"#),
        ("heroku router", "at=info method=GET path=/ host=shop.example.org status=200"),
    ],
    parse,
};

/// Names that a line of other text does not have by chance.
const KNOWN: [&str; 9] = ["level", "lvl", "severity", "msg", "message", "ts", "time", "t", "caller"];

fn parse(line: &str) -> Option<Record<'_>> {
    let (pairs, loose) = split(line)?;
    let known = pairs.iter().any(|(name, _)| KNOWN.contains(&name.as_ref()));
    if pairs.len() < 2 || !(known || loose.is_empty()) {
        return None;
    }
    let plain = || Record { fields: pairs.clone(), ..Record::of(line) };
    let parts = pairs.iter().cloned().map(|(name, value)| (name, json_logger::Value::Text(value))).collect();
    let mut record = json_logger::record(line, parts).unwrap_or_else(plain);
    if !loose.is_empty() && record.message != line {
        record.message = Cow::Owned(format!("{} {}", record.message, loose.join(" ")));
    }
    Some(record)
}

/// The pairs, and the words between them that are none.
fn split(line: &str) -> Option<(Vec<Field<'_>>, Vec<&str>)> {
    let (first, mut rest) = take::pair(line)?;
    let (mut pairs, mut loose) = (vec![first], Vec::new());
    while !rest.is_empty() {
        if let Some((pair, after)) = take::pair(rest) {
            pairs.push(pair);
            rest = after;
        } else {
            let (word, after) = take::word(rest)?;
            loose.push(word);
            rest = after;
        }
    }
    Some((pairs, loose))
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::evidence::Level;

    #[test]
    fn pairs_are_parts_and_fields() {
        let line = r#"time="2026-01-31T08:00:00Z" level=error msg="a \"b\"\nc" logger=x k="v w" o={"a": 1} e= f"#;
        let record = parse(line).expect("logfmt");
        assert_eq!((record.level, record.message.as_ref()), (Some(Level::Error), "a \"b\"\nc f"));
        assert_eq!(record.time.map(|t| t.to_string()).as_deref(), Some("2026-01-31T08:00:00Z"));
        assert_eq!(record.logger.as_deref(), Some("x"));
        assert_eq!(
            (record.field("k"), record.field("o"), record.field("e")),
            (Some("v w"), Some("{\"a\": 1}"), Some(""))
        );
    }

    #[test]
    fn an_error_follows_the_message() {
        let record = parse(r#"level=error ts=2026-01-31T08:00:00Z msg="sync failed" err="no route""#).expect("logfmt");
        assert_eq!(record.message, "sync failed\nno route");
        assert_eq!(parse(r#"level=error caller=a.go:1 err="no route""#).expect("logfmt").message, "no route");
    }

    #[test]
    fn one_pair_in_a_text_is_no_logfmt() {
        for line in ["", "a=1", "level=info", "a=1 b", "see a=1 b=2", "x = 1", "a=1 b=2 and more", "é=1 b=2"] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
