//! TO WRITE

use super::{Format, Kind, Record, first};

pub(super) const FORMAT: Format =
    Format { name: "gitlab-ci", title: "", link: "", kind: Kind::Wrapper, first: first::ANY, samples: &[], parse };

fn parse(_line: &str) -> Option<Record<'_>> {
    None
}
