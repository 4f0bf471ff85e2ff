//! A shell block as statements: what a person pastes, without prompts and without what was printed.

use super::command::{Argument, Command};
use super::grammar::{self, SyntaxFault};
use super::known::is_command;
use super::lex::{self, Kind, LexFault, Token};
use super::prompt::prompt;
use super::word::unquoted;
use crate::lint::core::{Block, CodeLine};

/// A command with its continuation lines.
#[derive(Clone, Debug)]
pub(in crate::lint) struct Statement {
    text: String,
    /// For each line of `text`: its first byte there, its byte in the file, its line in the file.
    lines: Vec<(usize, Option<usize>, usize)>,
    tokens: Vec<Token>,
    fault: Option<LexFault>,
}

/// The statements of a block.
#[derive(Clone, Debug)]
pub(in crate::lint) struct Script {
    statements: Vec<Statement>,
    /// The block has prompts, so that everything else in it is output.
    session: bool,
}

/// Why a statement does not parse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::lint) struct Fault {
    /// Line of the file.
    pub line: usize,
    /// Byte of the file, where it is known.
    pub at: Option<usize>,
    /// One lower-case sentence.
    pub what: String,
}

/// Lines that one statement may have.
const LONGEST: usize = 200;

impl Script {
    /// The script in `block`; `None` where it is no shell. A block without a language counts where its lines begin with commands.
    #[must_use]
    pub(in crate::lint) fn of(block: &Block) -> Option<Self> {
        let session = block.lines.iter().any(|l| prompt(&l.text, block.is_session()).is_some());
        let commands = |l: &CodeLine| is_command(l.text.split_whitespace().next().unwrap_or_default());
        if !block.is_shell() && !(block.is_untold() && (session || block.lines.iter().any(commands))) {
            return None;
        }
        let mut statements = Vec::new();
        let mut at = 0;
        while at < block.lines.len() {
            let skip = prompt(&block.lines[at].text, block.is_session());
            let begins = match skip {
                Some(_) => true,
                // What leads into a session often stands there without a prompt.
                None if session => at == 0 && commands(&block.lines[at]),
                None => block.is_shell() || commands(&block.lines[at]),
            };
            if !begins {
                at += 1;
                continue;
            }
            let (statement, used) = Statement::read(block, at, skip, session);
            statements.push(statement);
            at += used;
        }
        Some(Self { statements, session })
    }

    /// Its simple commands.
    pub(in crate::lint) fn commands(&self, block: usize) -> Vec<Command> {
        self.statements.iter().flat_map(|s| s.commands(block)).collect()
    }

    /// The first thing that no shell would read, in a statement that begins with a known command. What begins otherwise may be output
    /// or another language.
    pub(in crate::lint) fn fault(&self) -> Option<Fault> {
        if let Some(statement) = self.statements.iter().find(|s| s.fault.is_some()) {
            let first = statement.lexical();
            return first.filter(|_| statement.is_shell());
        }
        if self.session {
            return self.statements.iter().find_map(|s| s.syntactic(&s.text, &s.tokens).filter(|_| s.is_shell()));
        }
        self.whole()
    }

    /// All statements together: a loop goes over many of them.
    fn whole(&self) -> Option<Fault> {
        let mut text = String::new();
        let mut lines = Vec::new();
        for statement in &self.statements {
            lines.extend(statement.lines.iter().map(|(at, file, number)| (at + text.len(), *file, *number)));
            text.push_str(&statement.text);
            text.push('\n');
        }
        let (tokens, fault) = lex::lex(&text);
        let whole = Statement { text, lines, tokens, fault };
        let found = whole.syntactic(&whole.text, &whole.tokens)?;
        let inside = self.statements.iter().find(|s| s.lines.iter().any(|(_, _, number)| *number == found.line))?;
        inside.is_shell().then_some(found)
    }
}

