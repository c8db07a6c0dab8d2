//! Keys of the one tree, ordered as scans need them.
//!
//! UTF-8 never uses the bytes 0xF5 to 0xFF, so every byte raised by one leaves 0 free to end a part. That keeps the order
//! of the parts, also where one begins like another or holds a NUL.

use lupinus_core::store::{IndexEntry, RecordKey};

/// Where the index says what it holds.
pub(super) const META: &[u8] = b"m";
const RECORD: u8 = b'r';
const ENTRY: u8 = b'i';

fn begin(sort: u8, parts: &[&str]) -> Vec<u8> {
    let len = parts.iter().map(|part| part.len() + 1).sum::<usize>();
    let mut out = Vec::with_capacity(1 + len);
    out.push(sort);
    for part in parts {
        open(&mut out, part);
        out.push(0);
    }
    out
}

/// Adds a part without its end: as a bound, it stands before everything that begins with it.
pub(super) fn open(out: &mut Vec<u8>, part: &str) {
    out.extend(part.bytes().map(|byte| byte.wrapping_add(1)));
}

pub(super) fn record(key: &RecordKey) -> Vec<u8> {
    begin(RECORD, &[key.kind.as_str(), &key.key])
}

pub(super) fn records() -> Vec<u8> {
    vec![RECORD]
}

pub(super) fn is_record(key: &[u8]) -> bool {
    key.first() == Some(&RECORD)
}

pub(super) fn records_of(kind: &str) -> Vec<u8> {
    begin(RECORD, &[kind])
}

pub(super) fn entries_of(kind: &str, index: &str) -> Vec<u8> {
    begin(ENTRY, &[kind, index])
}

pub(super) fn entry(key: &RecordKey, entry: &IndexEntry) -> Vec<u8> {
    begin(ENTRY, &[key.kind.as_str(), &entry.index, &entry.value, &key.key])
}

pub(super) fn entry_at(kind: &str, index: &str, value: &str, key: &str) -> Vec<u8> {
    begin(ENTRY, &[kind, index, value, key])
}

/// An entry's key without the part that names its record: the same for all entries at one value.
pub(super) fn without_record(entry: &[u8]) -> Option<&[u8]> {
    let (_, inner) = entry.split_last()?;
    let end = inner.iter().rposition(|byte| *byte == 0)?;
    entry.get(..=end)
}

/// The first key after everything that begins with these whole parts.
pub(super) fn after(mut parts: Vec<u8>) -> Vec<u8> {
    if let Some(last) = parts.last_mut() {
        *last = last.saturating_add(1);
    }
    parts
}

/// The parts of a key; `None` when it was not made here.
pub(super) fn parts(key: &[u8]) -> Option<Vec<String>> {
    let (last, inner) = key.get(1..)?.split_last()?;
    if *last != 0 {
        return None;
    }
    inner
        .split(|byte| *byte == 0)
        .map(|part| String::from_utf8(part.iter().map(|byte| byte.wrapping_sub(1)).collect()).ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn keys_are_ordered_as_their_parts_and_read_back(
            a in prop::collection::vec("[\0-\u{3}a-c\u{10FFFF}]{0,3}", 4),
            b in prop::collection::vec("[\0-\u{3}a-c\u{10FFFF}]{0,3}", 4),
        ) {
            let encode = |parts: &[String]| entry_at(&parts[0], &parts[1], &parts[2], &parts[3]);
            prop_assert_eq!(encode(&a).cmp(&encode(&b)), a.cmp(&b));
            prop_assert_eq!(parts(&encode(&a)), Some(a));
        }
    }
}
