//! Text into words, operators and line ends.

use super::word::{self, Unclosed};

/// A word, an operator or the end of a line, with its place in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub kind: Kind,
    pub start: usize,
    pub end: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Word,
    Operator(&'static str),
    LineEnd,
}

/// Why a text has no tokens to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum LexFault {
    /// A quote or bracket is never closed.
    Unclosed(Unclosed),
    /// A here-document never ends; where it begins, its word, and whether that word stands there with blanks before it.
    Here { at: usize, delimiter: String, indented: bool },
    /// The last line ends with a backslash.
    Backslash,
}

/// Longest first.
const OPERATORS: [&str; 22] = [
    "<<<", "&>>", ";;&", "<<-", "&&", "||", ";;", ";&", "|&", "&>", ">>", "<<", "<&", ">&", "<>", ">|", "|", "&", ";",
    "(", ")", "<",
];

struct Here {
    at: usize,
    delimiter: String,
    tabs: bool,
}

struct Lexer<'t> {
    text: &'t str,
    at: usize,
    tokens: Vec<Token>,
    heres: Vec<Here>,
    /// Inside `[[ … ]]`, where operators are words.
    test: bool,
}

/// Takes `text` apart. What was read before a fault is returned with it.
pub(super) fn lex(text: &str) -> (Vec<Token>, Option<LexFault>) {
    let mut lexer = Lexer { text, at: 0, tokens: Vec::new(), heres: Vec::new(), test: false };
    let fault = lexer.run().err();
    (lexer.tokens, fault)
}

impl Lexer<'_> {
    fn run(&mut self) -> Result<(), LexFault> {
        while let Some(c) = self.text[self.at..].chars().next() {
            match c {
                '\n' => self.line_end()?,
                '\\' if self.text[self.at + 1..].starts_with('\n') => self.at += 2,
                '\\' if self.at + 1 == self.text.len() => return Err(LexFault::Backslash),
                c if c.is_whitespace() => self.at += c.len_utf8(),
                '#' => self.at += self.text[self.at..].find('\n').unwrap_or(self.text.len() - self.at),
                _ => self.token()?,
            }
        }
        match self.heres.first() {
            Some(here) => Err(LexFault::Here { at: here.at, delimiter: here.delimiter.clone(), indented: false }),
            None => Ok(()),
        }
    }

    fn push(&mut self, kind: Kind, end: usize) {
        self.tokens.push(Token { kind, start: self.at, end });
        self.at = end;
    }

    fn token(&mut self) -> Result<(), LexFault> {
        let rest = &self.text[self.at..];
        // The number of a file descriptor belongs to the redirection behind it: `2>`.
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        if digits > 0
            && rest[digits..].starts_with(['<', '>'])
            && word::placeholder(self.text, self.at + digits).is_none()
        {
            self.at += digits;
            return Ok(());
        }
        if self.arithmetic_starts() {
            let end = word::parenthesised(self.text, self.at, 0).map_err(LexFault::Unclosed)?;
            self.push(Kind::Word, end);
            return Ok(());
        }
        let operator = OPERATORS.into_iter().chain([">"]).find(|o| rest.starts_with(o));
        match operator {
            Some(sign) if !self.is_in_word(sign) => self.operator(sign),
            _ => self.word(),
        }
    }

    /// `((` where a command may begin.
    fn arithmetic_starts(&self) -> bool {
        let begins = self.tokens.last().is_none_or(|t| match t.kind {
            Kind::LineEnd => true,
            Kind::Operator(sign) => sign != ")",
            Kind::Word => {
                ["for", "if", "while", "until", "then", "do", "else", "!"].contains(&&self.text[t.start..t.end])
            }
        });
        begins && self.text[self.at..].starts_with("((")
    }

    /// A sign that begins a word here: `<name>`, `<(…)`, anything within `[[ … ]]`.
    fn is_in_word(&self, sign: &str) -> bool {
        let rest = &self.text[self.at..];
        match sign {
            _ if self.test => sign != ";",
            "<" if word::placeholder(self.text, self.at).is_some() => true,
            "<<" if rest.starts_with("<<")
                && word::placeholder(self.text, self.at + 1).is_some()
                && rest.contains(">>") =>
            {
                true
            }
            "<" | ">" => rest[1..].starts_with('('),
            _ => false,
        }
    }

    fn operator(&mut self, sign: &'static str) -> Result<(), LexFault> {
        let at = self.at;
        self.push(Kind::Operator(sign), at + sign.len());
        if matches!(sign, "<<" | "<<-") {
            let blanks = self.text[self.at..].len() - self.text[self.at..].trim_start_matches([' ', '\t']).len();
            self.at += blanks;
            let from = self.at;
            self.word()?;
            let delimiter = word::unquoted(&self.text[from..self.at]);
            if !delimiter.is_empty() {
                self.heres.push(Here { at, delimiter, tabs: sign == "<<-" });
            }
        }
        Ok(())
    }

    fn word(&mut self) -> Result<(), LexFault> {
        let end = self.word_end().map_err(LexFault::Unclosed)?;
        // A lone sign that nothing above knows is a word of its own.
        let end =
            if end == self.at { self.at + self.text[self.at..].chars().next().map_or(0, char::len_utf8) } else { end };
        match &self.text[self.at..end] {
            "[[" => self.test = true,
            "]]" => self.test = false,
            _ => {}
        }
        self.push(Kind::Word, end);
        Ok(())
    }

    fn word_end(&self) -> Result<usize, Unclosed> {
        let text = self.text;
        let bytes = text.as_bytes();
        let mut at = self.at;
        while at < bytes.len() {
            at = match bytes[at] {
                b'\\' if at + 1 < bytes.len() => at + 1 + text[at + 1..].chars().next().map_or(0, char::len_utf8),
                b'\'' => word::single(text, at)?,
                b'"' => word::double(text, at, 0)?,
                b'`' => word::backquoted(text, at)?,
                b'$' if text[at..].starts_with("$'") => word::ansi(text, at)?,
                b'$' => word::dollar(text, at, 0)?,
                b'{' => word::template(text, at).unwrap_or(at + 1),
                b'<' if word::placeholder(text, at).is_some() => word::placeholder(text, at).unwrap_or(at + 1),
                b'<' | b'>' if at == self.at && text[at + 1..].starts_with('(') => {
                    word::parenthesised(text, at + 1, 0)?
                }
                b'<' if at == self.at && text[at..].starts_with("<<") && word::placeholder(text, at + 1).is_some() => {
                    word::placeholder(text, at + 1)
                        .map_or(at + 1, |end| if text[end..].starts_with('>') { end + 1 } else { end })
                }
                // `a=(…)`, `@(…)`: part of the word.
                b'(' if at > self.at && matches!(bytes[at - 1], b'=' | b'@' | b'?' | b'*' | b'+' | b'!') => {
                    word::parenthesised(text, at, 0)?
                }
                b'|' | b'&' | b'<' | b'>' | b'(' | b')' if self.test => at + 1,
                b'|' | b'&' | b';' | b'<' | b'>' | b'(' | b')' | b'\n' | b'\\' => return Ok(at),
                b => {
                    let c = text[at..].chars().next();
                    if b.is_ascii_whitespace() || c.is_some_and(|c| c.is_whitespace() && c != '\u{a0}') {
                        return Ok(at);
                    }
                    at + c.map_or(1, char::len_utf8)
                }
            };
        }
        Ok(at.min(bytes.len()))
    }

    /// The end of a line, and the here-documents that begin behind it.
    fn line_end(&mut self) -> Result<(), LexFault> {
        self.push(Kind::LineEnd, self.at + 1);
        for here in std::mem::take(&mut self.heres) {
            self.at = here_end(self.text, self.at, &here)?;
        }
        Ok(())
    }
}

