use std::{fmt, hash::RandomState};

use fastbloom::BloomFilter;

/// How often sled may be asked for what is not there.
const ASKED_IN_VAIN: f64 = 0.01;
/// Keys that an index is ready for, however small it is: 100 KiB.
const LEAST: usize = 1 << 16;

/// Which keys may be in an index: most of what is written is new, and sled need not be asked for that. It never says of a key that
/// is there that it is not. Keys that are removed stay known; a compaction and a new start forget them.
pub(super) struct Known(Option<BloomFilter<RandomState>>);

impl fmt::Debug for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Known")
    }
}

impl Known {
    /// What is there has not been read yet: everything may be.
    pub(super) fn unread() -> Self {
        Self(None)
    }

    /// Nothing, with room for about twice as many records. It holds more, but then sled is asked more often.
    pub(super) fn nothing(records: u64) -> Self {
        // A record has hardly more than one unique value.
        let keys = usize::try_from(records).unwrap_or(usize::MAX).saturating_mul(4).max(LEAST);
        Self(Some(BloomFilter::with_false_pos(ASKED_IN_VAIN).hasher(RandomState::new()).expected_items(keys)))
    }

    pub(super) fn add(&mut self, key: &[u8]) {
        if let Some(known) = &mut self.0 {
            known.insert(key);
        }
    }

    pub(super) fn may_have(&self, key: &[u8]) -> bool {
        self.0.as_ref().is_none_or(|known| known.contains(key))
    }
}
