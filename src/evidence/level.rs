//! How serious a line says it is.

use std::fmt;

/// The level of a log line. Ordered: `Trace` is the least.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Finer than debugging.
    Trace,
    /// For the authors of the program.
    Debug,
    /// Normal course of things; also `notice` and a `Normal` event.
    Info,
    /// Something may go wrong; also a `Warning` event.
    Warn,
    /// Something went wrong.
    Error,
    /// The program cannot go on; also critical, alert and emergency.
    Fatal,
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Trace => "trace",
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
            Self::Fatal => "fatal",
        })
    }
}

/// A level further right than this, in bytes, is part of the message. Long class names and trace ids stand before it.
const WITHIN: usize = 200;

impl Level {
    /// Reads the level that `word` names, in any case.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        // Longer than any of them: most words of a text are looked at.
        let mut lower = [0; 12];
        let lower = lower.get_mut(..word.len())?;
        lower.copy_from_slice(word.as_bytes());
        lower.make_ascii_lowercase();
        let level = match std::str::from_utf8(lower).ok()? {
            "trace" | "trc" | "trce" | "verbose" | "vrb" | "finest" | "finer" => Self::Trace,
            "debug" | "dbg" | "dbug" | "fine" => Self::Debug,
            "info" | "inf" | "information" | "notice" | "note" | "log" | "normal" | "config" => Self::Info,
            "warn" | "wrn" | "warning" => Self::Warn,
            "error" | "err" | "eror" | "severe" | "fail" => Self::Error,
            "fatal" | "ftl" | "crit" | "critical" | "panic" | "dpanic" | "alert" | "emerg" | "emergency" => Self::Fatal,
            _ => return None,
        };
        Some(level)
    }

    /// Finds the level that a plain line states, or `None` where it states none.
    ///
    /// Reads klog's letter, `level=` and `"level":` fields (also numbers of pino and bunyan), bracketed words, upper-case words
    /// and the `Normal`/`Warning` column of an events table, each near the start of the line only.
    #[must_use]
    pub fn of(line: &str) -> Option<Self> {
        klog(line).or_else(|| field(line)).or_else(|| word(line))
    }

    /// Whether a line states its level as a number, so that other digits are another level.
    #[must_use]
    pub fn is_number(line: &str) -> bool {
        fields(line).any(|value| value.starts_with(|c: char| c.is_ascii_digit()))
    }
}

/// `E0105 14:20:08.488171`: a letter, month and day, a space, a time.
fn klog(line: &str) -> Option<Level> {
    let start =
        line.match_indices(['I', 'W', 'E', 'F']).map(|(at, _)| at).take_while(|at| *at < WITHIN).find(|at| {
            let bytes = &line.as_bytes()[*at..];
            let free = *at == 0 || matches!(line.as_bytes()[at - 1], b' ' | b'|' | b'\t' | b']');
            free && bytes.len() > 8
                && bytes[1..5].iter().all(u8::is_ascii_digit)
                && bytes[5] == b' '
                && bytes[6].is_ascii_digit()
                && (bytes[8] == b':' || bytes[7] == b':')
        })?;
    Some(match line.as_bytes()[start] {
        b'I' => Level::Info,
        b'W' => Level::Warn,
        b'E' => Level::Error,
        _ => Level::Fatal,
    })
}

/// `level=error`, `"level": "error"`, `severity=ERROR`, `"level":50`.
fn field(line: &str) -> Option<Level> {
    fields(line).find_map(|value| match value.parse::<u32>() {
        Ok(number) => numbered(number),
        Err(_) => Level::from_word(value),
    })
}

/// The values of fields that are called like a level.
fn fields(line: &str) -> impl Iterator<Item = &str> {
    const KEYS: [&str; 6] = ["level", "lvl", "severity", "loglevel", "levelname", "@l"];
    line.match_indices(['=', ':']).filter_map(|(at, _)| {
        let key = line[..at].trim_end().trim_end_matches(['"', '\'']);
        let key = key.rsplit(|c: char| !c.is_ascii_alphanumeric() && c != '@' && c != '_').next().unwrap_or("");
        if !KEYS.iter().any(|k| key.eq_ignore_ascii_case(k)) {
            return None;
        }
        let value = line[at + 1..].trim_start().trim_start_matches(['"', '\'']);
        let end = value.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(value.len());
        Some(&value[..end])
    })
}

/// The numbers of bunyan and pino: 10 trace … 60 fatal.
fn numbered(number: u32) -> Option<Level> {
    match number {
        10 => Some(Level::Trace),
        20 => Some(Level::Debug),
        30 => Some(Level::Info),
        40 => Some(Level::Warn),
        50 => Some(Level::Error),
        60 => Some(Level::Fatal),
        _ => None,
    }
}

