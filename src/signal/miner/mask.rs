//! Turns a message into its key: the words that stay, `<*>` for each value that is one by its looks.
//!
//! What a value looks like is the same in all logs: numbers with their units, addresses, identifiers of letters and digits, paths, dotted names, dates, what stands
//! after an equals sign. Values that follow each other are one, so that lists of any length have one key.

/// Stands for a value.
pub(super) const VALUE: &str = "<*>";
/// Words of a message that are looked at.
const MOST_WORDS: usize = 100;
/// Punctuation around a value says nothing.
const AROUND: &[char] = &['(', ')', '[', ']', '{', '}', ',', '.', ';', ':', '"', '\''];
/// Words that belong to the number before them.
const UNITS: &[&str] = &[
    "%", "B", "KB", "MB", "GB", "TB", "kB", "KiB", "MiB", "GiB", "TiB", "byte", "bytes", "ns", "us", "µs", "ms", "s",
    "sec", "secs", "second", "seconds", "min", "mins", "minute", "minutes", "h", "hour", "hours", "day", "days", "Hz",
    "MHz", "GHz",
];
const MONTHS: &[&str] = &["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const DAYS: &[&str] = &["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// Writes the key of `message` into `out`: words with one blank between them.
pub(super) fn key(message: &str, out: &mut String) {
    out.clear();
    let mut words = Words { out, last: Last::Nothing };
    let mut rest = message;
    for _ in 0..MOST_WORDS {
        let Some((word, after)) = next_word(rest) else { return };
        words.push(word, after);
        rest = after;
    }
}

/// The next word and what follows it. A quoted value of a field is one word, blanks and all.
fn next_word(text: &str) -> Option<(&str, &str)> {
    let text = text.trim_start();
    let mut end = text.find(char::is_whitespace).unwrap_or(text.len());
    if let Some(at) = text[..end].find("=\"") {
        let open = at + 2;
        let closed = text[open..end].contains('"');
        if let Some(close) = text[open..].find('"').filter(|_| !closed) {
            let tail = &text[open + close..];
            end = open + close + tail.find(char::is_whitespace).unwrap_or(tail.len());
        }
    }
    (end > 0).then(|| text.split_at(end))
}

/// What was written last.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    Nothing,
    Word,
    Value,
    /// An equals sign by itself, or the name of a day or month: what follows is a value.
    Announces,
}

struct Words<'o> {
    out: &'o mut String,
    last: Last,
}

impl Words<'_> {
    fn push(&mut self, word: &str, after: &str) {
        let core = word.trim_matches(AROUND);
        let announced = self.last == Last::Announces;
        if (self.last == Last::Value && (UNITS.contains(&core) || is_zone(core)))
            || is_date_word(core, after, self.last)
        {
            if self.last != Last::Value {
                self.value();
            }
            return;
        }
        if word == "=" {
            self.write(word);
            self.last = Last::Announces;
            return;
        }
        let begins = self.out.len();
        self.write("");
        token(word, self.out);
        let at = begins + usize::from(begins > 0);
        if announced || self.out[at..].trim_matches(AROUND) == VALUE {
            self.out.truncate(begins);
            if self.last != Last::Value {
                self.value();
            }
            return;
        }
        self.last = Last::Word;
    }

    fn value(&mut self) {
        self.write(VALUE);
        self.last = Last::Value;
    }

    fn write(&mut self, word: &str) {
        if !self.out.is_empty() {
            self.out.push(' ');
        }
        self.out.push_str(word);
    }
}

/// `PDT`, `UTC` in the middle of a date.
fn is_zone(word: &str) -> bool {
    matches!(
        word,
        "UTC" | "GMT" | "CET" | "CEST" | "EST" | "EDT" | "CST" | "CDT" | "MST" | "MDT" | "PST" | "PDT" | "AM" | "PM"
    )
}

/// `Thu Aug 04`: a day before a month, a month before a number.
fn is_date_word(word: &str, after: &str, last: Last) -> bool {
    if DAYS.contains(&word) {
        return after.split_whitespace().next().is_some_and(|next| MONTHS.contains(&next));
    }
    let number = |text: &str| text.trim_start().starts_with(|c: char| c.is_ascii_digit());
    MONTHS.contains(&word) && (number(after) || last == Last::Value)
}

/// Writes a word with its values masked.
fn token(word: &str, out: &mut String) {
    if is_hex_groups(word.trim_matches(AROUND)) {
        out.push_str(VALUE);
        return;
    }
    let begins = out.len();
    let mut rest = word;
    while let Some(first) = rest.chars().next() {
        if first == '=' && is_assignment(&out[begins..], rest) {
            rest = assigned(&rest[1..], out);
        } else if is_part(first) {
            let end = part_end(rest);
            part(&rest[..end], out, begins);
            rest = &rest[end..];
        } else {
            if !(matches!(first, '<' | '>') && rest[1..].starts_with(|c: char| c.is_ascii_digit())) {
                out.push(first);
            }
            rest = &rest[first.len_utf8()..];
        }
    }
}

/// `name=value`, not `==`, `=>` or `!=`.
fn is_assignment(before: &str, from: &str) -> bool {
    before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | ']' | '-'))
        && !matches!(from[1..].chars().next(), None | Some('=' | '>' | ',' | ';' | ')' | ' '))
}

