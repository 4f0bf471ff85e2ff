//! Finds the words that are values although they look like words: names of users, hosts, states.
//!
//! Keys of one length that differ in one place only are looked at together. Where that place holds a value in some of them, or many different words, it is a
//! value in all of them. Two or three words are kept apart: "opened" and "closed" are two messages.

use std::collections::HashMap;

use super::mask::VALUE;

/// So many different words in one place are values.
const MANY_WORDS: usize = 6;
/// Rounds: a key may have several such places.
const ROUNDS: usize = 4;
/// Words of a key in which such places are looked for.
const MOST_WORDS: usize = 60;

/// For every key the index of the template that it belongs to, and the templates.
pub(super) fn merge(keys: &[&str]) -> (Vec<usize>, Vec<String>) {
    let mut templates: Vec<Vec<u32>> = Vec::new();
    let mut words = Numbers::default();
    for key in keys {
        templates.push(key.split(' ').map(|w| words.number(w)).collect());
    }
    let value = words.number(VALUE);
    // Which template each key has become part of.
    let mut owner: Vec<usize> = (0..keys.len()).collect();
    let mut alive: Vec<usize> = (0..keys.len()).collect();
    for _ in 0..ROUNDS {
        let merged = round(&mut templates, &mut owner, &alive, value);
        if !merged {
            break;
        }
        alive.retain(|k| owner[*k] == *k);
    }
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut names: Vec<String> = Vec::new();
    let of_key = (0..keys.len()).map(|key| {
        let name = words.text(&templates[root(&owner, key)], value);
        *places.entry(name).or_insert_with_key(|name| {
            names.push(name.clone());
            names.len() - 1
        })
    });
    let of_key = of_key.collect();
    (of_key, names)
}

/// The template that `key` has become part of in the end.
fn root(owner: &[usize], key: usize) -> usize {
    let mut at = key;
    while owner[at] != at {
        at = owner[at];
    }
    at
}

/// Merges keys that differ in one place; returns whether there were any.
fn round(templates: &mut [Vec<u32>], owner: &mut [usize], alive: &[usize], value: u32) -> bool {
    let mut groups: HashMap<(usize, u64), Vec<usize>> = HashMap::new();
    for key in alive {
        let template = &templates[*key];
        let whole = template.iter().enumerate().fold(0u64, |sum, (at, word)| sum.wrapping_add(spread(at, *word)));
        for (at, word) in template.iter().enumerate().take(MOST_WORDS) {
            // What is left of the sum without this word stands for the rest of the key.
            let rest = whole.wrapping_sub(spread(at, *word)).wrapping_add(template.len() as u64);
            groups.entry((at, rest)).or_default().push(*key);
        }
    }
    let mut ordered: Vec<((usize, u64), Vec<usize>)> = groups.into_iter().filter(|(_, keys)| keys.len() > 1).collect();
    // Where more words differ the place is more surely a value.
    ordered.sort_by_key(|((at, _), keys)| (std::cmp::Reverse(keys.len()), keys[0], *at));
    let mut merged = false;
    for ((at, _), keys) in ordered {
        let keys: Vec<usize> = keys.into_iter().filter(|k| owner[*k] == *k).collect();
        if keys.len() > 1 && is_value(templates, &keys, at, value) {
            templates[keys[0]][at] = value;
            keys[1..].iter().for_each(|k| owner[*k] = keys[0]);
            merged = true;
        }
    }
    merged
}

/// Whether the words in this place are values. Something of the message must stay.
fn is_value(templates: &[Vec<u32>], keys: &[usize], at: usize, value: u32) -> bool {
    let others = templates[keys[0]].iter().enumerate().any(|(place, word)| place != at && *word != value);
    others && (keys.len() >= MANY_WORDS || keys.iter().any(|k| templates[*k][at] == value))
}

/// Mixes a word with its place.
fn spread(at: usize, word: u32) -> u64 {
    let mixed =
        (u64::from(word) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(u32::try_from(at % 63).unwrap_or(0) + 1);
    (mixed ^ (at as u64 + 1)).wrapping_mul(0xa076_1d64_78bd_642f)
}

/// Words as numbers.
#[derive(Default)]
struct Numbers {
    known: HashMap<String, u32>,
    texts: Vec<String>,
}

impl Numbers {
    fn number(&mut self, word: &str) -> u32 {
        if let Some(known) = self.known.get(word) {
            return *known;
        }
        let next = u32::try_from(self.texts.len()).unwrap_or(u32::MAX);
        self.known.insert(word.to_owned(), next);
        self.texts.push(word.to_owned());
        next
    }

    /// Values that follow each other are written once.
    fn text(&self, template: &[u32], value: u32) -> String {
        let mut text = String::new();
        let mut last = None;
        for word in template {
            if *word != value || last != Some(value) {
                if !text.is_empty() {
                    text.push(' ');
                }
                text.push_str(&self.texts[*word as usize]);
            }
            last = Some(*word);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::merge;

    fn templates(keys: &[&str]) -> Vec<String> {
        let (of_key, names) = merge(keys);
        of_key.into_iter().map(|t| names[t].clone()).collect()
    }

    #[test]
    fn a_place_with_many_words_is_a_value() {
        let users = ["ann", "bob", "cleo", "dan", "eve", "finn"];
        let keys: Vec<String> = users.iter().map(|u| format!("login of {u} from <*>")).collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        assert!(templates(&keys).iter().all(|t| t == "login of <*> from <*>"));
    }

    #[test]
    fn a_place_that_holds_a_value_elsewhere_is_one() {
        assert_eq!(templates(&["login of <*> ok", "login of root ok"]), ["login of <*> ok", "login of <*> ok"]);
    }

    #[test]
    fn few_words_are_different_messages() {
        assert_eq!(templates(&["session opened", "session closed"]), ["session opened", "session closed"]);
        assert_eq!(templates(&["a", "b", "c", "d", "e", "f", "g"]).len(), 7);
    }
}
