//! The pieces of one word: quotes, expansions, placeholders, templates. Each function takes the text and the byte at which the piece
//! begins, and returns the byte behind it.

/// What is never closed, and where it was opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unclosed {
    /// The sign that opened it.
    pub sign: &'static str,
    /// Its byte.
    pub at: usize,
}

type Ended = Result<usize, Unclosed>;

/// How deep substitutions may lie in each other.
const DEEPEST: usize = 20;

/// `'…'`.
pub(super) fn single(text: &str, at: usize) -> Ended {
    text[at + 1..].find('\'').map(|end| at + 1 + end + 1).ok_or(Unclosed { sign: "'", at })
}

/// `$'…'`, in which `\'` is no end.
pub(super) fn ansi(text: &str, at: usize) -> Ended {
    let bytes = text.as_bytes();
    let mut next = at + 2;
    while next < bytes.len() {
        match bytes[next] {
            b'\\' => next += 2,
            b'\'' => return Ok(next + 1),
            _ => next += 1,
        }
    }
    Err(Unclosed { sign: "'", at: at + 1 })
}

/// `"…"` with what is expanded in it.
pub(super) fn double(text: &str, at: usize, depth: usize) -> Ended {
    let bytes = text.as_bytes();
    let mut next = at + 1;
    while next < bytes.len() {
        match bytes[next] {
            b'\\' => next += 2,
            b'"' => return Ok(next + 1),
            b'`' => next = backquoted(text, next)?,
            b'$' => next = dollar(text, next, depth)?,
            _ => next += 1,
        }
    }
    Err(Unclosed { sign: "\"", at })
}

/// `` `…` ``.
pub(super) fn backquoted(text: &str, at: usize) -> Ended {
    let bytes = text.as_bytes();
    let mut next = at + 1;
    while next < bytes.len() {
        match bytes[next] {
            b'\\' => next += 2,
            b'`' => return Ok(next + 1),
            _ => next += 1,
        }
    }
    Err(Unclosed { sign: "`", at })
}

/// What begins with `$`: `$(…)`, `$((…))`, `${…}`, or just the sign.
pub(super) fn dollar(text: &str, at: usize, depth: usize) -> Ended {
    match text.as_bytes().get(at + 1) {
        Some(b'(') => parenthesised(text, at + 1, depth),
        // `${{ x }}` is a template of a pipeline.
        Some(b'{') if text[at + 1..].starts_with("{{") => Ok(template(text, at + 1).unwrap_or(at + 1)),
        Some(b'{') => braced(text, at + 1, depth),
        _ => Ok(at + 1),
    }
}

/// `(…)` with everything that may lie in it, up to its own end.
pub(super) fn parenthesised(text: &str, at: usize, depth: usize) -> Ended {
    nested(text, at, (b'(', b')'), "(", depth)
}

fn braced(text: &str, at: usize, depth: usize) -> Ended {
    nested(text, at, (b'{', b'}'), "{", depth)
}

fn nested(text: &str, at: usize, (open, close): (u8, u8), sign: &'static str, depth: usize) -> Ended {
    let bytes = text.as_bytes();
    let unclosed = Unclosed { sign, at };
    if depth > DEEPEST {
        return Err(unclosed);
    }
    let mut level = 1;
    let mut next = at + 1;
    while next < bytes.len() {
        let b = bytes[next];
        next = match b {
            b'\\' => next + 2,
            b'\'' if open == b'(' => single(text, next)?,
            b'"' => double(text, next, depth + 1)?,
            b'`' => backquoted(text, next)?,
            b'$' => dollar(text, next, depth + 1)?,
            // In `${x#y}` the sign is no comment, in `$(a # b)` it is.
            b'#' if open == b'(' && bytes[next - 1].is_ascii_whitespace() => {
                text[next..].find('\n').map_or(bytes.len(), |end| next + end)
            }
            _ => next + 1,
        };
        level += usize::from(b == open);
        level -= usize::from(b == close);
        if level == 0 {
            return Ok(next);
        }
    }
    Err(unclosed)
}

/// `<name>`: something for the reader to fill in. A redirection has a blank behind its sign or before the next one.
pub(super) fn placeholder(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at + 1..];
    let end = rest.find(['>', '\n'])?;
    let inner = &rest[..end];
    let fits = |c: char| c.is_alphanumeric() || "_-./:,|'#@*+=\"$[]() ".contains(c) || c == '…' || c == '’';
    let named = rest[end..].starts_with('>')
        && inner
            .starts_with(|c: char| c.is_alphabetic() || matches!(c, '$' | '.' | '_' | '…' | '#') || c.is_ascii_digit())
        && !inner.ends_with(' ')
        && inner.len() <= 120
        && inner.chars().all(fits);
    named.then_some(at + 1 + end + 1)
}

/// `{{ … }}`.
pub(super) fn template(text: &str, at: usize) -> Option<usize> {
    let rest = text[at..].strip_prefix("{{")?;
    let end = rest.find("}}").filter(|end| !rest[..*end].contains('\n'))?;
    let close = at + 2 + end + 2;
    Some(if text[close..].starts_with('}') { close + 1 } else { close })
}

/// A word as its program would get it: without quotes, expansions left as they stand.
pub(super) fn unquoted(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut quote = None;
    let mut chars = raw.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some('\''), '\'') | (Some('"'), '"') => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None | Some('"'), '\\') => match chars.next() {
                Some('\n') | None => {}
                Some(next) => out.push(next),
            },
            _ => out.push(c),
        }
    }
    out
}
