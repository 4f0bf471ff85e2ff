#![no_main]
//! Any bytes become a plain line without control characters. `cargo +nightly fuzz run line`

use idp::evidence::{format, printable, unescape};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let plain = printable(bytes);
    assert!(plain.chars().all(|c| c == '\t' || !c.is_control()));
    let _ = unescape(&format::unwrap(&plain).message).len();
});
