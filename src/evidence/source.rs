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
    /// A field of an object of the cluster.
    Field {
        /// The object: `pod shop/web-0`.
        object: String,
        /// The path of the field: `status.phase`; or `event BackOff`.
        field: String,
    },
    /// The log of a container of the cluster.
    Log {
        /// Its pod: `pod shop/web-0`.
        object: String,
        /// Its name.
        container: String,
        /// The log of its life before.
        previous: bool,
    },
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stdin => f.write_str("standard input"),
            // A file may be called anything.
            Self::File(path) => f.write_str(&printable(path.as_bytes())),
            Self::Field { object, field } if field.is_empty() => f.write_str(object),
            Self::Field { object, field } => write!(f, "{object}, {field}"),
            Self::Log { object, container, previous } => {
                let before = if *previous { " before its restart" } else { "" };
                write!(f, "log of container {container}{before}, {object}")
            }
        }
    }
}
