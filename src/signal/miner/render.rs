//! Patterns as people read them.

use super::slots::Cell;
use super::words::{VALUE, Words};

/// Constant words, and `<*>` for what varies; one `<*>` for several in a row.
pub(super) fn template(cells: &[Cell], words: &Words) -> String {
    let mut text = String::new();
    let mut before = None;
    for cell in cells {
        if before.replace(cell.word) == Some(VALUE) && cell.word == VALUE {
            continue;
        }
        if cell.spaced {
            text.push(' ');
        }
        text.push_str(if cell.word == VALUE { "<*>" } else { words.text(cell.word) });
    }
    text
}
