//! Whether tokens make commands, as POSIX and bash read them.

use super::lex::{Kind, Token};

/// Why they do not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SyntaxFault {
    /// This cannot stand here.
    Unexpected { sign: String, at: usize },
    /// What began here needs this before the text ends.
    Unfinished { began: String, needs: &'static str, at: usize },
}

type Parsed = Result<(), SyntaxFault>;

/// How deep compound commands may lie in each other.
const DEEPEST: usize = 60;

struct Parser<'t> {
    text: &'t str,
    tokens: &'t [Token],
    at: usize,
    depth: usize,
}

/// Checks `tokens` of `text`.
pub(super) fn check(text: &str, tokens: &[Token]) -> Parsed {
    let mut parser = Parser { text, tokens, at: 0, depth: 0 };
    parser.list(&[])?;
    match parser.peek() {
        Some(token) => Err(parser.unexpected(token)),
        None => Ok(()),
    }
}

/// Words that end a list where a command may begin.
const CLOSERS: [&str; 9] = ["fi", "done", "esac", "then", "do", "else", "elif", "}", ")"];

impl<'t> Parser<'t> {
    fn peek(&self) -> Option<&'t Token> {
        self.tokens.get(self.at)
    }

    fn of(&self, token: &Token) -> &'t str {
        match token.kind {
            Kind::LineEnd => "end of line",
            _ => &self.text[token.start..token.end],
        }
    }

    fn next_is(&self, sign: &str) -> bool {
        self.peek().is_some_and(|t| t.kind != Kind::LineEnd && self.of(t) == sign)
    }

    fn take(&mut self, sign: &str) -> bool {
        let is = self.next_is(sign);
        self.at += usize::from(is);
        is
    }

    fn unexpected(&self, token: &Token) -> SyntaxFault {
        SyntaxFault::Unexpected { sign: self.of(token).to_owned(), at: token.start }
    }

    fn line_ends(&mut self) {
        while self.peek().is_some_and(|t| t.kind == Kind::LineEnd) {
            self.at += 1;
        }
    }

    /// Commands up to one of `ends`, which is left where it is; an empty list is fine only where the text ends.
    fn list(&mut self, ends: &[&str]) -> Parsed {
        loop {
            self.line_ends();
            let Some(token) = self.peek() else { return Ok(()) };
            let text = self.of(token);
            if ends.contains(&text) {
                return Ok(());
            }
            if CLOSERS.contains(&text) {
                return Err(self.unexpected(token));
            }
            self.and_or()?;
            let separated = match self.peek() {
                None => return Ok(()),
                Some(t) => match t.kind {
                    Kind::LineEnd | Kind::Operator(";" | "&") => true,
                    _ => ends.contains(&self.of(t)),
                },
            };
            if !separated {
                return self.peek().map_or(Ok(()), |t| Err(self.unexpected(t)));
            }
            if self.peek().is_some_and(|t| matches!(t.kind, Kind::Operator(";" | "&"))) {
                self.at += 1;
            }
        }
    }

    /// Commands joined with `&&`, `||` and `|`.
    fn and_or(&mut self) -> Parsed {
        loop {
            while self.take("!") || self.take("time") {}
            self.command()?;
            let Some(joint) = self.peek().filter(|t| matches!(t.kind, Kind::Operator("&&" | "||" | "|" | "|&"))) else {
                return Ok(());
            };
            let sign = self.of(joint).to_owned();
            self.at += 1;
            self.line_ends();
            if self.peek().is_none() {
                return Err(SyntaxFault::Unfinished { began: sign, needs: "a command behind it", at: joint.start });
            }
        }
    }

    fn command(&mut self) -> Parsed {
        self.depth += 1;
        let Some(token) = self.peek().filter(|_| self.depth < DEEPEST) else { return Ok(()) };
        let outcome = match self.of(token) {
            "if" => self.conditional(token),
            "while" | "until" => self.looping(token),
            "for" | "select" => self.counting(token),
            "case" => self.choice(token),
            "{" => self.group(token, "}"),
            "(" => self.group(token, ")"),
            "function" => self.function(),
            _ => self.simple(),
        };
        self.depth -= 1;
        outcome
    }

    fn needs(&mut self, began: &Token, sign: &'static str) -> Parsed {
        if self.take(sign) {
            return self.redirections();
        }
        match self.peek() {
            Some(token) => Err(self.unexpected(token)),
            None => Err(SyntaxFault::Unfinished { began: self.of(began).to_owned(), needs: sign, at: began.start }),
        }
    }

    fn conditional(&mut self, began: &Token) -> Parsed {
        self.at += 1;
        self.list(&["then"])?;
        self.needs(began, "then")?;
        self.list(&["elif", "else", "fi"])?;
        while self.take("elif") {
            self.list(&["then"])?;
            self.needs(began, "then")?;
            self.list(&["elif", "else", "fi"])?;
        }
        if self.take("else") {
            self.list(&["fi"])?;
        }
        self.needs(began, "fi")
    }

    fn looping(&mut self, began: &Token) -> Parsed {
        self.at += 1;
        self.list(&["do"])?;
        self.body(began)
    }

    fn body(&mut self, began: &Token) -> Parsed {
        self.needs(began, "do")?;
        self.list(&["done"])?;
        self.needs(began, "done")
    }

    /// `for x in …; do`, `for x; do`, `for ((…)); do`; zsh's and csh's own forms are not ours.
    fn counting(&mut self, began: &Token) -> Parsed {
        self.at += 1;
        self.words();
        if self.peek().is_some_and(|t| t.kind == Kind::Operator(";")) {
            self.at += 1;
        }
        self.line_ends();
        if self.next_is("{") {
            let brace = self.at;
            return self.group(&self.tokens[brace], "}");
        }
        self.body(began)
    }

    /// Words up to the end of the line, or to `do` on the same line (`for x in "$@" do` is a fault of bash, seldom one of a runbook).
    fn words(&mut self) {
        while self.peek().is_some_and(|t| t.kind == Kind::Word) {
            self.at += 1;
        }
    }

    fn choice(&mut self, began: &Token) -> Parsed {
        self.at += 1;
        self.words();
        loop {
            self.line_ends();
            if self.next_is("esac") || self.peek().is_none() {
                return self.needs(began, "esac");
            }
            self.take("(");
            while self.peek().is_some_and(|t| t.kind == Kind::Word || t.kind == Kind::Operator("|")) {
                self.at += 1;
            }
            self.needs(began, ")")?;
            self.list(&[";;", ";&", ";;&", "esac"])?;
            let _ = self.take(";;") || self.take(";&") || self.take(";;&");
        }
    }

    fn group(&mut self, began: &Token, end: &'static str) -> Parsed {
        self.at += 1;
        self.list(&[end])?;
        self.needs(began, end)
    }

    fn function(&mut self) -> Parsed {
        self.at += 2;
        if self.take("(") {
            let _ = self.take(")");
        }
        self.line_ends();
        self.command()
    }

    fn redirections(&mut self) -> Parsed {
        while self.peek().is_some_and(|t| is_redirection(t.kind)) {
            self.redirection()?;
        }
        Ok(())
    }

    fn redirection(&mut self) -> Parsed {
        let Some(sign) = self.peek() else { return Ok(()) };
        self.at += 1;
        match self.peek() {
            Some(token) if token.kind == Kind::Word => self.at += 1,
            Some(token) => return Err(self.unexpected(token)),
            None => {
                let began = self.of(sign).to_owned();
                return Err(SyntaxFault::Unfinished { began, needs: "a file name behind it", at: sign.start });
            }
        }
        Ok(())
    }

    /// Words and redirections; `name ()` begins a function.
    fn simple(&mut self) -> Parsed {
        let begin = self.at;
        while let Some(token) = self.peek() {
            match token.kind {
                Kind::Word => self.at += 1,
                kind if is_redirection(kind) => self.redirection()?,
                Kind::Operator("(") if self.at == begin + 1 && self.is_empty_pair() => {
                    self.at += 2;
                    self.line_ends();
                    return self.command();
                }
                Kind::Operator("(") => return Err(self.unexpected(token)),
                _ => break,
            }
        }
        match self.peek() {
            Some(token) if self.at == begin => Err(self.unexpected(token)),
            _ => Ok(()),
        }
    }

    fn is_empty_pair(&self) -> bool {
        self.tokens.get(self.at + 1).is_some_and(|t| t.kind == Kind::Operator(")"))
    }
}

