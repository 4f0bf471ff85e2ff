//! The telling part of a long text, short enough for a sentence.

/// Characters that a sentence bears.
const MOST: usize = 180;

/// What runtimes wrap around the reason, the innermost last.
const WRAPPERS: &[&str] =
    &["OCI runtime create failed: ", "unable to start container process: ", "error during container init: "];

/// The telling part of what a kubelet, a runtime or a program said: the last line that speaks of an error, else the last one.
pub(super) fn gist(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let line = lines.iter().rev().find(|line| is_error(line)).or(lines.last()).copied().unwrap_or_default();
    let line = WRAPPERS.iter().fold(line, |line, wrapper| line.split_once(wrapper).map_or(line, |(_, inner)| inner));
    let line = line.strip_prefix("Error: ").unwrap_or(line).trim_end_matches('.');
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line.to_owned(),
    }
}

/// Whether a line speaks of an error. A trace that follows a panic does not.
fn is_error(line: &str) -> bool {
    let line = line.to_ascii_lowercase();
    ["error", "panic", "fatal", "exception", "failed", "cannot", "denied"].iter().any(|word| line.contains(word))
}

#[cfg(test)]
mod tests {
    use super::gist;

    #[test]
    fn the_innermost_reason_of_a_runtime_is_told() {
        let text = "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: \
                    unable to start container process: error during container init: exec: \"/app/start.sh\": permission denied";
        assert_eq!(gist(text), "exec: \"/app/start.sh\": permission denied");
    }

    #[test]
    fn of_last_words_the_line_with_the_error_is_told() {
        assert_eq!(
            gist("starting\npanic: no such host\n\ngoroutine 1 [running]:\nmain.main()\n"),
            "panic: no such host"
        );
        assert_eq!(gist("bye\n"), "bye");
        assert_eq!(gist(&"a".repeat(400)).chars().count(), 181);
    }
}