impl Statement {
    /// Reads the statement that begins on line `at` of `block`, and how many lines it has.
    fn read(block: &Block, at: usize, skip: Option<usize>, session: bool) -> (Self, usize) {
        let mut statement = Self::start(&block.lines[at], skip.unwrap_or(0));
        let mut used = 1;
        let mut longer = statement.clone();
        while longer.is_open(session) && used < LONGEST {
            let Some(line) = block.lines.get(at + used) else { break };
            if prompt(&line.text, false).is_some_and(|p| !line.text[..p].contains('>')) && session {
                break;
            }
            longer.add(line, session);
            used += 1;
        }
        if longer.is_open(session) {
            // It swallowed what follows: only lines that are plainly continued belong to it.
            if matches!(longer.fault, Some(LexFault::Here { .. })) {
                statement.fault = longer.fault;
            }
            used = 1;
            while statement.fault == Some(LexFault::Backslash) && at + used < block.lines.len() {
                statement.add(&block.lines[at + used], session);
                used += 1;
            }
            return (statement, used);
        }
        (longer, used)
    }

    fn start(line: &CodeLine, skip: usize) -> Self {
        let text = line.text[skip..].to_owned();
        let (tokens, fault) = lex::lex(&text);
        Self { text, lines: vec![(0, line.at.map(|at| at + skip), line.number)], tokens, fault }
    }

    fn add(&mut self, line: &CodeLine, session: bool) {
        // The second prompt of a shell.
        let skip = if session && line.text.starts_with("> ") { 2 } else { 0 };
        self.text.push('\n');
        self.lines.push((self.text.len(), line.at.map(|at| at + skip), line.number));
        self.text.push_str(&line.text[skip..]);
        (self.tokens, self.fault) = lex::lex(&self.text);
    }

    fn is_open(&self, session: bool) -> bool {
        let unfinished = || matches!(grammar::check(&self.text, &self.tokens), Err(SyntaxFault::Unfinished { .. }));
        self.fault.is_some() || (session && unfinished())
    }

    /// Whether it begins with a command that is known, so that it is no output and no other language.
    fn is_shell(&self) -> bool {
        let first = self.tokens.iter().find(|t| t.kind == Kind::Word && !is_assignment(&self.text[t.start..t.end]));
        first.is_some_and(|t| is_command(&self.text[t.start..t.end]))
    }

    /// The place in the file of a byte of the statement.
    fn place(&self, byte: usize) -> (usize, Option<usize>) {
        let index = self.lines.partition_point(|(start, _, _)| *start <= byte).saturating_sub(1);
        let (start, at, number) = self.lines.get(index).copied().unwrap_or((0, None, 1));
        (number, at.map(|at| at + byte - start))
    }

    fn lexical(&self) -> Option<Fault> {
        let (byte, what) = match self.fault.as_ref()? {
            LexFault::Unclosed(open) => (open.at, format!("the {} is never closed", open.sign)),
            LexFault::Here { at, delimiter, indented: true } => {
                (*at, format!("the here-document never ends: {delimiter:?} must stand at the start of its line"))
            }
            LexFault::Here { at, delimiter, .. } => {
                (*at, format!("the here-document never ends: no line is {delimiter:?}"))
            }
            LexFault::Backslash => {
                (self.text.len(), "the last line ends with a backslash and nothing follows".to_owned())
            }
        };
        let (line, at) = self.place(byte.min(self.text.len()));
        Some(Fault { line, at, what })
    }

    fn syntactic(&self, text: &str, tokens: &[Token]) -> Option<Fault> {
        let (byte, what) = match grammar::check(text, tokens).err()? {
            SyntaxFault::Unexpected { sign, at } => (at, format!("{sign:?} cannot stand here")),
            SyntaxFault::Unfinished { began, needs, at } => {
                (at, format!("{began:?} needs {needs:?} before the block ends"))
            }
        };
        let (line, at) = self.place(byte);
        Some(Fault { line, at, what })
    }

