//! What the tests of the workflow share.
#![allow(dead_code, reason = "each test binary uses its own part")]

use jiff::{Timestamp, civil::date, tz::TimeZone};
use lupinus_core::{
    actor::{Actor, Role, Roles, Who},
    ids::{BodyId, DeliveryId, MemberId, PostId, StaffId},
    post::{Category, Content, Context, EventDetails, Field, FieldMark, Post, PostPolicy, Route, Urgency},
    screening::{Action, Confidence, Mark, PiiKind},
};
use uuid::Uuid;

/// Something that screening found in the draft's body.
pub(crate) fn mark() -> FieldMark {
    let mark = Mark {
        start: 0,
        end: "褥瘡".len(),
        kind: PiiKind::PersonName,
        confidence: Confidence::percent(40),
        action: Action::Warn,
    };
    FieldMark { field: Field::Body, nth: 0, mark }
}

pub(crate) fn staff(number: u128) -> StaffId {
    StaffId::from_uuid(Uuid::from_u128(0x1000 + number))
}

pub(crate) fn member(number: u128) -> MemberId {
    MemberId::from_uuid(Uuid::from_u128(0x2000 + number))
}

pub(crate) fn body() -> BodyId {
    BodyId::from_uuid(Uuid::from_u128(0x3000))
}

pub(crate) fn delivery() -> DeliveryId {
    DeliveryId::from_uuid(Uuid::from_u128(0x4000))
}

pub(crate) fn post_id() -> PostId {
    PostId::from_uuid(Uuid::from_u128(0x5000))
}

pub(crate) fn with_roles(id: StaffId, roles: &[Role]) -> Actor {
    Actor::staff(id, roles.iter().copied().collect::<Roles>())
}

pub(crate) fn author() -> Actor {
    Actor::member(member(1), Some(body()))
}

pub(crate) fn checker() -> Actor {
    with_roles(staff(1), &[Role::Checker])
}

pub(crate) fn approver() -> Actor {
    with_roles(staff(2), &[Role::Approver])
}

pub(crate) fn consultant() -> Actor {
    with_roles(staff(3), &[Role::Consultant])
}

/// 2026-10-01 10:00 in Japan, a Thursday.
pub(crate) fn now() -> Timestamp {
    local(2026, 10, 1, 10)
}

/// This hour in Japan.
pub(crate) fn local(year: i16, month: i8, day: i8, hour: i8) -> Timestamp {
    tokyo().to_timestamp(date(year, month, day).at(hour, 0, 0, 0)).unwrap()
}

pub(crate) fn tokyo() -> TimeZone {
    TimeZone::get("Asia/Tokyo").unwrap()
}

pub(crate) fn content(title: &str) -> Content {
    Content {
        category: Category::Training,
        title: title.to_owned(),
        body: "褥瘡の予防と評価について学びます。".to_owned(),
        event: Some(EventDetails {
            date: date(2026, 12, 5),
            starts: Some(jiff::civil::time(14, 0, 0, 0)),
            ends: Some(jiff::civil::time(16, 0, 0, 0)),
            venue: None,
            capacity: Some(30),
            apply_by: Some(date(2026, 11, 27)),
            fee: None,
            contact: None,
            hosts: None,
        }),
        attachments: Vec::new(),
        link: None,
        expires_at: None,
        sender: None,
    }
}

pub(crate) fn draft() -> Post {
    Post::new(
        post_id(),
        Who::Member(member(1)),
        Some(body()),
        Urgency::Normal,
        content("研修"),
        Vec::new(),
        now(),
    )
}

#[derive(Debug)]
pub(crate) struct Rules {
    pub(crate) route: Route,
    pub(crate) policy: PostPolicy,
    pub(crate) zone: TimeZone,
}

impl Rules {
    pub(crate) fn of(route: Route) -> Self {
        Self { route, policy: PostPolicy::default(), zone: tokyo() }
    }

    pub(crate) fn cx<'a>(&'a self, actor: &'a Actor, now: Timestamp) -> Context<'a> {
        Context { actor, route: &self.route, policy: &self.policy, zone: &self.zone, now }
    }
}
