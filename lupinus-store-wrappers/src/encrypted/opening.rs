//! The store's own record: the key that hides index values, and which ones it hides. It is sealed as all others are.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use lupinus_core::store::{Batch, Kind, Op, Record, RecordClass, RecordKey, Store, StoreError, Version};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{
    OWN,
    hiding::Hiding,
    seal::{Sealing, key_of},
};
use crate::{
    Keys, OpenError,
    error::{NoRandomness, Unreadable},
};

/// The number of the form of [`Own`].
const SCHEMA: u16 = 1;

#[derive(Serialize, Deserialize)]
struct Own {
    /// Hides index values: 32 bytes in base64. It stays while the store stays, since what is unique must stay so.
    index_key: String,
    /// Kind and name of each index that is hidden.
    hidden: Vec<(String, String)>,
}

/// Where the record is.
pub(super) fn own() -> RecordKey {
    RecordKey::new(OWN, "store")
}

/// How the store's index values are hidden. Decides it when the store is empty.
pub(super) async fn hiding(
    inner: &dyn Store,
    keys: &Keys,
    hidden: &[(Kind, &str)],
) -> Result<Hiding, OpenError> {
    let get = async || inner.get(&own()).await.map_err(OpenError::Store);
    if let Some(record) = get().await? {
        return read(keys, &record);
    }
    if !inner.kinds().await.map_err(OpenError::Store)?.is_empty() {
        return Err(OpenError::Plain);
    }
    let record = drawn(keys, hidden).map_err(OpenError::Store)?;
    match inner.commit(Batch { ops: vec![Op::Insert(record)], erases: false }).await {
        // Whoever was first has decided.
        Ok(()) | Err(StoreError::Conflict(_)) => {}
        Err(error) => return Err(OpenError::Store(error)),
    }
    read(keys, &get().await?.ok_or(OpenError::Plain)?)
}

fn drawn(keys: &Keys, hidden: &[(Kind, &str)]) -> Result<Record, StoreError> {
    let mut key = Zeroizing::new([0; 32]);
    getrandom::fill(key.as_mut())
        .map_err(|_| StoreError::Unavailable("drawing a key", Box::new(NoRandomness)))?;
    let hidden = hidden.iter().map(|(kind, index)| (kind.as_str().to_owned(), (*index).to_owned()));
    let own = Own { index_key: STANDARD.encode(key.as_ref()), hidden: hidden.collect() };
    let body = serde_json::to_string(&own).map_err(|_| StoreError::Invalid("a value that is not JSON"))?;
    let record = Record {
        key: self::own(),
        version: Version::FIRST,
        schema: SCHEMA,
        class: RecordClass::Administration,
        indexes: Vec::new(),
        body: body.into_boxed_str(),
    };
    Sealing { keys: keys.clone(), hiding: Hiding::none() }.seal(record, Version::FIRST)
}

fn read(keys: &Keys, record: &Record) -> Result<Hiding, OpenError> {
    if record.schema > SCHEMA {
        return Err(OpenError::Newer);
    }
    let name = key_of(&record.body).unwrap_or_default().to_owned();
    let opened = Sealing { keys: keys.clone(), hiding: Hiding::none() }.read(record);
    let (body, _) = opened.map_err(|why| match why {
        Unreadable::NoKey(name) => OpenError::MissingKey(name),
        _ => OpenError::WrongKey(name.clone()),
    })?;
    let body = Zeroizing::new(String::from(body));
    let hiding = || {
        let own: Own = serde_json::from_str(&body).ok()?;
        let written = Zeroizing::new(own.index_key);
        let key = Zeroizing::new(STANDARD.decode(written.as_bytes()).ok()?);
        Some(Hiding::new(key.as_slice().try_into().ok()?, own.hidden))
    };
    hiding().ok_or(OpenError::Newer)
}
