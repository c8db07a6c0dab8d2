use async_trait::async_trait;
use serde::{Serialize, de::DeserializeOwned};

use super::{
    Batch, Cursor, IndexEntry, Kind, MAX_BODY_BYTES, Op, Record, RecordClass, RecordKey, Scan, Store,
    StoreError, Version,
};

/// A domain type that is stored as one record.
pub trait Entity: Serialize + DeserializeOwned + Send + Sync {
    /// The record's kind.
    const KIND: Kind;
    /// The number of the form that this type is stored in.
    const SCHEMA: u16;
    /// What retention goes by.
    const CLASS: RecordClass;

    /// Its key within the kind.
    fn key(&self) -> String;

    /// What it is found by beside its key.
    fn indexes(&self) -> Vec<IndexEntry>;
}

/// A value with the version it was read at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored<T> {
    /// The value.
    pub value: T,
    /// What an update must expect.
    pub version: Version,
}

/// A page of typed values.
#[derive(Clone, Debug)]
pub struct Paged<T> {
    /// The values, in the scan's order.
    pub items: Vec<Stored<T>>,
    /// Where to go on; `None` when this was the last page.
    pub next: Option<Cursor>,
}

fn encode<T: Entity>(value: &T) -> Result<Record, StoreError> {
    let body = serde_json::to_string(value).map_err(|_| StoreError::Invalid("a value that is not JSON"))?;
    if body.len() > MAX_BODY_BYTES {
        return Err(StoreError::Invalid("a body that is too long"));
    }
    Ok(Record {
        key: RecordKey::new(T::KIND, value.key()),
        version: Version::FIRST,
        schema: T::SCHEMA,
        class: T::CLASS,
        indexes: value.indexes(),
        body: body.into_boxed_str(),
    })
}

/// Says where decoding stopped without quoting what was there: bodies hold people's words.
#[derive(Debug, thiserror::Error)]
#[error("{category:?} error at line {line} column {column}, schema {schema}")]
struct DecodeError {
    category: serde_json::error::Category,
    line: usize,
    column: usize,
    schema: u16,
}

fn decode<T: Entity>(record: Record) -> Result<Stored<T>, StoreError> {
    match serde_json::from_str(&record.body) {
        Ok(value) => Ok(Stored { value, version: record.version }),
        Err(error) => Err(StoreError::Corrupt(
            record.key,
            Box::new(DecodeError {
                category: error.classify(),
                line: error.line(),
                column: error.column(),
                schema: record.schema,
            }),
        )),
    }
}

/// Typed changes to a [`Batch`].
pub trait EntityBatch {
    /// Adds a value that must not exist.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] when it does not encode as JSON, or as more than [`MAX_BODY_BYTES`].
    fn insert<T: Entity>(&mut self, value: &T) -> Result<(), StoreError>;

    /// Replaces a value that is still at `expected`.
    ///
    /// # Errors
    /// As [`EntityBatch::insert`].
    fn update<T: Entity>(&mut self, value: &T, expected: Version) -> Result<(), StoreError>;

    /// Removes a value that is still at `expected`.
    fn delete<T: Entity>(&mut self, value: &T, expected: Version);
}

impl EntityBatch for Batch {
    fn insert<T: Entity>(&mut self, value: &T) -> Result<(), StoreError> {
        self.push(Op::Insert(encode(value)?));
        Ok(())
    }

    fn update<T: Entity>(&mut self, value: &T, expected: Version) -> Result<(), StoreError> {
        self.push(Op::Update { record: encode(value)?, expected });
        Ok(())
    }

    fn delete<T: Entity>(&mut self, value: &T, expected: Version) {
        self.push(Op::Delete { key: RecordKey::new(T::KIND, value.key()), expected });
    }
}

/// Typed reading, for every store.
#[async_trait]
pub trait StoreExt {
    /// The value under `key`, or `None`.
    ///
    /// # Errors
    /// As [`Store::get`]; [`StoreError::Corrupt`] when the body is not a `T`.
    async fn load<T: Entity>(&self, key: &str) -> Result<Option<Stored<T>>, StoreError>;

    /// The values under these keys, in their order.
    ///
    /// # Errors
    /// As [`Store::get_many`]; [`StoreError::Corrupt`] when a body is not a `T`.
    async fn load_many<T: Entity>(&self, keys: &[RecordKey]) -> Result<Vec<Option<Stored<T>>>, StoreError>;

