//! One simple command: its words, each with its place in the file.

use std::ops::Range;

/// A word of a command.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::lint) struct Argument {
    /// What its program gets, expansions left as they stand.
    pub text: String,
    /// As it is written.
    pub raw: String,
    /// Its bytes in the file, where the file has it as written.
    pub range: Option<Range<usize>>,
    /// Line of the file, from 1.
    pub line: usize,
}

/// A simple command of a script.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::lint) struct Command {
    /// Its words, without variables set before it, `sudo` and the like.
    pub words: Vec<Argument>,
    /// Index of its block.
    pub block: usize,
}

impl Command {
    /// The name of the program, without its folder; `oc`, `k` and the like as they are.
    #[must_use]
    pub(in crate::lint) fn program(&self) -> &str {
        let first = self.words.first().map_or("", |w| w.text.as_str());
        first.rsplit('/').next().unwrap_or(first)
    }

    /// Line of its first word.
    #[must_use]
    pub(in crate::lint) fn line(&self) -> usize {
        self.words.first().map_or(1, |w| w.line)
    }

    /// Its arguments up to a `--`.
    #[must_use]
    pub(in crate::lint) fn arguments(&self) -> &[Argument] {
        let arguments = self.words.get(1..).unwrap_or_default();
        let end = arguments.iter().position(|w| w.text == "--").unwrap_or(arguments.len());
        &arguments[..end]
    }

    /// The argument that is `flag`, alone or with `=value`.
    #[must_use]
    pub(in crate::lint) fn flag(&self, flag: &str) -> Option<&Argument> {
        self.arguments().iter().find(|w| is_flag(&w.text, flag))
    }

    /// The arguments that are no flags, nor the values of the flags named.
    #[must_use]
    pub(in crate::lint) fn operands(&self, with_value: &[&str]) -> Vec<&Argument> {
        let mut found = Vec::new();
        let mut skip = false;
        for word in self.arguments() {
            if std::mem::take(&mut skip) {
                continue;
            }
            if word.text.starts_with('-') && word.text.len() > 1 {
                skip = with_value.contains(&word.text.as_str());
            } else {
                found.push(word);
            }
        }
        found
    }

    /// What runs inside, behind `--`.
    #[must_use]
    pub(in crate::lint) fn inner(&self) -> Option<Self> {
        let at = self.words.iter().position(|w| w.text == "--")?;
        let words = self.words.get(at + 1..).filter(|w| !w.is_empty())?.to_vec();
        Some(Self { words, block: self.block })
    }

    /// All words, blanks between them.
    #[must_use]
    pub(in crate::lint) fn text(&self) -> String {
        self.words.iter().map(|w| w.text.as_str()).collect::<Vec<_>>().join(" ")
    }
}

fn is_flag(word: &str, flag: &str) -> bool {
    word.strip_prefix(flag).is_some_and(|rest| rest.is_empty() || rest.starts_with('='))
}
