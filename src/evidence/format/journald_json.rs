//! TO WRITE

use super::{Format, Kind, Record, first};

pub(super) const FORMAT: Format =
    Format { name: "journald-json", title: "", link: "", kind: Kind::Relay, first: first::ANY, samples: &[], parse };

fn parse(_line: &str) -> Option<Record<'_>> {
    None
}
