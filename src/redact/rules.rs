//! What a secret looks like. Each rule names the words without which it cannot match, so that a quote without a secret costs a few
//! substring searches and compiles nothing.

use std::ops::Range;

use crate::evidence::{Found, Pattern};

struct Rule {
    /// What stands in the place of the secret: `[redacted NAME]`.
    name: &'static str,
    /// Lower-case texts of which one must be there.
    needs: &'static [&'static str],
    /// The named group `secret` is replaced, everything else stays.
    pattern: Pattern,
}

/// The one rule that goes by shape alone.
const KEY_MATERIAL: &str = "key material";

macro_rules! rule {
    ($name:expr, $needs:expr, $pattern:literal) => {
        Rule { name: $name, needs: $needs, pattern: Pattern::new($pattern) }
    };
}

/// Token formats are documented by their issuers; lengths are the least they give out.
static RULES: [Rule; 17] = [
    rule!(
        "private key",
        &["-----begin"],
        r"(?s)-----BEGIN [A-Z ]*PRIVATE KEY( BLOCK)?-----(?<secret>.*?)(-----END [A-Z ]*PRIVATE KEY( BLOCK)?-----|\z)"
    ),
    rule!("encoded PEM", &["ls0tls1crudjti"], r"(?<secret>LS0tLS1CRUdJTi[A-Za-z0-9+/=]{20,})"),
    // A body line of a PEM block, quoted without its header: 64 characters of base64 and nothing else. Digests are hexadecimal and shorter words.
    rule!(KEY_MATERIAL, &[""], r"^\s*(?<secret>[A-Za-z0-9+/]{60,76}={0,2})\s*$"),
    rule!("JWT", &["eyj"], r"(?<secret>\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(\.[A-Za-z0-9_-]*)?)"),
    rule!(
        "bearer token",
        &["bearer", "basic", "authorization"],
        r"(?i)\b(?:bearer|basic|token)\s+(?<secret>[A-Za-z0-9._~+/=-]{12,})"
    ),
    rule!("password", &["://"], r"[A-Za-z][A-Za-z0-9+.-]*://[^\s/:@'\x22]*:(?<secret>[^\s/'\x22]+)@"),
    rule!("password", &["@tcp(", "@unix("], r"[^\s:/@=]+:(?<secret>[^\s]+?)@(tcp|unix)\("),
    rule!(
        "AWS secret",
        &["aws", "secret"],
        r#"(?i)(?:aws_?)?secret_?(?:access_?)?key["']?\s*[:=]\s*["']?(?<secret>[A-Za-z0-9/+=]{20,})"#
    ),
    rule!("AWS key id", &["akia", "asia"], r"\b(?<secret>(?:AKIA|ASIA)[A-Z0-9]{16})\b"),
    rule!("Google API key", &["aiza"], r"(?<secret>AIza[A-Za-z0-9_-]{35})"),
    rule!(
        "GitHub token",
        &["gh", "github_pat_"],
        r"\b(?<secret>gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{40,})"
    ),
    rule!("GitLab token", &["glpat-", "glrt-", "gldt-"], r"\b(?<secret>gl(?:pat|rt|dt)-[A-Za-z0-9_-]{20,})"),
    rule!(
        "Slack token",
        &["xox", "hooks.slack.com"],
        r"(?<secret>xox[abposr]-[A-Za-z0-9-]{10,}|hooks\.slack\.com/services/[A-Za-z0-9/]+)"
    ),
    rule!(
        "API key",
        &["sk-", "sk_live", "rk_live", "npm_", "hvs.", "dop_v1_", "shpat_", "pypi-"],
        r"\b(?<secret>sk-(?:proj-|ant-)?[A-Za-z0-9_-]{20,}|[sr]k_live_[A-Za-z0-9]{16,}|npm_[A-Za-z0-9]{30,}|hvs\.[A-Za-z0-9_-]{20,}|dop_v1_[a-f0-9]{40,}|shpat_[a-fA-F0-9]{32}|pypi-[A-Za-z0-9_-]{40,})"
    ),
    rule!(
        "password",
        &["identified by", "-p", "--password"],
        r#"(?i)(?:identified by|--?password|\bmysql\b.* -p)[ =]?\s*['"]?(?<secret>[^\s'"]{3,})"#
    ),
    // The key names what follows: environment variables, YAML, JSON, connection strings, flags.
    rule!(
        "secret",
        KEYS,
        r#"(?i)(?:^|[^A-Za-z0-9])[A-Za-z0-9_.-]*(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|apikey|access[_-]?key|account[_-]?key|private[_-]?key|client[_-]?secret|credential|sharedaccesssignature|sig)["']?\s*(?:=|:\s|:)\s*["']?(?<secret>[^\s"',;&}\])]+)"#
    ),
    rule!("cookie", &["cookie:"], r"(?i)\b(?:set-)?cookie:\s*(?<secret>[^\r\n]+)"),
];

const KEYS: &[&str] = &[
    "passw",
    "passphrase",
    "pwd",
    "secret",
    "token",
    "api_key",
    "api-key",
    "apikey",
    "access_key",
    "access-key",
    "accesskey",
    "account_key",
    "accountkey",
    "private_key",
    "privatekey",
    "credential",
    "sharedaccess",
    "sig=",
];

