//! Shows what the linter found in runbooks: one file per output format.

mod github;
mod human;
mod json;
mod junit;
mod sarif;

use std::collections::BTreeMap;
use std::io::{self, Write};

use crate::lint::Finding;

use super::Style;

pub use json::schema;

/// What the linter found, with what is known about the run.
#[derive(Clone, Copy, Debug)]
pub struct LintReport<'r> {
    /// The files that were looked at, as a person names them.
    pub files: &'r [String],
    /// What was found, in the order of files and lines.
    pub findings: &'r [Finding],
    /// What `--fix` mended before.
    pub mended: &'r [Mended],
    /// What could not be read or judged, and why.
    pub notes: &'r [String],
}

/// What was mended in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mended {
    /// The file.
    pub file: String,
    /// How many findings of which rule.
    pub rules: BTreeMap<&'static str, usize>,
}

/// An output format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LintFormat {
    /// For a person.
    Human,
    /// The stable machine format.
    Json,
    /// Annotations for a GitHub workflow.
    Github,
    /// SARIF 2.1.0.
    Sarif,
    /// Test results of a CI system.
    Junit,
}

/// Writes `report` to `out`.
///
/// # Errors
/// What the writer says.
pub fn write(report: &LintReport<'_>, format: LintFormat, style: Style, out: &mut dyn Write) -> io::Result<()> {
    match format {
        LintFormat::Human => human::write(report, style, out),
        LintFormat::Json => json::write(report, out),
        LintFormat::Github => github::write(report, out),
        LintFormat::Sarif => sarif::write(report, out),
        LintFormat::Junit => junit::write(report, out),
    }
}

impl LintReport<'_> {
    /// How many findings have this level.
    fn at(&self, level: &str) -> usize {
        self.findings.iter().filter(|f| f.level() == level).count()
    }

    /// How many findings `--fix` mends.
    fn fixable(&self) -> usize {
        self.findings.iter().filter(|f| !f.edits.is_empty()).count()
    }
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::{LintFormat, LintReport, Mended, write};
    use crate::lint::{Input, Page, Tree, lint};
    use crate::report::Style;

    const TEXT: &str = "# Disk full\n\n## Impact\n\n## Diagnosis\n\nSee [how](gone.md), and “quotes”: 100%, a:b.\n\n```sh\nkubectl exec web-0 ls -l /var/lib/something/rather/long/that/does/not/fit/into/eighty/columns --password=hunter2hunter2\n```\n";

    fn shown(format: LintFormat) -> String {
        let pages = [Page::read(Input { path: "docs/disk, full.md", text: TEXT })];
        let findings = lint(&pages, &Tree::new(&pages, ["docs/x.md"]), Vec::new());
        let mended = [Mended { file: "docs/a.md".into(), rules: [("flag-removed", 2)].into() }];
        let files = ["docs/a.md".to_owned(), "docs/disk, full.md".to_owned()];
        let notes = ["docs/big.md left out: it is larger than 4.0 MiB".to_owned()];
        let report = LintReport { files: &files, findings: &findings, mended: &mended, notes: &notes };
        let mut out = Vec::new();
        write(&report, format, Style { color: false, width: 80 }, &mut out).expect("written");
        String::from_utf8(out).expect("UTF-8").replace(env!("CARGO_PKG_VERSION"), "[version]")
    }

    #[test]
    fn human() {
        let shown = shown(LintFormat::Human);
        assert!(shown.lines().all(|l| l.chars().count() <= 80), "{shown}");
        assert!(!shown.contains("hunter2"));
        assert_snapshot!(shown);
    }

    #[test]
    fn json() {
        assert_snapshot!(shown(LintFormat::Json));
    }

    #[test]
    fn github() {
        assert_snapshot!(shown(LintFormat::Github));
    }

    #[test]
    fn sarif() {
        assert_snapshot!(shown(LintFormat::Sarif));
    }

    #[test]
    fn junit() {
        assert_snapshot!(shown(LintFormat::Junit));
    }

    #[test]
    fn nothing_found_is_said_too() {
        let files = ["a.md".to_owned()];
        let report = LintReport { files: &files, findings: &[], mended: &[], notes: &[] };
        let mut out = Vec::new();
        write(&report, LintFormat::Human, Style { color: false, width: 80 }, &mut out).expect("written");
        assert_eq!(String::from_utf8(out).expect("UTF-8"), "No findings in 1 file.\n");
    }
}
