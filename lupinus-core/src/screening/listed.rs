//! Words that are never personal, as they come to be: suggested by staff, accepted by an administrator.

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{AllowList, InvalidWord, PiiKind};
use crate::{
    audit::Subject,
    ids::{StaffId, WordId},
    store::{Entity, IndexEntry, Kind, RecordClass},
};

/// Longest comment on why something is allowed, in `char`s.
pub const MAX_COMMENT_CHARS: usize = 200;

/// Why somebody lets a finding pass. A word of ours and nobody's own, so that the trail can hold it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AllowReason {
    /// A lecturer, an organiser, somebody who is published anyway.
    Published,
    /// An organisation's name or contact.
    Organisation,
    /// The person agreed.
    Consent,
    /// It is no personal information at all.
    NotPersonal,
    /// Another reason, which the comment says.
    Other,
}

impl AllowReason {
    /// Every reason, in the order of forms.
    pub const ALL: [Self; 5] =
        [Self::Published, Self::Organisation, Self::Consent, Self::NotPersonal, Self::Other];

    /// Its name in forms and in the trail.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Organisation => "organisation",
            Self::Consent => "consent",
            Self::NotPersonal => "not_personal",
            Self::Other => "other",
        }
    }

    /// The reason with this [`AllowReason::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }

    /// What staff read.
    pub const fn label_ja(self) -> &'static str {
        match self {
            Self::Published => "公表されている講師・関係者の氏名",
            Self::Organisation => "団体・施設の名称や連絡先",
            Self::Consent => "本人の同意がある",
            Self::NotPersonal => "個人情報ではない(誤って検出された)",
            Self::Other => "その他(理由を書く)",
        }
    }
}

/// A finding that somebody lets pass, and why. `Debug` prints none of the words.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Allowance {
    /// What it was taken for.
    pub kind: PiiKind,
    /// What stands there.
    pub text: String,
    /// Why it may.
    pub reason: AllowReason,
    /// What more there is to say; needed for [`AllowReason::Other`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

impl Allowance {
    /// Whether it can be one: something that may be allowed, with a reason.
    pub fn is_complete(&self) -> bool {
        let comment = self.comment.as_deref().map_or("", str::trim);
        self.kind.can_be_allowed()
            && AllowList::check(&self.text).is_ok()
            && comment.chars().count() <= MAX_COMMENT_CHARS
            && (self.reason != AllowReason::Other || !comment.is_empty())
    }

    /// Whether `text` is what it lets pass, or a part of it, however that is written.
    pub(crate) fn covers(&self, text: &str) -> bool {
        match (AllowList::check(&self.text), AllowList::check(text)) {
            (Ok(whole), Ok(part)) => whole.contains(&part),
            _ => false,
        }
    }
}

impl fmt::Debug for Allowance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Allowance({}, {:?})", self.kind, self.reason)
    }
}

/// Where a word stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum WordState {
    /// Somebody let it pass once; it counts for nothing yet.
    Suggested,
    /// It is never personal from then on.
    Accepted {
        /// By whom.
        by: StaffId,
        /// When.
        at: Timestamp,
    },
}

impl WordState {
    /// Its name in the index.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Suggested => "suggested",
            Self::Accepted { .. } => "accepted",
        }
    }
}

/// A word that is never personal, or is suggested as one. What is declined is deleted. `Debug` prints none of the words.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListedWord {
    /// Ours.
    pub id: WordId,
    /// The word, and why it may stand.
    pub allowance: Allowance,
    /// In what it was found; `None` when an administrator wrote it down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found_in: Option<Subject>,
    /// Who suggested it.
    pub by: StaffId,
    /// When.
    pub at: Timestamp,
    /// Where it stands.
    pub state: WordState,
}

impl ListedWord {
    /// How a word is found again, however it is written.
    ///
    /// # Errors
    /// [`InvalidWord`].
    pub fn index_of(text: &str) -> Result<String, InvalidWord> {
        AllowList::check(text)
    }
}

impl fmt::Debug for ListedWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ListedWord({}, {:?}, {:?})", self.id, self.allowance, self.state)
    }
}

impl Entity for ListedWord {
    const KIND: Kind = Kind::new("listed_word");
    const SCHEMA: u16 = 1;
    const CLASS: RecordClass = RecordClass::Administration;

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        let mut indexes =
            vec![IndexEntry::new("state", format!("{} {:015}", self.state.name(), self.at.as_millisecond()))];
        // Two who let the same word pass suggest it once.
        indexes.extend(Self::index_of(&self.allowance.text).map(|word| IndexEntry::unique("word", word)));
        indexes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The form of schema 1. It changes only with a new schema number and a way to read this one.
    const STORED: &str = r#"{"id":"00000000-0000-0000-0000-000000000001","allowance":{"kind":"person_name","text":"佐々木健一","reason":"other","comment":"協力者"},"found_in":"post/1","by":"00000000-0000-0000-0000-000000000002","at":"2026-10-05T01:00:00Z","state":{"is":"accepted","by":"00000000-0000-0000-0000-000000000003","at":"2026-10-05T02:00:00Z"}}"#;

    #[test]
    fn a_stored_word_keeps_its_form_and_shows_none_of_its_words() {
        let read: ListedWord = serde_json::from_str(STORED).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), STORED);
        let shown = format!("{read:?}");
        assert!(!shown.contains("佐々木") && !shown.contains("協力者"), "{shown}");
    }

    #[test]
    fn an_allowance_needs_a_reason_and_is_for_nothing_that_the_law_forbids() {
        let own = |kind, reason, comment: Option<&str>| Allowance {
            kind,
            text: "佐々木健一".to_owned(),
            reason,
            comment: comment.map(str::to_owned),
        };
        assert!(own(PiiKind::PersonName, AllowReason::Published, None).is_complete());
        assert!(!own(PiiKind::PersonName, AllowReason::Other, Some(" ")).is_complete());
        assert!(own(PiiKind::PersonName, AllowReason::Other, Some("協力者")).is_complete());
        assert!(!own(PiiKind::MyNumber, AllowReason::Consent, None).is_complete());
        assert!(!own(PiiKind::CityWord, AllowReason::Consent, None).is_complete());
    }

    #[test]
    fn an_allowance_covers_what_it_names_and_its_parts_however_they_are_written() {
        let given = Allowance {
            kind: PiiKind::PersonName,
            text: "佐々木健一".to_owned(),
            reason: AllowReason::Published,
            comment: None,
        };
        for (text, expected) in [
            ("佐々木健一", true),
            ("佐々木 健一", true),
            ("佐々木", true),
            ("佐々木健一郎", false),
            ("鈴木健一", false),
            ("木", false),
        ] {
            assert_eq!(given.covers(text), expected, "{text}");
        }
    }
}
