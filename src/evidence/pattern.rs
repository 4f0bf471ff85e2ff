//! Regular expressions that are compiled when they are first needed, and cheaply: each is tried on a few lines that were found by other
//! means, so that compiling is what costs.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;

use regex_automata::util::captures::Captures;
use regex_automata::util::iter::Searcher;
use regex_automata::util::syntax;
use regex_automata::{Input, PatternID};
use regex_syntax::hir::Hir;

use super::digits;
use super::expression::Expression;

/// A regular expression, compiled on first use.
///
/// Classes are ASCII, which compiles many times faster, unless the expression itself goes beyond ASCII. `^` and `$` match at lines.
#[derive(Debug)]
pub struct Pattern {
    source: Cow<'static, str>,
    /// One of thousands: what it learns of texts may take little memory.
    lean: bool,
    compiled: OnceLock<Option<Box<Expression>>>,
    digits: OnceLock<Digits>,
}

/// What an expression makes of digits.
#[derive(Debug)]
enum Digits {
    /// One digit is as good as another.
    Alike,
    /// Some digits matter: what else could match with other digits, and what matches with any.
    Matter { loosest: Option<Box<Expression>>, strictest: Option<Box<Expression>> },
}

/// What an expression may learn of texts, in bytes; the second is for one of thousands.
const AMPLE: usize = 2 << 20;
const LEAN: usize = 128 << 10;

impl Pattern {
    /// An expression of ours; a test of its user compiles it.
    #[must_use]
    pub const fn new(source: &'static str) -> Self {
        Self { source: Cow::Borrowed(source), lean: false, compiled: OnceLock::new(), digits: OnceLock::new() }
    }

    /// An expression that was read from somewhere.
    #[must_use]
    pub fn of(source: &str) -> Self {
        Self { source: Cow::Owned(source.to_owned()), lean: true, compiled: OnceLock::new(), digits: OnceLock::new() }
    }

    /// Whether the expression is valid and not too large; an invalid one matches nothing.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.expression().is_some()
    }

    /// Whether it matches somewhere in `text`.
    #[must_use]
    pub fn is_match(&self, text: &str) -> bool {
        self.expression().is_some_and(|e| e.is_match(text))
    }

    /// Whether the answer `matched` for `text` is the same whatever digits stand in the places of its digits.
    ///
    /// May say no where it is, never yes where it is not.
    #[must_use]
    pub fn is_steady(&self, text: &str, matched: bool) -> bool {
        match self.digits.get_or_init(|| Digits::of(self.parse().as_ref(), self.learn())) {
            Digits::Alike => true,
            Digits::Matter { strictest, .. } if matched => strictest.as_ref().is_some_and(|r| r.is_match(text)),
            Digits::Matter { loosest, .. } => loosest.as_ref().is_some_and(|r| !r.is_match(text)),
        }
    }

    /// The first match in `text`.
    #[must_use]
    pub fn find<'t>(&self, text: &'t str) -> Option<Found<'t>> {
        self.each(text).next()
    }

    /// Every match in `text`, left to right.
    pub fn each<'t>(&self, text: &'t str) -> impl Iterator<Item = Found<'t>> {
        self.expression().into_iter().flat_map(move |expression| {
            let mut searcher = Searcher::new(Input::new(text));
            std::iter::from_fn(move || {
                let mut captures = Captures::all(expression.groups().clone());
                searcher.advance(|input| {
                    expression.search(input, &mut captures, || self.parse());
                    Ok(captures.get_match())
                })?;
                Some(Found { text, captures })
            })
        })
    }

    /// Whether it has groups with names.
    #[must_use]
    pub fn has_names(&self) -> bool {
        self.expression().is_some_and(|e| e.groups().all_names().any(|(_, _, name)| name.is_some()))
    }

    /// Whether it has a group of this name.
    #[must_use]
    pub fn has_group(&self, name: &str) -> bool {
        self.expression().is_some_and(|e| e.groups().to_index(PatternID::ZERO, name).is_some())
    }

    fn expression(&self) -> Option<&Expression> {
        self.compiled.get_or_init(|| Expression::of(&self.parse()?, self.learn(), true).map(Box::new)).as_deref()
    }

    fn parse(&self) -> Option<Hir> {
        syntax::parse_with(&self.source, &syntax_of(&self.source)).ok()
    }

    fn learn(&self) -> usize {
        if self.lean { LEAN } else { AMPLE }
    }
}

impl Digits {
    fn of(hir: Option<&Hir>, learn: usize) -> Self {
        let Some((loosest, strictest)) = hir.and_then(digits::bounds) else { return Self::Alike };
        let bound = |hir: &Hir| Expression::of(hir, learn, false).map(Box::new);
        Self::Matter { loosest: bound(&loosest), strictest: bound(&strictest) }
    }
}

fn syntax_of(source: &str) -> syntax::Config {
    syntax::Config::new().unicode(!source.is_ascii()).utf8(false).multi_line(true)
}

/// A match.
#[derive(Clone, Debug)]
pub struct Found<'t> {
    text: &'t str,
    captures: Captures,
}

impl<'t> Found<'t> {
    /// The whole match, as byte offsets that lie between characters.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.captures.get_match().map_or(0..0, |m| self.outward(m.range()))
    }

    /// A named group, as byte offsets that lie between characters.
    #[must_use]
    pub fn span_of(&self, name: &str) -> Option<Range<usize>> {
        self.captures.get_group_by_name(name).map(|s| self.outward(s.range()))
    }

    /// The text of a named group.
    #[must_use]
    pub fn name(&self, name: &str) -> Option<&'t str> {
        self.span_of(name).map(|span| &self.text[span])
    }

    /// The named groups that took part, in the order of the expression.
    pub fn named(&self) -> impl Iterator<Item = (&str, &'t str)> {
        let all = self.captures.group_info().all_names();
        all.filter_map(|(_, _, name)| name).filter_map(|name| Some((name, self.name(name)?)))
    }

    /// ASCII classes may end inside a character.
    fn outward(&self, span: Range<usize>) -> Range<usize> {
        let mut span = span;
        while !self.text.is_char_boundary(span.start) {
            span.start -= 1;
        }
        while !self.text.is_char_boundary(span.end) {
            span.end += 1;
        }
        span
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;
    use proptest::prelude::*;

    #[test]
    fn groups_are_found_by_name() {
        let pattern = Pattern::new(r"user=(?<user>\w+)( host=(?<host>\S+))?");
        let found = pattern.find("x user=ann y").expect("matches");
        assert_eq!((found.span(), found.name("user"), found.name("host")), (2..10, Some("ann"), None));
        assert_eq!(found.named().collect::<Vec<_>>(), [("user", "ann")]);
        assert_eq!(pattern.each("user=a user=b").count(), 2);
        assert!(pattern.has_group("host") && !pattern.has_group("port"));
    }

    #[test]
    fn an_invalid_expression_matches_nothing() {
        let pattern = Pattern::of("(open");
        assert!(!pattern.is_valid() && !pattern.is_match("open"));
    }

    proptest! {
        #[test]
        fn a_match_never_ends_inside_a_character(text in "[aé€😀 ]{0,12}") {
            for found in Pattern::new("(?<x>.{1,3})").each(&text) {
                prop_assert!(found.name("x").is_some());
            }
        }
    }
}
