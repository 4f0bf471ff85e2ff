//! A page for a person: labels, wrapped sentences, colours that mean one thing each.

use std::borrow::Cow;
use std::io::{self, Write};

use owo_colors::{OwoColorize, Style as Paint};
use textwrap::WordSplitter;

use crate::diagnosis::Fix;
use crate::finding::Severity;

use super::Style;

/// Columns of the labels on the left.
const LABEL: usize = 13;

/// What is written on, and how.
pub(super) struct Page<'w> {
    /// How it looks.
    pub(super) style: Style,
    /// Where it goes.
    pub(super) out: &'w mut dyn Write,
}

impl Page<'_> {
    pub(super) fn fix(&mut self, number: usize, fix: &Fix) -> io::Result<()> {
        let risk = self.painted(&format!("[{}]", fix.risk), severity_paint(of_risk(fix.risk)));
        let command = self.painted(&fix.command.to_string(), Paint::new().bold());
        writeln!(self.out, "  {number}. {risk} {command}")?;
        self.wrapped("     ", "     ", &fix.why)?;
        if !fix.command.is_runnable() {
            self.wrapped("     ", "     ", "replace the <names> before running it")?;
        }
        for (label, command) in [("check", &fix.verify), ("undo ", &fix.undo)] {
            if let Some(command) = command {
                writeln!(self.out, "     {label}  {command}")?;
            }
        }
        Ok(())
    }

    pub(super) fn labelled(&mut self, label: &str, text: &str) -> io::Result<()> {
        let head = self.painted(&format!("{label:<LABEL$}"), Paint::new().bold());
        let room = self.style.width.saturating_sub(LABEL).max(20);
        let pieces = wrap(text, room);
        writeln!(self.out, "{head}{}", pieces.first().map_or("", |p| p.as_ref()))?;
        for piece in pieces.iter().skip(1) {
            writeln!(self.out, "{:LABEL$}{piece}", "")?;
        }
        Ok(())
    }

    pub(super) fn title(&mut self, text: &str) -> io::Result<()> {
        let text = self.painted(text, Paint::new().bold());
        writeln!(self.out, "{text}")
    }

    pub(super) fn wrapped(&mut self, first: &str, rest: &str, text: &str) -> io::Result<()> {
        let options = textwrap::Options::new(self.style.width)
            .initial_indent(first)
            .subsequent_indent(rest)
            .break_words(false)
            .word_splitter(WordSplitter::NoHyphenation);
        for line in textwrap::wrap(text, options) {
            writeln!(self.out, "{line}")?;
        }
        Ok(())
    }

    pub(super) fn faint(&mut self, text: &str) -> io::Result<()> {
        let text = self.painted(text, Paint::new().dimmed());
        writeln!(self.out, "{text}")
    }

    pub(super) fn line(&mut self, text: &str) -> io::Result<()> {
        writeln!(self.out, "{text}")
    }

    pub(super) fn blank(&mut self) -> io::Result<()> {
        writeln!(self.out)
    }

    pub(super) fn painted(&self, text: &str, paint: Paint) -> String {
        if self.style.color { text.style(paint).to_string() } else { text.to_owned() }
    }
}

/// Names are never broken at their hyphens: they are searched for and copied.
pub(super) fn wrap(text: &str, width: usize) -> Vec<Cow<'_, str>> {
    textwrap::wrap(text, textwrap::Options::new(width).word_splitter(WordSplitter::NoHyphenation))
}

/// Each colour has one meaning: red acts now, yellow takes care, cyan is calm.
pub(super) fn severity_paint(severity: Severity) -> Paint {
    match severity {
        Severity::Critical | Severity::High => Paint::new().red().bold(),
        Severity::Medium => Paint::new().yellow(),
        Severity::Low | Severity::Info => Paint::new().cyan(),
    }
}

fn of_risk(risk: crate::command::Risk) -> Severity {
    match risk {
        crate::command::Risk::Low => Severity::Low,
        crate::command::Risk::Medium => Severity::Medium,
        crate::command::Risk::High | crate::command::Risk::Critical => Severity::High,
    }
}
