//! What of a query is noise: times, addresses, identifiers of this one run.
//!
//! A runbook is about a kind of failure; when and on which machine it happened this time is never in it, and by being rare such
//! words would outweigh all others. Status codes and exit codes stay: they are short numbers that runbooks do name.

use crate::evidence::Level;

/// The letters Kubernetes makes random suffixes of.
const SUFFIX: &[u8] = b"bcdfghjklmnpqrstvwxz2456789";

/// The lines of `query` that may be about a failure: those that say themselves that all is well are left out, if others are left.
pub(super) fn troubled(query: &str) -> Vec<&str> {
    let troubled: Vec<&str> = query.lines().filter(|line| !calm(line)).collect();
    if troubled.iter().all(|line| line.trim().is_empty()) { vec![query] } else { troubled }
}

/// A line at level information or below, or of an access log with a status of success.
fn calm(line: &str) -> bool {
    let succeeded = line.match_indices("\" ").any(|(at, _)| {
        let status = line.as_bytes().get(at + 2..at + 6);
        status.is_some_and(|s| matches!(s[0], b'2' | b'3') && s[1..3].iter().all(u8::is_ascii_digit) && s[3] == b' ')
    });
    succeeded || Level::of(line).is_some_and(|level| level <= Level::Info)
}

/// The pieces of `query` that say something, in their order.
pub(super) fn telling(query: &str) -> impl Iterator<Item = &str> {
    query.split(|c: char| c.is_whitespace() || "\"'`()[]{}<>,;=|".contains(c)).flat_map(|chunk| {
        let chunk = chunk.trim_matches(['.', ':', '!', '?', '*']);
        let dropped = of_this_run(chunk) || chunk.rsplit('/').next().is_some_and(pod);
        let kept = if dropped { "" } else { chunk };
        kept.split('/').flat_map(|piece| piece.split(':')).filter(|piece| !piece.is_empty() && !noisy(piece))
    })
}

/// A chunk that is a time or an address as a whole.
fn of_this_run(chunk: &str) -> bool {
    let digits = chunk.bytes().filter(u8::is_ascii_digit).count();
    let letters = chunk.bytes().filter(u8::is_ascii_alphabetic).count();
    let time = digits >= 4 && letters <= 2 && chunk.contains([':', '-', '.']) && !chunk.starts_with(['v', 'V']);
    time || uuid(chunk)
}

fn uuid(chunk: &str) -> bool {
    let mut groups = chunk.split('-').map(|group| (group.len(), group.bytes().all(|b| b.is_ascii_hexdigit())));
    let lengths: Vec<_> = groups.by_ref().take(6).collect();
    lengths == [(8, true), (4, true), (4, true), (4, true), (12, true)]
}

/// A piece that is a number, a hash or the name of a pod.
fn noisy(piece: &str) -> bool {
    let bytes = piece.as_bytes();
    let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
    let number = bytes.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'%' | b'+'));
    let code = digits == bytes.len() && digits <= 3;
    number && !code || hash(piece) || pod(piece) || address(piece)
}

/// Eight hexadecimal digits or more; behind `0x` more than eight, because `0x80070005` is a code.
fn hash(piece: &str) -> bool {
    let (hex, least) = piece.strip_prefix("0x").map_or((piece, 8), |hex| (hex, 9));
    let digits = hex.bytes().filter(u8::is_ascii_digit).count();
    hex.len() >= least && digits >= 2 && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// `ip-10-0-3-21`.
fn address(piece: &str) -> bool {
    let tail = piece.strip_prefix("ip-").unwrap_or_default();
    tail.split('-').filter(|group| group.parse::<u8>().is_ok()).count() >= 4
}

/// `checkout-7c9d8f6b54-x2x9z`, `agent-x2x9z`.
fn pod(piece: &str) -> bool {
    piece.rsplit_once('-').is_some_and(|(name, last)| {
        let random = last.len() == 5 && last.bytes().all(|byte| SUFFIX.contains(&byte));
        random && !name.is_empty() && last.bytes().any(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::{telling, troubled};

    fn kept(query: &str) -> Vec<&str> {
        telling(query).collect()
    }

    #[test]
    fn what_is_only_of_this_run_goes() {
        let line =
            "2026-03-04T05:06:07.891Z pod shop/checkout-7c9d8f6b54-x2x9z on ip-10-0-3-21 (10.0.12.7:9100) failed";
        assert_eq!(kept(line), ["pod", "on", "failed"]);
        let ids = "trace 4bf92f3577b34da6 request 123e4567-e89b-12d3-a456-426614174000 took 1234.5 ms, 87.3%";
        assert_eq!(kept(ids), ["trace", "request", "took", "ms"]);
    }

    #[test]
    fn codes_names_and_versions_stay() {
        assert_eq!(kept("status=503 exit code: 137"), ["status", "503", "exit", "code", "137"]);
        assert_eq!(kept("alertname=\"DiskFull\" v1.2.3"), ["alertname", "DiskFull", "v1.2.3"]);
        assert_eq!(kept("web-0 x509 0x80070005 0xc000123456"), ["web-0", "x509", "0x80070005"]);
    }

    #[test]
    fn calm_lines_go_where_others_are_left() {
        let log = "level=info msg=started\nlevel=error msg=\"disk full\"\n1.2.3.4 - - \"GET / HTTP/1.1\" 200 5";
        assert_eq!(troubled(log), ["level=error msg=\"disk full\""]);
        assert_eq!(troubled("level=info msg=started"), ["level=info msg=started"]);
    }
}
