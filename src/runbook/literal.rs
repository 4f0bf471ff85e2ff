//! The literal texts that a regular expression cannot match without.
//!
//! A line that holds none of them need not be tried. Self-contained on purpose: the build script compiles this file
//! too, so that nothing is worked out again at start-up. `regex-syntax` extracts prefixes and suffixes only; a log
//! expression has its best literal in the middle, so the walk over its syntax tree is ours.

use regex_syntax::ParserBuilder;
use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, Hir, HirKind};

/// The shortest literal that may stand for an expression, in bytes.
pub const SHORTEST: usize = 3;
/// Literals are cut to this many bytes: a piece of a required text is as required as the whole.
const LONGEST: usize = 16;
/// Texts that a run of neighbours may multiply to; beyond it the run ends and the next one starts.
const MOST_IN_RUN: usize = 16;
/// Texts that all branches together may have.
const MOST: usize = 256;

/// Returns lower-case texts of which every match of `expression` contains at least one, ignoring ASCII case.
///
/// # Errors
/// One sentence: the expression does not parse, or has no literal of at least [`SHORTEST`] bytes on every path.
pub fn required(expression: &str) -> Result<Vec<String>, String> {
    let hir = ParserBuilder::new()
        .utf8(false)
        .unicode(needs_unicode(expression))
        .build()
        .parse(expression)
        .map_err(|e| flat(&e))?;
    let set = best(&hir).filter(|set| set.iter().all(|l| piece(l).len() >= SHORTEST));
    let set = set.ok_or("no text of at least three bytes is common to every match")?;
    let mut texts: Vec<String> = set.iter().map(|l| String::from_utf8_lossy(&shorten(l)).into_owned()).collect();
    // A text that holds another one adds nothing.
    texts.sort_by_key(String::len);
    let mut least: Vec<String> = Vec::new();
    for text in texts {
        if !least.iter().any(|known| text.contains(known.as_str())) {
            least.push(text);
        }
    }
    Ok(least)
}

/// Classes are ASCII, which compiles many times faster, unless the expression itself goes beyond it.
#[must_use]
pub fn needs_unicode(expression: &str) -> bool {
    !expression.is_ascii()
}

fn flat(error: &regex_syntax::Error) -> String {
    let text = error.to_string();
    text.lines().last().unwrap_or("does not parse").trim_start_matches("error: ").to_owned()
}

type Set = Vec<Vec<u8>>;

fn best(hir: &Hir) -> Option<Set> {
    match hir.kind() {
        HirKind::Capture(capture) => best(&capture.sub),
        HirKind::Repetition(r) if r.min >= 1 => best(&r.sub),
        HirKind::Alternation(branches) => union(branches.iter().map(best)),
        HirKind::Concat(parts) => best_of_concat(parts),
        HirKind::Literal(_) | HirKind::Class(_) => exact(hir).map(|set| set.into_iter().collect()),
        _ => None,
    }
}

/// Adjacent parts that are literal run together; of all runs and inner sets the most telling one wins.
fn best_of_concat(parts: &[Hir]) -> Option<Set> {
    let mut candidates: Vec<Set> = Vec::new();
    let mut run: Set = vec![Vec::new()];
    for part in parts {
        if let Some(longer) = exact(part).and_then(|tails| product(&run, &tails)) {
            run = longer;
            continue;
        }
        candidates.push(std::mem::replace(&mut run, vec![Vec::new()]));
        match exact(part) {
            Some(fresh) => run = fresh,
            None => candidates.extend(best(part)),
        }
    }
    candidates.push(run);
    candidates.into_iter().rev().max_by_key(score)
}

/// Long and few beats short and many.
fn score(set: &Set) -> (usize, std::cmp::Reverse<usize>) {
    let shortest = set.iter().map(|l| piece(l).len()).min().unwrap_or(0);
    (shortest.min(8), std::cmp::Reverse(set.len()))
}

fn union(branches: impl Iterator<Item = Option<Set>>) -> Option<Set> {
    let mut all = Set::new();
    for branch in branches {
        all.extend(branch?);
    }
    all.sort();
    all.dedup();
    (all.len() <= MOST).then_some(all)
}

fn product(heads: &Set, tails: &Set) -> Option<Set> {
    if heads.len() * tails.len() > MOST_IN_RUN {
        return None;
    }
    Some(heads.iter().flat_map(|h| tails.iter().map(move |t| [h.as_slice(), t].concat())).collect())
}

