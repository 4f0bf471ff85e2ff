//! Diagnoses that were made before. The same text, names and runbooks give the same diagnosis (`diagnosis` is pure), and callers ask the same again and again: every pod of a
//! failing deployment says the same. Bounded; a diagnosis that nobody asks for again makes room. Of a question only its SHA-256 is kept: there may be secrets in it, which answers are free of.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use ring::digest::{Context, SHA256};

use crate::report::Response;
use crate::service::Named;

/// Bytes that are kept in each of two generations.
const ROOM: usize = 3 << 20;
/// A longer text is seldom asked for again.
pub(super) const LONGEST: usize = 8 << 10;

/// An answer but for its id and time.
#[derive(Debug)]
pub(super) struct Answered {
    pub(super) category: String,
    rest: Vec<u8>,
}

/// What the JSON of an answer begins with, when its id and time are empty.
const BEGINNING: &str = "{\"request_id\":\"\",\"timestamp\":\"\",";

impl Answered {
    /// The answer, without its id and time.
    pub(super) fn of(response: &Response) -> Option<Self> {
        let text = serde_json::to_vec(response).ok()?;
        let rest = text.strip_prefix(BEGINNING.as_bytes())?.to_vec();
        Some(Self { category: response.error_category.clone(), rest })
    }

    /// The answer with this id and time, which are plain words.
    pub(super) fn text(&self, id: &str, time: &str) -> Vec<u8> {
        let mut text = Vec::with_capacity(self.rest.len() + id.len() + time.len() + BEGINNING.len());
        for part in ["{\"request_id\":\"", id, "\",\"timestamp\":\"", time, "\","] {
            text.extend_from_slice(part.as_bytes());
        }
        text.extend_from_slice(&self.rest);
        text
    }
}

/// A question, as far as it is kept.
type Question = [u8; 32];

#[derive(Default)]
struct Generations {
    young: HashMap<Question, Arc<Answered>>,
    bytes: usize,
    old: HashMap<Question, Arc<Answered>>,
}

/// Diagnoses that were made with one set of runbooks.
#[derive(Default)]
pub(super) struct Memo(Mutex<Generations>);

/// The same for the same text and names, and for no other.
pub(super) fn question(text: &str, named: &Named) -> Option<Question> {
    if text.len() > LONGEST {
        return None;
    }
    let mut hash = Context::new(&SHA256);
    for part in [Some(text), named.namespace.as_deref(), named.pod.as_deref(), named.deployment.as_deref()] {
        // Lengths keep parts apart; a name that is not given is none that is empty.
        hash.update(&part.map_or(u64::MAX, |part| part.len() as u64).to_le_bytes());
        hash.update(part.unwrap_or_default().as_bytes());
    }
    hash.finish().as_ref().try_into().ok()
}

impl Memo {
    /// The answer to the same question, if it was asked not long ago.
    pub(super) fn get(&self, question: &Question) -> Option<Arc<Answered>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = kept.young.get(question) {
            return Some(found.clone());
        }
        let found = kept.old.remove(question)?;
        kept.add(*question, found.clone());
        Some(found)
    }

    /// Keeps an answer.
    pub(super) fn put(&self, question: Question, answered: Arc<Answered>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).add(question, answered);
    }
}

impl Generations {
    fn add(&mut self, question: Question, answered: Arc<Answered>) {
        let bytes = answered.rest.len() + 256;
        if self.bytes + bytes > ROOM {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
        self.bytes += bytes;
        self.young.insert(question, answered);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Answered, LONGEST, Memo, ROOM, question};
    use crate::service::Named;

    fn answered(bytes: usize) -> Arc<Answered> {
        Arc::new(Answered { category: "None".into(), rest: vec![b'x'; bytes] })
    }

    fn of(text: &str) -> [u8; 32] {
        question(text, &Named::default()).expect("short")
    }

    #[test]
    fn only_the_same_question_has_the_same_answer() {
        let memo = Memo::default();
        let named = |namespace: Option<&str>, pod: Option<&str>| {
            let [namespace, pod] = [namespace, pod].map(|n| n.map(str::to_owned));
            question("boom", &Named { namespace, pod, ..Named::default() }).expect("short")
        };
        memo.put(of("boom"), answered(1));
        assert!(memo.get(&of("boom")).is_some() && memo.get(&of("boom ")).is_none());
        assert!(memo.get(&named(None, Some("web-0"))).is_none());
        assert_ne!(named(Some("ab"), Some("c")), named(Some("a"), Some("bc")));
        assert_ne!(named(Some("a"), None), named(None, Some("a")));
        assert_eq!(question(&"x".repeat(LONGEST + 1), &Named::default()), None);
    }

    #[test]
    fn what_is_asked_for_stays_and_the_rest_goes() {
        let memo = Memo::default();
        memo.put(of("often"), answered(10));
        memo.put(of("once"), answered(10));
        for number in 0..5 * ROOM / 100_000 {
            memo.put(of(&number.to_string()), answered(100_000));
            assert!(memo.get(&of("often")).is_some(), "{number}");
        }
        assert!(memo.get(&of("once")).is_none());
        let kept = memo.0.lock().expect("no panic");
        assert!(kept.young.len() + kept.old.len() <= 2 * ROOM / 100_000 + 2);
    }

    #[test]
    fn an_answer_gets_its_id_and_time_in_place() {
        let text = answered(0).text("id-1", "now");
        assert_eq!(text, b"{\"request_id\":\"id-1\",\"timestamp\":\"now\",");
    }
}
