//! Makes a record of named values, as the key tables say which is which. `logfmt` has the same names and comes here too.

use std::borrow::Cow;

use super::keys::{ERROR, LEVEL, LOGGER, MESSAGE, TIME};
use super::node::Node;
use crate::evidence::format::{Record, take};
use crate::evidence::{Level, Stamp};

/// More errors than this are no log line's; they stay fields.
const ERRORS: usize = 8;

type Parts<'a> = Vec<(Cow<'a, str>, Node<'a>)>;

/// A record of flat parts; `None` where they name neither message nor level.
pub(in crate::evidence::format) fn record<'a>(line: &'a str, mut parts: Parts<'a>) -> Option<Record<'a>> {
    let level = level(&mut parts);
    let time = pick(&mut parts, TIME, time_of);
    let message = pick(&mut parts, MESSAGE, text_of);
    if message.is_none() && level.is_none() {
        return None;
    }
    let logger = logger(&mut parts);
    let message = with_errors(message.unwrap_or_default(), errors(&mut parts));
    // A line that says all in fields of its own is still to be read by people.
    let message = if message.is_empty() { Cow::Borrowed(line) } else { message };
    let fields = parts.into_iter().map(|(name, node)| (name, node.into_text())).collect();
    Some(Record { time, level, logger, message, fields, ..Record::default() })
}

/// Takes out the value of the first name in `keys` that `read` understands.
fn pick<'a, T>(parts: &mut Parts<'a>, keys: &[&str], read: impl Fn(&Node<'a>) -> Option<T>) -> Option<T> {
    let (at, value) = keys.iter().find_map(|key| {
        let mut named = parts.iter().enumerate().filter(|(_, (name, _))| name.eq_ignore_ascii_case(key));
        named.find_map(|(at, (_, node))| Some((at, read(node)?)))
    })?;
    parts.remove(at);
    Some(value)
}

fn has(parts: &Parts, key: &str) -> bool {
    parts.iter().any(|(name, _)| name == key)
}

fn text_of<'a>(node: &Node<'a>) -> Option<Cow<'a, str>> {
    let Node::Text(text) = node else { return None };
    Some(text.clone())
}

fn time_of(node: &Node) -> Option<Stamp> {
    let text: &str = match node {
        Node::Text(text) | Node::Bare(text) => text,
        _ => return None,
    };
    let (stamp, rest) = take::bare_time(text)?;
    // Parts of a millisecond, as klog writes them.
    let fraction = rest.trim_start_matches('.');
    fraction.bytes().all(|b| b.is_ascii_digit()).then_some(stamp)
}

fn level(parts: &mut Parts) -> Option<Level> {
    let gelf = has(parts, "short_message");
    let compact = has(parts, "@t") && (has(parts, "@m") || has(parts, "@mt"));
    let read = |node: &Node| match node {
        Node::Text(text) => level_of_word(text),
        Node::Bare(number) if gelf => level_of_syslog(number),
        Node::Bare(number) => level_of_number(number),
        _ => None,
    };
    // Serilog's compact format leaves out the level that most lines have.
    pick(parts, LEVEL, read).or(compact.then_some(Level::Info))
}

/// A word, a letter of `MongoDB`, or a word with an offset of slog (`INFO+2`).
fn level_of_word(text: &str) -> Option<Level> {
    let text = text.trim();
    let end = text.find(['+', '-']).unwrap_or(text.len());
    match &text[..end] {
        "F" => Some(Level::Fatal),
        "E" => Some(Level::Error),
        "W" => Some(Level::Warn),
        "I" => Some(Level::Info),
        "D" | "D1" | "D2" | "D3" | "D4" | "D5" => Some(Level::Debug),
        word => Level::from_word(word).or_else(|| level_of_number(word)),
    }
}

/// The numbers of bunyan and pino.
fn level_of_number(number: &str) -> Option<Level> {
    match number {
        "10" => Some(Level::Trace),
        "20" => Some(Level::Debug),
        "30" => Some(Level::Info),
        "40" => Some(Level::Warn),
        "50" => Some(Level::Error),
        "60" => Some(Level::Fatal),
        _ => None,
    }
}

/// The numbers of syslog, which GELF has.
fn level_of_syslog(number: &str) -> Option<Level> {
    match number {
        "0" | "1" | "2" => Some(Level::Fatal),
        "3" => Some(Level::Error),
        "4" => Some(Level::Warn),
        "5" | "6" => Some(Level::Info),
        "7" => Some(Level::Debug),
        _ => None,
    }
}

/// Controllers log the name of the object at hand as `name`, beside its `namespace`.
fn logger<'a>(parts: &mut Parts<'a>) -> Option<Cow<'a, str>> {
    let of_object = has(parts, "namespace");
    let mut keys = LOGGER.split(|key| of_object && *key == "name");
    keys.find_map(|keys| pick(parts, keys, text_of))
}

fn errors<'a>(parts: &mut Parts<'a>) -> Vec<Cow<'a, str>> {
    let is_error = |name: &str, node: &Node| ERROR.iter().any(|e| name.eq_ignore_ascii_case(e)) && is_lines(node);
    let found = parts.extract_if(.., |(name, node)| is_error(name, node));
    found.take(ERRORS).map(|(_, node)| lines_of(node)).filter(|text| !text.is_empty()).collect()
}

/// A string, or a list of strings with a line in each.
fn is_lines(node: &Node) -> bool {
    match node {
        Node::Text(_) => true,
        Node::List(nodes) => !nodes.is_empty() && nodes.iter().all(|n| matches!(n, Node::Text(_))),
        _ => false,
    }
}

fn lines_of(node: Node<'_>) -> Cow<'_, str> {
    match node {
        Node::List(nodes) => nodes.into_iter().map(Node::into_text).collect::<Vec<_>>().join("\n").into(),
        other => other.into_text(),
    }
}

/// The message and after it each error that is not said already: a stack mostly repeats the error that it belongs to.
fn with_errors<'a>(message: Cow<'a, str>, errors: Vec<Cow<'a, str>>) -> Cow<'a, str> {
    let longest = errors.iter().max_by_key(|e| e.len()).cloned().unwrap_or_default();
    errors.into_iter().fold(message, |message, error| {
        let repeated = error.len() < longest.len() && longest.contains(error.as_ref());
        if repeated || message.contains(error.as_ref()) {
            return message;
        }
        if message.is_empty() { error } else { Cow::Owned(format!("{message}\n{error}")) }
    })
}
