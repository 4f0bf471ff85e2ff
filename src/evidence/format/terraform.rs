//! The box in which Terraform and OpenTofu print errors and warnings: `│ Error: text`.
//! <https://developer.hashicorp.com/terraform/cli/commands/plan>

use super::{Format, Kind, Record, first};
use crate::evidence::Level;

pub(super) const FORMAT: Format = Format {
    name: "terraform",
    title: "Terraform's box",
    link: "https://developer.hashicorp.com/terraform/cli/commands/plan",
    kind: Kind::Wrapper,
    first: first::OTHER,
    samples: &[("error", "│ Error: Invalid provider configuration"), ("edge", "╷")],
    parse,
};

fn parse(line: &str) -> Option<Record<'_>> {
    if matches!(line.trim_end(), "╷" | "╵") {
        // The edge says nothing, and it is all there is.
        return Some(Record::of(line));
    }
    let text = line.strip_prefix('│')?;
    let text = text.strip_prefix(' ').unwrap_or(text);
    let level = match text.split(':').next() {
        Some("Error") => Some(Level::Error),
        Some("Warning") => Some(Level::Warn),
        _ => None,
    };
    // A table draws its own edge on the right.
    (!text.trim_end().ends_with('│')).then(|| Record { level, ..Record::of(text) })
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::evidence::Level;

    #[test]
    fn the_edge_comes_off() {
        for (line, text, level) in [
            ("│ Error: Unsupported argument", "Error: Unsupported argument", Some(Level::Error)),
            ("│ Warning: Deprecated", "Warning: Deprecated", Some(Level::Warn)),
            ("│ ", "", None),
            ("│   on main.tf line 3, in resource", "  on main.tf line 3, in resource", None),
            ("╷", "╷", None),
        ] {
            let record = parse(line).expect(line);
            assert_eq!((record.message.as_ref(), record.level), (text, level), "{line}");
        }
    }

    #[test]
    fn tables_and_trees_are_no_terraform() {
        for line in ["│ id │ name │", "├── src", "| Error: x", "└ x"] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
