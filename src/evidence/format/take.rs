//! Pieces that several formats are made of. Each takes its piece off the front of a text and gives it with what follows, blanks skipped.

use std::borrow::Cow;

use crate::evidence::{Level, Stamp};

/// A named value of a record.
pub(super) type Field<'a> = (Cow<'a, str>, Cow<'a, str>);

/// No level has a longer name, with its padding.
const LONGEST_LEVEL: usize = 14;

/// A group that never closes is looked for again at every pair, so the look is short.
const LONGEST_GROUP: usize = 1024;

/// Fields without those that say nothing.
pub(super) fn fields<'a, V: Into<Cow<'a, str>>>(named: impl IntoIterator<Item = (&'static str, V)>) -> Vec<Field<'a>> {
    let cows = named.into_iter().map(|(name, value)| (Cow::Borrowed(name), value.into()));
    cows.filter(|(_, value)| !matches!(value.trim(), "" | "-")).collect()
}

/// Everything up to a blank.
pub(super) fn word(text: &str) -> Option<(&str, &str)> {
    let end = text.find([' ', '\t']).unwrap_or(text.len());
    (end > 0).then(|| (&text[..end], text[end..].trim_start()))
}

/// `[inner]`.
pub(super) fn bracketed(text: &str) -> Option<(&str, &str)> {
    let (inner, rest) = text.strip_prefix('[')?.split_once(']')?;
    let inner = inner.trim();
    (!inner.is_empty()).then(|| (inner, rest.trim_start()))
}

/// Digits that a blank ends.
pub(super) fn number(text: &str) -> Option<(&str, &str)> {
    word(text).filter(|(word, _)| is_number(word))
}

/// Whether there are digits and nothing else.
pub(super) fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// A time, also in brackets or quotes.
pub(super) fn time(text: &str) -> Option<(Stamp, &str)> {
    let close = match text.as_bytes().first()? {
        b'[' => "]",
        b'(' => ")",
        b'"' => "\"",
        _ => "",
    };
    let (stamp, rest) = bare_time(text.get(close.len()..)?)?;
    let rest = rest.strip_prefix(close)?;
    let ends = !rest.starts_with(|c: char| c.is_alphanumeric());
    ends.then(|| (stamp, rest.trim_start()))
}

/// A time without brackets.
pub(super) fn bare_time(text: &str) -> Option<(Stamp, &str)> {
    text.as_bytes().first().filter(|b| b.is_ascii_alphanumeric())?;
    let (stamp, length) = Stamp::at_start(text)?;
    Some((stamp, text.get(length..)?))
}

/// A word that is set as a level: `ERROR`, `ERROR:`, `[error]`, `<warn>`.
pub(super) fn level(text: &str) -> Option<(Level, &str)> {
    level_in_brackets(text).or_else(|| level_in_capitals(text))
}

fn level_in_brackets(text: &str) -> Option<(Level, &str)> {
    let close = match text.as_bytes().first()? {
        b'[' => b']',
        b'<' => b'>',
        b'(' => b')',
        _ => return None,
    };
    let end = text.bytes().take(LONGEST_LEVEL).position(|b| b == close)?;
    let level = Level::from_word(text.get(1..end)?.trim())?;
    Some((level, text.get(end + 1..)?.trim_start_matches([':', ' ', '\t'])))
}

/// A level in capitals that a blank or a colon ends.
pub(super) fn level_in_capitals(text: &str) -> Option<(Level, &str)> {
    let end = text.bytes().take(LONGEST_LEVEL).take_while(u8::is_ascii_uppercase).count();
    let (word, rest) = text.split_at(end);
    let ends = match rest.bytes().next() {
        Some(b':') => true,
        None | Some(b' ' | b'\t' | b'|') => !is_also_a_word(word),
        Some(_) => false,
    };
    if word.len() < 3 || !ends {
        return None;
    }
    Some((Level::from_word(word)?, rest.trim_start_matches([':', ' ', '\t'])))
}

/// Levels whose names mean something else more often than not.
pub(super) fn is_also_a_word(level: &str) -> bool {
    ["log", "config", "fine", "note", "fail", "alert", "normal"].iter().any(|w| w.eq_ignore_ascii_case(level))
}

/// `"text"` with its escapes undone where they are JSON's, as most are.
pub(super) fn quoted(text: &str) -> Option<(Cow<'_, str>, &str)> {
    quote(text).map(|(value, rest)| (value, rest.trim_start()))
}

fn quote(text: &str) -> Option<(Cow<'_, str>, &str)> {
    let inner = text.strip_prefix('"')?;
    let end = closing_quote(inner)?;
    let (raw, rest) = (inner.get(..end)?, inner.get(end + 1..)?);
    let whole = text.get(..end + 2)?;
    let value = if raw.contains('\\') {
        serde_json::from_str::<String>(whole).map_or(Cow::Borrowed(raw), Cow::Owned)
    } else {
        Cow::Borrowed(raw)
    };
    Some((value, rest))
}

fn closing_quote(inner: &str) -> Option<usize> {
    let mut escaped = false;
    inner.bytes().position(|b| {
        let closes = b == b'"' && !escaped;
        escaped = b == b'\\' && !escaped;
        closes
    })
}

/// `key=value`, `key="a value"`, `key={"a": 1}`.
pub(super) fn pair(text: &str) -> Option<(Field<'_>, &str)> {
    let is_key = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.' | b'@' | b'/');
    let end = text.bytes().take_while(is_key).count();
    let value = text.get(end..)?.strip_prefix('=')?;
    if end == 0 {
        return None;
    }
    let (value, rest) = value_of(value);
    Some(((text[..end].into(), value), rest))
}

fn value_of(text: &str) -> (Cow<'_, str>, &str) {
    let set_apart = |rest: &str| rest.is_empty() || rest.starts_with([' ', '\t']);
    if let Some((value, rest)) = quote(text).filter(|(_, rest)| set_apart(rest)) {
        return (value, rest.trim_start());
    }
    let end = group(text).filter(|end| text.get(*end..).is_some_and(set_apart));
    let end = end.or_else(|| text.find([' ', '\t'])).unwrap_or(text.len());
    (text[..end].into(), text[end..].trim_start())
}

/// The length of a group in brackets, brackets within counted.
fn group(text: &str) -> Option<usize> {
    if !text.starts_with(['{', '[']) {
        return None;
    }
    let mut depth = 0usize;
    let end = text.bytes().take(LONGEST_GROUP).position(|b| {
        match b {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0
    })?;
    Some(end + 1)
}

/// Nothing but pairs.
pub(super) fn pairs(text: &str) -> Option<Vec<Field<'_>>> {
    let mut rest = text;
    let mut found = Vec::new();
    while !rest.is_empty() {
        let (next, after) = pair(rest)?;
        found.push(next);
        rest = after;
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::{level, pair, pairs, quoted, time};
    use crate::evidence::Level;
    use crate::evidence::format::{FORMATS, Kind};

    #[test]
    fn pieces_are_taken_with_their_escapes() {
        let (value, rest) = quoted(r#""a \"b\" \\" c"#).expect("a string");
        assert_eq!((value.as_ref(), rest), ("a \"b\" \\", "c"));
        assert_eq!(quoted(r#""open"#), None);
        let (field, rest) = pair("k={\"a\": [1 2]} r").expect("a pair");
        assert_eq!((field.1.as_ref(), rest), ("{\"a\": [1 2]}", "r"));
        assert_eq!(pairs("a=\"b\"c d=").expect("pairs")[0].1, "\"b\"c");
        assert_eq!(pairs("a=b c"), None);
    }

    #[test]
    fn levels_are_set_apart() {
        for (text, found) in [
            ("ERROR: x", Some((Level::Error, "x"))),
            ("[ info ] x", Some((Level::Info, "x"))),
            ("LOG:  x", Some((Level::Info, "x"))),
            ("LOG x", None),
            ("Error: x", None),
            ("ERRORS x", None),
            ("[x] ERROR", None),
        ] {
            assert_eq!(level(text), found, "{text}");
        }
        assert_eq!(time("[2026-01-31 08:00:00 x]"), None);
        assert_eq!(time("2026-01-31 08:00:00am"), None);
    }

    /// Words that a format's own grammar sets around the parts.
    const GRAMMAR: [&str; 10] = ["Jan", "Sat", "for", "trce", "fail", "crit", "tid", "UTC", "at", "AM"];

    fn may_change(word: &str) -> bool {
        // klog and glog write the level as a letter before the date.
        let numeric = word.trim_start_matches(['I', 'W', 'E', 'F']).starts_with(|c: char| c.is_ascii_digit());
        word.is_empty() || numeric || GRAMMAR.contains(&word) || Level::from_word(word).is_some()
    }

    /// Every word of a sample is found again, but for the spellings of time and level. Formats of names and values change names into parts.
    #[test]
    fn nothing_of_a_sample_is_lost() {
        let named = ["json-logger", "logfmt", "events-json", "events-yaml", "events-table", "kubectl-describe"];
        let programs = FORMATS.iter().filter(|f| f.kind == Kind::Program && !named.contains(&f.name));
        for (format, (dialect, line)) in programs.flat_map(|f| f.samples.iter().map(move |s| (f, s))) {
            let kept = format!("{:?}", (format.parse)(line).expect(dialect));
            let mut words = line.split(|c: char| !c.is_alphanumeric()).filter(|w| !may_change(w));
            assert_eq!(words.find(|word| !kept.contains(word)), None, "{dialect}: {line}");
        }
    }
}