    fn commands(&self, block: usize) -> Vec<Command> {
        let mut found = Vec::new();
        let mut words: Vec<Argument> = Vec::new();
        let mut redirected = false;
        for token in &self.tokens {
            match token.kind {
                Kind::Word if std::mem::take(&mut redirected) => {}
                Kind::Word => words.push(self.argument(token)),
                Kind::Operator(sign) if sign.contains(['<', '>']) => redirected = true,
                _ => found.extend(command(std::mem::take(&mut words), block)),
            }
        }
        found.extend(command(words, block));
        found
    }

    fn argument(&self, token: &Token) -> Argument {
        let raw = &self.text[token.start..token.end];
        let (line, at) = self.place(token.start);
        let whole = self.place(token.end).0 == line;
        let range = at.filter(|_| whole).map(|at| at..at + raw.len());
        Argument { text: unquoted(raw), raw: raw.to_owned(), range, line }
    }
}

/// Words that stand before a command and are none.
const BEFORE: [&str; 17] = [
    "sudo", "time", "exec", "nohup", "command", "then", "do", "else", "if", "while", "until", "!", "{", "env", "watch",
    "builtin", "eval",
];

fn command(words: Vec<Argument>, block: usize) -> Option<Command> {
    let is_before = |w: &Argument| BEFORE.contains(&w.text.as_str()) || is_assignment(&w.raw);
    let skip = words.iter().take_while(|w| is_before(w)).count();
    let words: Vec<Argument> = words.into_iter().skip(skip).collect();
    (!words.is_empty()).then_some(Command { words, block })
}

fn is_assignment(word: &str) -> bool {
    word.split_once('=').is_some_and(|(name, _)| {
        name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
            && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    })
}

#[cfg(test)]
mod tests {
    use crate::lint::core::{Input, Page};

    fn commands(code: &str, language: &str) -> Vec<String> {
        let text = format!("# X\n\n```{language}\n{code}\n```\n");
        let page = Page::read(Input { path: "x.md", text: &text });
        for command in page.commands() {
            for word in &command.words {
                if let Some(range) = &word.range {
                    assert_eq!(&text[range.clone()], word.raw);
                }
            }
        }
        page.commands().iter().map(super::Command::text).collect()
    }

    fn fault(code: &str, language: &str) -> Option<String> {
        let text = format!("```{language}\n{code}\n```\n");
        let page = Page::read(Input { path: "x.md", text: &text });
        page.scripts().iter().find_map(|(_, s)| s.fault()).map(|f| format!("{}: {}", f.line, f.what))
    }

    #[test]
    fn output_is_no_command() {
        let session = "$ kubectl get pods \\\n    -A\nNAME  it's\n$ df -h | sort\n";
        assert_eq!(commands(session, "console"), ["kubectl get pods -A", "df -h", "sort"]);
        assert_eq!(commands("kubectl exec -it x sh\n$ df\nkubectl output\n", ""), ["kubectl exec -it x sh", "df"]);
        assert_eq!(commands("kubectl get pods\nNAME READY\n", ""), ["kubectl get pods"]);
        assert_eq!(commands("some text\n", ""), Vec::<String>::new());
    }

    #[test]
    fn what_stands_before_a_command_is_none_of_its_words() {
        assert_eq!(
            commands("A=b sudo rm -rf /x > /dev/null 2>&1 && for x in a; do ls; done", "sh"),
            ["rm -rf /x", "for x in a", "ls", "done"]
        );
    }

    #[test]
    fn faults_stand_on_lines_of_the_file() {
        assert_eq!(fault("ls\necho 'a", "bash").as_deref(), Some("3: the ' is never closed"));
        assert_eq!(
            fault("for x in a; do\n  ls\n", "bash").as_deref(),
            Some("2: \"for\" needs \"done\" before the block ends")
        );
        assert_eq!(
            fault("kubectl apply -f - <<EOF\na: b\n  EOF", "sh").as_deref(),
            Some("2: the here-document never ends: \"EOF\" must stand at the start of its line")
        );
        assert_eq!(fault("$ for x in a; do\n> ls\n> done\nit's output (1)", "console"), None);
        assert_eq!(fault("Name: it's", "bash"), None);
    }
}
