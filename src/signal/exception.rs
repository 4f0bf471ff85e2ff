//! Stack traces as one event each: type, message, innermost cause, first frame of the program's own code.

use std::fmt;

use super::frame::Frame;
use crate::evidence::Pattern;

/// Languages whose stack traces are read. The words are those of an `exception` signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// Python.
    Python,
    /// Java, Kotlin, Scala and others on the JVM.
    Java,
    /// Node.js.
    Node,
    /// .NET.
    DotNet,
    /// Ruby.
    Ruby,
    /// PHP.
    Php,
    /// Go.
    Go,
    /// Rust.
    Rust,
    /// C++.
    Cpp,
}

impl Language {
    /// The word of an `exception` signal.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Python => "python",
            Self::Java => "java",
            Self::Node => "node",
            Self::DotNet => "dotnet",
            Self::Ruby => "ruby",
            Self::Php => "php",
            Self::Go => "go",
            Self::Rust => "rust",
            Self::Cpp => "cpp",
        }
    }
}

/// One thrown thing: its type, its message and the line that says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Thrown {
    /// Type as the trace writes it; `panic` for Go and Rust.
    pub kind: String,
    /// Message, may be empty.
    pub message: String,
    /// Line of the input, from 1.
    pub line: u64,
}

impl fmt::Display for Thrown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.message.is_empty() { f.write_str(&self.kind) } else { write!(f, "{}: {}", self.kind, self.message) }
    }
}

/// A stack trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exception {
    /// Whose trace it is.
    pub language: Language,
    /// What was thrown last.
    pub outer: Thrown,
    /// What was thrown first and led to it; the same as `outer` where there is no chain.
    pub innermost: Thrown,
    /// First frame of the program's own code, else the first frame.
    pub frame: Option<String>,
    /// Last line of the trace.
    pub end: u64,
}

#[derive(Clone, Debug)]
struct Open {
    language: Option<Language>,
    chain: Vec<Thrown>,
    frame: Option<(String, bool)>,
    last: u64,
    /// Python and Rust tell the type or the message only after the header.
    wants_message: bool,
    column: usize,
}

/// Reads stack traces off the lines it is shown, in order. Keeps a bounded number of them.
#[derive(Clone, Debug, Default)]
pub struct Tracker {
    open: Option<Open>,
    header: Option<Thrown>,
    found: Vec<Exception>,
}

/// As many traces are kept from the start, and as many from the end.
const KEEP: usize = 8;
/// A header waits for its first frame for so many lines (Node prints the source line and a caret in between).
const PATIENCE: u64 = 5;

static THROWN: Pattern = Pattern::new(concat!(
    r"(?P<kind>(?:[A-Za-z_$][\w$]*(?:\.|::|\\))*[A-Z][\w$]*(?:Exception|Error|Throwable|Failure|Fault|Interrupt|Warning|Exit|NotFound|Invalid|Timeout)",
    r"|(?:[A-Za-z_$][\w$]*(?:\.|::|\\)){2,}[A-Z][\w$]*)",
    r"(?: \[[A-Z_0-9]+\])?(?: \((?P<inside>.*)\))?:?(?:\s+(?P<message>.*))?$"
));

impl Tracker {
    /// Shows the tracker the next line it might want; `text` is plain and without wrappers.
    pub fn line(&mut self, number: u64, text: &str) {
        if self.open.is_some() && !self.goes_on(number, text) {
            self.close();
        }
        if self.open.is_none() {
            self.begin(number, text);
        }
    }

    /// Whether a line may begin a trace, so that a tracker wants to see it.
    #[must_use]
    pub fn begins(text: &str) -> bool {
        let mut fresh = Self::default();
        fresh.line(1, text);
        fresh.is_active(1) || !fresh.found.is_empty()
    }

    /// Whether the following line is wanted whatever it holds.
    #[must_use]
    pub fn is_active(&self, number: u64) -> bool {
        self.open.is_some() || self.header.as_ref().is_some_and(|h| number < h.line + PATIENCE)
    }

    /// Ends the input and returns the traces, first to last; of many, some from both ends.
    #[must_use]
    pub fn finish(mut self) -> Vec<Exception> {
        self.close();
        self.found
    }

