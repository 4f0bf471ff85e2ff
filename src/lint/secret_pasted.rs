//! A secret that was pasted in.

use crate::finding::Severity;
use crate::lint::core::{Finding, Page, Rule, Scope, Tree};
use crate::redact::Quote;

/// The rule.
pub(super) const RULE: Rule = Rule {
    id: "secret-pasted",
    severity: Severity::High,
    summary: "a secret that was pasted in",
    why: "Runbooks are read by many and kept for ever; whoever has the file has the key.",
    bad: "curl -H \"Authorization: Bearer <a real token>\"",
    good: "curl -H \"Authorization: Bearer $TOKEN\"",
    fix: "Revoke it, and write a variable or the place where it is kept.",
    fixable: false,
    scope: Scope::Page(check),
};

fn check(page: &Page<'_>, _: &Tree<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    for (number, line) in (1..).zip(page.text().lines()) {
        let Some(kind) = worth_a_look(line).then(|| secret(page.text(), line)).flatten() else { continue };
        // A list of keys is one paste.
        if found.last().is_none_or(|f| f.line + 1 < number) {
            let message = format!("this looks like a real {kind}: revoke it and write a variable in its place");
            found.push(RULE.on_line(page, number, message));
        }
    }
    found
}

/// Whether the line has a run of signs that could be random; looking closer costs.
fn worth_a_look(line: &str) -> bool {
    line.contains("PRIVATE KEY-----")
        || (line.contains("://") && line.contains('@'))
        || line.split(|c: char| !is_token(c)).any(|t| t.len() >= 16 && is_mixed(t))
}

fn is_token(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '_' | '-' | '.' | '~')
}

fn is_mixed(token: &str) -> bool {
    token.bytes().any(|b| b.is_ascii_digit()) && token.bytes().any(|b| b.is_ascii_alphabetic())
}

/// What kind of secret the line has, if it is a real one.
fn secret(text: &str, line: &str) -> Option<&'static str> {
    if line.contains("-----BEGIN ") && line.contains("PRIVATE KEY-----") {
        return key_follows(text, line).then_some("private key");
    }
    let clean = Quote::of(line);
    if clean.as_str() == line {
        return None;
    }
    // git names the key that signs by its id.
    if line.to_ascii_lowercase().contains("signingkey") {
        return None;
    }
    let (kind, value) = taken_out(line, clean.as_str())?;
    is_real(kind, value).then_some(KINDS.iter().find(|(name, _)| *name == kind)?.1)
}

/// The names that redaction gives, of those whose values are secrets by themselves, with the words of the message.
const KINDS: &[(&str, &str)] = &[
    ("JWT", "token"),
    ("authorization", "token"),
    ("bearer token", "token"),
    ("password", "password"),
    ("token", "token"),
    ("secret", "secret"),
    ("AWS key id", "AWS key"),
    ("Google key", "Google key"),
    ("GitHub token", "GitHub token"),
    ("GitLab token", "GitLab token"),
    ("chat token", "chat token"),
    ("API key", "API key"),
    ("encoded PEM", "private key"),
];

/// Name and value of what was taken out first.
fn taken_out<'t>(line: &'t str, clean: &'t str) -> Option<(&'t str, &'t str)> {
    let (before, rest) = clean.split_once("[redacted ")?;
    let (kind, after) = rest.split_once(']')?;
    let behind = after.split("[redacted ").next().unwrap_or_default();
    let value = line.strip_prefix(before)?;
    let value = if behind.is_empty() { value } else { value.split_once(behind).map_or(value, |(v, _)| v) };
    Some((kind, value))
}

/// Whether a private key stands behind its first line, rather than dots.
fn key_follows(text: &str, line: &str) -> bool {
    let Some(at) = text.find(line) else { return false };
    let body = text[at + line.len()..].lines().skip(1).take(3);
    body.filter(|l| l.trim().len() >= 60 && is_random(l.trim(), 4.0)).count() >= 2
}

/// Words of values that stand for a secret and are none, in lower case.
const STAND_INS: &[&str] = &[
    "example",
    "changeme",
    "change-me",
    "your",
    "xxx",
    "placeholder",
    "password",
    "passwd",
    "secret",
    "redacted",
    "dummy",
    "sample",
    "insert",
    "replace",
    "foobar",
    "test",
    "fake",
    "todo",
    "token",
    "1234",
    "abcd",
    "deadbeef",
    "hunter2",
    "letmein",
    "default",
    "admin",
    "minio",
    "...",
    "…",
    "***",
    "$",
    "<",
    "{",
    "%s",
    "http",
    "lorem",
    "notreal",
    "my-",
    "key-",
    "-key",
    "name",
    "snip",
    "truncated",
    "keyid",
];

