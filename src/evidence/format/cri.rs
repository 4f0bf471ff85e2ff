//! The file format of container runtimes: `TIME stdout|stderr P|F text`.
//! <https://github.com/kubernetes/design-proposals-archive/blob/main/node/kubelet-cri-logging.md>

use super::{Unwrapped, timestamp};

pub(super) fn unwrap(line: &str) -> Option<Unwrapped<'_>> {
    let rest = &line[timestamp(line)? + 1..];
    let rest = rest.strip_prefix("stdout ").or_else(|| rest.strip_prefix("stderr "))?;
    let text = rest.strip_prefix("F ").or_else(|| rest.strip_prefix("P ")).or_else(|| (rest == "F").then_some(""))?;
    Some(Unwrapped { text: text.into(), ..Unwrapped::default() })
}

#[cfg(test)]
mod tests {
    use super::unwrap;

    #[test]
    fn time_stream_and_tag_come_off() {
        let line = "2024-03-01T10:00:00.123456789Z stderr F panic: boom";
        assert_eq!(unwrap(line).expect("CRI").text, "panic: boom");
        assert_eq!(unwrap("2024-03-01T10:00:00.1+02:00 stdout P par").expect("CRI").text, "par");
        assert_eq!(unwrap("2024-03-01T10:00:00Z stderr X y"), None);
        assert_eq!(unwrap("hello stderr F x"), None);
    }
}
