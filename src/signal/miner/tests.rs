//! Streams and the patterns that come out.

use proptest::prelude::*;

use super::{Mined, Miner, Slot};

fn mined(lines: &[&str]) -> (Vec<Slot>, Mined) {
    let mut miner = Miner::default();
    let slots = lines.iter().map(|line| miner.add(line.as_bytes())).collect();
    (slots, miner.finish())
}

/// The templates of `text`, one message a line.
fn templates(text: &str) -> Vec<String> {
    let lines: Vec<&str> = text.trim().lines().map(str::trim).collect();
    mined(&lines).1.patterns.into_iter().map(|pattern| pattern.template).collect()
}

#[test]
fn values_are_masked() {
    let text = "
        Connection from 10.0.0.1 port 53211 closed
        Connection from 10.20.30.40 port 80 closed
        Connection from fe80::1c2 port 8080 closed
        Connection from gateway.example.com port 443 closed";
    assert_eq!(templates(text), ["Connection from <*> port <*> closed"]);
}

#[test]
fn many_names_in_one_place_are_a_parameter() {
    let names = ["ann", "bob", "carl", "dora", "emil", "frida"];
    let text: Vec<String> = names.iter().map(|name| format!("Access denied to {name} at the gate")).collect();
    assert_eq!(templates(&text.join("\n")), ["Access denied to <*> at the gate"]);
}

#[test]
fn few_words_seen_often_are_vocabulary() {
    let text = "session opened for it\nsession closed for it\n".repeat(20);
    assert_eq!(templates(&text), ["session opened for it", "session closed for it"]);
}

#[test]
fn a_choice_of_flags_or_methods_is_vocabulary() {
    let text = "
        update ready=true after start of it
        update ready=false after start of it
        10.0.0.1 GET /a/b status 200
        10.0.0.1 POST /a/c status 201";
    assert_eq!(templates(text).len(), 4);
}

#[test]
fn the_name_of_a_thing_is_a_parameter() {
    let text = "
        session opened for user root by it
        session opened for user ann by it
        moved key=alpha to the end
        moved key=beta to the end";
    assert_eq!(templates(text), ["session opened for user <*> by it", "moved key=<*> to the end"]);
}

#[test]
fn a_name_with_a_port_is_an_address_where_others_have_one() {
    let text = "
        10.0.0.1:80 error : Could not connect to proxy
        gateway:80 error : Could not connect to proxy";
    assert_eq!(templates(text), ["<*> error : Could not connect to proxy"]);
}

#[test]
fn only_the_start_of_a_long_line_counts() {
    let long = "a word and another ".repeat(100_000);
    let longer = format!("{long} and an end");
    let (slots, mined) = mined(&[&long, &longer]);
    assert_eq!(slots[0], slots[1]);
    assert!(mined.patterns[0].sample.len() <= 2000);
}

#[test]
fn keys_are_never_parameters() {
    let keys = ["home", "path", "vendor", "version", "name", "arch", "user", "dir", "tmp", "locale", "zone", "shell"];
    let text: Vec<String> = keys.iter().map(|key| format!("Server environment:os.host.{key}=/a/b")).collect();
    assert_eq!(templates(&text.join("\n")).len(), keys.len());
}

#[test]
fn lists_of_any_length_are_one_value() {
    assert_eq!(templates("fans ( 1 2 3 )\nfans ( 1 2 )\nfans ( 7 )"), ["fans ( <*> )"]);
    assert_eq!(templates("delete blk_1 blk_-22 now\ndelete blk_333 now"), ["delete blk_<*> now"]);
}

#[test]
fn quantities_are_alike_in_any_unit() {
    let text = "
        close, 451 bytes sent, 18846 bytes (18.4 KB) received, lifetime <1 sec
        close, 1190 bytes (1.16 KB) sent, 815 bytes received, lifetime 00:02
        block stored (size 17 B) in memory now
        block stored (size 4.5 KB) in memory now";
    let wanted = ["close, <*> bytes sent, <*> bytes received, lifetime <*>", "block stored (size <*>) in memory now"];
    assert_eq!(templates(text), wanted);
}