    /// One page of typed values.
    ///
    /// # Errors
    /// As [`Store::scan`]; [`StoreError::Corrupt`] when a body is not a `T`.
    async fn page<T: Entity>(&self, scan: &Scan) -> Result<Paged<T>, StoreError>;

    /// The first value of a scan.
    ///
    /// # Errors
    /// As [`StoreExt::page`].
    async fn first<T: Entity>(&self, scan: &Scan) -> Result<Option<Stored<T>>, StoreError>;

    /// Every value of a scan, page after page, up to `bound` values.
    ///
    /// # Errors
    /// As [`StoreExt::page`]; [`StoreError::Invalid`] when there are more than `bound`.
    async fn all<T: Entity>(&self, scan: Scan, bound: usize) -> Result<Vec<Stored<T>>, StoreError>;

    /// Every value of an index in a scan with how many entries have it, page after page, up to `bound` values.
    ///
    /// # Errors
    /// As [`Store::tally`]; [`StoreError::Invalid`] when there are more than `bound`.
    async fn tally_all(&self, scan: Scan, bound: usize) -> Result<Vec<(String, u64)>, StoreError>;
}

#[async_trait]
impl<S: Store + ?Sized> StoreExt for S {
    async fn load<T: Entity>(&self, key: &str) -> Result<Option<Stored<T>>, StoreError> {
        self.get(&RecordKey::new(T::KIND, key)).await?.map(decode).transpose()
    }

    async fn load_many<T: Entity>(&self, keys: &[RecordKey]) -> Result<Vec<Option<Stored<T>>>, StoreError> {
        self.get_many(keys).await?.into_iter().map(|record| record.map(decode).transpose()).collect()
    }

    async fn page<T: Entity>(&self, scan: &Scan) -> Result<Paged<T>, StoreError> {
        let page = self.scan(scan).await?;
        let items = page.records.into_iter().map(decode).collect::<Result<_, _>>()?;
        Ok(Paged { items, next: page.next })
    }

    async fn first<T: Entity>(&self, scan: &Scan) -> Result<Option<Stored<T>>, StoreError> {
        let scan = scan.clone().limit(1);
        Ok(self.page(&scan).await?.items.into_iter().next())
    }

    async fn all<T: Entity>(&self, scan: Scan, bound: usize) -> Result<Vec<Stored<T>>, StoreError> {
        let mut scan = scan.limit(super::MAX_PAGE);
        let mut items = Vec::new();
        loop {
            let page = self.page(&scan).await?;
            items.extend(page.items);
            if items.len() > bound {
                return Err(StoreError::Invalid("more records than the caller allows for"));
            }
            match page.next {
                Some(next) => scan.after = Some(next),
                None => return Ok(items),
            }
        }
    }

    async fn tally_all(&self, scan: Scan, bound: usize) -> Result<Vec<(String, u64)>, StoreError> {
        let mut scan = scan.limit(super::MAX_PAGE);
        let mut counts = Vec::new();
        loop {
            let page = self.tally(&scan).await?;
            counts.extend(page.counts);
            if counts.len() > bound {
                return Err(StoreError::Invalid("more values than the caller allows for"));
            }
            match page.next {
                Some(next) => scan.after = Some(next),
                None => return Ok(counts),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Serialize, Deserialize)]
    struct Said(String);

    impl Entity for Said {
        const KIND: Kind = Kind::new("said");
        const SCHEMA: u16 = 1;
        const CLASS: RecordClass = RecordClass::Operation;

        fn key(&self) -> String {
            "1".to_owned()
        }

        fn indexes(&self) -> Vec<IndexEntry> {
            Vec::new()
        }
    }

    #[test]
    fn a_value_is_stored_up_to_the_longest_body_and_no_further() {
        for (quoted, fits) in [(MAX_BODY_BYTES, true), (MAX_BODY_BYTES + 1, false)] {
            let value = Said("x".repeat(quoted - 2));
            let mut batch = Batch::new();
            assert_eq!(batch.insert(&value).is_ok(), fits, "{quoted}");
            assert_eq!(batch.update(&value, Version::FIRST).is_ok(), fits, "{quoted}");
        }
    }
}
