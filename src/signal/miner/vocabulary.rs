//! Words that logs of all kinds share, by what they say about the words next to them.

/// Units of sizes: the same quantity comes in any of them.
pub(super) const SIZES: &[&str] =
    &["B", "byte", "bytes", "K", "KB", "kB", "KiB", "M", "MB", "MiB", "GB", "GiB", "TB", "TiB"];

/// Units of time.
pub(super) const TIMES: &[&str] = &[
    "ns", "us", "µs", "ms", "s", "sec", "secs", "second", "seconds", "m", "min", "mins", "minute", "minutes", "h",
    "hour", "hours", "days",
];

/// Words that stand before a thing that is named.
pub(super) const BEFORE: &[&str] =
    &["for", "from", "to", "on", "by", "of", "in", "at", "with", "as", "invalid", "unknown", "via"];

/// Things that have names.
#[rustfmt::skip]
pub(super) const THINGS: &[&str] = &[
    "user", "username", "account", "group", "host", "hostname", "node", "server", "client", "domain", "pod", "container",
    "namespace", "service", "interface", "device", "volume", "process", "program", "module", "package", "class", "queue",
    "topic",
];

/// Keys of a record whose value says what happened.
#[rustfmt::skip]
const TELLING: &[&str] = &[
    "msg", "message", "log", "text", "error", "err", "event", "reason", "cause", "action", "state", "status", "type", "kind",
    "level", "lvl", "severity", "op", "operation", "method", "result",
];

/// Words whose choice is what the line says, not a name of something.
#[rustfmt::skip]
const CLOSED: &[&str] = &[
    "true", "false", "yes", "no", "on", "off", "null", "none", "nil", "enabled", "disabled", "success", "failure", "up", "down",
    "trace", "debug", "info", "notice", "warn", "warning", "error", "critical", "fatal",
];

const METHODS: &[&str] = &["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS"];

/// Whether a word is one of a choice that every line of its kind has: a flag, a level, a method.
pub(super) fn is_closed(word: &str) -> bool {
    METHODS.contains(&word) || is_among(word, CLOSED)
}

/// Whether a key of a record says what happened.
pub(super) fn is_telling(key: &str) -> bool {
    is_among(key, TELLING)
}

fn is_among(word: &str, list: &[&str]) -> bool {
    list.iter().any(|listed| word.eq_ignore_ascii_case(listed))
}
