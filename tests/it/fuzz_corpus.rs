//! Replays what the fuzzers found or started from (`fuzz/corpus`) on the stable toolchain.

use std::fs;
use std::path::Path;

use idp::checks::{Selection, View, examine};
use idp::diagnosis::Given;
use idp::engine::{Engine, Side, Survey, changes};
use idp::evidence::cluster::{KINDS, Read, Snapshot};
use idp::evidence::{Joiner, Source, format, printable, unescape};
use idp::runbook::{Catalogue, head};
use idp::signal::Tracker;

fn replay(target: &str, run: impl Fn(&[u8])) {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut count = 0;
    for entry in fs::read_dir(&dir).expect("the corpus is there") {
        run(&fs::read(entry.expect("readable").path()).expect("readable"));
        count += 1;
    }
    assert!(count > 0, "{} is empty", dir.display());
}

#[test]
fn the_line_corpus_is_survived() {
    replay("line", |bytes| {
        let plain = printable(bytes);
        let record = format::read(&plain);
        let _ = record.time.map(|time| (time.millis(), time.to_string()));
        let _ = unescape(&format::unwrap(&plain).message).len();
    });
}

#[test]
fn the_grouping_corpus_is_survived() {
    replay("grouping", |bytes| {
        let mut joiner = Joiner::default();
        let mut whole = joiner.join(bytes);
        whole.extend(joiner.finish());
        let mut tracker = Tracker::default();
        for (number, line) in (1..).zip(whole.split(|b| *b == b'\n')) {
            tracker.line(number, &printable(line));
        }
        let _ = tracker.finish();
        let mut survey = Survey::assigning();
        survey.begin(Side::Baseline);
        survey.push(&bytes[..bytes.len() / 2]);
        survey.begin(Side::Subject);
        survey.push(&bytes[bytes.len() / 2..]);
        let patterns = survey.conclude();
        assert_eq!(patterns.assigned.len() as u64, patterns.lines + patterns.baseline_lines);
        let _ = changes(&patterns);
    });
}

#[test]
fn the_engine_corpus_is_survived() {
    let catalogue = Catalogue::built_in();
    replay("engine", |bytes| {
        let mut engine = Engine::new(&catalogue);
        engine.begin(Source::Stdin);
        bytes.chunks(7).for_each(|chunk| engine.push(chunk));
        let _ = engine.conclude(&Given::default());
    });
}

#[test]
fn the_runbook_corpus_is_survived() {
    replay("runbook", |bytes| {
        let text = String::from_utf8_lossy(bytes);
        if let Ok((Some(yaml), body, first)) = head::split(&text) {
            let _ = head::parse("x", yaml);
            let _ = head::examples(body, first);
        }
    });
}

#[test]
fn the_dump_corpus_is_survived() {
    replay("dump", |bytes| {
        let mut snapshot = Snapshot::default();
        for info in KINDS {
            let _ = snapshot.decode(info.kind, bytes);
            snapshot.reads.note(info.kind, Read::Whole);
        }
        let view = View::new(&snapshot, "2026-03-01T09:00:00Z".parse().expect("a time"));
        let _ = examine(&view, &Selection { hygiene: true, ..Selection::default() });
    });
}
