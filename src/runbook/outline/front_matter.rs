//! The block of YAML or TOML before a Markdown text, read forgivingly.
//!
//! A runbook of somebody else may have a head that no parser takes; its title and alert names are still worth having. What
//! must be exact – the heads of our own runbooks – is parsed elsewhere, from [`FrontMatter::text`].

/// In which language a front matter is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Between two lines of `---`.
    Yaml,
    /// Between two lines of `+++`.
    Toml,
}

/// The block before the text, not parsed: what stands between its two fences.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FrontMatter {
    /// YAML or TOML.
    pub dialect: Dialect,
    /// What stands between the fences.
    pub text: String,
    /// The line on which `text` begins.
    pub line: usize,
    /// The byte at which the Markdown after it begins.
    pub body: usize,
}

impl FrontMatter {
    /// The front matter of `text`: its first line is a fence, another one closes it, and there is a key between them.
    pub(super) fn of(text: &str) -> Option<Self> {
        let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        let mut lines = text[start..].split_inclusive('\n');
        let opening = lines.next()?;
        let dialect = match opening.trim_end() {
            "---" => Dialect::Yaml,
            "+++" => Dialect::Toml,
            _ => return None,
        };
        let inner = start + opening.len();
        let mut end = inner;
        for line in lines {
            if dialect.closes(line.trim_end()) {
                let found = &text[inner..end];
                return dialect.fits(found).then(|| Self {
                    dialect,
                    text: found.to_owned(),
                    line: 2,
                    body: end + line.len(),
                });
            }
            end += line.len();
        }
        None
    }

    /// The text of the top-level `key`, where it is a plain or quoted one. Forgiving: the rest may be broken.
    #[must_use]
    pub fn value(&self, key: &str) -> Option<String> {
        let (value, below) = self.entry(key)?;
        let folded = value.starts_with(['>', '|']) || value.is_empty();
        let value = if folded { indented(below) } else { unquoted(value) };
        (!value.is_empty()).then_some(value)
    }

    /// The texts of the top-level list `key`, in either spelling; a single text is a list of one.
    #[must_use]
    pub fn list(&self, key: &str) -> Vec<String> {
        let Some((value, below)) = self.entry(key) else { return Vec::new() };
        let items: Vec<&str> = match value.strip_prefix('[') {
            Some(flow) => {
                let flow = if flow.contains(']') { flow } else { below };
                flow.split(']').next().unwrap_or_default().split([',', '\n']).collect()
            }
            None if value.is_empty() => below.lines().map_while(|line| line.trim().strip_prefix('-')).collect(),
            None => vec![value],
        };
        items.into_iter().map(|item| unquoted(item.trim())).filter(|item| !item.is_empty()).collect()
    }

    /// What stands behind the top-level `key` on its line, and all lines below.
    fn entry(&self, key: &str) -> Option<(&str, &str)> {
        let sign = if self.dialect == Dialect::Yaml { ':' } else { '=' };
        let mut rest = self.text.as_str();
        while !rest.is_empty() {
            let (line, below) = rest.split_once('\n').unwrap_or((rest, ""));
            let value = line.strip_prefix(key).and_then(|tail| tail.trim_start().strip_prefix(sign));
            if let Some(value) = value {
                return Some((value.trim(), below));
            }
            rest = below;
        }
        None
    }
}

impl Dialect {
    fn closes(self, line: &str) -> bool {
        match self {
            Self::Yaml => line == "---" || line == "...",
            Self::Toml => line == "+++",
        }
    }

    /// A text between two rules is no head: the first line of a head that is no comment has a key (or there is none).
    fn fits(self, text: &str) -> bool {
        let sign = if self == Self::Yaml { ':' } else { '=' };
        let first = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#'));
        first.is_none_or(|line| line.contains(sign) || line.starts_with(['[', '{', '-']))
    }
}

/// The indented lines that follow a key, joined.
fn indented(below: &str) -> String {
    let lines: Vec<&str> = below.lines().take_while(|line| line.starts_with([' ', '\t'])).map(str::trim).collect();
    lines.join(" ")
}

/// A scalar without its quotes or the comment behind it.
fn unquoted(value: &str) -> String {
    for quote in ['"', '\''] {
        if let Some((inner, _)) = value.strip_prefix(quote).and_then(|tail| tail.split_once(quote)) {
            return inner.to_owned();
        }
    }
    value.split(" #").next().unwrap_or_default().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Dialect, FrontMatter};

    fn head(text: &str) -> FrontMatter {
        FrontMatter::of(text).expect("a head")
    }

    #[test]
    fn values_and_lists_are_read_in_every_spelling() {
        let yaml = head(
            "---\nid: disk-full # stem\ntitle: 'No: space'\nalerts: [A, \"B\"]\nnext:\n  - C\n  - D\none: E\n---\n",
        );
        assert_eq!(yaml.value("id").as_deref(), Some("disk-full"));
        assert_eq!(yaml.value("title").as_deref(), Some("No: space"));
        assert_eq!(yaml.list("alerts"), ["A", "B"]);
        assert_eq!(yaml.list("next"), ["C", "D"]);
        assert_eq!(yaml.list("one"), ["E"]);
        assert!(yaml.list("none").is_empty() && yaml.value("none").is_none());
    }

    #[test]
    fn toml_and_folded_text_are_read_too() {
        let toml = head("+++\ntitle = \"Disk full\"\nalerts = [\n  'A',\n  'B',\n]\n+++\ntext");
        assert_eq!((toml.dialect, toml.value("title").as_deref()), (Dialect::Toml, Some("Disk full")));
        assert_eq!(toml.list("alerts"), ["A", "B"]);
        let folded = head("---\ntitle: >-\n  Disk\n  full\n---\n");
        assert_eq!(folded.value("title").as_deref(), Some("Disk full"));
    }

    #[test]
    fn rules_and_open_heads_are_text() {
        for text in ["---\n\nJust prose.\n\n---\n", "---\ntitle: open\n", "# Title\n---\n", "", "---"] {
            assert_eq!(FrontMatter::of(text), None, "{text:?}");
        }
        assert_eq!(head("\u{feff}---\r\nid: a\r\n---\r\nText").body, 20);
    }
}
