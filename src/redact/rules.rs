//! What a secret looks like. Each rule names the words without which it cannot match, so that a quote without a secret costs a few
//! substring searches and compiles nothing.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use crate::evidence::{Found, Pattern};

struct Rule {
    /// What stands in the place of the secret: `[redacted NAME]`.
    name: &'static str,
    /// Lower-case texts of which one must be there; where there are none, a long run of base64.
    needs: &'static [&'static str],
    /// The group `secret`, or one whose name starts so, is replaced; everything else stays.
    pattern: Pattern,
}

/// The one rule that goes by shape alone.
const KEY_MATERIAL: &str = "key material";

/// A value behind a name without a sign between them: a secret only if no word of a sentence looks like it.
const BARE: &str = "secret value";

const fn rule(name: &'static str, needs: &'static [&'static str], pattern: &'static str) -> Rule {
    Rule { name, needs, pattern: Pattern::new(pattern) }
}

/// Names of settings whose value is a secret.
macro_rules! keys {
    () => {
        concat!(
            r"pass(?:word|wd|phrase)?s?|pwd|bindpw|secret(?:[_-]?key)?(?:[_-]?base)?s?|tokens?|(?:api|access|account|private|signing|encryption|master|shared)[_-]?keys?",
            r"|apikey|credentials?|(?:\b|_)auth|shared-?access-?signature|sig(?:nature)?|dockerconfigjson|j?session-?id|redis_auth"
        )
    };
}

/// A value: quoted to its closing quote, else up to a sign that ends it.
macro_rules! value {
    () => {
        r#"(?:\\*"(?<secret>[^"\n\\]+)|\\*'(?<secret2>[^'\n]+)|(?<secret3>[^\s"',;&}\])<\\][^\s"',;&}\]<]*))"#
    };
}

/// Token formats are documented by their issuers; lengths are the least that they give out.
#[rustfmt::skip]
static RULES: [Rule; 27] = [
    rule("private key", &["-----begin"], r"(?s)-----BEGIN [A-Z ]*PRIVATE KEY( BLOCK)?-----(?<secret>.*?)(-----END [A-Z ]*PRIVATE KEY( BLOCK)?-----|\z)"),
    rule("encoded PEM", &["ls0tls1crudjti"], r"(?<secret>LS0tLS1CRUdJTi[A-Za-z0-9+/=]{20,})"),
    // A body line of a PEM block, quoted without its header: 64 characters of base64 at the end of a line.
    rule(KEY_MATERIAL, &[], r"(?:^|[\s|])(?<secret>[A-Za-z0-9+/]{60,76}={0,2})\s*$"),
    rule("JWT", &["eyj"], r"(?<secret>\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{4,}(\.[A-Za-z0-9_-]*)?)"),
    rule("authorization", &["authorization"], r#"(?i)\bauthorization\\*["']?\s*[:=]\s*\\*["']?(?:(?:bearer|basic|digest|apikey|token|negotiate|aws4-hmac-sha256)\s+)?(?<secret>[^\s"'\\]+[^"'\n\\]*)"#),
    rule("bearer token", &["bearer", "basic", "apikey"], r"(?i)\b(?:bearer|basic|apikey)\s+(?<secret>[A-Za-z0-9._~+/=-]{8,})"),
    rule("password", &["://"], r"[A-Za-z][A-Za-z0-9+.-]*://[^\s/:@'\x22]*:(?<secret>[^\s@\x22]+)@"),
    rule("token", &["://"], r"[A-Za-z][A-Za-z0-9+.-]*://(?<secret>[A-Za-z0-9_-]{12,})@"),
    rule("password", &["@"], r#"(?:^|[\s"'(=,/:])[A-Za-z0-9_.+-]+:(?<secret>[^\s:@/"']+)@(?:tcp|unix)?[A-Za-z0-9.(-]"#),
    rule("password", &["thin:"], r"(?i):thin:[^\s/@]+/(?<secret>[^\s@]+)@"),
    rule("secret", &["="], r#"(?i)[?&](?:key|code|(?:[a-z]+[_-])?token|api[_-]?key|sig|signature|x-amz-(?:signature|security-token|credential)|password|secret|auth)=(?<secret>[^&\s"']+)"#),
    rule("AWS key id", &["akia", "asia"], r"\b(?<secret>(?:AKIA|ASIA)[A-Z0-9]{16})\b"),
    rule("Google key", &["aiza", "ya29.", "gocspx-"], r"(?<secret>AIza[A-Za-z0-9_-]{35}|ya29\.[A-Za-z0-9_-]{20,}|GOCSPX-[A-Za-z0-9_-]{20,})"),
    rule("GitHub token", &["ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"], r"\b(?<secret>gh[pousr]_[A-Za-z0-9]{30,}|github_pat_[A-Za-z0-9_]{40,})"),
    rule("GitLab token", &["glpat-", "glrt-", "gldt-", "glcbt-", "glptt-", "glsoat-", "glsa_", "glc_"], r"\b(?<secret>gl(?:pat|rt|dt|cbt|ptt|soat)-[A-Za-z0-9_-]{20,}|glsa_[A-Za-z0-9_]{30,}|glc_[A-Za-z0-9+/=]{30,})"),
    rule("chat token", &["xox", "xapp-", "hooks.slack.com", "discord", "webhook.office.com", "bot"], r"(?<secret>xox[abposr]-[A-Za-z0-9-]{10,}|xapp-[A-Za-z0-9-]{10,}|hooks\.slack\.com/services/[A-Za-z0-9/]+|discord(?:app)?\.com/api/webhooks/\d+/[\w-]+|webhook\.office\.com/\S+|\bbot\d{8,}:[\w-]{30,})"),
    rule("API key", &["sk-", "_live", "npm_", "hvs.", "hvb.", "s.", "doo_v1_", "dop_v1_", "dor_v1_", "shpat_", "shpca_", "shppa_", "shpss_", "pypi-", "sg.", "dckr_pat_", "atatt", "atlasv1", "whsec_", "age-secret", "8q~"], r"(?-i)(?:^|[^A-Za-z0-9_-])(?<secret>sk-(?:proj-|ant-)?[A-Za-z0-9_-]{20,}|[sr]k_live_[A-Za-z0-9]{16,}|npm_[A-Za-z0-9]{30,}|hv[sb]\.[A-Za-z0-9_-]{20,}|s\.[A-Za-z0-9]{24}\b|do[opr]_v1_[a-f0-9]{40,}|shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}|pypi-[A-Za-z0-9_-]{40,}|SG\.[\w-]{16,}\.[\w-]{16,}|dckr_pat_[\w-]{20,}|ATATT[\w=-]{20,}|[A-Za-z0-9]{14}\.atlasv1\.[\w-]{30,}|whsec_[A-Za-z0-9+/=]{20,}|AGE-SECRET-KEY-1[A-Z0-9]{40,}|[\w~.-]{3}8Q~[\w~.-]{30,})"),
    rule("password", &["identified by", "password '", "password \""], r#"(?i)\b(?:identified (?:with \S+ )?by|password)\s+["'](?<secret>[^"']+)"#),
    rule("secret", &[" -", "--"], r#"(?i)(?:[\s\[("',]|^)--?(?:[a-z]+-)*(?:password|passwd|token|api-?key|secret|access-key|secret-key|auth-token)(?:\\*["'], ?|[ =])+\\*["']?(?<secret>[^\s"'=\\,-][^\s"'\\\])]*)"#),
    rule(BARE, &["password", "passwd", "passphrase", "token"], r#"(?i)\b[A-Z0-9_.-]*(?:password|passwd|passphrase|token)\s+(?<secret>[^\s"'(),:;\[\]{}<>]{8,})"#),
    rule(KEY_MATERIAL, &[".key:", ".pem:", ".p12:", ".pfx:", ".jks:", ".keystore:"], r"(?i)\.(?:key|pem|p12|pfx|jks|keystore):\s+(?<secret2>[A-Za-z0-9+/]{12,}={0,2})\s*$"),
    rule("secret", &["curl", "redis-cli", "mysql", "login", "sshpass", "-literal"], r"(?i)(?:curl\b.*? -u ?\S*?:(?<secret>[^\s'\x22]+)|redis-cli\b.*? -a ?(?<secret2>\S+)|mysql\w*\b.*? -p(?<secret3>[^\s]{3,})|login\b.*? -p ?(?<secret4>\S+)|sshpass -p ?(?<secret5>\S+)|--from-literal=[^=\s]+=(?<secret6>\S+))"),
    rule("secret", &["<"], r"(?i)<[\w:]*(?:password|passwd|secret|token|api-?key)\b[^>]*>(?<secret>[^<\n]+)<"),
    rule("password", &["bindpw", "password is", "passcode", "machine "], r"(?i)(?:\bbindpw|\bpassword is|\bpasscode(?: is)?:?|\bmachine \S+ login \S+ password) +(?<secret>[^\s,;]{4,})"),
    // A name and its value apart: Kubernetes' env, .NET's settings.
    rule("secret", &["value"], concat!(r#"(?i)\b(?:name|key)\\*["']?\s*[:=]\s*\\*["']?[\w.:-]*(?:"#, keys!(), r#")\w*\\*["']?\s*,?\s*(?:-\s*)?\\*["']?value\\*["']?\s*[:=]\s*\\*["']?(?<secret>[^\s"'}\\]+)"#)),
    rule("cookie", &["cookie"], r#"(?i)\b(?:set-)?cookie\\*["']?\s*[:=]\s*\[?\\*["']?(?<secret>[^\r\n"'\]\\]+)"#),
    // The key names what follows: environment variables, YAML, JSON, hashes, connection strings.
    rule("secret", KEYS, concat!(r#"(?i)(?:^|[^A-Za-z0-9])[A-Za-z0-9_.-]*?(?:"#, keys!(), r#")\\*["']?\s*(?:=>|->|:=|=|%3D|:\s|:)\s*\[?"#, value!())),
];

const KEYS: &[&str] = &[
    "pass",
    "pwd",
    "bindpw",
    "secret",
    "token",
    "key",
    "credential",
    "auth",
    "sharedaccess",
    "sig",
    "dockerconfigjson",
    "session",
];

// They are told apart by the bits of a number.
const _: () = assert!(RULES.len() <= u32::BITS as usize);

/// Finds in one pass which rules have a text that they need.
struct Needs {
    automaton: Option<AhoCorasick>,
    /// The rules of each text, as bits.
    rules: Vec<u32>,
    /// The rules that go by shape alone.
    shapes: u32,
}

static NEEDS: LazyLock<Needs> = LazyLock::new(|| {
    let (mut texts, mut rules, mut shapes) = (Vec::<&str>::new(), Vec::<u32>::new(), 0);
    for (number, rule) in RULES.iter().enumerate() {
        if rule.needs.is_empty() {
            shapes |= 1 << number;
        }
        for need in rule.needs {
            let at = texts.iter().position(|text| text == need).unwrap_or(texts.len());
            if at == texts.len() {
                texts.push(need);
                rules.push(0);
            }
            rules[at] |= 1 << number;
        }
    }
    let automaton = AhoCorasick::builder().ascii_case_insensitive(true).build(texts).ok();
    Needs { automaton, rules, shapes }
});

/// Whether 60 characters of base64 follow each other: less is no line of a key.
fn has_long_run(text: &str) -> bool {
    let in_base64 = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/');
    text.as_bytes().split(|b| !in_base64(b)).any(|run| run.len() >= 60)
}

impl Needs {
    /// The rules that may find something in `text`, in their order.
    fn met(&self, text: &str) -> impl Iterator<Item = &'static Rule> {
        // Without the automaton every rule looks for itself.
        let met = self.automaton.as_ref().map_or(u32::MAX, |automaton| {
            let hits = automaton.find_overlapping_iter(text);
            hits.fold(0, |met, hit| met | self.rules[hit.pattern().as_usize()])
        });
        let met = if has_long_run(text) { met | self.shapes } else { met };
        RULES.iter().enumerate().filter(move |(number, _)| met & (1 << number) != 0).map(|(_, rule)| rule)
    }
}

/// Returns `text`, which may be several lines, with every secret replaced by `[redacted NAME]`. The number of lines stays.
pub(super) fn apply(text: &str) -> String {
    let mut out = text.to_owned();
    for rule in NEEDS.met(text) {
        let secrets: Vec<_> = rule.pattern.each(&out).filter_map(|found| secret(rule, &found, &out)).collect();
        for span in secrets.into_iter().rev() {
            let feeds = "\n".repeat(out[span.clone()].matches('\n').count());
            out.replace_range(span, &format!("[redacted {}]{feeds}", rule.name));
        }
    }
    out
}

fn secret(rule: &Rule, found: &Found<'_>, text: &str) -> Option<Range<usize>> {
    let (name, value) = found.named().find(|(name, _)| name.starts_with("secret"))?;
    let span = found.span_of(name)?;
    let before = text[found.span().start..span.start].to_ascii_lowercase();
    let after = &text[span.end..];
    let harmless = is_harmless(value)
        || (rule.name == KEY_MATERIAL && name == "secret" && !is_key_material(value))
        || (rule.name == BARE && !is_mixed(value))
        || is_reference(&before, value, after)
        || is_prose(&before, value, after);
    (!harmless).then_some(span)
}

/// What stands behind a word such as `token` and is no secret: nothing, a placeholder, a word of the sentence, something already gone.
fn is_harmless(value: &str) -> bool {
    const WORDS: &[&str] = &[
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
        "unexpected",
        "unauthorized",
        "forbidden",
        "internal",
        "permission",
        "not-configured",
        "bearer",
        "basic",
        "read",
        "write",
        "key",
        "name",
        "value",
        "data",
    ];
    let bare = value.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let variable = value
        .strip_prefix('$')
        .is_some_and(|v| !v.is_empty() && v.bytes().all(|b| b.is_ascii_uppercase() || b == b'_'));
    let masked = value.trim_matches(|c| matches!(c, '*' | 'x' | 'X' | '.' | '•')).is_empty();
    variable
        || masked
        || ["[redacted", "<", "${", "$(", "{{", "`", "/", "&"].iter().any(|p| value.starts_with(p))
        || WORDS.contains(&bare.to_ascii_lowercase().as_str())
        || (value.len() < 4 && value.bytes().all(|b| b.is_ascii_digit()))
}

/// The name of a secret, the port of an address, the path of a request: they say where, not what.
fn is_reference(before: &str, value: &str, after: &str) -> bool {
    const NAMES: &[&str] = &[
        "secretname",
        "existingsecret",
        "secretref",
        "pullsecret",
        "secrets/",
        "unexpected token",
        "nexttoken",
        "pagetoken",
        "mailto:",
        "secretkeyref",
    ];
    let port = value
        .split(['/', ','])
        .next()
        .is_some_and(|p| !p.is_empty() && p.len() <= 5 && p.bytes().all(|b| b.is_ascii_digit()));
    NAMES.iter().any(|n| before.contains(n))
        || (before.contains("://") && before.ends_with(':') && port)
        || after.starts_with("@sha256")
}

/// `password: wrong for user x` is a sentence; a value stands alone.
fn is_prose(before: &str, value: &str, after: &str) -> bool {
    let word = value.len() <= 14 && value.bytes().all(|b| b.is_ascii_lowercase());
    let goes_on = after.strip_prefix(' ').is_some_and(|a| a.starts_with(|c: char| c.is_ascii_lowercase()));
    before.trim_end().ends_with(':') && before.ends_with(' ') && word && goes_on
}

/// Letters and digits next to each other.
fn is_mixed(value: &str) -> bool {
    let pairs = value.as_bytes().windows(2);
    let mixed = |w: &[u8]| {
        w[0].is_ascii_alphabetic() && w[1].is_ascii_digit() || w[0].is_ascii_digit() && w[1].is_ascii_alphabetic()
    };
    pairs.filter(|w| mixed(w)).count() > 0
}

/// A SHA-256 in hexadecimal identifies, a path leads somewhere; key material is mixed.
fn is_key_material(value: &str) -> bool {
    let has = |kind: fn(&u8) -> bool| value.as_bytes().iter().any(kind);
    has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_digit)
        && value.matches('/').count() <= 6
        && !value.starts_with('/')
}

#[cfg(test)]
mod tests {
    use super::{RULES, apply};
    use proptest::prelude::*;

    #[test]
    fn every_rule_compiles_and_names_its_secret() {
        for rule in &RULES {
            assert!(rule.pattern.has_group("secret") || rule.pattern.has_group("secret2"), "{}", rule.name);
        }
    }

    #[test]
    fn every_prefix_of_a_token_is_among_the_texts_that_its_rule_needs() {
        let body = "0123456789abcdef0123456789abcdef0123456789abcdef";
        for prefix in [
            "ghp_",
            "gho_",
            "ghu_",
            "ghs_",
            "ghr_",
            "github_pat_",
            "glpat-",
            "glrt-",
            "gldt-",
            "glcbt-",
            "glptt-",
            "glsoat-",
            "glsa_",
            "glc_",
            "hvs.",
            "hvb.",
            "doo_v1_",
            "dop_v1_",
            "dor_v1_",
            "shpat_",
            "shpca_",
            "shppa_",
            "shpss_",
            "npm_",
            "pypi-",
            "dckr_pat_",
            "ATATT",
            "whsec_",
        ] {
            // Of some the length is given.
            let body = &body[..if prefix.starts_with("shp") {
                32
            } else if prefix.starts_with("do") {
                40
            } else {
                48
            }];
            let shown = apply(&format!("got {prefix}{body} from nobody"));
            assert!(!shown.contains(body) && shown.ends_with("] from nobody"), "{shown}");
        }
    }

    #[test]
    fn secrets_go_and_the_sentence_stays() {
        let table = [
            ("postgres://app:s3cr3t@db:5432/x failed", "postgres://app:[redacted password]@db:5432/x failed"),
            ("DSN=user:hunter2@tcp(db:3306)/shop", "DSN=user:[redacted password]@tcp(db:3306)/shop"),
            ("Authorization: Bearer abcdef0123456789", "Authorization: Bearer [redacted authorization]"),
            ("DB_PASSWORD=hunter2 HOST=db", "DB_PASSWORD=[redacted secret] HOST=db"),
            ("  password: \"p w, x\"", "  password: \"[redacted secret]\""),
            ("DB_PASS=Zq7hunter2 SECRET_KEY=s3cr3tkey!", "DB_PASS=[redacted secret] SECRET_KEY=[redacted secret]"),
            ("https://ghtok3n12345@github.com/x", "https://[redacted token]@github.com/x"),
            (
                "could not translate host name \"app:Zq7hunter2@db\"",
                "could not translate host name \"app:[redacted password]@db\"",
            ),
            ("<password>Zq7hunter2</password>", "<password>[redacted secret]</password>"),
            (
                "{\"name\":\"DB_PASSWORD\",\"value\":\"Zq7x\"}",
                "{\"name\":\"DB_PASSWORD\",\"value\":\"[redacted secret]\"}",
            ),
            ("- name: DB_PASSWORD\n  value: Zq7x", "- name: DB_PASSWORD\n  value: [redacted secret]"),
            ("kubeadm join --token abcdef.0123456789", "kubeadm join --token [redacted secret]"),
            (r#"args ["--token","Zq7hunter2"]"#, r#"args ["--token","[redacted secret]"]"#),
            (
                "args [--token Zq7hunter2] (--password Zq7hunter2)",
                "args [--token [redacted secret]] (--password [redacted secret])",
            ),
            ("args ['--token', 'Zq7hunter2']", "args ['--token', '[redacted secret]']"),
            ("MYSQL_ROOT_PASSWORD Zq7hunter2 rejected", "MYSQL_ROOT_PASSWORD [redacted secret value] rejected"),
            ("  tls.key: aHVudGVyMnBhc3M=", "  tls.key: [redacted key material]"),
            ("password authentication failed for user1", "password authentication failed for user1"),
            ("curl -u app:Zq7hunter2 http://x", "curl -u app:[redacted secret] http://x"),
            ("GET /x?api_key=Zq7hunter2&n=1", "GET /x?api_key=[redacted secret]&n=1"),
            ("password => 'Zq7hunter2'", "password => '[redacted secret]'"),
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
            "-----BEGIN RSA PRIVATE KEY-----[redacted private key]\n\n\n-----END RSA PRIVATE KEY----- tail"
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
            "http://h:80/i@j",
            "syntax error near unexpected token: `foo'",
            "cannot read token: unexpected EOF",
            "PWD=/home/app",
            "exit sig=9",
            "nextToken: 12",
            "existingSecret: my-db",
            "registry.example/app:1.2@sha256:0123456789abcdef",
            "at /srv/transmittable/threadlocal/extensions/kotlin/compiler/plugin/build",
        ] {
            assert_eq!(apply(text), text);
        }
    }

    proptest! {
        #[test]
        fn a_password_in_a_url_never_survives(user in "[a-z]{1,8}", password in "[A-Za-z0-9!#%+.-]{6,24}") {
            let text = format!("dial amqp://{user}:a{password}@mq:5672/ failed");
            let leak = format!("{password}@");
            prop_assert!(!apply(&text).contains(&leak));
        }

        #[test]
        fn what_has_been_redacted_once_stays_the_same(text in "(password|token|secret)[=:] ?[a-zA-Z0-9]{3,12}( [a-z]{1,6}){0,3}") {
            let once = apply(&text);
            prop_assert_eq!(apply(&once), once);
        }
    }
}
