//! Consultations outside any store: who asks for what, and what holds of every one of them.
#![allow(dead_code, reason = "each test binary uses its own part")]
#![allow(clippy::unwrap_used, reason = "helpers of tests")]

use std::{collections::HashSet, time::Duration};

use jiff::Timestamp;
use lupinus_core::{
    actor::{Actor, Role, Roles},
    calendar::OfficeHours,
    consultation::{
        Command, Consultation, ConsultationPolicy, Context, Decision, Media, MediaState, Rating, Refusal,
        Said, State, Topic, Verdict,
    },
    hash::Sha256Hash,
    ids::{BodyId, ConsultationId, EntryId, MemberId, StaffId},
};
use uuid::Uuid;

pub(crate) const DAY: Duration = Duration::from_hours(24);

pub(crate) fn member(number: u128) -> MemberId {
    MemberId::from_uuid(Uuid::from_u128(number))
}

pub(crate) fn staff(number: u128) -> StaffId {
    StaffId::from_uuid(Uuid::from_u128(number))
}

pub(crate) const MEMBER: u128 = 1;
pub(crate) const CONSULTANT: u128 = 10;
pub(crate) const COLLEAGUE: u128 = 11;

/// Monday, 5 October 2026, 10:00 in Tokyo: the centre is open.
pub(crate) fn monday() -> Timestamp {
    "2026-10-05T10:00:00+09:00".parse().unwrap()
}

pub(crate) fn roles(role: Role) -> Roles {
    [role].into_iter().collect()
}

/// Everybody who might ask for something.
pub(crate) fn people() -> Vec<(&'static str, Actor)> {
    let mut deputy = Actor::staff(staff(20), roles(Role::Checker));
    deputy.on_behalf_of = Some((staff(CONSULTANT), roles(Role::Consultant)));
    vec![
        ("member", Actor::member(member(MEMBER), None)),
        ("another member", Actor::member(member(2), None)),
        ("consultant", Actor::staff(staff(CONSULTANT), roles(Role::Consultant))),
        ("colleague", Actor::staff(staff(COLLEAGUE), roles(Role::Consultant))),
        ("deputy of a consultant", deputy),
        ("administrator", Actor::staff(staff(21), roles(Role::Administrator))),
        ("checker", Actor::staff(staff(22), roles(Role::Checker))),
        ("approver", Actor::staff(staff(23), roles(Role::Approver))),
        ("auditor", Actor::staff(staff(24), roles(Role::Auditor))),
        ("system", Actor::system()),
    ]
}

pub(crate) fn actor(name: &str) -> Actor {
    people().into_iter().find(|(known, _)| *known == name).unwrap().1
}

pub(crate) fn said(text: &str, message: &str) -> Said {
    Said { text: text.to_owned(), masked: Vec::new(), channel_message: Some(message.to_owned()), topic: None }
}

pub(crate) struct World {
    pub(crate) policy: ConsultationPolicy,
    pub(crate) hours: OfficeHours,
    entries: u128,
}

impl World {
    pub(crate) fn new() -> Self {
        let policy = ConsultationPolicy { holds_media: true, ..ConsultationPolicy::default() };
        Self { policy, hours: OfficeHours::default(), entries: 0 }
    }

    pub(crate) fn context<'a>(&'a mut self, actor: &'a Actor, now: Timestamp) -> Context<'a> {
        self.entries += 1;
        let entry = EntryId::from_uuid(Uuid::from_u128(self.entries));
        Context { actor, policy: &self.policy, hours: &self.hours, entry, now }
    }

    pub(crate) fn open(&mut self, now: Timestamp) -> Decision {
        let id = ConsultationId::from_uuid(Uuid::from_u128(100));
        let actor = actor("member");
        let cx = self.context(&actor, now);
        Consultation::open(id, member(MEMBER), said("週末に使えるポンプの業者を知りたい", "m1"), &cx).unwrap()
    }

    pub(crate) fn decide(
        &mut self,
        consultation: &Consultation,
        command: Command,
        who: &str,
        now: Timestamp,
    ) -> Result<Decision, Refusal> {
        let actor = actor(who);
        let cx = self.context(&actor, now);
        consultation.decide(command, &cx)
    }

    pub(crate) fn then(
        &mut self,
        consultation: &Consultation,
        command: Command,
        who: &str,
        now: Timestamp,
    ) -> Consultation {
        self.decide(consultation, command, who, now).unwrap().next
    }
}

