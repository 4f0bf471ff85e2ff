//! Those who send too much, too slowly or not at all; and what it costs.

use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

use serde_json::json;

use super::serve::{Server, read, request, serve, started};

const TEXT: &str = "content-type: text/plain";
const MIB: u64 = 1 << 20;

/// The server still answers, and soon, however busy the machine is with other tests.
fn is_well(server: &Server) {
    let begun = Instant::now();
    assert_eq!(server.get("/health").status, 200);
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

fn memory_is_bounded(server: &Server) {
    assert!(server.high_water().is_none_or(|bytes| bytes < 128 * MIB), "{:?}", server.high_water());
}

#[test]
fn a_gigabyte_is_read_while_it_comes() {
    let server = started();
    let mut stream = server.connect();
    let line = "2026-03-04T09:12:01.104Z INFO request path=/api/cart status=200 took=12ms\n";
    let block = line.repeat((1usize << 20).div_ceil(line.len()));
    let blocks = (1u64 << 30).div_ceil(block.len() as u64);
    let last = "FATAL: java.lang.OutOfMemoryError: Java heap space\n";
    let length = blocks * block.len() as u64 + last.len() as u64;
    let head = format!(
        "POST /diagnose/logs HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n{TEXT}\r\ncontent-length: {length}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).expect("taken");
    for number in 0..blocks {
        stream.write_all(block.as_bytes()).expect("taken");
        if number == blocks / 2 {
            is_well(&server);
        }
    }
    stream.write_all(last.as_bytes()).expect("taken");
    let json = read(&mut stream).json();
    assert_eq!((json["cause"].as_str(), json["coverage"]["bytes"].as_u64()), (Some("heap-space"), Some(length)));
    memory_is_bounded(&server);
}

/// Zeros, packed as hard as it goes.
fn gzip_bomb(gibibytes: u64) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = vec![0; 1 << 20];
    for _ in 0..gibibytes << 10 {
        out.write_all(&zeros).expect("written");
    }
    out.finish().expect("ended")
}

/// Frames of blocks that each say "one byte, 128 KiB times".
fn zstd_bomb(gibibytes: u64) -> Vec<u8> {
    // A frame header without checksum and size, with a window of 1 MiB.
    let mut out = vec![0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x50];
    let size: u32 = 128 << 10;
    for _ in 0..gibibytes << 13 {
        // Not the last, a run of one byte.
        out.extend_from_slice(&((size << 3) | 2).to_le_bytes()[..3]);
        out.push(b'a');
    }
    out.extend_from_slice(&[1, 0, 0]);
    out
}

#[test]
fn bombs_are_put_down() {
    let server = started();
    for (kind, bomb) in [("application/gzip", gzip_bomb(2)), ("application/zstd", zstd_bomb(2))] {
        let answer = server.ask("POST /diagnose/logs", &[&format!("content-type: {kind}")], &bomb);
        answer.is_problem(413, "is unpacked to more than 1 GiB");
        is_well(&server);
    }
    memory_is_bounded(&server);
}

#[test]
fn a_frame_that_wants_much_memory_is_refused() {
    let server = started();
    let frame = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x98, 0x01, 0x00, 0x00];
    let answer = server.ask("POST /diagnose/logs", &["content-type: application/zstd"], &frame);
    answer.is_problem(400, "--long");
    let cut = &gzip_bomb(1)[..1000];
    server
        .ask("POST /diagnose/logs", &["content-type: application/gzip"], cut)
        .is_problem(400, "cannot be read to its end");
}

#[test]
fn what_announces_too_much_is_refused_before_it_comes() {
    let server = started();
    let head = "POST /diagnose HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\ncontent-length: 9999999999\r\n\r\n";
    server.raw(head.as_bytes()).is_problem(413, "/diagnose/logs");
    // Without a length it is counted.
    let mut stream = server.connect();
    let head = "POST /diagnose HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).expect("taken");
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(1 << 16));
    for _ in 0..40 {
        if stream.write_all(chunk.as_bytes()).is_err() {
            break;
        }
    }
    read(&mut stream).is_problem(413, "more than");
}

