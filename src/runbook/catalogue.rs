//! All runbooks that are known: the built-in ones, and those a person adds.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::compiled::{self, Hot, Index, Place};
use super::head::{self, Head};
use super::signals::Signals;
use super::taxonomy;

static INDEX: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/runbooks.index"));
static BLOB: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/runbooks.blob"));

static AUTOMATON: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/runbooks.automaton"));

/// A runbook file that cannot be used. The file's author can mend it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: {what}")]
pub struct Fault {
    /// File as it was named.
    pub file: String,
    /// Line, from 1.
    pub line: usize,
    /// One lower-case sentence.
    pub what: String,
}

#[derive(Debug)]
enum Cold {
    /// Its head is decoded when somebody first asks for it.
    BuiltIn {
        place: Place,
        head: OnceLock<Box<Head>>,
    },
    Loaded {
        head: Box<Head>,
        text: String,
    },
}

/// One runbook of the catalogue.
#[derive(Debug)]
pub struct Entry {
    /// What the matcher needs of it.
    pub hot: Hot<'static>,
    cold: Cold,
}

impl Entry {
    /// Its head, decoded on demand.
    #[must_use]
    pub fn head(&self) -> Cow<'_, Head> {
        match &self.cold {
            Cold::BuiltIn { place, head } => Cow::Borrowed(head.get_or_init(|| {
                let decoded = postcard::from_bytes(slice(place.head, place.text));
                Box::new(decoded.unwrap_or_else(|_| unreachable!("the build script wrote it")))
            })),
            Cold::Loaded { head, .. } => Cow::Borrowed(head),
        }
    }

    /// The whole file.
    #[must_use]
    pub fn text(&self) -> &str {
        match &self.cold {
            Cold::BuiltIn { place, .. } => std::str::from_utf8(slice(place.text, place.end)).unwrap_or_default(),
            Cold::Loaded { text, .. } => text,
        }
    }

    /// Whether it came with the binary.
    #[must_use]
    pub fn is_built_in(&self) -> bool {
        matches!(self.cold, Cold::BuiltIn { .. })
    }

    /// Its id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.hot.id
    }

    /// The name of its file.
    #[must_use]
    pub fn file(&self) -> String {
        format!("{}.md", self.hot.id)
    }
}

fn slice(from: u32, to: u32) -> &'static [u8] {
    &BLOB[from as usize..to as usize]
}

/// All runbooks that are known, sorted by id.
#[derive(Debug, Default)]
pub struct Catalogue {
    entries: Vec<Entry>,
    /// Something was added, so that what the build script prepared no longer fits.
    changed: bool,
    /// Made when the first input is read, and shared by all that follow.
    signals: OnceLock<Signals>,
}

impl Catalogue {
    /// The runbooks that came with the binary.
    #[must_use]
    pub fn built_in() -> Self {
        let index: Index<'static> =
            postcard::from_bytes(INDEX).unwrap_or_else(|_| unreachable!("the build script wrote it"));
        let entries = index
            .hot
            .into_iter()
            .zip(index.places)
            .map(|(hot, place)| Entry { hot, cold: Cold::BuiltIn { place, head: OnceLock::new() } });
        Self { entries: entries.collect(), changed: false, signals: OnceLock::new() }
    }

    /// Adds the runbook in `text`, replacing the one with the same id. A file without a front matter detects nothing and is
    /// passed over.
    ///
    /// # Errors
    /// What is wrong with the file, and where; the catalogue stays as it was.
    pub fn add(&mut self, file: &str, stem: &str, text: String) -> Result<(), Fault> {
        let fault = |line, what| Fault { file: file.to_owned(), line, what };
        let (yaml, _, _) = head::split(&text).map_err(|e| fault(e.line, e.what))?;
        let Some(yaml) = yaml else { return Ok(()) };
        let head = head::parse(stem, yaml).map_err(|e| fault(e.line, e.what))?;
        if !taxonomy::knows(&head.category, &head.cause) {
            return Err(fault(1, format!("{}/{} is no category and cause of the taxonomy", head.category, head.cause)));
        }
        let hot = compiled::hot(&head).map_err(|e| fault(1, e))?;
        let entry = Entry { hot, cold: Cold::Loaded { head: Box::new(head), text } };
        self.changed = true;
        self.signals = OnceLock::new();
        match self.entries.binary_search_by(|e| e.id().cmp(stem)) {
            Ok(at) => self.entries[at] = entry,
            Err(at) => self.entries.insert(at, entry),
        }
        Ok(())
    }

    /// The signals of these runbooks, ready to be looked for.
    pub(super) fn signals(&self) -> &Signals {
        // What the build script prepared fits exactly the built-in runbooks.
        let prepared = (!self.changed && !self.entries.is_empty()).then_some(AUTOMATON);
        self.signals.get_or_init(|| Signals::of(&self.entries, prepared))
    }

    /// The runbooks, each once, of which one of the `any` signals fires on an exception of this language and type.
    #[must_use]
    pub fn of_exception(&self, language: &str, kind: &str) -> Vec<usize> {
        self.signals().of_exception(language, kind)
    }

    /// Every runbook, sorted by id.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The runbook with this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Entry> {
        self.entries.binary_search_by(|e| e.id().cmp(id)).ok().map(|at| &self.entries[at])
    }
}

#[cfg(test)]
mod tests {
    use super::Catalogue;

    const OWN: &str = "---\nid: oomkilled\ntitle: Ours\ncategory: OOMKilled\ncause: memory-limit\nseverity: low\nsignals:\n  any: [{ log: 'out of cheese' }]\n\
        root_cause: x\nfixes: []\nprevention: []\n---\n## Meaning\n";

    #[test]
    fn a_loaded_runbook_replaces_the_built_in_one_by_id() {
        let mut catalogue = Catalogue::built_in();
        let before = catalogue.entries().len();
        catalogue.add("x/oomkilled.md", "oomkilled", OWN.to_owned()).expect("valid");
        assert_eq!(catalogue.entries().len(), before);
        let entry = catalogue.get("oomkilled").expect("there");
        assert_eq!((entry.head().title.as_str(), entry.is_built_in()), ("Ours", false));
    }

    #[test]
    fn faults_name_file_and_line_and_change_nothing() {
        let mut catalogue = Catalogue::built_in();
        for (text, at, what) in [
            (OWN.replace("severity: low", "severity: low\nsewerity: x"), 7, "sewerity"),
            (OWN.replace("out of cheese", "(cheese"), 1, "(cheese"),
            (OWN.replace("category: OOMKilled", "category: Cheese"), 1, "Cheese/memory-limit"),
            ("---\nid: x\n".to_owned(), 1, "never closed"),
        ] {
            let fault = catalogue.add("x/oomkilled.md", "oomkilled", text).expect_err("broken");
            assert_eq!((fault.file.as_str(), fault.line), ("x/oomkilled.md", at), "{fault}");
            assert!(fault.what.contains(what), "{fault}");
        }
        assert!(catalogue.get("oomkilled").expect("there").is_built_in());
        assert_eq!(catalogue.add("n.md", "n", "# Just notes\n".into()), Ok(()));
    }
}