pub(crate) fn answer() -> Command {
    Command::Answer { text: "2社をご紹介します。".to_owned() }
}

pub(crate) fn shown(message: &str) -> Command {
    let state = MediaState::Held { sha256: Sha256Hash::of(message.as_bytes()), viewer: None };
    let media = Media { media_type: "image/png".to_owned(), size_bytes: 9, state };
    Command::Show { media, channel_message: message.to_owned() }
}

/// The entry that holds the picture of the columns: each of them adds it as its first after the question.
pub(crate) fn picture(consultation: &Consultation) -> EntryId {
    consultation.thread[1].id
}

/// The columns of the table. The cells are asked at [`cell_time`].
pub(crate) fn columns(world: &mut World) -> [(&'static str, Consultation); 5] {
    let open = world.open(monday()).next;
    let open = world.then(&open, shown("p1"), "member", monday());
    let assigned = world.then(&open, Command::Take, "consultant", monday());
    let awaiting = world.then(&assigned, answer(), "consultant", monday());
    let resolved = world.then(&awaiting, Command::Resolve, "consultant", monday());
    let long_ago = monday() - 20 * DAY;
    let early = world.open(long_ago).next;
    let early = world.then(&early, shown("p2"), "member", long_ago);
    let early = world.then(&early, Command::Take, "consultant", long_ago);
    let old = world.then(&early, Command::Resolve, "consultant", long_ago);
    [
        ("open", open),
        ("assigned", assigned),
        ("awaiting member", awaiting),
        ("resolved", resolved),
        ("resolved long ago", old),
    ]
}

/// Past the time of silence, within the window of the first resolved column and past that of the second.
pub(crate) fn cell_time() -> Timestamp {
    monday() + 8 * DAY
}

/// The commands of the table, those on pictures about this entry.
pub(crate) fn commands(entry: EntryId) -> Vec<Command> {
    vec![
        Command::Message(said("追加でお聞きします", "m2")),
        shown("p3"),
        Command::Look { entry, instead_of: None },
        Command::Settle { entry, verdict: Verdict::Keep { confirmed: true } },
        Command::Take,
        Command::Assign { to: staff(COLLEAGUE) },
        answer(),
        Command::Resolve,
        Command::ResolveBySilence,
        Command::Transfer { to: staff(COLLEAGUE), summary: Some("用具の件".to_owned()) },
        Command::Note { text: "来週また連絡".to_owned() },
        Command::Tag { tag: "ポンプ".to_owned() },
        Command::Untag { tag: "ポンプ".to_owned() },
        Command::Erase { channel_message: "m1".to_owned() },
        Command::Forget,
        Command::Refer {
            to: BodyId::from_uuid(Uuid::from_u128(30)),
            summary: "吸引器の貸出先はありますか".to_owned(),
        },
        Command::Classify { topic: Some(Topic::Oral) },
        Command::Rate(Rating::Good),
        Command::Reopen,
    ]
}

/// What holds of every consultation at any time.
pub(crate) fn check(consultation: &Consultation, at: &str) {
    let c = consultation;
    match c.state {
        State::Open => assert!(c.waiting_since.is_some() && c.resolved_at.is_none(), "{at}"),
        State::Assigned { to } => {
            assert!(c.waiting_since.is_some() && c.resolved_at.is_none() && c.handler == Some(to), "{at}");
        }
        State::AwaitingMember { to } => {
            assert!(c.waiting_since.is_none() && c.resolved_at.is_none() && c.handler == Some(to), "{at}");
            assert!(c.last_answer_at.is_some(), "{at}");
        }
        State::Resolved { at: when, .. } => {
            assert!(c.waiting_since.is_none() && c.resolved_at == Some(when), "{at}");
        }
    }
    assert_eq!(c.first_answer_at.is_some(), c.last_answer_at.is_some(), "{at}");
    assert!(c.first_answer_at <= c.last_answer_at, "{at}");
    assert!(c.thread.is_sorted_by_key(|entry| entry.at), "{at}");
    let ids: HashSet<_> = c.thread.iter().map(|entry| entry.id).collect();
    assert_eq!(ids.len(), c.thread.len(), "{at}");
    let stored = serde_json::to_string(c).unwrap();
    assert_eq!(&serde_json::from_str::<Consultation>(&stored).unwrap(), c, "{at}");
}
