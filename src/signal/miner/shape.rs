//! Reads a line into tokens: words, punctuation and values. Everything that varies from line to line by its nature is a value already here.
//!
//! No rule tells a number from another of more or other digits: the [`front`](super::front) cache relies on it.

use super::class::{self, BLANK, DIGIT, DOT, HEX, MARKS, SLASH};
use super::hash::{self, mix};
use super::lexeme;
use super::word::{self, Judgement};

/// Tokens beyond this many are not looked at.
pub(super) const MOST: usize = 100;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Text of letters.
    Word,
    /// Text of letters with a number in it, alike whatever the number.
    Numbered,
    /// A mark that stands alone.
    Mark,
    /// Something that varies.
    Value,
}

/// A part of a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// Whether a blank stands before it.
    pub(super) spaced: bool,
    /// Alike for tokens that count as the same.
    pub(super) hash: u64,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// The hash of the shape of a line: alike for lines that differ in values only.
pub(super) fn hash(line: &[u8]) -> u64 {
    let mut shape = 0;
    read(line, |token| shape = mix(shape ^ u64::from(token.spaced), token.hash));
    shape
}

/// Gives the tokens of `line` to `take`, a list of values as its first.
pub(super) fn read(line: &[u8], mut take: impl FnMut(&Token)) {
    let mut reader = Reader { line, at: 0, spaced: false, last: None };
    let mut held: Option<Token> = None;
    let mut left = MOST;
    while let Some(token) = reader.next(held.is_some()) {
        if held.is_none() && token.joins(reader.last, line) {
            held = Some(token);
            continue;
        }
        if token.continues(reader.last) {
            held = None;
            continue;
        }
        if let Some(mark) = held.take() {
            take(&mark);
        }
        take(&token);
        reader.last = Some((token.kind, token.hash));
        left -= 1;
        if left == 0 {
            return;
        }
    }
    if let Some(mark) = held {
        take(&mark);
    }
}

/// Kind and hash of the token given last.
type Last = Option<(Kind, u64)>;

impl Token {
    /// A mark after `last` that values are listed with, or parts of an address.
    fn joins(&self, last: Last, line: &[u8]) -> bool {
        let mark = &line[self.start..self.end];
        match last {
            Some((Kind::Value, _)) if self.kind == Kind::Mark => matches!(mark, b":" | b"::" | b","),
            Some((Kind::Numbered, _)) if self.kind == Kind::Mark => mark == b",",
            _ => false,
        }
    }

    /// One more of the same list: another value, or the same name with another number.
    fn continues(&self, last: Last) -> bool {
        matches!(self.kind, Kind::Value | Kind::Numbered) && last == Some((self.kind, self.hash))
    }
}

struct Reader<'l> {
    line: &'l [u8],
    at: usize,
    spaced: bool,
    last: Last,
}

impl Reader<'_> {
    /// The next token; `joined` says that a list of values may go on.
    #[inline]
    fn next(&mut self, joined: bool) -> Option<Token> {
        loop {
            let start = self.at;
            let class = class::of(*self.line.get(start)?);
            if class == BLANK {
                self.spaced = true;
                self.at += 1;
            } else if class == 0 {
                let token = self.punctuation(start);
                if token.is_some() {
                    return token;
                }
            } else {
                return Some(self.word(start, joined));
            }
        }
    }

    fn token(&mut self, kind: Kind, hash: u64, start: usize, end: usize) -> Token {
        self.at = end;
        Token { kind, spaced: std::mem::take(&mut self.spaced) && self.last.is_some(), hash, start, end }
    }

    fn value(&mut self, start: usize, end: usize) -> Token {
        self.token(Kind::Value, 0x5bd1_e995, start, end)
    }

    fn mark(&mut self, start: usize, end: usize) -> Token {
        // Rows of dots or dashes count alike, however long.
        let hash = u64::from(self.line[start]) | ((end - start).min(3) as u64) << 8;
        self.token(Kind::Mark, hash, start, end)
    }

    fn punctuation(&mut self, start: usize) -> Option<Token> {
        let rest = &self.line[start..];
        match rest[0] {
            b'(' if matches!(self.last, Some((Kind::Word, _))) => {
                if let Some(length) = lexeme::restated(&self.line[..start], rest) {
                    self.at += length;
                    return None;
                }
            }
            b'<' => {
                if let Some(length) = lexeme::bound(rest) {
                    return Some(self.value(start, start + length));
                }
            }
            _ => {}
        }
        let run = rest.iter().take_while(|b| **b == rest[0]).count();
        let length = if matches!(rest[0], b'"' | b'\'') { 1 } else { run };
        Some(self.mark(start, start + length))
    }

    #[inline]
    fn word(&mut self, start: usize, joined: bool) -> Token {
        let (end, classes) = class::word_end(self.line, start);
        if classes & (DIGIT | MARKS) != 0 {
            return self.mixed(start, end, classes);
        }
        let word = &self.line[start..end];
        let group = classes == HEX && word.len() <= 4 && lexeme::is_group(self.line, start, end, joined);
        if group || (word.len() == 3 && word::is_calendar(word)) {
            return self.value(start, end);
        }
        let hash = hash::word(self.line, start, end - start);
        self.token(Kind::Word, hash, start, end)
    }

    /// A word with digits or marks in it.
    fn mixed(&mut self, start: usize, end: usize, classes: u8) -> Token {
        let run = &self.line[start..end];
        let word = if classes & (DOT | SLASH) == 0 { run } else { word::trimmed(run) };
        if word.is_empty() {
            let dots = self.line[start..end].iter().take_while(|b| **b == self.line[start]).count();
            return self.mark(start, start + dots);
        }
        let end = start + word.len();
        match word::judge(word, classes, &self.line[end..]) {
            Judgement::Value => self.value(start, end),
            Judgement::Plain => self.token(Kind::Word, hash::word(self.line, start, end - start), start, end),
            Judgement::Numbered => self.token(Kind::Numbered, numbered(word), start, end),
        }
    }
}

/// Hash of a word with its numbers masked.
fn numbered(word: &[u8]) -> u64 {
    word::numbered(word).fold(1, |hash, byte| mix(hash, u64::from(byte)))
}
