use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::Message;
use crate::{
    audit::Subject,
    hash::Sha256Hash,
    ids::{ContactId, DeliveryId, MemberId, OutboxId, RetryKey},
    store::{Entity, IndexEntry, Kind, RecordClass},
};

/// Most people in one item: LINE's limit for a multicast.
pub const MAX_RECIPIENTS: usize = 500;

/// For how many days it is kept that something was said to one person, or that somebody decided that it is not.
pub const SAID_DAYS: i64 = 7;

/// For how many days it is shown to staff that something could not be said to one person.
pub const UNSAID_DAYS: i64 = 30;

/// A one-use, one-minute permission to answer. Personal for as long as it lives; `Debug` prints none of it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ReplyToken(String);

impl ReplyToken {
    /// The token as it came.
    pub fn new(token: impl Into<String>) -> Self {
        Self(token.into())
    }

    /// The token, for the channel alone.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for ReplyToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ReplyToken(…)")
    }
}

/// A member and where to reach them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addressee {
    /// Who, by our own id.
    pub member: MemberId,
    /// Where. `None` once the item is settled: the address is not kept longer than it serves.
    pub contact: Option<ContactId>,
}

/// To whom an item goes, and how.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    /// An answer within the minute, free of charge; a push to the same person if the token was never tried in time, or
    /// refused for certain.
    Reply {
        /// The permission.
        token: ReplyToken,
        /// Until when it serves.
        until: Timestamp,
        /// Who is answered.
        to: Addressee,
    },
    /// One person, by push.
    Person(Addressee),
    /// One to [`MAX_RECIPIENTS`] people, by multicast.
    People(Vec<Addressee>),
    /// Every friend of the account, by broadcast.
    Everyone,
}

/// Whether it is meant (本番), a test (テスト) or a drill (訓練).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeliveryKind {
    /// For the members.
    #[default]
    Production,
    /// Marked 【テスト】, for staff who are linked, and testers.
    Test,
    /// Marked 【訓練】, for those who take part.
    Drill,
}

/// What an item is for: the gate asks different things of each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    /// One chunk of a post's delivery.
    Delivery {
        /// The delivery.
        delivery: DeliveryId,
        /// Its place among the delivery's chunks, from 0.
        chunk: u32,
        /// Production, test or drill.
        kind: DeliveryKind,
        /// Whether it corrects an earlier post.
        correction: bool,
        /// Whether quiet hours let it pass.
        urgent: bool,
        /// What was approved.
        content: Sha256Hash,
    },
    /// Something one person is owed: an answer, a state of their post, a step of a dialogue.
    Personal,
    /// The last word to somebody who has just left: said at once or not at all, since nothing of them is kept for it.
    Farewell,
}

/// Why the gate holds an item until a person decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldReason {
    /// Past its expiry: an event that began, a notice out of date.
    Expired,
    /// The content is not the approved one.
    ContentChanged,
    /// The same content went to the same person within the window.
    Repeated,
    /// More in the last hour than the account's ceiling.
    AccountCeiling,
    /// More to one person in the last hour than the ceiling.
    PersonCeiling,
    /// A drill or test for production recipients, or the other way round.
    WrongKind,
    /// Repeating it was no longer safe: its retry key's 24 hours were over without an answer.
    KeyExpired,
    /// Repeating it was no longer possible: somebody has left to whom it may have gone, and others may not have it.
    RecipientLeft,
    /// A person paused it.
    ByHand,
    /// It is for members, and the centre is in trial.
    Trial,
}

impl HoldReason {
    /// What staff read.
    pub const fn label_ja(self) -> &'static str {
        match self {
            Self::Expired => "期限切れ",
            Self::ContentChanged => "承認された内容と一致しません",
            Self::Repeated => "同じ内容を同じ相手に配信済みです",
            Self::AccountCeiling => "1時間あたりの配信上限を超えます",
            Self::PersonCeiling => "同じ相手への1時間あたりの上限を超えます",
            Self::WrongKind => "本番・テスト・訓練の区分が宛先と合いません",
            Self::KeyExpired => "24時間以内に結果を確認できませんでした",
            Self::RecipientLeft => "再送の前に退会した方がいて、届いたかどうか確認できませんでした",
            Self::ByHand => "職員が止めました",
            Self::Trial => "試行中のため、会員には届けていません",
        }
    }
}

/// Why sending waits for the world outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PauseReason {
    /// The month's messages are used up.
    Quota,
    /// The access token is refused.
    Unauthorised,
}

