//! Members: the professionals who joined the account.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    ids::{BodyId, ContactId, MemberId},
    post::Category,
    store::{Entity, IndexEntry, Kind, MAX_KEY_BYTES, RecordClass},
};

/// Longest organisation, area or profession that a member may write, in `char`s.
pub const MAX_PROFILE_CHARS: usize = 60;

/// A profession, by its identifier in the city's list (`HomeVisitNurse`), or in the member's own words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Profession(pub String);

/// An area (圏域) of the city, by its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Area(pub String);

/// Whether the account can reach somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberState {
    /// Added the account as a friend.
    Following,
    /// Blocked it (an `unfollow` event); may come back.
    Blocked,
    /// Asked to leave; what was held about them is gone.
    Left,
}

/// That somebody accepted the rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Which version of them.
    pub rules_version: String,
    /// When.
    pub at: Timestamp,
}

/// Somebody who added the account. `contact` and the profile are personal data; an erased member keeps the id alone.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Ours.
    pub id: MemberId,
    /// Their address on the channel; `None` once they were erased.
    pub contact: Option<ContactId>,
    /// Whether they can be reached.
    pub state: MemberState,
    /// The rules that they accepted; without it they are a friend of the account and no member yet.
    pub consent: Option<Consent>,
    /// Their profession, if they said it.
    pub profession: Option<Profession>,
    /// Where they work, if they said it.
    pub organisation: Option<String>,
    /// Their area, if they said it.
    pub area: Option<Area>,
    /// The categories they want; empty for all.
    #[serde(default)]
    pub topics: BTreeSet<Category>,
    /// The body that they submit for.
    pub submits_for: Option<BodyId>,
    /// When they first added the account.
    pub joined_at: Timestamp,
}

/// How far the account reaches somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Follows, and accepted the rules.
    Registered,
    /// Follows, and has not accepted them yet.
    Friend,
    /// Blocked it.
    Blocked,
    /// Asked to leave.
    Left,
}

/// What audiences and figures go by: members who share it need not be told apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "Written", into = "Written")]
pub struct Standing {
    /// How far the account reaches them.
    pub reach: Reach,
    /// As [`Member::profession`].
    pub profession: Option<Profession>,
    /// As [`Member::area`].
    pub area: Option<Area>,
    /// As [`Member::topics`].
    pub topics: BTreeSet<Category>,
}

/// A standing as the index has it, without names of fields: there is one for each member.
type Written = (Reach, Option<Profession>, Option<Area>, BTreeSet<Category>);

impl From<Written> for Standing {
    fn from((reach, profession, area, topics): Written) -> Self {
        Self { reach, profession, area, topics }
    }
}

impl From<Standing> for Written {
    fn from(standing: Standing) -> Self {
        (standing.reach, standing.profession, standing.area, standing.topics)
    }
}

impl Standing {
    /// The index that has every member's.
    pub(crate) const INDEX: &str = "standing";

    /// The value that it is found by; `None` when it is longer than a value may be.
    pub(crate) fn written(&self) -> Option<String> {
        serde_json::to_string(self).ok().filter(|value| value.len() <= MAX_KEY_BYTES)
    }

    /// What a value of the index says.
    pub(crate) fn read(value: &str) -> Option<Self> {
        serde_json::from_str(value).ok()
    }
}

impl Member {
    /// Somebody who has just added the account.
    pub fn new(id: MemberId, contact: ContactId, now: Timestamp) -> Self {
        Self {
            id,
            contact: Some(contact),
            state: MemberState::Following,
            consent: None,
            profession: None,
            organisation: None,
            area: None,
            topics: BTreeSet::new(),
            submits_for: None,
            joined_at: now,
        }
    }

    /// Whether they are registered: can be reached, and accepted some version of the rules.
    pub fn is_registered(&self) -> bool {
        self.state == MemberState::Following && self.consent.is_some() && self.contact.is_some()
    }

    /// How they stand.
    pub fn standing(&self) -> Standing {
        let reach = match self.state {
            _ if self.is_registered() => Reach::Registered,
            MemberState::Following => Reach::Friend,
            MemberState::Blocked => Reach::Blocked,
            MemberState::Left => Reach::Left,
        };
        let (profession, area) = (self.profession.clone(), self.area.clone());
        Standing { reach, profession, area, topics: self.topics.clone() }
    }

    /// Whether they accepted exactly this version of the rules.
    pub fn has_accepted(&self, rules_version: &str) -> bool {
        self.consent.as_ref().is_some_and(|consent| consent.rules_version == rules_version)
    }
}

impl Entity for Member {
    const KIND: Kind = Kind::new("member");
    const SCHEMA: u16 = 1;
    const CLASS: RecordClass = RecordClass::Membership;

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        let mut indexes = Vec::new();
        if let Some(contact) = &self.contact {
            indexes.push(IndexEntry::unique("contact", contact.as_str()));
        }
        if self.is_registered() {
            indexes.push(IndexEntry::new("registered", self.id.to_string()));
        }
        indexes.extend(self.standing().written().map(|value| IndexEntry::new(Standing::INDEX, value)));
        if let Some(body) = self.submits_for {
            indexes.push(IndexEntry::new("submits_for", body.to_string()));
        }
        indexes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Stores hold these values: whoever changes them changes what is found in a store of before.
    #[test]
    fn a_standing_is_found_by_what_its_value_says() {
        for (reach, written) in [
            (Reach::Registered, r#"["registered","Nurse","北部 \"駅前\"",["training"]]"#),
            (Reach::Friend, r#"["friend",null,null,[]]"#),
            (Reach::Blocked, r#"["blocked",null,null,[]]"#),
            (Reach::Left, r#"["left",null,null,[]]"#),
        ] {
            let says = reach == Reach::Registered;
            let standing = Standing {
                reach,
                profession: says.then(|| Profession("Nurse".to_owned())),
                area: says.then(|| Area("北部 \"駅前\"".to_owned())),
                topics: says.then_some(Category::Training).into_iter().collect(),
            };
            assert_eq!(standing.written().as_deref(), Some(written));
            assert_eq!(Standing::read(written), Some(standing));
        }
    }
}
