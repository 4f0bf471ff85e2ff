//! What stands before a trace on every line: a time, a level, a thread, a logger.

/// What follows `prefix` in `text`, if the line begins as the head did; numbers may differ.
pub(super) fn after_prefix<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let (bytes, like) = (text.as_bytes(), prefix.as_bytes());
    let (mut at, mut seen) = (0, 0);
    while seen < like.len() {
        if like[seen].is_ascii_digit() && bytes.get(at)?.is_ascii_digit() {
            seen += digits(&like[seen..]);
            at += digits(&bytes[at..]);
        } else if bytes.get(at) == Some(&like[seen]) {
            seen += 1;
            at += 1;
        } else if like[seen] == b' ' && seen > 0 && like[seen - 1] == b' ' {
            // A wider number leaves less room before it.
            seen += 1;
        } else {
            return None;
        }
    }
    text.get(at..)
}

fn digits(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|b| b.is_ascii_digit()).count()
}

#[cfg(test)]
mod tests {
    use super::after_prefix;

    #[test]
    fn numbers_differ_and_words_do_not() {
        assert_eq!(after_prefix("Jan 31 08:00:01 host app[12]:   x", "Jan 31 08:00:00 host app[7]: "), Some("  x"));
        assert_eq!(after_prefix("E/App( 1234): x", "E/App(  999): "), Some("x"));
        assert_eq!(after_prefix("INFO x", "ERROR "), None);
        assert_eq!(after_prefix("12", "1 "), None);
        assert_eq!(after_prefix("é", ""), Some("é"));
    }
}
