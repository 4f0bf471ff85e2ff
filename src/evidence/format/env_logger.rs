//! TO WRITE

use super::{Format, Kind, Record, first};

pub(super) const FORMAT: Format =
    Format { name: "env-logger", title: "", link: "", kind: Kind::Program, first: first::ANY, samples: &[], parse };

fn parse(_line: &str) -> Option<Record<'_>> {
    None
}
