//! Docker Compose: `web-1  | text`. <https://docs.docker.com/reference/cli/docker/compose/logs/>

use super::{Format, Kind, Record, first};

pub(super) const FORMAT: Format = Format {
    name: "docker-compose",
    title: "Docker Compose",
    link: "https://docs.docker.com/reference/cli/docker/compose/logs/",
    kind: Kind::Wrapper,
    first: first::LETTER,
    samples: &[("docker-compose", "web-1  | GET / 200")],
    parse,
};

fn parse(line: &str) -> Option<Record<'_>> {
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
    Some(Record { container: Some(container.into()), ..Record::of(text) })
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn the_service_name_comes_off() {
        for (line, text) in
            [("web_1        |  x", " x"), ("db-1  | FATAL:  no", "FATAL:  no"), ("api-1 | y", "y"), ("worker  |", "")]
        {
            assert_eq!(parse(line).expect(line).message, text);
        }
    }

    #[test]
    fn tables_and_pipes_are_no_compose_output() {
        for line in ["a | b", "ls -l | wc", " 1 | 2", "│ Error: x", "| id | name |", "12  | let x = 1;"] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
