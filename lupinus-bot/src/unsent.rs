//! Messages that were taken back before they arrived: LINE delivers a message again that we could not store, and may do so after
//! the unsend, which was stored (R9).

use jiff::{SignedDuration, Timestamp};
use lupinus_core::{
    service::{ServiceError, Work},
    store::{
        Batch, Entity, EntityBatch as _, IndexEntry, Kind, RecordClass, Scan, StoreError, StoreExt as _,
    },
};
use serde::{Deserialize, Serialize};

use crate::bot::Inner;

/// For how long a message is waited for that was taken back.
const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How many are forgotten in one pass.
const AT_A_TIME: usize = 200;

/// That a message was taken back of which we knew nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Unsent {
    message: String,
    at: Timestamp,
}

impl Entity for Unsent {
    const KIND: Kind = Kind::new("unsent");
    const SCHEMA: u16 = 1;
    const CLASS: RecordClass = RecordClass::Operation;

    fn key(&self) -> String {
        self.message.clone()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        vec![IndexEntry::new("at", format!("{:015}", self.at.as_millisecond()))]
    }
}

/// Remembers that a message was taken back, in case it arrives yet.
pub(crate) async fn remember(bot: &Inner, work: &mut Work, message: &str) -> Result<(), ServiceError> {
    if bot.centre.store().load::<Unsent>(message).await?.is_none() {
        work.insert(&Unsent { message: message.to_owned(), at: work.now() })?;
    }
    Ok(())
}

/// Whether a message that arrives now was taken back before.
pub(crate) async fn is_unsent(bot: &Inner, message: &str) -> Result<bool, ServiceError> {
    Ok(bot.centre.store().load::<Unsent>(message).await?.is_some())
}

/// Forgets those that will not arrive any more.
pub(crate) async fn sweep(bot: &Inner) -> Result<(), ServiceError> {
    let until = bot.centre.now().checked_sub(KEPT).unwrap_or(Timestamp::MIN).as_millisecond().max(0);
    let scan = Scan::index(Unsent::KIND, "at").between("", format!("{until:015}")).limit(AT_A_TIME);
    let old = bot.centre.store().page::<Unsent>(&scan).await?;
    if old.items.is_empty() {
        return Ok(());
    }
    let mut batch = Batch::new();
    for unsent in &old.items {
        batch.delete(&unsent.value, unsent.version);
    }
    match bot.centre.store().commit(batch).await {
        Ok(()) | Err(StoreError::Conflict(_)) => Ok(()),
        Err(error) => Err(error.into()),
    }
}
