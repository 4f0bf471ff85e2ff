//! Flags that their commands no longer have, or advise against, as findings: two rules differ in nothing but that.

use super::tools::{self, OldFlag};
use crate::lint::core::{Edit, Finding, Page, Rule};
use crate::lint::shell::Argument;

/// The flags of a page that are `gone`, or are only going.
pub(in crate::lint) fn found(rule: &Rule, page: &Page<'_>, gone: bool) -> Vec<Finding> {
    let old = page.commands().iter().flat_map(tools::old_flags).filter(|(old, _)| old.gone == gone);
    old.map(|(old, word)| finding(rule, page, old, word)).collect()
}

fn finding(rule: &Rule, page: &Page<'_>, old: &OldFlag, word: &Argument) -> Finding {
    let finding = rule.on_line(page, word.line, format!("`{}` {}", word.text, old.note));
    let (Some(range), Some(instead)) = (word.range.clone().filter(|_| word.raw == word.text), old.instead) else {
        return finding;
    };
    let end = if old.value.is_some() { range.end } else { range.start + old.flag.len() };
    finding.mended_by(Edit::new(range.start..end, instead))
}