/// How `-----BEGIN PRIVATE`, `-----BEGIN RSA`, `-----BEGIN EC P` and `-----BEGIN OPEN` begin in base64.
const ENCODED_KEYS: &[&str] =
    &["LS0tLS1CRUdJTiBQUklWQVRF", "LS0tLS1CRUdJTiBSU0Eg", "LS0tLS1CRUdJTiBFQyBQ", "LS0tLS1CRUdJTiBPUEVO"];

fn is_real(kind: &str, value: &str) -> bool {
    let value = value.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let lower = value.to_lowercase();
    let one_word = value.chars().all(is_token) || value.contains(':');
    if !one_word
        || value.contains(char::is_whitespace)
        || STAND_INS.iter().any(|s| lower.contains(s))
        || !is_mixed(value)
    {
        return false;
    }
    match kind {
        // Most encoded PEM blocks are certificates, which are public.
        "encoded PEM" => ENCODED_KEYS.iter().any(|k| value.starts_with(k)),
        "AWS key id" | "GitHub token" | "GitLab token" | "chat token" | "API key" | "Google key" => {
            is_random(value, 3.0)
        }
        "JWT" => value.len() >= 80 && value.matches('.').count() == 2 && is_random(value, 4.0),
        _ => value.len() >= 16 && is_random(value, 3.3) && !is_telling(value),
    }
}

/// Paths, names, dates and ids of things: they are looked up, not kept secret.
fn is_telling(value: &str) -> bool {
    let groups: Vec<&str> = value.split(['-', '_', '.', '/']).collect();
    let uuid = groups.iter().map(|g| g.len()).eq([8, 4, 4, 4, 12]);
    let words = groups.iter().filter(|g| g.len() >= 3 && g.bytes().all(|b| b.is_ascii_lowercase())).count();
    uuid || words >= 2 || value.contains("//") || value.matches('/').count() > 3 || value.matches('.').count() > 2
}

/// Whether its letters are as mixed as random ones: bits per sign.
fn is_random(value: &str, least: f64) -> bool {
    let mut counts = [0u32; 256];
    value.bytes().for_each(|b| counts[usize::from(b)] += 1);
    let all = f64::from(u32::try_from(value.len()).unwrap_or(u32::MAX).max(1));
    let share = counts.iter().filter(|c| **c > 0).map(|c| f64::from(*c) / all);
    share.map(|p| -p * p.log2()).sum::<f64>() >= least
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::core::testing;

    #[test]
    fn random_values_are_found() {
        for line in [
            "export AWS_ACCESS_KEY_ID=AKIAZ7Q2M4K8W3T5R9HD",
            "curl -H 'Authorization: Bearer q8Zk2Lw9Xv4Bn7Rt1Py6Mc3Ds5Gf'",
            "api_token: f3Kq9Zt2Xw7Lb4Vn8Rm1Yc6",
        ] {
            assert_eq!(testing::lines(&RULE, &format!("# X\n\n```sh\n{line}\n```\n")), [4], "{line}");
        }
    }

    #[test]
    fn what_stands_for_one_is_none() {
        for line in [
            "export AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE",
            "curl -H 'Authorization: Bearer $TOKEN'",
            "password: changeme-in-production-2024",
            "token: <your-token-of-32-characters>",
            "secretName: db-credentials-v2-primary-node",
            "session id: 3b95ea47-f213-4072-bf87-539c737934a7",
            "image: registry.test/app@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "-----BEGIN PRIVATE KEY-----",
        ] {
            assert_eq!(testing::found(&RULE, &format!("# X\n\n```sh\n{line}\n```\n")), Vec::<String>::new(), "{line}");
        }
    }

    #[test]
    fn the_secret_itself_is_not_repeated() {
        let text = "api_token: f3Kq9Zt2Xw7Lb4Vn8Rm1Yc6\n";
        let pages = [crate::lint::core::Page::read(crate::lint::core::Input { path: "x.md", text })];
        let found = super::check(&pages[0], &crate::lint::core::Tree::new(&pages, []));
        assert!(!found[0].excerpt.as_str().contains("f3Kq9") && !found[0].message.contains("f3Kq9"));
    }
}
