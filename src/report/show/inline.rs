//! Text that runs on: words with their colours, gathered until a block ends and wrapped then.

use owo_colors::{OwoColorize, Style as Paint};
use textwrap::WordSplitter;

use crate::evidence::printable;
use crate::report::Style;

/// A paragraph that is being gathered.
#[derive(Debug, Default)]
pub(super) struct Run {
    text: String,
    color: bool,
    /// Depth of emphasis.
    pub(super) strong: usize,
    /// Everything is bold: a heading.
    pub(super) heading: bool,
    /// Nothing is coloured: a table counts every character.
    pub(super) plain: bool,
}

impl Run {
    pub(super) fn new(style: Style) -> Self {
        Self { color: style.color, ..Self::default() }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Whether the text that was added last is `text`, whatever its colour.
    pub(super) fn ends_with(&self, text: &str) -> bool {
        strip_ansi_escapes::strip_str(&self.text).ends_with(text)
    }

    /// Adds words.
    pub(super) fn words(&mut self, text: &str) {
        let paint = (self.heading || self.strong > 0).then(|| Paint::new().bold());
        self.add(text, paint);
    }

    /// Adds what is to be typed as it is; the marks stay, for whoever sees no colours.
    pub(super) fn code(&mut self, text: &str) {
        self.add(&format!("`{text}`"), Some(Paint::new().cyan()));
    }

    /// Adds the target of a link behind its text.
    pub(super) fn target(&mut self, text: &str) {
        self.add(text, Some(Paint::new().dimmed()));
    }

    /// Ends the line.
    pub(super) fn hard_break(&mut self) {
        self.text.push('\n');
    }

    /// Word by word, so that a colour never runs into the margin.
    fn add(&mut self, text: &str, paint: Option<Paint>) {
        let text = printable(text.as_bytes()).replace('\t', " ");
        let Some(paint) = paint.filter(|_| self.color && !self.plain) else {
            self.text.push_str(&text);
            return;
        };
        for piece in text.split_inclusive(' ') {
            let word = piece.trim_end_matches(' ');
            if !word.is_empty() {
                self.text.push_str(&word.style(paint).to_string());
            }
            self.text.push_str(&piece[word.len()..]);
        }
    }

    /// The text as one line, for a cell of a table; begins anew.
    pub(super) fn line(&mut self) -> String {
        std::mem::take(&mut self.text).trim().replace('\n', " ")
    }

    /// The lines of the paragraph; begins anew.
    pub(super) fn lines(&mut self, width: usize, first: &str, rest: &str) -> Vec<String> {
        let text = std::mem::take(&mut self.text);
        let mut lines = Vec::new();
        for (number, piece) in text.trim().lines().enumerate() {
            let options = textwrap::Options::new(width.max(20))
                .initial_indent(if number == 0 { first } else { rest })
                .subsequent_indent(rest)
                .break_words(false)
                .word_splitter(WordSplitter::NoHyphenation);
            lines.extend(textwrap::wrap(piece.trim(), options).into_iter().map(|line| joined(&line)));
        }
        lines
    }
}

/// A line in which neighbouring words of one colour are one run of it.
fn joined(line: &str) -> String {
    const COLOURS: [&str; 3] = ["[1m", "[2m", "[36m"];
    let one = |line: String, colour: &str| line.replace(&format!("\u{1b}[0m \u{1b}{colour}"), " ");
    COLOURS.into_iter().fold(line.to_owned(), one)
}