/// Where an item is on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum OutboxState {
    /// To be tried from `at` on.
    Waiting {
        /// From when on.
        at: Timestamp,
    },
    /// One dispatcher has it. If it dies, the item is free again at `until`.
    Leased {
        /// Until when.
        until: Timestamp,
    },
    /// Accepted.
    Done {
        /// When we knew.
        at: Timestamp,
        /// The channel's name for the request.
        request_id: Option<String>,
    },
    /// Refused for certain.
    Failed {
        /// When.
        at: Timestamp,
        /// The HTTP status; 0 when it never got that far.
        status: u16,
        /// The channel's words.
        message: String,
        /// The property that they name.
        property: Option<String>,
    },
    /// An unanswered reply after its minute: it may have arrived, and is not said again.
    Unknown {
        /// When.
        at: Timestamp,
    },
    /// The gate holds it until a person decides.
    Held {
        /// When.
        at: Timestamp,
        /// Why.
        reason: HoldReason,
    },
    /// Waits for the quota or the token; tried again from `until` on.
    Paused {
        /// Why.
        reason: PauseReason,
        /// When it is tried again.
        until: Timestamp,
    },
    /// It is not to be sent: a person decided so, or nobody is there to read it, or it came too late.
    Dropped {
        /// When.
        at: Timestamp,
    },
}

/// Something to be sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxItem {
    /// Ours.
    pub id: OutboxId,
    /// Fixed when the item was made: repeating the send with it sends once.
    pub retry_key: RetryKey,
    /// To whom.
    pub recipient: Recipient,
    /// What, one to five.
    pub messages: Vec<Message>,
    /// What for.
    pub sort: Sort,
    /// The post or consultation it belongs to, for staff.
    pub subject: Option<Subject>,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on nobody wants it any more.
    pub expires_at: Option<Timestamp>,
    /// Attempts so far.
    #[serde(default)]
    pub attempts: u32,
    /// When it was first tried with its present retry key: from then on the key serves for 24 hours.
    #[serde(default)]
    pub first_tried_at: Option<Timestamp>,
    /// Whether an attempt had no answer, or its dispatcher died: it may have been accepted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unanswered: bool,
    /// When an attempt ended last of which nobody knows whether it was accepted. Not forgotten when a person lets the item go
    /// with another key, nor when it is dropped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maybe_accepted_at: Option<Timestamp>,
    /// What a person has answered for: the gate does not hold it for this again.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub released: BTreeSet<HoldReason>,
    /// Where it is.
    pub state: OutboxState,
}

impl OutboxItem {
    /// Whether nothing more will happen to it.
    pub fn is_settled(&self) -> bool {
        use OutboxState as S;
        matches!(self.state, S::Done { .. } | S::Failed { .. } | S::Unknown { .. } | S::Dropped { .. })
    }

    /// When it was accepted, or may have been for all we know; `None` when it certainly was not. An attempt that is under way
    /// counts until its lease ends.
    pub fn accepted_at(&self) -> Option<Timestamp> {
        match self.state {
            OutboxState::Done { at, .. } => Some(at),
            OutboxState::Leased { until } => Some(until),
            // Also of what LINE refused in the end: an attempt before may have had another fate.
            _ => self.maybe_accepted_at,
        }
    }

    /// Until when a settled item is kept; `None` for one that is not settled, and for those of deliveries: what went to whom is
    /// what the gate and corrections go by.
    fn kept_until(&self) -> Option<Timestamp> {
        use OutboxState as S;
        let (at, days) = match (&self.sort, &self.state) {
            (Sort::Delivery { .. }, _) => return None,
            (_, S::Done { at, .. } | S::Dropped { at }) => (at, SAID_DAYS),
            (_, S::Failed { at, .. } | S::Unknown { at }) => (at, UNSAID_DAYS),
            _ => return None,
        };
        Some(at.saturating_add(SignedDuration::from_hours(24 * days)).unwrap_or(Timestamp::MAX))
    }

    /// How many people it goes to; 0 for everyone, whose number only the channel knows.
    pub fn recipients(&self) -> usize {
        self.addressees().len()
    }

    /// The members it goes to; none for everyone.
    pub fn addressees(&self) -> &[Addressee] {
        match &self.recipient {
            Recipient::Reply { to, .. } | Recipient::Person(to) => std::slice::from_ref(to),
            Recipient::People(people) => people,
            Recipient::Everyone => &[],
        }
    }

    /// The same item without the addresses and words that have served: what stays when it is settled.
    pub fn stripped(mut self) -> Self {
        match &mut self.recipient {
            Recipient::Reply { to, .. } => {
                let member = to.member;
                self.recipient = Recipient::Person(Addressee { member, contact: None });
            }
            Recipient::Person(to) => to.contact = None,
            Recipient::People(people) => people.iter_mut().for_each(|to| to.contact = None),
            Recipient::Everyone => {}
        }
        self.messages.retain(|message| matches!(message, Message::Post { .. }));
        self
    }

