//! Pictures and files in a consultation, where a city takes them: held until a person has looked (R11).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{Consultation, Context, Decision, Entry, Refusal, State as S, Voice};
use crate::{
    hash::Sha256Hash,
    ids::{EntryId, StaffId},
    outbox::Message,
};

/// A picture or file that a member sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// `image/jpeg`, `image/png` or `application/pdf`.
    pub media_type: String,
    /// How long it is, in bytes.
    pub size_bytes: u64,
    /// Where it stands, and its name in the [`Blob`](crate::blob::Blob) store while it is kept.
    pub state: MediaState,
}

/// Where a picture or file stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum MediaState {
    /// Nobody sees it but the one who looks.
    Held {
        /// Its content.
        sha256: Sha256Hash,
        /// Who looks; nobody yet.
        viewer: Option<StaffId>,
    },
    /// Somebody has looked: no person can be recognised. All who read consultations see it.
    Checked {
        /// Its content.
        sha256: Sha256Hash,
        /// Who looked.
        by: StaffId,
        /// When.
        at: Timestamp,
    },
    /// Somebody could be recognised: it is not kept.
    Removed {
        /// Who looked.
        by: StaffId,
        /// When.
        at: Timestamp,
    },
}

/// What somebody says who has looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Nobody can be recognised.
    Keep,
    /// Somebody can.
    Remove,
}

impl Media {
    /// Its content, while it is kept.
    pub const fn file(&self) -> Option<Sha256Hash> {
        match self.state {
            MediaState::Held { sha256, .. } | MediaState::Checked { sha256, .. } => Some(sha256),
            MediaState::Removed { .. } => None,
        }
    }

    /// Whether one of the staff who reads consultations may see it now.
    pub fn is_visible_to(&self, staff: StaffId) -> bool {
        match self.state {
            MediaState::Held { viewer, .. } => viewer == Some(staff),
            MediaState::Checked { .. } => true,
            MediaState::Removed { .. } => false,
        }
    }
}

impl Consultation {
    /// The pictures and files that are kept for it.
    pub fn files(&self) -> impl Iterator<Item = Sha256Hash> + '_ {
        self.thread.iter().filter_map(|entry| entry.media.as_ref()?.file())
    }

    /// A picture or file joins the thread, held.
    pub(super) fn shown(
        &self,
        media: Media,
        channel_message: String,
        cx: &Context<'_>,
    ) -> Result<Decision, Refusal> {
        if !cx.policy.holds_media {
            return Err(Refusal::NotAllowed);
        }
        let mut next = match self.state {
            S::Open | S::Assigned { .. } => self.clone(),
            S::AwaitingMember { to } => {
                Self { state: S::Assigned { to }, waiting_since: Some(cx.now), ..self.clone() }
            }
            S::Resolved { .. } => return Err(Refusal::NotNow { state: self.state }),
        };
        next.room_for("", cx.policy)?;
        next.last_member_at = cx.now;
        let act =
            next.act("consultation.media_held", json!({ "entry": cx.entry, "bytes": media.size_bytes }));
        next.thread.push(Entry {
            id: cx.entry,
            at: cx.now,
            from: Voice::Member,
            text: Some(String::new()),
            masked: Vec::new(),
            media: Some(media),
            channel_message: Some(channel_message),
        });
        Ok(Decision { next, act, tell: Vec::new() })
    }

    /// One consultant looks; until they have spoken nobody else does.
    pub(super) fn looked_at(&self, entry: EntryId, by: StaffId) -> Result<Decision, Refusal> {
        self.with_media(entry, "consultation.media_opened", |media| match media.state {
            MediaState::Held { viewer: Some(viewer), .. } if viewer != by => Err(Refusal::SomebodyLooks),
            MediaState::Held { sha256, .. } => Ok(MediaState::Held { sha256, viewer: Some(by) }),
            MediaState::Checked { .. } | MediaState::Removed { .. } => Err(Refusal::NothingHeld),
        })
    }

    /// Whoever looks says what they saw.
    pub(super) fn settled(
        &self,
        entry: EntryId,
        verdict: Verdict,
        by: StaffId,
        cx: &Context<'_>,
    ) -> Result<Decision, Refusal> {
        let action = match verdict {
            Verdict::Keep => "consultation.media_checked",
            Verdict::Remove => "consultation.media_removed",
        };
        let mut decision = self.with_media(entry, action, |media| match (media.state, verdict) {
            (MediaState::Held { sha256, viewer: Some(viewer) }, Verdict::Keep) if viewer == by => {
                Ok(MediaState::Checked { sha256, by, at: cx.now })
            }
            (MediaState::Held { viewer: Some(viewer), .. }, Verdict::Remove) if viewer == by => {
                Ok(MediaState::Removed { by, at: cx.now })
            }
            (MediaState::Held { viewer: Some(_), .. }, _) => Err(Refusal::SomebodyLooks),
            // Nobody vouches for what they have not opened.
            (MediaState::Held { viewer: None, .. }, _) => Err(Refusal::NotLookedAt),
            (MediaState::Checked { .. } | MediaState::Removed { .. }, _) => Err(Refusal::NothingHeld),
        })?;
        if verdict == Verdict::Remove {
            decision.tell.push(Message::ConsultationMediaRemoved { consultation: self.id });
        }
        Ok(decision)
    }

    fn with_media(
        &self,
        entry: EntryId,
        action: &'static str,
        change: impl FnOnce(&Media) -> Result<MediaState, Refusal>,
    ) -> Result<Decision, Refusal> {
        let mut next = self.clone();
        let found = next.thread.iter_mut().find(|known| known.id == entry);
        let media = found.and_then(|found| found.media.as_mut()).ok_or(Refusal::NothingHeld)?;
        media.state = change(media)?;
        let act = next.act(action, json!({ "entry": entry }));
        Ok(Decision { next, act, tell: Vec::new() })
    }
}
