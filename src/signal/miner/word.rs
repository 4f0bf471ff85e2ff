//! What a word is: text of the program, a name with a number in it, or a value.

use super::class::{self, DIGIT, DOT, HEX, LETTER, MARKS, SLASH};

/// What a word is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Judgement {
    /// Text as it stands.
    Plain,
    /// Text with a short number in it, such as `eth0`: alike whatever the number.
    Numbered,
    /// A value, such as a number, an address or a path.
    Value,
}

/// A word of one number and so many letters in one piece is an identifier.
const IDENTIFIER: usize = 20;

/// The part of a run of word bytes that is one word: up to its full stop or a row of dots.
pub(super) fn trimmed(run: &[u8]) -> &[u8] {
    let end = run.windows(2).position(|pair| pair == b"..").unwrap_or(run.len());
    let mut run = &run[..end];
    while let [rest @ .., b'.' | b'\\'] = run {
        run = rest;
    }
    run
}

/// Judges a word with marks or digits in it; `classes` are those of its bytes, and `rest` is what follows it.
pub(super) fn judge(word: &[u8], classes: u8, rest: &[u8]) -> Judgement {
    if word[0].is_ascii_digit() {
        return Judgement::Value;
    }
    let slashed = classes & SLASH != 0 && (is_path(word) || is_reference(word));
    let dotted = || classes & DOT != 0 && (is_host(word) || is_host_with_port(word, rest));
    if slashed || dotted() {
        return Judgement::Value;
    }
    let digits = classes & DIGIT != 0 && word.iter().any(u8::is_ascii_digit);
    if digits { judge_digits(word) } else { Judgement::Plain }
}

/// `/var/log`, `a/b/c`, `org.example/.Main`, `\Windows\system32`.
fn is_path(word: &[u8]) -> bool {
    let slashes = memchr::memchr_iter(b'/', word).count();
    let dotted = slashes == 1 && memchr::memchr(b'.', word).is_some();
    let escapes = word.windows(2).any(|pair| pair[0] == b'\\' && class::of(pair[1]) & (HEX | LETTER | DIGIT) != 0);
    slashes >= 2 || dotted || escapes || word[0] == b'/'
}

/// `someone@example.org`, `Listener@1f2e3d`.
fn is_reference(word: &[u8]) -> bool {
    memchr::memchr(b'@', word).is_some_and(|at| at > 0 && at + 1 < word.len())
}

/// Names below a domain that hosts have: `proxy.example.org`.
fn is_host(word: &[u8]) -> bool {
    let Some(dot) = memchr::memrchr(b'.', word) else { return false };
    is_domain(&word[dot + 1..]) && dot > 0 && word[..dot].split(|b| *b == b'.').all(is_label)
}

fn is_label(label: &[u8]) -> bool {
    !label.is_empty() && label.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-')
}

fn is_domain(label: &[u8]) -> bool {
    matches!(
        label,
        b"com"
            | b"net"
            | b"org"
            | b"edu"
            | b"gov"
            | b"mil"
            | b"info"
            | b"biz"
            | b"local"
            | b"internal"
            | b"localdomain"
            | b"lan"
            | b"cn"
            | b"hk"
            | b"tw"
            | b"jp"
            | b"kr"
            | b"sg"
            | b"au"
            | b"uk"
            | b"de"
            | b"fr"
            | b"nl"
            | b"eu"
            | b"ru"
            | b"br"
            | b"ca"
    )
}

/// Names carry one number. A word with more, or whose letters are all hexadecimal, is a value.
///
/// How many digits a number has plays no part, so that `node9` and `node10` are alike.
fn judge_digits(word: &[u8]) -> Judgement {
    let (mut letters, mut hex, mut marks, mut numbers) = (0, 0, 0, 0);
    let (mut before, mut leads) = (0, None);
    for byte in word {
        let class = class::of(*byte);
        letters += usize::from(class & (HEX | LETTER) != 0);
        hex += usize::from(class == HEX);
        marks += usize::from(class & MARKS != 0 || *byte == b'_');
        numbers += usize::from(class == DIGIT && before != DIGIT);
        leads = leads.or((class & MARKS == 0).then_some(class));
        before = class;
    }
    let name = numbers == 1 && letters >= 2 && letters > hex && (letters < IDENTIFIER || marks > 0);
    if leads == Some(DIGIT) || !name { Judgement::Value } else { Judgement::Numbered }
}