    fn close(&mut self) {
        let Some(open) = self.open.take() else { return };
        let (Some(language), Some(outer)) = (open.language, open.chain.first().cloned()) else { return };
        let last_is_inner = !matches!(language, Language::Python);
        let innermost = if last_is_inner { open.chain.last().cloned() } else { Some(outer.clone()) };
        let outer = if last_is_inner { outer } else { open.chain.last().cloned().unwrap_or(outer) };
        if self.found.len() == 2 * KEEP {
            self.found.remove(KEEP);
        }
        let innermost = innermost.unwrap_or_else(|| outer.clone());
        self.found.push(Exception { language, outer, innermost, frame: open.frame.map(|f| f.0), end: open.last });
    }

    fn begin(&mut self, number: u64, text: &str) {
        if let Some(open) = certain(number, text) {
            self.header = None;
            self.open = Some(open);
            return;
        }
        if let Some(frame) = Frame::of(text) {
            let header = self.header.take().filter(|h| number <= h.line + PATIENCE);
            let Some(header) = header else { return };
            let language = frame.language;
            self.open = Some(Open {
                language,
                chain: vec![header],
                frame: Some((frame.text, frame.own)),
                last: number,
                wants_message: false,
                column: 0,
            });
            return;
        }
        if let Some(thrown) = thrown(number, text) {
            self.header = Some(thrown);
        } else if self.header.as_ref().is_some_and(|h| number >= h.line + PATIENCE) {
            self.header = None;
        }
    }

    fn goes_on(&mut self, number: u64, text: &str) -> bool {
        let Some(open) = &mut self.open else { return false };
        let inner = text.get(open.column..).unwrap_or(text);
        if open.wants_message && open.language == Some(Language::Python) {
            return python_goes_on(open, number, inner);
        }
        if open.wants_message {
            open.wants_message = false;
            open.last = number;
            if let Some(thrown) = open.chain.last_mut() {
                inner.trim().clone_into(&mut thrown.message);
            }
            return true;
        }
        if let Some(frame) = Frame::of(inner) {
            open.last = number;
            let better = open.frame.as_ref().is_none_or(|(_, own)| !own && frame.own);
            if better {
                open.frame = Some((frame.text, frame.own));
            }
            return true;
        }
        if let Some(cause) = caused_by(inner) {
            open.last = number;
            open.chain.extend(thrown(number, cause));
            open.frame = None;
            return true;
        }
        let line = inner.trim();
        let filler = line.is_empty() && open.language == Some(Language::Go)
            || line.starts_with("... ")
            || line.starts_with("--- End of")
            || line.starts_with("Stack trace:")
            || line.starts_with("stack backtrace")
            || line.starts_with("note: run with")
            || line.starts_with("goroutine ")
            || line.starts_with("what():")
            || line.starts_with("Suppressed:")
            || (open.language == Some(Language::Go) && (line.starts_with("[signal ") || line.ends_with(')')));
        if let (Some(said), Some(thrown)) = (line.strip_prefix("what():"), open.chain.last_mut()) {
            said.trim().clone_into(&mut thrown.message);
        }
        if filler {
            open.last = number;
        }
        filler
    }
}

fn python_goes_on(open: &mut Open, number: u64, text: &str) -> bool {
    if let Some(frame) = Frame::of(text) {
        // Python lists the innermost frame last.
        if frame.own || open.frame.as_ref().is_none_or(|(_, own)| !own) {
            open.frame = Some((frame.text, frame.own));
        }
        open.last = number;
        return true;
    }
    let bare = text.trim_start();
    if bare.starts_with("During handling of the above")
        || bare.starts_with("The above exception was")
        || bare.starts_with("Traceback (most recent")
    {
        open.last = number;
        return true;
    }
    if bare.is_empty() || text.starts_with([' ', '\t']) {
        return number <= open.last + PATIENCE;
    }
    match thrown(number, bare).or_else(|| bare_type(number, bare)) {
        Some(found) => {
            let known = open.chain.len();
            open.chain.push(found);
            open.last = number;
            known < KEEP
        }
        None => false,
    }
}

