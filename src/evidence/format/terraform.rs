//! Terraform's diagnostics, drawn in a box that is open on the right: `│ Error: Invalid reference`.
//! <https://developer.hashicorp.com/terraform/language/expressions/custom-conditions>

use super::{Format, Kind, Record, first};
use crate::evidence::Level;

pub(super) const FORMAT: Format = Format {
    name: "terraform",
    title: "Terraform diagnostics",
    link: "https://developer.hashicorp.com/terraform/language/expressions/custom-conditions",
    kind: Kind::Wrapper,
    first: first::OTHER,
    samples: &[
        ("terraform", "│ Error: Invalid reference"),
        ("terraform, where it is", "│   on main.tf line 3, in resource \"aws_instance\" \"web\":"),
        ("terraform, the corner", "╷"),
    ],
    parse,
};

fn parse(line: &str) -> Option<Record<'_>> {
    if matches!(line.trim_end(), "╷" | "╵") {
        return Some(Record::default());
    }
    let text = line.strip_prefix('│')?;
    let text = if text.is_empty() { text } else { text.strip_prefix(' ')? };
    // Other boxes are closed, or have columns.
    let open = !text.contains('│');
    open.then(|| Record { level: level(text), ..Record::of(text) })
}

fn level(text: &str) -> Option<Level> {
    match text.split_once(": ")?.0 {
        "Error" => Some(Level::Error),
        "Warning" => Some(Level::Warn),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::evidence::Level;

    #[test]
    fn the_box_comes_off() {
        for (line, level, text) in [
            ("│ Error: Invalid reference", Some(Level::Error), "Error: Invalid reference"),
            ("│ Warning: Argument is deprecated", Some(Level::Warn), "Warning: Argument is deprecated"),
            ("│   on main.tf line 3:", None, "  on main.tf line 3:"),
            ("│", None, ""),
            ("│ ", None, ""),
            ("╷", None, ""),
            ("╵ ", None, ""),
        ] {
            let record = parse(line).expect(line);
            assert_eq!((record.level, record.message.as_ref()), (level, text), "{line}");
        }
    }

    #[test]
    fn other_boxes_stay() {
        for line in ["", "Error: x", "│ a │ b │", "│a", "╷ x", " │ x", "| Error: x"] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
