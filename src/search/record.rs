//! What the index knows of each document apart from its words: where it lies, how fresh it is, its title and sections.

use std::ops::Range;

use super::blob::{In, Out};
use crate::runbook::outline::Outline;

/// By what the store tells whether a file has changed since it was indexed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    /// The size of the file in bytes.
    pub size: u64,
    /// When it was changed last, in nanoseconds since 1970.
    pub modified: u64,
    /// Its inode, or 0.
    pub inode: u64,
    /// A hash of its content.
    pub hash: u64,
}

/// A document to index.
#[derive(Clone, Copy, Debug)]
pub struct Document<'d> {
    /// Its path below its directory, as it is to be shown.
    pub path: &'d str,
    /// In which of the caller's directories it lies.
    pub directory: u32,
    /// How to tell whether it has changed.
    pub stamp: Stamp,
    /// Its Markdown.
    pub text: &'d str,
}

/// What the index says of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Record {
    /// Its path below its directory.
    pub path: String,
    /// In which of the caller's directories it lies.
    pub directory: u32,
    /// How to tell whether it has changed.
    pub stamp: Stamp,
    /// The id of its head, else its file name without ending.
    pub id: String,
    /// Its title, else its file name without ending.
    pub title: String,
    /// Its sections, in their order.
    pub sections: Vec<Place>,
}

/// Where a section is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The heading; empty for text before the first one.
    pub heading: String,
    /// The anchor of the heading, without `#`; empty for text before the first one.
    pub anchor: String,
    /// The line on which the section begins.
    pub line: usize,
    /// Where the section lies in the file, in bytes.
    pub bytes: Range<usize>,
}

/// A document by its file alone, for telling whether it has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Filed<'i> {
    /// Its path below its directory.
    pub path: &'i str,
    /// In which of the caller's directories it lies.
    pub directory: u32,
    /// What it was like when it was indexed.
    pub stamp: Stamp,
}

impl<'i> Filed<'i> {
    pub(super) fn read(mut from: In<'i>) -> Option<Self> {
        let [_title, _id] = [from.bytes()?, from.bytes()?];
        let (path, directory) = (from.text()?, from.small()?);
        let [size, modified, inode, hash] = [from.number()?, from.number()?, from.number()?, from.number()?];
        Some(Self { path, directory, stamp: Stamp { size, modified, inode, hash } })
    }
}

impl Record {
    /// What there is to know of `document`.
    pub(super) fn of(document: &Document<'_>, outline: &Outline, id: &str, title: &str) -> Self {
        Self {
            path: document.path.to_owned(),
            directory: document.directory,
            stamp: document.stamp,
            id: id.to_owned(),
            title: title.to_owned(),
            sections: places(outline),
        }
    }

    pub(super) fn write(&self, out: &mut Out) {
        for text in [&self.title, &self.id, &self.path] {
            out.text(text);
        }
        out.number(u64::from(self.directory));
        let Stamp { size, modified, inode, hash } = self.stamp;
        for number in [size, modified, inode, hash] {
            out.number(number);
        }
        for place in &self.sections {
            out.text(&place.heading);
            out.text(&place.anchor);
            for number in [place.line, place.bytes.start, place.bytes.len()] {
                out.number(number as u64);
            }
        }
    }

    pub(super) fn read(mut from: In<'_>) -> Option<Self> {
        let Filed { directory, stamp, .. } = Filed::read(from)?;
        let [title, id, path] = [from.text()?, from.text()?, from.text()?].map(str::to_owned);
        for _ in 0..5 {
            from.number()?;
        }
        let sections = std::iter::from_fn(|| place(&mut from)).collect();
        Some(Self { path, directory, stamp, id, title, sections })
    }

    /// Title and id, without reading on.
    pub(super) fn names(mut from: In<'_>) -> Option<(&str, &str)> {
        Some((from.text()?, from.text()?))
    }
}

fn places(outline: &Outline) -> Vec<Place> {
    let place = |section: &crate::runbook::outline::Section| {
        let heading = section.heading.and_then(|index| outline.headings.get(index));
        Place {
            heading: heading.map(|heading| heading.text.clone()).unwrap_or_default(),
            anchor: heading.map(|heading| heading.anchor.clone()).unwrap_or_default(),
            line: *section.lines.start(),
            bytes: section.bytes.clone(),
        }
    };
    outline.sections.iter().map(place).collect()
}

fn place(from: &mut In<'_>) -> Option<Place> {
    let (heading, anchor) = (from.text()?.to_owned(), from.text()?.to_owned());
    let [line, start, length] = [from.small()? as usize, from.small()? as usize, from.small()? as usize];
    Some(Place { heading, anchor, line, bytes: start..start.saturating_add(length) })
}

#[cfg(test)]
mod tests {
    use super::{Document, Filed, Record, Stamp};
    use crate::runbook::outline::Outline;
    use crate::search::blob::{In, Out};

    #[test]
    fn a_record_comes_back_as_it_was() {
        let text = "Before.\n\n# Disk full\n\nText\n";
        let stamp = Stamp { size: 27, modified: u64::MAX, inode: 3, hash: 4 };
        let document = Document { path: "a/disk.md", directory: 2, stamp, text };
        let record = Record::of(&document, &Outline::of(text), "disk", "Disk full");
        let mut out = Out::default();
        record.write(&mut out);
        assert_eq!(Record::read(In(&out.0)).as_ref(), Some(&record));
        assert_eq!(Filed::read(In(&out.0)), Some(Filed { path: "a/disk.md", directory: 2, stamp }));
        assert_eq!(Record::names(In(&out.0)), Some(("Disk full", "disk")));
        assert_eq!((record.sections[1].anchor.as_str(), record.sections[1].line), ("disk-full", 3));
        assert_eq!(Record::read(In(&out.0[..20])), None);
    }
}
