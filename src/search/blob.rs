//! How the index lies in one run of bytes: numbers, shelves of entries, tables of sorted keys, and a checksum over all.
//!
//! Everything is read where it lies, nothing is decoded ahead, so that opening costs one pass for the checksum. Every access is
//! checked: bytes that lie about their lengths give fewer answers, never a panic.

use std::cmp::Ordering;

use twox_hash::XxHash3_64;

use super::short;

/// Says whose bytes these are, and in its last two bytes which version of the format.
const MAGIC: [u8; 8] = *b"idpsrc\x00\x01";
/// Magic and checksum.
const HEAD: usize = 16;

/// A hash of `bytes` that is the same on every machine.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    XxHash3_64::oneshot(bytes)
}

/// Bytes being written.
#[derive(Clone, Debug, Default)]
pub(super) struct Out(pub(super) Vec<u8>);

impl Out {
    /// A number, seven bits to a byte, the lowest first.
    pub(super) fn number(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.0.push(number.to_le_bytes()[0] | 0x80);
            number >>= 7;
        }
        self.0.push(number.to_le_bytes()[0]);
    }

    /// A number of four bytes.
    pub(super) fn word(&mut self, word: u32) {
        self.0.extend_from_slice(&word.to_le_bytes());
    }

    /// A text with its length before it.
    pub(super) fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
    }
}

/// Bytes being read, from the front.
#[derive(Clone, Copy, Debug)]
pub(super) struct In<'b>(pub(super) &'b [u8]);

impl<'b> In<'b> {
    /// What [`Out::number`] wrote.
    pub(super) fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            number |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }

    /// A number that fits 32 bits.
    pub(super) fn small(&mut self) -> Option<u32> {
        self.number().and_then(|number| u32::try_from(number).ok())
    }

    /// One byte.
    pub(super) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// What [`Out::text`] wrote.
    pub(super) fn text(&mut self) -> Option<&'b str> {
        std::str::from_utf8(self.bytes()?).ok()
    }

    /// Bytes with their length before them.
    pub(super) fn bytes(&mut self) -> Option<&'b [u8]> {
        let length = usize::try_from(self.number()?).ok()?;
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(bytes)
    }
}

/// The word at `index` of a run of four-byte words.
pub(super) fn word_at(bytes: &[u8], index: usize) -> Option<u32> {
    let start = index.checked_mul(4)?;
    let word = bytes.get(start..start.checked_add(4)?)?;
    word.try_into().ok().map(u32::from_le_bytes)
}

/// Entries of any length in a row, being written; found again by their number.
#[derive(Clone, Debug)]
pub(super) struct Shelving {
    ends: Out,
    entries: Out,
}

impl Default for Shelving {
    fn default() -> Self {
        Self { ends: Out(vec![0; 4]), entries: Out::default() }
    }
}

impl Shelving {
    /// Adds an entry that `write` writes.
    pub(super) fn add(&mut self, write: impl FnOnce(&mut Out)) {
        write(&mut self.entries);
        self.ends.word(short(self.entries.0.len()));
    }

    /// Its two parts in the blob.
    pub(super) fn parts(self) -> [Vec<u8>; 2] {
        [self.ends.0, self.entries.0]
    }
}

/// A shelf to read from.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shelf<'b> {
    /// Where entries end; the first word is where the first begins.
    pub(super) ends: &'b [u8],
    /// The entries.
    pub(super) entries: &'b [u8],
}

impl<'b> Shelf<'b> {
    /// How many entries there are.
    pub(super) fn len(&self) -> usize {
        (self.ends.len() / 4).saturating_sub(1)
    }

    /// The entry of number `index`.
    pub(super) fn get(&self, index: usize) -> Option<In<'b>> {
        let start = word_at(self.ends, index)? as usize;
        let end = word_at(self.ends, index + 1)? as usize;
        self.entries.get(start..end).map(In)
    }

    /// What follows `key` in its entry, where entries begin with sorted keys.
    pub(super) fn find(&self, key: &str) -> Option<In<'b>> {
        let (mut low, mut high) = (0, self.len());
        while low < high {
            let middle = low.midpoint(high);
            let mut entry = self.get(middle)?;
            match entry.bytes()?.cmp(key.as_bytes()) {
                Ordering::Less => low = middle + 1,
                Ordering::Greater => high = middle,
                Ordering::Equal => return Some(entry),
            }
        }
        None
    }
}

