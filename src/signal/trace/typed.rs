//! Names of types as traces write them, and the message beside one.

/// `Type: message`, taken apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Said<'t> {
    /// The type.
    pub kind: &'t str,
    /// The message, may be empty.
    pub message: &'t str,
}

impl<'t> Said<'t> {
    /// Reads `Type: message`, `Type [CODE]: message`, `Type (message)` or a type alone, where `text` begins with it.
    pub(super) fn at_start(text: &'t str) -> Option<Self> {
        let kind = word(text);
        let rest = without_code(&text[kind.len()..]);
        if kind.is_empty() {
            return None;
        }
        if rest.trim().is_empty() {
            return Some(Self { kind, message: "" });
        }
        let message = after_colon(rest).or_else(|| in_brackets(rest))?;
        Some(Self { kind, message: message.trim() })
    }

    /// The same where the type ends as thrown types do.
    pub(super) fn thrown(text: &'t str) -> Option<Self> {
        // Most words are no types, and most lines are words.
        ends_as_thrown(word(text)).then(|| Self::at_start(text)).flatten().filter(Self::is_thrown)
    }

    /// The same where the type has its packages, `a.b.Type`, whatever its name.
    pub(super) fn qualified(text: &'t str) -> Option<Self> {
        let separators = word(text).bytes().filter(|b| matches!(b, b'.' | b'\\')).count();
        (separators >= 2).then(|| Self::at_start(text)).flatten().filter(Self::is_qualified)
    }

    /// Whether the type ends as thrown types do.
    pub(super) fn is_thrown(&self) -> bool {
        is_path(self.kind) && starts_upper(last(self.kind)) && ends_as_thrown(last(self.kind))
    }

    fn is_qualified(&self) -> bool {
        starts_upper(last(self.kind)) && is_path(self.kind)
    }
}

/// The type bytes at the start, without the colon after them.
fn word(text: &str) -> &str {
    let run = text.bytes().take_while(|b| is_type_byte(*b)).count();
    text[..run].trim_end_matches(':')
}

fn last(kind: &str) -> &str {
    kind.rsplit(['.', ':', '\\', '$']).next().unwrap_or("")
}

/// How the names of thrown types end.
fn ends_as_thrown(kind: &str) -> bool {
    let suffixes: &[&str] = match kind.as_bytes().last() {
        Some(b'n') => &["Exception", "Rejection"],
        Some(b'r') => &["Error"],
        Some(b'e') => &["Throwable", "Failure"],
        Some(b't') => &["Fault", "Interrupt", "Exit", "Timeout"],
        Some(b'd') => &["NotFound", "Invalid", "Interrupted"],
        Some(b'g') => &["Warning"],
        _ => return false,
    };
    suffixes.iter().any(|s| kind.ends_with(s))
}

fn starts_upper(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_uppercase())
}

fn is_type_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'.' | b':' | b'\\')
}

/// Names with `.`, `::` or `\` between them.
fn is_path(kind: &str) -> bool {
    let begins = kind.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '_' | '\\'));
    begins && !kind.contains("..") && kind.matches(':').count() == 2 * kind.matches("::").count()
}

/// Node writes `Type [ERR_CODE]: message`.
fn without_code(rest: &str) -> &str {
    let code = rest.strip_prefix(" [").and_then(|r| r.split_once(']'));
    let is_code = |c: &str| c.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_');
    code.filter(|(code, _)| is_code(code)).map_or(rest, |(_, after)| after)
}

fn after_colon(rest: &str) -> Option<&str> {
    rest.strip_prefix(':').filter(|m| m.is_empty() || m.starts_with([' ', '\t']))
}

fn in_brackets(rest: &str) -> Option<&str> {
    rest.strip_prefix(" (")?.trim_end().trim_end_matches(':').strip_suffix(')')
}

#[cfg(test)]
mod tests {
    use super::Said;

    #[test]
    fn every_way_to_write_a_type_is_read() {
        let table = [
            ("java.io.IOException: gone", "java.io.IOException", "gone"),
            ("TypeError [ERR_X]: bad", "TypeError", "bad"),
            ("NoMethodError (no `x'):", "NoMethodError", "no `x'"),
            ("App\\Shop\\CartException: no", "App\\Shop\\CartException", "no"),
            ("ActiveRecord::RecordNotFound: no", "ActiveRecord::RecordNotFound", "no"),
            ("KeyboardInterrupt", "KeyboardInterrupt", ""),
            ("Error:", "Error", ""),
        ];
        for (text, kind, message) in table {
            let said = Said::at_start(text).unwrap();
            assert_eq!((said.kind, said.message, said.is_thrown()), (kind, message, true), "{text}");
        }
    }

    #[test]
    fn words_are_no_types() {
        for text in ["Exception handling", "errors: 3", "ERROR: x", "a:Error: x", "..Error: x", "Terror.", ""] {
            assert!(!Said::at_start(text).is_some_and(|s| s.is_thrown()), "{text}");
        }
    }
}