/// Python prints a type alone, and types that do not end in `Error`.
fn bare_type(number: u64, text: &str) -> Option<Thrown> {
    let (kind, message) = text.split_once(": ").unwrap_or((text, ""));
    let shaped = !kind.is_empty() && kind.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_'));
    let kind = kind.trim_end_matches(':');
    shaped.then(|| Thrown { kind: kind.to_owned(), message: message.to_owned(), line: number })
}

/// Headers that say whose trace it is before any frame.
fn certain(number: u64, text: &str) -> Option<Open> {
    let open = |language, kind: &str, message: &str, wants_message| Open {
        language: Some(language),
        chain: vec![Thrown { kind: kind.to_owned(), message: message.trim().to_owned(), line: number }],
        frame: None,
        last: number,
        wants_message,
        column: 0,
    };
    if let Some(column) = text.find("Traceback (most recent call last)") {
        return Some(Open {
            language: Some(Language::Python),
            chain: Vec::new(),
            frame: None,
            last: number,
            wants_message: true,
            column,
        });
    }
    if let Some(at) = text.find("panicked at ") {
        let message = &text[at + "panicked at ".len()..];
        if let Some((said, place)) = message.strip_prefix('\'').and_then(|m| m.rsplit_once("', ")) {
            return Some(Open { frame: Some((place.to_owned(), true)), ..open(Language::Rust, "panic", said, false) });
        }
        let place = message.strip_suffix(':').map(|place| (place.to_owned(), true));
        return Some(Open { frame: place, ..open(Language::Rust, "panic", message, message.ends_with(':')) });
    }
    if let Some(rest) = text.find("PHP Fatal error:").map(|at| &text[at + "PHP Fatal error:".len()..]) {
        return Some(open(Language::Php, "Fatal error", rest, false));
    }
    if let Some(rest) = text.strip_prefix("panic: ") {
        return Some(open(Language::Go, "panic", rest, false));
    }
    if let Some(rest) = text.strip_prefix("fatal error: ").filter(|_| !text.contains(".h:")) {
        return Some(open(Language::Go, "fatal error", rest, false));
    }
    if text.starts_with("goroutine ") && text.ends_with("]:") {
        return Some(open(Language::Go, "panic", "", false));
    }
    let cpp = text.split_once("terminate called after throwing an instance of '");
    cpp.map(|(_, rest)| open(Language::Cpp, rest.trim_end_matches('\''), "", false))
}

fn caused_by(text: &str) -> Option<&str> {
    let text = text.trim_start();
    text.strip_prefix("Caused by: ")
        .or_else(|| text.strip_prefix("[cause]: "))
        .or_else(|| text.strip_prefix("---> "))
        .or_else(|| text.strip_prefix("Wrapped by: "))
}

/// Reads `some.Type: message` at the end of a line; a .NET header carries its whole chain (`A: x ---> B: y`).
fn thrown(number: u64, text: &str) -> Option<Thrown> {
    let text = text.rsplit(" ---> ").next().unwrap_or(text);
    let found = THROWN.find(text)?;
    let message = found.name("message").or_else(|| found.name("inside")).unwrap_or("");
    Some(Thrown { kind: found.name("kind")?.to_owned(), message: message.trim().to_owned(), line: number })
}

#[cfg(test)]
mod tests {
    use super::{Exception, Language, Tracker};
    use proptest::prelude::*;

    fn read(text: &str) -> Vec<Exception> {
        let mut tracker = Tracker::default();
        for (index, line) in text.lines().enumerate() {
            tracker.line(index as u64 + 1, line);
        }
        tracker.finish()
    }