/// Puts `parts` one behind the other, with their lengths, a checksum and the magic before them.
pub(super) fn seal(parts: &[Vec<u8>]) -> Vec<u8> {
    let size = parts.iter().map(Vec::len).sum::<usize>() + HEAD + parts.len() * 4;
    let mut out = Out(Vec::with_capacity(size));
    out.0.extend_from_slice(&MAGIC);
    out.0.extend_from_slice(&[0; 8]);
    for part in parts {
        out.word(short(part.len()));
    }
    for part in parts {
        out.0.extend_from_slice(part);
    }
    sum(&mut out.0);
    out.0
}

/// Writes the checksum of what lies behind it.
fn sum(bytes: &mut [u8]) {
    let sum = hash(&bytes[HEAD..]).to_le_bytes();
    bytes[MAGIC.len()..HEAD].copy_from_slice(&sum);
}

/// Changes a byte behind the checksum and makes the checksum right again: what no accident does.
#[cfg(test)]
pub(super) fn forge(bytes: &mut [u8], at: usize, byte: u8) {
    let at = HEAD + at % (bytes.len() - HEAD);
    bytes[at] = byte;
    sum(bytes);
}

/// Why bytes are no index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Damaged {
    /// The world's: written by another version, or not by us at all. It is built again.
    #[error("read the search index: it has another format")]
    Format,
    /// The world's: cut off or changed since it was written. It is built again.
    #[error("read the search index: it is damaged")]
    Content,
}

/// Where the `N` parts lie in `bytes`, if these are sound.
pub(super) fn unseal<const N: usize>(bytes: &[u8]) -> Result<[std::ops::Range<usize>; N], Damaged> {
    if bytes.get(..MAGIC.len()) != Some(&MAGIC[..]) {
        return Err(Damaged::Format);
    }
    let sum = bytes.get(MAGIC.len()..HEAD).ok_or(Damaged::Content)?;
    let rest = bytes.get(HEAD..).ok_or(Damaged::Content)?;
    if hash(rest).to_le_bytes() != *sum {
        return Err(Damaged::Content);
    }
    let mut at = HEAD + N * 4;
    let mut ranges = [const { 0..0 }; N];
    for (index, range) in ranges.iter_mut().enumerate() {
        let length = word_at(rest, index).ok_or(Damaged::Content)? as usize;
        let end = at.checked_add(length).filter(|end| *end <= bytes.len()).ok_or(Damaged::Content)?;
        *range = at..end;
        at = end;
    }
    if at == bytes.len() { Ok(ranges) } else { Err(Damaged::Content) }
}

#[cfg(test)]
mod tests {
    use super::{Damaged, In, Out, Shelf, Shelving, seal, unseal};

    #[test]
    fn numbers_and_texts_come_back() {
        let mut out = Out::default();
        for number in [0, 127, 128, u64::MAX] {
            out.number(number);
        }
        out.text("größe");
        let mut read = In(&out.0);
        assert_eq!([0; 4].map(|_| read.number().unwrap()), [0, 127, 128, u64::MAX]);
        assert_eq!(read.text(), Some("größe"));
        assert_eq!(read.number(), None);
        assert_eq!(In(&[0x80; 20]).number(), None);
        assert_eq!(In(&[9, b'x']).text(), None);
    }

    #[test]
    fn a_shelf_finds_entries_by_number_and_by_key() {
        let mut shelving = Shelving::default();
        for (key, value) in [("a", 1), ("b", 2), ("d", 300)] {
            shelving.add(|out| {
                out.text(key);
                out.number(value);
            });
        }
        let [ends, entries] = shelving.parts();
        let shelf = Shelf { ends: &ends, entries: &entries };
        assert_eq!(shelf.len(), 3);
        assert_eq!(shelf.find("d").and_then(|mut entry| entry.number()), Some(300));
        assert!(shelf.find("c").is_none() && shelf.get(3).is_none());
        assert!(Shelf { ends: &[], entries: &[] }.find("a").is_none());
    }

    #[test]
    fn what_was_changed_is_noticed() {
        let sealed = seal(&[b"one".to_vec(), Vec::new(), b"three".to_vec()]);
        let [one, two, three] = unseal::<3>(&sealed).unwrap();
        assert_eq!((&sealed[one], two.len(), &sealed[three]), (&b"one"[..], 0, &b"three"[..]));
        assert_eq!(unseal::<2>(&sealed), Err(Damaged::Content));
        assert_eq!(unseal::<3>(b"something else"), Err(Damaged::Format));
        for at in 0..sealed.len() {
            let mut bytes = sealed.clone();
            bytes[at] ^= 0x10;
            assert!(unseal::<3>(&bytes).is_err() && unseal::<3>(&sealed[..at]).is_err());
        }
    }
}
