//! Findings for a person: grouped by file, readable in 80 columns, without colour and aloud.

use std::collections::BTreeMap;
use std::io::{self, Write};

use owo_colors::Style as Paint;

use crate::evidence::printable;
use crate::lint::Finding;
use crate::report::Style;
use crate::report::page::{Page, severity_paint};
use crate::text::{Count, ellipsis, list};

use super::LintReport;

pub(super) fn write(report: &LintReport<'_>, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page { style, out };
    let mut file = "";
    for finding in report.findings {
        if !file.is_empty() && file != finding.file {
            page.blank()?;
        }
        file = &finding.file;
        page.finding(finding)?;
    }
    if !report.findings.is_empty() {
        page.blank()?;
    }
    page.end(report)
}

impl Page<'_> {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        let place = format!("{}:{}:{}", printable(finding.file.as_bytes()), finding.line, finding.column);
        let level = finding.level();
        let text = format!("{place} {level} {}: {}", finding.rule, printable(finding.message.as_bytes()));
        let lines = self.laid_out(&text);
        for line in lines {
            let painted = self.painted(level, severity_paint(finding.severity));
            let line = line.replacen(&format!(" {level} "), &format!(" {painted} "), 1);
            self.line(&line)?;
        }
        let excerpt = printable(finding.excerpt.as_str().as_bytes()).replace('\t', "  ");
        if excerpt.trim().is_empty() {
            return Ok(());
        }
        let room = self.style.width.saturating_sub(6).max(20);
        self.faint(&format!("      {}", ellipsis(excerpt.trim(), room)))
    }

    fn laid_out(&self, text: &str) -> Vec<String> {
        let options = textwrap::Options::new(self.style.width)
            .subsequent_indent("    ")
            .break_words(false)
            .word_splitter(textwrap::WordSplitter::NoHyphenation);
        textwrap::wrap(text, options).into_iter().map(std::borrow::Cow::into_owned).collect()
    }

    fn end(&mut self, report: &LintReport<'_>) -> io::Result<()> {
        for mended in report.mended {
            let rules: Vec<String> = mended.rules.iter().map(|(rule, count)| format!("{rule} {count}")).collect();
            self.wrapped("", "    ", &format!("Mended {}: {}.", mended.file, rules.join(", ")))?;
        }
        for note in report.notes {
            self.wrapped("", "    ", &format!("Note: {}.", printable(note.as_bytes()).trim_end_matches('.')))?;
        }
        let sums = sums(report);
        for line in self.laid_out(&sums) {
            let bold = self.painted(&line, Paint::new().bold());
            self.line(&bold)?;
        }
        let fixable = report.fixable();
        if fixable > 0 {
            let what = if fixable == report.findings.len() { "All".to_owned() } else { fixable.to_string() };
            self.wrapped("", "", &format!("{what} can be mended with --fix."))?;
        }
        self.by_rule(report.findings)
    }

    /// Where there are several rules, how many findings each has, the most frequent first.
    fn by_rule(&mut self, findings: &[Finding]) -> io::Result<()> {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for finding in findings {
            *counts.entry(finding.rule).or_default() += 1;
        }
        if counts.len() < 2 {
            return Ok(());
        }
        let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
        counts.sort_by_key(|(rule, count)| (std::cmp::Reverse(*count), *rule));
        let words: Vec<String> = counts.iter().map(|(rule, count)| format!("{rule} {count}")).collect();
        self.wrapped("", "    ", &format!("By rule: {}.", words.join(", ")))
    }
}

fn sums(report: &LintReport<'_>) -> String {
    let count = |number: usize, noun| Count(number as u64, noun).to_string();
    let files = count(report.files.len(), "file");
    if report.findings.is_empty() {
        return format!("No findings in {files}.");
    }
    let levels = ["error", "warning", "info"];
    let worded = |level: &'static str| match report.at(level) {
        0 => None,
        number if level == "info" => Some(format!("{number} info")),
        number => Some(count(number, level)),
    };
    let each: Vec<String> = levels.into_iter().filter_map(worded).collect();
    format!("{} in {files}: {}.", count(report.findings.len(), "finding"), list(&each))
}
