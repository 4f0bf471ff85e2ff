#![no_main]
//! Any input is diagnosed without a panic. `cargo +nightly fuzz run engine`

use std::sync::LazyLock;

use idp::diagnosis::Given;
use idp::engine::Engine;
use idp::evidence::Source;
use idp::runbook::Catalogue;
use libfuzzer_sys::fuzz_target;

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(Catalogue::built_in);

fuzz_target!(|bytes: &[u8]| {
    let mut engine = Engine::new(&CATALOGUE);
    engine.begin(Source::Stdin);
    bytes.chunks(7).for_each(|chunk| engine.push(chunk));
    let _ = engine.conclude(&Given::default());
});