    /// Whether it was for one person, whose address is gone: they left.
    pub fn is_for_nobody(&self) -> bool {
        match (&self.sort, &self.recipient) {
            (Sort::Personal | Sort::Farewell, Recipient::Reply { to, .. } | Recipient::Person(to)) => {
                to.contact.is_none()
            }
            _ => false,
        }
    }

    /// A chunk of a post's sending without the address of a member who left; `None` when it does not hold it. That they were in it
    /// stays: it may have reached them.
    pub fn without_address_of(&self, member: MemberId) -> Option<Self> {
        let mut next = self.clone();
        let (Sort::Delivery { .. }, Recipient::People(people)) = (&self.sort, &mut next.recipient) else {
            return None;
        };
        let holder = people.iter_mut().find(|to| to.member == member && to.contact.is_some())?;
        holder.contact = None;
        Some(next)
    }

    /// Whether it was tried with somebody who has left since: the same retry key must name the same people, so that it cannot be
    /// repeated any more.
    pub fn names_one_who_left(&self) -> bool {
        let (Sort::Delivery { .. }, Recipient::People(people)) = (&self.sort, &self.recipient) else {
            return false;
        };
        self.first_tried_at.is_some() && people.iter().any(|to| to.contact.is_none())
    }

    /// Items with one lane are sent one after the other, in the order they were made: a person reads answers in order.
    pub fn lane(&self) -> String {
        match (&self.sort, &self.recipient) {
            (Sort::Delivery { delivery, chunk, .. }, _) => format!("delivery/{delivery}/{chunk}"),
            (_, Recipient::Reply { to, .. } | Recipient::Person(to)) => format!("person/{}", to.member),
            (_, Recipient::People(_) | Recipient::Everyone) => format!("item/{}", self.id),
        }
    }
}

/// Millisecond stamps as index values: fixed width, so that their order is the order of time.
fn stamp(at: Timestamp) -> String {
    format!("{:015}", at.as_millisecond())
}

impl OutboxItem {
    /// The range of the `due` index up to `now`.
    pub fn due_until(now: Timestamp) -> String {
        format!("{}~", stamp(now))
    }

    /// The value of an instant in the `sent` and `due` indexes.
    pub fn stamp(at: Timestamp) -> String {
        stamp(at)
    }
}

impl Entity for OutboxItem {
    const KIND: Kind = Kind::new("outbox");
    const SCHEMA: u16 = 1;
    const CLASS: RecordClass = RecordClass::Operation;

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn indexes(&self) -> Vec<IndexEntry> {
        use OutboxState as S;
        let mut indexes = Vec::with_capacity(3);
        match &self.state {
            S::Waiting { at } | S::Leased { until: at } => {
                indexes.push(IndexEntry::new("due", format!("{} {}", stamp(*at), self.id)));
                indexes.push(IndexEntry::new("lane", format!("{} {}", self.lane(), self.id)));
            }
            // A paused push holds up no later reply: replies are free, and their tokens are short-lived.
            S::Paused { until, .. } => {
                indexes.push(IndexEntry::new("due", format!("{} {}", stamp(*until), self.id)));
                indexes.push(IndexEntry::new("attention", format!("paused {}", stamp(*until))));
            }
            S::Held { at, .. } => indexes.push(IndexEntry::new("attention", format!("held {}", stamp(*at)))),
            S::Failed { at, .. } => {
                indexes.push(IndexEntry::new("attention", format!("failed {}", stamp(*at))));
            }
            S::Unknown { at } => {
                indexes.push(IndexEntry::new("attention", format!("unknown {}", stamp(*at))));
            }
            S::Done { .. } | S::Dropped { .. } => {}
        }
        if self.sort == Sort::Personal && self.addressees().iter().any(|to| to.contact.is_some()) {
            let members = self.addressees().iter().map(|to| to.member);
            indexes.extend(members.map(|id| IndexEntry::new("person", format!("{id} {}", self.id))));
        }
        if let Sort::Delivery { delivery, chunk, kind, .. } = self.sort {
            indexes.push(IndexEntry::new("delivery", format!("{delivery} {chunk:06}")));
            // What the gate must know, in whatever state it is. Tests are none of it: they reached nobody (R29).
            let accepted = self.accepted_at().filter(|_| kind != DeliveryKind::Test);
            indexes.extend(accepted.map(|at| IndexEntry::new("sent", stamp(at))));
        }
        indexes.extend(self.kept_until().map(|until| IndexEntry::new("kept_until", stamp(until))));
        indexes
    }
}