#[test]
fn two_parameters_of_many_words_are_found_together() {
    let line = |i: usize| {
        let name = |n: usize| {
            [b'g' + u8::try_from(n % 20).unwrap(), b'o', b'g' + u8::try_from(n / 20).unwrap()]
                .map(char::from)
                .iter()
                .collect::<String>()
        };
        format!("agent {} moved the ticket to {} for review", name(i * 7 % 60), name(i * 11 % 61))
    };
    let lines: Vec<String> = (0..200).map(line).collect();
    assert_eq!(templates(&lines.join("\n")), ["agent <*> moved the ticket to <*> for review"]);
}

#[test]
fn a_pattern_knows_its_lines() {
    let (slots, mined) = mined(&["start", "job 1 done", "job 2 done", "start", "job 44 done"]);
    assert_eq!(slots, [0, 1, 1, 0, 1].map(Slot));
    let job = &mined.patterns[mined.pattern_of(slots[1])];
    assert_eq!((job.count, job.first, job.last, job.sample.as_str()), (3, 1, 4, "job 1 done"));
    assert_eq!(mined.patterns[0].template, "start");
}

#[test]
fn slots_are_bounded() {
    let mut miner = Miner { most: 10, ..Miner::default() };
    let word = |i: u8| vec![b'k' + i % 10, b'k' + i / 10];
    let slots: Vec<Slot> = (0..100).map(|i| miner.add(&word(i))).collect();
    assert!(slots.iter().all(|slot| slot.0 <= 10));
    let result = miner.finish();
    assert_eq!(result.patterns.iter().map(|pattern| pattern.count).sum::<u64>(), 100);
    assert_eq!(result.patterns[result.pattern_of(slots[99])].template, "<*>");
}

#[test]
fn new_names_open_no_new_slots_once_the_place_is_known() {
    let mut miner = Miner::default();
    let name = |n: u32| -> String { (0..4).map(|i| char::from(b'g' + (n >> (4 * i) & 15) as u8)).collect() };
    for n in 0..20_000 {
        miner.add(format!("the door was opened by {} at last", name(n)).as_bytes());
    }
    assert!(miner.slots.len() < 2000);
    let patterns = miner.finish().patterns;
    assert_eq!(patterns.len(), 1);
    assert_eq!(patterns[0].count, 20_000);
}

fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..6),
        "[a-f0-9:]{1,12}|[A-Za-z]{1,5}|[0-9.,:/()<=\"'-]{1,8}| |bytes \\([0-9]{1,3} KB\\)|<[0-9] s|true|user"
            .prop_map(String::into_bytes),
    ];
    prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_bytes_are_survived_and_counted(lines in prop::collection::vec(pieces(), 0..40)) {
        let mut miner = Miner::default();
        let slots: Vec<Slot> = lines.iter().map(|line| miner.add(line)).collect();
        let mined = miner.clone().finish();
        prop_assert_eq!(&mined, &miner.finish());
        prop_assert_eq!(mined.patterns.iter().map(|pattern| pattern.count).sum::<u64>(), lines.len() as u64);
        for (index, slot) in (0u64..).zip(slots) {
            let pattern = &mined.patterns[mined.pattern_of(slot)];
            prop_assert!(pattern.first <= index && index <= pattern.last);
        }
    }

    #[test]
    fn the_front_cache_changes_nothing(line in pieces(), number in "[0-9]{1,12}") {
        let text = String::from_utf8_lossy(&line).into_owned();
        let keys = |text: &str| (super::front::key(text.as_bytes()), super::shape::hash(text.as_bytes()));
        let (one, other) = (keys(&text), keys(&text.replace('7', &number)));
        prop_assert!(one.0 != other.0 || one.1 == other.1);
    }
}
