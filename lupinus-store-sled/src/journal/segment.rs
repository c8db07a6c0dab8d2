//! One file of the journal: a header, then frames with consecutive sequence numbers.

use super::frame::{self, Frame};

const MAGIC: &[u8; 8] = b"LUPINUSJ";
const FORMAT: u32 = 1;
/// Bytes before the first frame.
pub(super) const HEADER: usize = 24;

/// What a segment begins with.
pub(super) fn header(first: u64) -> Vec<u8> {
    let mut out = MAGIC.to_vec();
    out.extend(FORMAT.to_le_bytes());
    out.extend(first.to_le_bytes());
    out.extend(crc32fast::hash(&out).to_le_bytes());
    out
}

/// Bytes that had reached the disk and are not what was written.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Damage {
    pub(super) offset: usize,
    pub(super) what: &'static str,
}

/// What a segment holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Scanned<'a> {
    pub(super) groups: Vec<Frame<'a>>,
    /// Where the next group goes; 0 when not even the header is there.
    pub(super) end: usize,
    /// Whether something follows that was never wholly written.
    pub(super) is_torn: bool,
    pub(super) is_sealed: bool,
}

/// Reads the segment whose first group is `first`. What was cut short while it was written is [`Scanned::is_torn`].
///
/// # Errors
/// [`Damage`] when something later proves that the unreadable part had been synced.
pub(super) fn scan(bytes: &[u8], first: u64) -> Result<Scanned<'_>, Damage> {
    let mut scanned = Scanned { groups: Vec::new(), end: 0, is_torn: false, is_sealed: false };
    if bytes.get(..HEADER) != Some(header(first).as_slice()) {
        // The header is synced before the first group is written.
        if frame::proves(bytes, first.saturating_sub(1)) {
            return Err(Damage { offset: 0, what: "its header does not fit" });
        }
        scanned.is_torn = true;
        return Ok(scanned);
    }
    scanned.end = HEADER;
    let mut next = first;
    loop {
        let rest = bytes.get(scanned.end..).unwrap_or_default();
        if rest.is_empty() {
            return Ok(scanned);
        }
        match Frame::parse(rest) {
            Some(group) if !group.is_seal && group.sequence == next => {
                scanned.groups.push(group);
                scanned.end += group.len();
                next += 1;
            }
            found => {
                if frame::proves(rest, next) {
                    return Err(Damage {
                        offset: scanned.end,
                        what: "a group that had been committed is unreadable",
                    });
                }
                scanned.is_sealed = found.is_some_and(|frame| frame.is_seal && frame.sequence + 1 == next);
                // Behind a seal stands what was written ahead.
                let behind = rest.get(frame::HEAD..).unwrap_or_default();
                scanned.is_torn = !(scanned.is_sealed && behind.iter().all(|byte| *byte == 0));
                return Ok(scanned);
            }
        }
    }
}
