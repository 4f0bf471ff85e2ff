//! The engine on short texts, as a server reads them: two examples of every built-in runbook, with something new in each.
//!
//!     cargo bench --bench texts [-- ROUNDS]
//!
//! Prints microseconds a text on one thread, from the text to the JSON of its answer, and the memory at the most. For figures that do not depend on what else the machine does:
//! `valgrind --tool=callgrind --toggle-collect='texts::counted*'` before the program that cargo names.

#[path = "measured/mod.rs"]
#[expect(dead_code, reason = "other benches use the rest")]
mod measured;

use std::time::Instant;

use idp::diagnosis::Given;
use idp::engine::Engine;
use idp::evidence::Source;
use idp::runbook::{Catalogue, head};
use idp::{report, service};
use measured::{high_water, mebibytes, say};

/// Alternatives in an answer.
const TOP: usize = 3;

fn main() {
    let rounds = std::env::args().find_map(|argument| argument.parse().ok()).unwrap_or(20);
    let catalogue = Catalogue::built_in();
    let examples = examples(&catalogue);
    let mut serial = 0;
    let mut text_of = |example: &str| {
        serial += 1;
        format!("{example}\nrequest 0x7f8a-{serial} took {} ms", serial % 977)
    };
    for example in examples.iter().chain(&examples) {
        answer(&catalogue, &text_of(example));
    }
    let begun = Instant::now();
    let mut bytes = 0;
    for _ in 0..rounds {
        for example in &examples {
            bytes += counted(&catalogue, &text_of(example));
        }
    }
    let texts = rounds * examples.len();
    let each = begun.elapsed() / u32::try_from(texts).expect("not so many");
    say(&format!("{texts} texts: {:.1} us each, {} bytes of answers each", each.as_secs_f64() * 1e6, bytes / texts));
    say(&format!("memory: {} at the most", mebibytes(high_water(std::process::id()))));
}

fn examples(catalogue: &Catalogue) -> Vec<String> {
    let of_runbook = catalogue.entries().iter().filter_map(|entry| {
        let (_, body, first) = head::split(entry.text()).ok()?;
        Some(head::examples(body, first).into_iter().take(2).map(|example| example.text).collect::<Vec<_>>())
    });
    of_runbook.flatten().collect()
}

/// What is looked at by its name.
#[inline(never)]
fn counted(catalogue: &Catalogue, text: &str) -> usize {
    answer(catalogue, text)
}

fn answer(catalogue: &Catalogue, text: &str) -> usize {
    let mut engine = Engine::new(catalogue);
    engine.begin(Source::Stdin);
    engine.push(text.as_bytes());
    let diagnosis = engine.conclude(&Given::default());
    let report = service::report(diagnosis, String::new(), TOP, jiff::Timestamp::UNIX_EPOCH);
    serde_json::to_vec(&report::response(&report)).expect("an answer").len()
}
