//! Fills `{{name}}` in the texts of a runbook.

/// Fills a sentence. `[[… {{name}} …]]` is left out where `name` is not known; elsewhere an unknown name becomes plain words.
/// `[[when name: …]]` is left out too where `name` is not known, and `[[unless name: …]]` where it is; several names stand for all of them, or for none.
#[must_use]
pub fn sentence<'v>(template: &str, lookup: &impl Fn(&str) -> Option<&'v str>) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some(open) = doubled(rest, b'[') {
        let Some(close) = doubled(&rest[open..], b']').map(|c| open + c) else { break };
        out.push_str(&fill(&rest[..open], lookup, words));
        if let Some(part) = fitting(&rest[open + 2..close], lookup) {
            out.push_str(&fill(part, lookup, words));
        }
        rest = &rest[close + 2..];
    }
    out.push_str(&fill(rest, lookup, words));
    out
}

/// An optional part without its condition, where it fits what is known.
fn fitting<'t, 'v>(part: &'t str, lookup: &impl Fn(&str) -> Option<&'v str>) -> Option<&'t str> {
    let conditional = |word: &str| part.strip_prefix(word)?.split_once(": ");
    let text = match (conditional("when "), conditional("unless ")) {
        (Some((all, text)), _) => all.split(' ').all(|one| holds(one, lookup)).then_some(text)?,
        (_, Some((none, text))) => (!none.split(' ').any(|one| holds(one, lookup))).then_some(text)?,
        _ => part,
    };
    names(text).all(|name| lookup(name).is_some()).then_some(text)
}

/// Whether a value is known (`secret`), or is what it should be (`exit_code=127`).
#[must_use]
pub fn holds<'v>(condition: &str, lookup: &impl Fn(&str) -> Option<&'v str>) -> bool {
    match condition.split_once('=') {
        Some((name, value)) => lookup(name) == Some(value),
        None => lookup(condition).is_some(),
    }
}

/// Fills a command; every value becomes one word of it, and what is not known stays as `<name>`.
#[must_use]
pub fn command<'v>(template: &str, lookup: &impl Fn(&str) -> Option<&'v str>) -> String {
    fill(template, &|name| lookup(name).filter(|v| is_one_word(v)), placeholder)
}

/// What stands where a value is not known. Most workloads are Deployments.
fn placeholder(name: &str) -> String {
    if name == "workload" { "deployment/<deployment>".to_owned() } else { format!("<{name}>") }
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
    fn a_part_may_hang_on_a_value_that_it_does_not_show() {
        let template = "It ends[[when pod=web-0:  as the first]][[unless pod=web-0:  as another]][[when node:  there]][[unless node: : {{pod}}]].";
        assert_eq!(sentence(template, &lookup), "It ends as the first: web-0.");
        assert_eq!(sentence("It ends[[when pod:  on {{node}}]].", &lookup), "It ends.");
        assert_eq!(sentence("It ends[[when pod node:  a]][[unless node job:  b]].", &lookup), "It ends b.");
    }

    #[test]
    fn what_came_from_a_log_cannot_break_out_of_a_command() {
        assert_eq!(command("kubectl get pod {{pod}} {{node}}", &lookup), "kubectl get pod web-0 <node>");
        assert_eq!(command("kubectl delete pod {{evil}} {{flag}}", &lookup), "kubectl delete pod <evil> <flag>");
        assert_eq!(
            command("kubectl rollout undo {{workload}}", &lookup),
            "kubectl rollout undo deployment/<deployment>"
        );
    }

    proptest! {
        #[test]
        fn any_template_is_survived(text in "[a-z{}\\[\\] ]{0,60}") {
            let _ = sentence(&text, &lookup);
            let _ = command(&text, &lookup);
        }
    }
}
