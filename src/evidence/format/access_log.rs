//! Access logs of web servers: the Common and Combined formats of Apache and nginx, ingress-nginx's tail, and Envoy's format.
//! <https://httpd.apache.org/docs/2.4/logs.html#accesslog>

use std::borrow::Cow;

use super::take::{self, Field};
use super::{Format, Kind, Record, first};
use crate::evidence::{Level, stamp};

pub(super) const FORMAT: Format = Format {
    name: "access-log",
    title: "Access logs (Apache, nginx, ingress-nginx, Envoy)",
    link: "https://httpd.apache.org/docs/2.4/logs.html#accesslog",
    kind: Kind::Program,
    first: first::DIGIT | first::LETTER | first::BRACKET | first::OTHER,
    samples: &[
        ("common", r#"10.0.0.7 - frank [31/Jan/2026:08:00:00 +0000] "GET /a.gif HTTP/1.0" 200 2326"#),
        (
            "combined",
            r#"10.0.0.7 - - [31/Jan/2026:08:00:00 +0000] "POST /buy HTTP/1.1" 502 157 "https://shop.example.org/" "curl/8.5.0""#,
        ),
        (
            "vhost",
            r#"shop.example.org:80 10.0.0.7 - - [31/Jan/2026:08:00:00 +0000] "GET / HTTP/1.1" 404 12 "-" "curl/8.5.0""#,
        ),
        (
            "ingress-nginx",
            r#"10.0.0.7 - - [31/Jan/2026:08:00:00 +0000] "GET / HTTP/1.1" 504 160 "-" "curl/8.5.0" 78 5.001 [shop-web-80] [] 10.1.0.9:8080 0 5.000 504 a1b2c3"#,
        ),
        (
            "envoy",
            r#"[2026-01-31T08:00:00.250Z] "GET / HTTP/1.1" 503 UF 0 91 3 - "-" "curl/8.5.0" "a1b2c3" "shop.example.org" "10.1.0.9:8080""#,
        ),
    ],
    parse,
};

/// What ingress-nginx writes after the user agent.
const INGRESS: [&str; 9] = [
    "request_length",
    "request_time",
    "upstream_name",
    "upstream_alternative",
    "upstream_addr",
    "upstream_length",
    "upstream_time",
    "upstream_status",
    "request_id",
];

fn parse(line: &str) -> Option<Record<'_>> {
    if line.starts_with('[') {
        return envoy(line);
    }
    let (head, rest) = line.split_once(" [")?;
    let (time, length) = stamp::day_first(rest).filter(|_| rest.as_bytes().get(2) == Some(&b'/'))?;
    let (request, rest) = take::quoted(rest.get(length..)?.strip_prefix("] ")?)?;
    let (status, rest) = take::number(rest)?;
    let mut fields = client(head)?;
    fields.extend(take::fields([("status", status)]));
    fields.extend(after_status(rest));
    Some(Record { time: Some(time), level: Some(level_of(status)), message: request, fields, ..Record::default() })
}

fn client(head: &str) -> Option<Vec<Field<'_>>> {
    // Python's default layout before a request of werkzeug.
    if head.split_once(':').is_some_and(|(word, _)| Level::from_word(word).is_some()) {
        return None;
    }
    let words: Vec<&str> = head.split_whitespace().collect();
    let (host, client, ident, user) = match words[..] {
        [client, ident, user] => ("", client, ident, user),
        [host, client, ident, user] => (host, client, ident, user),
        _ => return None,
    };
    Some(take::fields([("host", host), ("client", client), ("ident", ident), ("user", user)]))
}

fn level_of(status: &str) -> Level {
    match status.as_bytes() {
        [b'5', ..] => Level::Error,
        [b'4', ..] => Level::Warn,
        _ => Level::Info,
    }
}

fn after_status(rest: &str) -> Vec<Field<'_>> {
    let (bytes, rest) = take::word(rest).filter(|(w, _)| *w == "-" || take::is_number(w)).unwrap_or(("", rest));
    let (referer, rest) = take::quoted(rest).unwrap_or((Cow::Borrowed(""), rest));
    let (agent, rest) = take::quoted(rest).unwrap_or((Cow::Borrowed(""), rest));
    let mut fields = take::fields([("bytes", Cow::Borrowed(bytes)), ("referer", referer), ("agent", agent)]);
    fields.extend(ingress(rest).unwrap_or_else(|| take::fields([("tail", rest)])));
    fields
}

fn ingress(tail: &str) -> Option<Vec<Field<'_>>> {
    let words: Vec<&str> = tail.split_whitespace().collect();
    let shaped = words.len() == INGRESS.len() && words[2].starts_with('[') && words[3].starts_with('[');
    let named = INGRESS.into_iter().zip(words.into_iter().map(|w| w.trim_matches(['[', ']'])));
    shaped.then(|| take::fields(named))
}

/// `[time] "request" status flags …`.
fn envoy(line: &str) -> Option<Record<'_>> {
    let text = line.get(1..)?;
    let (time, length) = stamp::iso(text)?;
    let (request, rest) = take::quoted(text.get(length..)?.strip_prefix("] ")?)?;
    let (status, rest) = take::number(rest)?;
    let (flags, rest) = take::word(rest)?;
    let fields = take::fields([("status", status), ("flags", flags), ("tail", rest)]);
    Some(Record { time: Some(time), level: Some(level_of(status)), message: request, fields, ..Record::default() })
}

#[cfg(test)]
mod tests {
    use super::{FORMAT, parse};
    use crate::evidence::Level;

    #[test]
    fn the_status_says_how_serious() {
        let levels: Vec<_> = FORMAT.samples.iter().map(|(_, line)| parse(line).expect("a sample").level).collect();
        assert_eq!(levels, [Level::Info, Level::Error, Level::Warn, Level::Error, Level::Error].map(Some));
    }

    #[test]
    fn parts_are_fields() {
        let record = parse(FORMAT.samples[3].1).expect("ingress-nginx");
        assert_eq!((record.message.as_ref(), record.field("client")), ("GET / HTTP/1.1", Some("10.0.0.7")));
        assert_eq!(
            (record.field("upstream_name"), record.field("upstream_status")),
            (Some("shop-web-80"), Some("504"))
        );
        assert_eq!(
            (record.field("agent"), record.field("referer"), record.field("user")),
            (Some("curl/8.5.0"), None, None)
        );
        assert_eq!(parse(FORMAT.samples[4].1).expect("envoy").field("flags"), Some("UF"));
        let tail = parse(r#"::1 - - [31/Jan/2026:08:00:00 +0000] "GET /" 200 - "-" "-" 17 "web@docker" 3ms"#)
            .expect("Traefik");
        assert_eq!((tail.field("client"), tail.field("tail")), (Some("::1"), Some(r#"17 "web@docker" 3ms"#)));
    }

    #[test]
    fn other_lines_are_no_requests() {
        for line in
            ["", "a [b", "a - - [x] \"GET\" 200 1", "[2026-01-31T08:00:00Z] \"x\" y", "[31/Jan/2026:08:00:00 +0000] x"]
        {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
