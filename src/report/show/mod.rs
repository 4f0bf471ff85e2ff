//! Shows a runbook on a terminal: its head as prose, its Markdown laid out in columns.

mod inline;
mod render;
mod sheet;
mod table;

pub use render::write;
pub use sheet::{composed, section};

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::{composed, section, write};
    use crate::report::Style;

    const FOREIGN: &str = "---\ntitle: Disk full\n---\nWhat to do when a disk is *full*: a sentence that is long enough to be wrapped at the width of the page, with `df -h` in it.\n\n\
        ## Steps\n\n1. Look, and see [the plan](plan.md#x) or <https://example.test/a>:\n\n   ```sh\n   kubectl exec web-0 -- df -h /var/lib/a-path-that-is/long-enough/not-to-fit\n   ```\n\n2. Then\n   - [x] clean\n   - [ ] grow\n     - the volume\n\n\
        ### Table\n\n| where | how much of it is left, in words that are rather many for a cell | n |\n|---|:--|--:|\n| `/var` | **none** at all | 12 |\n| `/` | some |  3 |\n\n\
        > A quote\n> of two lines.\n\n<!-- gone -->\n<p>Some <b>HTML</b></p>\n\n![plan](plan.png)\n\n---\n\nLast\\\nline.[^1]\n\n[^1]: A note.\n";

    const OURS: &str = "---\nid: cheese\ntitle: The *cheese* ran out\ncategory: DiskFull\ncause: no-space\nseverity: high\nsignals:\n  any: [{ log: 'out of cheese' }]\n\
        root_cause: 'No cheese in {{path}}[[ of {{pod}}]].'\nfixes:\n  - run: kubectl -n {{namespace}} delete pod {{pod}}\n    why: Makes room <for> more.\n    verify: kubectl get pods\n    undo: kubectl get pods -A\n\
        prevention:\n  - Buy more.\nalerts: [CheeseLow, CheeseOut]\n---\n## Meaning\nIt is out.\n\n## Examples\n\n```log match\nout of cheese\n```\n";

    fn shown(text: &str, color: bool) -> String {
        let mut out = Vec::new();
        write(&composed(text), Style { color, width: 60 }, &mut out).expect("written");
        String::from_utf8(out).expect("UTF-8")
    }

    #[test]
    fn a_foreign_page_is_laid_out() {
        assert_snapshot!(shown(FOREIGN, false));
    }

    #[test]
    fn a_runbook_of_ours_shows_its_head() {
        assert_snapshot!(shown(OURS, false));
    }

    #[test]
    fn colour_adds_nothing_but_colour() {
        let plain = |text: &str| strip_ansi_escapes::strip_str(shown(text, true));
        assert!(shown(OURS, true).contains('\u{1b}'));
        assert_eq!((plain(OURS), plain(FOREIGN)), (shown(OURS, false), shown(FOREIGN, false)));
    }

    #[test]
    fn a_section_has_what_is_below_it() {
        let text = section(FOREIGN, "steps").expect("there");
        assert!(text.starts_with("## Steps") && text.contains("### Table") && text.contains("Last"));
        assert!(section(&composed(OURS), "Fixes").expect("there").contains("Makes room"));
        assert_eq!(section(FOREIGN, "gone"), Err(vec!["Steps".to_owned(), "Table".to_owned()]));
    }

    #[test]
    fn what_controls_a_terminal_is_left_out() {
        let shown = shown("# A\u{1b}[31m\u{202e}b\n\n```\n\u{1b}]0;x\u{7}c\td\n```\n\n`e\u{9b}`\n", false);
        assert!(!shown.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{202e}'), "{shown:?}");
    }
}
