//! Shows a long page through the pager of the person at the terminal: `PAGER`, else `less`. Without a shell, and where it cannot be started, without it.

use std::env;
use std::io::{self, IsTerminal, Write};
use std::process::{Child, Command, Stdio};

/// Writes `text` to standard output, through a pager where one is `wanted` and a person is there.
pub(super) fn show(text: &str, wanted: bool) -> io::Result<()> {
    let pager = if wanted && io::stdout().is_terminal() { start() } else { None };
    let Some(mut pager) = pager else {
        let mut out = io::stdout().lock();
        out.write_all(text.as_bytes())?;
        return out.flush();
    };
    if let Some(mut pipe) = pager.stdin.take() {
        // Whoever leaves the pager early has seen enough.
        let _ = pipe.write_all(text.as_bytes());
    }
    pager.wait().map(|_| ())
}

fn start() -> Option<Child> {
    let words = argv(env::var("PAGER").ok().as_deref())?;
    let (name, args) = words.split_first()?;
    #[expect(clippy::disallowed_methods, reason = "the pager is the person's own choice, as everywhere else")]
    let mut command = Command::new(name);
    command.args(args).stdin(Stdio::piped());
    if env::var_os("LESS").is_none() {
        // Quit where it fits on one screen, let colours through, leave the text on the screen.
        command.env("LESS", "FRX");
    }
    command.spawn().ok()
}

/// The words of `PAGER`; none where it asks for no pager.
fn argv(pager: Option<&str>) -> Option<Vec<String>> {
    match pager.map(str::trim) {
        None => Some(vec!["less".into()]),
        Some("" | "cat") => None,
        Some(words) => shlex::split(words).filter(|argv| !argv.is_empty()),
    }
}

#[cfg(test)]
mod tests {
    use super::argv;

    #[test]
    fn a_pager_is_words_and_never_a_script() {
        assert_eq!(argv(None), Some(vec!["less".to_owned()]));
        assert_eq!(argv(Some("less -S 'x y'")), Some(["less", "-S", "x y"].map(str::to_owned).to_vec()));
        assert_eq!(argv(Some("more; rm x")), Some(["more;", "rm", "x"].map(str::to_owned).to_vec()));
        assert_eq!((argv(Some("")), argv(Some("cat")), argv(Some("less 'open"))), (None, None, None));
    }
}