fn is_redirection(kind: Kind) -> bool {
    matches!(kind, Kind::Operator("<<<" | "&>>" | "<<-" | "&>" | ">>" | "<<" | "<&" | ">&" | "<>" | ">|" | "<" | ">"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{SyntaxFault, check};
    use crate::lint::shell::lex::lex;

    fn checked(text: &str) -> Result<(), SyntaxFault> {
        let (tokens, fault) = lex(text);
        assert_eq!(fault, None, "{text}");
        check(text, &tokens)
    }

    #[test]
    fn shell_is_shell() {
        for text in [
            "a && b || c | d &\ne",
            "for x in a b; do echo $x; done | sort",
            "for i in $(seq 3)\ndo\n  echo $i\ndone",
            "if [ -f x ]; then a; elif b; then c; else d; fi > log 2>&1",
            "while read -r l; do echo \"$l\"; done < file",
            "case $x in a|b) c ;; (*) d; esac",
            "f() { a; }\nfunction g { b; }\n(a; b) && { c; }",
            "for ((i=0; i<3; i++)); do a; done",
            "a |\n  b &&\n  c",
            "if [[ $a == b && ( $c < d ) ]]; then e; fi",
            "cat <<EOF | sort\n)(\nEOF\n",
            "! a; time b",
            "kubectl get pods -l a=b -o jsonpath={.x} > <file name>",
            "cat > x <<'EOF'\nit's\nEOF",
            "a 2>&1 >/dev/null &",
            "echo a;\n\n",
        ] {
            assert_eq!(checked(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn broken_shell_is_not() {
        for text in [
            "| a",
            "a | | b",
            "a && && b",
            "fi",
            "done",
            "echo (a)",
            "if a; then b",
            "for x in a; do b",
            "a; ; b",
            "{ a;",
            "(a",
            "a )",
            "case x in a) b;;",
            "a &&",
            "a >",
            "while a; do b; fi",
        ] {
            assert!(checked(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_tokens_are_survived(words in proptest::collection::vec("(if|then|fi|do|done|for|case|esac|in|a|\\(|\\)|\\{|\\}|;|;;|\\||&&|\n|<|!|function)", 0..40)) {
            let text = words.join(" ");
            let (tokens, _) = lex(&text);
            let _ = check(&text, &tokens);
        }
    }
}
