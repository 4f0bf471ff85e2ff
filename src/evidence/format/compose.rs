//! Docker Compose: `web-1  | text`. <https://docs.docker.com/reference/cli/docker/compose/logs/>

use super::Unwrapped;

pub(super) fn unwrap(line: &str) -> Option<Unwrapped<'_>> {
    let (name, text) = line.split_once('|')?;
    let container = name.trim_end();
    // Compose pads the name with blanks; a table or a shell pipe has other words before the bar.
    let named = name.ends_with(' ') && !container.is_empty() && container.len() <= 64;
    let word = container.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
    let numbered = container.ends_with(|c: char| c.is_ascii_digit()) && container.contains(['_', '-']);
    let padded = name.len() - container.len() >= 2;
    if !named || !word || !(numbered || padded) || !container.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let text = text.strip_prefix(' ').unwrap_or(text);
    Some(Unwrapped { text: text.into(), container: Some(container.to_owned()), pod: None })
}

#[cfg(test)]
mod tests {
    use super::unwrap;

    #[test]
    fn the_service_name_comes_off() {
        for (line, text) in
            [("web_1        |  x", " x"), ("db-1  | FATAL:  no", "FATAL:  no"), ("api-1 | y", "y"), ("worker  |", "")]
        {
            assert_eq!(unwrap(line).expect(line).text, text);
        }
    }

    #[test]
    fn tables_and_pipes_are_no_compose_output() {
        for line in ["a | b", "ls -l | wc", " 1 | 2", "│ Error: x", "| id | name |", "12  | let x = 1;"] {
            assert_eq!(unwrap(line), None, "{line}");
        }
    }
}
