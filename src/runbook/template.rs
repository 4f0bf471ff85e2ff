//! Fills `{{name}}` in the texts of a runbook.

/// Fills a sentence. `[[… {{name}} …]]` is left out where `name` is not known; elsewhere an unknown name becomes plain words.
#[must_use]
pub fn sentence<'v>(template: &str, lookup: &impl Fn(&str) -> Option<&'v str>) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(open) = doubled(rest, b'[') {
        let Some(close) = doubled(&rest[open..], b']').map(|c| open + c) else { break };
        out.push_str(&fill(&rest[..open], lookup, words));
        let optional = &rest[open + 2..close];
        if names(optional).all(|name| lookup(name).is_some()) {
            out.push_str(&fill(optional, lookup, words));
        }
        rest = &rest[close + 2..];
    }
    out.push_str(&fill(rest, lookup, words));
    out
}

/// Fills a command; every value becomes one word of it, and what is not known stays as `<name>`.
#[must_use]
pub fn command<'v>(template: &str, lookup: &impl Fn(&str) -> Option<&'v str>) -> String {
    fill(template, &|name| lookup(name).filter(|v| is_one_word(v)), |name| format!("<{name}>"))
}

/// A value with a blank, a quote or a sign of the shell is not put into a command: it came from a log.
fn is_one_word(value: &str) -> bool {
    !value.is_empty()
        && !value.starts_with('-')
        && value.bytes().all(|b| {
            b.is_ascii_alphanumeric()
                || matches!(b, b'.' | b'-' | b'_' | b'/' | b':' | b'@' | b'+' | b',' | b'%' | b'=')
        })
}

fn fill<'v>(template: &str, lookup: &impl Fn(&str) -> Option<&'v str>, unknown: impl Fn(&str) -> String) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, name, after)) = next(rest) {
        out.push_str(before);
        match lookup(name) {
            Some(value) => out.push_str(value),
            None => out.push_str(&unknown(name)),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

fn next(text: &str) -> Option<(&str, &str, &str)> {
    let open = doubled(text, b'{')?;
    let close = open + doubled(&text[open..], b'}')?;
    Some((&text[..open], text[open + 2..close].trim(), &text[close + 2..]))
}

/// Where an ASCII sign first stands twice.
fn doubled(text: &str, sign: u8) -> Option<usize> {
    memchr::memchr_iter(sign, text.as_bytes()).find(|at| text.as_bytes().get(at + 1) == Some(&sign))
}

/// The names that a template uses.
fn names(template: &str) -> impl Iterator<Item = &str> {
    let mut rest = template;
    std::iter::from_fn(move || {
        let (_, name, after) = next(rest)?;
        rest = after;
        Some(name)
    })
}

fn words(name: &str) -> String {
    format!("the {}", name.replace(['_', '-'], " "))
}

#[cfg(test)]
mod tests {
    use super::{command, sentence};
    use proptest::prelude::*;

    fn lookup(name: &str) -> Option<&'static str> {
        match name {
            "pod" => Some("web-0"),
            "evil" => Some("x; rm -rf /"),
            "flag" => Some("--all"),
            _ => None,
        }
    }

    #[test]
    fn optional_parts_go_when_a_name_is_not_known() {
        assert_eq!(sentence("{{pod}} failed[[ on {{node}}]][[ as {{pod}}]].", &lookup), "web-0 failed as web-0.");
        assert_eq!(sentence("cannot reach {{db_host}}", &lookup), "cannot reach the db host");
        assert_eq!(sentence("unclosed [[ {{pod}} and {{x", &lookup), "unclosed [[ web-0 and {{x");
    }

    #[test]
    fn what_came_from_a_log_cannot_break_out_of_a_command() {
        assert_eq!(command("kubectl get pod {{pod}} {{node}}", &lookup), "kubectl get pod web-0 <node>");
        assert_eq!(command("kubectl delete pod {{evil}} {{flag}}", &lookup), "kubectl delete pod <evil> <flag>");
    }

    proptest! {
        #[test]
        fn any_template_is_survived(text in "[a-z{}\\[\\] ]{0,60}") {
            let _ = sentence(&text, &lookup);
            let _ = command(&text, &lookup);
        }
    }
}
