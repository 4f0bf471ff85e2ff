#![no_main]
//! Any file is read as a runbook or refused. `cargo +nightly fuzz run runbook`

use idp::runbook::head;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let text = String::from_utf8_lossy(bytes);
    if let Ok((Some(yaml), body, first)) = head::split(&text) {
        let _ = head::parse("x", yaml);
        let _ = head::examples(body, first);
    }
});
