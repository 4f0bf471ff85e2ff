//! Tokens that may call: one SHA-256 per line with a name. The tokens themselves are nowhere.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use ring::digest::{SHA256, digest};
use subtle::{Choice, ConstantTimeEq as _};

/// A larger file holds no tokens, in bytes.
const LARGEST: u64 = 1 << 20;

/// A token as far as the server knows it.
#[derive(Clone, Debug)]
struct Token {
    hash: [u8; 32],
    name: Arc<str>,
}

/// The tokens that may call.
#[derive(Clone, Debug, Default)]
pub(super) struct Tokens(Vec<Token>);

impl Tokens {
    /// Reads a file of them.
    pub(super) fn read(path: &Path) -> Result<Self, String> {
        let shown = path.display();
        let unreadable = |error| format!("the file of tokens {shown} cannot be read: {error}");
        if fs::metadata(path).map_err(unreadable)?.len() > LARGEST {
            return Err(format!("the file of tokens {shown} is larger than 1 MiB"));
        }
        let text = fs::read_to_string(path).map_err(unreadable)?;
        Self::parse(&text).map_err(|what| format!("the file of tokens {shown}: {what}"))
    }

    /// `# comment` lines and empty ones are passed over.
    fn parse(text: &str) -> Result<Self, String> {
        let mut tokens = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (hash, name) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
            let name = name.trim();
            let hash = hash_of(hash)
                .ok_or_else(|| format!("line {number} does not begin with a SHA-256 of 64 hexadecimal digits"))?;
            let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'@');
            if name.is_empty() || name.len() > 64 || !name.bytes().all(plain) {
                return Err(format!("line {number} needs a name after the hash: at most 64 letters, digits, - _ . @"));
            }
            tokens.push(Token { hash, name: name.into() });
        }
        if tokens.is_empty() { Err("it holds no token".into()) } else { Ok(Self(tokens)) }
    }

    /// Whose token this is. How long it takes does not tell how much of it is right.
    pub(super) fn name_of(&self, token: &str) -> Option<Arc<str>> {
        let hash = digest(&SHA256, token.as_bytes());
        let mut found = None;
        for known in &self.0 {
            let same: Choice = known.hash.ct_eq(hash.as_ref());
            if bool::from(same) {
                found = Some(&known.name);
            }
        }
        found.cloned()
    }
}

fn hash_of(hex: &str) -> Option<[u8; 32]> {
    if hex.len() != 64 || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    let mut hash = [0; 32];
    for (at, byte) in hash.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&hex[2 * at..2 * at + 2], 16).ok()?;
    }
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::Tokens;

    /// `printf 'opensesame' | sha256sum`
    const HASH: &str = "a2a8d1e5a2f4a4f4ff2b3c1a3a0f2b5e0b5c2fd9b1a7b27a9c5cbb4f7f0e5d11";

    #[test]
    fn lines_are_hashes_with_names() {
        let tokens = Tokens::parse(&format!("# ours\n\n{HASH}  portal\n{}\tci\n", HASH.to_uppercase())).expect("two");
        assert_eq!(tokens.0.len(), 2);
        assert_eq!(tokens.name_of("opensesame2"), None);
        for (text, what) in [
            ("", "it holds no token"),
            (&HASH[1..], "line 1 does not begin"),
            (HASH, "line 1 needs a name"),
            (&format!("{HASH} a b"), "line 1 needs a name"),
        ] {
            assert!(Tokens::parse(text).expect_err(text).starts_with(what));
        }
    }

    #[test]
    fn a_token_is_known_by_its_hash() {
        // The SHA-256 of nothing.
        let text = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 nobody";
        let tokens = Tokens::parse(text).expect("one");
        assert_eq!(tokens.name_of("").as_deref(), Some("nobody"));
        assert_eq!(tokens.name_of("x"), None);
    }
}