/// The bytes of a word with each number as one `0`, without its sign.
pub(super) fn numbered(word: &[u8]) -> impl Iterator<Item = u8> {
    let is_digit = |at: usize| word.get(at).is_some_and(u8::is_ascii_digit);
    let is_sign = move |at: usize| {
        word[at] == b'-' && is_digit(at + 1) && at > 0 && (word[at - 1] == b'_' || class::of(word[at - 1]) & MARKS != 0)
    };
    let drop = move |at: usize| is_sign(at) || (at > 0 && is_digit(at) && is_digit(at - 1));
    (0..word.len()).filter(move |at| !drop(*at)).map(move |at| if is_digit(at) { b'0' } else { word[at] })
}

/// A dotted name in lower case that a port follows; a source file before a line number is none.
fn is_host_with_port(word: &[u8], rest: &[u8]) -> bool {
    let Some(dot) = memchr::memrchr(b'.', word) else { return false };
    let port = rest.first() == Some(&b':') && rest.get(1).is_some_and(u8::is_ascii_digit);
    let plain = word.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-'));
    port && plain && dot > 0 && is_top(&word[dot + 1..])
}

/// What could be a top-level domain.
fn is_top(label: &[u8]) -> bool {
    label.len() >= 2 && label.iter().all(u8::is_ascii_lowercase) && !is_source_file(label)
}

fn is_source_file(ending: &[u8]) -> bool {
    const ENDINGS: [&str; 36] = [
        "cc", "cpp", "cxx", "hpp", "py", "rs", "go", "js", "mjs", "ts", "tsx", "jsx", "java", "kt", "rb", "php", "sh",
        "pl", "pm", "cs", "ex", "exs", "erl", "lua", "swift", "scala", "clj", "sql", "yaml", "yml", "json", "conf",
        "log", "xml", "vue", "dart",
    ];
    ENDINGS.iter().any(|source| source.as_bytes() == ending)
}

/// `Mon` … `Sun`, `Jan` … `Dec`: parts of a date.
pub(super) fn is_calendar(word: &[u8]) -> bool {
    matches!(
        word,
        b"Mon"
            | b"Tue"
            | b"Wed"
            | b"Thu"
            | b"Fri"
            | b"Sat"
            | b"Sun"
            | b"Jan"
            | b"Feb"
            | b"Mar"
            | b"Apr"
            | b"May"
            | b"Jun"
            | b"Jul"
            | b"Aug"
            | b"Sep"
            | b"Oct"
            | b"Nov"
            | b"Dec"
    )
}

#[cfg(test)]
mod tests {
    use super::{Judgement, judge, numbered, trimmed};
    use crate::signal::miner::class;

    fn judged(text: &str) -> Judgement {
        judge(text.as_bytes(), class::word_end(text.as_bytes(), 0).1, b"")
    }

    #[test]
    fn values_are_told_from_text() {
        for text in [
            "17",
            "-1",
            "0x1f",
            "4.5GB",
            "12ms",
            "/tmp",
            "a/b/c",
            "org.example/.Main",
            "10.0.0.1",
            "u0",
            "job_14_2",
            "beef01",
            "a489c868f0c37da93b76227c91bb03908ac0e742",
            "me@example.org",
            "proxy.example.org",
            "www.abc.co.uk",
            "v1.2",
            "\\Windows\\x.dll",
            "x86_64",
            "2016/9/27",
        ] {
            assert_eq!(judged(text), Judgement::Value, "{text}");
        }
        for text in ["eth0", "ssh2", "SOCKS5", "jk2_init", "node-31", "core.2275", "blk_-1608999687919"] {
            assert_eq!(judged(text), Judgement::Numbered, "{text}");
        }
        for text in ["word", "x-ray", "java.io.IOException", "and/or", "main.rs", "--", "z+"] {
            assert_eq!(judged(text), Judgement::Plain, "{text}");
        }
    }

    #[test]
    fn names_are_alike_whatever_their_number() {
        for (one, other) in [("node9", "node10"), ("blk_-17", "blk_8"), ("a-5", "a-66"), ("jk2_init", "jk33_init")] {
            assert!(numbered(one.as_bytes()).eq(numbered(other.as_bytes())), "{one}");
        }
    }

    #[test]
    fn a_word_ends_before_its_full_stop() {
        for (run, word) in
            [("end.", "end"), ("i-fetch.....0", "i-fetch"), ("...", ""), ("a.b", "a.b"), ("msg\\", "msg")]
        {
            assert_eq!(trimmed(run.as_bytes()), word.as_bytes(), "{run}");
        }
    }
}