/// The head of a table: words in capitals, set apart by more than one blank.
fn is_table_head(line: &str) -> bool {
    let words = line.split_whitespace().count();
    words >= 2
        && line.contains("  ")
        && line.chars().any(char::is_alphabetic)
        && !line.chars().any(|c| c.is_lowercase() || c.is_ascii_digit())
}

fn word(line: &str) -> Option<Level> {
    if is_table_head(line) {
        return None;
    }
    let mut end = line.len().min(WITHIN);
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    let head = &line[..end];
    let mut at = 0;
    for token in head.split(|c: char| !c.is_ascii_alphabetic()) {
        let start = at;
        at += token.len() + 1;
        if token.len() < 3 {
            continue;
        }
        let Some(level) = Level::from_word(token) else { continue };
        let before = start.checked_sub(1).map(|i| head.as_bytes()[i]);
        let after = line.as_bytes().get(start + token.len()).copied();
        if stands_for_a_level(token, before, after, line.get(start + token.len()..).unwrap_or("")) {
            return Some(level);
        }
    }
    None
}

/// An upper-case word set apart, a bracketed word, a first word before a colon, or the type column of an events table.
fn stands_for_a_level(token: &str, before: Option<u8>, after: Option<u8>, rest: &str) -> bool {
    let bracketed = matches!(
        (before, after),
        (Some(b'['), Some(b']' | b' ' | b'|' | b':')) | (Some(b'<'), Some(b'>')) | (Some(b'('), Some(b')'))
    );
    let apart = matches!(before, None | Some(b' ' | b'\t' | b'[' | b'|' | b']' | b'<' | b'/' | b':'))
        && matches!(after, None | Some(b' ' | b'\t' | b']' | b':' | b'|' | b'[' | b'>' | b','));
    let upper = token.bytes().all(|b| b.is_ascii_uppercase());
    let first = matches!(before, None | Some(b' ' | b'#' | b']')) && after == Some(b':');
    let column = matches!(token, "Normal" | "Warning") && (rest.starts_with("  ") || rest.starts_with('\t'));
    match token.to_ascii_lowercase().as_str() {
        // Words that mean a level only where they are set as one.
        _ if rest.trim_start_matches([':', '=', ' ']).starts_with('0')
            && (rest.starts_with(':') || rest.starts_with('=')) =>
        {
            false
        }
        "log" | "config" | "fine" | "note" | "fail" | "alert" => (upper && after == Some(b':')) || bracketed,
        "normal" => column,
        _ => bracketed || (upper && apart) || column || first,
    }
}

#[cfg(test)]
mod tests {
    use super::Level;

    #[test]
    fn levels_are_found_in_every_usual_place() {
        let table = [
            ("E0105 14:20:08.488171       1 sync.go:186] failed", Level::Error),
            ("Apr 16 22:26:30 host kubelet[101]: W0416 22:26:30.150 1 x.go:1] y", Level::Warn),
            ("time=\"2020\" level=error msg=\"x\"", Level::Error),
            (r#"{"level":"warn","msg":"x"}"#, Level::Warn),
            (r#"{"level":50,"msg":"x"}"#, Level::Error),
            (r#"{"severity": "CRITICAL", "message": "x"}"#, Level::Fatal),
            ("2024-01-01 10:00:00,000 INFO [main] c.x.App: started", Level::Info),
            ("2024/01/01 10:00:00 [error] 7#7: *1 open() failed", Level::Error),
            ("FATAL:  password authentication failed", Level::Fatal),
            ("2023 UTC [1] LOG:  checkpoint starting", Level::Info),
            ("Error: no such host", Level::Error),
            ("3m  Warning  BackOff  pod/x  Back-off", Level::Warn),
            ("3m  Normal   Pulled   pod/x  Pulled", Level::Info),
            ("##[error]Process completed with exit code 1.", Level::Error),
            ("[ERROR] 2 example.org. A: unreachable backend", Level::Error),
            ("2023-05-18T14:12:06.28Z ERR lookup", Level::Error),
        ];
        for (line, level) in table {
            assert_eq!(Level::of(line), Some(level), "{line}");
        }
    }

    #[test]
    fn words_of_the_message_are_no_level() {
        for line in [
            "",
            "no error here",
            "errors=0",
            "the warning light",
            "connection log opened",
            "Failures: 0, Errors: 0, Skipped: 0",
            "NAME    STATUS   ERROR",
            "Total: 0 (LOW: 0, CRITICAL: 0)",
        ] {
            assert_eq!(Level::of(line), None, "{line}");
        }
    }
}
