//! Pictures and files in a consultation, where a city takes them: held until a person has looked (R11).

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

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
    Keep {
        /// Whether they say so in so many words: without that nothing is shown to anybody.
        confirmed: bool,
    },
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

impl Entry {
    /// Who looks at what is held in it.
    fn viewer(&self) -> Option<StaffId> {
        match self.media.as_ref()?.state {
            MediaState::Held { viewer, .. } => viewer,
            MediaState::Checked { .. } | MediaState::Removed { .. } => None,
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

    /// One consultant looks; until they have spoken nobody else does, unless they take it over from them by name: of two who take
    /// it over at once, the second is told.
    pub(super) fn looked_at(
        &self,
        entry: EntryId,
        by: StaffId,
        instead_of: Option<StaffId>,
    ) -> Result<Decision, Refusal> {
        let before = self.thread.iter().find(|known| known.id == entry).and_then(Entry::viewer);
        let from = before.filter(|viewer| *viewer != by);
        let action = match from {
            Some(_) => "consultation.media_taken_over",
            None => "consultation.media_opened",
        };
        let mut decision = self.with_media(entry, action, |media| match media.state {
            MediaState::Held { .. } if from.is_some() && from != instead_of => Err(Refusal::SomebodyLooks),
            MediaState::Held { sha256, .. } => Ok(MediaState::Held { sha256, viewer: Some(by) }),
            MediaState::Checked { .. } | MediaState::Removed { .. } => Err(Refusal::NothingHeld),
        })?;
        if let (Some(from), Value::Object(detail)) = (from, &mut decision.act.detail) {
            detail.insert("from".to_owned(), json!(from));
        }
        Ok(decision)
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
            Verdict::Keep { .. } => "consultation.media_checked",
            Verdict::Remove => "consultation.media_removed",
        };
        let mut decision = self.with_media(entry, action, |media| match (media.state, verdict) {
            (MediaState::Held { sha256, viewer: Some(viewer) }, Verdict::Keep { confirmed })
                if viewer == by =>
            {
                if confirmed {
                    Ok(MediaState::Checked { sha256, by, at: cx.now })
                } else {
                    Err(Refusal::NotConfirmed)
                }
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

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    const STAFF: &str = "00000000-0000-0000-0000-000000000003";

    /// The forms of schema 1. They change only with a new schema number and a way to read these.
    #[test]
    fn a_stored_picture_keeps_its_form_in_every_state() {
        let me: StaffId = STAFF.parse().unwrap();
        for (state, is_visible, is_kept) in [
            (format!(r#"{{"is":"held","sha256":"{HASH}","viewer":null}}"#), false, true),
            (format!(r#"{{"is":"held","sha256":"{HASH}","viewer":"{STAFF}"}}"#), true, true),
            (
                format!(r#"{{"is":"checked","sha256":"{HASH}","by":"{STAFF}","at":"2026-10-05T01:00:00Z"}}"#),
                true,
                true,
            ),
            (format!(r#"{{"is":"removed","by":"{STAFF}","at":"2026-10-05T01:00:00Z"}}"#), false, false),
        ] {
            let stored = format!(
                r#"{{"id":"00000000-0000-0000-0000-000000000004","at":"2026-10-05T01:00:00Z","from":"member","text":"","media":{{"media_type":"image/png","size_bytes":9,"state":{state}}},"channel_message":"m1"}}"#
            );
            let read: Entry = serde_json::from_str(&stored).unwrap();
            assert_eq!(serde_json::to_string(&read).unwrap(), stored);
            let media = read.media.unwrap();
            assert_eq!((media.is_visible_to(me), media.file().is_some()), (is_visible, is_kept), "{state}");
        }
    }
}
