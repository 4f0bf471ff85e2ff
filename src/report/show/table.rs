//! A table of Markdown in columns, as wide as the terminal at the most.

use comfy_table::{CellAlignment, ContentArrangement, Row, Table, presets};
use pulldown_cmark::Alignment;

/// A table that is being gathered.
#[derive(Debug, Default)]
pub(super) struct Rows {
    alignments: Vec<Alignment>,
    rows: Vec<Vec<String>>,
}

impl Rows {
    pub(super) fn new(alignments: Vec<Alignment>) -> Self {
        Self { alignments, rows: Vec::new() }
    }

    pub(super) fn begin_row(&mut self) {
        self.rows.push(Vec::new());
    }

    pub(super) fn cell(&mut self, text: String) {
        if let Some(row) = self.rows.last_mut() {
            row.push(text);
        }
    }

    /// Its lines; the first row is the head.
    pub(super) fn lines(self, width: usize) -> Vec<String> {
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
        table.set_width(u16::try_from(width.max(20)).unwrap_or(u16::MAX));
        let mut rows = self.rows.into_iter();
        if let Some(head) = rows.next() {
            table.set_header(head);
        }
        table.add_rows(rows.map(Row::from));
        for (at, alignment) in self.alignments.iter().enumerate() {
            if let Some(column) = table.column_mut(at) {
                column.set_padding((0, 2));
                column.set_cell_alignment(match alignment {
                    Alignment::Right => CellAlignment::Right,
                    Alignment::Center => CellAlignment::Center,
                    Alignment::Left | Alignment::None => CellAlignment::Left,
                });
            }
        }
        table.lines().map(|l| l.trim_end().to_owned()).collect()
    }
}