/// All texts that `hir` can match, in lower case, where they are few; `None` where they are many or not known.
fn exact(hir: &Hir) -> Option<Set> {
    match hir.kind() {
        HirKind::Empty => Some(vec![Vec::new()]),
        HirKind::Literal(l) => Some(vec![l.0.to_ascii_lowercase()]),
        HirKind::Class(class) => single_bytes(class),
        HirKind::Capture(capture) => exact(&capture.sub),
        HirKind::Alternation(branches) => union(branches.iter().map(exact)),
        HirKind::Concat(parts) => parts.iter().try_fold(vec![Vec::new()], |run, part| product(&run, &exact(part)?)),
        HirKind::Repetition(r) if r.min == 0 && r.max == Some(1) => {
            let mut set = exact(&r.sub)?;
            set.push(Vec::new());
            Some(set)
        }
        HirKind::Look(_) | HirKind::Repetition(_) => None,
    }
}

fn single_bytes(class: &Class) -> Option<Set> {
    let ascii = match class {
        Class::Bytes(bytes) => bytes.clone(),
        Class::Unicode(chars) => without_lookalikes(chars).to_byte_class()?,
    };
    let count: usize = ascii.iter().map(regex_syntax::hir::ClassBytesRange::len).sum();
    if count > 6 {
        return None;
    }
    let mut set: Set = ascii.iter().flat_map(|r| r.start()..=r.end()).map(|b| vec![b.to_ascii_lowercase()]).collect();
    set.sort();
    set.dedup();
    Some(set)
}

/// Unicode folds `s` and `k` with the long s and the Kelvin sign, which no log means.
fn without_lookalikes(class: &ClassUnicode) -> ClassUnicode {
    let odd = [ClassUnicodeRange::new('\u{17f}', '\u{17f}'), ClassUnicodeRange::new('\u{212a}', '\u{212a}')];
    let mut rest = class.clone();
    rest.difference(&ClassUnicode::new(odd));
    rest
}

/// The longest piece of a literal that stands in the raw input as it is: quotes, tabs and angle brackets may be escaped
/// there.
fn piece(literal: &[u8]) -> &[u8] {
    let breaks = |b: &u8| matches!(b, b'"' | b'\\' | b'<' | b'>' | b'&') || b.is_ascii_control();
    literal.split(breaks).max_by_key(|p| p.len()).unwrap_or_default()
}

/// Cuts a long literal to its most telling window: the one with the most letters, the first of equals.
fn shorten(literal: &[u8]) -> Vec<u8> {
    let literal = piece(literal);
    let letters = |w: &[u8]| w.iter().filter(|b| b.is_ascii_alphabetic()).count();
    let windows = literal.windows(LONGEST).filter(|w| std::str::from_utf8(w).is_ok()).rev();
    windows.max_by_key(|w| letters(w)).unwrap_or(literal).to_vec()
}

#[cfg(test)]
mod tests {
    use super::required;

    fn of(expression: &str) -> Vec<String> {
        required(expression).expect("has a literal")
    }

    #[test]
    fn the_longest_run_is_found_in_the_middle() {
        assert_eq!(of(r"\d+ bytes: no space left on \S+"), ["no space left on"]);
    }

    #[test]
    fn each_branch_of_an_alternation_gives_its_own() {
        assert_eq!(of("(timed out|timeout) after"), ["timeout after", "timed out after"]);
    }

    #[test]
    fn letter_case_is_folded_also_under_a_flag() {
        assert_eq!(of("(?i)OOMKilled"), ["oomkilled"]);
        assert_eq!(of("Exit Code:"), ["exit code:"]);
    }

    #[test]
    fn an_optional_part_is_not_required() {
        assert_eq!(of("(very )?broken"), ["broken"]);
        assert_eq!(of(r"(?:\S+ )?broken"), ["broken"]);
    }

    #[test]
    fn a_capture_at_the_end_does_not_hide_the_text_before_it() {
        assert_eq!(of(r"pull access denied for (?<image>[^\s,]+)"), ["pull access deni"]);
    }

    #[test]
    fn what_may_be_escaped_in_the_input_is_no_part_of_a_literal() {
        assert_eq!(of(r#"configmap "(?<configmap>[^"]+)" not found"#), ["configmap "]);
        assert_eq!(of("<nil> pointer"), [" pointer"]);
    }

    #[test]
    fn an_expression_without_text_is_refused() {
        assert!(required(r"\d+\s\w*").is_err());
        assert!(required(r"(foo|\d+)").is_err());
        assert!(required("(unclosed").is_err());
    }
}
