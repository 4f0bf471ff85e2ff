//! Secrets out. A [`Quote`] of the input can only be built here, so nothing is shown or written that was not looked through.

mod rules;

use std::fmt;

use serde::Serialize;

/// A piece of the input with its secrets taken out, safe to show, store and send.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Quote(String);

impl Quote {
    /// Takes the secrets out of `text`.
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self(rules::apply(text))
    }

    /// Keeps `text` as it is. Only for a person who asked for it on a terminal (`--no-redact`).
    #[must_use]
    pub fn unredacted(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// Cuts it to at most `most` characters. A secret on the edge is gone already.
    #[must_use]
    pub fn cut(self, most: usize) -> Self {
        match self.0.char_indices().nth(most) {
            Some(_) => Self(self.0.chars().take(most.saturating_sub(1)).chain(['…']).collect()),
            None => self,
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing is quoted.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Quote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// How quotes are made in one run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Redaction {
    /// Secrets are taken out.
    #[default]
    On,
    /// A person asked for the input as it is, on a terminal.
    Off,
}

impl Redaction {
    /// Makes a quote of `text`.
    #[must_use]
    pub fn quote(self, text: &str) -> Quote {
        match self {
            Self::On => Quote::of(text),
            Self::Off => Quote::unredacted(text),
        }
    }

    /// Makes quotes of lines that follow each other: a key and its value, or a key's body, may lie on several of them.
    #[must_use]
    pub fn quote_lines(self, lines: &[&str]) -> Vec<Quote> {
        if self == Self::Off {
            return lines.iter().map(|l| Quote::unredacted(l)).collect();
        }
        let clean = rules::apply(&lines.join("\n"));
        let mut quotes: Vec<Quote> = clean.split('\n').map(|l| Quote(l.to_owned())).collect();
        quotes.resize(lines.len(), Quote::default());
        let is_body = |q: &Quote| q.0.contains("[redacted key material]") || q.0.contains("[redacted private key]");
        let bodies: Vec<bool> = quotes.iter().map(is_body).collect();
        for (index, quote) in quotes.iter_mut().enumerate() {
            let beside = index.checked_sub(1).is_some_and(|i| bodies[i]) || bodies.get(index + 1) == Some(&true);
            let last = quote.0.split_whitespace().last().unwrap_or("");
            // The last line of a key is shorter than the others.
            if beside
                && last.len() >= 4
                && last.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='))
            {
                quote.0 = "[redacted key material]".into();
            }
        }
        redact_bodies_before_their_end(&mut quotes);
        quotes
    }
}

/// Where the end of a key is among the lines and its begin is not, the lines before it are its body, however short.
fn redact_bodies_before_their_end(quotes: &mut [Quote]) {
    let Some(end) = quotes.iter().position(|q| q.0.contains("-----END") && q.0.contains("KEY")) else { return };
    for quote in quotes[..end].iter_mut().rev() {
        let body = quote.0.split_whitespace().last().unwrap_or("").to_owned();
        let in_base64 = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=');
        if body.len() < 4 || !body.bytes().all(in_base64) {
            break;
        }
        let keep = quote.0.trim_end().len() - body.len();
        quote.0.truncate(keep);
        quote.0.push_str("[redacted key material]");
    }
}

#[cfg(test)]
mod tests {
    use super::{Quote, Redaction};

    #[test]
    fn lines_of_one_secret_go_together() {
        let lines = [
            "- name: DB_PASSWORD",
            "  value: Zq7hunter2",
            "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj",
            "QQZq7==",
        ];
        let shown = Redaction::On.quote_lines(&lines);
        let shown: Vec<&str> = shown.iter().map(Quote::as_str).collect();
        assert_eq!(
            shown,
            ["- name: DB_PASSWORD", "  value: [redacted secret]", "[redacted key material]", "[redacted key material]"]
        );
    }

    #[test]
    fn the_last_line_of_a_key_goes_also_where_its_begin_is_out_of_sight() {
        let lines = ["E qwertyUIOPasdf==", "-----END PRIVATE KEY-----", "panic: boom"];
        let shown = Redaction::On.quote_lines(&lines);
        assert_eq!(shown.iter().map(Quote::as_str).collect::<Vec<_>>()[0], "E [redacted key material]");
    }

    #[test]
    fn a_cut_comes_after_the_redaction() {
        let text = format!("{} postgres://app:Zq7hunter2@db", "x".repeat(30));
        assert!(!Quote::of(&text).cut(52).as_str().contains("Zq7"));
    }
}
