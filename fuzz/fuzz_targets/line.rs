#![no_main]
//! Any bytes become a plain line and a record, and no control character survives. `cargo +nightly fuzz run line`

use idp::evidence::{format, printable, unescape};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let plain = printable(bytes);
    assert!(plain.chars().all(|c| c == '\t' || !c.is_control()));
    let record = format::read(&plain);
    let _ = record.time.map(|time| (time.millis(), time.to_string()));
    let _ = unescape(&format::unwrap(&plain).message).len();
});