    fn only(text: &str) -> Exception {
        let mut all = read(text);
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0)
    }

    #[test]
    fn java_chains_end_at_the_last_cause() {
        let found = only(
            "2024 ERROR request failed\njava.lang.RuntimeException: outer\n\tat org.apache.X.y(X.java:1)\n\tat shop.Cart.get(Cart.java:7)\n\
             Caused by: java.io.IOException: inner\n\tat shop.Disk.read(Disk.java:9)\n\t... 3 more\nnext line",
        );
        assert_eq!(found.language, Language::Java);
        assert_eq!(found.outer.to_string(), "java.lang.RuntimeException: outer");
        assert_eq!((found.innermost.to_string().as_str(), found.innermost.line), ("java.io.IOException: inner", 5));
        assert_eq!(found.frame.as_deref(), Some("shop.Disk.read(Disk.java:9)"));
    }

    #[test]
    fn python_tells_the_type_last_and_the_own_frame_late() {
        let found = only(
            "Traceback (most recent call last):\n  File \"/srv/main.py\", line 3, in <module>\n    run()\n\
             \x20 File \"/usr/lib/python3.12/json/decoder.py\", line 3, in decode\n    x\nValueError: bad\n",
        );
        assert_eq!((found.language, found.innermost.to_string().as_str()), (Language::Python, "ValueError: bad"));
        assert_eq!(found.frame.as_deref(), Some("File \"/srv/main.py\", line 3, in <module>"));
    }

    #[test]
    fn a_chained_python_trace_has_its_first_exception_innermost() {
        let found = only(
            "Traceback (most recent call last):\n  File \"/a.py\", line 1, in f\nKeyError: 'x'\n\nDuring handling of the above exception, \
             another exception occurred:\n\nTraceback (most recent call last):\n  File \"/a.py\", line 2, in g\nRuntimeError: no x\n",
        );
        assert_eq!(found.innermost.to_string(), "KeyError: 'x'");
        assert_eq!(found.outer.to_string(), "RuntimeError: no x");
    }

    #[test]
    fn a_prefix_on_every_line_does_not_hide_a_python_trace() {
        let found = only(
            "12:00 E Traceback (most recent call last):\n12:00 E   File \"/a.py\", line 1, in f\n12:00 E OSError: gone\n",
        );
        assert_eq!(found.innermost.to_string(), "OSError: gone");
    }

    #[test]
    fn go_rust_cpp_node_dotnet_ruby_and_php() {
        let table = [
            ("panic: boom\n\ngoroutine 1 [running]:\nmain.main()\n\t/srv/main.go:5 +0x1d", Language::Go, "panic: boom"),
            ("thread 'main' panicked at src/main.rs:4:5:\nno config", Language::Rust, "panic: no config"),
            ("thread 'main' panicked at 'no config', src/main.rs:4:5", Language::Rust, "panic: no config"),
            (
                "terminate called after throwing an instance of 'std::bad_alloc'\n  what():  std::bad_alloc",
                Language::Cpp,
                "std::bad_alloc: std::bad_alloc",
            ),
            (
                "/srv/a.js:3\n  x();\n  ^\n\nTypeError: x is not a function\n    at run (/srv/a.js:3:3)",
                Language::Node,
                "TypeError: x is not a function",
            ),
            (
                "Unhandled exception. System.ArgumentException: bad\n   at Shop.Run(String x) in /src/A.cs:line 3",
                Language::DotNet,
                "System.ArgumentException: bad",
            ),
            (
                "NoMethodError (undefined method `x'):\n  app/a.rb:3:in `y'",
                Language::Ruby,
                "NoMethodError: undefined method `x'",
            ),
            (
                "PHP Fatal error:  Uncaught Exception: no in /srv/a.php:3\nStack trace:\n#0 {main}",
                Language::Php,
                "Fatal error: Uncaught Exception: no in /srv/a.php:3",
            ),
        ];
        for (text, language, said) in table {
            let found = only(text);
            assert_eq!((found.language, found.innermost.to_string().as_str()), (language, said));
        }
    }

    #[test]
    fn ordinary_lines_are_no_traces() {
        assert_eq!(read("INFO all good\nerrors=0\nlooking at things\nException handling is on\n"), []);
    }

    proptest! {
        #[test]
        fn no_text_upsets_it(text in "(Traceback \\(most recent call last\\):\n|  File \"x\", line 1\n|panic: |\tat a.B\\(C.java:1\\)\n|Caused by: |[a-zA-Zé: .]{0,9}\n){0,30}") {
            let _ = read(&text);
        }
    }
}