#[test]
fn slow_heads_slow_bodies_and_idle_connections_are_cut_off() {
    let server = started();
    let begun = Instant::now();
    let mut idle = server.connect();
    let mut kept = server.connect();
    kept.write_all(b"GET /health HTTP/1.1\r\nhost: localhost\r\n\r\n").expect("taken");
    let mut head = server.connect();
    head.write_all(b"GET /health HTTP/1.1\r\nhost: localhost\r\nx-slow: ").expect("taken");
    let mut body = server.connect();
    body.write_all(
        b"POST /diagnose HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{",
    )
    .expect("taken");
    let mut upload = server.connect();
    upload
        .write_all(
            b"POST /diagnose/logs HTTP/1.1\r\nhost: localhost\r\ncontent-type: text/plain\r\ncontent-length: 100\r\n\r\nx",
        )
        .expect("taken");
    while begun.elapsed() < Duration::from_secs(8) {
        let _ = head.write_all(b"a");
        let _ = body.write_all(b" ");
        std::thread::sleep(Duration::from_millis(500));
    }
    read(&mut body).is_problem(408, "did not come within 10 seconds");
    read(&mut upload).is_problem(408, "nothing came for 10 seconds");
    for stream in [&mut idle, &mut kept, &mut head] {
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest);
    }
    assert!(begun.elapsed() < Duration::from_secs(35), "{:?}", begun.elapsed());
    is_well(&server);
}

#[test]
fn a_flood_of_headers_is_refused() {
    let server = started();
    let many: String = (0..400).fold(String::new(), |many, n| format!("{many}x-{n}: y\r\n"));
    let answer = server.raw(format!("GET /health HTTP/1.1\r\nhost: localhost\r\n{many}\r\n").as_bytes());
    answer.is_problem(431, "at most 100 header fields");
    let long = format!("GET /health HTTP/1.1\r\nhost: localhost\r\nx-long: {}\r\n\r\n", "y".repeat(1 << 20));
    assert!(matches!(server.raw(long.as_bytes()).status, 0 | 431));
    for nonsense in [&b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc"[..], b"GET /\r\n\r\n", b"\0\0\0\0\r\n\r\n"] {
        server.raw(nonsense).is_problem(400, "no request of HTTP/1.1");
    }
    let address = format!("GET /{} HTTP/1.1\r\nhost: localhost\r\n\r\n", "y".repeat(70_000));
    assert!(matches!(server.raw(address.as_bytes()).status, 0 | 414 | 431));
    is_well(&server);
    memory_is_bounded(&server);
}

#[test]
fn a_thousand_connections_cost_little() {
    let server = started();
    let idle = server.high_water();
    let mut open: Vec<_> = (0..1000).map(|_| server.connect()).collect();
    let ask = json!({ "error_message": "dial tcp 10.0.0.1:5432: connect: connection refused" }).to_string();
    for stream in &mut open {
        let bytes = request("POST /diagnose", &["content-type: application/json"], ask.as_bytes());
        stream.write_all(&bytes).expect("taken");
    }
    for stream in &mut open {
        assert_eq!(read(stream).status, 200);
    }
    memory_is_bounded(&server);
    assert!(idle.is_none_or(|bytes| bytes <= 40 * MIB), "{idle:?}");
}

#[test]
fn more_than_there_is_place_for_is_told_to_come_again() {
    let server = serve(&["--concurrency", "1"]).start();
    let slow = server.begin();
    let ask = json!({ "error_message": "x" });
    let shed = server.until(|s| s.post("/diagnose", &ask), |a| a.status == 503);
    assert_eq!(shed.is_problem(503, "try again").header("retry-after"), Some("1"));
    is_well(&server);
    drop(slow);
    server.until(|s| s.post("/diagnose", &ask), |a| a.status == 200);
    assert!(server.get("/metrics").text().contains("idp_shed_total"));
}

#[test]
fn each_caller_has_a_rate() {
    let server = serve(&[]).env("RATE_LIMIT_REQUESTS", "3").start();
    let ask = json!({ "error_message": "x" });
    for left in ["2", "1", "0"] {
        let answer = server.post("/diagnose", &ask);
        assert_eq!((answer.status, answer.header("ratelimit-remaining")), (200, Some(left)));
        assert!(answer.header("ratelimit").is_some_and(|r| r.starts_with(&format!("\"minute\";r={left};t="))));
    }
    let over = server.post("/suggest-runbook", &ask);
    over.is_problem(429, "more than 3 requests in a minute");
    let wait: u64 = over.header("retry-after").and_then(|w| w.parse().ok()).expect("seconds");
    assert!((1..=20).contains(&wait), "{wait}");
    assert_eq!(server.get("/health").status, 200);
    assert!(server.get("/metrics").text().contains("idp_rate_limited_total 1"));
}
