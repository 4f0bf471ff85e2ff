//! Fix commands as argument vectors: which tools are known, which flags are refused, how risky a command is. No shell, ever.

mod grammar;
mod risk;

use std::fmt;

pub use risk::Risk;

/// A command of a known tool, ready to be run without a shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    argv: Vec<String>,
}

/// Why a text is no command that may be offered. Each is a mistake of whoever wrote the runbook.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// Quotes do not close, or there is nothing.
    #[error("the command is empty or its quotes do not close")]
    Syntax,
    /// The program is not in the grammar.
    #[error("{0:?} is not a known tool")]
    UnknownTool(String),
    /// A flag that redirects credentials or targets.
    #[error("the flag {0:?} redirects credentials or targets")]
    RefusedFlag(String),
    /// A pipe, a redirection or a substitution.
    #[error("{0:?} needs a shell")]
    Shell(String),
}

impl Command {
    /// Reads a command line as a POSIX shell splits words, and refuses whatever would need a shell.
    ///
    /// # Errors
    /// See [`CommandError`].
    pub fn parse(line: &str) -> Result<Self, CommandError> {
        let argv = shlex::split(line).filter(|words| !words.is_empty()).ok_or(CommandError::Syntax)?;
        grammar::check(line, &argv)?;
        Ok(Self { argv })
    }

    /// Program and arguments.
    #[must_use]
    pub fn argv(&self) -> &[String] {
        &self.argv
    }

    /// What running it can do.
    #[must_use]
    pub fn risk(&self) -> Risk {
        risk::of(&self.argv)
    }

    /// Whether a placeholder such as `<pod>` is left that only a person can fill.
    #[must_use]
    pub fn is_runnable(&self) -> bool {
        !self.argv.iter().any(|word| grammar::has_placeholder(word))
    }
}

impl fmt::Display for Command {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, word) in self.argv.iter().enumerate() {
            if index > 0 {
                f.write_str(" ")?;
            }
            // A placeholder is for a person to replace; quoting it would hide that.
            let placeholder = grammar::has_placeholder(word) && !word.contains([' ', '"', '\'']);
            if placeholder || is_plain(word) {
                f.write_str(word)?;
            } else {
                f.write_str(&shlex::try_quote(word).unwrap_or_default())?;
            }
        }
        Ok(())
    }
}

/// Whether every shell reads the word as it stands.
fn is_plain(word: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"@%+=:,./-_".contains(&b);
    !word.is_empty() && word.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::{Command, CommandError, Risk};
    use proptest::prelude::*;

    #[test]
    fn a_command_is_shown_as_it_would_be_typed() {
        let command = Command::parse("kubectl -n shop get pod 'a b' <pod>").expect("known");
        assert_eq!(command.argv().len(), 7);
        assert_eq!(command.to_string(), "kubectl -n shop get pod 'a b' <pod>");
        assert!(!command.is_runnable());
    }

    #[test]
    fn what_needs_a_shell_or_redirects_is_refused() {
        for line in
            ["kubectl get pods | sh", "kubectl get pods; id", "cat a > b", "kubectl get $(id)", "ls `id`", "ls && id"]
        {
            assert!(matches!(Command::parse(line), Err(CommandError::Shell(_))), "{line}");
        }
        for line in [
            "kubectl --server https://x get pods",
            "kubectl --token=x get pods",
            "kubectl get pods --as admin",
            "helm list --kubeconfig x",
        ] {
            assert!(matches!(Command::parse(line), Err(CommandError::RefusedFlag(_))), "{line}");
        }
        assert!(matches!(Command::parse("bash -c id"), Err(CommandError::UnknownTool(_))));
        assert_eq!(Command::parse("kubectl 'x"), Err(CommandError::Syntax));
        assert_eq!(Command::parse("  "), Err(CommandError::Syntax));
    }

    #[test]
    fn quoted_words_may_hold_what_a_shell_would_read() {
        let command = Command::parse(r#"kubectl patch deploy x -p '{"spec":{"a":"b|c"}}'"#).expect("quoted");
        assert_eq!(command.risk(), Risk::Medium);
    }

    proptest! {
        #[test]
        fn what_is_shown_reads_back_the_same(words in proptest::collection::vec("[ -~]{1,12}", 1..5)) {
            let line = format!("kubectl {}", words.iter().map(|w| shlex::try_quote(w).expect("no NUL")).collect::<Vec<_>>().join(" "));
            if let Some(command) = Command::parse(&line).ok().filter(Command::is_runnable) {
                prop_assert_eq!(Command::parse(&command.to_string()), Ok(command));
            }
        }
    }
}
