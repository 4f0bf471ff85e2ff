#![no_main]
//! Any text is a list of objects or is refused, and whatever it holds is examined. `cargo +nightly fuzz run dump`

use idp::checks::{Selection, View, examine};
use idp::evidence::cluster::{KINDS, Read, Snapshot};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut snapshot = Snapshot::default();
    for info in KINDS {
        let _ = snapshot.decode(info.kind, bytes);
        snapshot.reads.note(info.kind, Read::Whole);
    }
    let view = View::new(&snapshot, "2026-03-01T09:00:00Z".parse().expect("a time"));
    let _ = examine(&view, &Selection { hygiene: true, ..Selection::default() });
});
