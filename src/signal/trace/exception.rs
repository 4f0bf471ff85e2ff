//! Stack traces as one event each: type, message, innermost cause, first frame of the program's own code.
//!
//! Owns the words of a trace. How one is read stands in the files beside this one: [`super::Tracker`] is shown lines, a head begins a trace, and
//! the open trace says of each line whether it goes on.

use std::fmt;

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