fn here_end(text: &str, from: usize, here: &Here) -> Result<usize, LexFault> {
    let mut at = from;
    let mut indented = false;
    for line in text[from..].split_inclusive('\n') {
        at += line.len();
        let bare = line.trim_end_matches(['\n', '\r']);
        let bare = if here.tabs { bare.trim_start_matches('\t') } else { bare };
        if bare == here.delimiter {
            return Ok(at);
        }
        indented |= bare.trim() == here.delimiter;
    }
    Err(LexFault::Here { at: here.at, delimiter: here.delimiter.clone(), indented })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Kind, LexFault, lex};

    fn words(text: &str) -> Vec<&str> {
        let (tokens, fault) = lex(text);
        assert_eq!(fault, None, "{text}");
        tokens.into_iter().filter(|t| t.kind == Kind::Word).map(|t| &text[t.start..t.end]).collect()
    }

    #[test]
    fn words_keep_what_belongs_to_them() {
        assert_eq!(words("a 'b c' \"d $(e \")\") f\" g\\ h"), ["a", "'b c'", "\"d $(e \")\") f\"", "g\\ h"]);
        assert_eq!(
            words("kubectl get <pod name> {{ x y }} ${{ z }}"),
            ["kubectl", "get", "<pod name>", "{{ x y }}", "${{ z }}"]
        );
        assert_eq!(
            words("a=(1 2) echo $((1 + 2)) ${x:-y z} <(ls)"),
            ["a=(1 2)", "echo", "$((1 + 2))", "${x:-y z}", "<(ls)"]
        );
        assert_eq!(words("[[ a < b && c ]] # not 'this"), ["[[", "a", "<", "b", "&&", "c", "]]"]);
        assert_eq!(words("cat <<EOF\nit's\nEOF\nls"), ["cat", "EOF", "ls"]);
    }

    #[test]
    fn what_is_never_closed_is_found() {
        for (text, sign) in
            [("echo 'a", "'"), ("echo \"a $(b)", "\""), ("echo $(a", "("), ("echo `a", "`"), ("echo ${a", "{")]
        {
            assert!(matches!(lex(text).1, Some(LexFault::Unclosed(u)) if u.sign == sign), "{text}");
        }
        assert!(matches!(lex("cat <<EOF\na\n  EOF\n").1, Some(LexFault::Here { indented: true, .. })));
        assert_eq!(lex("a \\").1, Some(LexFault::Backslash));
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in "[-a$(){}<>|&;'\"`\\\\ \n#é=\\[\\]]{0,60}") {
            let (tokens, _) = lex(&text);
            for token in tokens {
                prop_assert!(text.get(token.start..token.end).is_some());
            }
        }
    }
}
