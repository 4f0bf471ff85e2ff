//! Diagnoses that were made before. The same text, names and runbooks give the same diagnosis (`diagnosis` is pure), and callers ask the same again and again: every pod of a
//! failing deployment says the same. Bounded; a diagnosis that nobody asks for again makes room.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::{Arc, Mutex, PoisonError};

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

struct Kept {
    text: String,
    named: Named,
    answered: Arc<Answered>,
}

#[derive(Default)]
struct Generations {
    young: HashMap<u64, Kept>,
    bytes: usize,
    old: HashMap<u64, Kept>,
}

/// Diagnoses that were made with one set of runbooks.
#[derive(Default)]
pub(super) struct Memo {
    hasher: RandomState,
    kept: Mutex<Generations>,
}

impl Memo {
    fn place(&self, text: &str, named: &Named) -> u64 {
        self.hasher.hash_one((text, named))
    }

    /// The answer to the same question, if it was asked not long ago.
    pub(super) fn get(&self, text: &str, named: &Named) -> Option<Arc<Answered>> {
        if text.len() > LONGEST {
            return None;
        }
        let place = self.place(text, named);
        let same = |kept: &&Kept| kept.text == text && kept.named == *named;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = kept.young.get(&place).filter(same) {
            return Some(found.answered.clone());
        }
        kept.old.get(&place).filter(same)?;
        let found = kept.old.remove(&place)?;
        let answered = found.answered.clone();
        kept.add(place, found);
        Some(answered)
    }

    /// Keeps an answer.
    pub(super) fn put(&self, text: String, named: Named, answered: Arc<Answered>) {
        if text.len() <= LONGEST {
            let place = self.place(&text, &named);
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            kept.add(place, Kept { text, named, answered });
        }
    }
}

impl Generations {
    fn add(&mut self, place: u64, kept: Kept) {
        let bytes = kept.text.len() + kept.answered.rest.len() + 256;
        if self.bytes + bytes > ROOM {
            self.old = std::mem::take(&mut self.young);
            self.bytes = 0;
        }
        self.bytes += bytes;
        self.young.insert(place, kept);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Answered, LONGEST, Memo, ROOM};
    use crate::service::Named;

    fn answered(bytes: usize) -> Arc<Answered> {
        Arc::new(Answered { category: "None".into(), rest: vec![b'x'; bytes] })
    }

    #[test]
    fn only_the_same_question_has_the_same_answer() {
        let (memo, nothing) = (Memo::default(), Named::default());
        let pod = Named { pod: Some("web-0".into()), ..Named::default() };
        memo.put("boom".into(), nothing.clone(), answered(1));
        assert!(memo.get("boom", &nothing).is_some());
        assert!(memo.get("boom", &pod).is_none() && memo.get("boom ", &nothing).is_none());
        let long = "x".repeat(LONGEST + 1);
        memo.put(long.clone(), nothing.clone(), answered(1));
        assert!(memo.get(&long, &nothing).is_none());
    }

    #[test]
    fn what_is_asked_for_stays_and_the_rest_goes() {
        let (memo, nothing) = (Memo::default(), Named::default());
        memo.put("often".into(), nothing.clone(), answered(10));
        memo.put("once".into(), nothing.clone(), answered(10));
        for number in 0..5 * ROOM / 100_000 {
            memo.put(number.to_string(), nothing.clone(), answered(100_000));
            assert!(memo.get("often", &nothing).is_some(), "{number}");
        }
        assert!(memo.get("once", &nothing).is_none());
        let kept = memo.kept.lock().expect("no panic");
        assert!(kept.young.len() + kept.old.len() <= 2 * ROOM / 100_000 + 2);
    }

    #[test]
    fn an_answer_gets_its_id_and_time_in_place() {
        let text = answered(0).text("id-1", "now");
        assert_eq!(text, b"{\"request_id\":\"id-1\",\"timestamp\":\"now\",");
    }
}
