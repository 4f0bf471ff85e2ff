//! The code blocks of a page, each line with its place in the file.

use crate::runbook::outline::{CodeBlock, Outline};

/// A line of code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::lint) struct CodeLine {
    /// Line of the file, from 1.
    pub number: usize,
    /// Byte of the file at which `text` begins; `None` where the file has it in another spelling (tabs, entities).
    pub at: Option<usize>,
    /// The line without its line feed and without the indentation of the block.
    pub text: String,
}

/// A block of code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::lint) struct Block {
    /// Language in lower case; empty where none is given.
    pub language: String,
    /// Everything behind the opening fence.
    pub info: String,
    /// Index of the section it stands in.
    pub section: usize,
    /// Line of its first line of code.
    pub line: usize,
    /// Its lines.
    pub lines: Vec<CodeLine>,
    /// Between fences.
    pub fenced: bool,
    /// Not fenced, or the closing fence is there.
    pub closed: bool,
}

/// Languages whose blocks a person pastes into a shell.
const SHELLS: [&str; 11] =
    ["bash", "sh", "shell", "console", "zsh", "ksh", "shell-session", "sh-session", "shellsession", "terminal", "shel"];

/// Languages whose blocks show a session: commands behind a prompt, and what they print.
const SESSIONS: [&str; 5] = ["console", "shell-session", "sh-session", "shellsession", "terminal"];

impl Block {
    pub(super) fn all(outline: &Outline, text: &str, starts: &[usize]) -> Vec<Self> {
        let sections = outline.sections.iter().enumerate();
        sections.flat_map(|(at, s)| s.code.iter().map(move |code| Self::of(code, at, text, starts))).collect()
    }

    fn of(code: &CodeBlock, section: usize, text: &str, starts: &[usize]) -> Self {
        let lines = code.text.lines().enumerate().map(|(index, line)| {
            let number = code.line + index;
            CodeLine { number, at: place(line, number, text, starts), text: line.to_owned() }
        });
        Self {
            language: code.language.trim_start_matches('.').to_ascii_lowercase(),
            info: code.info.clone(),
            section,
            line: code.line,
            lines: lines.collect(),
            fenced: code.fenced,
            closed: code.closed,
        }
    }

    /// Whether its language is that of a shell.
    #[must_use]
    pub(in crate::lint) fn is_shell(&self) -> bool {
        SHELLS.contains(&self.language.as_str())
    }

    /// Whether it shows a session rather than a script.
    #[must_use]
    pub(in crate::lint) fn is_session(&self) -> bool {
        SESSIONS.contains(&self.language.as_str())
    }

    /// Whether it has no language, so that it may be anything.
    #[must_use]
    pub(in crate::lint) fn is_untold(&self) -> bool {
        self.language.is_empty()
    }
}

/// The byte at which `line` stands at the end of line `number` of the file.
fn place(line: &str, number: usize, text: &str, starts: &[usize]) -> Option<usize> {
    let start = *starts.get(number.checked_sub(1)?)?;
    let end = starts.get(number).copied().unwrap_or(text.len());
    let whole = text.get(start..end)?.trim_end_matches(['\n', '\r']);
    whole.ends_with(line).then(|| start + whole.len() - line.len())
}
