//! A frame is one group of commits: what one `fdatasync` made durable.
//!
//! ```text
//! magic 4 | sort 1 | flags 1 | zero 2 | sequence 8 | length 4 | crc32 4 | payload
//! ```
//!
//! Since a group is written only after the one before it was synced, a sound frame proves that everything before it had
//! reached the disk. A *seal* is an empty frame that says the same of the last group. It is written over by the next one.

/// No UTF-8 text holds these bytes, so that nothing a person wrote can look like a frame.
const MAGIC: [u8; 4] = [0xF5, b'L', 0xFF, b'J'];
/// Bytes before the payload.
pub(super) const HEAD: usize = 24;
const COVERED: std::ops::Range<usize> = 4..20;

const GROUP: u8 = 1;
const SEAL: u8 = 2;
const ERASES: u8 = 1;

/// Longest payload, in bytes.
pub(crate) const MAX_PAYLOAD: usize = 256 * 1024 * 1024;

/// A sound frame at the start of some bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Frame<'a> {
    pub(super) is_seal: bool,
    pub(super) erases: bool,
    pub(super) sequence: u64,
    pub(super) payload: &'a [u8],
}

impl<'a> Frame<'a> {
    /// The frame that `bytes` begin with, if it is whole and sound.
    pub(super) fn parse(bytes: &'a [u8]) -> Option<Self> {
        let (head, rest) = bytes.split_first_chunk::<HEAD>()?;
        let [m0, m1, m2, m3, sort, flags, zero0, zero1, tail @ ..] = head;
        if [*m0, *m1, *m2, *m3] != MAGIC || ![GROUP, SEAL].contains(sort) || (*zero0, *zero1) != (0, 0) {
            return None;
        }
        let (sequence, tail) = tail.split_first_chunk::<8>()?;
        let (len, crc) = tail.split_first_chunk::<4>()?;
        let payload = rest.get(..usize::try_from(u32::from_le_bytes(*len)).ok()?)?;
        let sound = checksum(head, payload).to_le_bytes() == *crc;
        sound.then_some(Self {
            is_seal: *sort == SEAL,
            erases: flags & ERASES != 0,
            sequence: u64::from_le_bytes(*sequence),
            payload,
        })
    }

    /// Bytes in the file.
    pub(super) fn len(&self) -> usize {
        HEAD + self.payload.len()
    }
}

fn checksum(head: &[u8; HEAD], payload: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&head[COVERED]);
    hasher.update(payload);
    hasher.finalize()
}

fn encode(sort: u8, flags: u8, sequence: u64, payload: &[u8]) -> Option<Vec<u8>> {
    let len = u32::try_from(payload.len()).ok().filter(|_| payload.len() <= MAX_PAYLOAD)?;
    let mut out = Vec::with_capacity(HEAD + payload.len());
    out.extend(MAGIC);
    out.extend([sort, flags, 0, 0]);
    out.extend(sequence.to_le_bytes());
    out.extend(len.to_le_bytes());
    out.extend([0; 4]);
    let head = out.first_chunk::<HEAD>()?;
    let crc = checksum(head, payload);
    out.truncate(HEAD - 4);
    out.extend(crc.to_le_bytes());
    out.extend(payload);
    Some(out)
}

/// The bytes of a group; `None` when it is longer than [`MAX_PAYLOAD`].
pub(super) fn group(sequence: u64, payload: &[u8], erases: bool) -> Option<Vec<u8>> {
    encode(GROUP, if erases { ERASES } else { 0 }, sequence, payload)
}

/// The bytes of a seal of the group `sequence`.
pub(super) fn seal(sequence: u64) -> Option<Vec<u8>> {
    encode(SEAL, 0, sequence, &[])
}

/// Whether anything in `bytes` proves that the group `sequence` had reached the disk.
pub(super) fn proves(bytes: &[u8], sequence: u64) -> bool {
    let starts = bytes.windows(MAGIC.len()).enumerate().filter(|(_, window)| *window == MAGIC);
    starts
        .filter_map(|(at, _)| Frame::parse(bytes.get(at..)?))
        .any(|frame| if frame.is_seal { frame.sequence >= sequence } else { frame.sequence > sequence })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_with_any_byte_changed_or_missing_is_not_a_frame() {
        let bytes = group(7, "内容".as_bytes(), true).unwrap();
        let frame = Frame::parse(&bytes).unwrap();
        assert_eq!((frame.sequence, frame.erases, frame.payload), (7, true, "内容".as_bytes()));
        for at in 0..bytes.len() {
            for change in 1..=255 {
                let mut changed = bytes.clone();
                changed[at] ^= change;
                assert_eq!(Frame::parse(&changed), None, "byte {at} changed by {change}");
            }
            assert_eq!(Frame::parse(&bytes[..at]), None, "cut at {at}");
        }
    }
}
