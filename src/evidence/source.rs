//! Where a piece of input came from.

use std::fmt;

use super::printable;

/// Where a piece of input came from, as a person would name it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Source {
    /// Standard input, or text handed over by a caller.
    #[default]
    Stdin,
    /// A file, as it was named on the command line.
    File(String),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stdin => f.write_str("standard input"),
            // A file may be called anything.
            Self::File(path) => f.write_str(&printable(path.as_bytes())),
        }
    }
}
