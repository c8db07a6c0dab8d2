//! Changing the rich menus of many users at once.

use std::collections::HashSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{Answer, ApiError, Client, Request};
use crate::open::open_enum;
use crate::{InvalidId, RequestId, RichMenuId, endpoint};

/// Most operations of one batch
/// ([source](https://developers.line.biz/en/reference/messaging-api/#batch-control-rich-menus-of-users)).
pub const MAX_BATCH_OPERATIONS: usize = 1_000;

/// One change of a batch. All of a batch act on the state before it: changes are never chained.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
#[non_exhaustive]
pub enum RichMenuChange {
    /// Who has the one gets the other.
    Link {
        /// The one.
        from: RichMenuId,
        /// The other.
        to: RichMenuId,
    },
    /// Who has it loses it.
    Unlink {
        /// It.
        from: RichMenuId,
    },
    /// Everybody loses theirs. Stands alone.
    UnlinkAll,
}

/// Changes of the rich menus of many users.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RichMenuBatch {
    operations: Vec<RichMenuChange>,
    #[serde(skip_serializing_if = "Option::is_none")]
    resume_request_key: Option<ResumeKey>,
}

/// Why changes are no batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidBatch {
    /// None, or more than [`MAX_BATCH_OPERATIONS`].
    #[error("{0} changes, allowed are 1 to {MAX_BATCH_OPERATIONS}")]
    Count(usize),
    /// Two changes begin with the same rich menu.
    #[error("two changes begin with the same rich menu")]
    SameFrom,
    /// [`RichMenuChange::UnlinkAll`] beside another.
    #[error("taking everybody's rich menu away stands alone")]
    NotAlone,
}

/// Lets a batch that failed half-way go on where it stopped, for 14 days: 1 to 100 of letters, digits, `_`, `-` (same source).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct ResumeKey(String);

impl ResumeKey {
    /// Checks and wraps a key.
    ///
    /// # Errors
    /// [`InvalidId`].
    pub fn new(key: impl Into<String>) -> Result<Self, InvalidId> {
        let key = key.into();
        let formed = (1..=100).contains(&key.len())
            && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
        if formed { Ok(Self(key)) } else { Err(InvalidId::of("resume key")) }
    }
}

impl RichMenuBatch {
    /// Checks and wraps changes.
    ///
    /// # Errors
    /// [`InvalidBatch`].
    pub fn new(changes: impl IntoIterator<Item = RichMenuChange>) -> Result<Self, InvalidBatch> {
        let operations: Vec<_> = changes.into_iter().collect();
        if !(1..=MAX_BATCH_OPERATIONS).contains(&operations.len()) {
            return Err(InvalidBatch::Count(operations.len()));
        }
        let mut begun = HashSet::new();
        for change in &operations {
            match change {
                RichMenuChange::Link { from, .. } | RichMenuChange::Unlink { from } => {
                    if !begun.insert(from) {
                        return Err(InvalidBatch::SameFrom);
                    }
                }
                RichMenuChange::UnlinkAll if operations.len() > 1 => return Err(InvalidBatch::NotAlone),
                RichMenuChange::UnlinkAll => {}
            }
        }
        Ok(Self { operations, resume_request_key: None })
    }

    /// Lets it be resumed.
    pub fn resumable(mut self, key: ResumeKey) -> Self {
        self.resume_request_key = Some(key);
        self
    }
}

open_enum! {
    /// How far a batch has got.
    BatchPhase {
        /// On its way.
        Ongoing = "ongoing",
        /// Done.
        Succeeded = "succeeded",
        /// Some users could not be changed; others may have been.
        Failed = "failed",
    }
}

/// How far a batch has got.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct BatchProgress {
    /// The stage.
    pub phase: BatchPhase,
    /// When LINE accepted it.
    pub accepted_time: Timestamp,
    /// When it ended.
    pub completed_time: Option<Timestamp>,
}

impl Client {
    /// Changes the rich menus of many users. LINE accepts first and changes later: ask for the
    /// [progress](Self::rich_menu_batch_progress) with the request id of the answer. At most 3 calls an hour.
    /// See [LINE docs/Replace or unlink the linked rich menus in batches](https://developers.line.biz/en/reference/messaging-api/#batch-control-rich-menus-of-users).
    ///
    /// # Errors
    /// [`ApiError::Refused`] when there is no such rich menu or it has no image, or any other.
    pub async fn change_rich_menus(&self, batch: &RichMenuBatch) -> Result<Answer<()>, ApiError> {
        self.call(Request::new(endpoint::RICH_MENU_BATCH).json(batch)).await
    }

    /// Asks LINE whether it would take a batch, changing nothing.
    ///
    /// # Errors
    /// [`ApiError::Refused`], with 404 for an unknown rich menu, or any other.
    pub async fn validate_rich_menu_batch(&self, batch: &RichMenuBatch) -> Result<Answer<()>, ApiError> {
        self.call(Request::new(endpoint::VALIDATE_RICH_MENU_BATCH).json(batch)).await
    }

    /// How far a batch has got, by the request id with which it was accepted. For 14 days; at most 100 calls an hour.
    ///
    /// # Errors
    /// [`ApiError::Refused`] with 404 for any other request id, or any other.
    pub async fn rich_menu_batch_progress(&self, id: &RequestId) -> Result<Answer<BatchProgress>, ApiError> {
        self.fetch(Request::new(endpoint::RICH_MENU_BATCH_PROGRESS).query("requestId", id)).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unlink(n: usize) -> RichMenuChange {
        RichMenuChange::Unlink { from: RichMenuId::new(format!("m{n}")).unwrap() }
    }

    #[test]
    fn a_batch_is_written_as_documented() {
        let (from, to) = (RichMenuId::new("a").unwrap(), RichMenuId::new("b").unwrap());
        let batch = RichMenuBatch::new([RichMenuChange::Link { from, to }, unlink(1)]).unwrap();
        assert_eq!(
            serde_json::to_string(&batch.resumable(ResumeKey::new("k-1").unwrap())).unwrap(),
            r#"{"operations":[{"type":"link","from":"a","to":"b"},{"type":"unlink","from":"m1"}],"resumeRequestKey":"k-1"}"#
        );
        let all = RichMenuBatch::new([RichMenuChange::UnlinkAll]).unwrap();
        assert_eq!(serde_json::to_string(&all).unwrap(), r#"{"operations":[{"type":"unlinkAll"}]}"#);
    }

    #[test]
    fn what_line_would_refuse_is_no_batch() {
        for (count, ok) in [(0, false), (1, true), (1_000, true), (1_001, false)] {
            assert_eq!(RichMenuBatch::new((0..count).map(unlink)).is_ok(), ok, "{count}");
        }
        assert_eq!(RichMenuBatch::new([unlink(1), unlink(1)]).unwrap_err(), InvalidBatch::SameFrom);
        let beside = RichMenuBatch::new([RichMenuChange::UnlinkAll, unlink(1)]);
        assert_eq!(beside.unwrap_err(), InvalidBatch::NotAlone);
        assert!(ResumeKey::new("a".repeat(100)).is_ok() && ResumeKey::new("a".repeat(101)).is_err());
    }
}
