use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{Kind, Record, StoreError};

/// Most records in one [`Page`].
pub const MAX_PAGE: usize = 1_000;

/// Which way a scan goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Direction {
    /// From small to large.
    #[default]
    Forwards,
    /// From large to small.
    Backwards,
}

/// Where the last page of the same scan ended: its last index value and key (the key alone in a scan by key).
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Cursor {
    /// The index value of the last record, empty in a scan by key.
    pub value: String,
    /// The key of the last record.
    pub key: String,
}

impl std::fmt::Debug for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Cursor(… at {})", self.key)
    }
}

/// A range of one kind, by key or by one of its indexes: ordered by (value, key), bytewise.
#[derive(Clone, PartialEq, Eq)]
pub struct Scan {
    /// The kind.
    pub kind: Kind,
    /// The index; `None` scans by key.
    pub index: Option<Cow<'static, str>>,
    /// The smallest value (or key), included.
    pub from: String,
    /// The first value (or key) that is not included; `None` for no bound.
    pub to: Option<String>,
    /// Which way.
    pub direction: Direction,
    /// Where the page before ended; what follows it in the scan's direction is returned.
    pub after: Option<Cursor>,
    /// Most records in the page: 1 to [`MAX_PAGE`].
    pub limit: usize,
}

impl Scan {
    /// Every record of a kind, by key.
    pub fn keys(kind: Kind) -> Self {
        Self {
            kind,
            index: None,
            from: String::new(),
            to: None,
            direction: Direction::Forwards,
            after: None,
            limit: 100,
        }
    }

    /// Every record of a kind that has an entry in `index`, by its value.
    pub fn index(kind: Kind, index: &'static str) -> Self {
        Self { index: Some(Cow::Borrowed(index)), ..Self::keys(kind) }
    }

    /// Only values (or keys) that begin with `prefix`.
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        let from = prefix.into();
        // The next string after everything that begins with the prefix: its last character raised by one.
        let mut end: Vec<char> = from.chars().collect();
        self.to = loop {
            match end.pop() {
                None => break None,
                Some(last) => {
                    if let Some(next) = next_char(last) {
                        end.push(next);
                        break Some(end.into_iter().collect());
                    }
                }
            }
        };
        self.from = from;
        self
    }

    /// Only this value (or key).
    pub fn exactly(mut self, value: impl Into<String>) -> Self {
        let from = value.into();
        self.to = Some(format!("{from}\0"));
        self.from = from;
        self
    }

    /// Only values (or keys) from `from` on and below `to`.
    pub fn between(mut self, from: impl Into<String>, to: impl Into<String>) -> Self {
        self.from = from.into();
        self.to = Some(to.into());
        self
    }

    /// From large to small.
    pub fn backwards(mut self) -> Self {
        self.direction = Direction::Backwards;
        self
    }

    /// At most so many records a page: 1 to [`MAX_PAGE`].
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// What follows a former page.
    pub fn after(mut self, cursor: Option<Cursor>) -> Self {
        self.after = cursor;
        self
    }

    /// What a backend counts for [`Store::tally`](super::Store::tally): the index, and the range that is left behind the cursor's
    /// value, without a cursor.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for a scan by key, and for a limit of 0 or above [`MAX_PAGE`].
    pub fn of_values(&self) -> Result<(&str, Self), StoreError> {
        let Some(index) = self.index.as_deref() else {
            return Err(StoreError::Invalid("a tally of keys"));
        };
        if self.limit == 0 || self.limit > MAX_PAGE {
            return Err(StoreError::Invalid("a page of no or too many values"));
        }
        let mut left = Self { after: None, ..self.clone() };
        match (self.direction, &self.after) {
            (_, None) => {}
            (Direction::Forwards, Some(after)) => left.from = left.from.max(format!("{}\0", after.value)),
            (Direction::Backwards, Some(after)) => {
                let to = left.to.take().filter(|to| *to < after.value);
                left.to = to.or_else(|| Some(after.value.clone()));
            }
        }
        Ok((index, left))
    }
}

impl std::fmt::Debug for Scan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Scan")
            .field("kind", &self.kind)
            .field("index", &self.index)
            .field("direction", &self.direction)
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}

fn next_char(c: char) -> Option<char> {
    let next = u32::from(c) + 1;
    char::from_u32(if next == 0xD800 { 0xE000 } else { next })
}

/// A page of a scan.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The records, in the scan's order.
    pub records: Vec<Record>,
    /// Where to go on; `None` when this was the last page.
    pub next: Option<Cursor>,
}

/// A page of the values of an index. `Debug` prints none of them: they may be personal.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Each value with how many entries have it, in the scan's order.
    pub counts: Vec<(String, u64)>,
    /// Where to go on; `None` when this was the last page.
    pub next: Option<Cursor>,
}

impl Tally {
    /// A page of at most `limit` values; that there is one more says that it goes on.
    pub fn new(mut counts: Vec<(String, u64)>, limit: usize) -> Self {
        let more = counts.len() > limit;
        counts.truncate(limit);
        let last = counts.last().filter(|_| more);
        let next = last.map(|(value, _)| Cursor { value: value.clone(), key: String::new() });
        Self { counts, next }
    }
}

impl std::fmt::Debug for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Tally({} values)", self.counts.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_ends_before_the_next_string_that_does_not_begin_with_it() {
        for (prefix, to) in [("a", Some("b")), ("", None), ("\u{10FFFF}", None), ("a\u{10FFFF}", Some("b"))] {
            assert_eq!(Scan::keys(Kind::new("k")).prefix(prefix).to.as_deref(), to, "{prefix:?}");
        }
    }
}
