//! A compiled expression that keeps little: an automaton whose states are made when a text first needs them, and no more of it than what was asked for.
//!
//! `regex_automata::meta` makes every engine of an expression, and the memory of each, with the first search. Of thousands of expressions most are only ever asked whether they match,
//! for which one automaton is enough. Where groups are wanted, they are looked for where the automaton found a match, with memory that all expressions of a thread share.

use std::cell::RefCell;
use std::sync::{Mutex, OnceLock, PoisonError};

use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::nfa::thompson::backtrack::{self, BoundedBacktracker};
use regex_automata::nfa::thompson::pikevm::{self, PikeVM};
use regex_automata::nfa::thompson::{Compiler, Config as NfaConfig, NFA, WhichCaptures};
use regex_automata::util::captures::{Captures, GroupInfo};
use regex_automata::{Anchored, Input, MatchKind};
use regex_syntax::hir::Hir;

/// The largest automaton before its states are made, in bytes.
const LARGEST: usize = 4 << 20;

/// An automaton with what it learned of texts.
#[derive(Debug)]
struct Lazy {
    dfa: DFA,
    /// What was learned, for whoever searches next. Two who search at the same moment are rare, so that a second one is not kept.
    learned: Mutex<Option<Box<Cache>>>,
}

/// A compiled expression. Large, but for its automata small: thousands may lie about that nobody has asked yet, so that it wants a box.
#[derive(Debug)]
pub(super) struct Expression {
    forward: Option<Lazy>,
    /// Finds where a match begins; only texts that are too long to be looked through step by step need it.
    backward: OnceLock<Option<Box<Lazy>>>,
    step_by_step: BoundedBacktracker,
    /// For texts that are too long for that.
    slowly: PikeVM,
    learn: usize,
}

thread_local! {
    static STEPS: RefCell<Option<backtrack::Cache>> = const { RefCell::new(None) };
    static SLOW: RefCell<Option<pikevm::Cache>> = const { RefCell::new(None) };
}

impl Lazy {
    fn of(nfa: NFA, kind: MatchKind, learn: usize) -> Option<Self> {
        let config = DFA::config()
            .match_kind(kind)
            .cache_capacity(learn)
            .skip_cache_capacity_check(true)
            .unicode_word_boundary(true)
            .minimum_cache_clear_count(Some(3))
            .minimum_bytes_per_state(Some(10));
        let dfa = DFA::builder().configure(config).build_from_nfa(nfa).ok()?;
        Some(Self { dfa, learned: Mutex::new(None) })
    }

    /// Searches with what was learned.
    fn with<T>(&self, search: impl FnOnce(&DFA, &mut Cache) -> T) -> T {
        let known = self.learned.lock().unwrap_or_else(PoisonError::into_inner).take();
        let mut cache = known.unwrap_or_else(|| Box::new(self.dfa.create_cache()));
        let found = search(&self.dfa, &mut cache);
        let mut kept = self.learned.lock().unwrap_or_else(PoisonError::into_inner);
        // Of two that were in use at the same moment the one that learned more stays.
        if kept.as_ref().is_none_or(|other| other.memory_usage() < cache.memory_usage()) {
            *kept = Some(cache);
        }
        found
    }
}

impl Expression {
    /// Compiles it. What it learns of texts takes at most `learn` bytes; `groups` says whether anybody will ask for them.
    pub(super) fn of(hir: &Hir, learn: usize, groups: bool) -> Option<Self> {
        let captures = if groups { WhichCaptures::All } else { WhichCaptures::None };
        let nfa = compiled(hir, captures, false)?;
        Some(Self {
            forward: Lazy::of(nfa.clone(), MatchKind::LeftmostFirst, learn),
            backward: OnceLock::new(),
            step_by_step: BoundedBacktracker::new_from_nfa(nfa.clone()).ok()?,
            slowly: PikeVM::new_from_nfa(nfa).ok()?,
            learn,
        })
    }

    pub(super) fn groups(&self) -> &GroupInfo {
        self.slowly.get_nfa().group_info()
    }

    /// Whether it matches somewhere in the text.
    pub(super) fn is_match(&self, text: &str) -> bool {
        let input = Input::new(text).earliest(true);
        let quick = self.forward.as_ref().map(|lazy| lazy.with(|dfa, cache| dfa.try_search_fwd(cache, &input)));
        match quick {
            Some(Ok(found)) => found.is_some(),
            // It gave up, or the text is beyond what it can read.
            _ => self.fill(&input, &mut []),
        }
    }

    /// Finds the first match in a part of a text, with its groups; `parse` gives the expression again.
    pub(super) fn search(&self, input: &Input<'_>, captures: &mut Captures, parse: impl FnOnce() -> Option<Hir>) {
        captures.clear();
        let mut part = input.clone();
        let quick = self.forward.as_ref().map(|lazy| lazy.with(|dfa, cache| dfa.try_search_fwd(cache, input)));
        match quick {
            Some(Ok(None)) => return,
            Some(Ok(Some(end))) => {
                part.set_end(end.offset());
                if let Some(begin) = self.begin(&part, parse) {
                    part.set_start(begin);
                    part.set_anchored(Anchored::Yes);
                }
            }
            _ => {}
        }
        if self.fill(&part, captures.slots_mut()) {
            captures.set_pattern(Some(regex_automata::PatternID::ZERO));
        }
    }

    /// Where the match that ends with `part` begins, where it is worth to know.
    fn begin(&self, part: &Input<'_>, parse: impl FnOnce() -> Option<Hir>) -> Option<usize> {
        if part.get_span().len() <= self.step_by_step.max_haystack_len() {
            return None;
        }
        let lazy = self.backward.get_or_init(|| {
            let nfa = compiled(&parse()?, WhichCaptures::None, true)?;
            Lazy::of(nfa, MatchKind::All, self.learn).map(Box::new)
        });
        let back = part.clone().anchored(Anchored::Yes);
        let found = lazy.as_ref()?.with(|dfa, cache| dfa.try_search_rev(cache, &back));
        found.ok().flatten().map(|begin| begin.offset())
    }

    /// Looks for a match step by step.
    fn fill(&self, input: &Input<'_>, slots: &mut [Option<regex_automata::util::primitives::NonMaxUsize>]) -> bool {
        if input.get_span().len() <= self.step_by_step.max_haystack_len() {
            return STEPS.with_borrow_mut(|kept| {
                let cache = kept.get_or_insert_with(|| self.step_by_step.create_cache());
                cache.reset(&self.step_by_step);
                self.step_by_step.try_search_slots(cache, input, slots).is_ok_and(|found| found.is_some())
            });
        }
        SLOW.with_borrow_mut(|kept| {
            let cache = kept.get_or_insert_with(|| self.slowly.create_cache());
            cache.reset(&self.slowly);
            self.slowly.search_slots(cache, input, slots).is_some()
        })
    }
}

fn compiled(hir: &Hir, captures: WhichCaptures, reverse: bool) -> Option<NFA> {
    let config = NfaConfig::new().utf8(false).nfa_size_limit(Some(LARGEST)).which_captures(captures).reverse(reverse);
    Compiler::new().configure(config).build_from_hir(hir).ok()
}