/// Returns `text` with every secret replaced by `[redacted NAME]`.
pub(super) fn apply(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    let mut out = text.to_owned();
    for rule in RULES.iter().filter(|r| r.needs.iter().any(|n| lower.contains(n))) {
        let secrets: Vec<_> = rule.pattern.each(&out).filter_map(|found| secret(rule, &found)).collect();
        for span in secrets.into_iter().rev() {
            out.replace_range(span, &format!("[redacted {}]", rule.name));
        }
    }
    out
}

fn secret(rule: &Rule, found: &Found<'_>) -> Option<Range<usize>> {
    let value = found.name("secret")?;
    if is_harmless(value) || (rule.name == KEY_MATERIAL && is_digest(value)) { None } else { found.span_of("secret") }
}

/// What stands behind a word such as `token` and is no secret: nothing, a placeholder, a word of the sentence, something already gone.
fn is_harmless(value: &str) -> bool {
    const WORDS: [&str; 40] = [
        "",
        "null",
        "nil",
        "none",
        "true",
        "false",
        "yes",
        "no",
        "is",
        "was",
        "not",
        "in",
        "for",
        "has",
        "invalid",
        "expired",
        "missing",
        "required",
        "authentication",
        "failed",
        "does",
        "must",
        "and",
        "or",
        "the",
        "empty",
        "unset",
        "undefined",
        "string",
        "error",
        "used",
        "reference",
        "secret",
        "password",
        "denied",
        "unable",
        "cannot",
        "could",
        "redacted",
        "***",
    ];
    let bare = value.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    value.starts_with(['[', '<', '$', '{', '(', '*'])
        || bare.is_empty()
        || WORDS.contains(&bare.to_ascii_lowercase().as_str())
        || value.starts_with("xxx")
        || value.starts_with("XXX")
}

/// A SHA-256 or SHA-512 in hexadecimal identifies, it does not open anything.
fn is_digest(value: &str) -> bool {
    matches!(value.len(), 64 | 128) && value.bytes().all(|b| b.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use super::{RULES, apply};
    use proptest::prelude::*;

    #[test]
    fn every_rule_compiles_and_names_its_secret() {
        for rule in &RULES {
            assert!(rule.pattern.has_group("secret"), "{}", rule.name);
        }
    }

    #[test]
    fn secrets_go_and_the_sentence_stays() {
        let table = [
            ("postgres://app:s3cr3t@db:5432/x failed", "postgres://app:[redacted password]@db:5432/x failed"),
            ("DSN=user:hunter2@tcp(db:3306)/shop", "DSN=user:[redacted password]@tcp(db:3306)/shop"),
            ("Authorization: Bearer abcdef0123456789", "Authorization: Bearer [redacted bearer token]"),
            ("DB_PASSWORD=hunter2 HOST=db", "DB_PASSWORD=[redacted secret] HOST=db"),
            ("  password: \"p w\"", "  password: \"[redacted secret] w\""),
            (r#"{"clientSecret":"abc123","id":1}"#, r#"{"clientSecret":"[redacted secret]","id":1}"#),
            ("key AKIAIOSFODNN7EXAMPLE used", "key [redacted AWS key id] used"),
            ("Server=x;Password=hunter2;Encrypt=true", "Server=x;Password=[redacted secret];Encrypt=true"),
            ("t eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln x", "t [redacted JWT] x"),
        ];
        for (before, after) in table {
            assert_eq!(apply(before), after);
        }
    }

    #[test]
    fn a_private_key_goes_whole_even_when_it_is_cut() {
        let text = "-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY----- tail";
        assert_eq!(
            apply(text),
            "-----BEGIN RSA PRIVATE KEY-----[redacted private key]-----END RSA PRIVATE KEY----- tail"
        );
        assert!(!apply("-----BEGIN PRIVATE KEY-----\nMIIEvQ").contains("MIIEvQ"));
    }

    #[test]
    fn a_line_from_the_middle_of_a_key_goes_too() {
        let line = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj";
        assert_eq!(apply(line), "[redacted key material]");
        assert_eq!(
            apply("  tls.key: LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCk1JSUV2"),
            "  tls.key: [redacted encoded PEM]"
        );
        let digest = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
        assert_eq!(apply(digest), digest);
    }

    #[test]
    fn what_is_no_secret_survives() {
        for text in [
            "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "request id 3b95ea47-f213-4072-bf87-539c737934a7",
            "password authentication failed for user \"app\"",
            "invalid token: expired",
            "secret \"db-credentials\" not found",
            "Error: secrets \"app-secret\" not found",
            "MountVolume.SetUp failed for volume \"token\" : secret \"x\" not found",
            "image: registry.example/app@sha256:0123456789abcdef",
            "token: <none>",
            "https://host:8443/path?timeout=10s",
        ] {
            assert_eq!(apply(text), text);
        }
    }

    proptest! {
        #[test]
        fn a_password_in_a_url_never_survives(user in "[a-z]{1,8}", password in "[A-Za-z0-9!#%+.-]{6,24}") {
            let text = format!("dial amqp://{user}:{password}@mq:5672/ failed");
            let leak = format!(":{password}@");
            prop_assert!(!apply(&text).contains(&leak));
        }

        #[test]
        fn what_has_been_redacted_once_stays_the_same(text in "(password|token|secret)[=:] ?[a-zA-Z0-9]{3,12}( [a-z]{1,6}){0,3}") {
            let once = apply(&text);
            prop_assert_eq!(apply(&once), once);
        }
    }
}