/// Masks the value after an equals sign; returns what follows it.
fn assigned<'t>(text: &'t str, out: &mut String) -> &'t str {
    out.push('=');
    out.push_str(VALUE);
    let quoted = text.strip_prefix('"').and_then(|inside| inside.find('"').map(|close| close + 2));
    let end = quoted.unwrap_or_else(|| {
        let ends = |c: char| matches!(c, ',' | ';' | ')' | ']' | '}' | '|' | '&');
        text.find(ends).unwrap_or(text.len())
    });
    &text[end..]
}

fn is_part(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '/' | '\\' | '@' | '$' | '#' | '%' | '+' | '*' | '~')
}

/// Where the part that `text` begins with ends; a row of dots that leads to a value is a part of its own.
fn part_end(text: &str) -> usize {
    let end = text.find(|c| !is_part(c)).unwrap_or(text.len());
    if let Some(dots) = text[..end].find("...") {
        if dots > 0 {
            return dots;
        }
        return end - text[..end].trim_start_matches('.').len();
    }
    end
}

fn part(text: &str, out: &mut String, begins: usize) {
    let core = text.trim_end_matches(['.', '-', '/']);
    if !is_value(core) {
        out.push_str(text);
        return;
    }
    // `10.0.0.1:80`, `1,2,3`: values with little between them are one.
    let written = &out[begins..];
    let joined = written.trim_end_matches([':', ',', '.', '-']);
    if joined.ends_with(VALUE) && written.len() - joined.len() <= 1 {
        let keep = begins + joined.len();
        out.truncate(keep);
        return;
    }
    out.push_str(VALUE);
    out.push_str(&text[core.len()..]);
}

fn is_value(part: &str) -> bool {
    let bytes = part.as_bytes();
    if bytes.iter().any(u8::is_ascii_digit) {
        return !is_name_with_digits(part);
    }
    let count = |byte: u8| memchr::memchr_iter(byte, bytes).count();
    let path = count(b'/') >= 2
        || count(b'\\') >= 2
        || (part.len() > 2 && part.starts_with(['/', '~']))
        || part.starts_with("./");
    path || is_dotted_name(part) || (count(b'@') == 1 && count(b'.') >= 1)
}

/// A host, a package, a class: letters with two dots or more between them.
fn is_dotted_name(part: &str) -> bool {
    let mut pieces = 0;
    for piece in part.split(['.', '/']) {
        if piece.is_empty() || !piece.starts_with(|c: char| c.is_alphabetic() || c == '_' || c == '$') {
            return false;
        }
        pieces += 1;
    }
    pieces >= 3 && part.contains('.')
}

/// `jk2_init`, `isBluetoothA2dpOn`: a digit or two inside a name of several words.
fn is_name_with_digits(part: &str) -> bool {
    let bytes = part.as_bytes();
    let word = bytes.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_');
    let compound =
        part.contains('_') || bytes.windows(2).any(|w| w[0].is_ascii_lowercase() && w[1].is_ascii_uppercase());
    let named = bytes.len() >= 6 && bytes[..2].iter().all(u8::is_ascii_alphabetic);
    if !word || !compound || !named || !part.bytes().any(|b| b.is_ascii_alphabetic() && !b.is_ascii_hexdigit()) {
        return false;
    }
    let Some(first) = bytes.iter().position(u8::is_ascii_digit) else { return false };
    let digits = bytes[first..].iter().take_while(|b| b.is_ascii_digit()).count();
    let rest = &bytes[first + digits..];
    let letters = rest.iter().filter(|b| b.is_ascii_alphabetic()).count();
    digits <= 2 && letters >= 2 && !rest.iter().any(u8::is_ascii_digit)
}

/// `FF:F2:9F:16`, an IPv6 address.
fn is_hex_groups(word: &str) -> bool {
    word.bytes().filter(|b| *b == b':').count() >= 2 && word.bytes().all(|b| b == b':' || b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::key;
    use proptest::prelude::*;

    fn of(message: &str) -> String {
        let mut out = String::new();
        key(message, &mut out);
        out
    }

    #[test]
    fn values_are_known_by_their_looks() {
        for (message, wanted) in [
            ("Connection from 10.0.0.1 port 2222", "Connection from <*> port <*>"),
            ("took 12 ms, read 3.5 KB (3584 bytes) of it", "took <*> read <*> of it"),
            ("list 1, 2, 3 4 end", "list <*> end"),
            ("user=root rhost=10.0.0.1 ruser= x", "user=<*> rhost=<*> ruser= x"),
            ("at Thu Aug 04 10:00:00 PDT 2005 done", "at <*> done"),
            ("loading ./a/b.so: failed", "loading <*> failed"),
            ("lookup db.shop.svc failed, see ops@example.org", "lookup <*> failed, see <*>"),
            ("jk2_init() Found child 6725", "jk2_init() Found child <*>"),
            ("level........7 and more", "level........<*> and more"),
            ("open tag=\"My Lock\", name=x)", "open tag=<*>, name=<*>)"),
            ("chip FF:F2:9F:16 up", "chip <*> up"),
            ("size = big enough", "size = <*> enough"),
            ("a == b and c => d", "a == b and c => d"),
            ("node:8030 gone", "node:<*> gone"),
            ("lifetime <1 sec", "lifetime <*>"),
            ("", ""),
        ] {
            assert_eq!(of(message), wanted, "{message}");
        }
    }

    proptest! {
        #[test]
        fn any_text_has_a_key(message in any::<String>()) {
            let _ = of(&message);
        }

        #[test]
        fn other_numbers_have_the_same_key(a in 0u32..1_000_000, b in 0u32..1_000_000) {
            prop_assert_eq!(of(&format!("took {a} ms for item {a}")), of(&format!("took {b} ms for item {b}")));
        }
    }
}
