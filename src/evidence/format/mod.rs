//! The wrappers that carry other programs' lines: who put the line there, and the line itself.
//!
//! One file each. Adding one costs its file and its two lines here.

mod compose;
mod cri;
mod docker_json;
mod github_actions;
mod kubectl_prefix;

use std::borrow::Cow;

/// A line without what carried it here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unwrapped<'a> {
    /// The line that the program wrote.
    pub text: Cow<'a, str>,
    /// Pod that the wrapper names.
    pub pod: Option<String>,
    /// Container that the wrapper names.
    pub container: Option<String>,
}

type Wrapper = for<'a> fn(&'a str) -> Option<Unwrapped<'a>>;

const WRAPPERS: [Wrapper; 5] =
    [compose::unwrap, cri::unwrap, docker_json::unwrap, github_actions::unwrap, kubectl_prefix::unwrap];

/// No line is carried through more hands than this.
const LAYERS: usize = 3;

/// Takes the wrappers off a plain line.
#[must_use]
pub fn unwrap(line: &str) -> Unwrapped<'_> {
    let mut inner = Unwrapped { text: Cow::Borrowed(line), ..Unwrapped::default() };
    for _ in 0..LAYERS {
        let Some(next) = WRAPPERS.iter().find_map(|unwrap| unwrap(&inner.text).map(into_owned)) else { break };
        inner =
            Unwrapped { text: next.text, pod: next.pod.or(inner.pod), container: next.container.or(inner.container) };
    }
    inner
}

fn into_owned(inner: Unwrapped<'_>) -> Unwrapped<'static> {
    Unwrapped { text: Cow::Owned(inner.text.into_owned()), pod: inner.pod, container: inner.container }
}

/// Whether `text` starts with a time stamp as RFC 3339 spells it; its length in bytes.
fn timestamp(text: &str) -> Option<usize> {
    let end = text.find(' ')?;
    let bytes = text.as_bytes();
    let shaped = end >= 20
        && bytes[..4].iter().all(u8::is_ascii_digit)
        && bytes[4] == b'-'
        && bytes[7] == b'-'
        && bytes[10] == b'T'
        && bytes[13] == b':'
        && (bytes[end - 1] == b'Z' || bytes[..end].iter().rev().take(6).any(|b| matches!(b, b'+' | b'-')));
    shaped.then_some(end)
}

#[cfg(test)]
mod tests {
    use super::unwrap;

    #[test]
    fn a_line_that_nothing_carried_stays_as_it_is() {
        for line in ["", "plain", "a | b", "[info] [x] y", r#"{"level":"info"}"#, "2024-01-01T00:00:00Z INFO x"] {
            assert_eq!(unwrap(line).text, line);
        }
    }

    #[test]
    fn wrappers_inside_wrappers_come_off() {
        let line = r#"web-1  | {"log":"boom\n","stream":"stderr","time":"2024-01-01T00:00:00Z"}"#;
        let inner = unwrap(line);
        assert_eq!((inner.text.as_ref(), inner.container.as_deref()), ("boom", Some("web-1")));
    }
}
