//! What the exit code of a container says, in words.

use crate::evidence::cluster::{Container, Terminated};

/// Codes above it are signals: 137 is 128 and the signal 9.
const SIGNALS: i64 = 128;

/// What an exit code says. `container` is what was asked for, so that a command that does not exist can be named.
pub(super) fn meaning(end: &Terminated, container: Option<&Container>) -> String {
    let words = match end.exit_code {
        0 => "the program finishes instead of staying up",
        1 => "the program reports an error",
        2 => "wrong usage, an error of a shell script or a Go panic",
        126 => return unfit("cannot be executed", end, container),
        127 => return unfit("is not found", end, container),
        128 => "the program was not started, or it gave an invalid exit code",
        130 => "interrupted, SIGINT",
        134 => "aborted by itself, SIGABRT",
        137 => "killed from outside, SIGKILL",
        139 => "invalid memory access, SIGSEGV",
        143 => "asked to stop, SIGTERM",
        255 => "the program gave -1, or its node lost sight of it",
        code if (SIGNALS + 1..SIGNALS + 65).contains(&code) => {
            return format!("ended by signal {}", code - SIGNALS);
        }
        _ => "a code of the program's own",
    };
    words.to_owned()
}

fn unfit(what: &str, end: &Terminated, container: Option<&Container>) -> String {
    let said = said(&end.message).or_else(|| container.and_then(command));
    said.map_or_else(|| format!("a command {what}"), |command| format!("the command {command} {what}"))
}

/// The command that a shell complains about: of `sh: 1: migrate: not found` it is `migrate`.
fn said(message: &str) -> Option<&str> {
    let complaints = [": not found", ": command not found", ": Permission denied", ": permission denied"];
    let before =
        |line: &'_ str| complaints.iter().find_map(|end| line.trim().strip_suffix(end).map(str::len)).unwrap_or(0);
    let line = message.lines().map(str::trim).find(|line| before(line) > 0)?;
    let name = line[..before(line)].rsplit(": ").next()?;
    Some(name.trim_matches('"')).filter(|name| is_name(name))
}

/// The command of a container: of `sh -c "migrate up"` it is `migrate`, for the shell itself was found.
fn command(container: &Container) -> Option<&str> {
    let mut words = container.command.iter().chain(&container.args).map(String::as_str);
    let first = words.next()?;
    let shell = matches!(first.rsplit('/').next(), Some("sh" | "bash" | "ash" | "dash"));
    let script = shell.then(|| words.find(|w| !w.starts_with('-'))).flatten();
    let name = script.unwrap_or(first).split_whitespace().next()?;
    Some(name).filter(|name| is_name(name))
}

/// Whether it can be the name of a program. What a script sets before it (`TOKEN=… run`) is shown to nobody.
fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "/._+-".contains(c))
}

#[cfg(test)]
mod tests {
    use super::meaning;
    use crate::evidence::cluster::{Container, Terminated};

    fn of(exit_code: i64, message: &str, command: &[&str]) -> String {
        let command = command.iter().map(|&word| word.to_owned()).collect();
        let end = Terminated { exit_code, message: message.into(), ..Terminated::default() };
        meaning(&end, Some(&Container { command, ..Container::default() }))
    }

    #[test]
    fn a_command_that_is_missing_is_named() {
        assert_eq!(of(127, "", &["/app/run", "--port=80"]), "the command /app/run is not found");
        assert_eq!(of(127, "", &["/bin/sh", "-c", "migrate up && serve"]), "the command migrate is not found");
        assert_eq!(of(127, "sh: 1: flyway: not found\n", &["sh", "/run"]), "the command flyway is not found");
        assert_eq!(of(126, "", &[]), "a command cannot be executed");
    }

    #[test]
    fn what_a_script_sets_is_not_shown() {
        assert_eq!(of(127, "", &["sh", "-c", "TOKEN=hunter2 serve"]), "a command is not found");
    }

    #[test]
    fn codes_above_128_are_signals() {
        assert_eq!(of(139, "", &[]), "invalid memory access, SIGSEGV");
        assert_eq!(of(135, "", &[]), "ended by signal 7");
        assert_eq!(of(255, "", &[]), "the program gave -1, or its node lost sight of it");
        assert_eq!(of(3, "", &[]), "a code of the program's own");
    }
}
