//! Words of a text: identifiers whole and in parts, English endings cut off, words that say nothing left out.
//!
//! `KubePodNotReady`, `kube-pod-not-ready` and `kube_pod_not_ready` are one whole (`kubepodnotready`) and the same four parts:
//! people, alerts and metrics spell one thing in three ways. The same words are made of documents and of queries.

use std::ops::Range;

use rust_stemmers::{Algorithm, Stemmer};

/// The longest word that is indexed, in bytes; longer ones are keys, tokens and pictures in base 64.
const LONGEST: usize = 64;

/// Words that stand in every text, sorted. They neither match nor separate neighbours.
#[rustfmt::skip]
const STOP: &[&str] = &[
    "a", "an", "and", "are", "as", "at", "be", "been", "by", "can", "do", "for", "from", "has", "have", "how", "i",
    "if", "in", "into", "is", "it", "its", "may", "my", "no", "not", "of", "on", "or", "our", "so", "than", "that",
    "the", "their", "then", "there", "these", "this", "to", "was", "we", "what", "when", "which", "while", "why",
    "will", "with", "you", "your",
];

/// The ranges of the raw words of `text`: letters and digits, joined by single `-`, `_` and `.` between them.
pub(super) fn raw(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + bytes[at..].iter().position(|byte| letter(*byte))?;
        at = end(bytes, start);
        Some(start..at)
    })
}

/// Where the raw word that starts at `start` ends.
fn end(bytes: &[u8], start: usize) -> usize {
    let mut at = start;
    while let Some(byte) = bytes.get(at) {
        let joins = matches!(byte, b'-' | b'_' | b'.') && bytes.get(at + 1).is_some_and(|next| letter(*next));
        if !letter(*byte) && !joins {
            break;
        }
        at += 1;
    }
    at
}

/// Bytes of letters beyond ASCII are letters: what script they are from does not matter here.
fn letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80
}

/// A raw word, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Word {
    /// Its parts in lower case, stemmed; none for a stop word.
    pub(super) parts: Vec<Option<String>>,
    /// All parts together, unstemmed, where there are several.
    pub(super) whole: Option<String>,
}

impl Word {
    /// Takes `raw` apart; what is too long to be a word has no parts.
    pub(super) fn of(raw: &str) -> Self {
        if raw.len() > LONGEST {
            return Self::default();
        }
        let parts: Vec<String> = parts(raw).map(str::to_lowercase).collect();
        let whole = (parts.len() > 1).then(|| parts.concat());
        let stemmer = Stemmer::create(Algorithm::English);
        let stem = |part: &String| (!is_stop(part)).then(|| stemmer.stem(part).into_owned());
        Self { parts: parts.iter().map(stem).collect(), whole }
    }
}

pub(super) fn is_stop(part: &str) -> bool {
    STOP.binary_search(&part).is_ok()
}

/// All parts of `text` together in lower case: the form in which names are compared.
pub(super) fn joined(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The parts of a raw word: at joints, and where the case says that a new word begins.
pub(super) fn parts(raw: &str) -> impl Iterator<Item = &str> {
    raw.split(['-', '_', '.']).flat_map(|piece| {
        let mut rest = piece;
        std::iter::from_fn(move || {
            let cut = humps(rest.as_bytes());
            let (part, tail) = rest.split_at(cut);
            rest = tail;
            (!part.is_empty()).then_some(part)
        })
    })
}

/// The length of the first hump of `CamelCase`, `HTTPServer`, `lowerCase`.
fn humps(bytes: &[u8]) -> usize {
    for at in 1..bytes.len() {
        let (before, here) = (bytes[at - 1], bytes[at]);
        let rises = here.is_ascii_uppercase() && !before.is_ascii_uppercase() && before < 0x80;
        let falls = at + 1 < bytes.len() && before.is_ascii_uppercase() && here.is_ascii_uppercase();
        let word = falls && bytes[at + 1].is_ascii_lowercase() && bytes.get(at + 2).is_some_and(u8::is_ascii_lowercase);
        if rises || word {
            return at;
        }
    }
    bytes.len()
}

#[cfg(test)]
mod tests {
    use super::{STOP, Word, joined, parts, raw};

    fn cut(text: &str) -> Vec<&str> {
        raw(text).map(|range| &text[range]).collect()
    }

    #[test]
    fn raw_words_keep_their_joints() {
        assert_eq!(cut("kube-proxy: dial tcp, v1.2.3 (a_b)-"), ["kube-proxy", "dial", "tcp", "v1.2.3", "a_b"]);
        assert_eq!(cut(" -- größe… "), ["größe…"]);
        assert!(cut("...").is_empty());
    }

    #[test]
    fn parts_follow_joints_and_humps() {
        let all = |text: &'static str| parts(text).collect::<Vec<_>>();
        assert_eq!(all("KubePodNotReady"), ["Kube", "Pod", "Not", "Ready"]);
        assert_eq!(all("OOMKilled"), ["OOM", "Killed"]);
        assert_eq!(all("etcdNoLeader_total.x"), ["etcd", "No", "Leader", "total", "x"]);
        assert_eq!(all("PVCs"), ["PVCs"]);
        assert_eq!(all("x509"), ["x509"]);
    }

    #[test]
    fn one_name_in_three_spellings_is_one_whole() {
        let whole = |raw: &str| Word::of(raw).whole.unwrap();
        assert_eq!(whole("KubePodNotReady"), whole("kube-pod-not-ready"));
        assert_eq!(whole("kube_pod_not_ready"), joined("Kube Pod: not ready"));
    }

    #[test]
    fn endings_are_cut_and_stop_words_say_nothing() {
        let word = Word::of("restarting-the-Pods");
        assert_eq!(word.parts, [Some("restart".to_owned()), None, Some("pod".to_owned())]);
        assert!(Word::of(&"x".repeat(65)).parts.is_empty());
        assert!(STOP.is_sorted());
    }
}
